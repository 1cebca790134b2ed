"""A machine's clock and a calendar that stand still until a test moves them."""

from __future__ import annotations

import asyncio
import heapq
import itertools
from datetime import UTC, datetime, timedelta

from bot.core.loops import MonotonicClock, WallClock

START = datetime(2025, 12, 2, 1, 0, tzinfo=UTC)
STARTED = 1_000.0


async def settle() -> None:
    """Let every task go on until all of them wait."""
    for _ in range(100):
        await asyncio.sleep(0)


class FakeMonotonicClock(MonotonicClock):
    """Time that passes only by ``forward``. ``slept`` lists what was waited for, in seconds.

    ``asleep`` is set whenever somebody begins to wait.
    """

    def __init__(self) -> None:
        self._now = STARTED
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._order = itertools.count()
        self.slept: list[float] = []
        self.asleep = asyncio.Event()

    def now(self) -> float:
        return self._now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.asleep.set()
        awake = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._now + seconds, next(self._order), awake))
        await awake

    async def forward(self, seconds: float) -> None:
        """Let so many seconds pass; who sleeps wakes in order, each at its moment."""
        end = self._now + seconds
        await settle()
        while self._sleepers and self._sleepers[0][0] <= end:
            self._now, _, awake = heapq.heappop(self._sleepers)
            if not awake.done():
                awake.set_result(None)
            await settle()
        self._now = end
        await settle()


class FakeWallClock(WallClock):
    """A calendar that goes with the clockwork, from ``START`` on."""

    def __init__(self, monotonic: FakeMonotonicClock) -> None:
        super().__init__()
        self._monotonic = monotonic

    def now(self) -> datetime:
        return self.at(START + timedelta(seconds=self._monotonic.now() - STARTED))
