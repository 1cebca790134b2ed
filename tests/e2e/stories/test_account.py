"""The account: what is checked, what is locked, and what leaves the chat again."""

from __future__ import annotations

import pytest

from tests.e2e import db_asserts, scenes
from tests.e2e.bot import EXAM, Harness
from tests.e2e.person import Person

pytestmark = pytest.mark.row("S1")

TAKEN = "这个证件号码已经有账户了"


async def comes_to_the_number(person: Person) -> None:
    """Up to the question for the ID number."""
    await scenes.meets_the_bot(person)
    await person.says("刘玲")
    await person.sees("用哪种证件报名")
    await person.presses("居民身份证")
    await person.sees("证件号码是多少")


async def test_two_numbers_that_differ_are_both_asked_again(ling: Person) -> None:
    await comes_to_the_number(ling)
    await ling.says(scenes.NUMBER)
    await ling.sees("再输入一遍")
    await ling.says(scenes.id_number(7))
    await ling.sees("两次输入的号码不一样", "证件号码是多少")
    await ling.says(scenes.NUMBER)
    await ling.sees("再输入一遍")
    await ling.says(scenes.NUMBER.lower())
    await ling.sees("请仔细核对", scenes.NUMBER[-4:])


@pytest.mark.row("B21")
async def test_messages_with_numbers_leave_the_chat(ling: Person) -> None:
    await comes_to_the_number(ling)
    wrong = await ling.says(scenes.NUMBER[:-1] + "0")
    await ling.sees("最后一位和前面对不上")
    first = await ling.says(scenes.NUMBER)
    await ling.sees("再输入一遍")
    second = await ling.says(scenes.NUMBER)
    await ling.sees("请仔细核对")
    for message_id in (wrong, first, second):
        await ling.sees_gone(message_id)
    own = scenes.NUMBER[6:]
    assert all(own not in message.text for message in ling.messages if message.sender == 1001)


async def test_a_taken_number_reads_the_same_for_everybody(
    ling: Person, chen: Person, harness: Harness
) -> None:
    """Whoever tries a number learns nothing about whose it is."""
    await scenes.meets_the_bot(ling)
    await scenes.gives_the_account(ling)
    await scenes.locks_the_account(ling)
    refusals = []
    await scenes.meets_the_bot(chen)
    for name in ("刘玲", "陈航"):
        if name == "刘玲":
            await scenes.gives_the_account(chen, name=name)
        else:
            await chen.presses("上一步")
            await chen.sees("请仔细核对")
            await chen.presses("改姓名")
            await chen.sees("您的姓名")
            await chen.says(name)
            await chen.sees("请仔细核对", name)
        await chen.presses("全部正确，确认")
        refusals.append(await chen.sees(TAKEN, "这是我的号码"))
    assert refusals[0].text == refusals[1].text
    assert refusals[0].labels == refusals[1].labels
    known = await db_asserts.records(harness.settings, EXAM.key, 1002)
    assert known.person is not None
    assert known.person.number_hash is None


@pytest.mark.both_databases
async def test_two_people_confirm_one_number_at_once(
    ling: Person, chen: Person, harness: Harness
) -> None:
    for person in (ling, chen):
        await scenes.meets_the_bot(person)
        await scenes.gives_the_account(person)
    await harness.stops()
    for person in (ling, chen):
        await person.presses("全部正确，确认")
    await harness.starts()
    await ling.sees("已锁定")
    await chen.sees(TAKEN)
    assert (await db_asserts.database_summary(harness.settings)).audit_entries[1001][
        "identity-confirmed"
    ] == 1
    assert (await db_asserts.database_summary(harness.settings)).audit_entries[1002][
        "identity-confirmed"
    ] == 0


async def test_one_item_is_corrected_before_it_is_locked(ling: Person) -> None:
    await scenes.meets_the_bot(ling)
    await scenes.gives_the_account(ling)
    await ling.presses("改姓名")
    await ling.sees("您的姓名")
    await ling.says("刘")
    await ling.sees("姓名太短", "您的姓名")
    await ling.says("刘铃")
    await ling.sees("请仔细核对", "刘铃")
    await ling.presses("改证件类型")
    await ling.sees("用哪种证件报名")
    await ling.presses("居民身份证")
    await ling.sees("请仔细核对")


async def test_another_document_wants_another_number(ling: Person) -> None:
    await scenes.meets_the_bot(ling)
    await scenes.gives_the_account(ling)
    await ling.presses("改证件类型")
    await ling.sees("用哪种证件报名")
    await ling.presses("港澳台居民居住证")
    await ling.sees("证件号码是多少", "81、82 或 83")


async def test_a_permit_that_says_neither_sex_nor_birth_is_asked_for_both(
    ling: Person, harness: Harness
) -> None:
    await scenes.meets_the_bot(ling)
    await ling.says("陈美玲")
    await ling.sees("账户 · 第 2 步，共 5 步", "用哪种证件报名")
    await ling.presses("台湾居民来往大陆通行证")
    await ling.sees("账户 · 第 3 步，共 7 步", "8 位数字")
    await ling.says("0000 0000")
    await ling.sees("再输入一遍")
    await ling.says("００００００００")
    await ling.sees("账户 · 第 5 步，共 7 步", "证件上的性别")
    await ling.presses("女")
    await ling.sees("账户 · 第 6 步，共 7 步", "证件上的出生日期")
    await ling.says("1990-02-30")
    await ling.sees("没有这一天")
    await ling.says("2020年3月7日")
    await ling.sees("还不满 16 岁", "格式：四位的年、月、日")
    await ling.says("1990年3月7日")
    await ling.sees("账户 · 第 7 步，共 7 步", "请仔细核对", "性别：女", "出生日期：1990年3月7日")
    await ling.presses("改出生日期")
    await ling.sees("现在填的是")
    await ling.says("1990/3/8")
    await ling.sees("请仔细核对", "1990年3月8日")
    await scenes.locks_the_account(ling)
    known = await db_asserts.records(harness.settings, EXAM.key, 1001)
    assert known.person is not None
    assert (known.person.identity.sex, known.person.identity.born) == ("female", "1990-03-08")
