"""Submissions: a row for each, with its content encrypted (``states.submissions.content``).

A row that was changed without the keys is refused with ``RowChanged``. Only exclusive steps write
them. The caller has checked the reader's scope.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from states.eligibility import SubmittedAssessment
from states.records import ApplicationId
from states.submissions.content import Submission, SubmissionHistory, SubmittedContent
from storage.engine import row_macs
from storage.engine.encryption import Keyring
from storage.engine.row_mapping import record_of, row_of
from storage.engine.tables import submissions


@dataclass(frozen=True, slots=True)
class StoredSubmission:
    """A submission with its content; ``withdrawn_at`` is None unless it was withdrawn.

    ``assessment`` is what the rules of that day said; None where they said nothing.
    """

    application_id: ApplicationId
    submission: Submission
    content: SubmittedContent
    withdrawn_at: datetime | None = None
    assessment: SubmittedAssessment | None = None


async def add(
    connection: AsyncConnection, keyring: Keyring, added: Sequence[StoredSubmission]
) -> None:
    """Insert submissions with their contents, at least one: 1 statement.

    Raises:
        IntegrityError: a number is taken.
    """
    await connection.execute(insert(submissions), [_as_row(keyring, one) for one in added])


async def last(
    connection: AsyncConnection, keyring: Keyring, application_id: ApplicationId
) -> Submission | None:
    """Return the newest submission of an application."""
    query = _of(application_id).order_by(submissions.c.number.desc()).limit(1)
    rows = await _read(connection, keyring, query)
    return record_of(Submission, rows[0]) if rows else None


async def history(
    connection: AsyncConnection, keyring: Keyring, application_id: ApplicationId
) -> SubmissionHistory:
    """Return the submissions of an application, and when the last one was withdrawn: 1 query."""
    query = _of(application_id).order_by(submissions.c.number)
    rows = await _read(connection, keyring, query)
    withdrawn_at = rows[-1].withdrawn_at if rows else None
    return SubmissionHistory(tuple(record_of(Submission, row) for row in rows), withdrawn_at)


async def contents(
    connection: AsyncConnection,
    keyring: Keyring,
    application_id: ApplicationId,
    numbers: Iterable[int],
) -> dict[int, SubmittedContent]:
    """Return the contents of these submissions: 1 query."""
    query = _of(application_id).where(submissions.c.number.in_(list(numbers)))
    rows = await _read(connection, keyring, query)
    return {row.number: _content(keyring, row) for row in rows}


async def assessment(
    connection: AsyncConnection, keyring: Keyring, application_id: ApplicationId, number: int
) -> SubmittedAssessment | None:
    """Return the assessment of a submission as it stood then: 1 query."""
    query = _of(application_id).where(submissions.c.number == number)
    rows = await _read(connection, keyring, query)
    return _assessment(keyring, rows[0]) if rows else None


async def of_applications(
    connection: AsyncConnection, keyring: Keyring, ids: Iterable[ApplicationId]
) -> list[StoredSubmission]:
    """Return all submissions of these applications, oldest first."""
    query = select(submissions).where(submissions.c.application_id.in_(list(ids)))
    query = query.order_by(submissions.c.application_id, submissions.c.number)
    return [
        StoredSubmission(
            ApplicationId(row.application_id),
            record_of(Submission, row),
            _content(keyring, row),
            row.withdrawn_at,
            _assessment(keyring, row),
        )
        for row in await _read(connection, keyring, query)
    ]


async def withdraw(
    connection: AsyncConnection,
    keyring: Keyring,
    application_id: ApplicationId,
    number: int,
    now: datetime,
) -> None:
    """Mark a submission as withdrawn."""
    of = (submissions.c.application_id == application_id, submissions.c.number == number)
    for row in await connection.execute(select(submissions).where(*of)):
        bound = row_macs.rebound(keyring, submissions, row, {"withdrawn_at": now})
        values = {"withdrawn_at": now, "mac": bound["mac"]}
        await connection.execute(update(submissions).where(*of).values(values))


async def withdrawn_since(
    connection: AsyncConnection, application_id: ApplicationId, since: datetime
) -> int:
    """Count the withdrawals of an application since a moment."""
    of = (submissions.c.application_id == application_id, submissions.c.withdrawn_at > since)
    return await connection.scalar(select(func.count()).where(*of)) or 0


async def _read(connection: AsyncConnection, keyring: Keyring, query: Any) -> list[Any]:
    """Return rows that have their MACs.

    Raises:
        RowChanged: a row was changed without the keys.
    """
    rows = [*await connection.execute(query)]
    for row in rows:
        row_macs.check(keyring, submissions, row)
    return rows


def _of(application_id: ApplicationId) -> Any:
    return select(submissions).where(submissions.c.application_id == application_id)


def _as_row(keyring: Keyring, stored: StoredSubmission) -> dict[str, Any]:
    place = _place(stored.application_id, stored.submission.number)
    found = stored.assessment
    row = row_of(
        submissions,
        stored.submission,
        application_id=stored.application_id,
        content=keyring.encrypt(stored.content.canonical(), place),
        withdrawn_at=stored.withdrawn_at,
        mac=None,
        assessment=keyring.encrypt(found.pack(), f"{place}/assessment") if found else None,
    )
    return row_macs.bind(keyring, submissions, row)


def _content(keyring: Keyring, row: Any) -> SubmittedContent:
    place = _place(row.application_id, row.number)
    return SubmittedContent.parse(keyring.decrypt(row.content, place))


def _assessment(keyring: Keyring, row: Any) -> SubmittedAssessment | None:
    if row.assessment is None:
        return None
    place = f"{_place(row.application_id, row.number)}/assessment"
    return SubmittedAssessment.parse(keyring.decrypt(row.assessment, place))


def _place(application_id: int, number: int) -> str:
    return f"submissions/{application_id}/{number}"
