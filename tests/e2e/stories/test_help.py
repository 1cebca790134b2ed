"""Somebody is stuck on what often goes wrong: they read what to do, and go on where they were."""

from __future__ import annotations

from tests.e2e import scenes
from tests.e2e.bot import Harness
from tests.e2e.db_asserts import database_summary
from tests.e2e.person import Person


async def test_a_stranger_reads_a_topic_before_anything_is_known_of_them(
    ling: Person, harness: Harness
) -> None:
    await ling.says("/help")
    offered = await ling.sees("怎么用", "常见问题")
    assert "照片的要求" in offered.labels
    await ling.presses("照片的要求")
    answer = await ling.sees("白底", "照片审核处理工具", "选好考区和考点以后")
    assert answer.labels == ("其他问题", "继续报名", "我的进度")
    await ling.presses("其他问题")
    await ling.sees("怎么用")
    await ling.says("wrong area")
    await ling.sees("考区选错了", "/status")
    assert (await database_summary(harness.settings)).people == 0
    await ling.presses("继续报名")
    await ling.sees("请选择语言")


async def test_ling_reads_a_topic_in_the_middle_and_her_question_is_still_there(
    ling: Person,
) -> None:
    await scenes.comes_to_the_practice(ling)
    await ling.presses("临床")
    question = await ling.sees("第 4 页，共 6 页 · 报考信息", "首次执业注册")
    await ling.says("哪些项目必填")
    await ling.sees("首次注册年月", "单位类别", "西宁考点", "0971-0000001")
    await ling.presses("继续报名")
    again = await ling.sees("第 4 页，共 6 页 · 报考信息", "首次执业注册")
    assert question.text == f"✓ 报考专业：内科学 303（中级）\n✓ 执业类别：临床\n\n{again.text}"
    await ling.says("Photo rules")
    await ling.sees("照片的要求", "西宁考点")
    await ling.says("2019-07")
    await ling.sees("第 4 页，共 6 页 · 报考信息", "住院医师规范化培训")


async def test_a_topic_is_answered_in_the_language_of_its_reader(ling: Person) -> None:
    await ling.says("english")
    await ling.sees("Do you agree")
    await ling.says("学历未核验")
    await ling.sees("Your degree still shows", "/status", "Once you have chosen area and site")
    await ling.presses("Go on")
    await ling.sees("Do you agree")
