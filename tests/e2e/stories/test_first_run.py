"""A newcomer starts the sandbox and can be one of the staff at once; on Telegram nobody can."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.core.settings import SANDBOX_TOKEN
from bot.ops import sandbox_staff
from bot.sandbox.world.people import PEOPLE
from bot.sandbox.world.people import Role as Resident
from states.staff_roles import CLI_ACCOUNT, Role, Scope
from storage.engine import tables
from storage.engine.encryption import Keyring
from storage.staff.access import role_assignments
from tests.databases import opened
from tests.e2e import db_asserts
from tests.e2e.bot import EXAM, Harness, open_harness

ROLES = {
    Resident.CLERK: Role.POINT_CLERK,
    Resident.SITE: Role.SITE_REVIEWER,
    Resident.AREA: Role.AREA_REVIEWER,
}
GIVEN = len(list(sandbox_staff.sample_staff()))


def with_staff(harness: Harness) -> Harness:
    """The settings as a newcomer has them: nobody has switched the roles off."""
    harness.settings = harness.settings.model_copy(update={"sandbox_staff": True})
    return harness


@pytest.fixture
async def first(tmp_path: Path, database: str) -> AsyncIterator[Harness]:
    """A sandbox that was never started before."""
    async with open_harness(tmp_path, database) as harness:
        yield with_staff(harness)


async def roles(harness: Harness) -> list[tuple[int, Role, Scope]]:
    """Who has which role where, as the database has it."""
    keyring = Keyring.of_file(harness.settings.keys_file, create=False)
    async with opened(harness.settings.database) as db, db.read() as connection:
        found = await role_assignments.within(
            connection, keyring, harness.bot.storage.bot_id, Scope()
        )
    return [(assignment.telegram_id, assignment.role, assignment.scope) for assignment in found]


def test_the_roles_are_those_of_the_residents_and_their_places_exist() -> None:
    known = {resident.id: resident for resident in PEOPLE}
    for account, name, role, scope in sandbox_staff.sample_staff():
        assert known[account].first_name == name
        assert ROLES[known[account].role] is role
        area = EXAM.area(scope.area)
        assert area is not None
        site = area.site(scope.site) if scope.site else None
        assert bool(site) is bool(scope.site)
        assert not scope.point or (site is not None and site.point(scope.point))
    areas = {EXAM.area(scope.area) for _, _, _, scope in sandbox_staff.sample_staff()}
    assert len({area.confirmation for area in areas if area}) == 2


async def test_after_the_first_start_all_four_of_the_staff_have_their_roles(first: Harness) -> None:
    await first.starts()
    home = {
        "clerk": ("报名点工作人员", "天津考区 · 和平考点 · 和平第一报名点"),
        "site": ("考点审核员", "青海考区 · 西宁考点", "天津考区 · 和平考点"),
        "area": ("考区审核员", "青海考区", "天津考区"),
        "admin": ("管理员（全部考区）",),
    }
    for slug, seen in home.items():
        somebody = first.person(slug)
        await somebody.says("/staff")
        await somebody.sees("您的工作角色", *seen)
    clerk = first.person("clerk")
    await clerk.says("/queue")
    await clerk.sees("待办队列")
    chen = first.person("chen")
    await chen.says("/staff")
    await chen.sees("这里只给工作人员用")
    audit_entries = (await db_asserts.database_summary(first.settings)).audit_entries
    assert audit_entries[CLI_ACCOUNT]["seated"] == GIVEN


async def test_a_role_that_was_taken_back_does_not_come_again(first: Harness) -> None:
    await first.starts()
    async with opened(first.settings.database) as db, db.write() as connection:
        given = (await connection.scalars(select(tables.role_assignments.c.id))).all()
        assert len(given) == GIVEN
        for number in given:
            keyring, now = first.bot.storage.keyring, first.bot.clocks.wall.now()
            assert await role_assignments.revoke(connection, keyring, number, now)
    await first.stops()
    await first.starts()
    assert await roles(first) == []
    assert (await db_asserts.database_summary(first.settings)).audit_entries[CLI_ACCOUNT][
        "seated"
    ] == GIVEN


async def test_an_exam_without_these_places_starts_all_the_same(first: Harness) -> None:
    areas = tuple(area for area in EXAM.areas if area.code != "tianjin")
    await first.starts(EXAM.model_copy(update={"areas": areas}))
    assert {scope.area for _, _, scope in await roles(first)} == {"qinghai"}


async def test_with_a_token_nobody_is_given_a_role(tmp_path: Path, database: str) -> None:
    """The accounts have the same ids, and the settings do not switch the roles off."""
    async with open_harness(tmp_path, database, bot_token=SANDBOX_TOKEN) as harness:
        await with_staff(harness).starts()
        assert await roles(harness) == []
        for slug in ("clerk", "site", "area", "admin"):
            somebody = harness.person(slug)
            await somebody.says("/staff")
            await somebody.sees("这里只给工作人员用")
        assert (
            CLI_ACCOUNT not in (await db_asserts.database_summary(harness.settings)).audit_entries
        )
