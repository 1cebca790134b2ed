"""The result of a step: the next position and the effects, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import timedelta
from enum import IntEnum

from states.progress.next_step import Position
from states.texts import Text
from states.values import dataclass


class Priority(IntEnum):
    """Order of sending under Telegram's rate limits; PAID has a limit of its own."""

    REPLY = 1
    NOTICE = 2
    BULK = 3
    PAID = 4


@dataclass(frozen=True, slots=True)
class ShowScreen:
    """Send a screen as a new message, with the ``header_lines`` above it.

    ``data`` is the position's data. ``slot`` names the message for a later ``EditScreen``.
    ``closes`` is the outbox row of the message that loses its buttons: its question is over.
    ``thread`` is the topic of the chat that the message belongs to.
    """

    screen: str
    data: Mapping[str, str] = field(default_factory=dict)
    header_lines: tuple[Text, ...] = ()
    slot: str | None = None
    priority: Priority = Priority.REPLY
    closes: int | None = None
    thread: int | None = None

    def in_message(self, message_id: int | None) -> EditScreen:
        """Return the same screen as an edit of this message."""
        return EditScreen(
            self.screen, None, self.data, self.header_lines, self.priority, message_id
        )


@dataclass(frozen=True, slots=True)
class EditScreen:
    """Edit the newest message of the ``slot``, or the one with this ``message_id``.

    The sender sends a new message if there is none, or if the screen has a picture or a document.
    ``closes`` is the outbox row of the message that loses its buttons, if it is another one.
    ``thread`` is the topic of a new message.
    """

    screen: str
    slot: str | None = None
    data: Mapping[str, str] = field(default_factory=dict)
    header_lines: tuple[Text, ...] = ()
    priority: Priority = Priority.REPLY
    message_id: int | None = None
    closes: int | None = None
    thread: int | None = None

    def as_new(self) -> ShowScreen:
        """Return the same screen as a new message, for when the old one is gone."""
        return ShowScreen(
            self.screen,
            self.data,
            self.header_lines,
            self.slot,
            self.priority,
            self.closes,
            self.thread,
        )


@dataclass(frozen=True, slots=True)
class DeleteMessage:
    """Delete this message from the chat, or the newest one of the ``slot`` at the time of sending.

    The sender skips an empty slot. ``others`` are deleted with the message, at most 99; of a slot
    whose message is an album, its other messages are.
    """

    message_id: int | None = None
    slot: str | None = None
    others: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class LeaveChat:
    """Leave a group that no administrator bound the bot to.

    ``again``: the bot may have left already, so that one call an hour is enough.
    """

    chat_id: int
    again: bool = field(default=False, compare=False)


Effect = ShowScreen | EditScreen | DeleteMessage | LeaveChat


def in_thread(effect: Effect, thread: int | None) -> Effect:
    """Return an effect with the topic of its message; other effects belong to none."""
    if isinstance(effect, ShowScreen | EditScreen):
        return replace(effect, thread=thread)
    return effect


@dataclass(frozen=True, slots=True)
class StepResult:
    """The result of a step. A ``position`` of None keeps the person's position.

    ``toast`` answers the callback query. ``clock`` is the sandbox's new offset of the WallClock.
    ``understood`` is False where typed text answers nothing: it may then be a request.
    """

    position: Position | None = None
    effects: tuple[Effect, ...] = ()
    toast: Text | None = None
    clock: timedelta | None = None
    understood: bool = True
