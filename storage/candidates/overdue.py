"""Applications past their deadline, and the gaps of the intake that excuse a delay."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from states.exam import Exam
from states.process import time_rules
from states.records import Application, ApplicationId, Stage
from storage.candidates.applications import of_row
from storage.engine import installation, jobs
from storage.engine.encryption import Keyring
from storage.engine.installation import Fact
from storage.engine.jobs import JobKind
from storage.engine.row_mapping import part_of
from storage.engine.tables import applications, decisions, intake_gaps, people

PART: Final = 500
"""Applications that one query reads: decrypting them keeps the event loop for 30 ms."""


@dataclass(frozen=True, slots=True)
class OverdueApplication:
    """An application past its deadline, and the account to notify."""

    application: Application
    bot_id: int
    telegram_id: int


async def overdue_parts(
    connection: AsyncConnection,
    keyring: Keyring,
    exam: Exam,
    now: datetime,
    unpaid_released: datetime | None = None,
) -> AsyncIterator[list[OverdueApplication]]:
    """Yield the applications past their deadline in parts, oldest first.

    Those decided in time are left out. A decision within its undo window counts as in time: it will
    move the application. Unpaid ones of areas where nobody pays here are not read before an
    administrator has released them: they may be many, and wait for months.
    """
    query = _past_their_window(exam, now, unpaid_released)
    if query is None:
        return
    last = 0
    while True:
        after = query.where(applications.c.id > last).order_by(applications.c.id).limit(PART)
        part = list(await connection.execute(after))
        yield _overdue(keyring, part, exam, now)
        if len(part) < PART:
            return
        last = part[-1].id


async def still_overdue(
    connection: AsyncConnection,
    keyring: Keyring,
    exam: Exam,
    now: datetime,
    unpaid_released: datetime | None,
    ids: Sequence[ApplicationId],
) -> list[OverdueApplication]:
    """Return those of these applications that ``overdue_parts`` yields now."""
    query = _past_their_window(exam, now, unpaid_released)
    if query is None or not ids:
        return []
    mine = query.where(applications.c.id.in_(ids)).order_by(applications.c.id)
    return _overdue(keyring, await connection.execute(mine), exam, now)


def _past_their_window(
    exam: Exam, now: datetime, unpaid_released: datetime | None
) -> Select[Any] | None:
    """Return the query of the applications whose window is over; None while none is."""
    stages = _closed_stages(exam, now)
    if not stages:
        return None
    readable = or_(applications.c.stage != Stage.APPROVED, _pays_here(exam))
    if _is_unpaid_released(exam, unpaid_released):
        readable = true()
    pending = select(decisions.c.id).where(
        decisions.c.application_id == applications.c.id, decisions.c.applied_at.is_(None)
    )
    return (
        select(applications, people.c.bot_id, people.c.telegram_id)
        .join(people, people.c.id == applications.c.person_id)
        .where(applications.c.exam == exam.key, applications.c.stage.in_(stages), ~pending.exists())
        .where(readable)
    )


def _overdue(
    keyring: Keyring, rows: Iterable[Row[Any]], exam: Exam, now: datetime
) -> list[OverdueApplication]:
    found = [
        OverdueApplication(of_row(keyring, part_of(row, applications)), row.bot_id, row.telegram_id)
        for row in rows
    ]
    return [one for one in found if _is_overdue(one.application, exam, now)]


async def count_unpaid(
    connection: AsyncConnection, exam: Exam, now: datetime, unpaid_released: datetime | None
) -> int:
    """Count the approved applications that nobody has marked as paid, after the payment.

    Those of areas where candidates pay here end by themselves.
    """
    is_over = now >= exam.windows.payment.closes
    if not is_over or _is_unpaid_released(exam, unpaid_released):
        return 0
    approved = (
        applications.c.exam == exam.key,
        applications.c.stage == Stage.APPROVED,
        ~_pays_here(exam),
    )
    return await connection.scalar(select(func.count()).where(*approved)) or 0


def _pays_here(exam: Exam) -> ColumnElement[bool]:
    """Match the applications of areas where candidates pay in this conversation."""
    return applications.c.area.in_([area.code for area in exam.areas if area.ways])


def _is_unpaid_released(exam: Exam, unpaid_released: datetime | None) -> bool:
    return unpaid_released is not None and unpaid_released >= exam.windows.payment.closes


def _is_overdue(application: Application, exam: Exam, now: datetime) -> bool:
    ends = time_rules.deadline(application, exam)
    return ends is not None and ends <= now


def _closed_stages(exam: Exam, now: datetime) -> list[Stage]:
    """Return the stages whose window is over; before that nobody is late, and no row is read."""
    windows = exam.windows
    closes = {
        Stage.SUBMITTED: windows.confirmation.closes,
        Stage.CONFIRM_REFUSED: windows.reupload.closes,
        Stage.REVIEW_REFUSED: windows.review.closes,
        Stage.APPROVED: windows.payment.closes,
    }
    return [stage for stage, moment in closes.items() if now >= moment]


async def release(connection: AsyncConnection, fact: Fact, as_of: str, now: datetime) -> None:
    """Release the held expiries that were counted at ``as_of`` (ISO 8601).

    ``fact`` is RELEASED, or UNPAID_RELEASED for those without a payment.
    """
    await installation.write(connection, fact, as_of)
    await jobs.advance(connection, JobKind.EXPIRY, now)


async def gaps(
    connection: AsyncConnection, wall_time: Callable[[datetime], datetime]
) -> list[tuple[datetime, datetime]]:
    """Return the intervals without intake, in wall-clock time."""
    query = select(intake_gaps.c.began_at, intake_gaps.c.ended_at)
    return [
        (wall_time(row.began_at), wall_time(row.ended_at))
        for row in await connection.execute(query)
    ]
