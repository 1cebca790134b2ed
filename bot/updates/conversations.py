"""Conversations: a person has one as a candidate, and a second one as a member of the staff.

An update belongs to one of them. A button or a command names its conversation. Text and files
answer the open question of the staff conversation, else the candidate's question.
The staff question closes when the bot asks the candidate anew, so text answers the last question.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from typing import Any

from aiogram.fsm.context import FSMContext
from aiogram.fsm.storage.base import StorageKey
from telegram.constants import ChatType

from bot.updates.exclusivity import command_of
from handlers.callback_data import CallbackData
from handlers.routing import SHARED, STAFF_LINKS
from states import fsm_states
from states.fsm_states import Staff, State
from states.progress.next_step import Position
from states.values import dataclass
from storage.updates.fsm import SqlStorage, candidate_key, row_key, staff_key
from storage.updates.unit_of_work import UnitOfWork

LAST_ACTION = "was"
"""The key of the last button in aiogram's data, beside the position's own; it shows double taps.

Another button of the previous question is no double tap: that person changed their mind.
"""
ASKED = "asked"
"""The key of the moment of the open question in aiogram's data (``states.question_moment``)."""
ASIDE = "aside"
"""The key of the screen beside the open question that asked yes or no, and its moment."""
LIVE = "live"
"""The key of the message with the open question's buttons (``bot.updates.open_question``)."""


_COMPOSING = (Staff.audience, Staff.audience_codes)
"""The states in which the conditions of a list are open: ``/export`` means that list."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation: aiogram's state, its position, and the callback data that led there.

    ``asked`` packs the moment of the open question, ``live`` the message with its buttons.
    ``aside`` packs a screen that asked yes or no since then.
    ``states`` has the names of the states that it may enter.
    """

    state: FSMContext
    position: Position
    last_action: str
    asked: str
    live: str
    aside: str
    states: Container[str]

    @property
    def has_staff_question(self) -> bool:
        """Whether this is a staff conversation with an open question; for that one only."""
        return self.position.state is not Staff.idle


async def candidate_conversation(unit: UnitOfWork) -> Conversation:
    """Return the person's conversation as a candidate."""
    key = candidate_key(unit.row.bot_id, unit.row.queue_key)
    return await _read(unit, key, fsm_states.state_of, fsm_states.ALL)


async def staff_conversation(unit: UnitOfWork) -> Conversation | None:
    """Return the person's conversation as staff; None if it was not loaded."""
    key = staff_key(unit.row.bot_id, unit.row.queue_key)
    if row_key(key) not in unit.fsm.records:
        return None
    return await _read(unit, key, fsm_states.staff_state_of, fsm_states.STAFF)


async def _read(
    unit: UnitOfWork,
    key: StorageKey,
    state_of: Callable[[str | None], State],
    states: Container[str],
) -> Conversation:
    state = FSMContext(SqlStorage(unit.fsm), key)
    data = await state.get_data()
    kept = (LAST_ACTION, ASKED, LIVE, ASIDE)
    last_action, asked, live, aside = (data.pop(key, "") for key in kept)
    position = Position(state_of(await state.get_state()), data)
    return Conversation(state, position, last_action, asked, live, aside, states)


def is_for_staff(
    raw_update: Mapping[str, Any],
    unit: UnitOfWork,
    staff: Conversation | None,
    commands: Container[str],
) -> bool:
    """Return whether an update belongs to the staff conversation.

    Args:
        raw_update: the update as Telegram sent it.
        staff: the person's staff conversation, if there is one.
        commands: the commands that only the staff have.
    """
    if (query := raw_update.get("callback_query")) is not None:
        callback = CallbackData.parse(query.get("data"))
        return callback is not None and callback.is_of_staff
    message = raw_update.get("message")
    if message is None or message["chat"]["type"] != ChatType.PRIVATE:
        return False
    if "successful_payment" in message:
        return False
    name, payload = command_of(message.get("text", ""))
    if name in commands or (name == "start" and payload in STAFF_LINKS):
        return True
    # A member of the staff who is no candidate has no other conversation; a language may be known.
    is_only_staff = unit.is_staff and (unit.person is None or not unit.person.consent)
    is_answer_to_staff = is_only_staff or (staff is not None and staff.has_staff_question)
    if name in SHARED:
        if name == "export":  # its payload is a format
            return is_only_staff or (staff is not None and staff.position.state in _COMPOSING)
        return not payload and (
            is_only_staff or (is_answer_to_staff and name in ("cancel", "back"))
        )
    return is_answer_to_staff and not name
