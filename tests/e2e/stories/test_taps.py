"""Taps that come twice, late, or on something that is long over; and things nobody asked for."""

from __future__ import annotations

import asyncio

import pytest

from tests.e2e import scenes
from tests.e2e.bot import EXAM, Harness
from tests.e2e.db_asserts import database_summary, records
from tests.e2e.person import Person
from tests.photos import jpeg


@pytest.mark.both_databases
async def test_a_double_tap_hands_in_once(ling: Person, harness: Harness) -> None:
    await scenes.comes_to_the_photo(ling)
    summary = await scenes.gives_the_photo(ling)
    await asyncio.gather(*(ling.taps(summary, "提交报名信息") for _ in range(2)))
    await ling.sees("报名信息已提交")
    await harness.settles()
    assert (await database_summary(harness.settings)).audit_entries[1001]["submitted"] == 1
    said = [message for message in await ling.from_bot() if "报名信息已提交" in message.text]
    assert len(said) == 1
    await ling.sees_toast("已经收到了")


async def test_a_double_tap_in_the_form_answers_one_question(
    ling: Person, harness: Harness
) -> None:
    await scenes.comes_to_the_practice(ling)
    question = (await ling.from_bot())[-1]
    await asyncio.gather(*(ling.taps(question, "临床") for _ in range(2)))
    await ling.sees("首次执业注册")
    await harness.settles()
    assert "首次执业注册" in (await ling.from_bot())[-1].text
    assert sum("首次执业注册" in message.text for message in await ling.from_bot()) == 1


async def test_a_double_tap_on_remove_takes_one_file(ling: Person, harness: Harness) -> None:
    """The second file has moved to the place of the first by the time of the second tap."""
    await scenes.comes_to_the_papers(ling)
    await ling.presses("身份证件")
    await ling.sees("请发：身份证件")
    for count, height in ((1, 1200), (2, 1210)):
        await ling.sends_file(jpeg(900, height))
        await ling.sees("收到，已保存", f"已有 {count} 个")
    shown = (await ling.from_bot())[-1]
    await asyncio.gather(*(ling.taps(shown, "删第 1 个") for _ in range(2)))
    await ling.sees("已删除", "已有 1 个")
    await harness.settles()
    assert "已有 1 个" in (await ling.from_bot())[-1].text
    known = await records(harness.settings, EXAM.key, 1001)
    assert known.application is not None
    assert len(known.application.materials["identity"]) == 1


async def test_an_old_button_leads_to_the_present_question(ling: Person) -> None:
    await scenes.comes_to_the_practice(ling)
    old = (await ling.from_bot())[-1]
    await ling.taps(old, "临床")
    await ling.sees("首次执业注册")
    await ling.taps(old, "口腔")  # before the client has the edit
    await ling.sees_toast("这个按钮已经过期了")
    await ling.sees("那个按钮是之前的", "首次执业注册")


async def test_last_weeks_button_after_a_restart(ling: Person, harness: Harness) -> None:
    await scenes.comes_to_the_photo(ling)
    summary = await scenes.gives_the_photo(ling)
    await scenes.submits(ling)
    await harness.stops()
    await harness.starts()
    await ling.says("/status")
    await ling.sees("等待报名确认")
    await ling.taps(summary, "修改工作情况")
    await ling.sees_toast("已经")
    await ling.says("/status")
    await ling.sees("等待报名确认")
    assert (await database_summary(harness.settings)).audit_entries[1001]["submitted"] == 1


async def test_an_edited_message_changes_nothing(ling: Person) -> None:
    await scenes.meets_the_bot(ling)
    message_id = await ling.says("刘玲")
    await ling.sees("用哪种证件报名")
    await ling.edits(message_id, "刘铃")
    await ling.sees("修改", "用哪种证件报名")
    await ling.presses("上一步")
    await ling.sees("您的姓名", "现在填的是", "刘玲")


async def test_stickers_and_voices_get_an_answer(ling: Person) -> None:
    await scenes.comes_to_the_practice(ling)
    await ling.sends_sticker()
    await ling.sees("用不上这个内容", "您的执业类别")
    await ling.sends_voice()
    await ling.sees("听不了语音", "您的执业类别")
    await ling.sends_file(scenes.PHOTO)
    await ling.sees("用不上这个内容", "您的执业类别")
    await ling.says("/nonsense")
    await ling.sees("您的执业类别")


async def test_thirty_messages_in_a_second_are_all_answered_in_order(ling: Person) -> None:
    await scenes.meets_the_bot(ling)
    before = len(await ling.from_bot())
    for number in range(1, 30):
        await ling.says(f"{number}")
    await ling.says("刘玲")
    await ling.sees("用哪种证件报名")
    answers = (await ling.from_bot())[before:]
    assert len(answers) == 30
    for number, answer in enumerate(answers[:-1], start=1):
        assert f"不能用的符号：{str(number)[0]}" in answer.text
