"""Every conditional rule of the form, and every way to answer, as a candidate meets them."""

from __future__ import annotations

import pytest

from tests.e2e import db_asserts, scenes
from tests.e2e.bot import EXAM, Harness
from tests.e2e.person import Person


async def answers_of(harness: Harness, telegram_id: int = 1001) -> dict[str, str]:
    """The answers that are kept."""
    await harness.settles()
    known = await db_asserts.records(harness.settings, EXAM.key, telegram_id)
    assert known.application is not None
    return dict(known.application.answers)


async def comes_to_the_specialty(person: Person) -> None:
    """Up to the first question of page (4)."""
    await scenes.comes_to_the_form(person)
    await person.presses("汉族")
    await scenes.gives_the_contact(person)
    await person.sees("第 4 页，共 6 页 · 报考信息", "报考哪一类")


@pytest.mark.row("S7")
async def test_a_nurse_is_asked_what_concerns_nurses(ling: Person, harness: Harness) -> None:
    """Her first registration, from which her years count, and her titles; no residency."""
    await comes_to_the_specialty(ling)
    await ling.presses("护")
    asked = await ling.sees("报考哪个级别")
    assert "执业类别" not in asked.text.replace("✓ 执业类别：护理", "")
    await ling.presses("中级")
    await ling.sees_buttons("护理学 368", "内科护理 369")
    await ling.presses("护理学 368")
    await ling.sees("首次执业注册")
    await ling.says("2012-07")
    await ling.sees("报考哪几科")
    await ling.presses("就报这几科")
    await ling.sees("您现在的专业技术资格")
    await ling.sees_buttons("无", "护士", "护师", "主管护师")
    await ling.presses("护师")
    await ling.sees("满几年了")
    answers = await answers_of(harness)
    assert (answers["practice"], answers["registered"]) == ("nursing", "2012-07")
    assert "residency" not in answers


@pytest.mark.row("S7")
async def test_a_pharmacist_is_not_asked_what_concerns_physicians(
    ling: Person, harness: Harness
) -> None:
    """With the practice category 无 there is no month of first registration (guide (4), note 2)."""
    await comes_to_the_specialty(ling)
    await ling.presses("药")
    asked = await ling.sees("报考哪个级别")
    assert "执业类别" not in asked.text, "that it does not concern them is no news"
    await ling.presses("初级（师）")
    await ling.sees("报考哪个专业")
    await ling.presses("药学 201")
    await ling.sees("报考哪几科")
    await ling.presses("就报这几科")
    await ling.sees("您现在的专业技术资格")
    await ling.presses("无")
    await ling.sees("以前的档案号")  # neither years nor months of a title that there is not
    answers = await answers_of(harness)
    assert answers["practice"] == "none"
    assert not answers.keys() & {"registered", "residency", "residency_month", "years", "titled"}


@pytest.mark.row("S7")
async def test_a_residency_certificate_wants_its_month(ling: Person, harness: Harness) -> None:
    await comes_to_the_specialty(ling)
    await ling.presses("医")
    await ling.sees("报考哪个专业")
    await ling.says("shenjing")
    await ling.sees("您是指哪一个")
    await ling.presses("神经内科学 308")
    await ling.sees("您的执业类别")
    await ling.says("临床")
    await ling.sees("首次执业注册")
    await ling.presses("从列表里选年月")
    await ling.sees_buttons("2025", "2014")
    await ling.presses("更早")
    await ling.sees_buttons("2013", "2002")
    await ling.presses("2013")
    await ling.sees_buttons("2013-07")
    await ling.presses("2013-07")
    await ling.sees("住院医师规范化培训")
    await ling.presses("有")
    await ling.sees("住培合格证书是哪年哪月发的")
    await ling.says("跳过")
    await ling.sees("必填的，不能跳过")
    await ling.says("2016年8月")
    await ling.sees("报考哪几科")
    answers = await answers_of(harness)
    assert answers["specialty"] == "308"
    assert answers["registered"] == "2013-07"
    assert answers["residency_month"] == "2016-08"


@pytest.mark.row("S7")
async def test_another_category_asks_again_only_what_depended_on_it(
    ling: Person, harness: Harness
) -> None:
    await scenes.comes_to_the_photo(ling)
    await scenes.gives_the_photo(ling)
    await ling.presses("修改报考信息")
    await ling.sees("要改哪一项", "内科学 303")
    await ling.presses("改专业类别")
    await ling.sees("报考哪一类", "现在填的是：医")
    await ling.presses("药")
    await ling.sees("报考哪个专业")  # 中级 is a level of both
    await ling.says("中药学")
    await scenes.names_the_title(ling, "药师")
    summary = await ling.sees("请核对全部信息", "中药学", "执业类别：无")
    assert "首次注册年月" not in summary.text
    assert "138 0013 8000" in summary.text
    answers = await answers_of(harness)
    assert answers["title"] == "junior"
    assert "registered" not in answers


@pytest.mark.row("S7")
async def test_subjects_are_ticked_and_a_double_tap_is_one(ling: Person, harness: Harness) -> None:
    await comes_to_the_specialty(ling)
    await ling.presses("医")
    await ling.sees("报考哪个专业")
    await ling.says("内科学")
    await ling.sees("您的执业类别")
    await ling.presses("临床")
    await ling.sees("首次执业注册")
    await ling.says("201907")
    await ling.sees("住院医师规范化培训")
    await ling.presses("没有")
    question = await ling.sees("报考哪几科")
    passed = question.button("基础知识")
    assert passed is not None
    await ling.taps(question, passed)
    await ling.taps(question, passed)
    await ling.says("✓ 相关专业知识")  # the button; the bare name would be the whole answer
    again = await ling.sees("报考哪几科")
    ticked = [button.label for button in again.buttons if button.label.startswith("✓")]
    assert ticked == ["✓ 专业知识", "✓ 专业实践能力"]
    await ling.presses("就报这几科")
    await ling.sees("您现在的专业技术资格")
    assert (await answers_of(harness))["subjects"] == "professional skills"
    await ling.presses("上一步")
    await ling.sees("报考哪几科", "现在填的是：专业知识、专业实践能力")
    await ling.says("基础知识 相关专业知识，专业知识、专业实践能力")
    await ling.sees("您现在的专业技术资格")
    assert (await answers_of(harness))["subjects"] == "basic related professional skills"


@pytest.mark.row("S9")
async def test_an_employer_that_is_not_listed_is_named_and_its_kind_is_required(
    ling: Person, harness: Harness
) -> None:
    """Guide (6), note."""
    await scenes.comes_to_the_form(ling)
    await ling.presses("汉族")
    await scenes.gives_the_contact(ling)
    await scenes.chooses_the_specialty(ling)
    await scenes.gives_an_education(ling)
    await ling.sees("您的工作单位")
    await ling.says("火星医院")
    unlisted = await ling.sees("名单里没有找到")
    assert unlisted.labels == ("用我写的：火星医院", "重新找")
    await ling.presses("重新找")
    await ling.says("其它")
    await ling.sees("单位的全称")
    await ling.says("示例市第一人民医院")
    kind = await ling.sees("这是哪一类单位")
    assert "跳过" not in kind.labels
    await ling.presses("基层医疗卫生机构")
    await ling.sees("所在的科室")
    answers = await answers_of(harness)
    assert (answers["employer"], answers["employer_kind"]) == ("other", "primary")
    await ling.presses("上一步")
    await ling.sees("这是哪一类单位", "现在填的是")
    await ling.presses("上一步")
    await ling.sees("单位的全称", "现在填的是：示例市第一人民医院")
    await ling.presses("上一步")
    await ling.sees("您的工作单位", "现在填的是")
    await ling.presses("青海示例中医医院")
    await ling.sees("所在的科室")
    answers = await answers_of(harness)
    assert not answers.keys() & {"employer_name", "employer_kind"}


@pytest.mark.row("S5", "S6")
async def test_the_locked_items_stand_on_page_two_and_all_contacts_can_be_given(
    ling: Person, harness: Harness
) -> None:
    await scenes.comes_to_the_form(ling)
    page = next(
        m for m in reversed(await ling.from_bot()) if "第 2 页，共 6 页 · 基本信息" in m.text
    )
    assert page.says(("刘玲", "国籍：中国", "以上六项已锁定"))
    assert scenes.NUMBER not in page.text
    await ling.says("mz")
    found = await ling.sees("您是指哪一个")
    assert found.labels[:2] == ("苗族", "满族")
    await ling.presses("满族")
    await ling.sees("您的手机号码")
    await ling.shares_contact("13900139000", 1002)
    await ling.sees("这是别人的名片")
    await ling.shares_contact("+8613900139000", 1001)
    await ling.sees("固定电话")
    await ling.says("0971-123")
    await ling.sees("这不像固定电话号码")
    await ling.says("（0971）1234567")
    await ling.sees("电子邮箱")
    await ling.says("ling＠EXAMPLE。com")
    await ling.sees("通讯地址")
    await ling.presses("跳过")
    await ling.sees("邮政编码")
    await ling.says("８１００００")
    await ling.sees("报考哪一类")
    answers = await answers_of(harness)
    assert answers["ethnicity"] == "11"
    assert answers["mobile"] == "+8613900139000"
    assert answers["landline"] == "0971-1234567"
    assert answers["email"] == "ling@example.com"
    assert answers["address"] == ""
    assert answers["postcode"] == "810000"


@pytest.mark.row("S12")
async def test_on_site_nothing_is_uploaded_and_it_is_said(ling: Person) -> None:
    await scenes.comes_to_the_photo(ling)
    summary = await scenes.gives_the_photo(ling)
    assert "这里不用上传证明材料" in summary.text
    assert "改证明材料" not in summary.labels
    todo = await scenes.submits(ling)
    assert "带上：报名表（本人签名，单位盖章）、身份证件" in todo.text
