"""Papers of a request for a late change: judged at once, read after it is sent, shown to staff."""

from __future__ import annotations

import pytest

from states.papers.values import PaperField
from storage.candidates.papers import Said
from tests import papers
from tests.e2e import scenes
from tests.e2e.bot import Harness
from tests.e2e.person import Person
from tests.e2e.stories.test_late_change import code, is_confirmed
from tests.e2e.stories.test_papers import JUNE, is_read, judgements
from tests.e2e.stories.test_withdraw_and_print import hands_in

pytestmark = [pytest.mark.row("B7"), pytest.mark.row("B24")]

WHY = "证书和报名表不一致"
OTHER = "100001201205000099"


async def comes_to_the_papers(ling: Person, *answers: str) -> None:
    """She asks to change these answers, as far as the papers."""
    await ling.says("申请更改")
    await ling.sees("您要改哪几项")
    for name in answers:
        await ling.presses(f"○ {name}")
        await ling.sees_buttons(f"✓ {name}")
    await ling.presses("下一步：交证明")
    await ling.sees("请发证明材料")


async def sends_it(ling: Person) -> None:
    """She gives the reason, and sends the request."""
    await ling.presses("下一步：写原因")
    await ling.sees("为什么要改")
    await ling.says(WHY)
    await ling.sees("把这份申请交给")
    await ling.presses("是，交上去")
    await ling.sees("申请交上去了")


async def test_a_blurred_paper_is_told_and_a_lying_one_is_turned_before_it_is_sent(
    harness: Harness, ling: Person, admin: Person
) -> None:
    await is_confirmed(harness, ling, admin)
    await comes_to_the_papers(ling, "单位名称")
    await ling.sends_file(papers.blurred(), "letter.jpg")
    await ling.sees("收到，已保存", "看起来模糊", "已有 1 个")
    await ling.sends_file(papers.lying("degree"), "degree.jpg")
    offer = await ling.reads("这一页像是横着的")
    assert offer.has_picture
    await ling.sees("收到，已保存", "像是横着的", "已有 2 个")
    await ling.taps(offer, "用右边的")
    await ling.sees("已换成转正的", "已有 2 个")
    await is_read(harness)
    assert not any(one.is_read for one in await judgements(harness)), "it is not sent yet"
    await sends_it(ling)
    await is_read(harness)
    read = {one.reading.turns for one in await judgements(harness) if one.reading.values}
    assert read == {(0,)}, "the copy that she chose stands upright"
    await ling.taps(offer, "用左边的")
    await ling.sees("已经改过了")


async def test_a_difference_is_asked_about_and_the_staff_see_it_beside_the_form(
    harness: Harness, ling: Person, admin: Person
) -> None:
    site = await is_confirmed(harness, ling, admin)
    await comes_to_the_papers(ling, "单位名称")
    await ling.sends_file(papers.paper(**JUNE), "degree.jpg")
    assert "⚠" not in (await ling.sees("收到，已保存")).text
    await sends_it(ling)
    asked = await ling.reads("更改申请的证明材料，第 1 个文件", "证书上是 2012-06", "哪个对")
    assert asked.has_picture
    await ling.taps(asked, "报名表上的对")
    await ling.sees("报名表不变")
    (judged,) = await judgements(harness)
    assert judged.said == {PaperField.GRADUATED: Said.FORM}
    await site.says("/changes")
    await site.sees_now("1 份在等您决定")
    await site.presses(f"看 {await code(harness)}")
    await site.sees_now("不同 1 项", "证书 2012-06 ≠ 报名表 2012-07", "考生说报名表上的对")
    await site.presses("材料和报名表对照")
    beside = await site.sees_now("更改申请的证明材料，第 1 个文件", "请以原件为准")
    assert beside.has_picture
    await site.presses("✅ 同意…")
    await site.sees_now("同意吗？")
    await site.presses("✅ 同意，开放这几项")
    await site.sees_now("已同意")
    assert not await site.stands(beside.id)


async def test_a_paper_differs_on_purpose_in_what_is_to_be_changed(
    harness: Harness, ling: Person, admin: Person
) -> None:
    wider = harness.exam.late_changes.model_copy(update={"fields": ("employer", "education")})
    await harness.stops()
    await harness.starts(harness.exam.model_copy(update={"late_changes": wider}))
    site = await is_confirmed(harness, ling, admin)
    await comes_to_the_papers(ling, "学历学位")
    await ling.sends_file(papers.paper(**JUNE, certificate=OTHER), "degree.jpg")
    await ling.sees("收到，已保存")
    await sends_it(ling)
    await is_read(harness)
    (judged,) = await judgements(harness)
    assert judged.is_read
    assert not [one for one in await ling.from_bot() if "哪个对" in one.text]
    await site.says("/changes")
    await site.sees_now("1 份在等您决定")
    await site.presses(f"看 {await code(harness)}")
    await site.sees_now("不同 2 项", "证书 2012-06 ≠ 报名表 2012-07")
    await site.presses("✅ 同意…")
    await site.sees_now("同意吗？")
    await site.presses("✅ 同意，开放这几项")
    await site.sees_now("已同意")
    await ling.sees("您的更改申请同意了", "学历学位")
    await ling.says("/profile")
    await ling.sees("这里保存着您的这些信息")
    await ling.presses("我的学历学位")
    await ling.sees(scenes.SCHOOL)
    await ling.presses("用证书填一条学历")
    await ling.sees("更改申请的证明材料，第 1 个文件", "第 1 项，共 6 项", "读得对吗")


async def test_a_blurred_proof_of_a_correction_is_told_and_kept(
    harness: Harness, ling: Person
) -> None:
    await hands_in(ling)
    await ling.says("/profile")
    await ling.sees("以上身份信息已锁定")
    await ling.presses("更正姓名或证件号码")
    await ling.sees("哪一项填错了", scenes.NAME)
    await ling.presses("姓名")
    await ling.sees("正确的姓名是什么")
    await ling.says("刘灵")
    await ling.sees("请发一张证件照片")
    await ling.sends_file(papers.blurred())
    await ling.sees("收到，已保存", "看起来模糊", "请核对您的申请", "附有证件照片")
    (judged,) = await judgements(harness)
    assert judged.pages
