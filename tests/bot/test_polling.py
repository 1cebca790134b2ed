"""Intake: nothing is acknowledged before it is kept, and a gap is not forgotten."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot import polling
from bot.arrows import Arrow
from bot.client import ApiError, BotApi, Unreachable
from bot.polling import Poller
from storage.db import Unavailable
from storage.inbox import Inbox, Received, lane_of
from tests.bot.clockwork import START, Clockwork, Dated, settle

BOT = 4242


class Line(BotApi):
    """Gives the planned answers to getUpdates, one after the other, and then keeps silent."""

    def __init__(self, answers: Sequence[list[dict[str, Any]] | Exception]) -> None:
        super().__init__("4242:line", "http://127.0.0.1:9")
        self.answers = list(answers)
        self.asked: list[dict[str, Any]] = []
        self.patience: list[float] = []

    async def call(
        self,
        method: str,
        params: Mapping[str, Any] | None = None,
        *,
        files: Mapping[str, bytes] | None = None,
        patience: float = 30.0,
    ) -> Any:
        assert method == "getUpdates"
        self.asked.append(dict(params or {}))
        self.patience.append(patience)
        if not self.answers:
            await asyncio.Event().wait()
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    @property
    def offsets(self) -> list[int | None]:
        """What was acknowledged, call by call."""
        return [params.get("offset") for params in self.asked]


class Shelf(Inbox):
    """Keeps updates; ``gone``: how many more times it cannot."""

    def __init__(self) -> None:
        self.kept: list[int] = []
        self.gaps: list[tuple[datetime, datetime]] = []
        self.gone = 0

    async def keep(
        self, bot_id: int, updates: Sequence[dict[str, Any]], now: datetime
    ) -> list[Received]:
        if self.gone:
            self.gone -= 1
            raise Unavailable("locked")
        new = [raw for raw in updates if raw["update_id"] not in self.kept]
        self.kept += [raw["update_id"] for raw in new]
        return [
            Received(raw["update_id"], bot_id, raw["update_id"], lane_of(raw), now, raw)
            for raw in new
        ]

    async def note_gap(self, began_at: datetime, ended_at: datetime) -> None:
        self.gaps.append((began_at, ended_at))


@dataclass(slots=True)
class Intake:
    """A poller, and everything around it."""

    line: Line
    machine: Clockwork = field(default_factory=Clockwork)
    shelf: Shelf = field(default_factory=Shelf)
    put: list[int] = field(default_factory=list)
    passed: list[Arrow] = field(default_factory=list)
    heard: datetime | None = None

    def take(self, rows: Iterable[Received]) -> None:
        """What the pump does."""
        self.put += [row.update_id for row in rows]

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Poller]:
        """The poller at work until it waits."""
        poller = Poller(
            self.line,
            self.shelf,
            BOT,
            self.take,
            self.machine,
            now=Dated(self.machine).now,
            heard=self.heard,
            passing=self.passed.append,
        )
        loop = asyncio.create_task(poller.run())
        try:
            await settle()
            yield poller
            assert not loop.done(), "the poller stopped"
        finally:
            loop.cancel()
            await asyncio.gather(loop, return_exceptions=True)


def updates(*numbers: int) -> list[dict[str, Any]]:
    """Updates of these numbers."""
    return [{"update_id": n, "message": {"from": {"id": 1001}}} for n in numbers]


async def test_the_offset_advances_only_after_the_updates_are_kept() -> None:
    intake = Intake(Line([updates(5, 6), updates(7), []]))
    async with intake.running():
        assert intake.line.offsets == [None, 7, 8, 8]
        assert intake.put == intake.shelf.kept == [5, 6, 7]
        assert intake.passed == [Arrow.RECEIVED, Arrow.KEPT] * 2


async def test_updates_in_disorder_are_all_acknowledged() -> None:
    intake = Intake(Line([updates(9, 5, 7)]))
    async with intake.running():
        assert intake.line.offsets == [None, 10]


async def test_nothing_is_acknowledged_while_the_database_is_gone() -> None:
    intake = Intake(Line([updates(5), updates(5), updates(5, 6), []]))
    intake.shelf.gone = 2
    async with intake.running():
        await intake.machine.forward(10)
        assert intake.line.offsets == [None, None, None, 7, 7]
        assert intake.put == [5, 6]


async def test_an_update_that_is_known_already_is_put_once() -> None:
    intake = Intake(Line([updates(5), updates(5, 6)]))
    async with intake.running():
        assert intake.put == [5, 6]


async def test_telegram_is_asked_for_what_we_handle_and_waited_for_longer_than_it_waits() -> None:
    intake = Intake(Line([]))
    async with intake.running():
        (asked,) = intake.line.asked
        assert asked["timeout"] == polling.LONG_POLL
        assert asked["allowed_updates"] == polling.ALLOWED
        assert intake.line.patience[0] > polling.LONG_POLL


TROUBLE = [Unreachable("ClientOSError"), ApiError(409, "Conflict"), ApiError(401, "Unauthorized")]


@pytest.mark.parametrize("error", TROUBLE, ids=str)
async def test_trouble_is_waited_out_with_back_off(error: Exception) -> None:
    intake = Intake(Line([error] * 9))
    async with intake.running():
        await intake.machine.forward(200)
        assert intake.machine.slept == [0.5, 1, 2, 4, 8, 16, 30, 30, 30]
        assert len(intake.line.asked) == 10


async def test_after_success_the_back_off_begins_anew() -> None:
    intake = Intake(Line([Unreachable("x"), Unreachable("x"), [], Unreachable("x")]))
    async with intake.running():
        await intake.machine.forward(20)
        assert intake.machine.slept == [0.5, 1, 0.5]


async def test_a_429_is_waited_out_as_long_as_it_asks() -> None:
    intake = Intake(Line([ApiError(429, "Too Many Requests", 17), []]))
    async with intake.running():
        await intake.machine.forward(16)
        assert len(intake.line.asked) == 1
        await intake.machine.forward(2)
        assert len(intake.line.asked) == 3


async def test_a_gap_of_more_than_a_minute_is_recorded() -> None:
    intake = Intake(Line([[], Unreachable("x"), Unreachable("x"), []]))
    intake.heard = START
    line, machine = intake.line, intake.machine
    line.answers = [[], *[Unreachable("x")] * 8, updates(5)]
    async with intake.running() as poller:
        await machine.forward(200)
        waited = timedelta(seconds=sum(machine.slept))
        assert intake.shelf.gaps == [(START, START + waited)]
        assert poller.heard == START + waited


async def test_a_gap_from_before_the_start_is_recorded_too() -> None:
    intake = Intake(Line([[]]), heard=START - timedelta(hours=2))
    async with intake.running():
        assert intake.shelf.gaps == [(START - timedelta(hours=2), START)]


@pytest.mark.parametrize("heard", [None, START, START - timedelta(seconds=60)])
async def test_a_first_start_and_a_quiet_minute_are_no_gaps(heard: datetime | None) -> None:
    intake = Intake(Line([[], []]), heard=heard)
    async with intake.running() as poller:
        assert intake.shelf.gaps == []
        assert poller.heard == START
