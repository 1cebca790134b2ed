"""A staff group that moves, is bound meanwhile, has topics, or takes no messages any more."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import select

from bot.api.client import ApiError, BotApi
from bot.core.runtime import BackgroundTasks, Clocks
from bot.delivery.attempts import DeliveryAttempts
from bot.delivery.pacing import RateLimits, Turns
from handlers.callback_data import DESK, Action, CallbackData, question_hash_of
from states.fsm_states import Staff
from states.records import Records
from states.staff_roles import Role, RoleAssignment, Scope
from states.step_result import ShowScreen
from storage.audit import replay
from storage.engine import tables
from storage.engine.tables import OutboxState
from storage.staff.access import role_assignments, staff_groups
from storage.updates.outbox import Outbox, OutgoingMessage
from tests.fakes.clocks import FakeMonotonicClock, FakeWallClock
from tests.fakes.committing_router import CommittingRouter, committing_router
from tests.fakes.router import KEYRING, says
from tests.handlers.people import BOT, EXAM, LING, OPEN
from tests.handlers.staff.test_bind_group import GROUP, LOCAL, in_group, put_in

pytestmark = pytest.mark.row("C6")
AREA = EXAM.areas[0]
SUPER = GROUP - 7
ANONYMOUS = 1087968824
"""Telegram's account that writes for anonymous administrators."""


class Telegram(BotApi):
    """Telegram's side: the calls, and what it refuses in which chat."""

    def __init__(self) -> None:
        super().__init__(f"{BOT}:line", "http://127.0.0.1:9")
        self.calls: list[tuple[str, Mapping[str, Any]]] = []
        self.refuses: dict[int, ApiError] = {}
        self._numbers = itertools.count(500)

    async def call(
        self,
        method: str,
        params: Mapping[str, Any] | None = None,
        *,
        files: Mapping[str, bytes] | None = None,
        time_limit: float = 30.0,
    ) -> Any:
        params = params or {}
        self.calls.append((method, params))
        if params["chat_id"] in self.refuses:
            raise self.refuses[params["chat_id"]]
        return {"message_id": next(self._numbers)}

    def texts(self, chat: int) -> list[str]:
        """The texts that a chat got."""
        refused = chat in self.refuses
        said = [p for _, p in self.calls if "text" in p and p["chat_id"] == chat]
        return [] if refused else [p["text"] for p in said]


@dataclass(slots=True)
class Town:
    """The router, and the delivery of what it enqueues."""

    router: CommittingRouter
    telegram: Telegram = field(default_factory=Telegram)
    clock: FakeWallClock = field(init=False)
    attempts: DeliveryAttempts = field(init=False)
    outbox: Outbox = field(init=False)

    def __post_init__(self) -> None:
        monotonic = FakeMonotonicClock()
        self.clock = FakeWallClock(monotonic)
        self.clock.move(OPEN - self.clock.now())
        clocks = Clocks(self.clock, monotonic)
        self.outbox = Outbox(self.router.db, KEYRING)
        turns = Turns(RateLimits(pacing=False), monotonic, BackgroundTasks())
        self.attempts = DeliveryAttempts(
            self.telegram, self.outbox, self.router.renderer, self._reads, turns, clocks
        )

    async def _reads(self, _chat: int) -> Records:
        return Records()

    async def deliver(self, later: timedelta = timedelta(minutes=1)) -> None:
        """Send what is due after a while, and what follows from it."""
        self.clock.move(self.clock.offset + later)
        while rows := await self.outbox.waiting(self.clock.now()):
            results = [await self.attempts.send(row, None) for row in rows]
            async with self.router.db.write() as connection:
                await self.router.work.flush(connection, [], results)

    async def asked(self) -> None:
        """The administrator is asked for the scope, and has not chosen yet."""
        await self.router.presses(LOCAL, CallbackData(Action.GROUP, str(GROUP), DESK).pack())

    async def chooses(self) -> None:
        """The administrator chooses the whole area."""
        chosen = CallbackData(Action.CHOOSE, AREA.code, question_hash_of(Staff.area, {})).pack()
        await self.router.presses(LOCAL, chosen)
        whole = CallbackData(Action.CONFIRM, "", question_hash_of(Staff.site, {})).pack()
        await self.router.presses(LOCAL, whole)

    async def binds(self) -> None:
        """The administrator puts the bot in, and binds the group."""
        await self.router.sends(put_in(LOCAL))
        await self.asked()
        await self.chooses()
        await self.deliver()

    async def scopes(self) -> dict[int, Scope]:
        """The bound groups."""
        async with self.router.db.read() as connection:
            return {one.chat_id: one.scope for one in await staff_groups.bound(connection, BOT)}

    def left(self) -> list[int]:
        """The groups that the bot left."""
        return [p["chat_id"] for method, p in self.telegram.calls if method == "leaveChat"]

    async def tells_no_difference(self) -> bool:
        """Whether the audit agrees with the groups."""
        async with self.router.db.read() as connection:
            found = await replay.differences(connection, KEYRING)
        return not [one for one in found if one.table == "groups"]


@pytest_asyncio.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    """A town where somebody administers one area."""
    async with committing_router(tmp_path) as made:
        role = RoleAssignment(7, BOT, LOCAL, Role.ADMINISTRATOR, Scope(AREA.code), "示例", 0, OPEN)
        async with made.db.write() as connection:
            await role_assignments.grant(connection, KEYRING, role)
        await made.work.refresh_staff()
        yield Town(made)


def in_super(who: int, **more: Any) -> dict[str, Any]:
    """A service message of the supergroup."""
    update = in_group(who, "", **more)
    del update["message"]["text"]
    update["message"]["chat"]["id"] = SUPER
    return update


def moved_to() -> dict[str, Any]:
    """The old group says where it went."""
    update = in_group(LING, "", migrate_to_chat_id=SUPER)
    del update["message"]["text"]
    return update


def put_into_super() -> dict[str, Any]:
    """Telegram says that the bot is in the supergroup."""
    update = put_in(LING)
    update["my_chat_member"]["chat"]["id"] = SUPER
    return update


MOVES = {
    "to": moved_to,
    "from": lambda: in_super(LING, migrate_from_chat_id=GROUP),
    "member": put_into_super,
}


@pytest.mark.parametrize("order", [*itertools.permutations(MOVES)])
async def test_a_group_that_becomes_a_supergroup_stays_bound_whatever_comes_first(
    town: Town, order: tuple[str, ...]
) -> None:
    await town.binds()
    for one in order:
        await town.router.sends(MOVES[one]())
    await town.deliver()
    assert await town.scopes() == {SUPER: Scope(AREA.code)}
    assert town.left() == []
    assert await town.tells_no_difference()


async def test_a_group_that_telegram_names_at_a_refusal_is_followed_and_gets_the_message(
    town: Town,
) -> None:
    await town.binds()
    error = ApiError(400, "Bad Request: group chat was upgraded to a supergroup chat", None, SUPER)
    town.telegram.refuses[GROUP] = error
    async with town.router.db.write() as connection:
        await town.outbox.add(connection, [outgoing(1)])
    await town.deliver()
    assert await town.scopes() == {SUPER: Scope(AREA.code)}
    assert len(town.telegram.texts(SUPER)) == 1
    assert await town.tells_no_difference()


def outgoing(number: int) -> OutgoingMessage:
    """News for the group."""
    news = ShowScreen("group-news", slot="queue-news")
    return OutgoingMessage(9_000 + number, f"s{9_000 + number}", BOT, GROUP, news, OPEN)


async def test_while_an_administrator_chooses_nobody_makes_the_bot_leave(town: Town) -> None:
    await town.router.sends(put_in(LOCAL))
    await town.asked()
    joined = in_group(LING, "", new_chat_members=[{"id": 5, "is_bot": False, "first_name": "X"}])
    del joined["message"]["text"]
    await town.router.sends(joined)
    await town.router.sends(in_group(LING, "/start"))
    await town.deliver(timedelta(minutes=20))
    assert town.left() == []
    await town.chooses()
    await town.deliver()
    assert await town.scopes() == {GROUP: Scope(AREA.code)}


async def test_a_choice_that_nobody_makes_ends_after_an_hour(town: Town) -> None:
    await town.router.sends(put_in(LOCAL))
    async with town.router.db.write() as connection:
        ago = OPEN - timedelta(hours=2)
        await staff_groups.ask(connection, BOT, GROUP, LOCAL, ago)
    await town.router.sends(in_group(LING, "/start"))
    await town.deliver()
    assert town.left() == [GROUP]


async def test_bound_is_said_after_the_greeting_got_through(town: Town) -> None:
    await town.router.sends(put_in(LOCAL))
    await town.asked()
    await town.chooses()
    said = "绑定到"
    assert not any(said in text for text in town.telegram.texts(LOCAL))
    await town.deliver()
    assert any(said in text for text in town.telegram.texts(LOCAL))


REFUSALS = {
    "TOPIC_CLOSED": "话题已关闭",
    "message thread not found": "话题已删除",
    "not enough rights to send text messages to the chat": "没有发言权限",
    "have no rights to send a message": "没有发言权限",
    "CHAT_WRITE_FORBIDDEN": "没有发言权限",
}


@pytest.mark.parametrize("words", REFUSALS)
async def test_what_is_wrong_with_a_group_is_told_once_with_the_remedy(
    town: Town, words: str
) -> None:
    await town.binds()
    town.telegram.refuses[GROUP] = ApiError(400, f"Bad Request: {words}")
    for number in range(3):
        async with town.router.db.write() as connection:
            await town.outbox.add(connection, [outgoing(number)])
        await town.deliver()
    told = [text for text in town.telegram.texts(LOCAL) if REFUSALS[words] in text]
    assert len(told) == 1
    assert AREA.display_name("zh-CN") in told[0]
    assert await town.scopes() == {GROUP: Scope(AREA.code)}, "it stays bound"


async def test_a_greeting_that_the_group_refuses_is_never_called_bound(town: Town) -> None:
    town.telegram.refuses[GROUP] = ApiError(400, "Bad Request: TOPIC_CLOSED")
    await town.binds()
    assert not any("绑定到" in text for text in town.telegram.texts(LOCAL))
    assert any("话题已关闭" in text for text in town.telegram.texts(LOCAL))


async def test_an_anonymous_administrator_is_asked_for_a_name_in_the_group_and_it_stays(
    town: Town,
) -> None:
    chat = {"id": GROUP, "type": "supergroup", "title": "示例工作群"}
    for _ in range(3):
        await town.router.sends(in_group(ANONYMOUS, "/bind", sender_chat=chat))
    await town.deliver()
    assert town.left() == []
    (asked,) = town.telegram.texts(GROUP)
    assert "/bind" in asked
    assert "匿名" in asked


async def test_an_anonymous_administrator_unbinds_nothing(town: Town) -> None:
    await town.binds()
    chat = {"id": GROUP, "type": "supergroup", "title": "示例工作群"}
    await town.router.sends(in_group(ANONYMOUS, "/unbind", sender_chat=chat))
    await town.deliver()
    assert await town.scopes() == {GROUP: Scope(AREA.code)}


async def test_notices_go_to_the_topic_in_which_the_group_was_bound(town: Town) -> None:
    topic = {"message_thread_id": 77, "is_topic_message": True}
    await town.router.sends(in_group(LOCAL, "/bind", **topic))
    await town.asked()
    await town.chooses()
    await town.deliver()
    (greeting,) = [p for _, p in town.telegram.calls if p["chat_id"] == GROUP]
    assert greeting["message_thread_id"] == 77
    async with town.router.db.read() as connection:
        (group,) = await staff_groups.bound(connection, BOT)
    assert group.thread_id == 77


async def test_a_reply_stays_in_the_topic_of_a_private_chat_and_goes_without_it_once_it_is_gone(
    town: Town,
) -> None:
    asked = says(OPEN, "/start", LING)
    asked["message"] |= {"message_thread_id": 5, "is_topic_message": True}
    await town.router.sends(asked)
    await town.deliver()
    (reply,) = [p for _, p in town.telegram.calls if p["chat_id"] == LING]
    assert reply["message_thread_id"] == 5

    async def refuses(method: str, params: Any = None, **more: Any) -> Any:
        town.telegram.calls.append((method, params))
        if "message_thread_id" in params:
            raise ApiError(400, "Bad Request: message thread not found")
        return {"message_id": 1}

    town.telegram.calls.clear()
    town.telegram.call = refuses  # type: ignore[method-assign]
    await town.router.sends(asked)
    await town.deliver()
    assert ["message_thread_id" in p for _, p in town.telegram.calls][:2] == [True, False]


async def test_a_backlog_of_a_group_that_nobody_bound_is_one_call(town: Town) -> None:
    for _ in range(50):
        await town.router.sends(in_group(LING, "/start"))
    await town.deliver()
    assert town.left() == [GROUP]
    async with town.router.db.read() as connection:
        query = select(tables.outbox.c.id).where(tables.outbox.c.chat_id == GROUP)
        assert len((await connection.execute(query)).all()) == 1
        sent = tables.outbox.c.state == OutboxState.SENT
        assert len((await connection.execute(query.where(sent))).all()) == 1
