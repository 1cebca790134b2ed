"""A nurse is reminded, picks an evening, is reminded then, turns it off, takes the dates along."""

from __future__ import annotations

from datetime import timedelta

import pytest

from states.exam import Exam, Window
from tests.e2e import scenes
from tests.e2e.bot import EXAM, Harness
from tests.e2e.person import Person

pytestmark = pytest.mark.row("B2", "S13")

REMINDED = "提醒：这件事还等着您办"


async def becomes(admin: Person, harness: Harness, moved: str, shown: str) -> None:
    """It is later, and the bot has looked around."""
    await admin.says(f"/clock {moved}")
    await admin.sees(shown)
    await harness.bot.scheduler.tick()


async def times(person: Person, *texts: str) -> int:
    """How many messages of the bot have all these texts."""
    return sum(one.says(texts) for one in await person.from_bot())


@pytest.mark.both_databases
async def test_a_reminder_names_the_gap_and_keeps_the_evening_that_is_picked(
    ling: Person, admin: Person, harness: Harness
) -> None:
    await scenes.meets_the_bot(admin)
    await scenes.comes_to_the_photo(ling)
    await becomes(admin, harness, "+6d", "12月8日（周一）09:")
    assert await times(ling, REMINDED) == 0
    await becomes(admin, harness, "+2h", "12月8日（周一）11:")
    reminder = await ling.sees(
        REMINDED,
        "还差",
        "照片没有确认",
        "最后一步：点“继续报名”核对，再点“提交报名信息”",
        "请在 2025年12月15日（周一）23:59 前提交，逾期不能报名",
        "您打算什么时候办",
    )
    await ling.taps(reminder, "明天 2025年12月9日（周二）20:00")
    await ling.sees("记下了", "2025年12月9日（周二）20:00", "提醒您这一次")
    await becomes(admin, harness, "+1d", "12月9日（周二）11:")
    assert await times(ling, "到您约好的时间了") == 0
    await becomes(admin, harness, "+9h", "12月9日（周二）20:")
    kept = await ling.sees("到您约好的时间了", "照片没有确认")
    await ling.taps(kept, "继续报名")
    await ling.sees("请发您的报名照片")
    await scenes.gives_the_photo(ling)
    await scenes.submits(ling)
    await becomes(admin, harness, "+2d", "12月11日（周四）20:")
    await becomes(admin, harness, "+18h", "12月12日（周五）14:")
    assert await times(ling, "照片没有确认") == 2, "what is finished is named no more"
    await becomes(admin, harness, "+22h", "12月13日（周六）12:")
    await ling.sees(REMINDED, "西宁考点", "带上：报名表", "身份证件", "12月16日（周二）")


async def test_one_tap_turns_reminders_off_but_not_what_the_rules_demand(
    ling: Person, admin: Person, harness: Harness
) -> None:
    await scenes.meets_the_bot(admin)
    await scenes.comes_to_the_photo(ling)
    await becomes(admin, harness, "+6d", "12月8日（周一）09:")
    await becomes(admin, harness, "+2h", "12月8日（周一）11:")
    reminder = await ling.sees(REMINDED)
    await ling.taps(reminder, "关掉提醒")
    await ling.sees("不再提醒您了", "提醒关着", "有三样关不掉", "审核的结果", "必须告诉您本人")
    await ling.says("不要提醒我")
    await ling.sees("提醒关着")
    await becomes(admin, harness, "+4d", "12月12日（周五）11:")
    assert await times(ling, REMINDED) == 1
    await harness.stops()
    await harness.starts(later(EXAM))
    await harness.bot.scheduler.tick()
    await ling.sees("截止时间改了，请以这里为准", "2025年12月20日（周六）23:59")
    await ling.says("/reminders")
    await ling.sees("提醒关着")
    await ling.presses("打开提醒")
    await ling.sees("我会再提醒您", "提醒开着")
    await becomes(admin, harness, "+5d", "12月17日（周三）11:")
    await ling.sees(REMINDED, "2025年12月20日")
    assert await times(ling, "截止时间改了，请以这里为准") == 1


def later(exam: Exam) -> Exam:
    """The exam with five more days to register and to confirm."""
    windows = exam.windows
    longer = {
        name: Window(opens=window.opens, closes=window.closes + timedelta(days=5))
        for name, window in (
            ("registration", windows.registration),
            ("confirmation", windows.confirmation),
        )
    }
    return exam.model_copy(update={"windows": windows.model_copy(update=longer)})


async def test_the_to_do_list_leads_to_the_calendar_in_both_languages(
    ling: Person, harness: Harness
) -> None:
    await scenes.comes_to_the_photo(ling)
    await ling.says("/todo")
    await ling.sees("还差", "照片没有确认", "23:59 前提交", "您打算什么时候办")
    await ling.presses("放进日历")
    sent = await ling.sees("把日期加进手机或电脑的日历", "日历就会更新")
    assert sent.document
    await scenes.speaks_english(ling)
    await ling.says("/todo")
    await ling.sees("Still missing", "the photo is not confirmed", "When will you do it?")
    await ling.says("stop reminding me")
    await ling.sees("Reminders are on", "Three notices cannot be turned off")
    await ling.presses("Turn reminders off")
    await ling.sees("I will not remind you any more", "Reminders are off")
