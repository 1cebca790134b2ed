"""Somebody's ID number has an account already: what they can do, and what they cannot find out."""

from __future__ import annotations

import pytest

from tests.e2e import db_asserts, scenes
from tests.e2e.bot import Harness
from tests.e2e.person import Person

pytestmark = pytest.mark.row("S1")


async def finds_it_taken(ling: Person, chen: Person) -> None:
    """Ling's account is confirmed; then Chen confirms the same number."""
    await scenes.meets_the_bot(ling)
    await scenes.gives_the_account(ling)
    await scenes.locks_the_account(ling)
    await scenes.meets_the_bot(chen)
    await scenes.gives_the_account(chen, name="陈航")
    await chen.presses("全部正确，确认")
    await chen.sees("这个证件号码已经有账户了", "不能再用来确认")


async def test_this_is_mine_opens_a_case_for_the_site(
    ling: Person, chen: Person, harness: Harness
) -> None:
    await finds_it_taken(ling, chen)
    await chen.presses("这是我的号码")
    await chen.sees("您的单位在哪个考区")
    await chen.says("qh")
    await chen.sees("您是指 青海考区？")
    await chen.presses("是")
    await chen.sees("由哪个考点核实")
    await chen.presses("海东考点")
    told = await chen.sees("已登记，海东考点会核实", "0972-")
    assert "刘玲" not in told.text
    await chen.presses("继续报名")
    await chen.sees("请仔细核对", "陈航")
    await chen.presses("全部正确，确认")
    await chen.sees("这个证件号码已经有账户了")
    await chen.presses("这是我的号码")
    await chen.sees("您的单位在哪个考区")
    await chen.says("青海考区")
    await chen.sees("由哪个考点核实")
    await chen.presses("西宁考点")
    await chen.sees("已经登记过了", "海东考点正在核实", "0972-")
    assert (await db_asserts.database_summary(harness.settings)).audit_entries[1002][
        "case-opened"
    ] == 1


async def test_a_mistyped_number_is_mended_and_confirmed(ling: Person, chen: Person) -> None:
    await finds_it_taken(ling, chen)
    await chen.presses("改号码")
    await chen.sees("证件号码是多少")
    await chen.says(scenes.id_number(15))
    await chen.sees("再输入一遍")
    await chen.says(scenes.id_number(15))
    await chen.sees("请仔细核对")
    await chen.presses("全部正确，确认")
    await chen.sees("您的身份信息已锁定")


async def test_five_tries_a_day_and_erasing_does_not_help(
    ling: Person, chen: Person, harness: Harness, admin: Person
) -> None:
    await finds_it_taken(ling, chen)
    for _ in range(4):
        await chen.presses("上一步")
        await chen.sees("请仔细核对")
        await chen.presses("全部正确，确认")
        await chen.sees("这个证件号码已经有账户了")
    await chen.presses("上一步")
    await chen.sees("请仔细核对")
    await chen.presses("全部正确，确认")
    await chen.sees("24 小时内已确认过 5 次")
    await chen.says("/erase")
    await chen.sees("要删除您的全部信息吗")
    await chen.presses("是，删除我的全部信息")
    await chen.sees("已经删除")
    await scenes.meets_the_bot(chen)
    await scenes.gives_the_account(chen, name="陈航")
    await chen.presses("全部正确，确认")
    await chen.sees("24 小时内已确认过 5 次")
    await admin.says("/clock +1d")
    await admin.sees("现在是")
    await chen.presses("全部正确，确认")
    await chen.sees("这个证件号码已经有账户了")
