"""Everybody who is concerned hears of it: composed, looked at, sent, paused, counted."""

from __future__ import annotations

import asyncio

import pytest

from states.staff_roles import Role, Scope
from tests.e2e import scenes
from tests.e2e.bot import Harness
from tests.e2e.person import Person
from tests.e2e.staff import AREA, SITE, grant_role
from tests.photos import jpeg
from tests.scans import pdf

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
    await admin.presses("没有提交，或撤回了没有再交")
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


async def test_a_text_with_a_gap_for_somebody_is_noticed_before_it_is_sent(
    harness: Harness, ling: Person, admin: Person
) -> None:
    """Ling has chosen no specialty yet: the sentence would end in the middle."""
    await scenes.comes_to_the_form(ling)
    await writes_to_all_drafts(admin, "{姓名}您好，您报考的{专业}请尽快提交。")
    plan = await admin.sees("再确认发出", "例 1 里有空着的地方")
    assert "您报考的（未填）请尽快提交" in plan.text
    await writes_to_all_drafts(admin)
    plan = await admin.sees("再确认发出", "前提交")
    assert "空着" not in plan.text


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
    asked = [one for one in await admin.from_bot() if one.says(("要取消这次群发吗",))]
    assert not [label for one in asked for label in one.labels], "nothing is left to be cancelled"
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


async def test_two_administrators_who_begin_the_same_one_send_it_once(
    harness: Harness, ling: Person, admin: Person
) -> None:
    second = harness.person("area")
    await grant_role(harness, AREA, Role.ADMINISTRATOR, Scope(), "孙倩")
    await grant_role(harness, 1000, Role.ADMINISTRATOR, Scope(), "周岚")
    await scenes.comes_to_the_form(ling)
    await writes_to_all_drafts(admin)
    await writes_to_all_drafts(second)
    await admin.sees("再确认发出")
    await second.sees("再确认发出")
    await admin.presses("✅ 确认，发给他们")
    await admin.sees("发完了")
    await second.presses("✅ 确认，发给他们")
    told = await second.sees("同样的内容已经由 周岚", "没有再发一遍")
    await second.taps(told, next(one for one in told.labels if one.startswith("看群发")))
    await second.sees("发完了", "已送达：1 人")
    assert sum(one.says(FILLED) for one in await ling.from_bot()) == 1


async def test_a_document_is_tried_in_each_language_and_goes_to_both(
    harness: Harness, ling: Person, chen: Person, admin: Person
) -> None:
    await scenes.comes_to_the_form(ling)
    await meets_the_bot_in_english(chen)
    await admin.says("/broadcast")
    await admin.presses_when("新的群发")
    await admin.sees("新的群发：发给谁")
    await admin.presses("下一步：写内容")
    await admin.sees("请发中文内容")
    await admin.says("长" * 4097)  # it arrives in two messages, as from any app
    await admin.sees("内容太长，Telegram 把它分成了几条，所以都没有用", "最多 4,095 个字符")
    await admin.sees("内容太长", "请发中文内容")
    await admin.sends_file(pdf(1), "notice.pdf")
    await admin.sees("文件收到了")
    await admin.says("{姓名}，请看附件。")
    await admin.sees("请发英文内容", "已带一个文件")
    await admin.says("{name}, please read the file.")
    await admin.sees("再确认发出", "English：1 人")
    await admin.presses("先发给我自己看看")
    assert (await admin.sees("，请看附件。")).document
    assert (await admin.sees(", please read the file.")).document
    await admin.sees("上面那 2 条，每种语言一条")
    await admin.presses("✅ 确认，发给他们")
    assert (await ling.sees("刘玲，请看附件。")).document
    assert (await chen.sees("please read the file.")).document
    await admin.sees("发完了", "已送达：2 人")


async def meets_the_bot_in_english(person: Person) -> None:
    """Language and consent."""
    await person.says("/start")
    await person.sees("请选择语言")
    await person.presses("English")
    await person.sees("Do you agree")
    await person.presses("I agree, let's start")


async def test_what_cannot_arrive_in_time_is_refused_with_the_latest_start(
    harness: Harness, ling: Person, admin: Person
) -> None:
    await scenes.comes_to_the_form(ling)
    await writes_to_all_drafts(admin)
    await admin.sees("再确认发出", "要赶在 2025年12月15日（周一）23:59 以前")
    await admin.says("2025-12-16 00:00")
    late = await admin.sees("来不及", "请改在 2025年12月15日（周一）23:59 以前开始")
    assert "✅ 确认，发给他们" not in late.labels
    await admin.says("2025-12-15 20:00")
    await admin.sees_buttons("✅ 确认，发给他们")
    shown = [await admin.reads("再确认发出")]
    while "要赶在" in shown[-1].text and len(shown) < 9:  # through the later deadlines to none
        await admin.presses("换截止时间")
        shown.append(await admin.sees("再确认发出"))
    assert "要赶在" not in shown[-1].text, "a broadcast needs no deadline"


async def test_a_paid_one_tells_its_price_before_and_is_sent_as_such(
    harness: Harness, ling: Person, admin: Person
) -> None:
    await scenes.comes_to_the_form(ling)
    await writes_to_all_drafts(admin)
    plain = await admin.sees("再确认发出")
    assert "付费快发：开 / 关" not in plain.labels, "a setting allows it first"
    await harness.settles()
    await harness.stops()
    harness.settings = harness.settings.model_copy(update={"paid_broadcasts": True})
    await harness.starts()
    await writes_to_all_drafts(admin, "请今天提交。")
    await admin.sees("再确认发出")
    await admin.presses("付费快发：开 / 关")
    await admin.sees("付费快发：1 条，共 1 颗 Telegram 星星，从机器人的余额里扣")
    await admin.presses("✅ 确认，发给他们")
    await ling.sees("请今天提交。")
    await admin.sees("发完了", "已送达：1 人")
    sent = [one for one in harness.world.log() if one.params.get("text") == "请今天提交。"]
    assert [bool(one.params.get("allow_paid_broadcast")) for one in sent] == [True]


async def test_who_withdraws_before_it_starts_is_not_told(
    harness: Harness, ling: Person, admin: Person
) -> None:
    await scenes.registers(ling)
    await admin.says("/broadcast")
    await admin.presses_when("新的群发")
    await admin.sees("新的群发：发给谁")
    await admin.presses("进度…")
    await admin.sees_now("哪种进度")
    await admin.presses("已提交")
    await admin.sees_now("进度：已提交")
    await admin.presses("← 选好了")
    await admin.sees_buttons("下一步：写内容")
    await admin.presses("下一步：写内容")
    await admin.sees("请发中文内容")
    await admin.says("请带上报名表。")
    await admin.sees("请发英文内容")
    await admin.presses("跳过")
    await admin.sees("再确认发出", "现在符合的有 1 人")
    await admin.says("2025-12-05 09:00")
    await admin.sees("12月5日（周五）09:00 开始")
    await admin.presses("✅ 确认，发给他们")
    await admin.sees_now("等时间到", "等着发：1 人")
    await ling.says("/withdraw")
    await ling.sees_buttons("是，撤回")
    await ling.presses("是，撤回")
    await ling.sees("已撤回，现在没有提交")
    await admin.says("/clock +5d")
    await admin.sees("现在是")
    await harness.bot.scheduler.tick()
    await admin.sees("发完了", "已不符合条件，没有发：1 人")
    assert all("请带上报名表" not in one.text for one in await ling.from_bot())


@pytest.mark.both_databases
async def test_two_who_confirm_it_at_the_same_moment_send_it_once(
    harness: Harness, ling: Person, admin: Person
) -> None:
    second = harness.person("area")
    await grant_role(harness, AREA, Role.ADMINISTRATOR, Scope(), "孙倩")
    await scenes.comes_to_the_form(ling)
    for one in (admin, second):
        await writes_to_all_drafts(one)
        await one.sees("再确认发出")
    confirm = "✅ 确认，发给他们"
    await asyncio.gather(admin.presses(confirm), second.presses(confirm))
    await ling.sees(*FILLED)
    await harness.settles()
    read = [*await admin.from_bot(), *await second.from_bot()]
    assert sum(one.says(("没有再发一遍",)) for one in read) == 1
    assert sum(one.says(FILLED) for one in await ling.from_bot()) == 1
