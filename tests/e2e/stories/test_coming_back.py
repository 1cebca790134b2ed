"""Candidates go away in the middle, and so does the bot; nobody has to begin again."""

from __future__ import annotations

import pytest

from tests.e2e import scenes
from tests.e2e.bot import Harness
from tests.e2e.person import Person


async def test_cancel_and_go_on(ling: Person) -> None:
    await scenes.comes_to_the_practice(ling)
    await ling.presses("临床")
    await ling.sees("首次执业注册")
    await ling.says("/cancel")
    await ling.sees("先停在这里")
    await ling.presses("继续报名")
    await ling.sees("第 4 页，共 6 页 · 报考信息", "首次执业注册")


async def test_start_comes_back_to_the_question(ling: Person) -> None:
    await scenes.meets_the_bot(ling)
    await ling.says("刘玲")
    await ling.sees("用哪种证件报名")
    await ling.says("/start")
    await ling.sees("欢迎回来", "用哪种证件报名")


@pytest.mark.both_databases
async def test_the_bot_stops_in_between(ling: Person, harness: Harness) -> None:
    await scenes.comes_to_the_practice(ling)
    await ling.presses("临床")
    await ling.sees("首次执业注册")
    await harness.stops()
    await ling.says("2019-07")
    await harness.starts()
    await ling.sees("第 4 页，共 6 页 · 报考信息", "住院医师规范化培训")
    await ling.presses("上一步")
    await ling.sees("首次执业注册", "2019-07")


async def test_a_bot_that_is_stopped_says_nothing_twice(ling: Person, harness: Harness) -> None:
    await scenes.meets_the_bot(ling)
    await ling.says("刘玲")
    await ling.sees("用哪种证件报名")
    await harness.stops()
    said = await ling.from_bot()
    await harness.starts()
    await ling.presses("居民身份证")
    await ling.sees("证件号码是多少")
    # The tapped question has become the next one.
    assert len(await ling.from_bot()) == len(said)


async def test_the_bot_stops_between_the_two_numbers(ling: Person, harness: Harness) -> None:
    await scenes.meets_the_bot(ling)
    await ling.says("刘玲")
    await ling.sees("用哪种证件报名")
    await ling.presses("居民身份证")
    await ling.sees("证件号码是多少")
    await ling.says(scenes.NUMBER)
    await ling.sees("再输入一遍")
    await harness.stops()
    await harness.starts()
    await ling.says(scenes.NUMBER)
    await ling.sees("请仔细核对", scenes.NUMBER[-4:])


@pytest.mark.row("B26")
@pytest.mark.both_databases
async def test_a_number_sent_twice_while_the_bot_was_away_is_no_double_entry(
    ling: Person, harness: Harness
) -> None:
    await scenes.meets_the_bot(ling)
    await ling.says("刘玲")
    await ling.sees("用哪种证件报名")
    await ling.presses("居民身份证")
    await ling.sees("证件号码是多少")
    await harness.stops()
    first, second = await ling.says(scenes.NUMBER), await ling.says(scenes.NUMBER)
    await harness.starts()
    await ling.sees("在看到这个问题之前", "再输入一遍")
    await ling.sees_gone(first)
    await ling.sees_gone(second)
    await ling.says(scenes.NUMBER)
    await ling.sees("请仔细核对", scenes.NUMBER[-4:])


async def test_another_language_in_the_middle(ling: Person) -> None:
    await scenes.comes_to_the_practice(ling)
    await ling.presses("临床")
    await ling.sees("首次执业注册")
    await ling.says("/language")
    await ling.sees("请选择语言", "Please choose your language")
    await ling.presses("English")
    await ling.sees(
        "English from now on", "first registered to practise", "Page 4 of 6 · Your application"
    )
    await ling.says("2019-07")
    await ling.sees("residency training certificate")
    await ling.says("/language")
    await ling.sees("Please choose your language")
    await ling.presses("中文")
    await ling.sees("住院医师规范化培训")


@pytest.mark.row("B20")
async def test_labels_below_the_help_can_be_typed_as_well(ling: Person) -> None:
    await scenes.comes_to_the_practice(ling)
    await ling.says("/language")
    await ling.sees("Please choose your language")
    await ling.says("english")
    await ling.sees("English from now on", "practice category")
    await ling.says("help")
    await ling.sees("How it works")
    await ling.says("我的进度")
    await ling.sees("form")


async def test_help_leaves_people_where_they_are(ling: Person) -> None:
    await scenes.comes_to_the_practice(ling)
    await ling.says("/help")
    await ling.sees("怎么用", "西宁考点", "0971-0000001")
    await ling.says("临床")
    await ling.sees("首次执业注册")


@pytest.mark.row("S20", "C8")
async def test_status_says_what_is_missing(ling: Person) -> None:
    await scenes.comes_to_the_photo(ling)
    await ling.says("/status")
    status = await ling.sees("还差照片")
    assert status.has_picture
    await ling.presses("继续报名")
    await ling.sees("请发您的报名照片")


async def test_who_does_not_agree_is_not_registered_and_may_come_back(
    ling: Person, harness: Harness
) -> None:
    await ling.says("/start")
    await ling.sees("请选择语言")
    await ling.presses("中文")
    await ling.sees("同意我们这样使用您的信息吗")
    await ling.presses("不同意")
    await ling.sees("没有您的同意就不能在这里报名")
    await ling.says("刘玲")
    await ling.sees("还没有收到您的同意", "改了主意，随时可以回来")
    await ling.presses("同意，开始")
    await ling.sees("您的姓名")
