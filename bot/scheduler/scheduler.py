"""Scheduler runs jobs every half minute: notices, deadlines, audit seals, then cleanup.

Outbox rows carry dedup keys: a missed tick catches up, a double tick does nothing.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Final, Protocol

import structlog

from bot.core.clocks import Clocks
from bot.core.failpoints import Failpoint, FailpointHook, no_failpoint
from bot.delivery.sender import Sender
from storage.engine.database import Unavailable

EVERY: Final = 30.0
"""Seconds between two ticks."""

log = structlog.get_logger("scheduler")


class Job(Protocol):
    """Work that becomes due as time passes."""

    async def tick(self, now: datetime) -> None:
        """Do what is due at ``now``; ``Unavailable`` leaves it to the next tick."""


class Scheduler:
    """Runs ``jobs`` in order, sends the rows they enqueue, refreshes the staff, and cleans up."""

    def __init__(
        self,
        jobs: Sequence[Job],
        cleanup: Job,
        sender: Sender,
        refresh_staff: Callable[[], Awaitable[None]],
        clocks: Clocks,
        every: float = EVERY,
        failpoint: FailpointHook = no_failpoint,
    ) -> None:
        self._jobs = jobs
        self._cleanup = cleanup
        self._sender = sender
        self._refresh_staff = refresh_staff
        self._clocks = clocks
        self._every = every
        self._failpoint = failpoint

    async def run(self) -> None:
        """Tick each ``every`` seconds until cancelled; an unavailable database costs one tick."""
        while True:
            try:
                await self.tick()
            except Unavailable as error:
                log.warning("tick missed; the next one catches up", error=str(error))
            await self._clocks.monotonic.sleep(self._every)

    async def tick(self) -> None:
        """Run everything that is due now.

        Raises:
            Unavailable: the database is gone or locked; the next tick does the rest.
        """
        now = self._clocks.wall.now()
        for job in self._jobs:
            await job.tick(now)
        self._failpoint(Failpoint.TICKED)
        await self._sender.catch_up()
        await self._refresh_staff()
        await self._cleanup.tick(now)
