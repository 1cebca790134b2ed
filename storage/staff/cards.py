"""Messages that show an application to the staff, and that the bot closes after the decision.

Their slots name the application: one card and its papers in each chat.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from states.records import ApplicationId
from storage.engine.tables import slots

MOST_PAPERS: Final = 40
"""The most papers of one application; no area asks for as many files."""


@dataclass(frozen=True, slots=True)
class ShownMessage:
    """A message in a chat: a card or a paper."""

    bot_id: int
    chat_id: int
    message_id: int
    is_card: bool


def card_slot(application_id: int) -> str:
    """Return the slot of an application's card."""
    return f"card:{application_id}"


def paper_slot(application_id: int, number: int) -> str:
    """Return the slot of an application's paper by its number; the portrait is the first."""
    return f"paper:{application_id}:{number}"


async def shown(connection: AsyncConnection, application_id: ApplicationId) -> list[ShownMessage]:
    """Return the messages that show an application: 1 query."""
    query = select(slots).where(_about(application_id)).order_by(slots.c.chat_id, slots.c.slot)
    card = card_slot(application_id)
    return [
        ShownMessage(row.bot_id, row.chat_id, row.message_id, row.slot == card)
        for row in await connection.execute(query)
    ]


async def forget(
    connection: AsyncConnection, application_id: ApplicationId, chat_id: int | None = None
) -> None:
    """Drop the slots of an application, in one chat or in all chats."""
    where = [_about(application_id), *([slots.c.chat_id == chat_id] if chat_id else [])]
    await connection.execute(delete(slots).where(*where))


def _about(application_id: int) -> ColumnElement[bool]:
    """Match whole slot names: databases sort punctuation differently, so no range is safe."""
    papers = [paper_slot(application_id, number) for number in range(MOST_PAPERS)]
    return slots.c.slot.in_([card_slot(application_id), *papers])
