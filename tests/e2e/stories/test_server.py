"""A PostgreSQL server that is away for a while, and bots that want the same database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.app import build
from storage.engine.instance_lock import AlreadyRunning, InstanceLock
from storage.engine.tables import InboxState
from tests.e2e import bot_settings, scenes
from tests.e2e.bot import EXAM, FAST, Harness, open_harness
from tests.e2e.db_asserts import database_summary
from tests.postgres import Server

AWAY = 4.0
"""Seconds."""


@pytest.fixture
async def empty(tmp_path: Path, careful_database: str) -> AsyncIterator[Harness]:
    """No bot yet, and a server that may be killed."""
    async with open_harness(tmp_path, careful_database) as harness:
        yield harness


@pytest.fixture
async def served(empty: Harness) -> Harness:
    """A bot on that server."""
    await empty.starts()
    return empty


async def test_a_server_that_is_away_is_waited_for(served: Harness, careful_server: Server) -> None:
    ling = served.person("ling", time_limit=40)
    await scenes.comes_to_the_practice(ling)
    await served.settles()
    careful_server.die()
    try:
        await ling.presses("临床")
        await asyncio.sleep(AWAY)
        assert len(served.world.updates) == 1, "acknowledged, but not kept"
        assert not served.bot.stopped.done()
    finally:
        careful_server.start()
    await ling.sees("首次执业注册")
    await served.settles()
    assert set((await database_summary(served.settings)).inbox) == {InboxState.DONE}
    assert sum("首次执业注册" in message.text for message in await ling.from_bot()) == 1


async def test_a_server_that_is_away_at_the_start_is_waited_for(
    empty: Harness, careful_server: Server
) -> None:
    careful_server.die()
    start = asyncio.create_task(empty.starts())
    try:
        await asyncio.sleep(1.0)
        assert not start.done()
    finally:
        careful_server.start()
    await start
    await scenes.comes_to_the_practice(empty.person("ling", time_limit=40))


async def test_a_second_bot_on_another_machine_is_refused(served: Harness, tmp_path: Path) -> None:
    elsewhere = bot_settings.at(tmp_path / "another machine", served.settings.database)
    with pytest.raises(AlreadyRunning):
        async with build(elsewhere, EXAM, served.address, FAST):
            pytest.fail("two bots on one database")


async def test_who_lost_the_lock_to_another_stops(
    empty: Harness, careful_server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server restarts, and another bot is quicker."""
    other, other_has_it = InstanceLock(empty.settings.database), asyncio.Event()
    async with build(empty.settings, EXAM, empty.address, FAST) as bot:
        takes = bot.storage.lock.take

        async def takes_later() -> None:
            await other_has_it.wait()
            await takes()

        monkeypatch.setattr(bot.storage.lock, "take", takes_later)
        careful_server.restart()
        await other.take()
        other_has_it.set()
        with pytest.raises(AlreadyRunning):
            await bot.stopped
    await other.close()
