"""The statistics of the staff, each within the scopes of the reader."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Final

from sqlalchemy import and_, case, func, select

from states.records import Part, Stage
from states.staff_roles import Desk
from storage.audit.audit_log import AuditAction
from storage.engine.tables import applications, audit, decisions, people
from storage.staff.access.scopes import StaffAccess, covered
from storage.staff.cases.decisions import refusal_of

DAYS: Final = 7
MEASURED: Final = 2_000
"""The newest decisions of a desk that its time is measured on."""
REFUSALS: Final = 500
"""The newest refusals whose items are counted."""


@dataclass(frozen=True, slots=True)
class RefusedItem:
    """An item of a form with the reason of its refusal; own words are no reason."""

    part: Part
    code: str
    reason: str


async def by_stage(staff: StaffAccess) -> Mapping[Stage, int]:
    """Count the applications by stage."""
    query = (
        select(applications.c.stage, func.count())
        .where(applications.c.exam == staff.exam.key, covered(staff.assignments))
        .group_by(applications.c.stage)
    )
    return {Stage(row[0]): row[1] for row in await staff.connection.execute(query)}


async def by_area(staff: StaffAccess) -> Mapping[str, tuple[int, int]]:
    """Count all applications and those that were submitted, by area."""
    submitted = func.sum(case((applications.c.revision > 0, 1), else_=0))
    query = (
        select(applications.c.area, func.count(), submitted)
        .where(
            applications.c.exam == staff.exam.key,
            applications.c.area != "",
            covered(staff.assignments),
        )
        .group_by(applications.c.area)
        .order_by(func.count().desc())
    )
    return {row[0]: (row[1], int(row[2])) for row in await staff.connection.execute(query)}


async def submissions(staff: StaffAccess) -> Sequence[tuple[datetime, int]]:
    """Count the submissions of the last ``DAYS`` days, the oldest day first: 1 query."""
    today = staff.exam.midnight(staff.exam.today(staff.now))
    days = [today - timedelta(days=back) for back in reversed(range(DAYS))]
    sums = [
        func.sum(case((and_(audit.c.at >= day, audit.c.at < day + timedelta(days=1)), 1), else_=0))
        for day in days
    ]
    query = (
        select(*sums)
        .select_from(audit.join(applications, applications.c.id == audit.c.application_id))
        .where(
            audit.c.action == AuditAction.SUBMITTED,
            audit.c.at >= days[0],
            applications.c.exam == staff.exam.key,
            covered(staff.assignments),
        )
    )
    found = (await staff.connection.execute(query)).one()
    return [(day, int(count or 0)) for day, count in zip(days, found, strict=True)]


async def desk_times(staff: StaffAccess) -> Mapping[Desk, timedelta]:
    """Return the median time from arrival to decision at each desk."""
    found = {}
    for desk in Desk:
        query = (
            select(decisions.c.since, decisions.c.decided_at)
            .join(applications, applications.c.id == decisions.c.application_id)
            .where(
                decisions.c.desk == desk,
                decisions.c.since.is_not(None),
                applications.c.exam == staff.exam.key,
                covered(staff.assignments),
            )
            .order_by(decisions.c.decided_at.desc())
            .limit(MEASURED)
        )
        taken = [row[1] - row[0] for row in await staff.connection.execute(query)]
        if taken:
            found[desk] = median(taken)
    return found


async def refused_items(staff: StaffAccess, most: int) -> list[tuple[RefusedItem, int]]:
    """Return the items that are refused most often, by decisions that took effect."""
    query = (
        select(decisions.c.id, decisions.c.refusal)
        .join(applications, applications.c.id == decisions.c.application_id)
        .where(
            decisions.c.refusal.is_not(None),
            decisions.c.applied_at.is_not(None),
            applications.c.exam == staff.exam.key,
            covered(staff.assignments),
        )
        .order_by(decisions.c.decided_at.desc())
        .limit(REFUSALS)
    )
    counted: Counter[RefusedItem] = Counter()
    for row in await staff.connection.execute(query):
        for fault in refusal_of(staff.keyring, row.id, row.refusal).faults:
            counted[RefusedItem(fault.part, fault.code, fault.reason)] += 1
    return counted.most_common(most)


async def out_of_reach(staff: StaffAccess) -> Mapping[str, int]:
    """Count the people out of reach who have an application, by kind."""
    kind = func.coalesce(people.c.unreachable, "forbidden")
    query = (
        select(kind, func.count())
        .select_from(applications.join(people, people.c.id == applications.c.person_id))
        .where(
            applications.c.exam == staff.exam.key,
            people.c.blocked_at.is_not(None),
            covered(staff.assignments),
        )
        .group_by(kind)
    )
    return {row[0]: row[1] for row in await staff.connection.execute(query)}
