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
from tests.stage import scenes
from tests.stage.front import PATH, Front, fronting
from tests.stage.kept import kept
from tests.stage.person import Person
from tests.stage.play import Stage, playing
from tests.stage.until import until
from tests.stories.test_trouble import locked


@pytest.fixture
async def front() -> AsyncIterator[Front]:
    async with fronting() as front:
        yield front


def calls_the_bot(stage: Stage, front: Front) -> None:
    """From the next start on."""
    stage.settings = stage.settings.model_copy(update=front.settings)


def is_polled(stage: Stage) -> None:
    """From the next start on."""
    stage.settings = stage.settings.model_copy(update={"webhook_url": "", "listen": ""})


@pytest.fixture
async def called(stage: Stage, front: Front) -> Stage:
    """A stage whose bot is called by its Telegram."""
    await stage.stops()
    calls_the_bot(stage, front)
    await stage.starts()
    return stage


def polls(stage: Stage) -> int:
    """How often Telegram was asked for updates."""
    return sum(call.method == "getUpdates" for call in stage.world.log())


async def test_a_person_registers_by_webhook(called: Stage, front: Front, ling: Person) -> None:
    asked = polls(called)
    await scenes.registers(ling)
    await called.settles()
    assert polls(called) == asked
    assert set(front.statuses) == {200}
    assert (
        len(front.statuses) == (await kept(called.settings)).inbox[InboxState.DONE] == ling.effects
    )


async def test_many_at_once_are_answered_in_order(called: Stage, ling: Person) -> None:
    await scenes.comes_to_the_practice(ling)
    for text in ("临床", "2019-07", "没有", "就报这几科", "执业医师"):
        await ling.says(text)
    await ling.sees("满几年了")
    prompts = ("首次执业注册", "住院医师", "报考哪几科", "专业技术资格", "满几年了")
    answers = [message.text for message in (await ling.from_bot())[-5:]]
    for prompt, answer in zip(prompts, answers, strict=True):
        assert prompt in answer


async def test_updates_that_come_twice_count_once(called: Stage, ling: Person) -> None:
    await scenes.meets_the_bot(ling)
    await called.settles()
    before = await kept(called.settings)
    await called.fault("redeliver")
    await ling.says("/help")
    await ling.sees("怎么用")
    await called.settles()
    after = await kept(called.settings)
    assert after.inbox[InboxState.DONE] == before.inbox[InboxState.DONE] + 1
    assert after.outbox.total() == before.outbox.total() + 1


@pytest.mark.both_databases
async def test_the_database_is_gone_and_telegram_calls_again(
    stage: Stage, front: Front, ling: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    await stage.stops()
    calls_the_bot(stage, front)
    monkeypatch.setattr("bot.core.database.Database", partial(Database, busy_ms=20))
    await stage.starts()
    await scenes.meets_the_bot(ling)
    await stage.settles()
    with capture_logs() as logs, locked(stage):
        await ling.says("刘玲")
        await until(lambda: 503 in front.statuses)
        assert len(stage.world.updates) == 1, "acknowledged, but not kept"
    await ling.sees("用哪种证件报名")
    await stage.settles()
    assert "intake failed" in {entry["event"] for entry in logs}
    assert set((await kept(stage.settings)).inbox) == {InboxState.DONE}
    assert sum("用哪种证件报名" in message.text for message in await ling.from_bot()) == 1


async def test_from_polling_to_the_webhook_and_back_nothing_is_lost(
    stage: Stage, front: Front, ling: Person
) -> None:
    await scenes.meets_the_bot(ling)
    await stage.stops()
    await ling.says("刘玲")
    calls_the_bot(stage, front)
    await stage.starts()
    await ling.sees("用哪种证件报名")
    await stage.stops()
    assert stage.world.archive.setting("webhook"), "taken away at a stop"
    await ling.presses("居民身份证")
    await until(lambda: 502 in front.statuses)
    is_polled(stage)
    await stage.starts()
    await ling.sees("证件号码是多少")
    assert not stage.world.archive.setting("webhook")
    await ling.says(scenes.NUMBER)
    await ling.sees("再输入一遍")
    await stage.settles()
    assert (await kept(stage.settings)).inbox == {InboxState.DONE: ling.effects}


async def test_what_is_said_while_the_bot_is_away_comes_after_the_restart(
    called: Stage, front: Front, ling: Person
) -> None:
    await scenes.meets_the_bot(ling)
    await called.stops()
    await ling.says("刘玲")
    await until(lambda: 502 in front.statuses)
    await called.starts()
    await ling.sees("用哪种证件报名")


async def test_strangers_are_sent_away(called: Stage, front: Front) -> None:
    forged = {"update_id": 1, "message": {"from": {"id": 1001}, "text": "/erase"}}
    async with called.http.post(front.url, json=forged) as response:
        assert response.status == 403
    async with called.http.get(front.url.replace(PATH, "/metrics")) as response:
        assert response.status == 404
    assert (await kept(called.settings)).inbox.total() == 0


async def test_a_webhook_that_is_refused_stops_the_start(tmp_path: Path, front: Front) -> None:
    async with playing(tmp_path, "", methods=frozenset({"getMe", "getUpdates"})) as stage:
        calls_the_bot(stage, front)
        with pytest.raises(ApiError, match="WEBHOOK_URL was refused: Not Found"):
            async with build(stage.settings, stage.exam, stage.address, stage.options):
                pass
