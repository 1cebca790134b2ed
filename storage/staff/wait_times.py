"""How long desks took of late, area by area."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from states.exam import Exam
from states.staff import Desk
from states.staff_timings import WaitTimes, wait_times_of
from storage.engine.tables import applications, decisions

OF_LATE = 20_000
"""The newest decisions of a desk that are looked at."""


async def measure(connection: AsyncConnection, exam: Exam, desk: Desk) -> Mapping[str, WaitTimes]:
    """By area, what is usual at a desk; areas with too few decisions are left out.

    The wait begins when the application came to the desk, but not before the desk could decide.
    """
    window = exam.windows.confirmation if desk is Desk.CONFIRMATION else exam.windows.review
    query = (
        select(applications.c.area, decisions.c.since, decisions.c.decided_at)
        .join(applications, applications.c.id == decisions.c.application_id)
        .where(
            decisions.c.desk == desk,
            decisions.c.applied_at.is_not(None),
            decisions.c.since.is_not(None),
            applications.c.exam == exam.key,
        )
        .order_by(decisions.c.decided_at.desc())
        .limit(OF_LATE)
    )
    waits: dict[str, list[timedelta]] = defaultdict(list)
    for area, since, decided_at in await connection.execute(query):
        waits[area].append(_wait(since, decided_at, window.opens))
    found = ((area, wait_times_of(taken)) for area, taken in waits.items())
    return {area: known for area, known in found if known is not None}


def _wait(since: datetime, decided_at: datetime, opens: datetime) -> timedelta:
    return max(decided_at - max(since, opens), timedelta())
