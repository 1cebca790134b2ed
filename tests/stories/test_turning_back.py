"""Candidates change their minds: back, skip, why, and any line once more before handing in."""

from __future__ import annotations

import pytest

from tests.stage import kept, scenes
from tests.stage.person import Person
from tests.stage.play import EXAM, Stage


async def test_back_shows_what_was_answered_and_keeps_it(ling: Person) -> None:
    await scenes.comes_to_the_form(ling)
    await ling.presses("临床")
    await ling.sees("1/2", "2/3", "首次执业注册")
    await ling.says("2019.7")
    await ling.sees("住院医师规范化培训")
    await ling.presses("上一步")
    await ling.sees("首次执业注册", "现在填的是", "2019-07")
    await ling.says("/back")
    await ling.sees("您的执业类别", "现在填的是", "临床")
    await ling.presses("不改，继续")
    await ling.sees("住院医师规范化培训")


async def test_back_from_the_first_question_leads_through_the_choices(ling: Person) -> None:
    await scenes.comes_to_the_form(ling)
    await ling.presses("上一步")
    await ling.sees("青海考区的哪个考点")
    await ling.presses("上一步")
    await ling.sees("您在哪个考区")
    await ling.presses("青海考区")
    await ling.sees("您的执业类别")


@pytest.mark.row("S3")
async def test_another_area_means_other_terms_and_another_site(ling: Person) -> None:
    await scenes.comes_to_the_form(ling)
    await ling.presses("上一步")
    await ling.sees("青海考区的哪个考点")
    await ling.presses("上一步")
    await ling.sees("您在哪个考区")
    await ling.presses("山西考区")
    await ling.sees("山西考区", "请阅读报考须知")
    await ling.presses("我已阅读并同意")
    await ling.sees("山西考区的哪个考点")


async def test_why_explains_and_asks_again(ling: Person) -> None:
    await scenes.comes_to_the_form(ling)
    await ling.presses("为什么问？")
    await ling.sees("核对您的执业证书类别", "您的执业类别？")


async def test_a_required_question_cannot_be_skipped(ling: Person) -> None:
    await scenes.comes_to_the_form(ling)
    await ling.says("跳过")
    answer = await ling.sees("您的执业类别")
    assert "跳过" not in answer.labels


@pytest.mark.row("B20")
async def test_labels_can_be_typed(ling: Person) -> None:
    await scenes.comes_to_the_form(ling)
    await ling.says("临床")
    await ling.sees("首次执业注册")
    await ling.says("上一步")
    await ling.sees("您的执业类别")
    await ling.says("不改，继续")
    await ling.sees("首次执业注册")
    await ling.says("二〇一九年十二月")
    await ling.sees("住院医师规范化培训")
    await ling.says(" 跳过 ")
    await ling.sees("工作单位全称")


async def test_what_depended_on_a_changed_answer_is_asked_again(ling: Person, stage: Stage) -> None:
    await scenes.comes_to_the_photo(ling)
    await scenes.gives_the_photo(ling)
    await ling.presses("改执业类别")
    await ling.sees("您的执业类别", "现在填的是", "临床")
    await ling.presses("无")
    summary = await ling.sees("请核对全部信息", "执业类别：无")
    assert "首次注册年月" not in summary.text
    assert "改首次注册年月" not in summary.labels
    await ling.presses("改执业类别")
    await ling.sees("您的执业类别")
    await ling.presses("口腔")
    question = await ling.sees("首次执业注册")
    assert "现在填的是" not in question.text
    await ling.says("2020-02")
    await ling.sees("请核对全部信息", "执业类别：口腔", "首次注册年月：2020-02")
    await scenes.submits(ling)
    known = await kept.records(stage.settings, EXAM.key, 1001)
    assert known.application is not None
    assert known.application.answers["practice"] == "dental"
    assert known.application.answers["registered"] == "2020-02"


async def test_every_line_of_the_summary_can_be_changed(ling: Person) -> None:
    await scenes.comes_to_the_photo(ling)
    await scenes.gives_the_photo(ling)
    await ling.presses("改单位名称")
    await ling.sees("工作单位全称", "示例市第一人民医院")
    await ling.says("示例市第二人民医院")
    await ling.sees("请核对全部信息", "单位名称：示例市第二人民医院")
    await ling.presses("换考点")
    await ling.sees("青海考区的哪个考点")
    await ling.presses("海东考点")
    await ling.sees("请核对全部信息", "考点：海东考点")
    await ling.presses("换照片")
    await ling.sees("请发您的报名照片")
    await ling.presses("不改，继续")
    await ling.sees("请核对全部信息")
    await ling.presses("改住培合格证书发证年月")
    await ling.sees("住院医师规范化培训", "现在填的是")
    await ling.says("2022-08")
    await ling.sees("请核对全部信息", "住培合格证书发证年月：2022-08")


async def test_an_area_whose_papers_cannot_be_taken_yet_says_so(ling: Person) -> None:
    await scenes.comes_to_the_form(ling)
    await ling.presses("上一步")
    await ling.sees("青海考区的哪个考点")
    await ling.presses("上一步")
    await ling.sees("您在哪个考区")
    await ling.says("天津考区")
    await ling.sees("天津考区是线上确认", "官方小程序", "您在哪个考区")
    await ling.presses("青海考区")
    await ling.sees("您的执业类别")


async def test_an_area_is_found_by_typing(ling: Person) -> None:
    await scenes.comes_to_the_form(ling)
    await ling.presses("上一步")
    await ling.sees("青海考区的哪个考点")
    await ling.presses("上一步")
    await ling.sees("您在哪个考区")
    await ling.says("火星")
    await ling.sees("没有找到", "qinghai", "您在哪个考区")
    await ling.says("sx")
    several = await ling.sees("找到这几个")
    assert several.labels == ("山西考区", "陕西考区", "上一步")
    await ling.presses("上一步")
    assert "青海考区" in (await ling.sees("您在哪个考区")).labels
    await ling.says("qinghai")
    await ling.sees("您的执业类别")
