"""How the bot is, as who watches over it hears: red when it is stuck, green again after."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from time import monotonic
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.ops import health
from bot.updates.router import Dispatcher
from handlers.candidate.filling import account
from handlers.update_context import Envelope, Fetched
from storage.engine.database import Database
from storage.engine.tables import InboxState, OutboxState
from storage.updates.unit_of_work import UnitOfWork
from tests.e2e import scenes
from tests.e2e.bot import EXAM, Harness
from tests.e2e.db_asserts import database_summary
from tests.e2e.reverse_proxy import ReverseProxy, reverse_proxy
from tests.e2e.stories.test_trouble import POISON, Saboteur, locks
from tests.e2e.wait import BOUND


@dataclass(slots=True)
class Watch:
    """Somebody who looks at the listener of a bot."""

    harness: Harness
    front: ReverseProxy

    async def hears(self) -> dict[str, Any]:
        """Return the answer of ``/healthz``; its status must agree with its words."""
        async with self.harness.http.get(f"http://{self.front.listen}/healthz") as response:
            assert response.content_type == "application/json"
            said: dict[str, Any] = await response.json()
            assert response.status == (200 if said["status"] == "ok" else 503)
            return said

    async def hears_in_the_end(self, *troubles: str) -> dict[str, Any]:
        """Look until it says just these troubles."""
        deadline = monotonic() + BOUND
        while (said := await self.hears())["troubles"] != list(troubles):
            assert monotonic() < deadline, said
        return said

    async def reads(self) -> dict[str, float]:
        """``/metrics``, by name and labels as they are written."""
        async with self.harness.http.get(f"http://{self.front.listen}/metrics") as response:
            assert response.status == 200
            assert response.headers["Content-Type"].startswith("text/plain; version=")
            text = await response.text()
        return {
            sample.name + "".join(f",{label}={is_}" for label, is_ in sample.labels.items()): (
                sample.value
            )
            for family in text_string_to_metric_families(text)
            for sample in family.samples
        }


@pytest.fixture
async def watch(fast_harness: Harness, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Watch]:
    """A bot that is polled, with a listener, and notices soon that the database is locked."""
    async with reverse_proxy() as front:
        await fast_harness.stops()
        fast_harness.settings = fast_harness.settings.model_copy(update={"listen": front.listen})
        monkeypatch.setattr("bot.core.database.Database", partial(Database, busy_ms=20))
        await fast_harness.starts()
        yield Watch(fast_harness, front)
        await fast_harness.stops()


async def test_a_bot_that_is_well(watch: Watch) -> None:
    ling = watch.harness.person("ling")
    await scenes.meets_the_bot(ling)
    await watch.harness.settles()
    said = await watch.hears()
    assert said["status"] == "ok"
    assert said["troubles"] == []
    assert said["database_up"] == 1
    assert said["silence_seconds"] < health.SILENT
    assert (said["inbox_waiting"], said["inbox_dead"], said["outbox_waiting"]) == (0, 0, 0)


async def test_an_update_that_is_stuck(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    ling = watch.harness.person("ling")
    await scenes.meets_the_bot(ling)
    monkeypatch.setattr(health, "UPDATE_WAITS", 0.3)
    with sticking(watch.harness, monkeypatch) as goes_on:
        await ling.says("刘玲")
        said = await watch.hears_in_the_end("inbox")
        assert said["inbox_waiting"] == 1
        assert said["inbox_oldest_seconds"] > 0.3
        goes_on.set()
        await ling.sees("用哪种证件报名")
    await watch.hears_in_the_end()


@contextmanager
def sticking(harness: Harness, monkeypatch: pytest.MonkeyPatch) -> Iterator[asyncio.Event]:
    """Nothing is decided until the event is set."""
    goes_on = asyncio.Event()
    decides = Dispatcher.dispatch

    async def waits(self: Dispatcher, unit: UnitOfWork, file: Fetched | None) -> Envelope:
        await goes_on.wait()
        return await decides(self, unit, file)

    with monkeypatch.context() as patch:
        patch.setattr(Dispatcher, "dispatch", waits)
        yield goes_on


async def test_an_update_that_was_set_aside(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    ling = watch.harness.person("ling")
    await scenes.meets_the_bot(ling)
    monkeypatch.setattr(account, "check_name", Saboteur(times=99))
    await ling.says(POISON)
    await ling.sees("抱歉")
    await watch.hears_in_the_end("dead")
    monkeypatch.setattr(health, "DEAD_FOR", 0.0)  # the hour is over
    said = await watch.hears_in_the_end()
    assert said["inbox_dead"] == 1
    samples = await watch.reads()
    assert samples["baoming_update_attempts_failed_total"] == 3
    assert samples["baoming_updates_dead_total"] == samples["baoming_inbox_dead"] == 1


@pytest.mark.both_databases
async def test_a_database_that_is_locked_away(watch: Watch) -> None:
    with await locks(watch.harness):
        said = await watch.hears_in_the_end("database")
        assert said["database_up"] == 0
        assert "inbox_waiting" not in said
        samples = await watch.reads()
        assert samples["baoming_database_up"] == 0
        assert "baoming_inbox_waiting" not in samples
    await watch.hears_in_the_end()


async def test_the_metrics_are_what_happened(watch: Watch) -> None:
    harness, ling = watch.harness, watch.harness.person("ling")
    await harness.fault("429", method="sendMessage", seconds=7)
    await scenes.registers(ling)
    await harness.settles()
    samples = await watch.reads()
    known = await database_summary(harness.settings)
    assert samples["baoming_updates_kept_total"] == ling.effects == known.inbox.total()
    assert samples["baoming_updates_done_total"] == known.inbox[InboxState.DONE] == ling.effects
    assert samples["baoming_update_latency_seconds_count"] == ling.effects
    assert (
        samples["baoming_updates_dead_total"]
        == samples["baoming_update_attempts_failed_total"]
        == 0
    )
    was_sent = samples["baoming_deliveries_total,outcome=sent,priority=reply"]
    assert was_sent == known.outbox[OutboxState.SENT]
    assert samples["baoming_reply_latency_seconds_count"] == was_sent
    assert samples["baoming_api_errors_total,code=429"] == 1
    assert samples["baoming_api_retry_after_seconds_total"] == 7
    assert samples["baoming_database_up"] == 1
    assert samples["baoming_inbox_waiting"] == samples["baoming_outbox_waiting"] == 0
    assert samples["process_resident_memory_bytes"] > 0
    assert any(name.startswith("baoming_build_info") and EXAM.key in name for name in samples)


async def test_a_bot_that_is_called_is_looked_at_as_well(watch: Watch) -> None:
    harness, ling = watch.harness, watch.harness.person("ling")
    await harness.stops()
    harness.settings = harness.settings.model_copy(update=watch.front.settings)
    await harness.starts()
    await scenes.meets_the_bot(ling)
    await watch.hears_in_the_end()
    samples = await watch.reads()
    assert (
        samples["baoming_intake_batch_size_sum"]
        == samples["baoming_updates_kept_total"]
        == ling.effects
    )
