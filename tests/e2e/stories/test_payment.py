"""Ling is approved and pays elsewhere: nobody gives her up, and the site marks her as paid."""

from __future__ import annotations

import pytest

from states.records import Stage
from tests.e2e.bot import Harness
from tests.e2e.payments import is_approved
from tests.e2e.person import Person
from tests.e2e.staff import stage_of

pytestmark = pytest.mark.row("S21", "B18")


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
