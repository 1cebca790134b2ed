"""Scheduler runs jobs every half minute: notices, deadlines, audit seals, then cleanup.

Outbox rows carry dedup keys: a missed tick catches up, a double tick does nothing.
Cleanup deletes finished rows after their retention, and files that no row names.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

import structlog

from bot.core.open_storage import Storage
from bot.core.runtime import Clocks, Failpoint, FailpointHook, WallClock, no_failpoint
from bot.delivery.sender import Sender
from storage.engine import installation
from storage.engine.database import Unavailable
from storage.engine.installation import Fact
from storage.updates.inbox import KEPT_FOR

EVERY: Final = 30.0
"""Seconds between two ticks."""
OUTBOX_KEPT_FOR: Final = timedelta(days=30)
PRUNINGS: Final = 20
"""The most batches that one tick deletes from a table; other writers work between two batches."""
SWEPT_EVERY: Final = timedelta(hours=1)
"""The time between two sweeps, and the least age of a swept file: a younger one awaits a commit."""

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
        self._sender.pull()
        await self._refresh_staff()
        await self._cleanup.tick(now)


@dataclass(frozen=True, slots=True)
class Retention:
    """How long finished rows stay in the database."""

    inbox: timedelta = KEPT_FOR
    outbox: timedelta = OUTBOX_KEPT_FOR


class Cleanup:
    """Prunes the inbox and the outbox, and sweeps the files."""

    def __init__(self, storage: Storage, wall_clock: WallClock, retention: Retention) -> None:
        self._storage = storage
        self._wall_clock = wall_clock
        self._retention = retention

    async def tick(self, now: datetime) -> None:
        """Delete what is over.

        Raises:
            Unavailable: the rest stays until the next tick.
        """
        real = now - self._wall_clock.offset  # inbox rows and files carry the real time
        await _prune_all(self._storage.inbox.prune, real - self._retention.inbox)
        await _prune_all(self._storage.outbox.prune, now - self._retention.outbox)
        await self._sweep_blobs(real)

    async def _sweep_blobs(self, real: datetime) -> None:
        """Delete files without a row once an hour, also across restarts.

        A new database sweeps nothing in its first hour: a wrong database setting costs no files.
        """
        db = self._storage.db
        swept = await installation.read(db, Fact.SWEPT)
        if swept is not None:
            if real - datetime.fromisoformat(swept) < SWEPT_EVERY:
                return
            count = await self._storage.blobs.sweep(db, real - SWEPT_EVERY)
            if count:
                log.info("files without a row deleted", count=count)
        async with db.write() as connection:
            await installation.write(connection, Fact.SWEPT, real.isoformat())


async def _prune_all(prune: Callable[[datetime], Awaitable[int]], before: datetime) -> None:
    for _ in range(PRUNINGS):
        if not await prune(before):
            return
