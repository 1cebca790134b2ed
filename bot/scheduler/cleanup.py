"""Cleanup deletes finished rows after their retention, and files that no row names."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.core.clocks import WallClock
from bot.core.open_storage import Storage
from storage.engine import installation
from storage.engine.installation import Fact
from storage.updates.inbox import KEPT_FOR

OUTBOX_KEPT_FOR: Final = timedelta(days=30)
PRUNINGS: Final = 20
"""The most batches that one tick deletes from a table; other writers work between two batches."""
SWEPT_EVERY: Final = timedelta(hours=1)
"""The time between two sweeps, and the least age of a swept file: a younger one awaits a commit."""

log = structlog.get_logger("cleanup")


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
