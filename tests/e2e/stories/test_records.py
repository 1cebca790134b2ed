"""Education records: kept for every year, at most five, some of them not usable yet."""

from __future__ import annotations

import pytest

from tests.e2e import db_asserts, scenes
from tests.e2e.bot import EXAM, Harness
from tests.e2e.person import Person

pytestmark = pytest.mark.row("S2", "S8")


async def writes(
    person: Person,
    number: int,
    degree: str = "本科",
    graduated: str = "2012-07",
    check: str = "核验通过",
) -> None:
    """A record, from its first question to the look over it."""
    await person.sees("哪一种学历或学位")
    await person.presses(degree)
    await person.sees("毕业学校的全称")
    await person.says("示例医科大学")
    await person.sees("所学专业")
    await person.says("临床医学")
    await person.sees("学习形式")
    await person.presses("普通全日制")
    await person.sees("毕业（或取得学位）是哪年哪月")
    await person.says(graduated)
    await person.sees("证书编号")
    await person.says(f"10000120120500{number:04}")
    await person.sees("核验状态")
    await person.presses(check)
    await person.sees("入学是哪年哪月")
    await person.presses("跳过")
    await person.sees("保存后不能修改")


async def comes_to_the_education(person: Person) -> None:
    """Up to page (5)."""
    await scenes.comes_to_the_form(person)
    await person.presses("汉族")
    await scenes.gives_the_contact(person)
    await scenes.chooses_the_specialty(person)


async def test_with_a_degree_that_waits_for_its_check_one_goes_on(
    ling: Person, harness: Harness
) -> None:
    """Domain §1.3: bachelors and above from 2002 on, while they are 未核验, cannot be submitted."""
    await comes_to_the_education(ling)
    await writes(ling, 1, check="未核验")
    await ling.presses("没有错，保存")
    await scenes.names_the_employer(ling)
    await ling.reads("核验有结果才能提交报名", "您的工作单位")
    await scenes.gives_the_photo(ling)
    await ling.presses("提交报名信息")
    await ling.sees("学历还是“未核验”，现在不能提交")
    await ling.says("/status")
    await ling.sees("都填好了，还差学历核验的结果")
    await ling.says("/start")
    await ling.presses("更新第 1 条的核验")
    await ling.sees("核验有结果了吗", "本科")
    await ling.presses("核验通过")
    await ling.sees("核验状态已更新", "请核对全部信息")
    await scenes.submits(ling)
    known = await db_asserts.records(harness.settings, EXAM.key, 1001)
    assert known.application is not None
    assert known.application.answers["education"] == "1"


async def test_a_record_is_left_in_the_middle_and_gone_on_with(
    ling: Person, harness: Harness
) -> None:
    await comes_to_the_education(ling)
    await ling.sees("哪一种学历或学位")
    await ling.presses("本科")
    await ling.sees("毕业学校的全称")
    await ling.says("示例医科大学")
    await ling.sees("所学专业")
    await ling.says("/cancel")
    await ling.sees("先停在这里")
    await harness.stops()
    await harness.starts()
    await ling.presses("继续报名")
    await ling.sees("所学专业")
    await ling.presses("上一步")
    await ling.sees("毕业学校的全称", "现在填的是：示例医科大学")
    await ling.presses("上一步")
    await ling.sees("哪一种学历或学位", "现在填的是：本科")
    await ling.presses("上一步")
    await ling.sees("第 4 页，共 6 页 · 报考信息")
    await ling.presses("不改，继续")
    await ling.sees("所学专业")


async def test_nobody_enrols_after_graduating(ling: Person) -> None:
    """A record stays as it is for good, so what cannot be is said before."""
    await comes_to_the_education(ling)
    await writes(ling, 1)
    await ling.presses("改入学年月")
    await ling.sees("入学是哪年哪月")
    await ling.says("2013-09")
    await ling.sees("保存后不能修改", "2013-09")
    await ling.presses("没有错，保存")
    await ling.sees("入学年月（2013-09）应该早于毕业年月（2012-07）", "保存后不能修改")
    await ling.presses("改入学年月")
    await ling.sees("入学是哪年哪月")
    await ling.says("2007-09")
    await ling.sees("保存后不能修改", "2007-09")
    await ling.presses("没有错，保存")
    await ling.sees("学历学位已保存", "您的工作单位")


async def test_five_records_are_all_and_none_goes(ling: Person) -> None:
    await scenes.meets_the_bot(ling)
    await scenes.gives_the_account(ling)
    await scenes.locks_the_account(ling)
    await ling.says("/profile")
    await ling.sees("这里保存着您的这些信息")
    await ling.presses("我的学历学位")
    await ling.sees("最多 5 条", "还没有")
    for number in range(1, 6):
        await ling.presses("添加一条学历学位")
        await writes(ling, number)
        await ling.presses("没有错，保存")
        listing = await ling.sees("学历学位已保存", "您的学历学位信息", f"{number}. 本科")
        assert ("添加一条学历学位" in listing.labels) is (number < 5)
    await ling.presses("上一步")
    await ling.sees("报名正在进行")
    await ling.says("/profile")
    await ling.sees("学历学位：5 条")


async def test_the_same_certificate_is_kept_once(ling: Person) -> None:
    await comes_to_the_education(ling)
    await writes(ling, 1)
    await ling.presses("没有错，保存")
    await ling.sees("您的工作单位")
    await ling.presses("上一步")
    await ling.sees("用哪一条学历学位报考")
    await ling.presses("添加一条学历学位")
    await writes(ling, 1)
    await ling.presses("没有错，保存")
    await ling.sees("这个证书编号已经保存过了", "用哪一条学历学位报考")
    await ling.presses("不改，继续")
    await ling.sees("您的工作单位")
