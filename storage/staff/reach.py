"""People who are about to lose an application without having seen it, and the calls to them."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    false,
    func,
    insert,
    not_,
    or_,
    select,
    true,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from states.exam import Confirmation
from states.process.lifecycle import REFUSED_STAGES
from states.records import Application, ApplicationId, Person, PersonId, Stage
from states.staff.reach import CALLED_BEFORE, ends_soon, stages_at_risk
from storage.candidates.applications import by_ids
from storage.candidates.people import by_ids as people_by_ids
from storage.engine.tables import applications, calls, people
from storage.staff.access.scopes import StaffAccess, covered

AT_ONCE: Final = 200
"""The most applications that are decrypted together."""
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
    """Count the applications at risk; those with an own deadline are read, ``AT_ONCE`` at a time.

    2 queries, and 1 for each part that is read.
    """
    flags = (
        applications.c.id,
        func.coalesce(_SEEN, false()).label("seen"),
        _REACHED.label("reached"),
        people.c.unreachable,
        people.c.blocked_at.is_not(None).label("is_blocked"),
    )
    counted = await staff.connection.execute(
        _counted(_of_scope(staff, *flags).where(_usual(staff)))
    )
    found = [(tuple(row)[:4], row.many) for row in counted]
    own = (await staff.connection.execute(_of_scope(staff, *flags).where(_own(staff)))).all()
    at_risk = await _at_risk(staff, [row.id for row in own])
    found += [(tuple(row)[1:], 1) for row in own if row.id in at_risk]
    total = seen = called = 0
    kinds: Counter[str] = Counter()
    for (is_seen, is_reached, kind, is_blocked), count in found:
        total += count
        seen += count if is_seen else 0
        called += count if is_reached and not is_seen else 0
        if is_blocked and not is_seen and not is_reached:
            kinds[kind or "forbidden"] += count
    return ReachSummary(total, seen, called, kinds)


def _counted(inner: Select[Any]) -> Select[Any]:
    """Count the rows of a query by what is known of their candidates."""
    rows = inner.subquery()
    kinds = (rows.c.seen, rows.c.reached, rows.c.unreachable, rows.c.is_blocked)
    return select(*kinds, func.count().label("many")).group_by(*kinds)


async def _at_risk(staff: StaffAccess, ids: Sequence[int]) -> set[int]:
    """Return those of these applications that are at risk by their own deadlines."""
    found: set[int] = set()
    for first in range(0, len(ids), AT_ONCE):
        part = [ApplicationId(one) for one in ids[first : first + AT_ONCE]]
        filed = await by_ids(staff.connection, staff.keyring, part)
        found |= {one.id for one in filed.values() if ends_soon(one, staff.exam, staff.now)}
        await asyncio.sleep(0)  # others are answered between two parts
    return found


async def unseen(staff: StaffAccess, after: int, most: int) -> list[UnseenCandidate]:
    """Return the next candidates to call, by the id of the application.

    3 queries for each part that is read; those whose own deadline is far are left out.
    """
    last = select(func.max(calls.c.at)).where(
        calls.c.application_id == applications.c.id,
        or_(_SINCE.is_(None), calls.c.at >= _SINCE),
    )
    query = (
        _of_scope(
            staff,
            applications.c.id,
            applications.c.person_id,
            last.correlate(applications).scalar_subquery().label("called_at"),
        )
        .where(or_(_usual(staff), _own(staff)), _is_open())
        .order_by(applications.c.id)
        .limit(max(most, AT_ONCE))
    )
    found: list[UnseenCandidate] = []
    while len(found) < most:
        rows = (await staff.connection.execute(query.where(applications.c.id > after))).all()
        if not rows:
            break
        after = rows[-1].id
        found += await _candidates(staff, rows)
    return found[:most]


async def _candidates(staff: StaffAccess, rows: Sequence[Any]) -> list[UnseenCandidate]:
    filed = await by_ids(staff.connection, staff.keyring, [ApplicationId(row.id) for row in rows])
    ends = {row.id: ends_soon(filed[row.id], staff.exam, staff.now) for row in rows}
    at_risk = [PersonId(row.person_id) for row in rows if ends[row.id]]
    known = await people_by_ids(staff.connection, staff.keyring, at_risk)
    return [
        UnseenCandidate(known[PersonId(row.person_id)], filed[row.id], closes, row.called_at)
        for row in rows
        if (closes := ends[row.id]) is not None
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


def _of_scope(staff: StaffAccess, *columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(applications.join(people, people.c.id == applications.c.person_id))
        .where(applications.c.exam == staff.exam.key, covered(staff.assignments))
    )


_IS_EXTENDED = or_(
    applications.c.refusal.is_not(None),
    applications.c.change.is_not(None),
    func.coalesce(applications.c.expired_from == applications.c.stage, false()),
)
"""Matches applications whose deadline may be later than their window's (``time_rules``)."""


def _usual(staff: StaffAccess) -> ColumnElement[bool]:
    """Match the applications at risk whose deadline is that of their window."""
    on_site = [a.code for a in staff.exam.areas if a.confirmation is Confirmation.ON_SITE]
    only = {
        Stage.SUBMITTED: applications.c.area.in_(on_site),
        Stage.DRAFT: applications.c.revision > 0,
    }
    stages = [
        and_(applications.c.stage == stage, only.get(stage, true()))
        for stage in stages_at_risk(staff.exam, staff.now)
    ]
    return and_(or_(false(), *stages), not_(_IS_EXTENDED))


def _own(staff: StaffAccess) -> ColumnElement[bool]:
    """Match all applications that may be at risk by a deadline of their own; few others.

    No refusal ends before the window for its correction does.
    """
    stage, windows = applications.c.stage, staff.exam.windows
    ends = min(windows.reupload.closes, windows.review.closes)
    refused = REFUSED_STAGES if staff.now >= ends - CALLED_BEFORE else ()
    waits = and_(stage == Stage.SUBMITTED, applications.c.refusal.is_(None))
    extended = or_(waits, stage.in_([Stage.DRAFT, Stage.APPROVED]))
    return or_(and_(extended, _IS_EXTENDED), stage.in_(refused))


def _is_open() -> ColumnElement[bool]:
    return and_(not_(func.coalesce(_SEEN, false())), not_(_REACHED))
