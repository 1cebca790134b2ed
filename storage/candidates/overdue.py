"""What is late: applications whose time is over, and what is known of the time around that."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from states import time_rules
from states.exam import Exam
from states.records import Application, Stage
from storage.candidates import applications as kept
from storage.engine.encryption import Keyring
from storage.engine.tables import applications, decisions, intake_gaps, people


@dataclass(frozen=True, slots=True)
class OverdueApplication:
    """An application whose time is over, and the account that is told of it."""

    application: Application
    bot_id: int
    telegram_id: int


async def overdue(
    connection: AsyncConnection, keyring: Keyring, exam: Exam, now: datetime
) -> list[OverdueApplication]:
    """Applications whose deadline is over, oldest first; none that was decided in time.

    A decision within its undo window was made before the deadline: it will move them.
    """
    stages = _over(exam, now)
    if not stages:
        return []
    undone = select(decisions.c.id).where(
        decisions.c.application_id == applications.c.id, decisions.c.applied_at.is_(None)
    )
    query = (
        select(applications.c.id, people.c.bot_id, people.c.telegram_id)
        .join(people, people.c.id == applications.c.person_id)
        .where(applications.c.exam == exam.key, applications.c.stage.in_(stages), ~undone.exists())
        .order_by(applications.c.id)
    )
    accounts = {row.id: (row.bot_id, row.telegram_id) for row in await connection.execute(query)}
    read = await kept.by_ids(connection, keyring, accounts)
    found = [OverdueApplication(read[one], *account) for one, account in accounts.items()]
    return [one for one in found if _is_overdue(one.application, exam, now)]


def _is_overdue(application: Application, exam: Exam, now: datetime) -> bool:
    ends = time_rules.deadline(application, exam)
    return ends is not None and ends <= now


def _over(exam: Exam, now: datetime) -> list[Stage]:
    """The stages at which anybody can be late: rows are not read before that."""
    windows = exam.windows
    closes = {
        Stage.SUBMITTED: windows.confirmation.closes,
        Stage.CONFIRM_REFUSED: windows.reupload.closes,
        Stage.REVIEW_REFUSED: windows.review.closes,
        Stage.APPROVED: windows.payment.closes,
    }
    return [stage for stage, moment in closes.items() if now >= moment]


async def gaps(
    connection: AsyncConnection, at: Callable[[datetime], datetime]
) -> list[tuple[datetime, datetime]]:
    """When nothing could be taken in, as the calendar shows it (``at``)."""
    query = select(intake_gaps.c.began_at, intake_gaps.c.ended_at)
    return [(at(row.began_at), at(row.ended_at)) for row in await connection.execute(query)]
