"""What seats may see and decide, as conditions of a query: the rules of ``states.staff`` in SQL.

Whatever concerns a candidate is asked for through these, so that a screen or a button that is
wrong still shows and changes nothing. The seats are those of one messenger account.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, false, or_, select

from states.staff import REVIEW_DESKS, STAGE_BY_DESK, Desk, Role, RoleAssignment, Scope
from storage.engine.tables import applications, claims, decisions, people, role_assignments


class OutOfScope(LookupError):
    """There is no such application among those that these seats cover."""


def covered(by: Sequence[RoleAssignment]) -> ColumnElement[bool]:
    """Applications that one of the seats covers, whatever waits there, their own left out."""
    active = [assignment for assignment in by if assignment.revoked_at is None]
    if not active:
        return false()
    return and_(or_(*(within(assignment.scope) for assignment in active)), ~_own(active[0]))


def decidable(by: Sequence[RoleAssignment], desk: Desk) -> ColumnElement[bool]:
    """Applications of which one of the seats decides at this desk.

    Nobody decides of their own, and nobody has both looks at one; ``Seat.may_decide`` for the rest.
    """
    deciding = [
        and_(within(assignment.scope), *confirms)
        for assignment in by
        if assignment.revoked_at is None
        and (confirms := _deciding(assignment.role, desk)) is not None
    ]
    if not deciding:
        return false()
    conditions = [applications.c.stage == STAGE_BY_DESK[desk], or_(*deciding), ~_own(by[0])]
    if desk in REVIEW_DESKS:
        conditions.append(~_looked_at_already(by[0], desk))
    return and_(*conditions)


def undecided(desk: Desk) -> ColumnElement[bool]:
    """Applications of which the desk has not decided as they stand now."""
    return ~exists().where(
        decisions.c.application_id == applications.c.id,
        decisions.c.revision == applications.c.revision,
        decisions.c.desk == desk,
    )


def in_hand(since: datetime) -> ColumnElement[bool]:
    """Applications that somebody of the staff holds, and has touched after ``since``."""
    return exists().where(
        claims.c.application_id == applications.c.id,
        claims.c.touched_at > since,
        role_assignments.c.id == claims.c.assignment_id,
        role_assignments.c.revoked_at.is_(None),
    )


def within(scope: Scope) -> ColumnElement[bool]:
    """Applications that belong to a part of the exam's places, whoever decides of them."""
    columns = applications.c
    asked = ((columns.area, scope.area), (columns.site, scope.site), (columns.point, scope.point))
    return and_(columns.id.is_not(None), *(column == code for column, code in asked if code))


def _deciding(role: Role, desk: Desk) -> tuple[ColumnElement[bool], ...] | None:
    """What an application must be like besides; None where the role has nothing to say there."""
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
    return applications.c.person_id.in_(mine)


def _looked_at_already(assignment: RoleAssignment, desk: Desk) -> ColumnElement[bool]:
    return exists().where(
        decisions.c.application_id == applications.c.id,
        decisions.c.desk.in_(REVIEW_DESKS - {desk}),
        role_assignments.c.id == decisions.c.assignment_id,
        role_assignments.c.bot_id == assignment.bot_id,
        role_assignments.c.telegram_id == assignment.telegram_id,
    )
