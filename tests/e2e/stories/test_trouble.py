"""Trouble on our side: a database that is gone, a bug in a step, updates that come late."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
from sqlalchemy.ext.asyncio import AsyncConnection
from structlog.testing import capture_logs

from bot.core.runtime import MonotonicClock
from bot.sandbox.world import World
from handlers.candidate.filling import account
from states.identity import check_name
from states.texts import Problem
from storage.engine import tables
from storage.engine.database import Database, InDoubt, Unavailable
from storage.engine.tables import InboxState
from tests.databases import opened
from tests.e2e import scenes
from tests.e2e.bot import FAST, Harness, open_harness
from tests.e2e.db_asserts import database_summary
from tests.e2e.person import BOT, Person
from tests.e2e.wait import until

POISON = "毒"
_LOCK = f"LOCK TABLE {tables.inbox.name}, {tables.facts.name} IN EXCLUSIVE MODE"
"""Of PostgreSQL: neither updates nor the probe of the health are written; reading goes on."""


@contextmanager
def locked(harness: Harness) -> Iterator[None]:
    """Somebody else writes, and does not come to an end; in a thread and a loop of their own."""

    async def lock(stack: AsyncExitStack) -> None:
        db = await stack.enter_async_context(opened(harness.settings.database))
        connection = await stack.enter_async_context(db.write())
        # A transaction of SQLite begins, and locks, with its first statement.
        first = "SELECT 1" if db.is_sqlite else _LOCK
        await connection.execute(sqlalchemy.text(first))

    stack, runner = AsyncExitStack(), asyncio.Runner()
    with ThreadPoolExecutor(1) as thread:
        try:
            thread.submit(runner.run, lock(stack)).result()
            yield
        finally:
            thread.submit(runner.run, stack.aclose()).result()
            thread.submit(runner.close).result()


async def locks(harness: Harness) -> ExitStack:
    """Somebody else's lock, taken while the bot writes nothing: waiting for it holds the bot up."""
    while True:
        lock = ExitStack()
        try:
            lock.enter_context(locked(harness))
        except Unavailable:
            await asyncio.sleep(0.1)
        else:
            return lock


async def is_said(logs: list[Any], event: str, times: int) -> None:
    """Wait until the log says it so often."""

    async def is_it() -> bool:
        return [entry["event"] for entry in logs].count(event) >= times

    await until(is_it)


@pytest.fixture
async def brisk(fast_harness: Harness, monkeypatch: pytest.MonkeyPatch) -> Harness:
    """A bot that notices within moments that the database is locked."""
    await fast_harness.stops()
    monkeypatch.setattr("bot.core.database.Database", partial(Database, busy_ms=20))
    await fast_harness.starts()
    return fast_harness


@pytest.mark.both_databases
async def test_the_database_is_gone_when_updates_come(brisk: Harness) -> None:
    ling = brisk.person("ling")
    await scenes.meets_the_bot(ling)
    await brisk.settles()
    with capture_logs() as logs, locked(brisk):
        await ling.says("刘玲")
        await is_said(logs, "intake failed", 5)
        assert len(brisk.world.updates) == 1, "acknowledged, but not kept"
    await ling.sees("用哪种证件报名")
    await ling.presses("居民身份证")
    await ling.sees("证件号码是多少")


async def test_the_database_is_gone_when_a_step_is_to_be_kept(brisk: Harness) -> None:
    ling = brisk.person("ling")
    await scenes.comes_to_the_practice(ling)
    await brisk.settles()
    with capture_logs() as logs:
        with await locks(brisk):
            await ling.presses("临床")
            await is_said(logs, "the database is unavailable; waiting", 2)
        await ling.sees("首次执业注册")
    await brisk.settles()
    done = await database_summary(brisk.settings)
    assert set(done.inbox) == {InboxState.DONE}
    assert sum("首次执业注册" in message.text for message in await ling.from_bot()) == 1


async def test_the_database_is_gone_for_ten_real_seconds(ling: Person, harness: Harness) -> None:
    await scenes.comes_to_the_practice(ling)
    await harness.settles()
    with locked(harness):
        await ling.presses("临床")
        await asyncio.sleep(10)
    await harness.person("ling", time_limit=40).sees("首次执业注册")


@pytest.mark.both_databases
async def test_commits_of_which_nothing_is_heard_are_answered_at_once(
    fast_harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both take effect, that of the update and that of its step; their answers are lost."""
    ling = fast_harness.person("ling")
    await scenes.comes_to_the_practice(ling)
    await fast_harness.settles()
    writes = fast_harness.bot.storage.db.write
    lost: list[bool] = []

    @asynccontextmanager
    async def loses_the_answer() -> AsyncIterator[AsyncConnection]:
        async with writes() as connection:
            yield connection
        if len(lost) < 2:
            lost.append(True)
            raise InDoubt("lost")

    monkeypatch.setattr(fast_harness.bot.storage.db, "write", loses_the_answer)
    await ling.presses("临床")
    await ling.sees("首次执业注册")
    await fast_harness.settles()
    assert len(lost) == 2
    assert set((await database_summary(fast_harness.settings)).inbox) == {InboxState.DONE}
    assert sum("首次执业注册" in message.text for message in await ling.from_bot()) == 1


class Saboteur:
    """A rule of the account that has a bug for some names."""

    def __init__(self, times: int) -> None:
        self.left = times

    def __call__(self, typed: str) -> str | Problem:
        if typed == POISON and self.left:
            self.left -= 1
            raise ZeroDivisionError(typed)
        return check_name(typed)


async def test_a_step_that_fails_once_is_tried_again(
    fast_harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    ling = fast_harness.person("ling")
    await scenes.meets_the_bot(ling)
    monkeypatch.setattr(account, "check_name", Saboteur(times=1))
    await ling.says(POISON)
    await ling.sees("姓名太短")
    await fast_harness.settles()
    assert set((await database_summary(fast_harness.settings)).inbox) == {InboxState.DONE}


async def test_an_update_that_always_fails_is_set_aside(
    fast_harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    ling, chen, admin = (fast_harness.person(slug) for slug in ("ling", "chen", "admin"))
    for person in (ling, chen, admin):
        await scenes.meets_the_bot(person)
    saboteur = Saboteur(times=99)
    monkeypatch.setattr(account, "check_name", saboteur)
    await ling.says(POISON)
    await ling.says("刘玲")
    await chen.says("陈航")
    await ling.sees("抱歉")
    await ling.sees("用哪种证件报名")
    await chen.sees("用哪种证件报名")
    await admin.sees("已搁置")
    await fast_harness.settles()
    assert saboteur.left == 96
    assert (await database_summary(fast_harness.settings)).inbox[InboxState.DEAD] == 1
    assert (await database_summary(fast_harness.settings)).inbox[InboxState.WAITING] == 0


async def test_a_failing_update_keeps_its_own_person_in_order(
    fast_harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    ling = fast_harness.person("ling")
    await scenes.meets_the_bot(ling)
    monkeypatch.setattr(account, "check_name", Saboteur(times=2))
    await ling.says(POISON)
    await ling.says("刘玲")
    await ling.sees("姓名太短")
    await ling.sees("用哪种证件报名")


class Patient(MonotonicClock):
    """Sleeps until it is woken."""

    def __init__(self) -> None:
        self.wakes = asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        await self.wakes.wait()
        await super().sleep(seconds)


async def raw_updates(harness: Harness, count: int) -> list[dict[str, Any]]:
    """Return the updates that Telegram would deliver now, without an acknowledgement."""
    url = f"{harness.address}/bot{harness.world.bot.token}/getUpdates"
    async with harness.http.get(url) as response:
        updates: list[dict[str, Any]] = (await response.json())["result"]
    assert len(updates) == count
    return updates


@pytest.fixture
async def deaf(tmp_path: Path, database: str) -> AsyncIterator[Harness]:
    """A bot that was sent away from getUpdates by another reader, and has not come back yet."""
    async with open_harness(tmp_path, database, World(None, pacing=False)) as harness:
        await harness.starts(options=replace(FAST, monotonic=Patient()))
        yield harness


@pytest.mark.both_databases
async def test_a_late_lower_update_still_runs_once(deaf: Harness) -> None:
    monotonic, bot = deaf.options.monotonic, deaf.bot
    assert isinstance(monotonic, Patient)
    ling = deaf.person("ling")
    await scenes.comes_to_the_practice(ling)
    await deaf.settles()
    await raw_updates(deaf, 0)
    for text in ("临床", "/back", "/help"):
        await ling.says(text)
    first, second, third = await raw_updates(deaf, 3)
    for update, answer in ((third, "怎么用"), (first, "首次执业"), (second, "您的执业类别")):
        rows = await bot.storage.inbox.keep(
            bot.storage.inbox.number(BOT, [update], datetime.now(UTC))
        )
        bot.queue.put(rows)
        await ling.sees(answer)
    said = await ling.from_bot()
    monotonic.wakes.set()  # the bot polls again, and is told all three once more
    await deaf.settles()
    assert set((await database_summary(deaf.settings)).inbox) == {InboxState.DONE}
    assert await ling.from_bot() == said
