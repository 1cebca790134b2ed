"""People of the staff in a story, and registrations that wait for them."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from states.records import Application, Person, Stage
from states.staff_roles import Role, RoleAssignment, Scope
from storage.candidates import applications, people
from storage.engine import tables
from storage.engine.encryption import Keyring
from storage.staff.access import role_assignments
from tests.databases import opened
from tests.e2e.bot import Harness
from tests.e2e.person import BOT
from tests.e2e.person import Person as Resident

CLERK, SITE, AREA = 1003, 1004, 1005


async def grant_role(
    harness: Harness, account: int, role: Role, scope: Scope, name: str = "王敏"
) -> RoleAssignment:
    """An administrator has confirmed a role of this account."""
    now = harness.bot.clocks.wall.now()
    assignment = RoleAssignment(
        account * 10 + len(role), BOT, account, role, scope, name, 1000, now
    )
    keyring = Keyring.of_file(harness.settings.keys_file, create=False)
    async with opened(harness.settings.database) as db, db.write() as connection:
        await role_assignments.grant(connection, keyring, assignment)
    await harness.bot.storage.units.refresh_staff()
    return assignment


async def handed_in(harness: Harness, person: Person, *filed: Application) -> None:
    """Somebody has handed these in already."""
    keyring = Keyring.of_file(harness.settings.keys_file, create=False)
    async with opened(harness.settings.database) as db, db.write() as connection:
        await connection.execute(
            db.upsert(tables.people), [people.as_row(keyring, replace(person, bot_id=BOT))]
        )
        rows = [applications.as_row(keyring, one) for one in filed]
        if rows:
            await connection.execute(db.upsert(tables.applications), rows)


async def stage_of(harness: Harness, application_id: int | None = None) -> Stage:
    """How far the application is, or the only one there is."""
    table = tables.applications
    query = select(table.c.stage)
    if application_id is not None:
        query = query.where(table.c.id == application_id)
    async with opened(harness.settings.database) as db, db.read() as connection:
        (found,) = (await connection.execute(query)).one()
    return Stage(found)


async def undo_window_ends(harness: Harness, admin: Resident) -> None:
    """Two minutes go by, and the clock looks."""
    await admin.says("/clock +2m")
    await admin.sees("现在是")
    await harness.bot.scheduler.tick()
