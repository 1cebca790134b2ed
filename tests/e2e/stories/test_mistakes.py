"""A tired person makes fifteen mistakes that cost others their year, and ends with a right form."""

from __future__ import annotations

import pytest

from tests.e2e import db_asserts, scenes
from tests.e2e.bot import EXAM, Harness
from tests.e2e.person import Person
from tests.photos import jpeg

pytestmark = pytest.mark.row("S1", "S7", "S10")


async def test_fifteen_mistakes_and_a_right_form(ling: Person, harness: Harness) -> None:
    await scenes.meets_the_bot(ling)
    # 1: a name in two messages, so the first is one character only
    await ling.says("刘")
    await ling.sees("姓名太短", "刘玲")
    await ling.says("刘玲")
    await ling.sees("用哪种证件报名")
    await ling.presses("居民身份证")
    await ling.sees("证件号码是多少")
    # 2: two digits swapped
    await ling.says("999999199003701040")
    await ling.sees("这个日期不存在")
    # 3: the check digit does not fit
    await ling.says("999999199003071041")
    again = await ling.sees("最后一位和前面对不上")
    assert again.text.count("前 17 位是数字") == 1  # the format, once
    # 4: the old number of 15 digits
    await ling.says("999999900307104")
    third = await ling.sees("15 位的旧号码")
    assert "帮助" in third.labels  # the third time there is somebody to ask
    await ling.says(scenes.NUMBER)
    await ling.sees("再输入一遍")
    # 5: the second number is another person's
    await ling.says(scenes.id_number(7))
    await ling.sees("两次输入的号码不一样")
    await ling.says(scenes.NUMBER)
    await ling.sees("再输入一遍")
    await ling.says(scenes.NUMBER)
    await ling.sees("请仔细核对")
    await scenes.locks_the_account(ling)
    # 6: the wrong area, seen when it is said back
    await ling.presses("开始填写")
    await ling.sees("哪个考区")
    await ling.says("陕西")
    await ling.sees("✓ 考区：陕西考区")
    await ling.presses("上一步")
    await ling.sees("哪个考区")
    await ling.says("青海考区")
    await ling.sees("✓ 考区：青海考区")
    await ling.presses("我已阅读并同意")
    await ling.sees("哪个考点")
    await ling.presses("西宁考点")
    await ling.sees("您的民族")
    await ling.presses("汉族")
    await ling.sees("您的手机号码")
    # 7: a digit of the mobile number is missing
    await ling.says("1380013800")
    await ling.sees("位数不对", "11")
    await ling.says("138 0013 8000")
    await ling.sees("固定电话")
    await ling.presses("跳过本页其余选填项")
    await ling.sees("报考哪一类")
    # 8: the wrong category, corrected at once; what depended on it is asked anew
    await ling.presses("技")
    await ling.sees("报考哪个级别")
    await ling.presses("上一步")
    await ling.sees("报考哪一类", "现在填的是：技")
    await ling.presses("医")
    await ling.sees("报考哪个专业")
    # 9: a specialty that is spelled nearly right
    await ling.says("神精内科学")
    await ling.sees("您是指哪一个")
    await ling.presses("神经内科学 308")
    await ling.sees("您的执业类别")
    await ling.presses("临床")
    await ling.sees("首次执业注册")
    # 10: a month that has not come yet
    await ling.says("2026年7月")
    await ling.sees("2026-07 还没到")
    # 11: the birth date instead of the month of registration
    await ling.says("1990-03")
    await ling.sees("比您的出生年月还早")
    await ling.says("2019-07")
    await ling.sees("住院医师规范化培训")
    # 12: wants to skip what its holders have to give
    await ling.presses("有")
    await ling.sees("住培合格证书是哪年哪月发的")
    await ling.says("跳过")
    await ling.sees("必填的，不能跳过")
    await ling.says("2022.8")
    await ling.sees("报考哪几科")
    # 13: no subject at all
    for subject in ("基础知识", "相关专业知识", "专业知识", "专业实践能力"):
        await ling.presses(subject)
    await ling.sees_buttons("就报这几科")
    await ling.presses("就报这几科")
    await ling.sees("至少一科")
    for subject in ("基础知识", "相关专业知识", "专业知识", "专业实践能力"):
        await ling.says(subject)
        await ling.sees("报考哪几科")
    await ling.presses("就报这几科")
    await ling.sees("您现在的专业技术资格")
    await ling.presses("执业医师")
    await ling.sees("满几年了")
    # 14: the year instead of how many
    await ling.says("2019")
    await ling.sees("应在 0 到 50 之间")
    await ling.says("六年")
    await ling.sees("哪年哪月取得的")
    await ling.presses("跳过本页其余选填项")
    await scenes.gives_an_education(ling)
    await scenes.names_the_employer(ling, "青海示例第一人民医院")
    # 15: a photo that is too small
    await ling.sends_file(jpeg(300, 400))
    await ling.sees("至少要 420×600")
    await scenes.gives_the_photo(ling)
    await scenes.submits(ling)
    known = await db_asserts.records(harness.settings, EXAM.key, 1001)
    assert known.person is not None
    assert known.application is not None
    assert known.person.identity.id_number == scenes.NUMBER
    answers = known.application.answers
    assert {key: answers[key] for key in ("category", "specialty", "registered", "years")} == {
        "category": "medicine",
        "specialty": "308",
        "registered": "2019-07",
        "years": "6",
    }
    assert answers["residency_month"] == "2022-08"
    assert answers["subjects"] == "basic related professional skills"
