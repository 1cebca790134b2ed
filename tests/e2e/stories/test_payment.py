"""Ling is approved and pays elsewhere: the site marks her as paid, or her area's file says it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.cli.payments import import_file, make_report
from states.exam import Payment, PaymentWay
from states.records import Stage
from tests.e2e.bot import EXAM, Harness
from tests.e2e.payments import is_approved
from tests.e2e.person import Person
from tests.e2e.staff import stage_of

pytestmark = pytest.mark.row("S21", "B18")

AT_A_COMPUTER = EXAM.model_copy(
    update={
        "areas": tuple(
            one.model_copy(update={"payment": Payment.DESKTOP}) if one.code == "qinghai" else one
            for one in EXAM.areas
        )
    }
)


@pytest.mark.both_databases
async def test_who_pays_elsewhere_is_held_for_months_and_registered_by_the_site(
    harness: Harness, ling: Person, admin: Person
) -> None:
    site = harness.person("site")
    await is_approved(harness, ling, admin)
    await ling.sees("报名确认通过了", "接下来：西宁考点审核", "2025年12月17日（周三）起")
    todo = await ling.sees("资格审核通过了", "接下来：请您缴费", "2026年2月4日（周三）起")
    assert "考区：0971-0000000" in todo.text
    await admin.says("/clock +150d")
    await admin.sees("2026年5月")
    for _ in range(2):
        await harness.bot.scheduler.tick()
    await admin.sees("有到期的报名等您决定", "1 份：缴费时间已过", "/forfeits unpaid")
    await admin.says("/forfeits release")
    await admin.sees("会在一分钟内")
    await harness.bot.scheduler.tick()
    assert await stage_of(harness) is Stage.APPROVED
    await ling.says("/status")
    status = await ling.sees("缴费已于", "还没有您的缴费记录", "不会自动作废")
    code = status.text.partition("报名编号：")[2][:8]
    await site.says("/find")
    await site.sees("要找哪一份报名")
    await site.says(code)
    await site.sees("找到的报名", "资格审核已通过")
    await site.presses(f"{code} 已在别处缴费")
    await site.sees("考生已经缴费了吗", "青海考区")
    await site.says("QH20260210")
    await site.sees("票据号：QH20260210")
    await site.presses("✅ 确认已缴费")
    await site.sees("已标记为已缴费")
    await ling.sees("您已报名成功")
    assert await stage_of(harness) is Stage.REGISTERED


@pytest.mark.both_databases
@pytest.mark.row("S24", "S25")
async def test_who_has_to_pay_at_a_computer_is_told_so_imported_and_registered(
    harness: Harness, ling: Person, admin: Person, tmp_path: Path
) -> None:
    await harness.stops()
    await harness.starts(AT_A_COMPUTER)
    await is_approved(harness, ling, admin)
    await admin.says("/clock +48d")
    await admin.sees("2月5日")
    await ling.says("/status")
    told = await ling.sees("请缴费", "请用电脑缴", "这个考区不能用手机缴费", "在官方平台缴费")
    assert told.says(("逾期没有缴费", "会在这里标记“已缴费”", "2月13日"))
    assert "去缴费" not in " ".join(told.labels)
    code = told.text.partition("报名编号：")[2][:8]
    await ling.says("我交过钱了")
    await ling.sees("付了款，这里没有显示", "票据号")
    file = tmp_path / "qinghai.csv"
    line = f"{code},PJ0001,260.00,2026-02-05 10:00:00"
    file.write_text(f"报名编号,票据号,金额,支付时间\n{line}\n", "utf-8")
    (said,) = await import_file(harness.settings, file, PaymentWay.DESKTOP)
    assert (said.args["fee"], said.args["owed"]) == (1, 0)
    await harness.bot.scheduler.tick()
    await ling.sees("缴费成功：260 元", "您已报名成功", "PJ0001")
    assert await stage_of(harness) is Stage.REGISTERED
    await ling.says("/status")
    await ling.sees("报名成功", "收据", "考区平台", "260 元")
    day, total = await make_report(harness.settings)
    assert (day.args["area"], day.args["day"], day.args["fee"]) == ("青海考区", "2026-02-05", "260")
    assert total.args["total"] == "260"
