"""Ling hands in and misses the confirmation: reminded, given up by the clock, and put back."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from states.records import ApplicationId
from states.submissions.application_codes import code_of
from storage.engine import tables
from tests.databases import opened
from tests.e2e import scenes
from tests.e2e.bot import Harness
from tests.e2e.db_asserts import database_summary
from tests.e2e.person import Person

pytestmark = pytest.mark.row("S13")


async def code(harness: Harness) -> str:
    """Return the code of her application."""
    async with opened(harness.settings.database) as db, db.read() as connection:
        found = await connection.scalar(select(tables.applications.c.id))
    assert found is not None
    return code_of(ApplicationId(found))


@pytest.mark.both_databases
async def test_who_misses_the_confirmation_is_reminded_gives_up_and_is_reinstated(
    ling: Person, admin: Person, harness: Harness
) -> None:
    await scenes.meets_the_bot(admin)
    await scenes.registers(ling)
    await admin.says("/clock +13d")
    await admin.sees("2025年12月15日")
    await harness.bot.scheduler.tick()
    await harness.bot.scheduler.tick()
    await ling.sees("提醒：这件事还等着您办", "逾期没有确认，视为自动放弃考试")
    await admin.says("/clock +2d")
    await admin.sees("2025年12月17日")
    await ling.says("/status")
    await ling.sees("等待报名确认", "报名确认已于 2025年12月16日（周二）截止", "西宁考点")
    await harness.bot.scheduler.tick()
    await harness.bot.scheduler.tick()
    await ling.sees("这次报名按自动放弃处理了", "没有报名确认", "管理员可以恢复")
    await ling.says("/status")
    await ling.sees("这次报名已按自动放弃处理", "2025年12月17日")
    await ling.says(f"/reinstate {await code(harness)}")
    await ling.sees("这个命令只给管理员用")
    await admin.says(f"/reinstate {await code(harness)}")
    await admin.sees("已恢复到“已提交”")
    await ling.sees("您的报名恢复了", "2025年12月20日", "现场确认")
    await harness.bot.scheduler.tick()
    audit_entries = (await database_summary(harness.settings)).audit_entries
    assert (audit_entries[0]["given-up"], audit_entries[1000]["reinstated"]) == (1, 1)
    reminded = [one for one in await ling.from_bot() if "提醒：" in one.text]
    assert len(reminded) == 1
