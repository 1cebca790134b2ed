"""The staff from the command line, beside a bot that runs or not."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from bot.cli import staff
from bot.core.settings import Refused
from states.staff_roles import Role, Scope
from storage.engine import tables
from tests.bot.people import TRANSLATIONS
from tests.databases import opened
from tests.e2e import bot_settings
from tests.e2e.bot import Harness, open_harness
from tests.e2e.db_asserts import database_summary

XINING = Scope("qinghai", "xining")


def link_of(said: str) -> str:
    """The payload of the link in it."""
    return said.partition("?start=")[2].split()[0]


async def invites(stage: Harness, role: Role = Role.SITE_REVIEWER, scope: Scope = XINING) -> str:
    """The operator makes a link; what is said."""
    (told,) = await staff.make_invite(stage.settings, role, scope)
    return TRANSLATIONS.label(told, "zh-CN")


async def test_the_first_of_the_staff_is_invited_beside_a_running_bot(
    tmp_path: Path, database: str
) -> None:
    async with open_harness(tmp_path, database) as stage:
        await stage.starts()
        admin, chen = stage.person("admin"), stage.person("chen")
        await admin.says("/staff")
        await admin.sees("您的工作角色")
        said = await invites(stage)
        await chen.opens(link_of(said))
        await chen.sees("请稍等")
        await admin.sees("有人打开了您的邀请链接", "陈航", "1002")
        await admin.presses("是本人")
        await chen.sees("您的角色生效了")
        listed = await staff.list_staff(stage.settings)
        (line,) = [TRANSLATIONS.label(text, "en") for text in listed]
        assert "site-reviewer  qinghai/xining  1002  陈航 (@" in line
        named = stage.settings.model_copy(update={"administrators": frozenset({4242})})
        first = TRANSLATIONS.label((await staff.list_staff(named))[0], "en")
        assert first.startswith("ADMINISTRATORS  administrator  everywhere  4242 (named by")
        await staff.revoke_role(stage.settings, int(line.split()[0]))
        await chen.says("/staff")
        await chen.sees("这里只给工作人员用")
        audit_entries = (await database_summary(stage.settings)).audit_entries
        assert audit_entries[0] == {"invited": 1, "seat-revoked": 1}
        assert [text.key for text in await staff.list_staff(stage.settings)] == ["cli-staff-none"]
        with pytest.raises(Refused, match="cli-staff-no-seat"):
            await staff.revoke_role(stage.settings, int(line.split()[0]))


async def test_an_invitation_is_listed_and_withdrawn_beside_a_running_bot(
    tmp_path: Path, database: str
) -> None:
    async with open_harness(tmp_path, database) as stage:
        await stage.starts()
        chen = stage.person("chen")
        first, second = link_of(await invites(stage)), link_of(await invites(stage))
        await chen.opens(second)
        await chen.sees("请稍等")
        await stage.settles()
        lines = [TRANSLATIONS.label(text, "en") for text in await staff.list_staff(stage.settings)]
        unopened, opened_by = lines
        assert "site-reviewer  qinghai/xining  not opened yet" in unopened
        assert "1002  陈航 (@" in opened_by
        for line in lines:
            await staff.withdraw_invite(stage.settings, int(line.split()[0]))
            with pytest.raises(Refused, match="cli-staff-no-invite"):
                await staff.withdraw_invite(stage.settings, int(line.split()[0]))
        await chen.opens(first)
        await chen.sees("这条邀请链接不能用")
        assert [text.key for text in await staff.list_staff(stage.settings)] == ["cli-staff-none"]


@pytest.mark.parametrize(
    ("role", "scope", "why"),
    [
        (Role.POINT_CLERK, XINING, "cli-staff-scope"),
        (Role.SITE_REVIEWER, Scope("qinghai"), "cli-staff-scope"),
        (Role.AREA_REVIEWER, XINING, "cli-staff-scope"),
        (Role.ADMINISTRATOR, Scope("", "xining"), "cli-staff-scope"),
        (Role.SITE_REVIEWER, Scope("qinghai", "nowhere"), "cli-staff-place"),
        (Role.AREA_REVIEWER, Scope("atlantis"), "cli-staff-place"),
    ],
)
async def test_a_role_for_places_that_it_is_not_for(
    tmp_path: Path, role: Role, scope: Scope, why: str
) -> None:
    async with open_harness(tmp_path, "") as stage:
        await stage.starts()
        await stage.stops()
        with pytest.raises(Refused, match=why) as refused:
            await invites(stage, role, scope)
        assert all(
            TRANSLATIONS.label(refused.value.text, locale) for locale in TRANSLATIONS.locales
        )


async def test_the_command_line_writes_beside_a_bot_and_the_ids_tell_the_order(
    tmp_path: Path, database: str
) -> None:
    """Two writers give ids; both order by time, so the audit reads in the order of the acts."""
    async with open_harness(tmp_path, database) as stage:
        await stage.starts()
        ling = stage.person("ling")
        for _ in range(3):
            await invites(stage)
        await ling.says("/start")
        await ling.sees("请选择语言")
        await ling.presses("中文")
        await ling.sees("同意")
        await ling.presses("同意，开始")
        await ling.sees("您的姓名")
        await invites(stage)
        async with opened(stage.settings.database) as db, db.read() as connection:
            query = select(tables.audit.c.action).order_by(tables.audit.c.id)
            audited = list(await connection.scalars(query))
    assert audited == ["invited", "invited", "invited", "consented", "invited"]


async def test_before_the_first_start_nobody_is_invited(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="cli-staff-never-started"):
        await staff.make_invite(bot_settings.at(tmp_path, ""), Role.ADMINISTRATOR, Scope())
