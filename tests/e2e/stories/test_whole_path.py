"""From a stranger to a registration handed in, and what to do next."""

from __future__ import annotations

import pytest

from tests.e2e import scenes
from tests.e2e.person import Person

pytestmark = pytest.mark.row("S1", "S3", "S10", "C4")

MOST_ACTS = 45
"""A new candidate with on-site confirmation needs no more messages and taps than this."""


@pytest.mark.row("S20", "C8")
@pytest.mark.both_databases
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
    await ling.sees("等待报名确认", "接下来：请您本人到西宁考点")


async def fills_in_the_application(chen: Person) -> None:
    """Page (4) of a laboratory technician who is no physician."""
    await chen.sees("Page 4 of 6 · Your application", "Which category?")
    await chen.presses("Technology")
    await chen.sees("Which level?")
    await chen.presses("Intermediate")
    await chen.sees("Which specialty?")
    await chen.says("379")
    await chen.sees("What is your practice category?")
    await chen.presses("None")
    await chen.sees("Which subjects?", "tap those to take them out")
    await chen.presses("These subjects")
    await chen.sees("What is your present professional title?")
    await chen.presses("Technologist (技师)")
    await chen.sees("For how many full years")
    await chen.says("9")
    await chen.sees("In which month did you get this title?")
    await chen.presses("Skip the rest of this page")


async def keeps_a_record(chen: Person) -> None:
    """Page (5), which begins with the first record."""
    await chen.sees("Page 5 of 6 · Education", "Which education or degree is it?")
    await chen.presses("Undergraduate (本科)")
    await chen.sees("What is the full name of the school?")
    await chen.says("示例医科大学")
    await chen.sees("What was your major?")
    await chen.says("medical laboratory science")
    await chen.sees("Which form of study?")
    await chen.presses("Full time")
    await chen.sees("In which month did you graduate")
    await chen.says("2008-07")
    await chen.sees("What is the number of the certificate?")
    await chen.says("100001200805000002")
    await chen.sees("What is the verification status of this degree?")
    await chen.presses("Passed")
    await chen.sees("In which month did you enrol?")
    await chen.presses("Skip")
    await chen.sees("Once kept it can be neither changed nor removed", "示例医科大学")
    await chen.presses("All correct, keep it")


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
    await chen.sees("Please check carefully", "陈航", number[-4:], "male")
    await chen.presses("All correct, confirm")
    await chen.sees("Your identity is locked now", "Health Professional Qualification Exam 2026")
    await chen.presses("Start filling in")
    await chen.sees("In which area")
    await chen.says("Qinghai")
    await chen.sees("✓ Area: Qinghai", "the notice, the declaration and the pledge")
    await chen.presses("I have read this and agree")
    await chen.sees("Page 1 of 6 · Your site", "Which site?")
    await chen.presses("Haidong")
    await chen.sees("Page 2 of 6 · About you", "These six are locked", "What is your ethnic group?")
    await chen.says("Hui")
    await chen.sees("Page 3 of 6 · Contact", "What is your mobile number?")
    await chen.says("+86 138 0013 8001")
    await chen.sees("A landline?")
    await chen.presses("Skip the rest of this page")
    await fills_in_the_application(chen)
    await keeps_a_record(chen)
    await chen.sees("Page 6 of 6 · Your work", "Who is your employer?")
    await chen.presses("Other")
    await chen.sees("What is its full name?")
    await chen.says("示例市第一人民医院")
    await chen.sees("What kind of institution is it?")
    await chen.presses("Hospital")
    await chen.sees("In which department")
    await chen.says("检验科")
    await chen.sees("public or private")
    await chen.presses("Skip the rest of this page")
    await chen.sees("Please send your photo", "420×600")
    await chen.sends_file(scenes.PHOTO)
    portrait = await chen.sees("This is how it will stand on the form")
    assert portrait.has_picture
    await chen.presses("Use this one")
    summary = await chen.sees(
        "Please look everything over", "Haidong", "检验科", "Technologist (技师)"
    )
    assert "Mobile: 138 0013 8001" in summary.text
    assert "示例医科大学" in summary.text
    await chen.presses("Submit")
    await chen.sees("Your registration has been submitted", "counts as giving up the exam")
    await chen.says("/status")
    await chen.sees("Submitted", "waiting to be confirmed")


async def test_a_new_candidate_needs_few_messages_and_taps(ling: Person) -> None:
    await scenes.registers(ling)
    assert 20 <= ling.effects <= MOST_ACTS
