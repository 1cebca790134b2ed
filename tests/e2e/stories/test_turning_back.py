"""Candidates change their minds: back, skip, why, and any line once more before handing in."""

from __future__ import annotations

import pytest

from tests.e2e import db_asserts, scenes
from tests.e2e.bot import EXAM, Harness
from tests.e2e.messages import Message
from tests.e2e.person import Person


async def comes_back_to_the_area(person: Person) -> None:
    """From the second page of the form to the choice of the area."""
    await scenes.comes_to_the_form(person)
    await person.presses("上一步")
    await person.sees("第 1 页，共 6 页 · 选择考点", "哪个考点", "现在填的是", "西宁考点")
    await person.presses("上一步")
    await person.sees("您在哪个考区")


async def opens(person: Person, page: str, line: str) -> Message:
    """From the look over everything to one line of a page; the page, which stands in between."""
    await person.presses(f"修改{page.removeprefix('选择')}")
    shown = await person.sees(page, "要改哪一项")
    await person.presses(line)
    return shown


async def test_back_shows_what_was_answered_and_keeps_it(ling: Person) -> None:
    await scenes.comes_to_the_practice(ling)
    await ling.presses("临床")
    await ling.sees("第 4 页，共 6 页 · 报考信息", "首次执业注册")
    await ling.says("2019.7")
    await ling.sees("住院医师规范化培训")
    await ling.presses("上一步")
    await ling.sees("首次执业注册", "现在填的是", "2019-07")
    await ling.says("/back")
    await ling.sees("您的执业类别", "现在填的是", "临床")
    await ling.presses("不改，继续")
    await ling.sees("住院医师规范化培训")


async def test_back_from_the_first_question_leads_through_the_choices(ling: Person) -> None:
    await comes_back_to_the_area(ling)
    await ling.says("青海考区")
    await ling.sees("✓ 考区：青海考区", "您的民族")


@pytest.mark.row("S3")
async def test_another_area_means_other_terms_and_another_site(ling: Person) -> None:
    await comes_back_to_the_area(ling)
    await ling.presses("山西考区")
    await ling.sees("把考区从青海考区换到山西考区", "考点：西宁考点")
    await ling.presses("换到山西考区")
    await ling.sees("山西考区", "请阅读报考须知")
    await ling.presses("我已阅读并同意")
    sites = await ling.sees("第 1 页，共 6 页 · 选择考点", "哪个考点")
    assert "太原考点" in sites.labels
    assert "西宁考点" not in sites.labels


async def test_why_explains_and_asks_again(ling: Person) -> None:
    await scenes.comes_to_the_practice(ling)
    await ling.presses("为什么问？")
    await ling.sees("核对您的执业证书", "您的执业类别？")


async def test_a_required_question_cannot_be_skipped(ling: Person) -> None:
    await scenes.comes_to_the_practice(ling)
    await ling.says("跳过")
    answer = await ling.sees("您的执业类别")
    assert "跳过" not in answer.labels


@pytest.mark.row("B20")
async def test_labels_can_be_typed(ling: Person) -> None:
    await scenes.comes_to_the_practice(ling)
    await ling.says("临床")
    await ling.sees("首次执业注册")
    await ling.says("上一步")
    await ling.sees("您的执业类别")
    await ling.says("不改，继续")
    await ling.sees("首次执业注册")
    await ling.says("二〇一九年十二月")
    await ling.sees("住院医师规范化培训")
    await ling.says(" 没有 ")
    await ling.sees("报考哪几科")
    await ling.says("就报这几科")
    await ling.sees("您现在的专业技术资格")
    await ling.says("执业医师")
    await ling.sees("满几年了")
    await ling.says("6")
    await ling.sees("哪年哪月取得的")
    await ling.says(" 跳过 ")
    await ling.sees("从哪年哪月聘任")


@pytest.mark.row("S7")
async def test_what_depended_on_a_changed_answer_is_asked_again(
    ling: Person, harness: Harness
) -> None:
    await scenes.comes_to_the_photo(ling)
    await scenes.gives_the_photo(ling)
    await opens(ling, "报考信息", "改专业类别")
    await ling.sees("报考哪一类", "现在填的是", "医")
    await ling.presses("技")
    await ling.sees("报考哪个专业")
    await ling.says("379")
    await scenes.names_the_title(ling, "技师")
    await ling.sees("请核对全部信息", "执业类别：临床", "首次注册年月：2019-07")
    await opens(ling, "报考信息", "改执业类别")
    await ling.sees("您的执业类别", "现在填的是", "临床")
    await ling.presses("无")
    summary = await ling.sees("请核对全部信息", "执业类别：无", "临床医学检验技术 379")
    assert "首次注册年月" not in summary.text
    page = await opens(ling, "报考信息", "改专业类别")
    assert "改首次注册年月" not in page.labels
    await ling.sees("报考哪一类")
    await ling.presses("医")
    await ling.sees("报考哪个专业")
    await ling.says("303")
    await ling.sees("您的执业类别")
    await ling.presses("口腔")
    question = await ling.sees("首次执业注册")
    assert "现在填的是" not in question.text
    await ling.says("2020-02")
    await ling.sees("住院医师规范化培训")
    await ling.presses("没有")
    await scenes.names_the_title(ling, "执业医师")
    await ling.sees("请核对全部信息", "执业类别：口腔", "首次注册年月：2020-02")
    await scenes.submits(ling)
    known = await db_asserts.records(harness.settings, EXAM.key, 1001)
    assert known.application is not None
    assert known.application.answers["practice"] == "dental"
    assert known.application.answers["registered"] == "2020-02"


async def test_every_line_of_the_summary_can_be_changed(ling: Person) -> None:
    await scenes.comes_to_the_photo(ling)
    await scenes.gives_the_photo(ling)
    await opens(ling, "工作情况", "改单位名称")
    await ling.sees("您的工作单位", "现在填的是", scenes.EMPLOYER)
    await ling.says("青海示例中医医院")
    await ling.sees("请核对全部信息", "单位名称：青海示例中医医院")
    await opens(ling, "选择考点", "改考点")
    await ling.sees("哪个考点", "现在填的是", "西宁考点")
    await ling.presses("海东考点")
    await ling.sees("请核对全部信息", "考点：海东考点")
    await ling.presses("换照片")
    await ling.sees("请发您的报名照片")
    await ling.presses("不改，继续")
    await ling.sees("请核对全部信息")
    await opens(ling, "报考信息", "改住培合格证书")
    await ling.sees("住院医师规范化培训", "现在填的是")
    await ling.presses("有")
    await ling.sees("住培合格证书是哪年哪月发的")
    await ling.says("2022-08")
    await ling.sees("请核对全部信息", "住培合格证书发证年月：2022-08")


@pytest.mark.row("S4")
async def test_an_area_that_confirms_online_wants_a_point_as_well(ling: Person) -> None:
    await comes_back_to_the_area(ling)
    await ling.says("天津考区")
    await ling.sees("把考区从青海考区换到天津考区", "考点：西宁考点")
    await ling.presses("换到天津考区")
    await ling.sees("✓ 考区：天津考区", "请阅读报考须知")
    await ling.presses("我已阅读并同意")
    await ling.sees("第 1 页，共 6 页 · 选择考点", "哪个考点")
    await ling.presses("和平考点")
    await ling.sees("第 1 页，共 6 页 · 选择考点", "线上确认的考区必须选报名点")
    await ling.says("跳过")
    await ling.sees("哪个报名点")
    await ling.presses("和平第一报名点")
    await ling.sees("您的民族")


async def test_an_area_is_found_by_typing(ling: Person) -> None:
    await comes_back_to_the_area(ling)
    await ling.says("火星")
    await ling.sees("没有找到", "北京考区", "您在哪个考区")
    await ling.says("sx")
    several = await ling.sees("您是指哪一个")
    assert several.labels == ("山西考区", "陕西考区", "都不是，重新找")
    await ling.presses("都不是，重新找")
    await ling.sees_buttons("北京考区", "安徽考区")
    await ling.presses("后面的 →")
    await ling.sees_buttons("湖南考区")
    await ling.presses("后面的 →")
    await ling.sees_buttons("青海考区")
    await ling.says("qinghai")
    await ling.sees("✓ 考区：青海考区", "您的民族")
