"""A group of the staff: bound in private by an administrator, left by the bot if nobody does it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from handlers.callback_data import DESK, Action, CallbackData, question_hash_of
from states.fsm_states import Staff
from states.records import ApplicationId, PersonId, Stage
from states.staff_roles import Role, RoleAssignment, Scope
from states.step_result import EditScreen, LeaveChat, Priority, ShowScreen
from storage.staff.access import role_assignments, staff_groups
from tests.fakes.committing_router import CommittingRouter, committing_router, screens
from tests.fakes.router import ADMINISTRATOR, KEYRING
from tests.handlers.people import BOT, EXAM, LING, OPEN
from tests.storage.people import FILLED, WHOLE, file_in, keep

pytestmark = pytest.mark.row("C6")
GROUP = -1001234567890
AREA, OTHER = EXAM.areas[0], EXAM.areas[1]
LOCAL = 3001
"""Administers one area."""


@pytest_asyncio.fixture
async def router(tmp_path: Path) -> AsyncIterator[CommittingRouter]:
    """A counter where somebody administers one area."""
    async with committing_router(tmp_path) as made:
        assignment = RoleAssignment(
            7, BOT, LOCAL, Role.ADMINISTRATOR, Scope(AREA.code), "示例", 0, OPEN
        )
        async with made.db.write() as connection:
            await role_assignments.grant(connection, KEYRING, assignment)
        await made.work.refresh_staff()
        yield made


def _chat() -> dict[str, Any]:
    return {"id": GROUP, "type": "supergroup", "title": "示例工作群"}


def _user(who: int) -> dict[str, Any]:
    return {"id": who, "is_bot": False, "first_name": "示例"}


def put_in(who: int, status: str = "member") -> dict[str, Any]:
    """Somebody puts the bot into the group, or out of it."""
    bot = {"id": BOT, "is_bot": True, "first_name": "Baoming"}
    old = {"status": "left", "user": bot}
    new: dict[str, Any] = {"status": status, "user": bot}
    if status == "kicked":
        new["until_date"] = 0
    change = {"chat": _chat(), "from": _user(who), "date": 0}
    return {"my_chat_member": {**change, "old_chat_member": old, "new_chat_member": new}}


def in_group(who: int, text: str, **more: Any) -> dict[str, Any]:
    """Somebody types in the group."""
    entity = {"type": "bot_command", "offset": 0, "length": len(text)}
    marked = {"entities": [entity]} if text.startswith("/") else {}
    body = {"message_id": 9, "date": int(OPEN.timestamp()), "chat": _chat(), "from": _user(who)}
    return {"message": {**body, "text": text, **marked, **more}}


async def bound_to(router: CommittingRouter, chat: int = GROUP) -> Scope | None:
    async with router.db.read() as connection:
        return await staff_groups.scope_of(connection, BOT, chat)


async def binds(router: CommittingRouter, who: int) -> list[tuple[int, str]]:
    """The way of an administrator: put in, asked in private, all of the first area."""
    assert screens(await router.sends(put_in(who))) == [(who, "group-asked")]
    pressed = await router.presses(who, CallbackData(Action.GROUP, str(GROUP), DESK).pack())
    assert screens(pressed) == [(who, "Staff:area")]
    chosen = CallbackData(Action.CHOOSE, AREA.code, question_hash_of(Staff.area, {})).pack()
    assert screens(await router.presses(who, chosen)) == [(who, "Staff:site")]
    whole = CallbackData(Action.CONFIRM, "", question_hash_of(Staff.site, {})).pack()
    return screens(await router.presses(who, whole))


async def test_an_administrator_puts_the_bot_in_and_says_in_private_what_for(
    router: CommittingRouter,
) -> None:
    assert await binds(router, LOCAL) == [(GROUP, "group-hello"), (LOCAL, "group-binding")]
    assert await bound_to(router) == Scope(AREA.code)


async def test_the_coming_of_the_bot_is_a_message_too_and_ends_nothing(
    router: CommittingRouter,
) -> None:
    came = in_group(LOCAL, "", new_chat_members=[{"id": BOT, "is_bot": True, "first_name": "B"}])
    del came["message"]["text"]
    assert await router.sends(came) == []


@pytest.mark.parametrize("text", ["/bind", "/unbind", "/start", "/staff", "/queue", "刘玲"])
async def test_a_group_that_nobody_bound_is_left(router: CommittingRouter, text: str) -> None:
    assert await router.sends(put_in(LING)) == [(GROUP, LeaveChat(GROUP))]
    assert await router.sends(in_group(LING, text)) == [(GROUP, LeaveChat(GROUP))]


@pytest.mark.parametrize("text", ["/bind", "/unbind", "/start", "/staff", "/invite", "刘玲"])
async def test_in_a_bound_group_nobody_gets_an_answer(router: CommittingRouter, text: str) -> None:
    await binds(router, LOCAL)
    assert await router.sends(in_group(LING, text)) == []
    assert await bound_to(router) == Scope(AREA.code)


async def test_the_notice_in_the_group_has_a_way_to_the_private_chat_and_no_other_button(
    router: CommittingRouter,
) -> None:
    await binds(router, LOCAL)
    done = await router.sends(in_group(LOCAL, "/bind"))
    assert screens(done) == [(LOCAL, "group-asked")]
    call = await router.shows(GROUP, ShowScreen("group-hello"))
    ((button,),) = call.params["reply_markup"]["inline_keyboard"]
    assert button["url"] == "https://t.me/baoming_bot?start=staff"


async def test_news_in_the_group_are_counts_of_its_scope_and_a_way_to_the_private_chat(
    router: CommittingRouter,
) -> None:
    await binds(router, LOCAL)
    here, there = (
        FILLED,
        replace(FILLED, id=ApplicationId(193), person_id=PersonId(192), area=OTHER.code),
    )
    await keep(router.db, WHOLE, replace(WHOLE, id=PersonId(192), telegram_id=9, number_hash="9"))
    await file_in(
        router.db,
        *(
            replace(one, stage=Stage.SUBMITTED, since=OPEN)
            for one in (replace(here, area=AREA.code), there)
        ),
    )
    call = await router.shows(GROUP, EditScreen("group-news", priority=Priority.NOTICE))
    assert call.method == "sendMessage"
    assert "1 份待办" in call.params["text"]
    assert "0 份" not in call.params["text"]
    assert "截止" in call.params["text"] or "开始办理" in call.params["text"]
    assert AREA.display_name("zh-CN") in call.params["text"]
    assert WHOLE.identity.name not in call.params["text"]
    ((button,),) = call.params["reply_markup"]["inline_keyboard"]
    assert button["url"] == "https://t.me/baoming_bot?start=queue"
    await router.sends(in_group(LOCAL, "/unbind"))
    with pytest.raises(LookupError):
        await router.shows(GROUP, EditScreen("group-news", priority=Priority.NOTICE))


async def test_a_group_of_another_area_is_not_taken_over(router: CommittingRouter) -> None:
    async with router.db.write() as connection:
        await staff_groups.bind(connection, BOT, GROUP, Scope(OTHER.code), ADMINISTRATOR, OPEN)
    assert await router.sends(in_group(LOCAL, "/bind")) == []
    forged = await router.presses(LOCAL, CallbackData(Action.GROUP, str(GROUP), DESK).pack())
    assert screens(forged) == [(LOCAL, "staff-refused")]
    assert await router.sends(in_group(LOCAL, "/unbind")) == []
    assert await bound_to(router) == Scope(OTHER.code)


@pytest.mark.parametrize("value", [str(LING), "-", "", "-x", "-²", "-" + "9" * 30])
async def test_what_is_no_group_is_never_bound(router: CommittingRouter, value: str) -> None:
    forged = await router.presses(LOCAL, CallbackData(Action.GROUP, value, DESK).pack())
    assert screens(forged) == [(LOCAL, "staff-refused")]


async def test_released_by_a_command_and_by_being_put_out(router: CommittingRouter) -> None:
    await binds(router, LOCAL)
    assert await router.sends(in_group(LOCAL, "/unbind")) == [(GROUP, LeaveChat(GROUP))]
    assert await bound_to(router) is None
    await binds(router, LOCAL)
    assert await router.sends(put_in(LING, "kicked")) == []
    assert await bound_to(router) is None


async def test_a_group_that_telegram_moves_stays_bound(router: CommittingRouter) -> None:
    await binds(router, LOCAL)
    moved = in_group(LING, "", migrate_to_chat_id=GROUP - 1)
    del moved["message"]["text"]
    assert await router.sends(moved) == []
    assert await bound_to(router) is None
    assert await bound_to(router, GROUP - 1) == Scope(AREA.code)
