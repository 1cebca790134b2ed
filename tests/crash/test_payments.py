"""The bot is killed between invoice, question, payment, move and receipt: one fee, one receipt."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.core.database import read_keys
from bot.core.runtime import Failpoint
from bot.sandbox.world import World
from bot.sandbox.world.people import PEOPLE
from states.records import Stage
from storage.payments import charges
from tests.databases import opened
from tests.e2e import call_log
from tests.e2e.bot import FAST, open_harness
from tests.e2e.db_asserts import ENDED, database_summary
from tests.e2e.payments import HERE, comes_to_pay, is_approved
from tests.e2e.process_plans import BotPlan, KillPoint
from tests.e2e.process_pool import ProcessPool
from tests.e2e.staff import stage_of
from tests.e2e.wait import until

pytestmark = pytest.mark.row("S23", "S25")

RECEIPT = "缴费成功"
BLOWS = (
    KillPoint(arrow=Failpoint.RECEIVED),
    KillPoint(arrow=Failpoint.TAKEN),
    KillPoint(arrow=Failpoint.DISPATCHED),
    KillPoint(arrow=Failpoint.COMMITTED),
    KillPoint(arrow=Failpoint.SENT),
)


async def test_money_is_settled_once_while_the_bot_keeps_dying(
    process_pool: ProcessPool, tmp_path: Path, database: str
) -> None:
    world = World(None, pacing=False)
    (candidate,) = [resident.id for resident in PEOPLE if resident.slug == "ling"]
    async with open_harness(tmp_path, database, world) as harness:
        await harness.starts(HERE, FAST)
        ling, admin = harness.person("ling"), harness.person("admin")
        await is_approved(harness, ling, admin)
        await admin.says("/clock +48d")
        await admin.sees("2月5日")
        await comes_to_pay(ling)
        await ling.presses("在 Telegram 里付")
        invoice = await ling.sees("考试费", "最晚")
        await harness.settles()
        await harness.stops()
        plan = BotPlan(data=tmp_path, database=database, address=harness.address, exam=HERE)
        for blow in BLOWS:
            if not world.paid(world.people[candidate], invoice.id):
                await ling.pays(invoice)
            else:
                await ling.says("/status")
            await process_pool.kills(plan, blow)
        async with process_pool.runs(plan):

            async def is_registered() -> bool:
                return await stage_of(harness) is Stage.REGISTERED

            await until(is_registered)
            await harness.settles()
        log = world.log()
    async with opened(database) as db, db.read() as connection:
        (charge,) = await charges.all_of(connection, read_keys(harness.settings))
    assert charge.verdict == "fee"
    rows = await database_summary(harness.settings)
    assert rows.audit_entries[0]["paid"] == 1
    assert rows.outbox.keys() <= ENDED
    heard = [one for one in call_log.delivered_messages(log, candidate) if RECEIPT in one.text]
    assert 1 <= len(heard) <= 2
