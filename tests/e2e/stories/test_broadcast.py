"""Everybody who is concerned hears of it: composed, looked at, sent, paused, counted."""

from __future__ import annotations

import pytest

from states.staff_roles import Role, Scope
from tests.e2e import scenes
from tests.e2e.bot import Harness
from tests.e2e.person import Person
from tests.e2e.staff import SITE, grant_role
from tests.photos import jpeg

pytestmark = pytest.mark.row("B3", "B4")

TEXT = "{姓名}您好，{考区}的报名请在{截止时间}前提交。"
FILLED = ("刘玲您好", "青海考区", "前提交")


async def writes_to_all_drafts(admin: Person, text: str = TEXT) -> None:
    """From the command to the plan, in Chinese only."""
    await admin.says("/broadcast")
    await admin.sees("群发通知")
    await admin.presses("新的群发")
    await admin.sees("新的群发：发给谁", "现在符合的有")
    await admin.presses("还没有做的…")
    await admin.sees_now("还没有做哪件事")
    await admin.presses("没有提交")
    await admin.sees_now("哪件事", "还没有做的：没有提交")
    await admin.presses("← 选好了")
    await admin.sees_buttons("下一步：写内容")
    await admin.presses("下一步：写内容")
    await admin.sees("请发中文内容", "{姓名}", "{截止时间}")
    await admin.says(text)
    await admin.sees("请发英文内容")
    await admin.presses("跳过")


@pytest.mark.both_databases
async def test_who_has_not_submitted_is_told_and_the_sender_sees_the_outcome(
    harness: Harness, ling: Person, admin: Person
) -> None:
    chen = harness.person("chen")
    await scenes.comes_to_the_form(ling)
    await scenes.meets_the_bot(chen)
    await chen.blocks_the_bot()
    await writes_to_all_drafts(admin)
    plan = await admin.sees("再确认发出", "现在符合的有", "马上开始", "例 1")
    assert "刘玲" not in plan.text, "samples are masked"
    assert "刘*您好" in plan.text
    assert "联系不上" in plan.text
    await admin.presses("先发给我自己看看")
    await admin.sees("您好", "前提交")
    await admin.sees("试发好了")
    await admin.presses("✅ 确认，发给他们")
    await admin.sees("群发", "共")
    await ling.sees(*FILLED)
    report = await admin.sees("发完了", "已送达")
    assert "停用了机器人：1 人" in report.text
    assert "不清楚" not in report.text


async def test_a_picture_goes_to_both_languages_and_a_long_caption_is_refused(
    harness: Harness, ling: Person, admin: Person
) -> None:
    chen = harness.person("chen")
    await scenes.comes_to_the_form(ling)
    await chen.says("/start")
    await chen.sees("请选择语言")
    await chen.presses("English")
    await chen.sees("Do you agree")
    await chen.presses("I agree, let's start")
    await admin.says("/broadcast")
    await admin.presses_when("新的群发")
    await admin.sees("新的群发：发给谁")
    await admin.presses("下一步：写内容")
    await admin.sees("请发中文内容")
    await admin.sends_picture(jpeg(600, 400))
    await admin.sees("文件收到了")
    await admin.says("长" * 1025)
    await admin.sees("最多 1,024 个字符", "请至少删去 1 个")
    await admin.says("{性名}您好")
    await admin.sees("{性名}", "不认识")
    await admin.says("{姓名您好")
    await admin.sees("没有成对")
    await admin.says("考点地图如下。")
    await admin.sees("请发英文内容")
    await admin.says("{name}, here is the map.")
    await admin.sees("再确认发出", "English：1 人")
    await admin.presses("✅ 确认，发给他们")
    shown = await ling.sees("考点地图如下。")
    assert shown.has_picture
    assert (await chen.sees("here is the map.")).has_picture
    await admin.sees("发完了")


async def test_the_same_broadcast_is_not_begun_twice_and_nobody_is_a_clear_sentence(
    harness: Harness, ling: Person, admin: Person
) -> None:
    await scenes.comes_to_the_form(ling)
    await writes_to_all_drafts(admin)
    await admin.sees("再确认发出")
    await admin.presses("✅ 确认，发给他们")
    await ling.sees(*FILLED)
    await admin.sees("发完了")
    await writes_to_all_drafts(admin)
    await admin.sees("再确认发出")
    await admin.presses("✅ 确认，发给他们")
    await admin.sees("没有再发一遍")
    await admin.says("/broadcast")
    await admin.presses_when("新的群发")
    await admin.sees("新的群发：发给谁")
    await admin.presses("进度…")
    await admin.sees_now("哪种进度")
    await admin.presses("报名成功")
    await admin.sees_now("现在没有人符合")
    await admin.presses("← 选好了")
    await admin.sees_buttons("下一步：写内容")
    await admin.presses("下一步：写内容")
    await admin.sees("没有可以发给的人")


async def test_a_site_reviewer_writes_to_their_own_site_only(
    harness: Harness, ling: Person, admin: Person
) -> None:
    site, chen = harness.person("site"), harness.person("chen")
    await scenes.comes_to_the_form(ling)
    await scenes.meets_the_bot(chen)
    await grant_role(harness, SITE, Role.SITE_REVIEWER, Scope("qinghai", "xining"))
    before = len(await chen.from_bot())
    await writes_to_all_drafts(site)
    await site.sees("再确认发出", "现在符合的有 1 人")
    await site.presses("✅ 确认，发给他们")
    await ling.sees(*FILLED)
    await site.sees("发完了", "已送达：1 人")
    assert len(await chen.from_bot()) == before
    clerk = harness.person("clerk")
    await clerk.says("/broadcast")
    await clerk.sees("这里只给工作人员用")
    await admin.says("/broadcast")
    await admin.sees("发完了")


async def test_it_is_paused_and_goes_on_then_cancelled(
    harness: Harness, ling: Person, admin: Person
) -> None:
    await scenes.comes_to_the_form(ling)
    before = len(await ling.from_bot())
    await writes_to_all_drafts(admin)
    await admin.sees("再确认发出")
    await admin.says("2025-13-01 09:00")
    await admin.sees("请这样写开始的时间")
    await admin.says("2025-12-05 09:00")
    await admin.sees("2025年12月5日（周五）09:00 开始")
    await admin.presses("✅ 确认，发给他们")
    await admin.sees_now("等时间到", "等着发")
    await admin.presses("⏸ 暂停")
    await admin.sees_now("已暂停")
    await admin.says("/clock +5d")
    await admin.sees("现在是")
    await harness.bot.scheduler.tick()
    assert len(await ling.from_bot()) == before, "a paused broadcast does not start"
    await admin.presses("▶️ 继续发剩下的")
    await ling.sees(*FILLED)
    await admin.sees("发完了")
    await writes_to_all_drafts(admin, "请再看一看。")
    await admin.sees("再确认发出")
    await admin.says("2025-12-20 09:00")
    await admin.sees("2025年12月20日（周六）09:00 开始")
    await admin.presses("✅ 确认，发给他们")
    await admin.sees_now("等时间到")
    await admin.presses("取消…")
    await admin.sees("要取消这次群发吗")
    await admin.presses("确定取消")
    await admin.sees("已取消", "没有发")
    await harness.settles()
    assert all("请再看一看" not in one.text for one in await ling.from_bot())


async def test_in_english(harness: Harness, ling: Person, admin: Person) -> None:
    await scenes.comes_to_the_form(ling)
    await admin.says("/language")
    await admin.presses_when("English")
    await admin.says("/broadcast")
    await admin.presses_when("New broadcast")
    await admin.sees("to whom?", "1 person meets this now")
    await admin.presses("Next: the text")
    await admin.sees("Please send the Chinese text", "{name}")
    await admin.says("{name}，请提交。")
    await admin.sees("Please send the English text")
    await admin.presses("Skip")
    await admin.sees("Please look once more", "The last message goes out")
    await admin.presses("✅ Confirm and send")
    await ling.sees("刘玲，请提交。")
    await admin.sees("finished", "sent:")
