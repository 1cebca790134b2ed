"""The other side of the counter: what was handed in is taken, looked at, decided and told."""

from __future__ import annotations

import pytest

from states.records import Stage
from states.staff_roles import Role, Scope
from tests.e2e import scenes
from tests.e2e.bot import Harness
from tests.e2e.person import Person
from tests.e2e.staff import (
    AREA,
    CLERK,
    SITE,
    grant_role,
    stage_of,
    undo_window_ends,
)
from tests.e2e.stories import test_online_area as online

pytestmark = pytest.mark.row("S19", "S21", "S22", "C6", "B9", "B10")

TAIYUAN = Scope("shanxi", "taiyuan")


async def hands_in(ling: Person) -> None:
    """An area that confirms on site and takes no fee online."""
    await scenes.meets_the_bot(ling)
    await scenes.gives_the_account(ling)
    await scenes.locks_the_account(ling)
    await scenes.chooses(ling, "山西考区", "太原考点")
    await scenes.fills_the_form(ling, employer="山西示例第一人民医院")
    await scenes.gives_the_photo(ling)
    await scenes.submits(ling)


async def takes_and_approves(who: Person, desk: str) -> None:
    """The queue, the card, yes."""
    await who.says("/queue")
    shown = await who.sees_now("待办队列", desk, "1 份待办")
    assert scenes.NAME not in shown.text
    await who.presses("领取下一份")
    card = await who.sees_now(desk, scenes.NAME, scenes.NUMBER)
    assert "通过" in card.labels
    await who.presses("✅ 通过")
    await who.sees_now("您决定通过")


@pytest.mark.both_databases
async def test_from_the_counter_on_site_to_registered(
    harness: Harness, ling: Person, admin: Person
) -> None:
    site, area = harness.person("site"), harness.person("area")
    await hands_in(ling)
    await grant_role(harness, SITE, Role.SITE_REVIEWER, TAIYUAN)
    await grant_role(harness, AREA, Role.AREA_REVIEWER, Scope("shanxi"))
    await admin.says("/clock +2d")
    await admin.sees("12月4日")
    await takes_and_approves(site, "报名确认")
    assert await stage_of(harness) is Stage.SUBMITTED, "nothing leaks before the undo window ends"
    await undo_window_ends(harness, admin)
    assert await stage_of(harness) is Stage.CONFIRMED
    await site.sees_now("已办完", "报名确认通过", "王敏")
    await admin.says("/clock +15d")
    await admin.sees("12月19日")
    await takes_and_approves(site, "考点审核")
    await undo_window_ends(harness, admin)
    await takes_and_approves(area, "考区审核")
    await undo_window_ends(harness, admin)
    assert await stage_of(harness) is Stage.REGISTERED


async def test_a_decision_is_taken_back_and_nobody_hears_of_it(
    harness: Harness, ling: Person, admin: Person
) -> None:
    site = harness.person("site")
    await hands_in(ling)
    await grant_role(harness, SITE, Role.SITE_REVIEWER, TAIYUAN)
    await admin.says("/clock +2d")
    await admin.sees("12月4日")
    await takes_and_approves(site, "报名确认")
    await site.presses("撤销这个决定")
    await site.sees_now("已撤销", scenes.NAME)
    await undo_window_ends(harness, admin)
    assert await stage_of(harness) is Stage.SUBMITTED
    before = len(await ling.from_bot())
    await site.presses("❌ 不通过…")
    await site.sees_now("哪里不通过")
    await site.presses("联系方式")
    await site.sees_now("哪一项不通过")
    await site.presses("手机：138 0013 8000")
    await site.sees_now("为什么不通过")
    await site.presses("填写有误")
    draft = await site.sees_now("手机：填写有误")
    assert {"❌ 联系方式", "报考信息"} <= {button.label for button in draft.buttons}
    await site.presses("写总的说明")
    await site.sees_now("总的说明")
    await site.says("请带原件再来")
    await site.sees_now("请带原件再来")
    await site.presses("看一遍再发出")
    await site.sees_now("考生会看到这些", "填写有误", "请带原件再来", "12月19日")
    await site.presses("❌ 确定不通过")
    await site.sees_now("您决定不通过")
    assert len(await ling.from_bot()) == before
    await undo_window_ends(harness, admin)
    assert await stage_of(harness) is Stage.CONFIRM_REFUSED


async def hands_in_online(ling: Person) -> None:
    """An area that confirms online, with all that it asks for."""
    await online.comes_to_the_materials(ling)
    for kind in ("身份证件", "学历学位证书", "单位工作年限证明"):
        await ling.sees_now("请上传证明材料")
        await ling.presses(kind)
        await ling.sees(f"请发：{kind}")
        await ling.sends_file(online.PAGE)
        await ling.sees("收到，已保存")
        await ling.says("/back")
    await ling.sees("请上传证明材料")
    await ling.presses("证明材料上传完成")
    await ling.sees("请核对全部信息")
    await ling.presses("提交报名信息")
    await ling.sees("等待线上确认")


@pytest.mark.row("B8")
async def test_online_a_paper_is_refused_sent_anew_and_reviewed_twice(
    harness: Harness, ling: Person, admin: Person
) -> None:
    clerk, site, area = (harness.person(who) for who in ("clerk", "site", "area"))
    await hands_in_online(ling)
    point = Scope("tianjin", "heping", "heping-1")
    await grant_role(harness, CLERK, Role.POINT_CLERK, point, "李敏")
    await grant_role(harness, SITE, Role.SITE_REVIEWER, Scope("tianjin", "heping"))
    await grant_role(harness, AREA, Role.AREA_REVIEWER, Scope("tianjin"))
    await admin.says("/clock +2d")
    await admin.sees("12月4日")
    await clerk.says("/queue")
    await clerk.sees_now("待办队列", "1 份待办")
    await clerk.presses("领取下一份")
    card = await clerk.sees_now("报名确认", scenes.NUMBER)
    for shown in (scenes.SCHOOL, "临床", "天津示例第一人民医院", "138 0013 8000"):
        assert shown in card.text
    assert "报名照片：1 个文件" in card.text
    paper = await clerk.sees_now("学历学位证书（1/1）")
    assert paper.has_picture
    assert paper.id < card.id, "the card with its buttons stands below"
    await clerk.presses("不通过…")
    await clerk.sees_now("哪里不通过", scenes.NAME, "编号")
    await clerk.presses("学历学位证书")
    await clerk.sees_now("为什么不通过", scenes.NAME)
    await clerk.says("第二页没有拍到")
    await clerk.sees_now("学历学位证书：第二页没有拍到")
    await clerk.presses("看一遍再发出")
    await clerk.sees_now("考生会看到这些")
    await clerk.presses("确定不通过")
    await clerk.sees_now("您决定不通过")
    await undo_window_ends(harness, admin)
    await clerk.sees_now("已办完", "报名确认不通过", "李敏")
    await clerk.sees_gone(paper.id)

    await ling.sees("报名确认没有通过", "学历学位证书", "第二页没有拍到")
    await ling.presses("修改学历学位证书")
    await ling.sees("请发：学历学位证书")
    await ling.sends_file(online.OTHER_PAGE)
    await ling.sees("收到，已保存")
    await ling.says("/back")
    await ling.sees("都看过了")
    await ling.presses("改好了，再次提交")
    await ling.sees("报名信息已提交")

    await clerk.says("/queue")
    await clerk.sees("待办队列", "1 份待办")
    await clerk.presses("领取下一份")
    card = await clerk.sees("以前的决定", "报名确认不通过", "上次决定以后改动的", "学历学位证书")
    assert "学历学位证书：第二页没有拍到" in card.text, "the reasons of the last refusal"
    assert "学历学位证书：文件有改动（1 个 → 2 个）" in card.text
    assert "没有改动" not in card.text
    await clerk.presses("通过")
    await clerk.sees_now("您决定通过")
    await undo_window_ends(harness, admin)
    assert await stage_of(harness) is Stage.CONFIRMED
    await admin.says("/clock +15d")
    await admin.sees("12月19日")
    await takes_and_approves(site, "考点审核")
    await undo_window_ends(harness, admin)
    await takes_and_approves(area, "考区审核")
    await undo_window_ends(harness, admin)
    assert await stage_of(harness) is Stage.APPROVED
    await ling.sees("资格审核通过了", "接下来：请您缴费")
