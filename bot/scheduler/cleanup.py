"""Pruning deletes finished rows after their retention; BlobSweep deletes files without a row."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final

import structlog

from bot.core.open_storage import Storage
from bot.core.runtime import WallClock
from bot.scheduler.scheduler import JobRun
from handlers.candidate.case_desk.duplicate_id_number import NUMBER_CHECKED
from storage.broadcasts import broadcasts
from storage.engine import act_counts, installation
from storage.engine.installation import Fact
from storage.engine.jobs import FIRST_RUN_AFTER, JobKind
from storage.staff.access import staff_groups
from storage.updates import audit_quota, strangers
from storage.updates.inbox import DEAD_KEPT_FOR, KEPT_FOR

OUTBOX_KEPT_FOR: Final = timedelta(days=30)
DRAFTS_KEPT_FOR: Final = timedelta(days=7)
"""The time after which a broadcast that nobody confirmed is deleted."""
COUNTED_FOR: Final = timedelta(days=2)
"""The time for which the number of checked ID numbers is kept; the limit looks at one day."""
FARTHEST: Final = timedelta(days=1)
"""The most by which the time of a pruning goes beyond that of the last one."""
PRUNED_EVERY: Final = timedelta(minutes=10)
PRUNINGS: Final = 20
"""The most batches that one run deletes from a table; other writers work between two batches."""
SWEPT_EVERY: Final = FIRST_RUN_AFTER[JobKind.BLOB_SWEEP]
"""The time between two sweeps, and the least age of a swept file: a younger one awaits a commit."""

log = structlog.get_logger("cleanup")


@dataclass(frozen=True, slots=True)
class Retention:
    """How long finished rows stay in the database; jobs stay as long as messages."""

    inbox: timedelta = KEPT_FOR
    dead: timedelta = DEAD_KEPT_FOR
    outbox: timedelta = OUTBOX_KEPT_FOR


class Pruning:
    """Prunes inbox, outbox, jobs, strangers and drafts of broadcasts, each in its transaction."""

    kind = JobKind.PRUNING

    def __init__(self, storage: Storage, wall_clock: WallClock, retention: Retention) -> None:
        self._storage = storage
        self._wall_clock = wall_clock
        self._retention = retention

    async def run(self, run: JobRun) -> None:
        """Delete what is over; go on with the next tick if there is more."""
        measured = run.now - self._wall_clock.offset  # inbox rows carry the real time
        real = await self._trusted(measured)
        now = run.now - (measured - real)
        kept = self._retention
        is_over = await _pruned(self._storage.inbox.prune, real - kept.inbox)
        is_over &= await _pruned(self._storage.inbox.prune_dead, real - kept.dead)
        is_over &= await _pruned(self._storage.outbox.prune, now - kept.outbox)
        is_over &= await _pruned(partial(strangers.prune, self._storage.db), real - kept.inbox)
        await self._storage.jobs.prune(now - kept.outbox)
        async with self._storage.db.write() as connection:
            await broadcasts.prune_drafts(connection, now - DRAFTS_KEPT_FOR)
            await staff_groups.prune_requests(connection, now - staff_groups.BINDING_TAKES)
            await act_counts.prune(connection, NUMBER_CHECKED, now - COUNTED_FOR)
            keyring, ids = self._storage.keyring, self._storage.ids
            is_over &= not await audit_quota.summarize(connection, keyring, ids, now)
            await installation.write(connection, Fact.PRUNED_AT, real.isoformat())
        run.again(run.now + min(PRUNED_EVERY, kept.inbox) if is_over else run.next_tick)

    async def _trusted(self, real: datetime) -> datetime:
        """Return the real time, or less if it has jumped: one wrong clock must not delete all."""
        known = await installation.read(self._storage.db, Fact.PRUNED_AT)
        return real if known is None else min(real, datetime.fromisoformat(known) + FARTHEST)


class BlobSweep:
    """Sweeps the files once an hour, also across restarts.

    A new database sweeps nothing in its first hour: a wrong database setting costs no files.
    """

    kind = JobKind.BLOB_SWEEP

    def __init__(self, storage: Storage, wall_clock: WallClock) -> None:
        self._storage = storage
        self._wall_clock = wall_clock

    async def run(self, run: JobRun) -> None:
        """Delete files without a row; a repeated sweep is harmless."""
        real = run.now - self._wall_clock.offset  # files carry the real time
        if count := await self._storage.blobs.sweep(self._storage.db, real - SWEPT_EVERY):
            log.info("files without a row deleted", count=count)
        run.again(run.now + SWEPT_EVERY)


async def _pruned(prune: Callable[[datetime], Awaitable[int]], before: datetime) -> bool:
    """Return whether the last batch found nothing more."""
    for _ in range(PRUNINGS):
        if not await prune(before):
            return True
    return False
