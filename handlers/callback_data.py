"""Buttons: what a press means, packed into Telegram's 64 bytes, and what is typed instead of it.

https://core.telegram.org/bots/api#inlinekeyboardbutton: callback_data is 1 to 64 bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from hashlib import blake2s

from states.state_groups import STAFF, State
from states.texts import Text

LIMIT = 64
ANYWHERE = "*"
"""The mark of buttons that mean the same whatever is being asked."""
DESK = "@"
"""The same for the staff's buttons; the marks of what the staff are asked begin with it. So a press
says by itself whether somebody acts as one of the staff or as a candidate."""


class Action(StrEnum):
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
    TURN_PAGE = "l"
    MEND = "m"
    PICK = "p"
    REMOVE = "r"
    REVOKE = "V"
    ROLE = "E"
    TURN_DOWN = "D"
    REPLACE = "R"
    SEE = "v"
    SKIP = "s"
    SUBMIT = "S"
    TAKE = "T"
    TOGGLE = "t"
    UNDO = "u"
    WHY = "w"


@dataclass(frozen=True, slots=True)
class CallbackData:
    """A button's meaning. ``mark`` tells which question it belongs to."""

    action: Action
    value: str = ""
    question_hash: str = ""

    def pack(self) -> str:
        """The callback data.

        >>> Press(Verb.CHOOSE, "clinical", "1f2e3d4c").pack()
        'c:1f2e3d4c:clinical'
        """
        return f"{self.action}:{self.question_hash}:{self.value}"

    @classmethod
    def parse(cls, data: str | None) -> CallbackData | None:
        """The press of some callback data; None for what we never made."""
        verb, _, rest = (data or "").partition(":")
        mark, colon, value = rest.partition(":")
        if not colon or verb not in _ACTIONS:
            return None
        return cls(Action(verb), value, mark)

    @property
    def is_of_staff(self) -> bool:
        """Whether the button is one of the staff's."""
        return self.question_hash.startswith(DESK)

    def for_question(self, mark: str) -> CallbackData:
        """The press as a button of the question with this mark."""
        return self if self.question_hash else CallbackData(self.action, self.value, mark)


_ACTIONS = frozenset(verb.value for verb in Action)


@lru_cache(maxsize=4096)
def _digest(state: str, field: str) -> str:
    whose = DESK if state in STAFF else ""
    return whose + blake2s(f"{state}/{field}".encode(), digest_size=4).hexdigest()


def question_hash_of(state: State, at: Mapping[str, str]) -> str:
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
    callback: CallbackData


def go(target: str, label: Text | None = None) -> Button:
    """A button that leads to a place of its own from anywhere."""
    return Button(label or Text(f"button-{target}"), CallbackData(Action.GO, target, ANYWHERE))


def staff_go(target: str, label: Text | None = None) -> Button:
    """A button of the staff that leads to a place of theirs from anywhere."""
    return Button(label or Text(f"button-{target}"), CallbackData(Action.GO, target, DESK))


def about_application(action: Action, application_id: int, label: Text) -> Button:
    """A button of the staff about an application, whatever they are being asked."""
    return Button(label, CallbackData(action, str(application_id), DESK))


@dataclass(frozen=True, slots=True)
class Link:
    """A label, and the payload with which it opens the private chat with the bot.

    https://core.telegram.org/bots/features#deep-linking: up to 64 of ``A-Za-z0-9_-``.
    """

    label: Text
    payload: str
