"""A refusal is read again by somebody who does not know it; a third person finds it wrong."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from states.exam.sampling import SpotCheckRates, SpotCheckRules
from states.records import Stage
from states.staff_roles import Role, Scope
from tests.e2e import scenes
from tests.e2e.bot import EXAM, Harness, open_harness
from tests.e2e.person import Person
from tests.e2e.staff import AREA, CLERK, SITE, grant_role, stage_of, undo_window_ends

pytestmark = pytest.mark.row("B23")

XINING = Scope("qinghai", "xining")
EVERY = SpotCheckRules(confirmation=SpotCheckRates(approved=1, refused=1))


@pytest.fixture
async def harness(tmp_path: Path, database: str) -> AsyncIterator[Harness]:
    """A bot with an exam that has every confirmation read again."""
    async with open_harness(tmp_path, database) as harness:
        await harness.starts(EXAM.model_copy(update={"spot_checks": EVERY}))
        yield harness


async def meets(harness: Harness, slug: str, account: int, role: Role, name: str) -> Person:
    """Somebody of the staff who has met the bot."""
    await grant_role(
        harness, account, role, XINING if role is Role.SITE_REVIEWER else Scope("qinghai"), name
    )
    who = harness.person(slug)
    await who.says("/staff")
    await who.sees("您的工作角色")
    return who


async def refuses(first: Person) -> None:
    """Finds the specialty wrong."""
    await first.says("/queue")
    await first.sees_now("1 份待办")
    await first.presses("领取下一份")
    await first.sees_now("报名确认", scenes.NAME)
    await first.presses("❌ 不通过…")
    await first.sees_now("哪里不通过")
    await first.presses("报考信息")
    await first.sees_now("哪一项不通过")
    await first.presses("报考专业：内科学 303")
    await first.sees_now("为什么不通过")
    await first.presses("不符合报考条件")
    await first.sees_now("不符合报考条件")
    await first.presses("看一遍再发出")
    await first.sees_now("考生会看到这些")
    await first.presses("❌ 确定不通过")
    await first.sees_now("60 秒内可以撤销")


@pytest.mark.both_databases
async def test_a_wrong_refusal_is_found_and_the_desk_opens_it_again(
    harness: Harness, ling: Person, admin: Person
) -> None:
    first = await meets(harness, "site", SITE, Role.SITE_REVIEWER, "赵磊")
    second = await meets(harness, "clerk", CLERK, Role.SITE_REVIEWER, "王敏")
    third = await meets(harness, "area", AREA, Role.AREA_REVIEWER, "孙倩")
    await scenes.registers(ling)
    await admin.says("/clock +2d")
    await admin.sees("12月4日")
    await refuses(first)
    await undo_window_ends(harness, admin)
    await ling.sees("不符合报考条件")
    heard = len(await ling.from_bot())
    await first.says("/checks")
    await first.sees("现在没有等您看的")
    await second.says("/queue")
    await second.sees_now("抽查：1 份等您看")
    await second.says("/checks")
    await second.sees("1 份等您看", "照平时的标准再看一遍")
    await second.presses("领取一份抽查")
    card = await second.sees("抽查", "您会通过吗", scenes.NAME, "内科学 303", "提交时的判断")
    assert "不符合报考条件" not in card.text
    assert "赵磊" not in card.text
    await second.presses("✅ 我会通过")
    await second.sees("记下了，不改变任何结果")
    await undo_window_ends(harness, admin)
    await third.says("/checks")
    await third.sees("1 份等您看")
    await third.presses("领取一份抽查")
    await third.sees("两个人的看法不同", "一个人：不通过", "不符合报考条件", "另一个人：通过")
    await third.presses("✅ 我会通过")
    await third.sees("我会告诉作决定的那一步")
    assert await stage_of(harness) is Stage.CONFIRM_REFUSED
    assert len(await ling.from_bot()) == heard, "the candidate hears nothing of a check"
    await first.sees("不该不通过", "请马上打开办理记录核对")
    await first.presses("看办理记录")
    await first.sees("报名确认不通过")
    await first.presses("决定有误，重新办理…")
    await first.sees("为什么要重新办理")
    await first.says("抽查发现年限算错了")
    await first.sees("已回到“报名确认”的队列")
    await ling.sees("之前的审核结果要更正")
    await first.says("/stats")
    await first.sees("抽查：两个人看得一不一致", "1 份，一致 0 份", "认为第一次不对 1 份")


async def test_in_english_a_second_reader_would_refuse_with_a_reason(
    harness: Harness, ling: Person, admin: Person
) -> None:
    first = await meets(harness, "site", SITE, Role.SITE_REVIEWER, "赵磊")
    second = await meets(harness, "clerk", CLERK, Role.SITE_REVIEWER, "王敏")
    await scenes.speaks_english(second)
    await scenes.registers(ling)
    await admin.says("/clock +2d")
    await admin.sees("12月4日")
    await first.says("/queue")
    await first.sees_now("1 份待办")
    await first.presses("领取下一份")
    await first.sees_now("报名确认", scenes.NAME)
    await first.presses("✅ 通过")
    await first.sees_now("60 秒内可以撤销")
    await undo_window_ends(harness, admin)
    await second.says("/checks")
    await second.sees("1 waits for you")
    await second.presses("Take a spot check")
    await second.sees("would you approve it?", scenes.NAME)
    await second.presses("❌ I would refuse…")
    await second.sees("Why would you refuse it?")
    await second.says("……")
    await second.sees("Please write one sentence")
    await second.says("The major does not fit the specialty.")
    await second.sees("No result changes", "You can undo it for 60 seconds")
    assert await stage_of(harness) is Stage.CONFIRMED
    await second.says("/stats")
    await second.sees("do two people agree", "κ needs approvals and refusals")
