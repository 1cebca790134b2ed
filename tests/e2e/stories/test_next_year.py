"""A candidate who comes back next year: everything is there, and one tap confirms it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from states.exam import Exam
from tests.e2e import db_asserts, scenes
from tests.e2e.bot import EXAM, Harness
from tests.e2e.person import Person

MOST_ACTS = 12
"""A returning candidate needs no more messages and taps than this."""
NEXT: Exam = EXAM.model_copy(
    update={"key": "health-2027", "year": 2027, "name": "2027 年度卫生专业技术资格考试"}
)


async def comes_again(ling: Person, harness: Harness, exam: Exam = NEXT) -> None:
    """Registered this year; the bot is started with the next exam."""
    await scenes.registers(ling)
    await harness.stops()
    await harness.starts(exam=exam)
    ling.effects = 0
    await ling.says("/start")
    await ling.sees(exam.name)
    await ling.presses("继续报名")
    await ling.sees(exam.name, "准备好了就点“开始填写”")
    await ling.presses("开始填写")


@pytest.mark.row("S2")
async def test_ling_registers_again_with_a_few_taps(ling: Person, harness: Harness) -> None:
    await comes_again(ling, harness)
    again = await ling.sees(
        "您上次报过名，这些还对吗", "考区：青海考区", "考点：西宁考点", "138 0013 8000"
    )
    assert "内科学" not in again.text  # codes mean other things in other years
    await ling.presses("都还对，继续")
    await ling.sees("请阅读报考须知")
    await ling.presses("我已阅读并同意")
    await ling.sees("报考哪一类")
    await ling.presses("医")
    await ling.sees("报考哪个专业")
    await ling.says("303")
    await ling.sees("报考哪几科")
    await ling.presses("就报这几科")
    await ling.sees("满几年了")
    await ling.says("7")
    photo = await ling.sees("这是您保存在这里的报名照片，这次还用它吗")
    assert photo.has_picture
    await ling.presses("就用这张")
    await ling.sees("请核对全部信息", "现有资格年限：7", "青海示例第一人民医院", "示例医科大学")
    await ling.presses("提交报名信息")
    await ling.sees("报名信息已提交")
    assert ling.effects <= MOST_ACTS
    this = await db_asserts.records(harness.settings, EXAM.key, 1001)
    following = await db_asserts.records(harness.settings, NEXT.key, 1001)
    assert this.application is not None
    assert following.application is not None
    assert this.application.id != following.application.id
    assert following.application.photo == this.application.photo


async def test_much_has_changed_and_the_form_is_empty(ling: Person, harness: Harness) -> None:
    await comes_again(ling, harness)
    await ling.sees("这些还对吗")
    await ling.presses("变了很多，重新填写")
    await ling.sees("您在哪个考区报考")
    await ling.presses("天津考区")
    await ling.sees("请阅读报考须知")
    await ling.presses("我已阅读并同意")
    question = await ling.sees("哪个考点")
    assert "现在填的是" not in question.text


async def test_what_this_year_does_not_offer_any_more_is_asked(
    ling: Person, harness: Harness
) -> None:
    area = EXAM.area("qinghai")
    assert area is not None
    smaller = area.model_copy(
        update={"sites": tuple(site for site in area.sites if site.code != "xining")}
    )
    areas = tuple(smaller if one.code == "qinghai" else one for one in EXAM.areas)
    await comes_again(ling, harness, NEXT.model_copy(update={"areas": areas}))
    again = await ling.sees("这些还对吗", "考区：青海考区")
    assert "西宁考点" not in again.text
    await ling.presses("都还对，继续")
    await ling.sees("请阅读报考须知")
    await ling.presses("我已阅读并同意")
    await ling.sees("第 1 页，共 6 页 · 选择考点", "哪个考点")


@pytest.mark.row("S10")
async def test_a_photo_that_this_year_refuses_is_not_offered(
    ling: Person, harness: Harness
) -> None:
    stricter = replace(EXAM.photo, min_width=1000, min_height=1400, recommended_height=2100)
    await comes_again(ling, harness, NEXT.model_copy(update={"photo": stricter}))
    await ling.sees("您以前的照片不符合今年的要求（至少 1000×1400 像素）", "这些还对吗")
    await harness.settles()
    known = await db_asserts.records(harness.settings, NEXT.key, 1001)
    assert known.person is not None
    assert known.person.photo is None
