"""A late change is asked, opened, handed in or closed once, while the bot keeps dying."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from bot.core.runtime import Failpoint
from bot.sandbox.world import World
from states.records import Stage
from storage.audit import replay
from storage.engine import tables
from storage.engine.encryption import Keyring
from storage.engine.jobs import JobKind
from tests.crash.dying_bot import DyingBot, dying_bot
from tests.databases import opened
from tests.e2e import scenes
from tests.e2e.bot import EXAM, FAST, Harness, open_harness
from tests.e2e.db_asserts import ENDED, database_summary
from tests.e2e.person import Person
from tests.e2e.process_plans import BotPlan, KillPoint
from tests.e2e.process_pool import ProcessPool
from tests.e2e.staff import SITE, stage_of
from tests.e2e.stories.test_late_change import code, is_confirmed

pytestmark = pytest.mark.row("B24")

LING = 1001
WHY = "十一月换了号码"


async def asks_and_is_opened(bot: DyingBot, ling: Person, site: Person) -> None:
    """From the wish to the approval."""
    await bot.dies(ling, ling.says("申请更改"), "您要改哪几项")
    await bot.dies(ling, ling.presses_when("○ 手机"), "您要改哪几项")
    await bot.dies(ling, ling.presses_when("下一步：交证明"), "请发证明材料")
    await ling.sends_file(scenes.PHOTO)
    await ling.reads("收到，已保存")
    await bot.harness.settles()
    await bot.dies(ling, ling.presses_when("下一步：写原因"), "为什么要改")
    await bot.dies(ling, ling.says(WHY), "把这份申请交给")
    await bot.dies(ling, ling.presses_when("是，交上去"), "申请交上去了")
    await bot.dies(site, site.says("/changes"), "1 份在等您决定")
    await bot.dies(site, site.presses_when(f"看 {await code(bot.harness)}"), WHY)
    await bot.dies(site, site.presses_when("✅ 同意…"), "同意吗？")
    await bot.dies(site, site.presses_when("✅ 同意，开放这几项"), "已同意")


@pytest.mark.parametrize("arrow", [Failpoint.DISPATCHED, Failpoint.SENT])
async def test_each_act_happens_once(
    arrow: Failpoint, process_pool: ProcessPool, tmp_path: Path, database: str
) -> None:
    world = World(None, pacing=False)
    async with open_harness(tmp_path, database, world) as harness:
        await harness.starts(options=FAST)
        ling, admin = harness.person("ling"), harness.person("admin")
        await scenes.meets_the_bot(admin)
        site = await is_confirmed(harness, ling, admin)
        await harness.settles()
        await harness.stops()
        plan = BotPlan(data=tmp_path, database=database, address=harness.address, exam=EXAM)
        async with dying_bot(process_pool, plan, KillPoint(arrow=arrow), harness) as bot:
            await asks_and_is_opened(bot, ling, site)
            await bot.dies(ling, ling.presses_when("修改手机"), "您的手机号码")
            await bot.dies(ling, ling.says("13900139000"), "都看过了")
            await bot.dies(ling, ling.presses_when("✓ 改好了，再次提交"), "报名信息已提交")
        rows = await database_summary(harness.settings)
        assert await stage_of(harness) is Stage.CONFIRMED
    done = rows.audit_entries[LING]
    assert (done["late-change-asked"], done["submitted"]) == (1, 2)
    assert rows.audit_entries[SITE]["late-change-opened"] == 1
    assert rows.outbox.keys() <= ENDED, rows.errors
    await _is_consistent(harness, "done")


async def test_an_opened_change_closes_once(
    process_pool: ProcessPool, tmp_path: Path, database: str
) -> None:
    world = World(None, pacing=False)
    async with open_harness(tmp_path, database, world) as harness:
        await harness.starts(options=FAST)
        ling, admin = harness.person("ling"), harness.person("admin")
        await scenes.meets_the_bot(admin)
        site = await is_confirmed(harness, ling, admin)
        await harness.settles()
        await harness.stops()
        plan = BotPlan(data=tmp_path, database=database, address=harness.address, exam=EXAM)
        async with dying_bot(process_pool, plan, KillPoint(arrow=Failpoint.SENT), harness) as bot:
            await asks_and_is_opened(bot, ling, site)
        for arrow in (Failpoint.JOB_DUE, Failpoint.JOB_DONE):
            child = await process_pool.starts(
                plan.model_copy(update={"blow": KillPoint(arrow=arrow, detail=JobKind.LATE_CHANGE)})
            )
            if arrow is Failpoint.JOB_DUE:
                await admin.says("/clock +5d")
            await child.wait_until_dead()
            assert child.was_killed_at_failpoint, arrow
        async with process_pool.runs(plan):
            await ling.reads("更改的时间到了")
            await harness.settles()
        assert await stage_of(harness) is Stage.CONFIRMED
        told = [one for one in await ling.from_bot() if "更改的时间到了" in one.text]
        rows = await database_summary(harness.settings)
    assert len(told) == 1
    assert rows.audit_entries[0]["late-change-closed"] == 1
    await _is_consistent(harness, "expired")


async def _is_consistent(harness: Harness, state: str) -> None:
    keyring = Keyring.of_file(harness.settings.keys_file, create=False)
    async with opened(harness.settings.database) as db, db.read() as connection:
        assert list(await connection.scalars(select(tables.late_changes.c.state))) == [state]
        found = await replay.differences(connection, keyring)
    assert [one for one in found if one.table == "applications"] == []
