"""After the time to change: a candidate asks, the site or the area opens just that, or declines."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from states.records import ApplicationId, Stage
from states.staff_roles import Role, Scope
from states.submissions.application_codes import code_of
from states.submissions.print_verification import VerdictKind
from storage.engine import tables
from tests.databases import opened
from tests.e2e import scenes
from tests.e2e.bot import Harness
from tests.e2e.db_asserts import records
from tests.e2e.person import Person
from tests.e2e.staff import AREA, SITE, grant_role, stage_of, undo_window_ends
from tests.e2e.stories.test_staff_review import takes_and_approves
from tests.e2e.stories.test_withdraw_and_print import hands_in, prints, verdict_on

pytestmark = pytest.mark.row("B24")

LING = 1001
OTHER_EMPLOYER = "青海示例中医医院"
XINING = Scope("qinghai", "xining")


async def code(harness: Harness) -> str:
    """The code of the only application."""
    async with opened(harness.settings.database) as db, db.read() as connection:
        found = await connection.scalar(select(tables.applications.c.id))
    return code_of(ApplicationId(found or 0))


async def requests(harness: Harness) -> list[str]:
    """How each request stands, the oldest first."""
    table = tables.late_changes
    async with opened(harness.settings.database) as db, db.read() as connection:
        return list(await connection.scalars(select(table.c.state).order_by(table.c.id)))


async def employer(harness: Harness) -> str:
    """The employer in the application, as a second connection reads it."""
    found = await records(harness.settings, harness.exam.key, LING)
    assert found.application is not None
    return found.application.answers["employer"]


async def is_confirmed(harness: Harness, ling: Person, admin: Person) -> Person:
    """Handed in, confirmed at the counter, and under review; the site's person is returned."""
    site = harness.person("site")
    await grant_role(harness, SITE, Role.SITE_REVIEWER, XINING)
    await hands_in(ling)
    await admin.says("/clock +2d")
    await admin.sees("12月4日")
    await takes_and_approves(site, "报名确认")
    await undo_window_ends(harness, admin)
    await admin.says("/clock +14d")
    await admin.sees("12月18日")
    return site


async def asks(ling: Person, why: str = "十一月\u202e调到了第二人民医院") -> None:
    """Asks to change the employer, with a paper and a reason."""
    await ling.says("已经确认了，单位换了怎么办")
    await ling.sees("您要改哪几项", scenes.EMPLOYER, "西宁考点")
    await ling.presses("下一步：交证明")
    await ling.sees("请先选要改的内容")
    await ling.presses("○ 单位名称")
    await ling.sees_buttons("✓ 单位名称")
    await ling.presses("下一步：交证明")
    await ling.sees("请发证明材料")
    await ling.sends_file(scenes.PHOTO)
    await ling.sees("收到，已保存", "已有 1 个")
    await ling.presses("下一步：写原因")
    await ling.sees("为什么要改", "要改的：单位名称", "西宁考点")
    await ling.says(why)
    await ling.sees("把这份申请交给西宁考点吗", "单位名称")
    await ling.presses("是，交上去")
    await ling.sees("申请交上去了", "西宁考点")


@pytest.mark.both_databases
async def test_asked_opened_changed_and_handed_in_again(
    harness: Harness, ling: Person, admin: Person
) -> None:
    site = await is_confirmed(harness, ling, admin)
    first = await prints(harness, ling, "第 1 次提交")
    await ling.says("/withdraw")
    await ling.sees("已经不能撤回", "可以申请更改")
    await asks(ling)
    await ling.says("/status")
    await ling.sees("更改申请：单位", "在等西宁考点决定")
    await ling.says("/change")
    await ling.sees("在等西宁考点决定", "有了结果马上告诉您")
    news = await site.reads("有考生申请更改报名内容", "1 份")
    assert scenes.NAME not in news.text
    await site.says("/queue")
    await site.sees_now("更改申请：1 份")
    await site.says("/changes")
    listed = await site.sees_now("1 份在等您决定", await code(harness))
    assert scenes.NAME not in listed.text
    await site.presses(f"看 {await code(harness)}")
    card = await site.sees_now(
        "更改申请", scenes.NAME, scenes.EMPLOYER, "十一月调到了第二人民医院", "第 1 次，最多 2 次"
    )
    assert scenes.NUMBER not in card.text
    await site.presses("材料 1")
    await site.sees_now("证明材料，第 1 个，共 1 个")
    await site.presses("✅ 同意…")
    await site.sees_now("同意吗？", "只开放这几项", "2025年12月21日")
    await site.presses("✅ 同意，开放这几项")
    await site.sees_now("已同意")
    assert not await site.stands(card.id)
    assert await stage_of(harness) is Stage.CHANGING
    await site.says("/queue")
    await site.sees_now("现在没有等您办理的报名")
    await ling.sees("您的更改申请同意了", "单位", "12月21日", "原来打印的报名表作废")
    await ling.says("/todo")
    await ling.sees("您的报名正在更改", "12月21日", "再次提交")
    await ling.presses("去更改")
    await ling.sees("您的报名正在更改")
    await ling.presses("修改单位名称")
    await ling.sees("您的工作单位")
    await ling.says(OTHER_EMPLOYER)
    await ling.sees("都看过了", "还没有提交")
    assert (await verdict_on(harness, first)).kind is VerdictKind.CURRENT
    await ling.presses("✓ 改好了，再次提交")
    await ling.sees("报名信息已提交", "考点审核")
    assert await stage_of(harness) is Stage.CONFIRMED, "the confirmation is kept"
    assert await requests(harness) == ["done"]
    verdict = await verdict_on(harness, first)
    assert (verdict.kind, verdict.number) == (VerdictKind.REPLACED, 2)
    await prints(harness, ling, "第 2 次提交", "第 1 次提交的打印件作废")
    await site.says("/queue")
    await site.sees_now("考点审核", "1 份待办")
    await site.presses_when("领取下一份")
    await site.sees_now("考点审核", OTHER_EMPLOYER, f"{scenes.EMPLOYER} → {OTHER_EMPLOYER}")
    await site.presses("✅ 通过")
    await undo_window_ends(harness, admin)
    assert await stage_of(harness) is Stage.SITE_APPROVED


@pytest.mark.both_databases
async def test_declined_with_a_reason_and_asked_once_more_than_allowed(
    harness: Harness, ling: Person, admin: Person
) -> None:
    site = await is_confirmed(harness, ling, admin)
    for number in (1, 2):
        await asks(ling)
        await site.says("/changes")
        await site.sees("1 份在等您决定")
        await site.presses(f"看 {await code(harness)}")
        await site.sees_now(f"第 {number} 次，最多 2 次")
        await site.presses("❌ 不同意…")
        await site.sees_now("为什么不同意")
        await site.says("证明上没有新\u202e单位的公章")
        await site.sees_now("没有同意", "原因已告诉考生")
        await ling.sees("您的更改申请没有同意", "单位", "证明上没有新单位的公章", "内容不变")
        assert await stage_of(harness) is Stage.CONFIRMED
    await ling.says("申请更改")
    await ling.sees("最多申请 2 次", "上次的申请", "证明上没有新单位的公章")
    assert await requests(harness) == ["declined", "declined"]


@pytest.mark.both_databases
async def test_what_was_opened_and_not_handed_in_closes_by_itself(
    harness: Harness, ling: Person, admin: Person
) -> None:
    site = await is_confirmed(harness, ling, admin)
    before = await employer(harness)
    await asks(ling)
    await site.says("/changes")
    await site.sees("1 份在等您决定")
    await site.presses(f"看 {await code(harness)}")
    await site.sees_now("十一月调到了第二人民医院")
    await site.presses("✅ 同意…")
    await site.sees_now("同意吗？")
    await site.presses("✅ 同意，开放这几项")
    await site.sees_now("已同意")
    await ling.sees("您的更改申请同意了")
    await ling.presses("修改单位名称")
    await ling.sees("您的工作单位")
    await ling.says(OTHER_EMPLOYER)
    await ling.sees("还没有提交")
    assert await employer(harness) != before
    await admin.says("/clock +2d")
    await admin.sees("12月20日")
    await harness.bot.scheduler.tick()
    await ling.reads("提醒：这件事还等着您办", "单位", "12月21日")
    await admin.says("/clock +2d")
    await admin.sees("12月22日")
    await harness.bot.scheduler.tick()
    await harness.bot.scheduler.tick()
    await ling.sees("更改的时间到了", "恢复成提交时的样子", "考点审核")
    assert await stage_of(harness) is Stage.CONFIRMED
    assert await employer(harness) == before
    assert await requests(harness) == ["expired"]
    await ling.says("改手机号")


@pytest.mark.both_databases
async def test_in_english_the_area_decides_where_its_rules_say_so(
    harness: Harness, ling: Person, admin: Person
) -> None:
    area_rules = harness.exam.late_changes.model_copy(
        update={"decides": "area", "papers_required": False}
    )
    exam = harness.exam.model_copy(update={"late_changes": area_rules})
    await harness.stops()
    await harness.starts(exam)
    site = await is_confirmed(harness, ling, admin)
    area = harness.person("area")
    await grant_role(harness, AREA, Role.AREA_REVIEWER, Scope("qinghai"), "孙倩")
    await scenes.speaks_english(ling)
    await ling.says("I want to ask for a change of employer")
    await ling.sees("Which answers do you want to change?", "Qinghai", "You can still ask 2 times")
    await ling.presses("○ Mobile")
    await ling.sees_buttons("✓ Mobile")
    await ling.presses("Next: papers")
    await ling.sees("If you have papers that prove it")
    await ling.presses("Next: the reason")
    await ling.sees("Why do you want to change it?", "To be changed: Mobile")
    await ling.says("My old number was given to somebody else")
    await ling.sees("Send this request to Qinghai?")
    await ling.presses("Yes, send the request")
    await ling.sees("Your request is sent", "Qinghai")
    await ling.says("/change")
    await ling.sees("waits for Qinghai")
    await ling.presses("Cancel, change nothing")
    await ling.sees("Your request is cancelled and your answers stay")
    await ling.presses("Yes, change nothing")
    await ling.sees("All right, nothing is changed")
    assert await requests(harness) == ["dropped"]
    await ling.says("/change")
    await ling.sees("You can still ask once")
    await ling.presses("○ Mobile")
    await ling.sees_buttons("✓ Mobile")
    await ling.presses("Next: papers")
    await ling.sees("If you have papers that prove it")
    await ling.presses("Next: the reason")
    await ling.sees("Why do you want to change it?")
    await ling.says("My old number was given to somebody else")
    await ling.sees("Send this request to Qinghai?")
    await ling.presses("Yes, send the request")
    await ling.sees("Your request is sent")
    await site.says("/changes")
    await site.sees_now("不在您的角色和负责范围内")
    await area.says("/changes")
    await area.sees_now("1 份在等您决定")
    await area.presses(f"看 {await code(harness)}")
    await area.sees_now("My old number was given to somebody else", "138 0013 8000")
    await area.presses("✅ 同意…")
    await area.sees_now("同意吗？")
    await area.presses("✅ 同意，开放这几项")
    await area.sees_now("已同意")
    await ling.sees("Your request for a change is approved", "Mobile")
    await ling.presses("Change: Mobile")
    await ling.sees("mobile")
    await ling.says("13900139000")
    await ling.sees("not submitted")
    await ling.presses("✓ Done, submit again")
    await ling.sees("submitted")
    assert await stage_of(harness) is Stage.CONFIRMED
    assert await requests(harness) == ["dropped", "done"]
