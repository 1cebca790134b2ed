"""Erasure: all rows about people go, except the audit."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from states.records import PersonId
from storage.candidates import papers, photo_judgements
from storage.engine import tables


async def erase(connection: AsyncConnection, erased: Sequence[PersonId]) -> None:
    """Delete all rows about these people except the audit, referring tables first."""
    theirs = select(tables.applications.c.id).where(tables.applications.c.person_id.in_(erased))
    of_applications = (
        tables.claims,
        tables.decisions,
        tables.second_looks,
        tables.spot_checks,
        tables.notes,
        tables.submissions,
        tables.late_changes,
        tables.calls,
        tables.photo_opinions,
    )
    for table in of_applications:
        await connection.execute(delete(table).where(table.c.application_id.in_(theirs)))
    await photo_judgements.erase(connection, erased)
    await papers.erase(connection, erased)
    await connection.execute(delete(tables.cases).where(tables.cases.c.other_id.in_(erased)))
    theirs_too = (
        tables.jobs,
        tables.reminders,
        tables.blobs,
        tables.cases,
        tables.identity_digests,
        tables.applications,
    )
    for table in theirs_too:
        await connection.execute(delete(table).where(table.c.person_id.in_(erased)))
    await connection.execute(delete(tables.people).where(tables.people.c.id.in_(erased)))
