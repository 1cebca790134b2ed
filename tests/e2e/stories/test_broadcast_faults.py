"""A broadcast beside people who change meanwhile, a failing Telegram, a database that is away."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import select, text

from states.records import Stage
from storage.candidates import applications
from storage.engine import tables
from storage.engine.encryption import Keyring
from tests.databases import opened
from tests.e2e import call_log, scenes
from tests.e2e.bot import Harness
from tests.e2e.person import Person
from tests.e2e.stories.test_broadcast import writes_to_all_drafts
from tests.e2e.stories.test_my_data import erases
from tests.fakes.skipping_clock import SkippingClock

pytestmark = pytest.mark.row("B4")

TEXT = "请在截止前提交报名。"
LING = 1001


async def heard(harness: Harness, account: int) -> int:
    """How often the text of the broadcast arrived in a chat."""
    told = call_log.delivered_messages(harness.world.log(), account)
    return sum(one.text == TEXT for one in told)


async def ling_has_submitted(harness: Harness) -> None:
    """The only application is submitted, as its transition would write it."""
    keyring = Keyring.of_file(harness.settings.keys_file, create=False)
    async with opened(harness.settings.database) as db, db.write() as connection:
        row = (await connection.execute(select(tables.applications))).one()
        submitted = replace(applications.of_row(keyring, row), stage=Stage.SUBMITTED)
        changed = [applications.as_row(keyring, submitted)]
        await connection.execute(db.upsert(tables.applications), changed)


@pytest.mark.both_databases
async def test_who_submits_blocks_or_is_erased_meanwhile_gets_nothing_and_is_counted(
    harness: Harness, ling: Person, chen: Person, admin: Person
) -> None:
    blocked, told = harness.person("clerk"), harness.person("area")
    await scenes.comes_to_the_form(ling)
    for one in (chen, blocked, told):
        await scenes.meets_the_bot(one)
    await writes_to_all_drafts(admin, TEXT)
    await admin.sees("再确认发出", "现在符合的有 4 人")
    await admin.says("2025-12-05 09:00")
    await admin.sees("12月5日（周五）09:00 开始")
    await admin.presses("✅ 确认，发给他们")
    await admin.sees_now("等时间到", "等着发：4 人")
    await ling_has_submitted(harness)
    await erases(chen)
    await blocked.blocks_the_bot()
    await harness.settles()
    await admin.says("/clock +5d")
    await admin.sees("现在是")
    await harness.bot.scheduler.tick()
    await told.sees(TEXT)
    report = await admin.sees("发完了", "已送达：1 人")
    assert "已不符合条件，没有发：2 人" in report.text
    assert "停用了机器人：1 人" in report.text
    assert await heard(harness, LING) == 0


async def test_a_lost_answer_is_unknown_named_and_never_sent_again(
    fast_harness: Harness,
) -> None:
    ling, admin = fast_harness.person("ling"), fast_harness.person("admin")
    await scenes.comes_to_the_form(ling)
    await writes_to_all_drafts(admin, TEXT)
    await admin.sees("再确认发出")
    await fast_harness.fault("timeout", method="sendMessage", chat_id=LING, seconds=0)
    await admin.presses("✅ 确认，发给他们")
    report = await admin.sees("发完了", "不清楚收到没有：1 人", "请打电话")
    assert "再试没送到的" not in report.labels
    await fast_harness.settles()
    assert await heard(fast_harness, LING) == 1


async def test_429_and_500_are_waited_for_and_sent_once(
    fast_harness: Harness, fast_clock: SkippingClock
) -> None:
    ling, admin = fast_harness.person("ling"), fast_harness.person("admin")
    await scenes.comes_to_the_form(ling)
    await writes_to_all_drafts(admin, TEXT)
    await admin.sees("再确认发出")
    await fast_harness.fault("429", method="sendMessage", chat_id=LING, seconds=20)
    await fast_harness.fault("500", method="sendMessage", chat_id=LING)
    await admin.presses("✅ 确认，发给他们")
    await admin.sees("发完了", "已送达：1 人")
    assert any(19 < seconds <= 20 for seconds in fast_clock.slept)
    assert await heard(fast_harness, LING) == 1


async def test_a_database_that_is_locked_for_a_while_costs_nobody_a_message(
    harness: Harness, ling: Person, admin: Person
) -> None:
    await scenes.comes_to_the_form(ling)
    await writes_to_all_drafts(admin, TEXT)
    await admin.sees("再确认发出")
    await admin.presses("✅ 确认，发给他们")
    await admin.sees("群发")
    async with opened(harness.settings.database) as db, db.write() as connection:
        await connection.execute(text("SELECT 1"))
        await asyncio.sleep(3)
    await admin.says("/clock +1m")  # half a minute until the job is tried again
    await admin.sees("现在是")
    await harness.bot.scheduler.tick()
    await ling.sees(TEXT)
    await admin.sees("发完了", "已送达：1 人")
    assert await heard(harness, LING) == 1
