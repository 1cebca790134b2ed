"""Opinions of the staff on judged photos: counted for each check, never used to decide.

An opinion that was written without the keys counts for nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from states.photo.checks import FAULTS, Check
from states.records import ApplicationId
from storage.candidates import photo_judgements
from storage.candidates.photo_judgements import PhotoJudgement
from storage.engine import row_macs
from storage.engine.encryption import Keyring
from storage.engine.tables import applications, photo_opinions
from storage.staff.access.scopes import StaffAccess, covered

COUNTED: Final = 2_000
"""The newest opinions that are counted."""


@dataclass(frozen=True, slots=True)
class CheckCount:
    """How often a check found a fault in photos that the staff looked at, by what they said."""

    right: int = 0
    wrong: int = 0


async def say(
    connection: AsyncConnection,
    keyring: Keyring,
    judgement: PhotoJudgement,
    application_id: ApplicationId,
    assignment_id: int,
    at: datetime,
    *,
    was_fine: bool,
) -> None:
    """Keep an opinion on an application's photo; a later one replaces it."""
    table = photo_opinions
    same = (table.c.application_id == application_id, table.c.blob == judgement.blob)
    await connection.execute(delete(table).where(*same))
    row = {
        "application_id": application_id,
        "blob": judgement.blob,
        "assignment_id": assignment_id,
        "at": at,
        "was_fine": was_fine,
        "verdicts": photo_judgements.verdicts_as_text(judgement.verdicts),
    }
    await connection.execute(insert(table), row_macs.bind(keyring, table, row))


async def said(
    connection: AsyncConnection, keyring: Keyring, application_id: ApplicationId, blob: str
) -> bool | None:
    """Return whether the staff said that this photo was fine; None if they said nothing."""
    table = photo_opinions
    query = select(table).where(table.c.application_id == application_id, table.c.blob == blob)
    row = (await connection.execute(query)).first()
    return row.was_fine if row and row_macs.is_sound(keyring, table, row) else None


async def counts(staff: StaffAccess) -> tuple[int, Mapping[Check, CheckCount]]:
    """Return how many photos the staff spoke of, and for each check how often it was right."""
    query = (
        select(photo_opinions)
        .join(applications, applications.c.id == photo_opinions.c.application_id)
        .where(applications.c.exam == staff.exam.key, covered(staff.assignments))
        .order_by(photo_opinions.c.at.desc())
        .limit(COUNTED)
    )
    found_rows = (await staff.connection.execute(query)).all()
    rows = [one for one in found_rows if row_macs.is_sound(staff.keyring, photo_opinions, one)]
    right, wrong = Counter[str](), Counter[str]()
    for row in rows:
        known = photo_judgements.verdicts_of(row.verdicts)
        (wrong if row.was_fine else right).update(k for k, v in known.items() if v in FAULTS)
    found = {
        check: CheckCount(right[check], wrong[check])
        for check in Check
        if right[check] or wrong[check]
    }
    return len(rows), found
