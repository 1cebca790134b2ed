"""Telegram calls the bot, through a reverse proxy: nothing is lost, and nothing happens twice."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.api.client import ApiError
from bot.app import build
from storage.engine.database import Database
from storage.engine.tables import InboxState
from tests.e2e import scenes
from tests.e2e.bot import Harness, open_harness
from tests.e2e.db_asserts import database_summary
from tests.e2e.person import Person
from tests.e2e.reverse_proxy import PATH, ReverseProxy, reverse_proxy
from tests.e2e.stories.test_trouble import locked
from tests.e2e.wait import until


@pytest.fixture
async def front() -> AsyncIterator[ReverseProxy]:
    async with reverse_proxy() as front:
        yield front


def calls_the_bot(harness: Harness, front: ReverseProxy) -> None:
    """From the next start on."""
    harness.settings = harness.settings.model_copy(update=front.settings)


def is_polled(harness: Harness) -> None:
    """From the next start on."""
    harness.settings = harness.settings.model_copy(update={"webhook_url": "", "listen": ""})


@pytest.fixture
async def called(harness: Harness, front: ReverseProxy) -> Harness:
    """A bot that is called by its Telegram."""
    await harness.stops()
    calls_the_bot(harness, front)
    await harness.starts()
    return harness


def polls(harness: Harness) -> int:
    """How often Telegram was asked for updates."""
    return sum(call.method == "getUpdates" for call in harness.world.log())


async def test_a_person_registers_by_webhook(
    called: Harness, front: ReverseProxy, ling: Person
) -> None:
    asked = polls(called)
    await scenes.registers(ling)
    await called.settles()
    assert polls(called) == asked
    assert set(front.statuses) == {200}
    assert (
        len(front.statuses)
        == (await database_summary(called.settings)).inbox[InboxState.DONE]
        == ling.effects
    )


async def test_many_at_once_are_answered_in_order(called: Harness, ling: Person) -> None:
    await scenes.comes_to_the_practice(ling)
    for text in scenes.BLIND_MOVES:
        await ling.says(text)
    await ling.sees("先停在这里")
    answers = [message.text for message in (await ling.from_bot())[-5:]]
    for prompt, answer in zip(scenes.BLIND_MOVES.values(), answers, strict=True):
        assert prompt in answer


async def test_updates_that_come_twice_count_once(called: Harness, ling: Person) -> None:
    await scenes.meets_the_bot(ling)
    await called.settles()
    before = await database_summary(called.settings)
    await called.fault("redeliver")
    await ling.says("/help")
    await ling.sees("怎么用")
    await called.settles()
    after = await database_summary(called.settings)
    assert after.inbox[InboxState.DONE] == before.inbox[InboxState.DONE] + 1
    assert after.outbox.total() == before.outbox.total() + 1


@pytest.mark.both_databases
async def test_the_database_is_gone_and_telegram_calls_again(
    harness: Harness, front: ReverseProxy, ling: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    await harness.stops()
    calls_the_bot(harness, front)
    monkeypatch.setattr("bot.core.database.Database", partial(Database, busy_ms=20))
    await harness.starts()
    await scenes.meets_the_bot(ling)
    await harness.settles()
    with capture_logs() as logs, locked(harness):
        await ling.says("刘玲")
        await until(lambda: 503 in front.statuses)
        assert len(harness.world.updates) == 1, "acknowledged, but not kept"
    await ling.sees("用哪种证件报名")
    await harness.settles()
    assert "intake failed" in {entry["event"] for entry in logs}
    assert set((await database_summary(harness.settings)).inbox) == {InboxState.DONE}
    assert sum("用哪种证件报名" in message.text for message in await ling.from_bot()) == 1


async def test_from_polling_to_the_webhook_and_back_nothing_is_lost(
    harness: Harness, front: ReverseProxy, ling: Person
) -> None:
    await scenes.meets_the_bot(ling)
    await harness.stops()
    await ling.says("刘玲")
    calls_the_bot(harness, front)
    await harness.starts()
    await ling.sees("用哪种证件报名")
    await harness.stops()
    assert harness.world.archive.setting("webhook"), "taken away at a stop"
    await ling.presses("居民身份证")
    await until(lambda: 502 in front.statuses)
    is_polled(harness)
    await harness.starts()
    await ling.sees("证件号码是多少")
    assert not harness.world.archive.setting("webhook")
    await ling.says(scenes.NUMBER)
    await ling.sees("再输入一遍")
    await harness.settles()
    assert (await database_summary(harness.settings)).inbox == {InboxState.DONE: ling.effects}


async def test_what_is_said_while_the_bot_is_away_comes_after_the_restart(
    called: Harness, front: ReverseProxy, ling: Person
) -> None:
    await scenes.meets_the_bot(ling)
    await called.stops()
    await ling.says("刘玲")
    await until(lambda: 502 in front.statuses)
    await called.starts()
    await ling.sees("用哪种证件报名")


async def test_strangers_are_sent_away(called: Harness, front: ReverseProxy) -> None:
    forged = {"update_id": 1, "message": {"from": {"id": 1001}, "text": "/erase"}}
    async with called.http.post(front.url, json=forged) as response:
        assert response.status == 403
    async with called.http.get(front.url.replace(PATH, "/metrics")) as response:
        assert response.status == 404
    assert (await database_summary(called.settings)).inbox.total() == 0


async def test_a_webhook_that_is_refused_stops_the_start(
    tmp_path: Path, front: ReverseProxy
) -> None:
    async with open_harness(tmp_path, "", methods=frozenset({"getMe", "getUpdates"})) as harness:
        calls_the_bot(harness, front)
        with pytest.raises(ApiError, match="WEBHOOK_URL was refused: Not Found"):
            async with build(harness.settings, harness.exam, harness.address, harness.options):
                pass
