"""One person registers from two accounts; the staff merge them, or tell two people apart."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from states.records import Stage
from states.staff_roles import Role, Scope
from storage.engine import tables
from tests import photos
from tests.databases import opened
from tests.e2e import db_asserts, scenes
from tests.e2e.bot import Harness
from tests.e2e.person import Person
from tests.e2e.staff import CLERK, SITE, grant_role, undo_window_ends

pytestmark = pytest.mark.row("B16")

XINING = Scope("qinghai", "xining")
OTHER_PHOTO = photos.encoded(photos.person(2000, share=0.5, shift=0.12), quality=98)
"""The photo of somebody else."""


async def registers(person: Person, name: str, number: str, phone: str = scenes.PHONE) -> None:
    """Hands in for Xining."""
    await scenes.meets_the_bot(person)
    await scenes.gives_the_account(person, name=name, number=number)
    await scenes.locks_the_account(person)
    await scenes.chooses(person)
    await scenes.fills_the_form(person, phone=phone)
    await scenes.gives_the_photo(person)
    await scenes.submits(person)


async def waiting_stages(harness: Harness) -> list[Stage]:
    """How far both registrations are."""
    query = select(tables.applications.c.stage).order_by(tables.applications.c.id)
    async with opened(harness.settings.database) as db, db.read() as connection:
        return [Stage(one) for one in await connection.scalars(query)]


@pytest.fixture
async def colleagues(harness: Harness) -> tuple[Person, Person]:
    """Two people who look at documents in Xining."""
    await grant_role(harness, SITE, Role.SITE_REVIEWER, XINING, "赵磊")
    await grant_role(harness, CLERK, Role.SITE_REVIEWER, XINING, "王敏")
    both = harness.person("site"), harness.person("clerk")
    for one in both:
        await one.says("/staff")
        await one.sees("您的工作角色")
    return both


@pytest.mark.both_databases
async def test_one_person_with_two_numbers_is_merged_by_two_of_the_staff(
    harness: Harness,
    ling: Person,
    chen: Person,
    admin: Person,
    colleagues: tuple[Person, Person],
) -> None:
    first, second = colleagues
    await registers(ling, scenes.NAME, scenes.NUMBER)
    await registers(chen, scenes.NAME, scenes.id_number(24))
    await first.sees("有一件身份核实", "可能是同一个人", "西宁考点")
    await first.presses("打开这一件")
    card = await first.sees_now(
        "可能是同一个人的两个账户", "姓名相近、出生日期一样", "同一张照片", "同一个手机号", "刘*"
    )
    assert scenes.NAME not in card.text
    assert scenes.NUMBER not in card.text
    await first.presses("对照两张照片")
    await first.sees("两个账户的照片")
    await first.says("/cases")
    await first.sees("1 件等您办")
    await first.presses("打开第 1 件")
    await first.sees("可能是同一个人的两个账户")
    await first.presses("是同一个人：保留 1，关闭 2")
    await first.sees_now("赵磊 认为是同一个人", "要第二个人同意才作数")
    await second.sees("同事认为两个账户是同一个人")
    await second.presses("打开这一件")
    await second.sees_now("赵磊 认为是同一个人", "保留 1，关闭 2")
    before = len(await chen.from_bot())
    await second.presses("✅ 同意，关闭 2")
    await second.sees_now("您决定合并", "60 秒内可以撤销")
    assert len(await chen.from_bot()) == before, "nothing leaks before the undo window ends"
    await undo_window_ends(harness, admin)
    await ling.sees("您有两个账户，核实以后保留这一个", "什么都不用做", "0971")
    await chen.sees("这个账户已经关闭", "填过的内容都在", "请马上致电", "0971")
    await chen.says("/status")
    await chen.sees("这个账户已经关闭")
    await chen.says("/todo")
    await chen.sees("这个账户已经关闭")
    assert await waiting_stages(harness) == [Stage.SUBMITTED, Stage.DRAFT]
    entries = (await db_asserts.database_summary(harness.settings)).audit_entries
    assert entries[SITE]["merge-asked"] == 1
    assert entries[CLERK]["account-closed"] == 1
    await second.says("/queue")
    await second.sees("待办队列")


async def test_twins_with_one_telephone_are_not_suspected(
    harness: Harness, ling: Person, chen: Person, colleagues: tuple[Person, Person]
) -> None:
    first, _ = colleagues
    await registers(ling, "刘玲", scenes.NUMBER)
    await scenes.meets_the_bot(chen)
    await scenes.gives_the_account(chen, name="刘珑", number=scenes.id_number(24))
    await scenes.locks_the_account(chen)
    await scenes.chooses(chen)
    await scenes.fills_the_form(chen)
    await scenes.gives_the_photo(chen, OTHER_PHOTO)
    await scenes.submits(chen)
    await harness.settles()
    await harness.bot.scheduler.tick()
    await first.says("/cases")
    await first.sees("现在没有等您办的")


async def test_in_english_two_colleagues_with_one_telephone_are_told_apart_for_good(
    harness: Harness,
    ling: Person,
    chen: Person,
    admin: Person,
    colleagues: tuple[Person, Person],
) -> None:
    first, _ = colleagues
    await scenes.speaks_english(first)
    await registers(ling, scenes.NAME, scenes.NUMBER)
    await registers(chen, "陈航", scenes.id_number(25, "19850201"))
    await first.sees("perhaps one person")
    await first.presses("Open it")
    await first.sees_now("Two accounts that may be one person's", "same mobile number", "Twins")
    before = len(await chen.from_bot())
    await first.presses("Two people, do not ask again")
    await first.sees_now("You decided: two people", "Neither of them gets a message")
    await undo_window_ends(harness, admin)
    assert len(await chen.from_bot()) == before
    await admin.says("/clock +2d")
    await admin.sees("12月4日")
    await first.says("/queue")
    await first.sees_now("2 waiting")
    await first.presses("Take the next one")
    card = await first.sees_now("Confirmation")
    assert "May be the same person" not in card.text
    assert "same photo" not in card.text
    await first.says("/cases")
    await first.sees("none waits for you")


async def test_an_account_closed_by_mistake_is_opened_again_and_hands_in_again(
    harness: Harness,
    ling: Person,
    chen: Person,
    admin: Person,
    colleagues: tuple[Person, Person],
) -> None:
    first, second = colleagues
    await registers(ling, scenes.NAME, scenes.NUMBER)
    await registers(chen, scenes.NAME, scenes.id_number(24))
    await first.sees("有一件身份核实")
    await first.presses("打开这一件")
    await first.sees_now("可能是同一个人的两个账户")
    await first.presses("是同一个人：保留 1，关闭 2")
    await first.sees_now("要第二个人同意才作数")
    await second.sees("同事认为两个账户是同一个人")
    await second.presses("打开这一件")
    await second.sees_now("赵磊 认为是同一个人")
    await second.presses("✅ 同意，关闭 2")
    await undo_window_ends(harness, admin)
    await chen.sees("这个账户已经关闭")
    await first.says(scenes.id_number(24))
    found = await first.sees("找到的报名", "已撤回")
    (history,) = [one for one in found.labels if "办理记录" in one]
    await first.presses(history)
    await first.sees_buttons("账户关闭错了，重新打开")
    await first.presses("账户关闭错了，重新打开")
    await first.sees("账户已重新打开", "以后不再提示")
    await chen.sees("您的账户已经重新打开")
    await chen.says("/start")
    await chen.presses_when("继续报名")
    await chen.sees("请核对全部信息")
    await scenes.submits_again(chen)
    assert await waiting_stages(harness) == [Stage.SUBMITTED, Stage.SUBMITTED]
