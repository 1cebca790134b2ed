"""Buttons and their callback data.

Telegram allows 1 to 64 bytes: https://core.telegram.org/bots/api#inlinekeyboardbutton
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum, unique
from functools import lru_cache
from hashlib import blake2s

from states.fsm_states import ABOUT, STAFF, State
from states.records import ApplicationId
from states.texts import Text
from states.values import dataclass
from storage.engine.ids import HIGHEST

LIMIT = 64
"""The most bytes of callback data."""
ANYWHERE = "*"
"""The question hash of buttons that work in every state."""
DESK = "@"
"""The prefix of all question hashes of the staff: a button tells whether a staff member acts."""


@unique
class Action(StrEnum):
    """The action of a button. The values are short: they travel in the callback data."""

    ADD = "a"
    ADMIT = "A"
    AGREE = "y"
    BACK = "b"
    BROADCAST = "B"
    CALLED = "L"
    CASE = "C"
    CHANGE = "N"
    CHECK = "Q"
    CHOOSE = "c"
    COMPARE = "J"
    CONFIRM = "k"
    DUPLICATE = "d"
    EDIT = "e"
    ELIGIBLE = "q"
    FILL = "F"
    GO = "g"
    HISTORY = "h"
    GROUP = "G"
    TURN = "j"
    TURN_PAGE = "l"
    CORRECT = "m"
    MARK_PAID = "P"
    MONEY = "M"
    PART = "f"
    PICK = "p"
    REJECT = "X"
    REMIND = "n"
    REMOVE = "r"
    REOPEN = "O"
    RETRACT = "Z"
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
    UNMARK_PAID = "U"
    WHY = "w"
    WITHDRAW = "W"


@dataclass(frozen=True, slots=True)
class CallbackData:
    """The meaning of a button. ``question_hash`` names the question it belongs to."""

    action: Action
    value: str = ""
    question_hash: str = ""

    def pack(self, question_hash: str = "") -> str:
        """Return the callback data; ``question_hash`` fills in for one that it lacks.

        >>> CallbackData(Action.CHOOSE, "clinical", "1f2e3d4c").pack()
        'c:1f2e3d4c:clinical'
        """
        return f"{self.action}:{self.question_hash or question_hash}:{self.value}"

    @staticmethod
    @lru_cache(maxsize=1024)  # each tap is parsed three times
    def parse(data: str | None) -> CallbackData | None:
        """Parse callback data; return None for data that the bot never made."""
        action, _, rest = (data or "").partition(":")
        question_hash, colon, value = rest.partition(":")
        if not colon or action not in _ACTIONS:
            return None
        return CallbackData(Action(action), value, question_hash)

    @property
    def is_of_staff(self) -> bool:
        """Whether the button belongs to the staff."""
        return self.question_hash.startswith(DESK)


_ACTIONS = frozenset(action.value for action in Action)


@lru_cache(maxsize=4096)
def _digest(state: str, about: str) -> str:
    prefix = DESK if state in STAFF else ""
    return prefix + blake2s(f"{state}/{about}".encode(), digest_size=4).hexdigest()


def question_hash_of(state: State, data: Mapping[str, str]) -> str:
    """Hash the question of this state and position data: 8 hex digits, after ``DESK`` for staff.

    The hash covers the application and the item asked about: a field, a page, a material, a record.
    """
    about = next((data[key] for key in ABOUT if key in data), "")
    return _digest(state.state or "", data.get("application", "") + about)


@dataclass(frozen=True, slots=True)
class Button:
    """A button: its label (a text, or a name from the exam file) and its callback data.

    ``is_main``: the act that the screen is for; Telegram colours it.
    """

    label: Text | str
    callback: CallbackData
    is_main: bool = False


def go(target: str, label: Text | None = None) -> Button:
    """Build a button of a candidate that works in every state."""
    return Button(label or Text(f"button-{target}"), CallbackData(Action.GO, target, ANYWHERE))


def staff_go(target: str, label: Text | None = None) -> Button:
    """Build a button of the staff that works in every state."""
    return Button(label or Text(f"button-{target}"), CallbackData(Action.GO, target, DESK))


def staff_button(label: Text | str, action: Action, value: object) -> Button:
    """Build a button of the staff about one row, such as an invitation, for every state."""
    return Button(label, CallbackData(action, str(value), DESK))


def about_application(action: Action, application_id: int, label: Text) -> Button:
    """Build a button of the staff about one application, for every state."""
    return staff_button(label, action, application_id)


def number_of(value: str) -> int:
    """Return the id that a button or position data names; 0, which no row has, if made up."""
    is_number = value.isascii() and value.isdecimal() and len(value) <= len(str(HIGHEST))
    number = int(value) if is_number else 0
    return number if number <= HIGHEST else 0


def application_of(value: str) -> ApplicationId:
    """Return the application that a button or position data names; 0 if made up."""
    return ApplicationId(number_of(value))


@dataclass(frozen=True, slots=True)
class Link:
    """A label, and the payload that opens the private chat with the bot.

    https://core.telegram.org/bots/features#deep-linking: up to 64 of ``A-Za-z0-9_-``.
    """

    label: Text
    payload: str
