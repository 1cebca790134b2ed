"""Ling pays by a code of WeChat Pay or Alipay: the real libraries sign, verify and decrypt."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

pytest.importorskip("wechatpayv3")
pytest.importorskip("alipay")

from states.exam import PaymentWay
from states.payment.orders import Bucket
from states.records import Stage
from states.staff_roles import Role, Scope
from tests.e2e import merchants
from tests.e2e.bot import Harness, open_harness
from tests.e2e.merchants import Merchant
from tests.e2e.payments import buckets, comes_to_pay, is_approved, open_orders, paying_here
from tests.e2e.person import Person
from tests.e2e.staff import CLERK, grant_role, stage_of, undo_window_ends
from tests.e2e.wait import until

pytestmark = [pytest.mark.row("S23", "S25", "C8"), pytest.mark.both_databases]

LOW = 10_000
"""Fen above which a refund takes a second person in these stories."""
SUCCESS = '200 {"code":"SUCCESS","message":""}'


@pytest.fixture
async def harness(tmp_path: Path, database: str) -> AsyncIterator[Harness]:
    """No bot runs yet: it wants its keys first."""
    async with open_harness(tmp_path, database) as harness:
        yield harness


@pytest.fixture
async def merchant(harness: Harness, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Merchant:
    """The accounts of the bot, which now runs."""
    merchant = merchants.connect(harness, tmp_path, monkeypatch)
    exam = paying_here(PaymentWay.TELEGRAM, PaymentWay.WECHAT, PaymentWay.ALIPAY)
    payment = exam.payment.model_copy(update={"second_look": LOW})
    await harness.starts(exam.model_copy(update={"payment": payment}))
    return merchant


@pytest.fixture
async def admin(harness: Harness, merchant: Merchant, ling: Person) -> Person:
    """The administrator; Ling is approved, and the payment is open."""
    admin = harness.person("admin")
    await is_approved(harness, ling, admin)
    await admin.says("/clock +48d")
    await admin.sees("2月5日")
    return admin


async def code_comes(harness: Harness, ling: Person, way: str = "微信支付") -> str:
    """Ling asks for a code and gets it; its order number."""
    await ling.presses("去缴费")
    await ling.sees("请先核对，再付款", "缴什么", "多少钱")
    await ling.presses({"微信支付": "用微信付", "支付宝": "用支付宝付"}[way])
    await ling.sees(f"正在准备{way}的付款码", "一会儿就好", "可以换一种方式")
    await harness.bot.scheduler.tick()
    told = await ling.sees(f"{way}：260 元", "付完不用截图")
    assert told.has_picture, "the code to scan"
    (number,) = await open_orders(harness)
    return number


async def test_wechat_reports_a_payment_five_times_and_ling_has_one_receipt(
    harness: Harness, merchant: Merchant, ling: Person, admin: Person
) -> None:
    await ling.says("/status")
    await ling.sees("现在轮到您了：请缴费")
    number = await code_comes(harness, ling)
    shown = await ling.reads("请用微信支付的“扫一扫”", "替您付也算数")
    assert not any(button.label.startswith("在这台手机") for button in shown.buttons)
    now = harness.bot.clocks.wall.now()
    for _ in range(5):
        said = await merchant.wechat_is_paid(harness, number, now, "4200001234")
        assert said == SUCCESS
    told = await ling.sees("缴费成功：260 元", "您已报名成功", "4200001234")
    assert told.has_picture
    await harness.settles()
    receipts = [one for one in await ling.from_bot() if "缴费成功" in one.text]
    assert len(receipts) == 1
    assert await stage_of(harness) is Stage.REGISTERED
    assert await buckets(harness) == {Bucket.FEE: 1}


async def test_another_way_opens_only_when_the_first_is_closed_at_its_provider(
    harness: Harness, merchant: Merchant, ling: Person, admin: Person
) -> None:
    await ling.says("/status")
    await ling.sees("现在轮到您了：请缴费")
    first = await code_comes(harness, ling)
    await ling.presses("去缴费")
    await ling.sees("请先核对，再付款", "付款还没有确认")
    await ling.presses("用支付宝付")
    await ling.sees("您还有一个没付的微信支付", "先把它关掉", "不会付两次")
    assert set(await open_orders(harness)) <= {first}, "no second one yet"
    await harness.bot.scheduler.tick()
    await ling.sees("微信支付的那一笔已经关掉", "旧的付款码请不要再扫", "可以换别的方式")
    assert merchant.wechat.orders[first]["trade_state"] == "CLOSED"
    assert await open_orders(harness) == []
    second = await code_comes(harness, ling, "支付宝")
    shown = await ling.reads("支付宝：260 元", "点下面的按钮")
    assert any(label.startswith("在这台手机") for label in shown.labels)
    now = harness.bot.clocks.wall.now()
    said = await merchant.alipay_is_paid(harness, second, now, "2026020522001")
    assert said == "200 success"
    await ling.sees("缴费成功：260 元", "支付宝")
    assert await buckets(harness) == {Bucket.FEE: 1}


async def test_while_one_provider_is_away_the_other_takes_the_fee(
    harness: Harness, merchant: Merchant, ling: Person, admin: Person
) -> None:
    merchant.wechat.server.answer = lambda *_: (503, {})
    await comes_to_pay(ling)
    await ling.presses("用微信付")
    await ling.sees("正在准备微信支付的付款码")
    await harness.bot.scheduler.tick()
    number = await code_comes(harness, ling, "支付宝")
    now = harness.bot.clocks.wall.now()
    await merchant.alipay_is_paid(harness, number, now, "2026020522001")
    await ling.sees("缴费成功：260 元")
    merchant.wechat.server.answer = merchant.wechat.answer
    await undo_window_ends(harness, admin)
    await harness.settles()
    assert not any("微信支付：260 元" in one.text for one in await ling.from_bot())
    assert await buckets(harness) == {Bucket.FEE: 1}


async def test_a_notification_that_never_came_is_asked_for_at_once(
    harness: Harness, merchant: Merchant, ling: Person, admin: Person
) -> None:
    await ling.says("/status")
    await ling.sees("现在轮到您了：请缴费")
    number = await code_comes(harness, ling)
    await ling.says("我交过钱了")
    await ling.sees("正在问支付方", "请先不要再付")
    await harness.bot.scheduler.tick()
    await ling.sees("刚问过支付方：微信支付还没有收到您的这笔钱", "我来提供付款凭证")
    merchant.wechat.pay(number, harness.bot.clocks.wall.now(), "4200001234")
    await ling.says("我交过钱了")
    await ling.sees("正在问支付方")
    await harness.bot.scheduler.tick()
    await ling.sees("缴费成功：260 元", "4200001234")
    assert await stage_of(harness) is Stage.REGISTERED
    said = " ".join(one.text for one in await ling.from_bot())
    assert "失败" not in said, "while nobody knows, nothing has failed"


async def test_money_that_came_twice_goes_back_once_after_a_second_look_and_five_errors(
    harness: Harness, merchant: Merchant, ling: Person, admin: Person
) -> None:
    await ling.says("/status")
    await ling.sees("现在轮到您了：请缴费")
    number = await code_comes(harness, ling)
    now = harness.bot.clocks.wall.now()
    await merchant.wechat_is_paid(harness, number, now, "4200000001")
    await ling.sees("缴费成功")
    await merchant.wechat_is_paid(harness, number, now, "4200000002")
    await ling.sees("收到一笔钱，不能算作考试费", "这是多付的")
    await grant_role(harness, CLERK, Role.AREA_REVIEWER, Scope("qinghai"), "孙倩")
    area, other = harness.person("area"), harness.person("clerk")
    await area.says("/payments")
    await area.sees_now("应退：1 笔，260 元")
    await area.presses("1")
    await area.sees_now("260 元", "应缴 260 元", "交易号：4200000002")
    await area.presses("退给考生…")
    await area.sees_now("为什么退")
    await area.says("缴了两次")
    waiting = await area.sees_now("等第二个人复核")
    assert "同意退款" not in " ".join(waiting.labels)
    await harness.bot.scheduler.tick()
    assert merchant.wechat.refunds == {}
    await other.says("/payments")
    await other.sees_now("应退：1 笔，260 元", "等第二个人复核")
    await other.presses("1")
    await other.sees_now("退款原因：缴了两次")
    merchant.wechat.errors = 5
    await other.presses("同意退款")
    await other.sees_now("正在请支付方退款")
    for _ in range(14):
        await undo_window_ends(harness, admin)
    assert list(merchant.wechat.refunds.values()) == [26_000]
    await ling.sees("已退给您：260 元", "4200000002")
    await harness.settles()
    assert await buckets(harness) == {Bucket.FEE: 1, Bucket.SENT_BACK: 1}
    calls = [path for _, path, _ in merchant.wechat.server.calls if "refund" in path]
    assert len(calls) == 6


async def test_an_order_that_was_open_at_the_deadline_is_closed_and_waited_for(
    harness: Harness, merchant: Merchant, ling: Person, admin: Person
) -> None:
    """A candidate who does not pay is given up once WeChat repeats nothing any more."""
    await ling.says("/status")
    await ling.sees("现在轮到您了：请缴费")
    closes = harness.exam.windows.payment.closes + harness.exam.payment.grace
    await passes_to(harness, admin, closes - timedelta(minutes=30))
    number = await code_comes(harness, ling)
    await passes_to(harness, admin, closes + timedelta(minutes=1))
    assert merchant.wechat.orders[number]["trade_state"] == "CLOSED"
    await passes_to(harness, admin, closes + timedelta(hours=24, minutes=3))
    assert await stage_of(harness) is Stage.APPROVED
    await passes_to(harness, admin, closes + timedelta(hours=24, minutes=20))

    async def is_given_up() -> bool:
        return await stage_of(harness) is Stage.EXPIRED

    await until(is_given_up)
    await ling.sees("按自动放弃处理了", "到截止时间没有缴费")


async def passes_to(harness: Harness, admin: Person, moment: datetime) -> None:
    """The clock comes to this moment, and the scheduler looks."""
    hours, left = divmod(moment - harness.bot.clocks.wall.now(), timedelta(hours=1))
    for step in (f"+{hours}h", f"+{-(-left // timedelta(minutes=1))}m"):
        await admin.says(f"/clock {step}")
        await admin.sees("现在是")
    for _ in range(3):
        await harness.bot.scheduler.tick()
