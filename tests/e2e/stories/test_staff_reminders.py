"""The staff are reminded, too: of what ends tomorrow, of identity cases, and of invitations."""

from __future__ import annotations

from datetime import timedelta

import pytest

from states.records import PersonId, Stage
from states.staff.cases import CaseKind
from states.staff_roles import Role, Scope
from storage.candidates import cases
from storage.candidates.cases import Case
from storage.engine.encryption import Keyring
from tests import factories
from tests.databases import opened
from tests.e2e.bot import EXAM, Harness
from tests.e2e.person import Person
from tests.e2e.staff import SITE, grant_role, handed_in
from tests.e2e.stories.test_invites import invites
from tests.e2e.stories.test_nobody_misses import is_known
from tests.e2e.stories.test_reminders import becomes

pytestmark = pytest.mark.row("C6", "B2")

XINING = Scope("qinghai", "xining")


async def test_cases_whose_deadline_is_tomorrow_are_told_by_day(
    harness: Harness, admin: Person
) -> None:
    site = harness.person("site")
    await grant_role(harness, SITE, Role.SITE_REVIEWER, XINING, "赵磊")
    await site.says("/staff")
    await site.sees("您的工作角色")
    await harness.settles()
    await harness.stops()
    await is_known(harness, 1002, Stage.CONFIRMED)
    await harness.starts()
    eve = EXAM.windows.review.closes - timedelta(days=3)
    days = (eve - harness.bot.clocks.wall.now()) // timedelta(days=1)
    await becomes(admin, harness, f"+{days}d", "2026年1月20日")
    await site.sees("有报名在等您办理", "1 份待办")
    await becomes(admin, harness, "+1d", "2026年1月21日")
    await site.says("/language")
    await site.presses_when("English")
    await becomes(admin, harness, "+1d", "2026年1月22日")
    told = await site.sees("waiting for you", "Closes tomorrow")
    assert "刘玲" not in told.text, "only counts"


async def test_an_identity_case_that_waits_is_told_before_registration_ends(
    harness: Harness, admin: Person
) -> None:
    site = harness.person("site")
    await grant_role(harness, SITE, Role.SITE_REVIEWER, XINING, "赵磊")
    await site.says("/staff")
    await site.sees("您的工作角色")
    await harness.settles()
    await harness.stops()
    person = factories.person(id=PersonId(1002), telegram_id=1002, number_hash=None)
    await handed_in(harness, person)
    keyring = Keyring.of_file(harness.settings.keys_file, create=False)
    opened_at = EXAM.windows.registration.opens + timedelta(hours=10)
    case = Case(7, CaseKind.NUMBER_TAKEN, person.id, "e" * 64, "qinghai", "xining", opened_at)
    async with opened(harness.settings.database) as db, db.write() as connection:
        assert await cases.open_case(connection, keyring, case)
    await harness.starts()
    await becomes(admin, harness, "+2d", "12月4日")
    told = await site.sees("身份核实：1 件", "12月2日")
    assert "刘玲" not in told.text, "only counts"
    before = len(await site.from_bot())
    await becomes(admin, harness, "+2h", "12月4日")
    assert len(await site.from_bot()) == before, "once a day"
    await site.says("/language")
    await site.presses_when("English")
    await becomes(admin, harness, "+1d", "12月5日")
    again = await site.sees("Identity cases: 1")
    await site.taps(again, "Identity cases")
    await site.sees("1", "number")


async def test_an_invitation_that_ends_soon_is_told_to_who_made_it(
    harness: Harness, admin: Person
) -> None:
    await invites(admin)
    await becomes(admin, harness, "+26h", "12月3日")
    told = await admin.sees("有邀请快要失效了", "有 1 份没有办完")
    assert "待处理的邀请" in told.labels
