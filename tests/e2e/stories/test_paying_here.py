"""Ling pays the fee in the conversation: in time, twice, too late, and heard of a day later."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.cli.payments import find_differences, import_file, make_report
from bot.core.settings import Refused
from states.exam import PaymentWay
from states.payment.orders import Bucket
from states.records import Stage
from states.staff_roles import Role, Scope
from states.texts import Text
from tests.e2e.bot import EXAM, Harness, open_harness
from tests.e2e.messages import Message
from tests.e2e.payments import HERE, buckets, cashier, delivers, is_approved
from tests.e2e.person import Person
from tests.e2e.staff import grant_role, stage_of
from tests.e2e.stories.test_reminders import REMINDED, becomes, times
from tests.e2e.wait import until

pytestmark = [pytest.mark.row("S23", "S25", "C8"), pytest.mark.both_databases]

CLOSES = EXAM.windows.payment.closes


@pytest.fixture
async def harness(tmp_path: Path, database: str) -> AsyncIterator[Harness]:
    """A bot in whose exam Qinghai takes the fee here."""
    async with open_harness(tmp_path, database) as harness:
        await harness.starts(HERE)
        yield harness


@pytest.fixture
async def admin(harness: Harness, ling: Person) -> Person:
    """The administrator; Ling is approved, and the payment is open."""
    admin = harness.person("admin")
    await is_approved(harness, ling, admin)
    await admin.says("/clock +48d")
    await admin.sees("2月5日")
    return admin


async def invoice(ling: Person) -> Message:
    """Ling looks at the bill and asks for the invoice."""
    await ling.says("/status")
    await ling.sees("现在轮到您了：请缴费", "2月13日", "视为自动放弃考试")
    await ling.presses("去缴费")
    await ling.sees("请先核对，再付款", "缴什么", "多少钱", "专业或科目不对")
    await ling.presses("在 Telegram 里付")
    return await ling.sees("考试费", "最晚")


async def moved_to(harness: Harness, admin: Person, hours: int) -> None:
    """So many hours go by, and the clock looks twice."""
    for _ in range(2):
        await admin.says(f"/clock +{hours // 2}h")
        await admin.sees("现在是")
        await harness.bot.scheduler.tick()


async def test_who_pays_is_registered_at_once_and_has_a_receipt(
    harness: Harness, ling: Person, admin: Person
) -> None:
    bill = await invoice(ling)
    await ling.pays(bill)
    told = await ling.sees("缴费成功", "您已报名成功", "交易号")
    assert told.has_picture
    assert await stage_of(harness) is Stage.REGISTERED
    await ling.says("/status")
    await ling.sees("报名成功", "收据", "Telegram 付款")
    await harness.settles()
    assert await buckets(harness) == {Bucket.FEE: 1}
    await ling.presses("去缴费")
    await ling.sees("报名成功")


async def test_the_invoice_is_refused_once_it_is_paid(
    harness: Harness, ling: Person, admin: Person
) -> None:
    first = await invoice(ling)
    await ling.presses("在 Telegram 里付")
    second = await ling.sees("考试费")
    await ling.pays(first)
    await ling.sees("缴费成功")
    await ling.pays(second)
    await ling.sees_toast("您已经缴过费了")
    assert await buckets(harness) == {Bucket.FEE: 1}


@pytest.mark.parametrize("outcome", ["repeat", "double", "alter"])
async def test_a_provider_that_errs_moves_nobody_by_mistake(
    outcome: str, harness: Harness, ling: Person, admin: Person
) -> None:
    await cashier(harness, outcome)
    bill = await invoice(ling)
    await ling.pays(bill)
    if outcome == "alter":
        await ling.sees("收到一笔钱，不能算作考试费", "金额和应缴的不一样")
        await harness.settles()
        assert await stage_of(harness) is Stage.APPROVED
        assert await buckets(harness) == {Bucket.OWED: 1}
        return
    await ling.sees("缴费成功")
    await harness.settles()
    assert await stage_of(harness) is Stage.REGISTERED
    receipts = [one for one in await ling.from_bot() if "缴费成功" in one.text]
    assert len(receipts) == 1
    doubled = {Bucket.OWED: 1} if outcome == "double" else {}
    assert await buckets(harness) == {Bucket.FEE: 1, **doubled}


async def test_the_second_payment_is_heard_of_before_the_first_and_one_of_them_counts(
    harness: Harness, ling: Person, admin: Person
) -> None:
    await cashier(harness, "reorder")
    first = await invoice(ling)
    await ling.pays(first)
    await ling.says("/status")
    await ling.sees("已支付，等待确认", "请先不要再付")
    await ling.presses("去缴费")
    await ling.sees("请先核对，再付款")
    await ling.presses("在 Telegram 里付")
    second = await ling.sees("考试费", "最晚")
    assert second.id != first.id
    await ling.pays(second)
    await ling.sees("缴费成功")
    await ling.sees("收到一笔钱，不能算作考试费", "这是多付的")
    await harness.settles()
    assert await stage_of(harness) is Stage.REGISTERED
    assert await buckets(harness) == {Bucket.FEE: 1, Bucket.OWED: 1}


async def test_who_does_not_pay_is_reminded_and_given_up(
    harness: Harness, ling: Person, admin: Person
) -> None:
    await becomes(admin, harness, "+2h", "2月5日")
    for number, (days, shown) in enumerate([(1, "2月6日"), (4, "2月10日"), (2, "2月12日")], 1):
        await becomes(admin, harness, f"+{days}d", shown)
        told = await ling.sees(REMINDED, "请缴费", "2026年2月13日（周五）23:59 截止")
        assert "逾期没有缴费，按规定视为自动放弃考试" in told.text
        assert "去缴费" in told.labels
        assert await times(ling, REMINDED) == number
    await moved_to(harness, admin, 3 * 24)
    await ling.sees("按自动放弃处理了", "到截止时间没有缴费")
    assert await stage_of(harness) is Stage.EXPIRED


async def test_money_of_the_last_second_is_heard_of_a_day_later_and_counts(
    harness: Harness, ling: Person, admin: Person
) -> None:
    await cashier(harness, "delay")
    bill = await invoice(ling)
    await ling.pays(bill)
    await ling.says("/status")
    await ling.sees("已支付，等待确认", "请先不要再付")
    await moved_to(harness, admin, 9 * 24)
    now = harness.bot.clocks.wall.now()
    assert timedelta(hours=1) < now - CLOSES < timedelta(hours=24)
    assert await stage_of(harness) is Stage.APPROVED
    await ling.says("我交过钱了")
    await ling.sees("付了款，这里没有显示")
    await delivers(harness, (now - CLOSES).total_seconds() + 5)
    await ling.sees("缴费成功")
    assert await stage_of(harness) is Stage.REGISTERED


async def test_forgotten_money_is_looked_for_by_the_area_and_the_deadline_waits(
    harness: Harness, ling: Person, admin: Person
) -> None:
    await cashier(harness, "forget")
    bill = await invoice(ling)
    await ling.pays(bill)
    await ling.says("我交过钱了")
    await ling.sees("付了款，这里没有显示", "交易单号")
    await ling.says("2月5日 14:20，260 元，交易单号 4200001234")
    await ling.sees("发给考区核对吗", "4200001234")
    await ling.presses("是，发给考区")
    await ling.sees("已转给考区核对", "不会作废")
    await moved_to(harness, admin, 12 * 24)
    assert await stage_of(harness) is Stage.APPROVED
    await harness.settles()


async def test_a_bank_that_declines_leaves_everything_open(
    harness: Harness, ling: Person, admin: Person
) -> None:
    await cashier(harness, "decline")
    bill = await invoice(ling)
    await ling.pays(bill)
    await ling.sees_toast("银行没有同意")
    await cashier(harness, "pay")
    await ling.pays(bill)
    await ling.sees("缴费成功")


async def test_staff_with_an_open_question_still_pay_as_candidates(
    harness: Harness, ling: Person, admin: Person
) -> None:
    bill = await invoice(ling)
    await grant_role(harness, 1001, Role.SITE_REVIEWER, Scope("shanxi", "taiyuan"))
    await ling.says("/find")
    await ling.sees("要找哪一份报名")
    await ling.pays(bill)
    await ling.sees("缴费成功")

    async def is_registered() -> bool:
        return await stage_of(harness) is Stage.REGISTERED

    await until(is_registered)


async def test_the_area_sends_doubled_money_back_with_a_reason(
    harness: Harness, ling: Person, admin: Person
) -> None:
    await cashier(harness, "double")
    await ling.pays(await invoice(ling))
    await ling.sees("缴费成功")
    area = harness.person("area")
    await area.says("/payments")
    await area.sees_now("收款和退款", "考试费：1 笔，260 元", "应退：1 笔，260 元", "多付的")
    await area.presses("1")
    await area.sees_now("260 元", "应缴 260 元", "交易号")
    await area.presses("退给考生…")
    await area.sees_now("为什么退")
    await area.says("缴了两次")
    await area.sees_now("请按考区的办法退款")
    await area.says("/payments")
    await area.sees_now("应退：1 笔", "等考区退款，再写退款号")
    await area.presses("1")
    await area.sees_now("退款原因：缴了两次")
    await area.presses("已经退了，写退款号…")
    await area.sees_now("流水号")
    await area.says("TK20260220001")
    await area.sees_now("已退", "考生已收到通知")
    await ling.sees("已退给您：260 元")
    await harness.settles()
    assert await buckets(harness) == {Bucket.FEE: 1, Bucket.SENT_BACK: 1}
    assert await stage_of(harness) is Stage.REGISTERED
    site = harness.person("site")
    await site.says("/payments")
    await site.sees_now("不在您的角色")


async def test_an_approval_is_undone_after_the_payment(
    harness: Harness, ling: Person, admin: Person
) -> None:
    await ling.pays(await invoice(ling))
    await ling.sees("缴费成功")
    await ling.says("/status")
    code = (await ling.sees("报名编号")).text.partition("报名编号：")[2][:8]
    area = harness.person("area")
    await area.says("/find")
    await area.sees("要找哪一份报名")
    await area.says(code)
    await area.sees_now("找到的报名")
    await area.presses(f"{code} 撤销审核通过…")
    await area.sees_now("撤销", "考生会看到")
    await area.says("资格证书不是本人的")
    await area.sees_now("已撤销")
    await ling.sees("考区撤销了您的审核通过")
    await ling.sees("收到一笔钱，不能算作考试费", "考区撤销了审核通过")
    await ling.says("/status")
    await ling.sees("考区审核没有通过", "要退给您")
    assert await stage_of(harness) is Stage.REVIEW_REFUSED
    assert await buckets(harness) == {Bucket.OWED: 1}


async def test_the_area_finds_what_a_candidate_says_to_have_paid(
    harness: Harness, ling: Person, admin: Person
) -> None:
    await ling.says("我交过钱了")
    await ling.sees("付了款，这里没有显示")
    await ling.says("2月5日 14:20，260 元，交易单号 4200001234")
    await ling.sees("发给考区核对吗", "4200001234")
    await ling.presses("是，发给考区")
    await ling.sees("已转给考区核对")
    area = harness.person("area")
    await area.says("/payments")
    told = await area.sees_now("说已经付了", "4200001234")
    (mark,) = [label for label in told.labels if label.endswith("查到了，标记已缴费")]
    await area.presses(mark)
    await area.sees_now("考生已经缴费了吗")
    await area.presses("✅ 确认已缴费")
    await ling.sees("您已报名成功")
    await area.says("/payments")
    later = await area.sees("收款和退款", "没有应退的钱")
    assert "说已经付了" not in later.text


@pytest.mark.row("S24")
async def test_desktop_payments_come_by_file(
    harness: Harness, ling: Person, admin: Person, tmp_path: Path
) -> None:
    await ling.says("/status")
    code = (await ling.sees("报名编号")).text.partition("报名编号：")[2][:8]
    file = tmp_path / "qinghai.csv"
    good = f"{code},PJ0001,260.00,2026-02-05 10:00:00"
    file.write_text(f"报名编号,票据号,金额,支付时间\n{good}\n{code},PJ0002,一百,昨天\n", "utf-8")
    with pytest.raises(Refused) as refused:
        await import_file(harness.settings, file, PaymentWay.DESKTOP)
    assert [text.key for text in refused.value.more] == ["line-amount"]
    assert await buckets(harness) == {}
    file.write_text(f"报名编号,票据号,金额,支付时间\n{good}\n", "utf-8")
    (said,) = await import_file(harness.settings, file, PaymentWay.DESKTOP)
    assert (said.args["fee"], said.args["known"]) == (1, 0)
    await harness.bot.scheduler.tick()
    await ling.sees("缴费成功：260 元")
    assert await stage_of(harness) is Stage.REGISTERED
    (again,) = await import_file(harness.settings, file, PaymentWay.DESKTOP)
    assert (again.args["fee"], again.args["known"]) == (0, 1)
    assert await buckets(harness) == {Bucket.FEE: 1}
    report = await make_report(harness.settings)
    assert report[-1].args["total"] == "260"
    assert await find_differences(harness.settings, file, PaymentWay.DESKTOP) == [
        Text("cli-payments-no-difference")
    ]


async def test_in_english(harness: Harness, ling: Person, admin: Person) -> None:
    await ling.says("/language")
    await ling.sees("请选择语言")
    await ling.presses("English")
    await ling.says("/status")
    await ling.sees("It is your turn: please pay the fee", "How much: 260 yuan", "giving up")
    await ling.presses("Pay the fee")
    await ling.sees("Please check this before you pay", "Wrong specialty or subjects?")
    await ling.presses("Pay in Telegram")
    bill = await ling.sees("Exam fee", "Please pay by")
    await ling.pays(bill)
    await ling.sees("Fee paid: 260 yuan. You are registered.", "Receipt")
    await ling.presses("I have paid")
    await ling.sees("You are registered", "Receipt")
