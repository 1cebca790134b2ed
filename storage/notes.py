"""Notes: what the staff tell each other about an application. Sealed; never shown to candidates
but in the export of all that is kept of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from states.records import ApplicationId
from storage.claims import Held
from storage.secrets import Keyring
from storage.tables import notes, seats


@dataclass(frozen=True, slots=True)
class Note:
    """Words for colleagues; ``account`` is whose they are."""

    id: int
    application_id: ApplicationId
    seat_id: int
    account: int
    at: datetime
    words: str


async def add(
    connection: AsyncConnection,
    keyring: Keyring,
    held: Held,
    note_id: int,
    words: str,
    at: datetime,
) -> None:
    """Write a note on what somebody holds (``claims.read``)."""
    row = {"id": note_id, "application_id": held.application.id, "seat_id": held.seat.id, "at": at}
    sealed = keyring.seal(words.encode(), _place(note_id))
    await connection.execute(insert(notes), {**row, "words": sealed})


async def of_applications(
    connection: AsyncConnection, keyring: Keyring, ids: Iterable[ApplicationId]
) -> list[Note]:
    """The notes on these, oldest first; for who may see them all."""
    query = (
        select(notes, seats.c.telegram_id)
        .join(seats, seats.c.id == notes.c.seat_id)
        .where(notes.c.application_id.in_(list(ids)))
        .order_by(notes.c.id)
    )
    return [
        Note(
            id=row.id,
            application_id=ApplicationId(row.application_id),
            seat_id=row.seat_id,
            account=row.telegram_id,
            at=row.at,
            words=keyring.open(row.words, _place(row.id)).decode(),
        )
        for row in await connection.execute(query)
    ]


def _place(note_id: int) -> str:
    return f"notes/{note_id}"
