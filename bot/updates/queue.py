"""From an update's arrival to its turn: kept or not yet, at the head of its lane, its file fetched.

A lane is one person's updates; only its head runs. What Telegram has just told is *fresh*: it may
have its turn at once, for the commit of its effect keeps it as well. Whoever handed it over waits
for that commit. Only a file is not fetched for an update that may never be kept.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.core.background_tasks import BackgroundTasks
from bot.core.clocks import MonotonicClock, WallClock
from bot.updates.attachments import AttachmentFetcher
from bot.updates.key_queues import KeyQueues
from handlers.update_context import Fetched
from storage.engine.database import Unavailable
from storage.updates.inbox import ReceivedUpdate


@dataclass(slots=True)
class QueuedUpdate:
    """An update that is its lane's head, with its file if its state asked for one."""

    row: ReceivedUpdate
    since: float
    file: Fetched | None = None


@dataclass(slots=True)
class UncommittedBatch:
    """Updates that are not kept yet, and somebody who waits for that: how many of them were new."""

    rows: Sequence[ReceivedUpdate]
    committed: asyncio.Future[int]


class UpdateQueue:
    """All updates that the pump has not taken yet, and the lanes of those that it has.

    Args:
        stopped: what to do about a job whose file could not be fetched, and why it could not.
        wake: called when there is something to take.
    """

    def __init__(
        self,
        attachments: AttachmentFetcher,
        wall_clock: WallClock,
        monotonic: MonotonicClock,
        tasks: BackgroundTasks,
        *,
        stopped: Callable[[QueuedUpdate, Exception], Awaitable[None]],
        wake: Callable[[], None],
    ) -> None:
        self._attachments = attachments
        self._wall_clock = wall_clock
        self._monotonic = monotonic
        self._tasks = tasks
        self._stopped = stopped
        self._wake = wake
        self._key_queues = KeyQueues()
        self._new: list[UncommittedBatch] = []
        self._uncommitted: set[int] = set()  # ids of rows that are not kept yet
        self._fetching: list[
            QueuedUpdate
        ] = []  # what wants a file, and must be kept before it is fetched
        self._ready: deque[QueuedUpdate] = deque()

    # --- coming ----------------------------------------------------------------------------------

    def put(self, rows: Iterable[ReceivedUpdate]) -> None:
        """Take on kept updates; each runs when it is its lane's turn."""
        for row in sorted(rows, key=lambda row: row.update_id):
            self._begin(self._key_queues.push(row))

    async def keep(self, rows: Sequence[ReceivedUpdate]) -> int:
        """Take on updates that are not kept yet; returns once they are, and how many were new.

        Raises:
            Unavailable: none was kept, and nothing came of any.
        """
        arrival = UncommittedBatch(rows, asyncio.get_running_loop().create_future())
        self._new.append(arrival)
        self._uncommitted.update(row.id for row in rows)
        self.put(rows)
        self._wake()
        return await arrival.committed

    def _begin(self, row: ReceivedUpdate | None) -> None:
        if row is not None:
            self._fetch_or_run(QueuedUpdate(row, self._monotonic.now()))

    def _fetch_or_run(self, job: QueuedUpdate) -> None:
        if not self._attachments.expects_file(job.row) or job.file is not None:
            self._run_next(job)
        elif job.row.id in self._uncommitted:
            self._fetching.append(job)
        else:
            self._tasks.start(self._fetch(job))

    async def _fetch(self, job: QueuedUpdate) -> None:
        try:
            now = self._wall_clock.at(acted_at(job.row))
            job.file = await self._attachments.fetch(job.row, now)
        except Exception as error:
            await self._stopped(job, error)
        else:
            self._run_next(job)

    def _run_next(self, job: QueuedUpdate) -> None:
        self._ready.append(job)
        self._wake()

    # --- going -----------------------------------------------------------------------------------

    def take(self, most: int) -> tuple[list[QueuedUpdate], list[UncommittedBatch]]:
        """The next batch, and all that is to be kept by its commit."""
        arrivals, self._new = self._new, []
        return self._next(most), arrivals

    def _next(self, most: int) -> list[QueuedUpdate]:
        """Who is ready; what failed once is never batched again."""
        jobs: list[QueuedUpdate] = []
        while self._ready and len(jobs) < most:
            if self._ready[0].row.attempts:
                return jobs or [self._ready.popleft()]
            jobs.append(self._ready.popleft())
        return jobs

    def complete(self, job: QueuedUpdate) -> None:
        """It is over, one way or the other; its lane goes on."""
        self._begin(self._key_queues.complete(job.row.queue_key))

    def requeue(self, jobs: Sequence[QueuedUpdate]) -> None:
        """They are the next once more."""
        self._ready.extendleft(reversed(jobs))

    def retry_later(self, job: QueuedUpdate, seconds: float) -> None:
        """It is ready once more after a while; its lane waits, and nobody else."""
        self._tasks.start(self._ready_after(job, seconds))

    async def _ready_after(self, job: QueuedUpdate, seconds: float) -> None:
        await self._monotonic.sleep(seconds)
        self._fetch_or_run(job)

    # --- what became of the keeping --------------------------------------------------------------

    def committed(self, arrivals: Sequence[UncommittedBatch], new: Set[int]) -> None:
        """They are kept, and these ids were ``new``: say so, and fetch the files that waited."""
        for arrival in arrivals:
            self._uncommitted.difference_update(row.id for row in arrival.rows)
            if not arrival.committed.done():
                arrival.committed.set_result(sum(row.id in new for row in arrival.rows))
        held, self._fetching = self._fetching, []
        for job in held:
            self._fetch_or_run(job)

    def reconcile(
        self, arrivals: Sequence[UncommittedBatch], kept: Sequence[ReceivedUpdate]
    ) -> None:
        """Just these are kept and have to run: some came with ``arrivals``, some long before."""
        rows = rows_of(arrivals)
        there, came = {row.id for row in kept}, {row.id for row in rows}
        # First, so that what was in doubt stands where the same update, told again, stands now.
        self.put(row for row in kept if row.id not in came)
        self._withdraw([row for row in rows if row.id not in there])
        self.committed(arrivals, there)

    def rejected(self, arrivals: Sequence[UncommittedBatch], error: Unavailable) -> None:
        """None of them is kept; Telegram has to tell them again."""
        self._withdraw(rows_of(arrivals))
        for arrival in arrivals:
            if not arrival.committed.done():
                arrival.committed.set_exception(error)

    def _withdraw(self, rows: Sequence[ReceivedUpdate]) -> None:
        ids = {row.id for row in rows}
        self._uncommitted -= ids
        self._fetching = [job for job in self._fetching if job.row.id not in ids]
        self._ready = deque(job for job in self._ready if job.row.id not in ids)
        for queue_key in {row.queue_key for row in rows}:
            self._begin(self._key_queues.withdraw(queue_key, ids))


def rows_of(arrivals: Iterable[UncommittedBatch]) -> list[ReceivedUpdate]:
    """Their updates."""
    return [row for arrival in arrivals for row in arrival.rows]


def acted_at(row: ReceivedUpdate) -> datetime:
    """When the person acted: the message's date; for a button, when we received it."""
    message = row.raw.get("message") or row.raw.get("edited_message")
    # Nothing has checked yet that the update is sound, and one that is not must not stop us.
    if isinstance(message, dict):
        with suppress(KeyError, TypeError, ValueError, OverflowError, OSError):
            return datetime.fromtimestamp(message.get("edit_date") or message["date"], UTC)
    return row.received_at
