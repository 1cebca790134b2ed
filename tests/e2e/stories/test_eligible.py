"""Six people ask whether they may register: yes, no and until when, or the site must decide."""

from __future__ import annotations

import pytest

from tests.e2e import scenes
from tests.e2e.bot import Harness
from tests.e2e.messages import Message
from tests.e2e.person import Person
from tests.e2e.stories.test_next_year import comes_again
from tests.e2e.stories.test_the_form import comes_to_the_specialty

pytestmark = pytest.mark.row("B1")


async def asks(person: Person, *words: str) -> Message:
    """Ask in one's own words; the staff have the last word in every answer."""
    await person.says("我能报考吗")
    return await person.sees(*words, "由考点、考区审核")


async def gives_an_education(person: Person, degree: str) -> None:
    """Page (5) with this degree."""
    await person.sees("第 5 页，共 6 页 · 教育情况", "哪一种学历或学位")
    await person.presses(degree)
    await person.sees("毕业学校的全称")
    await person.says(scenes.SCHOOL)
    await person.sees("所学专业")
    await person.says("护理学")
    await person.sees("学习形式")
    await person.presses("普通全日制")
    await person.sees("毕业（或取得学位）是哪年哪月")
    await person.says("2010-07")
    await person.sees("证书编号")
    await person.says(scenes.CERTIFICATE)
    await person.sees("核验状态")
    await person.presses("核验通过")
    await person.sees("入学是哪年哪月")
    await person.presses("跳过")
    await person.sees("保存后不能修改")
    await person.presses("没有错，保存")


async def is_a_physician(person: Person, residency: str) -> None:
    """A master of medicine, registered three years ago, up to the photo."""
    await comes_to_the_specialty(person)
    await person.presses("医")
    await person.sees("报考哪个专业")
    await person.says("303")
    await person.sees("您的执业类别")
    await person.presses("临床")
    await person.sees("首次执业注册")
    await person.says("2022-07")
    await person.sees("住院医师规范化培训")
    await person.presses("有" if residency else "没有")
    if residency:
        await person.sees("住培合格证书是哪年哪月发的")
        await person.says(residency)
    await person.sees("报考哪几科")
    await person.presses("就报这几科")
    await person.sees("您现在的专业技术资格")
    await person.presses("执业医师")
    await person.sees("满几年了")
    await person.says("3")
    await person.sees("哪年哪月取得的")
    await person.presses("跳过本页其余选填项")
    await gives_an_education(person, "硕士研究生")
    await scenes.names_the_employer(person)


async def test_a_physician_with_residency(ling: Person) -> None:
    await is_a_physician(ling, "2023-08")
    await asks(ling, "看来可以报", "依据：")


async def test_a_physician_without_residency_reads_what_is_missing(ling: Person) -> None:
    await is_a_physician(ling, "")
    told = await asks(ling, "看来还不能报", "住培合格证书发证年月：还没有")
    assert "这只是提醒，不影响提交" in told.text
    await ling.says("继续")
    await ling.sees("请发您的报名照片")
    await scenes.gives_the_photo(ling)
    await scenes.submits(ling)


async def is_a_nurse(person: Person, titled: str) -> None:
    """A nurse with a college degree who wants the intermediate level, up to the photo."""
    await comes_to_the_specialty(person)
    await person.presses("护")
    await person.sees("报考哪个级别")
    await person.presses("中级")
    await person.sees("报考哪个专业")
    await person.presses("护理学 368")
    await person.sees("首次执业注册")
    await person.says("2015-07")
    await person.sees("报考哪几科")
    await person.presses("就报这几科")
    await person.sees("您现在的专业技术资格")
    await person.presses("护师")
    await person.sees("满几年了")
    await person.says("5")
    await person.sees("哪年哪月取得的")
    if titled:
        await person.says(titled)
        await person.sees("哪年哪月聘任")
    await person.presses("跳过本页其余选填项")
    await gives_an_education(person, "大专")
    await scenes.names_the_employer(person)


async def test_a_nurse_half_a_year_early_reads_the_year(ling: Person) -> None:
    await is_a_nurse(ling, "2020-05")
    await asks(ling, "看来还不能报", "要满 6 年", "最早可报 2027 年的考试")


async def test_who_left_out_a_date_reads_that_it_is_for_the_site_to_decide(ling: Person) -> None:
    await is_a_nurse(ling, "")
    await asks(ling, "还看不出够不够条件", "因为没有填：现有资格取得年月")


async def test_a_technician_asks_before_registering_and_reads_all_ways(ling: Person) -> None:
    await scenes.meets_the_bot(ling)
    await ling.says("我能报考吗")
    await ling.sees("姓名是“我能报考吗”吗")
    await ling.presses("能不能报考")
    await ling.sees("想先看看条件")
    await ling.presses("技")
    await ling.sees("请选")
    await ling.presses("初级（师）")
    await ling.sees("请选")
    await ling.presses("大专")
    await ling.sees("技、初级（师）、大专", "从事本专业工作满 3 年")


async def test_who_changed_the_post_reads_that_the_staff_examine_it(
    ling: Person, harness: Harness
) -> None:
    await comes_again(ling, harness)
    await ling.sees("这些还对吗")
    await ling.presses("变了很多，重新填写")
    await ling.sees("您在哪个考区报考")
    await asks(ling, "现在的岗位对得上")
