"""Somebody is made one of the staff: by a link that works once, and the inviter's word."""

from __future__ import annotations

import re

import pytest

from bot.sandbox.world.people import PEOPLE
from tests.e2e import db_asserts, scenes
from tests.e2e.bot import Harness
from tests.e2e.messages import Message
from tests.e2e.person import Person
from tests.e2e.wait import until_seen

LINK = re.compile(r"https://t\.me/\w+\?start=([A-Za-z0-9_-]{1,64})")


def payload_of(message: Message) -> str:
    """Return the payload of the link in a message."""
    found = LINK.search(message.text)
    assert found is not None, message.text
    return found[1]


async def invites(admin: Person, role: str = "考点审核员", *places: str) -> str:
    """The administrator makes a link; its payload."""
    await admin.says("/invite")
    await admin.sees("对方担任什么角色")
    await admin.presses(role)
    for place in places or ("青海考区", "西宁考点"):
        await admin.sees("请选")
        await admin.says(place)
    return payload_of(await admin.sees("邀请链接做好了", role, "只能打开一次"))


async def becomes_reviewer(admin: Person, who: Person, name: str) -> None:
    """The whole way to a seat at 西宁考点."""
    await who.opens(await invites(admin))
    await who.sees("请稍等", "考点审核员（青海考区 · 西宁考点）")
    await admin.sees("有人打开了您的邀请链接", name)
    await admin.presses("是本人")
    await admin.reads("角色已生效", "考点审核员（青海考区 · 西宁考点）", name, "2025年12月2日")
    await who.sees("您的角色生效了", "西宁考点")


async def test_a_link_is_opened_confirmed_and_gives_the_role_and_no_more(
    harness: Harness, admin: Person, chen: Person
) -> None:
    await becomes_reviewer(admin, chen, "陈")
    await chen.says("/staff")
    home = await chen.sees("您的工作角色", "考点审核员（青海考区 · 西宁考点）")
    assert home.button("待办队列")
    assert not home.button("邀请工作人员")
    await chen.says("/invite")
    await chen.sees("不在您的角色和负责范围内")
    audit_entries = (await db_asserts.database_summary(harness.settings)).audit_entries
    assert audit_entries[1000]["invited"] == audit_entries[1000]["seated"] == 1
    assert audit_entries[1002]["invite-opened"] == audit_entries[1002]["denied"] == 1


async def test_whoever_is_of_the_staff_and_no_candidate_is_never_asked_to_register(
    harness: Harness, admin: Person, chen: Person
) -> None:
    await becomes_reviewer(admin, chen, "陈")
    for words in ("你好", "/start", "/cancel"):
        await chen.says(words)
        await chen.sees("您的工作角色")
    await chen.says("/help")
    await chen.sees("工作人员帮助")
    for command in ("/profile", "/erase"):
        await chen.says(command)
        await chen.sees("我们保存您的岗位")
    await chen.says("/export")
    await chen.sees("名单：要哪些人")
    await chen.says("/cancel")
    await chen.sees("您的工作角色")
    await chen.sends_sticker()
    await chen.sees("您的工作角色")
    assert (await db_asserts.database_summary(harness.settings)).people == 0
    await chen.presses("我自己的报名")
    await chen.sees("请选择语言")


@pytest.mark.both_databases
async def test_a_link_that_was_forwarded_serves_the_first_only(
    harness: Harness, admin: Person, chen: Person, ling: Person
) -> None:
    payload = await invites(admin)
    await chen.opens(payload)
    await chen.sees("请稍等")
    await ling.opens(payload)
    await ling.sees("这条邀请链接不能用")
    await chen.opens(payload)
    await chen.sees("这条邀请链接不能用")
    await admin.sees("有人打开了您的邀请链接")
    await admin.presses("不是，作废")
    await admin.reads("这条邀请已作废", "考点审核员（青海考区 · 西宁考点）", "2025年12月2日")
    await chen.sees("这条邀请链接不能用")
    for person in (chen, ling):
        await person.says("/staff")
        await person.sees("这里只给工作人员用")


@pytest.mark.parametrize("payload", ["inv_", "inv_" + "A" * 32, "inv_" + "0" * 60])
async def test_a_link_that_was_guessed_opens_nothing(
    harness: Harness, ling: Person, payload: str
) -> None:
    await ling.opens(payload)
    await ling.sees("这条邀请链接不能用")
    assert (await db_asserts.database_summary(harness.settings)).audit_entries[1001]["denied"] == 1
    assert (await db_asserts.database_summary(harness.settings)).people == 0


async def test_ones_own_link_and_one_that_was_taken_back(
    harness: Harness, admin: Person, ling: Person
) -> None:
    payload = await invites(admin)
    await admin.opens(payload)
    await admin.sees("这是您自己发出的邀请链接")
    await admin.presses("收回这条链接")
    await admin.reads("这条邀请已作废")
    await ling.opens(payload)
    await ling.sees("这条邀请链接不能用")


async def test_what_was_offered_is_listed_and_can_be_taken_back_and_judged_there(
    harness: Harness, admin: Person, chen: Person, ling: Person
) -> None:
    await admin.says("/staff")
    await admin.sees("您的工作角色")
    await admin.presses("待处理的邀请")
    await admin.sees("没有还在等人打开或等您核实的邀请")
    first, second = await invites(admin), await invites(admin, "考区审核员", "青海考区")
    await chen.opens(second)
    await chen.sees("请稍等")
    await admin.sees("有人打开了您的邀请链接")
    await admin.says("/staff")
    await admin.sees("您的工作角色")
    await admin.presses("待处理的邀请")
    listed = await admin.sees("待处理的邀请（2 条）", "还没有人打开", "陈", "等您核实")
    assert listed.text.index("1. 考点审核员") < listed.text.index("2. 考区审核员")
    await admin.presses("第 2 条：是本人")
    await admin.reads("角色已生效")
    await chen.sees("您的角色生效了")
    await admin.presses("待处理的邀请")
    await admin.sees("待处理的邀请（1 条）")
    await admin.presses("收回第 1 条")
    await admin.reads("这条邀请已作废")
    await ling.opens(first)
    await ling.sees("这条邀请链接不能用")


async def test_the_menu_of_whoever_works_here_has_the_ways_to_their_work(
    harness: Harness, admin: Person, chen: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.delivery.command_menus.EVERY", 0.05)

    def menu(slug: str) -> list[str]:
        (who,) = (one for one in PEOPLE if one.slug == slug)
        return [one["command"] for one in harness.world.commands(who)]

    await harness.stops()
    await harness.starts()
    await becomes_reviewer(admin, chen, "陈")
    await until_seen(lambda: menu("chen")[:2] == ["staff", "queue"])
    assert "staff" not in menu("ling")


async def test_whose_invitations_they_are_not_sees_none_of_them(
    harness: Harness, admin: Person, chen: Person
) -> None:
    await becomes_reviewer(admin, chen, "陈")
    await invites(admin)
    await chen.says("/staff")
    home = await chen.sees("您的工作角色")
    assert not home.button("待处理的邀请")


async def test_a_link_expires_and_so_does_the_question_about_who_opened_it(
    harness: Harness, admin: Person, chen: Person, ling: Person
) -> None:
    late, unanswered = await invites(admin), await invites(admin)
    await chen.opens(unanswered)
    await admin.sees("有人打开了您的邀请链接")
    await admin.says("/clock +49h")
    await admin.sees("现在是")
    await ling.opens(late)
    await ling.sees("这条邀请链接不能用")
    await admin.presses("是本人")
    await admin.reads("不能再处理了")
    await chen.says("/staff")
    await chen.sees("这里只给工作人员用")


async def test_nobody_says_yes_for_another(
    harness: Harness, admin: Person, chen: Person, ling: Person
) -> None:
    await chen.opens(await invites(admin))
    asked = await admin.sees("有人打开了您的邀请链接")
    button = asked.button("是本人")
    assert button is not None
    await ling.says("/start")
    shown = await ling.sees("请选择语言")
    chen_sees = await chen.sees("请稍等")
    for person, message in ((ling, shown), (chen, chen_sees)):
        await person.taps(message, button)
        await person.reads("不能再处理了")
        await person.says("/staff")
        await person.sees("这里只给工作人员用")
    await admin.presses("是本人")
    await admin.reads("角色已生效")
    await admin.taps(asked, button)
    await admin.reads("不能再处理了")
    assert (await db_asserts.database_summary(harness.settings)).audit_entries[1000]["seated"] == 1


async def test_an_administrator_of_one_area_gives_nothing_away_in_another(
    harness: Harness, admin: Person, chen: Person, ling: Person
) -> None:
    await admin.says("/invite")
    await admin.sees("对方担任什么角色")
    await admin.presses("管理员")
    await admin.sees("请选考区")
    await admin.says("qh")
    await admin.sees("您是指 青海考区？")
    await admin.presses("是")
    await admin.sees("请选考点")
    await admin.presses("整个考区")
    await chen.opens(payload_of(await admin.sees("邀请链接做好了")))
    await admin.sees("有人打开了您的邀请链接")
    await admin.presses("是本人")
    await chen.sees("您的角色生效了", "管理员（青海考区）")
    await chen.says("/invite")
    await chen.sees("对方担任什么角色")
    await chen.presses("考区审核员")
    areas = await chen.sees("请选考区")
    assert areas.button("青海考区")
    assert not areas.button("陕西考区")
    await chen.says("陕西考区")
    await chen.sees("请选考区")
    await chen.presses("青海考区")
    await ling.opens(payload_of(await chen.sees("邀请链接做好了")))
    await chen.sees("有人打开了您的邀请链接")
    await chen.presses("是本人")
    await ling.sees("您的角色生效了", "考区审核员（青海考区）")


async def test_a_role_is_taken_back_and_nothing_is_left_of_it(
    harness: Harness, admin: Person, chen: Person
) -> None:
    await becomes_reviewer(admin, chen, "陈")
    await admin.says("/staff")
    await admin.sees("您的工作角色", "管理员（全部考区）")
    await admin.presses("工作人员名单")
    await admin.sees("工作人员名单", "1. 陈", "考点审核员")
    await admin.presses("1")
    await admin.sees_buttons("收回这个角色")
    await admin.presses("收回这个角色")
    await chen.sees("已由管理员收回")
    await chen.says("/staff")
    await chen.sees("这里只给工作人员用")


async def test_what_is_typed_answers_the_newest_question_of_either_talk(
    harness: Harness, admin: Person
) -> None:
    """The administrator registers, too: neither talk takes the other's words."""
    await scenes.meets_the_bot(admin)
    await admin.says("/invite")
    await admin.sees("对方担任什么角色")
    await admin.says("刘玲")
    await admin.sees("这个问题不需要这个内容", "对方担任什么角色")
    await admin.sends_sticker()
    await admin.sees("这个问题不需要这个内容")
    await admin.says("考区审核员")
    await admin.sees("请选考区")
    await admin.says("/cancel")
    await admin.sees("这个问题先不答了", "您的工作角色")
    await admin.says("刘玲")
    await admin.sees("用哪种证件报名")
    await admin.says("/invite")
    await admin.sees("对方担任什么角色")
    await admin.presses("居民身份证")
    await admin.sees("证件号码是多少")
    await admin.says(scenes.NUMBER)
    await admin.sees("再输入一遍")
    known = await db_asserts.records(harness.settings, harness.exam.key, 1000)
    assert known.person is not None
    assert known.person.identity.name == "刘玲"
    await admin.presses("考区审核员")
    await admin.sees("您的工作角色")


async def test_the_same_role_twice_is_one_seat(
    harness: Harness, admin: Person, chen: Person
) -> None:
    await becomes_reviewer(admin, chen, "陈")
    await chen.opens(await invites(admin))
    await admin.sees("有人打开了您的邀请链接")
    await admin.presses("是本人")
    await chen.sees("您的角色生效了")
    await admin.says("/staff")
    await admin.sees("您的工作角色")
    await admin.presses("工作人员名单")
    await admin.sees("共 1 个角色")
