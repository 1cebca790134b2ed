"""People who are about to lose an application without having seen it, and the calls to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    case,
    false,
    func,
    insert,
    not_,
    or_,
    select,
    true,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from states import time_rules
from states.exam import Confirmation, Exam
from states.reach import stages_at_risk
from states.records import Application, ApplicationId, Person, PersonId, Stage
from storage.candidates.applications import by_ids
from storage.candidates.people import by_ids as people_by_ids
from storage.engine.tables import applications, calls, people
from storage.staff.scopes import StaffAccess, covered

_SINCE = applications.c.since
_SEEN = and_(people.c.seen_at.is_not(None), or_(_SINCE.is_(None), people.c.seen_at >= _SINCE))
_REACHED = (
    select(calls.c.id)
    .where(
        calls.c.application_id == applications.c.id,
        calls.c.reached,
        or_(_SINCE.is_(None), calls.c.at >= _SINCE),
    )
    .correlate(applications)
    .exists()
)


@dataclass(frozen=True, slots=True)
class ReachSummary:
    """Applications at risk within a scope; ``unreachable`` counts the open ones by kind."""

    total: int
    seen: int
    called: int
    unreachable: Mapping[str, int]

    @property
    def open(self) -> int:
        """Those whose candidates have neither confirmed a notice nor been reached by telephone."""
        return self.total - self.seen - self.called


@dataclass(frozen=True, slots=True)
class UnseenCandidate:
    """A candidate to call, with the last call about this stage."""

    person: Person
    application: Application
    ends: datetime
    called_at: datetime | None = None


async def summary(staff: StaffAccess) -> ReachSummary:
    """Count the applications at risk: 2 queries."""
    called = and_(not_(_is_seen()), _REACHED)
    counted = _at_risk(
        staff,
        func.count(),
        func.sum(case((_is_seen(), 1), else_=0)),
        func.sum(case((called, 1), else_=0)),
    )
    total, seen, reached = (await staff.connection.execute(counted)).one()
    kinds = _at_risk(staff, people.c.unreachable, func.count()).where(
        _is_open(), people.c.blocked_at.is_not(None)
    )
    rows = await staff.connection.execute(kinds.group_by(people.c.unreachable))
    found = {row[0] or "forbidden": row[1] for row in rows}
    return ReachSummary(total, int(seen or 0), int(reached or 0), found)


async def unseen(staff: StaffAccess, after: int, most: int) -> list[UnseenCandidate]:
    """Return the next candidates to call, by the id of the application: 3 queries."""
    last = select(func.max(calls.c.at)).where(
        calls.c.application_id == applications.c.id,
        or_(_SINCE.is_(None), calls.c.at >= _SINCE),
    )
    query = (
        _at_risk(
            staff,
            applications.c.id,
            applications.c.person_id,
            applications.c.stage,
            last.correlate(applications).scalar_subquery().label("called_at"),
        )
        .where(_is_open(), applications.c.id > after)
        .order_by(applications.c.id)
        .limit(most)
    )
    rows = (await staff.connection.execute(query)).all()
    filed = await by_ids(staff.connection, staff.keyring, [row.id for row in rows])
    known = await people_by_ids(
        staff.connection, staff.keyring, [PersonId(row.person_id) for row in rows]
    )
    ends = stages_at_risk(staff.exam, staff.now)
    return [
        UnseenCandidate(
            known[PersonId(row.person_id)],
            filed[ApplicationId(row.id)],
            _ends(filed[ApplicationId(row.id)], staff.exam) or ends[Stage(row.stage)],
            row.called_at,
        )
        for row in rows
    ]


async def note_call(
    connection: AsyncConnection,
    call_id: int,
    application_id: ApplicationId,
    made_by: int,
    now: datetime,
    *,
    reached: bool,
) -> None:
    """Store a call. The caller has checked that the role may call."""
    row = {
        "id": call_id,
        "application_id": application_id,
        "made_by": made_by,
        "at": now,
        "reached": reached,
    }
    await connection.execute(insert(calls), row)


def _ends(application: Application, exam: Exam) -> datetime | None:
    """Return the application's own deadline, which may be later than that of its window."""
    span = time_rules.stage_span(application, exam)
    return span.closes if span else None


def _at_risk(staff: StaffAccess, *columns: Any) -> Select[Any]:
    on_site = [a.code for a in staff.exam.areas if a.confirmation is Confirmation.ON_SITE]
    only = {
        Stage.SUBMITTED: and_(applications.c.area.in_(on_site), applications.c.refusal.is_(None)),
        Stage.DRAFT: applications.c.revision > 0,
    }
    stages = [
        and_(applications.c.stage == stage, only.get(stage, true()))
        for stage in stages_at_risk(staff.exam, staff.now)
    ]
    return (
        select(*columns)
        .select_from(applications.join(people, people.c.id == applications.c.person_id))
        .where(
            applications.c.exam == staff.exam.key,
            or_(false(), *stages),
            covered(staff.assignments),
        )
    )


def _is_seen() -> ColumnElement[bool]:
    return func.coalesce(_SEEN, false())


def _is_open() -> ColumnElement[bool]:
    return and_(not_(_is_seen()), not_(_REACHED))
