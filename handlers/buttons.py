"""Buttons: what a press means, packed into Telegram's 64 bytes, and what is typed instead of it.

https://core.telegram.org/bots/api#inlinekeyboardbutton: callback_data is 1 to 64 bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from hashlib import blake2s

from states.groups import STAFF, State
from states.texts import Text

LIMIT = 64
ANYWHERE = "*"
"""The mark of buttons that mean the same whatever is being asked."""
DESK = "@"
"""The same for the staff's buttons; the marks of what the staff are asked begin with it. So a press
says by itself whether somebody acts as one of the staff or as a candidate."""


class Verb(StrEnum):
    """What a press does. The values are short: they travel in the callback data."""

    ADD = "a"
    ADMIT = "A"
    AGREE = "y"
    BACK = "b"
    CHOOSE = "c"
    CONFIRM = "k"
    EDIT = "e"
    GO = "g"
    HISTORY = "h"
    GROUP = "G"
    LEAF = "l"
    MEND = "m"
    PICK = "p"
    REMOVE = "r"
    REVOKE = "V"
    SEAT = "E"
    TURN_DOWN = "D"
    REPLACE = "R"
    SEE = "v"
    SKIP = "s"
    SUBMIT = "S"
    TAKE = "T"
    TICK = "t"
    UNDO = "u"
    WHY = "w"


@dataclass(frozen=True, slots=True)
class Press:
    """A button's meaning. ``mark`` tells which question it belongs to."""

    verb: Verb
    value: str = ""
    mark: str = ""

    def pack(self) -> str:
        """The callback data.

        >>> Press(Verb.CHOOSE, "clinical", "1f2e3d4c").pack()
        'c:1f2e3d4c:clinical'
        """
        return f"{self.verb}:{self.mark}:{self.value}"

    @classmethod
    def parse(cls, data: str | None) -> Press | None:
        """The press of some callback data; None for what we never made."""
        verb, _, rest = (data or "").partition(":")
        mark, colon, value = rest.partition(":")
        if not colon or verb not in _VERBS:
            return None
        return cls(Verb(verb), value, mark)

    @property
    def is_of_staff(self) -> bool:
        """Whether the button is one of the staff's."""
        return self.mark.startswith(DESK)

    def marked(self, mark: str) -> Press:
        """The press as a button of the question with this mark."""
        return self if self.mark else Press(self.verb, self.value, mark)


_VERBS = frozenset(verb.value for verb in Verb)


@lru_cache(maxsize=4096)
def _digest(state: str, field: str) -> str:
    whose = DESK if state in STAFF else ""
    return whose + blake2s(f"{state}/{field}".encode(), digest_size=4).hexdigest()


def mark_of(state: State, at: Mapping[str, str]) -> str:
    """The mark of the question that is asked in this state (8 hex digits; ``DESK`` and 8).

    What it is about tells it from others of the state: a field, a page, a material, a record, an
    item that is refused; and whose it is, where that is not the reader's own.
    """
    about = next((at[key] for key in _ABOUT if key in at), "")
    return _digest(state.state or "", at.get("application", "") + about)


_ABOUT = ("item", "field", "page", "material", "record")


@dataclass(frozen=True, slots=True)
class Button:
    """A label (words, or a name out of the exam's data) and what pressing it means."""

    label: Text | str
    press: Press


def go(target: str, label: Text | None = None) -> Button:
    """A button that leads to a place of its own from anywhere."""
    return Button(label or Text(f"button-{target}"), Press(Verb.GO, target, ANYWHERE))


def desk(target: str, label: Text | None = None) -> Button:
    """A button of the staff that leads to a place of theirs from anywhere."""
    return Button(label or Text(f"button-{target}"), Press(Verb.GO, target, DESK))


def on(verb: Verb, application_id: int, label: Text) -> Button:
    """A button of the staff about an application, whatever they are being asked."""
    return Button(label, Press(verb, str(application_id), DESK))


@dataclass(frozen=True, slots=True)
class Link:
    """A label, and the payload with which it opens the private chat with the bot.

    https://core.telegram.org/bots/features#deep-linking: up to 64 of ``A-Za-z0-9_-``.
    """

    label: Text
    payload: str
