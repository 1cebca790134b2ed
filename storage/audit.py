"""Who did what, when: ids and codes only, written in the act's own commit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import audit


class Deed(StrEnum):
    """What is worth remembering for ever."""

    CONSENTED = "consented"
    IDENTITY_CONFIRMED = "identity-confirmed"
    TERMS_AGREED = "terms-agreed"
    PHOTO_CONFIRMED = "photo-confirmed"
    NUMBER_TAKEN = "number-taken"
    CASE_OPENED = "case-opened"
    RECORD_KEPT = "record-kept"
    RECORD_VERIFIED = "record-verified"
    MATERIALS_DONE = "materials-done"
    SUBMITTED = "submitted"
    CLOCK_MOVED = "clock-moved"
    EXPORTED = "exported"
    ERASED = "erased"


@dataclass(frozen=True, slots=True)
class Entry:
    """One deed. ``actor`` is a messenger account; ``detail`` a code or a version, never a name."""

    id: int
    at: datetime
    actor: int
    deed: Deed
    person_id: int | None = None
    application_id: int | None = None
    detail: str = ""


async def count(connection: AsyncConnection, actor: int, deed: Deed, since: datetime) -> int:
    """How often somebody did this since a moment, whoever they were to us meanwhile."""
    query = (
        select(func.count())
        .select_from(audit)
        .where(audit.c.actor == actor, audit.c.deed == deed, audit.c.at > since)
    )
    return await connection.scalar(query) or 0


async def of_person(connection: AsyncConnection, person_id: int) -> list[Entry]:
    """What was done by or to this person, oldest first."""
    return await _entries(connection, audit.c.person_id == person_id)


async def of_application(connection: AsyncConnection, application_id: int) -> list[Entry]:
    """What was done about this application, oldest first."""
    return await _entries(connection, audit.c.application_id == application_id)


async def _entries(connection: AsyncConnection, which: ColumnElement[bool]) -> list[Entry]:
    query = select(audit).where(which).order_by(audit.c.id)
    return [
        Entry(
            id=row.id,
            at=row.at,
            actor=row.actor,
            deed=Deed(row.deed),
            person_id=row.person_id,
            application_id=row.application_id,
            detail=row.detail,
        )
        for row in await connection.execute(query)
    ]


def as_row(entry: Entry) -> dict[str, Any]:
    """An entry as the table keeps it."""
    return {
        "id": entry.id,
        "at": entry.at,
        "actor": entry.actor,
        "deed": entry.deed,
        "person_id": entry.person_id,
        "application_id": entry.application_id,
        "detail": entry.detail,
    }
