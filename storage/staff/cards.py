"""Where an application has been shown to the staff: messages that are to be closed in the end.

Cards and papers are messages of slots that bear the application's number, in whoever's chat.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from states.records import ApplicationId
from storage.engine.tables import slots

MOST_PAPERS: Final = 40
"""Papers of one application that are told apart; no area asks for as many files."""


@dataclass(frozen=True, slots=True)
class ShownMessage:
    """A message in a chat; a card, or a paper that was looked at."""

    bot_id: int
    chat_id: int
    message_id: int
    is_card: bool


def card_slot(application_id: int) -> str:
    """The slot of the card, one a chat."""
    return f"card:{application_id}"


def paper_slot(application_id: int, number: int) -> str:
    """The slot of one of its papers, by its place among them; the portrait is the first."""
    return f"paper:{application_id}:{number}"


async def shown(connection: AsyncConnection, application_id: ApplicationId) -> list[ShownMessage]:
    """Where it has been shown; one query."""
    query = select(slots).where(_about(application_id)).order_by(slots.c.chat_id, slots.c.slot)
    card = card_slot(application_id)
    return [
        ShownMessage(row.bot_id, row.chat_id, row.message_id, row.slot == card)
        for row in await connection.execute(query)
    ]


async def forget(
    connection: AsyncConnection, application_id: ApplicationId, chat_id: int | None = None
) -> None:
    """Its messages are closed, in one chat or in all."""
    where = [_about(application_id), *([slots.c.chat_id == chat_id] if chat_id else [])]
    await connection.execute(delete(slots).where(*where))


def _about(application_id: int) -> ColumnElement[bool]:
    """By whole names: how databases order punctuation differs, so no range of them is sound."""
    papers = [paper_slot(application_id, number) for number in range(MOST_PAPERS)]
    return slots.c.slot.in_([card_slot(application_id), *papers])
