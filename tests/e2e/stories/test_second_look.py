"""Refused for good: one asks, another looks and agrees, the candidate is told what it means."""

from __future__ import annotations

import pytest

from states.records import Stage
from states.staff_roles import Role, Scope
from tests.e2e import scenes
from tests.e2e.bot import Harness
from tests.e2e.person import Person
from tests.e2e.staff import CLERK, SITE, grant_role, stage_of, undo_window_ends

pytestmark = pytest.mark.row("B8", "B10", "S19")

XINING = Scope("qinghai", "xining")


@pytest.fixture
async def waits(harness: Harness, ling: Person, admin: Person) -> None:
    """A registration of Xining waits for its confirmation; two people decide there."""
    await scenes.registers(ling)
    await grant_role(harness, SITE, Role.SITE_REVIEWER, XINING, "赵磊")
    await grant_role(harness, CLERK, Role.SITE_REVIEWER, XINING, "王敏")
    colleague = harness.person("clerk")
    await colleague.says("/staff")
    await colleague.sees("您的工作角色")
    await admin.says("/clock +2d")
    await admin.sees("12月4日")


async def asks_to_refuse_for_good(who: Person) -> None:
    """Takes the case, and asks for a second look, with a reason and words."""
    await who.says("/queue")
    await who.sees_now("待办队列", "1 份待办")
    await who.presses("领取下一份")
    await who.sees_now("报名确认", scenes.NAME)
    await who.presses("❌ 不通过…")
    await who.sees_now("哪里不通过")
    await who.presses("报考信息")
    await who.sees_now("哪一项不通过")
    await who.presses("报考专业：内科学 303")
    await who.sees_now("为什么不通过")
    await who.presses("不符合报考条件")
    await who.sees_now("不符合报考条件")
    await who.presses("写总的说明")
    await who.sees_now("总的说明")
    await who.says("执业注册不满规定的年限")
    await who.sees_now("执业注册不满规定的年限")
    await who.presses("看一遍再发出")
    await who.sees_now("考生会看到这些", "不符合报考条件")
    await who.presses("⛔ 不予通过（考生不能再改）…")
    await who.sees_now("您建议不予通过", "同事同意以后才作数")


async def test_refused_for_good_by_two_and_opened_again(
    waits: None, harness: Harness, ling: Person, admin: Person
) -> None:
    first, second = harness.person("site"), harness.person("clerk")
    await asks_to_refuse_for_good(first)
    before = len(await ling.from_bot())
    await second.sees("有一份报名要您再看一遍", "建议不予通过")
    await second.presses("领取这一份")
    await second.sees_now(
        "赵磊 建议不予通过", "不符合报考条件", "执业注册不满规定的年限", scenes.NUMBER
    )
    await second.presses("⛔ 同意，不予通过")
    await second.sees_now("您和同事决定不予通过", "60 秒内可以撤销")
    await first.sees("同事看过，同意不予通过")
    assert len(await ling.from_bot()) == before, "nothing leaks before the undo window ends"
    await undo_window_ends(harness, admin)
    assert await stage_of(harness) is Stage.REJECTED
    told = await ling.sees(
        "报名确认的结果：不予通过",
        "不符合报考条件",
        "执业注册不满规定的年限",
        "这不是要您修改",
        "两位工作人员",
        "0971",
    )
    assert not [one for one in told.labels if "修改" in one or "提交" in one]
    await ling.says("/status")
    await ling.sees("不予通过", "这不是要您修改")
    await ling.says("我要撤回")
    await ling.sees("不能再改，也不用撤回")
    await ling.says("/print")
    await ling.sees("不用打印报名表")
    await first.says("/stats")
    await first.sees("不予通过")
    await opens_again(first)
    assert await stage_of(harness) is Stage.SUBMITTED
    await ling.sees("之前的审核结果要更正")
    await ling.says("/status")
    await ling.sees("再次办理报名确认")


async def opens_again(who: Person) -> None:
    """The desk finds the case, and opens its own decision again."""
    await who.says(scenes.NAME)
    found = await who.sees("找到的报名", "不予通过")
    (history,) = [one for one in found.labels if "办理记录" in one]
    await who.presses(history)
    await who.sees("报名确认不予通过", "建议不予通过", "同事同意")
    await who.presses("决定有误，重新办理…")
    await who.sees("为什么要重新办理")
    await who.says("年限算错了，2019 年 7 月起已满")
    await who.sees("已回到“报名确认”的队列")


async def test_in_english_a_colleague_does_not_agree(
    waits: None, harness: Harness, ling: Person, admin: Person
) -> None:
    first, second = harness.person("site"), harness.person("clerk")
    await scenes.speaks_english(ling)
    await asks_to_refuse_for_good(first)
    await scenes.speaks_english(second)
    await second.says("/queue")
    await second.sees_now("1 waiting")
    await second.presses("Take the next one")
    await second.sees_now("赵磊 asks to reject it for good", "second look")
    await second.presses("Do not agree, decide as usual")
    await second.sees_now("You do not agree to reject it for good")
    await first.sees("不同意不予通过，会照常办理")
    await second.presses("✅ Approve")
    await undo_window_ends(harness, admin)
    assert await stage_of(harness) is Stage.CONFIRMED
    await ling.sees("confirmed")


async def test_in_english_it_says_that_nothing_can_be_corrected(
    waits: None, harness: Harness, ling: Person, admin: Person
) -> None:
    first, second = harness.person("site"), harness.person("clerk")
    await scenes.speaks_english(ling)
    await asks_to_refuse_for_good(first)
    await second.sees("有一份报名要您再看一遍")
    await second.presses("领取这一份")
    await second.sees_now("赵磊 建议不予通过")
    await second.presses("⛔ 同意，不予通过")
    await undo_window_ends(harness, admin)
    await ling.sees(
        "Result of the confirmation: rejected for good",
        "does not ask you to correct anything",
        "Two members of the staff",
        "0971",
    )
