"""The queue of a desk: how much waits, since when, at what pace it is worked off, and who is next.

An application waits at exactly one desk; decided and held (during the undo window) it waits at
none. What one account may decide is asked for as a whole, in a constant number of queries.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from states.desks import Pace, by_urgency
from states.exam import Exam
from states.records import ApplicationId, Stage
from states.staff import DESKS, Desk, Seat
from storage.scopes import covered, decidable, in_hand, undecided
from storage.tables import applications, verdicts

PACE_OF: Final = timedelta(days=7)
"""Of what time the decisions are counted to say when a queue will end."""


@dataclass(frozen=True, slots=True)
class Line:
    """What waits at a desk for somebody: ``held`` of ``waiting`` are in a colleague's hands.

    ``since`` is when the oldest came there; ``decided`` counts the desk's decisions of the last
    seven days, within the same scope.
    """

    desk: Desk
    waiting: int
    held: int
    since: datetime | None
    decided: int


async def lines(
    connection: AsyncConnection, exam: Exam, seats: Sequence[Seat], now: datetime, pace: Pace
) -> tuple[Line, ...]:
    """What waits at each desk of which these seats decide, in the order of the way: 2 queries."""
    held = func.sum(case((in_hand(now - pace.idle), 1), else_=0))
    waiting = (
        select(
            applications.c.stage,
            func.count().label("waiting"),
            held.label("held"),
            func.min(applications.c.since).label("since"),
        )
        .where(
            applications.c.exam == exam.key,
            or_(*(and_(decidable(seats, desk), undecided(desk)) for desk in Desk)),
        )
        .group_by(applications.c.stage)
    )
    found = {DESKS[Stage(row.stage)]: row for row in await connection.execute(waiting)}
    decided = await _decided(connection, exam, seats, now)
    return tuple(
        Line(desk, row.waiting, int(row.held), row.since, decided.get(desk, 0))
        for desk in Desk
        if (row := found.get(desk)) is not None
    )


async def _decided(
    connection: AsyncConnection, exam: Exam, seats: Sequence[Seat], now: datetime
) -> dict[Desk, int]:
    """Decisions of the last seven days that took effect, by their desk."""
    query = (
        select(verdicts.c.desk, func.count().label("decided"))
        .join(applications, applications.c.id == verdicts.c.application_id)
        .where(
            verdicts.c.applied_at > now - PACE_OF,
            applications.c.exam == exam.key,
            covered(seats),
        )
        .group_by(verdicts.c.desk)
    )
    return {Desk(row.desk): row.decided for row in await connection.execute(query)}


async def next_one(
    connection: AsyncConnection, exam: Exam, seats: Sequence[Seat], now: datetime, pace: Pace
) -> ApplicationId | None:
    """What these seats should take next: of the desk whose time ends first, what waits longest.

    What came back, from a claim that went idle or was put back, stands where it stood before. One
    query a desk, each walking the index ``ix_applications_queue`` until the first hit.
    """
    for desk in by_urgency(exam, now):
        query = (
            select(applications.c.id)
            .where(
                applications.c.exam == exam.key,
                decidable(seats, desk),
                undecided(desk),
                ~in_hand(now - pace.idle),
            )
            .order_by(applications.c.since, applications.c.id)
            .limit(1)
        )
        found = await connection.scalar(query)
        if found is not None:
            return ApplicationId(found)
    return None
