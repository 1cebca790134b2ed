"""Machines whose seconds do not have to be waited for."""

from __future__ import annotations

import asyncio

from bot.core.loops import MonotonicClock
from bot.scheduler.scheduler import EVERY


class SkippingClock(MonotonicClock):
    """Sleeps a moment where it should sleep seconds, and says that they have passed.

    The clock's half minute stays what it is. ``slept`` holds what was to be slept, in seconds.
    """

    def __init__(self) -> None:
        self.slept: list[float] = []
        self._ahead = 0.0

    def now(self) -> float:
        """The real seconds and those that were skipped."""
        return super().now() + self._ahead

    async def sleep(self, seconds: float) -> None:
        """Skip them."""
        if seconds >= EVERY:
            await asyncio.sleep(seconds)
            return
        self.slept.append(seconds)
        await asyncio.sleep(0)
        self._ahead += seconds
