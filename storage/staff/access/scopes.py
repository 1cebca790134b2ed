"""The rules of ``states.staff_roles`` in SQL: the applications that a role sees or decides.

Every query about a candidate uses them, so a wrong screen or button shows and changes nothing.
The assignments of one call belong to one account.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, false, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from states.exam import Exam
from states.staff.timings import StaffTimings
from states.staff_roles import REVIEW_DESKS, STAGE_BY_DESK, Desk, Role, RoleAssignment, Scope
from storage.engine.encryption import Keyring
from storage.engine.tables import (
    applications,
    claims,
    decisions,
    people,
    role_assignments,
    second_looks,
)


@dataclass(frozen=True, slots=True)
class StaffAccess:
    """The roles of one account at ``now``, and the transaction in which it reads or decides.

    Queries about candidates take it, so a revoked role shows and changes nothing.
    """

    connection: AsyncConnection
    keyring: Keyring
    exam: Exam
    now: datetime
    assignments: Sequence[RoleAssignment]
    timings: StaffTimings


class OutOfScope(LookupError):
    """None of the roles covers such an application."""


def active_ids(assignments: Sequence[RoleAssignment]) -> list[int]:
    """Return the ids of the assignments that are not revoked."""
    return [assignment.id for assignment in assignments if assignment.revoked_at is None]


def to_decide(assignments: Sequence[RoleAssignment]) -> ColumnElement[bool]:
    """Match applications that wait at a desk where one of the roles decides."""
    return or_(*(and_(decidable(assignments, desk), undecided(desk)) for desk in Desk))


def waiting_anywhere() -> ColumnElement[bool]:
    """Match applications that wait at a desk, whoever decides there."""
    at_desks = ((applications.c.stage == STAGE_BY_DESK[desk], undecided(desk)) for desk in Desk)
    return or_(*(and_(*conditions) for conditions in at_desks))


def covered(assignments: Sequence[RoleAssignment]) -> ColumnElement[bool]:
    """Match applications within the scope of a role, except the account's own."""
    active = [assignment for assignment in assignments if assignment.revoked_at is None]
    if not active:
        return false()
    return and_(or_(*(within(assignment.scope) for assignment in active)), ~_own(active[0]))


def decidable(assignments: Sequence[RoleAssignment], desk: Desk) -> ColumnElement[bool]:
    """Match applications that one of the roles decides on at this desk.

    Nobody decides on their own application, or in both reviews of one. Nobody agrees to a definite
    refusal that they asked for themselves. ``RoleAssignment.may_decide`` has the other rules.
    """
    deciding = [
        and_(within(assignment.scope), *confirms)
        for assignment in assignments
        if assignment.revoked_at is None
        and (confirms := _deciding(assignment.role, desk)) is not None
    ]
    if not deciding:
        return false()
    conditions = [
        applications.c.stage == STAGE_BY_DESK[desk],
        or_(*deciding),
        ~_own(assignments[0]),
        ~_asked_for_second_look(assignments[0], desk),
    ]
    if desk in REVIEW_DESKS:
        conditions.append(~_looked_at_already(assignments[0], desk))
    return and_(*conditions)


def decides_at(assignments: Sequence[RoleAssignment], desk: Desk) -> bool:
    """Return whether one of the roles decides at this desk, in some scope."""
    return any(
        assignment.revoked_at is None and _deciding(assignment.role, desk) is not None
        for assignment in assignments
    )


def undecided(desk: Desk) -> ColumnElement[bool]:
    """Match applications whose present revision has no decision of the desk."""
    return ~_exists(
        decisions.c.application_id == applications.c.id,
        decisions.c.revision == applications.c.revision,
        decisions.c.desk == desk,
    )


def is_claimed(since: datetime, but: int | None = None) -> ColumnElement[bool]:
    """Match applications with an active role's claim that was renewed after ``since``.

    Claims of the account ``but`` are left out.
    """
    others = () if but is None else (role_assignments.c.telegram_id != but,)
    return _exists(
        *others,
        claims.c.application_id == applications.c.id,
        claims.c.touched_at > since,
        role_assignments.c.id == claims.c.assignment_id,
        role_assignments.c.revoked_at.is_(None),
    )


def within(scope: Scope) -> ColumnElement[bool]:
    """Match applications of a scope, whoever decides on them."""
    columns = applications.c
    asked = ((columns.area, scope.area), (columns.site, scope.site), (columns.point, scope.point))
    return and_(columns.id.is_not(None), *(column == code for column, code in asked if code))


def _deciding(role: Role, desk: Desk) -> tuple[ColumnElement[bool], ...] | None:
    """Return a role's further conditions at a desk; None if it does not decide there."""
    match desk, role:
        case Desk.CONFIRMATION, Role.POINT_CLERK:
            return (applications.c.point != "",)
        case Desk.CONFIRMATION, Role.SITE_REVIEWER:
            return (applications.c.point == "",)
        case (Desk.SITE_REVIEW, Role.SITE_REVIEWER) | (Desk.AREA_REVIEW, Role.AREA_REVIEWER):
            return ()
    return None


def _own(assignment: RoleAssignment) -> ColumnElement[bool]:
    mine = select(people.c.id).where(
        people.c.bot_id == assignment.bot_id, people.c.telegram_id == assignment.telegram_id
    )
    return applications.c.person_id.in_(mine.correlate(None))


def _looked_at_already(assignment: RoleAssignment, desk: Desk) -> ColumnElement[bool]:
    return _exists(
        decisions.c.application_id == applications.c.id,
        decisions.c.desk.in_(REVIEW_DESKS - {desk}),
        role_assignments.c.id == decisions.c.assignment_id,
        role_assignments.c.bot_id == assignment.bot_id,
        role_assignments.c.telegram_id == assignment.telegram_id,
    )


def _asked_for_second_look(assignment: RoleAssignment, desk: Desk) -> ColumnElement[bool]:
    return _exists(
        second_looks.c.application_id == applications.c.id,
        second_looks.c.revision == applications.c.revision,
        second_looks.c.desk == desk,
        second_looks.c.outcome.is_(None),
        role_assignments.c.id == second_looks.c.assignment_id,
        role_assignments.c.bot_id == assignment.bot_id,
        role_assignments.c.telegram_id == assignment.telegram_id,
    )


def _exists(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return an EXISTS about the application of the query, whatever else the query joins.

    Without ``correlate`` it would share the query's own claims, decisions or role assignments.
    """
    return exists().where(*conditions).correlate(applications)
