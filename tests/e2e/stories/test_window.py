"""Registration has its days; outside them the bot says so, and calls those who asked."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.core.settings import SANDBOX_TOKEN
from states.exam import Exam, Window
from storage.engine.tables import OutboxState
from tests.e2e import scenes
from tests.e2e.bot import EXAM, Harness, open_harness
from tests.e2e.db_asserts import database_summary
from tests.e2e.person import Person

LATER = timedelta(days=30)


def moved(by: timedelta) -> Exam:
    """The exam with its registration so much later."""
    window = EXAM.windows.registration
    registration = Window(opens=window.opens + by, closes=window.closes + by)
    return EXAM.model_copy(
        update={"windows": EXAM.windows.model_copy(update={"registration": registration})}
    )


def without_a_night(exam: Exam) -> Exam:
    """The exam, whose notices go at any hour: with a token the clock is the real one."""
    always = exam.reminders.model_copy(update={"quiet_from": time.max, "quiet_until": time.min})
    return exam.model_copy(update={"reminders": always})


async def comes_too_late(person: Person, admin: Person) -> None:
    """The form is half filled in, and then twenty days go by."""
    await scenes.comes_to_the_practice(person)
    await admin.says("/clock +20d")
    await admin.sees("2025年12月22日")


async def test_the_window_closes_over_an_unfinished_form(ling: Person, admin: Person) -> None:
    await scenes.meets_the_bot(admin)
    await comes_too_late(ling, admin)
    await ling.presses("临床")
    closed = await ling.sees("您没有提交报名")
    assert "继续报名" not in closed.labels


async def test_nothing_can_be_handed_in_after_the_last_minute(
    ling: Person, admin: Person, harness: Harness
) -> None:
    await scenes.meets_the_bot(admin)
    await scenes.comes_to_the_photo(ling)
    await scenes.gives_the_photo(ling)
    await admin.says("/clock +20d")
    await admin.sees("2025年12月22日")
    await ling.presses("提交报名信息")
    await ling.sees("您没有提交报名")
    assert "submitted" not in (await database_summary(harness.settings)).audit_entries[1001]


@pytest.mark.parametrize("pending", ["an edited line", "a page", "the photo"])
async def test_whatever_is_pending_nobody_hands_in_after_the_window(
    pending: str, ling: Person, admin: Person, harness: Harness
) -> None:
    """The last answer is kept or not; what counts is that nothing is handed in."""
    await scenes.meets_the_bot(admin)
    await scenes.comes_to_the_photo(ling)
    if pending == "the photo":
        await ling.sends_file(scenes.PHOTO)
        await ling.sees("报名表上将使用这张照片")
    else:
        await scenes.gives_the_photo(ling)
        await ling.presses("修改工作情况")
        await ling.sees("要改哪一项")
    if pending == "an edited line":
        await ling.presses("改单位名称")
        await ling.sees("您的工作单位")
    await admin.says("/clock +20d")
    await admin.sees("2025年12月22日")
    last = {"an edited line": "不改，继续", "a page": "上一步", "the photo": "就用这张"}
    await ling.presses(last[pending])
    closed = await ling.sees("您没有提交报名")
    assert "继续报名" not in closed.labels
    await ling.says("提交报名信息")
    await ling.sees("您没有提交报名")
    assert "submitted" not in (await database_summary(harness.settings)).audit_entries[1001]


@pytest.mark.row("S11")
async def test_papers_that_are_complete_after_the_window_are_not_handed_in(
    ling: Person, admin: Person, harness: Harness
) -> None:
    await scenes.meets_the_bot(admin)
    await scenes.comes_to_the_papers(ling)
    for name in ("身份证件", "学历学位证书", "单位工作年限证明"):
        await scenes.uploads(ling, name)
    await admin.says("/clock +20d")
    await admin.sees("2025年12月22日")
    await ling.presses("证明材料上传完成")
    closed = await ling.sees("您没有提交报名")
    assert "提交报名信息" not in closed.labels
    await ling.says("提交报名信息")
    await ling.sees("您没有提交报名")
    assert "submitted" not in (await database_summary(harness.settings)).audit_entries[1001]


async def test_a_tap_that_waited_for_the_bot_until_the_window_had_closed_is_too_late(
    ling: Person, harness: Harness
) -> None:
    """A tap has no date of its own: it counts when we hear of it."""
    await scenes.comes_to_the_photo(ling)
    await scenes.gives_the_photo(ling)
    await harness.settles()
    await harness.stops()
    await ling.presses("提交报名信息")
    await harness.starts(moved(-LATER))
    await ling.sees("报名已经截止，不能再提交", "您没有提交报名")
    assert "submitted" not in (await database_summary(harness.settings)).audit_entries[1001]


@pytest.mark.both_databases
async def test_who_asked_is_told_once_when_it_opens(
    ling: Person, chen: Person, admin: Person, harness: Harness
) -> None:
    await scenes.meets_the_bot(admin)
    await comes_too_late(ling, admin)
    await scenes.meets_the_bot(chen)
    await ling.says("/cancel")
    await ling.sees("您没有提交报名")
    await ling.presses("开始报名时告诉我")
    await ling.sees("记下了")
    await harness.stops()
    await harness.starts(moved(LATER))
    await harness.bot.scheduler.tick()
    await admin.says("/clock +12d")
    await admin.sees("2026年1月3日")
    await harness.bot.scheduler.tick()
    await harness.bot.scheduler.tick()
    notice = await ling.sees("开始报名了", "1月14日")
    await ling.taps(notice, "继续报名")
    await ling.sees("您的执业类别")
    for person, count in ((ling, 1), (chen, 0)):
        told = [message for message in await person.from_bot() if "开始报名了" in message.text]
        assert len(told) == count


async def test_an_administrator_alone_moves_the_clock(ling: Person, admin: Person) -> None:
    await scenes.meets_the_bot(admin)
    await scenes.meets_the_bot(ling)
    await ling.says("/clock +20d")
    await ling.sees("只给沙盒的管理员用", "您的姓名")
    await admin.says("/clock -1d")
    await admin.sees("请这样写")
    await admin.says("/clock")
    await admin.sees("2025年12月2日")


async def test_the_moved_clock_survives_a_restart(admin: Person, harness: Harness) -> None:
    await scenes.meets_the_bot(admin)
    await admin.says("/clock +3d")
    await admin.sees("2025年12月5日")
    await harness.stops()
    await harness.starts()
    await admin.says("/clock")
    await admin.sees("2025年12月5日")


@pytest.fixture
async def telegram(tmp_path: Path, database: str) -> AsyncIterator[Harness]:
    """The bot as it runs on Telegram, with a token, though its Telegram is the sandbox."""
    async with open_harness(tmp_path, database, bot_token=SANDBOX_TOKEN) as harness:
        yield harness


async def test_with_a_token_and_no_open_window_the_account_is_kept(telegram: Harness) -> None:
    closed = datetime.now(UTC) - EXAM.windows.registration.closes + timedelta(days=5)
    await telegram.starts(without_a_night(moved(closed - timedelta(days=10))))
    ling, admin = telegram.person("ling"), telegram.person("admin")
    await scenes.meets_the_bot(ling)
    await scenes.gives_the_account(ling)
    await ling.presses("全部正确，确认")
    await ling.sees("已锁定", "您还没有报名")
    await ling.presses("开始报名时告诉我")
    await ling.sees("记下了")
    await scenes.meets_the_bot(admin)
    await admin.says("/clock +20d")
    await admin.sees("只给沙盒的管理员用")
    await telegram.stops()
    await telegram.starts(without_a_night(moved(closed)))
    await ling.sees("开始报名了")
    await ling.presses("继续报名")
    await ling.sees("准备好了就点“开始填写”")
    await telegram.settles()
    assert set((await database_summary(telegram.settings)).outbox) == {OutboxState.SENT}
