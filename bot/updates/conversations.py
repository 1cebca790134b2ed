"""Whoever is of the staff and a candidate as well is in two talks with the bot.

An update is of one of them. Buttons and commands say which by themselves. Typed words and files
belong to the staff's question while one is open, else to the candidate's; the question of the staff
is over as soon as the candidate's is asked anew, so that what is typed answers what was asked last.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass
from typing import Any

from aiogram.fsm.context import FSMContext
from aiogram.fsm.storage.base import StorageKey
from telegram.constants import ChatType

from handlers.callback_data import CallbackData
from handlers.routing import SHARED, STAFF_LINKS
from states import state_groups
from states.flow import Position
from states.state_groups import Staff, State
from storage.updates.fsm import SqlStorage, row_key
from storage.updates.unit_of_work import UnitOfWork, candidate_key, staff_key

LAST_ACTION = "was"
"""In aiogram's data beside the place: the button that led here, for double taps. Another button
of the question before is no double tap: its person changed their mind, and must not hear "done"."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """One of a person's two talks: aiogram's state, the place it says, the button that led there.

    ``states`` are the names of those it may lead to.
    """

    state: FSMContext
    position: Position
    last_action: str
    states: Container[str]

    @property
    def is_asked(self) -> bool:
        """Whether a question of the staff is open."""
        return self.position.state is not Staff.idle


async def candidate_conversation(unit: UnitOfWork) -> Conversation:
    """Where the person is as a candidate."""
    key = candidate_key(unit.row.bot_id, unit.row.queue_key)
    return await _read(unit, key, state_groups.state_of, state_groups.ALL)


async def staff_conversation(unit: UnitOfWork) -> Conversation | None:
    """Where they are as one of the staff; None where that was not loaded."""
    key = staff_key(unit.row.bot_id, unit.row.queue_key)
    if row_key(key) not in unit.fsm.records:
        return None
    return await _read(unit, key, state_groups.staff_state_of, state_groups.STAFF)


async def _read(
    unit: UnitOfWork, key: StorageKey, named: Callable[[str | None], State], states: Container[str]
) -> Conversation:
    state = FSMContext(SqlStorage(unit.fsm), key)
    data = await state.get_data()
    was = data.pop(LAST_ACTION, "")
    return Conversation(state, Position(named(await state.get_state()), data), was, states)


def is_for_staff(
    raw_update: Mapping[str, Any],
    unit: UnitOfWork,
    staff: Conversation | None,
    commands: Container[str],
) -> bool:
    """Which of the two talks an update is of.

    Args:
        told: the update as Telegram told it.
        staff: where its person is as one of the staff, if they are.
        commands: those that only the staff have.
    """
    if (query := raw_update.get("callback_query")) is not None:
        press = CallbackData.parse(query.get("data"))
        return press is not None and press.is_of_staff
    message = raw_update.get("message")
    if message is None or message["chat"]["type"] != ChatType.PRIVATE:
        return False
    name, payload = _command(message.get("text", ""))
    if name in commands or (name == "start" and payload in STAFF_LINKS):
        return True
    # Whoever is of the staff and no candidate has no other talk to be in.
    is_only_staff = unit.is_staff and unit.person is None
    has_words = is_only_staff or (staff is not None and staff.is_asked)
    if name in SHARED:
        return not payload and (is_only_staff or (has_words and name in ("cancel", "back")))
    return has_words and not name


def _command(text: str) -> tuple[str, str]:
    """The name of a command that was sent, and what came with it; nothing for other messages."""
    name, _, payload = text.partition(" ")
    return (name[1:].partition("@")[0].casefold(), payload) if name.startswith("/") else ("", "")
