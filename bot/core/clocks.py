"""The wall clock, for rules about dates and times, and the monotonic clock, for waiting."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta


class WallClock:
    """The date and time for rules, windows and quiet hours, in UTC.

    ``offset`` is zero on Telegram; in the sandbox a person can move it, but only forward.
    """

    def __init__(self, offset: timedelta = timedelta(0)) -> None:
        self.offset = offset

    def now(self) -> datetime:
        """Return the present moment for the rules."""
        return self.at(datetime.now(UTC))

    def at(self, moment: datetime) -> datetime:
        """Return a real moment as one for the rules."""
        return moment + self.offset

    def move(self, offset: timedelta) -> None:
        """Set the offset.

        Raises:
            ValueError: the clock would go back.
        """
        if offset < self.offset:
            raise ValueError("the wall clock only goes forward")
        self.offset = offset


class MonotonicClock:
    """Elapsed seconds, for leases, retries and pacing; no wall clock moves it."""

    def now(self) -> float:
        """Return the seconds since an arbitrary moment."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait for so many seconds."""
        await asyncio.sleep(seconds)


@dataclass(frozen=True, slots=True)
class Clocks:
    """The two clocks of one bot."""

    wall: WallClock = field(default_factory=WallClock)
    monotonic: MonotonicClock = field(default_factory=MonotonicClock)
