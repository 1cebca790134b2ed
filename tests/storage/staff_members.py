"""A counter in the tests of the storage room: invented staff, and what waits for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from states.records import Application, ApplicationId, Fault, Part, Person, PersonId, Stage
from states.staff.refusals import RefusalDraft
from states.staff.timings import StaffTimings
from states.staff_roles import Role, RoleAssignment, Scope
from storage.engine import tables
from storage.engine.database import Database
from storage.staff.access import role_assignments
from storage.staff.access.scopes import StaffAccess
from storage.staff.cases import second_looks
from tests.factories import EXAM, staff_member
from tests.storage.people import FILLED, WHOLE, file_in, keep
from tests.storage.process import keyring

CONFIRMING = EXAM.windows.confirmation.opens + timedelta(hours=9)
REVIEWING = EXAM.windows.review.opens + timedelta(hours=9)
PACE = StaffTimings()
KEYS = keyring()

EAST = Scope("qinghai", "xining", "east")
XINING = Scope("qinghai", "xining")
QINGHAI = Scope("qinghai")


CLERK = staff_member(1, Role.POINT_CLERK, EAST)
OTHER_CLERK = staff_member(2, Role.POINT_CLERK, EAST)
SITE = staff_member(3, Role.SITE_REVIEWER, XINING)
AREA = staff_member(4, Role.AREA_REVIEWER, QINGHAI)
FAR_CLERK = staff_member(5, Role.POINT_CLERK, Scope("qinghai", "xining", "west"))
SITE_AND_AREA = (
    staff_member(6, Role.SITE_REVIEWER, XINING, 5006),
    staff_member(7, Role.AREA_REVIEWER, QINGHAI, 5006),
)
ALL = (CLERK, OTHER_CLERK, SITE, AREA, FAR_CLERK, *SITE_AND_AREA)


def access(
    connection: AsyncConnection, assignments: Sequence[RoleAssignment], now: datetime
) -> StaffAccess:
    """Somebody with these seats, at this moment."""
    return StaffAccess(connection, KEYS, EXAM, now, assignments, PACE)


async def grant_all(db: Database, *them: RoleAssignment) -> None:
    """They have their seats."""
    rows = [role_assignments.as_row(KEYS, one) for one in them]
    async with db.write() as connection:
        await connection.execute(db.upsert(tables.role_assignments), rows)


def candidate(number: int, account: int | None = None) -> Person:
    """An invented candidate."""
    who = 7000 + number if account is None else account
    hashed = f"{number:064}"
    return replace(WHOLE, id=PersonId(64 * number), telegram_id=who, number_hash=hashed)


def waiting(
    number: int, stage: Stage = Stage.SUBMITTED, since: datetime = CONFIRMING, point: str = "east"
) -> Application:
    """The application of that candidate, waiting since then."""
    return replace(
        FILLED,
        id=ApplicationId(64 * number + 1),
        person_id=PersonId(64 * number),
        stage=stage,
        since=since,
        answers={**FILLED.answers, "point": point},
    )


async def come(db: Database, *filed: Application) -> None:
    """Their candidates, and they."""
    await keep(db, *(candidate(int(one.person_id) // 64) for one in filed))
    await file_in(db, *filed)


async def asks_second_look(db: Database, application: Application, role: RoleAssignment) -> None:
    """This role has asked to refuse the application for good."""
    draft = RefusalDraft((Fault(Part.FIELD, "specialty", "not-eligible"),))
    async with db.write() as tx:
        await second_looks.ask(tx, KEYS, application, role, draft, 77, REVIEWING)
