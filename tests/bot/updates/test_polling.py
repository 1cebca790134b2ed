"""Intake: nothing is acknowledged before it is kept, and a gap is not forgotten."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.api.client import ApiError, BotApi, Unreachable
from bot.core.runtime import Failpoint
from bot.updates import polling
from bot.updates.intake import ALLOWED, Intake
from bot.updates.polling import Poller
from storage.updates.inbox import ReceivedUpdate
from tests.fakes.clocks import START, FakeMonotonicClock, FakeWallClock, settle
from tests.fakes.inbox import BOT, FakeInbox
from tests.fakes.telegram_server import refuses, says, serving


class Line(BotApi):
    """Gives the planned answers to getUpdates, one after the other, and then keeps silent."""

    def __init__(self, answers: Sequence[list[dict[str, Any]] | Exception]) -> None:
        super().__init__("4242:line", "http://127.0.0.1:9")
        self.answers = list(answers)
        self.asked: list[dict[str, Any]] = []
        self.time_limit: list[float] = []

    async def call(
        self,
        method: str,
        params: Mapping[str, Any] | None = None,
        *,
        files: Mapping[str, bytes] | None = None,
        time_limit: float = 30.0,
    ) -> Any:
        assert method == "getUpdates"
        self.asked.append(dict(params or {}))
        self.time_limit.append(time_limit)
        if not self.answers:
            await asyncio.Event().wait()
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    @property
    def offsets(self) -> list[int | None]:
        """The acknowledged offsets, call by call."""
        return [params.get("offset") for params in self.asked]


@dataclass(slots=True)
class Ear:
    """A poller, and everything around it."""

    line: Line
    monotonic: FakeMonotonicClock = field(default_factory=FakeMonotonicClock)
    shelf: FakeInbox = field(default_factory=FakeInbox)
    put: list[int] = field(default_factory=list)
    passed: list[Failpoint] = field(default_factory=list)
    heard: datetime | None = None

    async def take(self, rows: Sequence[ReceivedUpdate]) -> int:
        """Take the updates as the worker does."""
        kept = await self.shelf.keep(rows)
        self.put += [row.update_id for row in kept]
        return len(kept)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Intake]:
        """A poller at work until it waits, and what it puts the updates into."""
        dated = FakeWallClock(self.monotonic).now
        intake = Intake(
            self.shelf,
            BOT,
            self.take,
            now=dated,
            synced_until=self.heard,
            failpoint=lambda failpoint, _="": self.passed.append(failpoint),
        )
        poller = Poller(self.line, intake, self.monotonic)
        loop = asyncio.create_task(poller.run())
        try:
            await settle()
            yield intake
            assert not loop.done(), "the poller stopped"
        finally:
            loop.cancel()
            await asyncio.gather(loop, return_exceptions=True)


def updates(*numbers: int) -> list[dict[str, Any]]:
    """Updates of these numbers."""
    return [{"update_id": n, "message": {"from": {"id": 1001}}} for n in numbers]


async def test_the_offset_advances_only_after_the_updates_are_kept() -> None:
    ear = Ear(Line([updates(5, 6), updates(7), []]))
    async with ear.running():
        await ear.monotonic.forward(1)  # after an empty answer
        assert ear.line.offsets == [None, 7, 8, 8]
        assert ear.put == ear.shelf.kept == [5, 6, 7]
        assert ear.passed == [Failpoint.RECEIVED, Failpoint.COMMITTED_TO_INBOX] * 2


async def test_updates_in_disorder_are_all_acknowledged() -> None:
    ear = Ear(Line([updates(9, 5, 7)]))
    async with ear.running():
        assert ear.line.offsets == [None, 10]


async def test_nothing_is_acknowledged_while_the_database_is_gone() -> None:
    ear = Ear(Line([updates(5), updates(5), updates(5, 6), []]))
    ear.shelf.gone = 2
    async with ear.running():
        await ear.monotonic.forward(10)
        assert ear.line.offsets == [None, None, None, 7, 7]
        assert ear.put == [5, 6]


async def test_an_update_that_is_known_already_is_put_once() -> None:
    ear = Ear(Line([updates(5), updates(5, 6)]))
    async with ear.running():
        assert ear.put == [5, 6]


async def test_telegram_is_asked_for_what_we_handle_and_waited_for_longer_than_it_waits() -> None:
    ear = Ear(Line([]))
    async with ear.running():
        (asked,) = ear.line.asked
        assert asked["timeout"] == polling.LONG_POLL
        assert asked["allowed_updates"] == ALLOWED
        assert ear.line.time_limit[0] > polling.LONG_POLL


TROUBLE = [Unreachable("ClientOSError"), ApiError(409, "Conflict"), ApiError(401, "Unauthorized")]


@pytest.mark.parametrize("error", TROUBLE, ids=str)
async def test_trouble_is_waited_out_with_back_off(error: Exception) -> None:
    ear = Ear(Line([error] * 9))
    async with ear.running():
        await ear.monotonic.forward(200)
        assert ear.monotonic.slept == [0.5, 1, 2, 4, 8, 16, 30, 30, 30]
        assert len(ear.line.asked) == 10


async def test_after_success_the_back_off_begins_anew() -> None:
    ear = Ear(Line([Unreachable("x"), Unreachable("x"), [], Unreachable("x")]))
    async with ear.running():
        await ear.monotonic.forward(20)
        assert ear.monotonic.slept == [0.5, 1, polling.SHORTEST, 0.5]


async def test_a_429_is_waited_out_as_long_as_it_asks() -> None:
    ear = Ear(Line([ApiError(429, "Too Many Requests", 17), []]))
    async with ear.running():
        await ear.monotonic.forward(16)
        assert len(ear.line.asked) == 1
        await ear.monotonic.forward(2)
        assert len(ear.line.asked) == 3


async def test_a_gap_of_more_than_a_minute_is_recorded() -> None:
    ear = Ear(Line([[], Unreachable("x"), Unreachable("x"), []]))
    ear.heard = START
    line, monotonic = ear.line, ear.monotonic
    line.answers = [[], *[Unreachable("x")] * 8, updates(5)]
    async with ear.running() as taken:
        await monotonic.forward(200)
        waited = timedelta(seconds=sum(monotonic.slept))
        assert ear.shelf.gaps == [(START, START + waited)]
        assert taken.synced_until == START + waited


async def test_a_gap_from_before_the_start_is_recorded_too() -> None:
    ear = Ear(Line([[]]), heard=START - timedelta(hours=2))
    async with ear.running():
        assert ear.shelf.gaps == [(START - timedelta(hours=2), START)]


async def test_behind_a_full_answer_more_may_wait() -> None:
    """Acts in time may be there: nobody is late, and nobody given up, before they came."""
    ear = Ear(Line([updates(*range(1, polling.LIMIT + 1))]), heard=START - timedelta(hours=2))
    async with ear.running() as taken:
        assert taken.synced_until == ear.heard
        assert ear.shelf.gaps == []
    ear.line.answers = [updates(*range(101, 201)), updates(201)]
    async with ear.running() as taken:
        assert taken.synced_until == START
        assert ear.shelf.gaps == [(ear.heard, START)]


@pytest.mark.parametrize("heard", [None, START, START - timedelta(seconds=60)])
async def test_a_first_start_and_a_quiet_minute_are_no_gaps(heard: datetime | None) -> None:
    ear = Ear(Line([[], []]), heard=heard)
    async with ear.running() as taken:
        assert ear.shelf.gaps == []
        assert taken.synced_until == START


# --- a webhook is in the way ---------------------------------------------------------------------


async def test_a_webhook_is_taken_away_and_what_waits_stays() -> None:
    async with serving(says(True)) as (address, telegram), BotApi("4242:x", address) as api:
        await Poller(api, unused(), FakeMonotonicClock()).begin()
    (asked,) = telegram.asked
    assert asked.path.endswith("/deleteWebhook")
    assert asked.fields == {"drop_pending_updates": False}


async def test_a_server_that_knows_no_webhooks_has_none() -> None:
    async with serving(refuses(404, "Not Found")) as (address, _), BotApi("4242:x", address) as api:
        await Poller(api, unused(), FakeMonotonicClock()).begin()


async def test_a_webhook_that_stays_is_a_reason_not_to_start() -> None:
    async with serving(refuses(401, "No")) as (address, _), BotApi("4242:x", address) as api:
        with pytest.raises(ApiError):
            await Poller(api, unused(), FakeMonotonicClock()).begin()


def unused() -> Intake:
    """An intake into which nothing comes."""
    return Intake(FakeInbox(), BOT, nothing, now=FakeWallClock(FakeMonotonicClock()).now)


async def nothing(rows: Sequence[ReceivedUpdate]) -> int:
    """Keeps nothing."""
    return 0


@pytest.mark.row("C2")
async def test_a_server_that_holds_no_request_is_asked_a_few_times_a_second() -> None:
    ear = Ear(Line([[] for _ in range(1_000)]))
    async with ear.running():
        for _ in range(100):
            await ear.monotonic.forward(0.1)
        assert 20 <= len(ear.line.asked) <= 40


async def test_conflicts_that_go_on_are_another_bot_and_one_is_a_restart() -> None:
    conflict = ApiError(409, "Conflict: terminated by other getUpdates request")
    for count, is_on in ((1, False), (2, False), (3, True)):
        line = Line([conflict for _ in range(count)])
        monotonic = FakeMonotonicClock()
        ear = Ear(line, monotonic)
        poller = Poller(line, Intake(ear.shelf, BOT, ear.take, now=lambda: START), monotonic)
        polling_task = asyncio.create_task(poller.run())
        for _ in range(20):
            await monotonic.forward(1)
        assert poller.conflict.is_on is is_on
        await monotonic.forward(400)
        assert not poller.conflict.is_on, "it is over"
        polling_task.cancel()
        await asyncio.gather(polling_task, return_exceptions=True)


@pytest.mark.row("C2")
@pytest.mark.parametrize(
    ("away", "is_late"), [(timedelta(hours=2), True), (timedelta(seconds=20), True), (None, False)]
)
async def test_a_tap_of_our_downtime_counts_from_its_beginning(
    away: timedelta | None, is_late: bool
) -> None:
    """A tap has no date: what we missed must not make it too late. The staff keep the present."""
    now = START
    rows: list[ReceivedUpdate] = []

    async def commits(taken: Sequence[ReceivedUpdate]) -> int:
        rows.extend(taken)
        return len(taken)

    intake = Intake(
        FakeInbox(),
        BOT,
        commits,
        now=lambda: now,
        synced_until=START - away if away else None,
        is_staff=lambda account: account == 5001,
    )
    tap: dict[str, Any] = {"callback_query": {"id": "1", "from": {"id": 1001}, "data": "x"}}
    clerk = {"callback_query": {"id": "1", "from": {"id": 5001}, "data": "x"}}
    said = {"message": {"from": {"id": 1001}, "chat": {"id": 1001, "type": "private"}}}
    await intake.take([{"update_id": n, **one} for n, one in enumerate((tap, clerk, said))])
    began = START - away if away and is_late else START
    assert [row.received_at for row in rows] == [began, START, START]
    if away:
        shown = int((START - away / 2).timestamp())
        newer = {"callback_query": {**tap["callback_query"], "message": {"date": shown}}}
        await intake.take([{"update_id": 5, **newer}])
        assert rows[-1].received_at == START - away / 2, "no older than what was tapped"
    await intake.mark_synced(START)
    await intake.take([{"update_id": 9, **tap}])
    assert rows[-1].received_at == START, "nothing waited meanwhile"
