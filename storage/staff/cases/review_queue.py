"""The review queue of a desk: its length and age, its pace, and the next application.

A submitted application waits at exactly one desk. A decided application waits at none, even
within its undo window. Each function takes a constant number of queries.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from states.exam import Exam
from states.process.time_rules import GRACE
from states.records import Application, ApplicationId, PersonId, Stage
from states.staff.digest import QueuePlace
from states.staff.timings import WaitTimes, desk_window, desks_by_urgency, wait_times_of
from states.staff_roles import DESK_BY_STAGE, STAGE_BY_DESK, Desk, Scope
from storage.audit.audit_log import AuditAction
from storage.candidates.applications import of_row
from storage.engine.row_mapping import part_of
from storage.engine.tables import applications, audit, claims, decisions
from storage.staff.access.scopes import (
    StaffAccess,
    covered,
    decidable,
    decides_at,
    is_claimed,
    to_decide,
    undecided,
    waiting_anywhere,
    within,
)

PACE_OF: Final = timedelta(days=7)
"""The period whose decisions give the pace of a queue."""
RETURNED_LAST: Final = timedelta(hours=4)
"""The time for which the next application is another one than those that an account returned."""
WAITS_MEASURED: Final = 20_000
"""The newest decisions of a desk that its usual waits are measured on."""


@dataclass(frozen=True, slots=True)
class QueueSummary:
    """A desk's queue as one account may see it; colleagues hold ``claimed`` of ``waiting``.

    ``since`` is the arrival of the oldest. ``decided`` counts the desk's decisions of the last
    seven days within the same scope. ``overdue`` more are undecided, and their time is over.
    """

    desk: Desk
    waiting: int
    claimed: int
    since: datetime | None
    decided: int
    overdue: int = 0


async def summaries(staff: StaffAccess) -> tuple[QueueSummary, ...]:
    """Return the queues of the desks where these roles decide, in desk order: 2 queries."""
    return await _summaries(staff, to_decide(staff.assignments), covered(staff.assignments))


async def summaries_within(staff: StaffAccess, scope: Scope) -> tuple[QueueSummary, ...]:
    """Return all queues within a scope, whoever decides there: 2 queries."""
    inside = within(scope)
    return await _summaries(staff, and_(inside, waiting_anywhere()), inside)


async def _summaries(
    staff: StaffAccess, waits: ColumnElement[bool], inside: ColumnElement[bool]
) -> tuple[QueueSummary, ...]:
    connection, exam = staff.connection, staff.exam
    reader = staff.assignments[0].telegram_id if staff.assignments else None
    by_others = is_claimed(staff.now - staff.timings.idle, reader)
    timely = in_time(exam, staff.now)
    waiting = (
        select(
            applications.c.stage,
            func.count().label("all"),
            func.sum(case((timely, 1), else_=0)).label("waiting"),
            func.sum(case((and_(timely, by_others), 1), else_=0)).label("claimed"),
            func.min(case((timely, applications.c.since))).label("since"),
        )
        .where(applications.c.exam == exam.key, waits)
        .group_by(applications.c.stage)
    )
    found = {DESK_BY_STAGE[Stage(row.stage)]: row for row in await connection.execute(waiting)}
    decided = await _decided(connection, exam, inside, staff.now)
    return tuple(
        QueueSummary(
            desk,
            int(row.waiting),
            int(row.claimed),
            row.since,
            decided.get(desk, 0),
            row.all - int(row.waiting),
        )
        for desk in Desk
        if (row := found.get(desk)) is not None
    )


def in_time(exam: Exam, now: datetime) -> ColumnElement[bool]:
    """Match waiting applications whose desk may still decide, as ``states.process.time_rules``."""
    windows, columns = exam.windows, applications.c
    is_recent = columns.since > now - GRACE
    is_allowed: ColumnElement[bool] = true()
    if now >= windows.confirmation.closes:
        is_reinstated = and_(columns.expired_from == columns.stage, is_recent)
        came_again = or_(columns.refusal.is_not(None), columns.change.is_not(None), is_reinstated)
        is_allowed = or_(columns.stage != STAGE_BY_DESK[Desk.CONFIRMATION], came_again)
    return and_(is_allowed, is_recent) if now >= windows.review.closes else is_allowed


async def _decided(
    connection: AsyncConnection, exam: Exam, inside: ColumnElement[bool], now: datetime
) -> dict[Desk, int]:
    """Count the decisions of the last seven days that took effect, by desk."""
    query = (
        select(decisions.c.desk, func.count().label("decided"))
        .join(applications, applications.c.id == decisions.c.application_id)
        .where(decisions.c.applied_at > now - PACE_OF, applications.c.exam == exam.key, inside)
        .group_by(decisions.c.desk)
    )
    return {Desk(row.desk): row.decided for row in await connection.execute(query)}


@dataclass(frozen=True, slots=True)
class NextApplication:
    """The next application; ``has_claim``: an invalid claim's row is left."""

    application: Application
    has_claim: bool


async def next_one(staff: StaffAccess) -> NextApplication | None:
    """Return the next application for these roles: the most urgent desk's oldest one.

    An application of an ended claim keeps its place in the queue. Only to the account that returned
    it, it comes after all others for ``RETURNED_LAST``.
    """
    if not staff.assignments:
        return None
    returned = _returned_by_account(staff)
    return await _first(staff, ~returned) or await _first(staff, returned)


async def _first(staff: StaffAccess, which: ColumnElement[bool]) -> NextApplication | None:
    """Return the first of these applications. One query a desk of the roles.

    ``ix_applications_waiting`` finds a point's first row, ``ix_applications_queue`` an exam's.
    """
    exam, now = staff.exam, staff.now
    has_claim = exists().where(claims.c.application_id == applications.c.id)
    for desk in desks_by_urgency(exam, now):
        if not decides_at(staff.assignments, desk):
            continue
        query = (
            select(applications, has_claim.label("has_claim"))
            .where(
                applications.c.exam == exam.key,
                decidable(staff.assignments, desk),
                undecided(desk),
                ~is_claimed(now - staff.timings.idle),
                in_time(exam, now),
                which,
            )
            .order_by(applications.c.since, applications.c.id)
            .limit(1)
        )
        row = (await staff.connection.execute(query)).first()
        if row is not None:
            application = of_row(staff.keyring, part_of(row, applications))
            return NextApplication(application, row.has_claim)
    return None


def _returned_by_account(staff: StaffAccess) -> ColumnElement[bool]:
    """Match applications that the account of these roles has put back into the queue lately."""
    returned = exists().where(
        audit.c.application_id == applications.c.id,
        audit.c.actor == staff.assignments[0].telegram_id,
        audit.c.action == AuditAction.CASE_RETURNED,
        audit.c.at > staff.now - RETURNED_LAST,
    )
    return returned.correlate(applications)


async def waiting_places(
    connection: AsyncConnection, exam: Exam, until: datetime, held_since: datetime, now: datetime
) -> list[QueuePlace]:
    """Return the places with applications waiting since ``until`` or before: 1 query, no names.

    An application with a claim that was renewed after ``held_since`` is in somebody's hands. One
    whose desk may no longer decide does not wait.
    """
    columns = [applications.c[name] for name in ("area", "site", "point", "stage")]
    query = (
        select(
            *columns,
            func.min(applications.c.since).label("oldest"),
            func.max(applications.c.since).label("newest"),
        )
        .where(
            applications.c.exam == exam.key,
            applications.c.since <= until,
            waiting_anywhere(),
            in_time(exam, now),
            ~is_claimed(held_since),
        )
        .group_by(*columns)
    )
    places: list[QueuePlace] = []
    for row in await connection.execute(query):
        codes, stage = {"site": row.site, "point": row.point}, Stage(row.stage)
        any_one = Application(
            ApplicationId(0), PersonId(0), exam.key, row.area, stage, answers=codes
        )
        places.append(QueuePlace(any_one, row.oldest, row.newest))
    return places


async def wait_times(
    connection: AsyncConnection, exam: Exam, desk: Desk
) -> Mapping[str, WaitTimes]:
    """Return a desk's usual waits by area; areas with too few decisions are left out.

    A wait begins with the arrival at the desk, but not before the desk's window opens.
    """
    window = desk_window(desk, exam)
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
        .limit(WAITS_MEASURED)
    )
    waits: dict[str, list[timedelta]] = defaultdict(list)
    for area, since, decided_at in await connection.execute(query):
        waits[area].append(max(decided_at - max(since, window.opens), timedelta()))
    found = ((area, wait_times_of(taken)) for area, taken in waits.items())
    return {area: known for area, known in found if known is not None}
