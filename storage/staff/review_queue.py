"""The queue of a desk: how much waits, since when, at what pace it is worked off, and who is next.

An application waits at exactly one desk; decided and held (during the undo window) it waits at
none. What one account may decide is asked for as a whole, in a constant number of queries.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, and_, case, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from states.exam import Exam
from states.records import Application, ApplicationId, PersonId, Stage
from states.staff import DESK_BY_STAGE, STAGE_BY_DESK, Desk, RoleAssignment, Scope
from states.staff_digest import QueuePlace
from states.staff_timings import StaffTimings, desks_by_urgency
from states.time_rules import GRACE
from storage.engine.tables import applications, decisions
from storage.staff.scopes import covered, decidable, in_hand, undecided, within

PACE_OF: Final = timedelta(days=7)
"""Of what time the decisions are counted to say when a queue will end."""


@dataclass(frozen=True, slots=True)
class QueueSummary:
    """What waits at a desk for somebody: ``held`` of ``waiting`` are in a colleague's hands.

    ``since`` is when the oldest came there; ``decided`` counts the desk's decisions of the last
    seven days, within the same scope.
    """

    desk: Desk
    waiting: int
    held: int
    since: datetime | None
    decided: int


async def summaries(
    connection: AsyncConnection,
    exam: Exam,
    assignments: Sequence[RoleAssignment],
    now: datetime,
    timings: StaffTimings,
) -> tuple[QueueSummary, ...]:
    """What waits at each desk of which these seats decide, in the order of the way: 2 queries."""
    theirs = or_(*(and_(decidable(assignments, desk), undecided(desk)) for desk in Desk))
    return await _summaries(connection, exam, theirs, covered(assignments), now, timings)


async def summaries_within(
    connection: AsyncConnection, exam: Exam, scope: Scope, now: datetime, timings: StaffTimings
) -> tuple[QueueSummary, ...]:
    """The same of a part of the exam's places, whoever decides there."""
    at_a_desk = (
        and_(applications.c.stage == STAGE_BY_DESK[desk], undecided(desk)) for desk in Desk
    )
    inside = within(scope)
    return await _summaries(connection, exam, and_(inside, or_(*at_a_desk)), inside, now, timings)


async def _summaries(
    connection: AsyncConnection,
    exam: Exam,
    waits: ColumnElement[bool],
    inside: ColumnElement[bool],
    now: datetime,
    timings: StaffTimings,
) -> tuple[QueueSummary, ...]:
    held = func.sum(case((in_hand(now - timings.idle), 1), else_=0))
    waiting = (
        select(
            applications.c.stage,
            func.count().label("waiting"),
            held.label("held"),
            func.min(applications.c.since).label("since"),
        )
        .where(applications.c.exam == exam.key, waits)
        .group_by(applications.c.stage)
    )
    found = {DESK_BY_STAGE[Stage(row.stage)]: row for row in await connection.execute(waiting)}
    decided = await _decided(connection, exam, inside, now)
    return tuple(
        QueueSummary(desk, row.waiting, int(row.held), row.since, decided.get(desk, 0))
        for desk in Desk
        if (row := found.get(desk)) is not None
    )


async def _decided(
    connection: AsyncConnection, exam: Exam, inside: ColumnElement[bool], now: datetime
) -> dict[Desk, int]:
    """Decisions of the last seven days that took effect, by their desk."""
    query = (
        select(decisions.c.desk, func.count().label("decided"))
        .join(applications, applications.c.id == decisions.c.application_id)
        .where(
            decisions.c.applied_at > now - PACE_OF,
            applications.c.exam == exam.key,
            inside,
        )
        .group_by(decisions.c.desk)
    )
    return {Desk(row.desk): row.decided for row in await connection.execute(query)}


async def next_one(
    connection: AsyncConnection,
    exam: Exam,
    assignments: Sequence[RoleAssignment],
    now: datetime,
    timings: StaffTimings,
) -> ApplicationId | None:
    """What these seats should take next: of the desk whose time ends first, what waits longest.

    What came back, from a claim that went idle or was put back, stands where it stood before. One
    query a desk: whoever is at a point is led to the first hit by ``ix_applications_waiting``, and
    so is everybody to there being none; ``ix_applications_queue`` has the whole exam in order.
    """
    # When the windows are over, only what came late has still time (``states.time_rules``).
    is_over = now >= exam.windows.review.closes
    in_time = applications.c.since > now - GRACE if is_over else true()
    for desk in desks_by_urgency(exam, now):
        query = (
            select(applications.c.id)
            .where(
                applications.c.exam == exam.key,
                decidable(assignments, desk),
                undecided(desk),
                ~in_hand(now - timings.idle),
                in_time,
            )
            .order_by(applications.c.since, applications.c.id)
            .limit(1)
        )
        found = await connection.scalar(query)
        if found is not None:
            return ApplicationId(found)
    return None


async def waiting_places(
    connection: AsyncConnection, exam: Exam, until: datetime
) -> list[QueuePlace]:
    """Where something that came by ``until`` waits for a decision, at whatever desk: one query.

    Nothing of it is personal.
    """
    columns = (
        applications.c.area,
        applications.c.site,
        applications.c.point,
        applications.c.stage,
    )
    waits = (and_(applications.c.stage == STAGE_BY_DESK[desk], undecided(desk)) for desk in Desk)
    query = (
        select(
            *columns,
            func.min(applications.c.since).label("oldest"),
            func.max(applications.c.since).label("newest"),
        )
        .where(applications.c.exam == exam.key, applications.c.since <= until, or_(*waits))
        .group_by(*columns)
    )
    nobody, nothing = PersonId(0), ApplicationId(0)
    return [
        QueuePlace(
            Application(
                nothing,
                nobody,
                exam.key,
                row.area,
                Stage(row.stage),
                answers={"site": row.site, "point": row.point},
            ),
            row.oldest,
            row.newest,
        )
        for row in await connection.execute(query)
    ]
