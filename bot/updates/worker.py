"""The worker: updates in order per queue key, many at once, and one commit for all of a batch.

An idle worker takes one update at a time, for the lowest latency; a busy one takes a batch.
Steps return values, so a step that raises drops only its own unit of work. If the commit of a
batch fails, its updates run one by one.

An exclusive update (``Dispatcher.is_exclusive``) is in no batch: it loads, runs and commits in a
write transaction of its own, after the batch. The first commit of a round stores the uncommitted
updates: done if a step decided them, waiting if not.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import structlog

from bot.core.metrics import Metrics
from bot.core.open_storage import Storage
from bot.core.runtime import Clocks, Failpoint, FailpointHook, no_failpoint
from bot.delivery.sender import Sender
from bot.updates.completion import RETRY_SECONDS, NoContent, UpdateCompletion
from bot.updates.intake import STAND_IN
from bot.updates.queue_per_person import (
    QueuedUpdate,
    UncommittedBatch,
    UpdateQueue,
    acted_at,
    rows_of,
)
from bot.updates.router import Dispatcher
from handlers.update_context import Envelope
from storage.engine.database import Unavailable
from storage.updates.inbox import DuplicateUpdate, ReceivedUpdate
from storage.updates.outbox import DeliveryResult
from storage.updates.unit_of_work import UnitOfWork

IDLE_SECONDS = 0.1
"""How long delivery results wait for the commit of an update before they have their own."""

log = structlog.get_logger("worker")


class UpdateWorker:
    """Runs the queue's updates and commits their effects."""

    def __init__(
        self,
        storage: Storage,
        queue: UpdateQueue,
        dispatcher: Dispatcher,
        sender: Sender,
        completion: UpdateCompletion,
        clocks: Clocks,
        metrics: Metrics,
        failpoint: FailpointHook = no_failpoint,
    ) -> None:
        self._db = storage.db
        self._inbox = storage.inbox
        self._units = storage.units
        self._queue = queue
        self._dispatcher = dispatcher
        self._sender = sender
        self._completion = completion
        self._wall_clock = clocks.wall
        self._monotonic = clocks.monotonic
        self._metrics = metrics
        self._failpoint = failpoint
        self._commit_at: float | None = None
        sender.wake = queue.changed.set

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            updates, batches = self._queue.take()
            if updates or batches or self._sender.results_wanted or await self._idle_is_over():
                await self._process(updates, batches)

    async def finish(self) -> None:
        """Commit the last delivery results, so that no start sends those messages again."""
        with suppress(Unavailable):
            await self._commit([], (), self._sender.take_results())

    async def _idle_is_over(self) -> bool:
        """Wait for a change; return True when delivery results have waited long enough.

        The first of them counts: beside a broadcast a new one comes every 34 ms.
        """
        self._queue.changed.clear()
        if not self._sender.has_results:
            self._commit_at = None
        elif self._commit_at is None:
            self._commit_at = asyncio.get_running_loop().time() + IDLE_SECONDS
        try:
            async with asyncio.timeout_at(self._commit_at):
                await self._queue.changed.wait()
        except TimeoutError:
            self._commit_at = None
            return True
        return False

    async def _process(
        self, updates: Sequence[QueuedUpdate], batches: Sequence[UncommittedBatch] = ()
    ) -> None:
        new = rows_of(batches)
        exclusive = [update for update in updates if self._is_exclusive(update)]
        batched = [update for update in updates if update not in exclusive]
        results, self._commit_at = self._sender.take_results(), None
        try:
            if new and self._inbox.in_doubt:
                raise DuplicateUpdate("some may be committed already")
            if batched or not exclusive:
                ended = await self._run_batch(batched, new, results)
            else:
                first = exclusive.pop(0)
                ended = [(first, await self._run_exclusively(first, new, results))]
        except asyncio.CancelledError:
            self._sender.return_results(results)
            raise
        except Exception as error:
            self._sender.return_results(results)
            await self._recover(updates, batches, error)
            return
        self._sender.results_committed(results)
        self._queue.committed(batches, {row.id for row in new})
        exclusive += await self._complete(ended)
        for update in exclusive:
            await self._end_exclusively(update)

    async def _complete(
        self, ended: Sequence[tuple[QueuedUpdate, Envelope | UnreadableUpdate]]
    ) -> list[QueuedUpdate]:
        """End updates that have run; return those that turned out to be exclusive."""
        exclusive = []
        for update, envelope in ended:
            if envelope.result is not None:
                self._completion.complete(update, envelope.unit, envelope.result)
        for update, envelope in ended:
            if envelope.error is not None:
                await self._completion.fail(update, envelope.error)
            elif envelope.needs_exclusive:
                self._metrics.update_rerouted()
                exclusive.append(update)
        return exclusive

    def _is_exclusive(self, update: QueuedUpdate) -> bool:
        is_staff = update.row.queue_key in self._units.staff
        return self._dispatcher.is_exclusive(update.row, is_staff=is_staff)

    async def _run_batch(
        self,
        updates: Sequence[QueuedUpdate],
        new: Sequence[ReceivedUpdate],
        results: Sequence[DeliveryResult],
    ) -> list[tuple[QueuedUpdate, Envelope | UnreadableUpdate]]:
        """Run steps without a transaction, and commit the effects of all."""
        ended = [
            (update, await self._dispatch(update, unit))
            for update, unit in await self._load(updates)
        ]
        decided = [envelope.unit for _, envelope in ended if envelope.result is not None]
        await self._commit(decided, new, results)
        self._metrics.batch_committed(len(decided))
        return ended

    async def _load(self, updates: Sequence[QueuedUpdate]) -> list[tuple[QueuedUpdate, UnitOfWork]]:
        if not updates:
            return []
        self._failpoint(Failpoint.TAKEN)
        # No transaction is needed: only this worker writes these rows, and it is not writing now.
        # The scheduler and the delivery results change two flags of a person, each in one update.
        async with self._db.read_autocommit() as connection:
            rows = [(update.row, acted_at(update.row, self._wall_clock)) for update in updates]
            units = await self._units.load(connection, rows)
        return list(zip(updates, units, strict=True))

    async def _dispatch(
        self, update: QueuedUpdate, unit: UnitOfWork
    ) -> Envelope | UnreadableUpdate:
        try:
            if STAND_IN in update.row.raw:
                raise NoContent("a stand-in")
            return await self._dispatcher.dispatch(unit, update.file)
        except Exception as error:  # malformed: it fails like an update whose step raises
            return UnreadableUpdate(unit, error)

    async def _commit(
        self,
        units: Sequence[UnitOfWork],
        new: Sequence[ReceivedUpdate],
        results: Sequence[DeliveryResult],
    ) -> None:
        if not units and not new and not results:
            return
        self._failpoint(Failpoint.DISPATCHED)
        async with self._db.write() as connection:
            await self._units.flush(connection, units, results, uncommitted=new)
        self._failpoint(Failpoint.COMMITTED)

    async def _run_exclusively(
        self,
        update: QueuedUpdate,
        new: Sequence[ReceivedUpdate] = (),
        results: Sequence[DeliveryResult] = (),
    ) -> Envelope:
        """Run a step that changes shared rows, in a transaction of its own.

        Raises:
            Exception: the step or the commit failed, and nothing was committed.
        """
        self._failpoint(Failpoint.TAKEN)
        async with self._db.write() as connection:
            rows = [(update.row, acted_at(update.row, self._wall_clock))]
            (unit,) = await self._units.load(connection, rows, exclusive=True)
            envelope = await self._dispatcher.dispatch(unit, update.file)
            if envelope.error is not None:
                raise envelope.error
            self._failpoint(Failpoint.DISPATCHED)
            await self._units.flush(connection, [unit], results, uncommitted=new)
        self._failpoint(Failpoint.COMMITTED)
        return envelope

    async def _end_exclusively(self, update: QueuedUpdate) -> None:
        try:
            envelope = await self._run_exclusively(update)
        except Exception as error:
            await self._completion.fail(update, error)
        else:
            self._completion.complete(update, envelope.unit, envelope.result)

    # --- after a failed commit -------------------------------------------------------------------

    async def _recover(
        self, updates: Sequence[QueuedUpdate], batches: Sequence[UncommittedBatch], error: Exception
    ) -> None:
        if isinstance(error, Unavailable):
            await self._put_off(updates, batches, error)
        elif rows_of(batches):
            await self._commit_as_waiting(updates, batches)
        elif len(updates) == 1:
            await self._completion.fail(updates[0], error)
        else:
            log.warning("the batch was not committed; one by one", error=type(error).__name__)
            for update in updates:
                await self._process([update])

    async def _put_off(
        self,
        updates: Sequence[QueuedUpdate],
        batches: Sequence[UncommittedBatch],
        error: Unavailable,
    ) -> None:
        """Wait for the database; Telegram has to deliver the uncommitted updates again."""
        log.warning("the database is unavailable; waiting", error=str(error))
        self._inbox.mark_in_doubt(error, rows_of(batches))
        self._queue.requeue(updates)
        self._queue.rejected(batches, error)
        await self._monotonic.sleep(RETRY_SECONDS)

    async def _commit_as_waiting(
        self, updates: Sequence[QueuedUpdate], batches: Sequence[UncommittedBatch]
    ) -> None:
        """Commit the batches without effects; the new updates then run like committed ones."""
        try:
            committed = await self._inbox.keep(rows_of(batches))
        except Unavailable as error:
            await self._put_off(updates, batches, error)
        else:
            self._queue.requeue(updates)
            self._queue.reconcile(batches, committed)
            # An in-doubt commit may have taken effect; the outbox has its messages.
            self._sender.pull()


@dataclass(frozen=True, slots=True)
class UnreadableUpdate:
    """An update that the dispatcher could not read."""

    unit: UnitOfWork
    error: Exception
    result: None = None
    needs_exclusive: bool = False
