"""Two clocks: the calendar that rules are judged by, and the machine's own for waiting."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta


class WallClock:
    """The date and time for rules, windows and quiet hours, in UTC.

    ``offset`` is zero against Telegram; in the sandbox it can be moved, forward only.
    """

    def __init__(self, offset: timedelta = timedelta(0)) -> None:
        self.offset = offset

    def now(self) -> datetime:
        """This moment, as the rules see it."""
        return self.at(datetime.now(UTC))

    def at(self, moment: datetime) -> datetime:
        """Some real moment, as the rules see it."""
        return moment + self.offset

    def move(self, offset: timedelta) -> None:
        """Set the offset.

        Raises:
            ValueError: it would go back.
        """
        if offset < self.offset:
            raise ValueError("the calendar only goes forward")
        self.offset = offset


class MonotonicClock:
    """Seconds that pass, for leases, retries and pacing; unmoved by any calendar."""

    def now(self) -> float:
        """Seconds since some moment."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)


@dataclass(frozen=True, slots=True)
class Clocks:
    """The two clocks of one bot."""

    wall: WallClock = field(default_factory=WallClock)
    monotonic: MonotonicClock = field(default_factory=MonotonicClock)
