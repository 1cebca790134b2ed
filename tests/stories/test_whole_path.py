"""From a stranger to a registration handed in, and what to do next."""

from __future__ import annotations

import pytest

from tests.stage import scenes
from tests.stage.person import Person

pytestmark = pytest.mark.row("S1", "S3", "S10", "C4")

MOST_ACTS = 45
"""A new candidate with on-site confirmation needs no more messages and taps than this."""


@pytest.mark.row("S20", "C8")
async def test_ling_registers_in_chinese(ling: Person) -> None:
    await ling.says("/start")
    await ling.sees("请选择语言", "Please choose your language")
    await ling.presses("中文")
    await ling.sees("同意我们这样使用您的信息吗")
    await ling.presses("同意，开始")
    await scenes.gives_the_account(ling)
    await scenes.locks_the_account(ling)
    await scenes.chooses(ling)
    await scenes.fills_the_form(ling)
    summary = await scenes.gives_the_photo(ling)
    for line in ("刘玲", "西宁考点", "临床", "2019-07", "内科学 303", "示例医科大学", "12月15日"):
        assert line in summary.text
    assert scenes.NUMBER not in summary.text
    todo = await scenes.submits(ling)
    assert todo.has_picture
    assert "逾期没有确认，视为自动放弃考试" in todo.text
    await ling.says("/status")
    status = await ling.sees("等待报名确认", "西宁考点")
    assert status.has_picture
    await ling.says("/start")
    await ling.sees("您的报名已提交")


@pytest.mark.row("C8")
async def test_chen_registers_in_english(chen: Person) -> None:
    number = scenes.id_number(15, born="19850512")
    await chen.says("/start")
    await chen.sees("Please choose your language")
    await chen.presses("English")
    await chen.sees("Do you agree that we use your data in this way?")
    await chen.presses("I agree, let's start")
    await chen.sees("What is your name?")
    await chen.says("陈航")
    await chen.sees("Which document")
    await chen.presses("Resident identity card")
    await chen.sees("What is the number of the document?", scenes.NUMBER)
    await chen.says(number)
    await chen.sees("type the number once more")
    await chen.says(number)
    await chen.sees("What is your mobile number?")
    await chen.says("+86 138 0013 8001")
    await chen.sees("Please check carefully", "陈航", number[-4:], "male", "138 0013 8001")
    await chen.presses("All correct, confirm")
    await chen.sees("Your identity is locked now", "Health Professional Qualification Exam 2026")
    await chen.presses("Health Professional Qualification Exam 2026")
    await chen.sees("In which area")
    await chen.presses("Qinghai")
    await chen.sees("You chose Qinghai", "the notice, the declaration and the pledge")
    await chen.presses("I have read this and agree")
    await chen.sees("Which site in Qinghai?")
    await chen.presses("Haidong")
    await chen.sees("1/2", "What is your practice category?")
    await chen.presses("None")
    await chen.sees("residency training certificate")
    await chen.says("2022-08")
    await chen.sees("2/2", "the full name of your employer")
    await chen.says("示例市第一人民医院")
    await chen.sees("In which department")
    await chen.says("检验科")
    await chen.sees("Please send your photo", "420×600")
    await chen.sends_file(scenes.PHOTO)
    portrait = await chen.sees("This is how it will stand on the form")
    assert portrait.has_picture
    await chen.presses("Use this one")
    await chen.sees("Please look everything over", "Haidong", "检验科", "2022-08")
    await chen.presses("Hand in")
    await chen.sees("Your registration is handed in", "counts as giving up the exam")
    await chen.says("/status")
    await chen.sees("Handed in", "waiting to be confirmed")


async def test_a_new_candidate_needs_few_messages_and_taps(ling: Person) -> None:
    await scenes.registers(ling)
    assert 20 <= ling.acts <= MOST_ACTS
