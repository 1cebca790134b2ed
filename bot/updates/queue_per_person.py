"""The queue of updates: in order per queue key, committed or not yet, with their files fetched.

A queue key is the id of a chat; at most one update of a queue key runs at a time.
An update that just came from Telegram is *uncommitted*: the inbox has no row for it yet.
It may run at once, since the commit of its effect stores its row too. The intake waits for that
commit. A file is fetched only for a committed update.
"""

from __future__ import annotations

import asyncio
import heapq
from collections import deque
from collections.abc import Awaitable, Callable, Container, Iterable, Sequence, Set
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bot.core.runtime import BackgroundTasks, Clocks, WallClock
from bot.updates.attachments import AttachmentFetcher
from bot.updates.intake import LATEST
from handlers.update_context import Fetched
from storage.engine.database import Unavailable
from storage.updates.inbox import ReceivedUpdate

BATCH = 64
"""The most updates of one commit."""
FULL = 100
"""The updates of a request that is as large as can be: more of them wait at Telegram."""
SOON = 0.1
"""Seconds within which the next request comes after a full one."""
PAUSE = 0.01
"""Seconds that the worker leaves to the next request before it runs what is ready."""
MANY = 2 * BATCH
"""Ready updates with which the newest no longer wait for all older ones."""
FRESH = 4
"""The newest updates in a batch, if many are ready."""
MOST_READY = 4_000
"""Ready updates at which they run as fast as they can, whatever comes in."""


@dataclass(slots=True)
class QueuedUpdate:
    """The update that runs for its queue key, with its file if the person's state asks for one.

    ``since`` is the monotonic time in seconds at which its turn came; ``waits`` counts how often
    it waited for a storage that was unavailable.
    """

    row: ReceivedUpdate
    since: float
    file: Fetched | None = None
    waits: int = 0


@dataclass(slots=True)
class UncommittedBatch:
    """Updates of one request that the inbox does not have yet; the intake waits for ``committed``.

    ``committed`` is the number of updates that were new.
    """

    rows: Sequence[ReceivedUpdate]
    committed: asyncio.Future[int]


@dataclass(slots=True)
class KeyQueue:
    """The running update of a queue key, and the heap of the updates behind it."""

    running: ReceivedUpdate
    waiting: list[tuple[int, int, ReceivedUpdate]] = field(default_factory=list)


class KeyQueues:
    """The queue keys that have a running update; memory holds no others."""

    def __init__(self) -> None:
        self._queues: dict[int, KeyQueue] = {}

    def __len__(self) -> int:
        return len(self._queues)

    def push(self, row: ReceivedUpdate) -> ReceivedUpdate | None:
        """Queue an update; return it if it may run now.

        A lower update_id that arrives late runs before the higher ones that still wait.
        """
        queue = self._queues.get(row.queue_key)
        if queue is None:
            self._queues[row.queue_key] = KeyQueue(row)
            return row
        # The row's id breaks the tie when Telegram delivers a waiting update again.
        heapq.heappush(queue.waiting, (row.update_id, row.id, row))
        return None

    def waiting(self, key: int) -> int:
        """Return how many updates of a key wait, the running one included."""
        queue = self._queues.get(key)
        return 0 if queue is None else 1 + len(queue.waiting)

    def complete(self, key: int) -> ReceivedUpdate | None:
        """End the key's running update; return the next one, which runs now."""
        queue = self._queues[key]
        if not queue.waiting:
            del self._queues[key]
            return None
        queue.running = heapq.heappop(queue.waiting)[-1]
        return queue.running

    def withdraw(self, key: int, ids: Container[int]) -> ReceivedUpdate | None:
        """Remove these updates from a key; return the next one if it runs now because of that."""
        queue = self._queues.get(key)
        if queue is None:
            return None
        queue.waiting = [entry for entry in queue.waiting if entry[-1].id not in ids]
        heapq.heapify(queue.waiting)
        return self.complete(key) if queue.running.id in ids else None


class UpdateQueue:
    """The updates that wait for the worker, and the queue keys of those that it works on.

    Args:
        batch: the most updates that ``take`` returns.

    Attributes:
        changed: is set when there may be something to take.
        fetch_failed: is awaited with the update and the error when its file cannot be fetched.
    """

    fetch_failed: Callable[[QueuedUpdate, Exception], Awaitable[None]]

    def __init__(
        self,
        attachments: AttachmentFetcher,
        clocks: Clocks,
        tasks: BackgroundTasks,
        batch: int = BATCH,
    ) -> None:
        self.changed = asyncio.Event()
        self._attachments = attachments
        self._wall_clock = clocks.wall
        self._monotonic = clocks.monotonic
        self._tasks = tasks
        self._batch = batch
        self._key_queues = KeyQueues()
        self._new_batches: list[UncommittedBatch] = []
        self._uncommitted: set[int] = set()  # ids of rows
        self._unfetched: list[QueuedUpdate] = []  # their files are fetched after their commit
        self._ready: deque[QueuedUpdate] = deque()
        self._receives_until = 0.0
        self._pause: asyncio.TimerHandle | None = None

    # --- in --------------------------------------------------------------------------------------

    def waiting(self, queue_key: int) -> int:
        """Return how many updates of a queue key wait."""
        return self._key_queues.waiting(queue_key)

    def put(self, rows: Iterable[ReceivedUpdate]) -> None:
        """Queue committed updates."""
        for row in sorted(rows, key=lambda row: row.update_id):
            self._begin(self._key_queues.push(row))

    async def put_uncommitted(self, rows: Sequence[ReceivedUpdate]) -> int:
        """Queue updates that are not committed yet, and wait until they are.

        Returns:
            The number of updates that were new.

        Raises:
            Unavailable: none was committed, and none had an effect.
        """
        batch = UncommittedBatch(rows, asyncio.get_running_loop().create_future())
        self._new_batches.append(batch)
        self._uncommitted.update(row.id for row in rows)
        self.put(rows)
        self.changed.set()
        return await batch.committed

    def _begin(self, row: ReceivedUpdate | None) -> None:
        if row is not None:
            self._fetch_or_run(QueuedUpdate(row, self._monotonic.now()))

    def _fetch_or_run(self, update: QueuedUpdate) -> None:
        if not self._attachments.has_file(update.row) or update.file is not None:
            self._run_next(update)
        elif update.row.id in self._uncommitted:
            self._unfetched.append(update)
        else:
            self._tasks.start(self._fetch(update))

    async def _fetch(self, update: QueuedUpdate) -> None:
        try:
            update.file = await self._attachments.fetch(
                update.row, acted_at(update.row, self._wall_clock)
            )
        except Exception as error:
            await self.fetch_failed(update, error)
        else:
            self._run_next(update)

    def _run_next(self, update: QueuedUpdate) -> None:
        self._ready.append(update)
        self.changed.set()

    # --- out -------------------------------------------------------------------------------------

    def take(self) -> tuple[list[QueuedUpdate], list[UncommittedBatch]]:
        """Return the updates to run next, and the batches that their commit has to store."""
        batches, self._new_batches = self._new_batches, []
        if any(len(batch.rows) >= FULL for batch in batches):
            self._receives_until = self._monotonic.now() + SOON
        if not batches and self._pause is not None and self._runs_few:
            return [], batches
        return self._next(), batches

    @property
    def _runs_few(self) -> bool:
        """Whether full requests come in, and memory has room for more of them."""
        is_receiving = self._monotonic.now() < self._receives_until
        return is_receiving and len(self._ready) < MOST_READY

    def _next(self) -> list[QueuedUpdate]:
        """Return the oldest ready updates, and some of the newest if many are ready.

        While full requests come in, few run: so the intake soon reaches those who write now. They
        do not wait for those who wrote during a downtime. An update that failed once runs alone,
        and before the newest: else those who keep coming would hold it up, and all behind it.
        """
        if self._ready and self._ready[0].row.attempts:
            return [self._ready.popleft()]
        updates: list[QueuedUpdate] = []
        many = len(self._ready) > MANY
        while many and len(updates) < FRESH and not self._ready[-1].row.attempts:
            updates.append(self._ready.pop())
        most = 2 * FRESH if self._runs_few else self._batch
        while self._ready and len(updates) < most:
            if self._ready[0].row.attempts:
                return updates
            updates.append(self._ready.popleft())
        return updates

    def complete(self, update: QueuedUpdate) -> None:
        """End an update; the next one of its queue key runs."""
        self._begin(self._key_queues.complete(update.row.queue_key))

    def requeue(self, updates: Sequence[QueuedUpdate]) -> None:
        """Put updates back at the front."""
        self._ready.extendleft(reversed(updates))

    def retry_later(self, update: QueuedUpdate, seconds: float) -> None:
        """Run an update again after a delay; only its queue key waits for it."""
        self._tasks.start(self._run_after(update, seconds))

    async def _run_after(self, update: QueuedUpdate, seconds: float) -> None:
        await self._monotonic.sleep(seconds)
        self._fetch_or_run(update)

    # --- the commit of the inbox -----------------------------------------------------------------

    def committed(self, batches: Sequence[UncommittedBatch], new: Set[int]) -> None:
        """Resolve batches that are committed, and fetch the files that waited for that.

        Args:
            new: the ids of the rows that the inbox did not have before.
        """
        for batch in batches:
            self._uncommitted.difference_update(row.id for row in batch.rows)
            if not batch.committed.done():
                batch.committed.set_result(sum(row.id in new for row in batch.rows))
        unfetched, self._unfetched = self._unfetched, []
        for update in unfetched:
            self._fetch_or_run(update)
        if batches and self._runs_few:
            self._begin_pause()

    def _begin_pause(self) -> None:
        if self._pause is not None:
            self._pause.cancel()
        self._pause = asyncio.get_running_loop().call_later(PAUSE, self._end_pause)

    def _end_pause(self) -> None:
        self._pause = None
        self.changed.set()

    def reconcile(
        self, batches: Sequence[UncommittedBatch], committed: Sequence[ReceivedUpdate]
    ) -> None:
        """Run exactly the ``committed`` rows: those of ``batches``, and some of earlier commits."""
        rows = rows_of(batches)
        new, received = {row.id for row in committed}, {row.id for row in rows}
        # Requeue updates of an in-doubt commit first: they take the place of Telegram's duplicates.
        self.put(row for row in committed if row.id not in received)
        self._withdraw([row for row in rows if row.id not in new])
        self.committed(batches, new)

    def rejected(self, batches: Sequence[UncommittedBatch], error: Unavailable) -> None:
        """Drop batches that could not be committed; Telegram delivers them again."""
        self._withdraw(rows_of(batches))
        for batch in batches:
            if not batch.committed.done():
                batch.committed.set_exception(error)

    def _withdraw(self, rows: Sequence[ReceivedUpdate]) -> None:
        ids = {row.id for row in rows}
        self._uncommitted -= ids
        self._unfetched = [update for update in self._unfetched if update.row.id not in ids]
        self._ready = deque(update for update in self._ready if update.row.id not in ids)
        for queue_key in {row.queue_key for row in rows}:
            self._begin(self._key_queues.withdraw(queue_key, ids))


def rows_of(batches: Iterable[UncommittedBatch]) -> list[ReceivedUpdate]:
    """Return the updates of all batches."""
    return [row for batch in batches for row in batch.rows]


def acted_at(row: ReceivedUpdate, wall_clock: WallClock) -> datetime:
    """Return when the person acted: the message's date; for a button, when the bot received it.

    A date that Telegram would not send counts as none: no code has validated the update yet.
    """
    message = row.raw.get("message") or row.raw.get("edited_message")
    moment = row.received_at
    if isinstance(message, dict):
        date = message.get("edit_date") or message.get("date")
        if type(date) is int and 0 < date < LATEST:
            moment = datetime.fromtimestamp(date, UTC)
    return wall_clock.at(moment)
