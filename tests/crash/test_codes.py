"""The bot is killed between order, call, notification, move, receipt and refund of WeChat Pay."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest

pytest.importorskip("wechatpayv3")
pytest.importorskip("alipay")

from bot.core.database import read_keys
from bot.core.runtime import Failpoint
from bot.sandbox.world import World
from bot.sandbox.world.people import PEOPLE
from states.exam import PaymentWay
from states.payment.orders import Bucket
from states.records import Stage
from storage.engine.jobs import JobKind
from storage.payments import charges
from tests.databases import opened
from tests.e2e import call_log, merchants
from tests.e2e.bot import FAST, Harness, open_harness
from tests.e2e.db_asserts import ENDED, database_summary
from tests.e2e.merchants import Merchant
from tests.e2e.payments import comes_to_pay, is_approved, open_orders, paying_here
from tests.e2e.process_plans import BotPlan, KillPoint
from tests.e2e.process_pool import PooledProcess, ProcessPool
from tests.e2e.staff import stage_of
from tests.e2e.wait import until

pytestmark = pytest.mark.row("S23", "S25")

HERE = paying_here(PaymentWay.WECHAT)
JOB = (Failpoint.JOB_DUE, Failpoint.JOB_DONE)
HEARD = (Failpoint.MONEY_HEARD, Failpoint.MONEY_SETTLED)
"""Between the call of a provider and its commit, and after that; the same of a notification."""


@dataclass(slots=True)
class Deaths:
    """A bot that is started again and again, and what it meets meanwhile."""

    pool: ProcessPool
    plan: BotPlan
    harness: Harness
    merchant: Merchant

    async def dies_of_a_job(self, kind: JobKind) -> None:
        """It is killed before and after a job's commit."""
        for arrow in JOB:
            await self.pool.kills(self.plan, KillPoint(arrow=arrow, detail=kind))

    async def dies_of_a_notification(self, post: Callable[[], Coroutine[Any, Any, str]]) -> None:
        """It is killed before and after the commit of a notification, which gets no answer."""
        for arrow in HEARD:
            async with self.lives(KillPoint(arrow=arrow)) as child:
                with pytest.raises(aiohttp.ClientError):
                    await post()
                await child.wait_until_dead()
                assert child.was_killed_at_failpoint, arrow

    @asynccontextmanager
    async def lives(self, blow: KillPoint | None = None) -> AsyncIterator[PooledProcess]:
        """It runs for a while."""
        async with self.pool.runs(self.plan.model_copy(update={"blow": blow})) as child:
            yield child


async def test_one_order_one_fee_one_receipt_and_one_refund_while_the_bot_keeps_dying(
    process_pool: ProcessPool, tmp_path: Path, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World(None, pacing=False)
    (candidate,) = [resident.id for resident in PEOPLE if resident.slug == "ling"]
    async with open_harness(tmp_path, database, world) as harness:
        merchant = merchants.connect(harness, tmp_path, monkeypatch)
        await harness.starts(HERE, FAST)
        ling, admin, area = (harness.person(one) for one in ("ling", "admin", "area"))
        await is_approved(harness, ling, admin)
        await admin.says("/clock +48d")
        await admin.sees("2月5日")
        await comes_to_pay(ling)
        await harness.settles()
        now = harness.bot.clocks.wall.now()
        await harness.stops()
        async with merchants.gateway(merchant.wechat.server) as gateway:
            plan = BotPlan(
                data=tmp_path,
                database=database,
                address=harness.address,
                exam=HERE,
                webhook=merchant.settings,
                gateway=gateway,
            )
            deaths = Deaths(process_pool, plan, harness, merchant)
            await ling.presses("用微信付")
            await deaths.dies_of_a_job(JobKind.ORDER)
            async with deaths.lives():
                await ling.sees("微信支付：260 元", "付完不用截图")
            (number,) = await open_orders(harness)
            assert list(merchant.wechat.orders) == [number]

            def first() -> Coroutine[Any, Any, str]:
                return merchant.wechat_is_paid(harness, number, now, "4200000001")

            await deaths.dies_of_a_notification(first)
            async with deaths.lives():
                assert (await first()).startswith("200")
                await ling.sees("缴费成功")
                second = await merchant.wechat_is_paid(harness, number, now, "4200000002")
                assert second.startswith("200")
                await ling.sees("这是多付的")
                await area.says("/payments")
                await area.sees_now("应退：1 笔，260 元")
                await area.presses("1")
                await area.sees_now("交易号：4200000002")
                await area.presses("退给考生…")
                await area.sees_now("为什么退")
            await area.says("缴了两次")
            await deaths.dies_of_a_job(JobKind.REFUND)
            async with deaths.lives():
                await ling.sees("已退给您：260 元")

                async def is_quiet() -> bool:
                    return (await database_summary(harness.settings)).outbox.keys() <= ENDED

                await until(is_quiet)
        assert await stage_of(harness) is Stage.REGISTERED
        log = world.log()
    async with opened(database) as db, db.read() as connection:
        found = await charges.all_of(connection, read_keys(harness.settings))
    assert {one.number: one.bucket for one in found} == {
        "4200000001": Bucket.FEE,
        "4200000002": Bucket.SENT_BACK,
    }
    assert list(merchant.wechat.refunds.values()) == [26_000], "one refund, though asked twice"
    rows = await database_summary(harness.settings)
    entries = rows.audit_entries[0]
    assert (entries["paid"], entries["money-owed"], entries["refunded"]) == (1, 1, 1)
    told = [one.text for one in call_log.delivered_messages(log, candidate)]
    heard = Counter(word for one in told for word in ("缴费成功", "已退给您") if word in one)
    assert all(1 <= count <= 2 for count in heard.values()), heard
