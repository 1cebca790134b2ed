"""Late changes as the staff see them: those that wait for these roles, and one within the scope."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from states.changes.late_changes import OPENS_AT, ChangeRequest
from states.exam import Exam
from states.records import Application, ApplicationId, LateChangeState
from states.staff_roles import RoleAssignment, Scope
from storage.candidates import applications, late_changes
from storage.engine.encryption import Keyring
from storage.engine.tables import applications as filed
from storage.engine.tables import late_changes as requests
from storage.staff.access import role_assignments
from storage.staff.access.scopes import StaffAccess, covered
from storage.staff.application_search import outlines


def deciding(assignments: Sequence[RoleAssignment], exam: Exam) -> list[RoleAssignment]:
    """Return the roles that decide about late changes, by the rules of their areas."""
    return [
        one
        for one in assignments
        if one.revoked_at is None
        and exam.late_changes_in(one.scope.area).fields
        and exam.late_changes_in(one.scope.area).role is one.role
    ]


async def waiting(staff: StaffAccess, first: int, most: int) -> list[ChangeRequest]:
    """Return a part of the requests that wait for these roles, the oldest first."""
    query = (
        select(requests)
        .join(filed, filed.c.id == requests.c.application_id)
        .where(_waits(staff))
        .order_by(requests.c.asked_at, requests.c.id)
        .offset(first)
        .limit(most)
    )
    rows = (await staff.connection.execute(query)).all()
    ids = {ApplicationId(row.application_id) for row in rows}
    known = await applications.by_ids(staff.connection, staff.keyring, ids)
    return late_changes.of_rows(staff.keyring, rows, known)


async def count(staff: StaffAccess) -> tuple[int, datetime | None]:
    """Return how many requests wait for these roles, and since when: 1 query."""
    query = (
        select(func.count().label("all"), func.min(requests.c.asked_at).label("since"))
        .select_from(requests.join(filed, filed.c.id == requests.c.application_id))
        .where(_waits(staff))
    )
    row = (await staff.connection.execute(query)).one()
    return row.all, row.since


async def read(staff: StaffAccess, request_id: int) -> ChangeRequest | None:
    """Return a request that these roles decide about, waiting or not; None outside their scope."""
    found = await late_changes.by_id(staff.connection, staff.keyring, request_id)
    own = replace(staff, assignments=deciding(staff.assignments, staff.exam))
    if found is None or not own.assignments:
        return None
    return found if await outlines(own, [found.application.id]) else None


async def accounts(
    connection: AsyncConnection, keyring: Keyring, bot_id: int, exam: Exam, application: Application
) -> list[int]:
    """Return the accounts that decide about a late change of this application."""
    held = await role_assignments.within(connection, keyring, bot_id, Scope(application.area))
    able = [one for one in deciding(held, exam) if one.scope.covers(application)]
    return sorted({one.telegram_id for one in able})


def _waits(staff: StaffAccess) -> ColumnElement[bool]:
    return and_(
        requests.c.state == LateChangeState.ASKED,
        filed.c.exam == staff.exam.key,
        filed.c.stage.in_(OPENS_AT),
        covered(deciding(staff.assignments, staff.exam)),
    )
