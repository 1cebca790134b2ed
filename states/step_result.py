"""What a step decided: where the person is now, and what they get to see. Values, never calls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import IntEnum

from states.flow import Position
from states.texts import Text


class Priority(IntEnum):
    """Who goes first when the messenger's limits bind."""

    REPLY = 1
    NOTICE = 2
    BULK = 3


@dataclass(frozen=True, slots=True)
class ShowScreen:
    """Show a screen. The ``leads`` stand above it: what was wrong, what was just done.

    ``at`` is where in the screen's matter (the form's field, say) the person is. A ``slot`` names
    the message, so that a later ``Edit`` of the slot changes it in place.
    """

    screen: str
    data: Mapping[str, str] = field(default_factory=dict)
    header_lines: tuple[Text, ...] = ()
    slot: str | None = None
    priority: Priority = Priority.REPLY


@dataclass(frozen=True, slots=True)
class EditScreen:
    """Show a screen in place of another message; sent anew where there is none.

    The message is the newest of the ``slot``, or the very one with this ``message_id``.
    """

    screen: str
    slot: str | None = None
    data: Mapping[str, str] = field(default_factory=dict)
    header_lines: tuple[Text, ...] = ()
    priority: Priority = Priority.REPLY
    message_id: int | None = None

    def as_new(self) -> ShowScreen:
        """The same as a new message, for when the old one is gone."""
        return ShowScreen(self.screen, self.data, self.header_lines, self.slot, self.priority)


@dataclass(frozen=True, slots=True)
class DeleteMessage:
    """Take the message that was just answered out of the chat: it carried an ID number."""

    message_id: int


@dataclass(frozen=True, slots=True)
class LeaveChat:
    """Leave a group: nobody bound the bot to it."""

    chat_id: int


Effect = ShowScreen | EditScreen | DeleteMessage | LeaveChat


@dataclass(frozen=True, slots=True)
class StepResult:
    """The result of a step. ``place`` is where the person is now; None leaves them where they are.

    ``toast`` answers the pressed button. ``clock`` is the new offset of the sandbox's calendar.
    """

    position: Position | None = None
    effects: tuple[Effect, ...] = ()
    toast: Text | None = None
    clock: timedelta | None = None
