"""The pump: in order per person, many persons at once, one commit for all that was decided.

Idle, it takes one update at a time, for the lowest latency; busy, the heads of up to ``batch``
lanes as one batch. Steps that touch what people share run alone, in a transaction of their own.
Handlers return values, so one that raises drops only its own unit; if the flush fails, the batch is
run again one by one. What runs next is for ``bot.updates.queue`` to say.

What Telegram has just told is kept by that same commit: done where it could be decided, waiting
where not. Whoever handed it over hears of it then, and tells Telegram.
"""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import structlog

from bot.core.background_tasks import BackgroundTasks
from bot.core.backoff import Backoff
from bot.core.clocks import MonotonicClock, WallClock
from bot.core.failpoints import Failpoint, FailpointHook, no_failpoint
from bot.core.metrics import Metrics
from bot.delivery.callback_answers import CallbackAnswers
from bot.delivery.i18n import Translations
from bot.delivery.sender import Sender
from bot.updates.attachments import AttachmentFetcher
from bot.updates.queue import QueuedUpdate, UncommittedBatch, UpdateQueue, acted_at, rows_of
from bot.updates.router import Dispatcher
from handlers.everyone import notices
from handlers.update_context import Envelope
from states.records import Records
from states.step_result import Priority, ShowScreen, StepResult
from storage.engine.database import Database, Unavailable
from storage.engine.tables import InboxState
from storage.updates import fsm
from storage.updates.inbox import AlreadyDone, DuplicateUpdate, Inbox, ReceivedUpdate
from storage.updates.outbox import DeliveryResult
from storage.updates.unit_of_work import UnitOfWork, UnitOfWorkStore

BATCH = 64
TRIES = 3
RETRY_SECONDS = 1.0
LAST_RETRY = 2.0
"""Seconds before the last of the tries."""
_BACKOFF = Backoff(RETRY_SECONDS, LAST_RETRY)
IDLE_SECONDS = 0.1
"""How long a mark may wait for an update to ride along with."""

log = structlog.get_logger("pump")


class UpdateWorker:
    """Takes updates to their commit."""

    def __init__(
        self,
        *,
        db: Database,
        inbox: Inbox,
        work: UnitOfWorkStore,
        dispatcher: Dispatcher,
        attachments: AttachmentFetcher,
        sender: Sender,
        callback_answers: CallbackAnswers,
        translations: Translations,
        wall_clock: WallClock,
        monotonic: MonotonicClock,
        tasks: BackgroundTasks,
        administrators: Iterable[int] = (),
        batch: int = BATCH,
        failpoint: FailpointHook = no_failpoint,
        metrics: Metrics | None = None,
    ) -> None:
        self._db = db
        self._inbox = inbox
        self._work = work
        self._dispatcher = dispatcher
        self._sender = sender
        self._callback_answers = callback_answers
        self._translations = translations
        self._wall_clock = wall_clock
        self._monotonic = monotonic
        self._administrators = tuple(administrators)
        self._batch = batch
        self._failpoint = failpoint
        self._metrics = metrics or Metrics()
        self._wake = asyncio.Event()
        self._queue = UpdateQueue(
            attachments,
            wall_clock,
            monotonic,
            tasks,
            stopped=self._report_stop,
            wake=self._wake.set,
        )
        self.put, self.keep = self._queue.put, self._queue.keep  # where updates come in
        sender.wake = self._wake.set

    # --- turns -----------------------------------------------------------------------------------

    async def run(self) -> None:
        """Pump until cancelled."""
        while True:
            jobs, arrivals = self._queue.take(self._batch)
            if jobs or arrivals or self._sender.results_wanted or await self._idle_is_over():
                await self._process(jobs, arrivals)

    async def finish(self) -> None:
        """After everything has stopped: note what was sent, so that no start says it again."""
        with suppress(Unavailable):
            await self._commit([], (), self._sender.take_results())

    async def _idle_is_over(self) -> bool:
        """Wait for work; True when marks have waited long enough to be written by themselves."""
        self._wake.clear()
        try:
            async with asyncio.timeout(IDLE_SECONDS if self._sender.has_results else None):
                await self._wake.wait()
        except TimeoutError:
            return True
        return False

    async def _process(
        self, jobs: Sequence[QueuedUpdate], arrivals: Sequence[UncommittedBatch] = ()
    ) -> None:
        fresh = rows_of(arrivals)
        marks = self._sender.take_results()
        try:
            if fresh and self._inbox.in_doubt:
                raise DuplicateUpdate("some may be kept already")
            results = [
                (job, await self._dispatch(job, unit)) for job, unit in await self._load(jobs)
            ]
            decided = [ended.unit for _, ended in results if ended.result is not None]
            await self._commit(decided, fresh, marks)
        except asyncio.CancelledError:
            self._sender.return_results(marks)
            raise
        except Unavailable as error:
            self._sender.return_results(marks)
            await self._put_off(jobs, arrivals, error)
            return
        except Exception as error:
            self._sender.return_results(marks)
            if fresh:
                await self._keep_waiting(jobs, arrivals)
            else:
                await self._one_by_one(jobs, error)
            return
        self._sender.results_committed(marks)
        self._queue.committed(arrivals, {row.id for row in fresh})
        self._metrics.batch_committed(len(decided))
        for job, ended in results:
            if ended.result is not None:
                self._complete(job, ended.unit, ended.result)
        for job, ended in results:
            if ended.error is not None:
                await self._report_stop(job, ended.error)
            elif ended.needs_exclusive:
                await self._run_exclusively(job)

    async def _load(self, jobs: Sequence[QueuedUpdate]) -> list[tuple[QueuedUpdate, UnitOfWork]]:
        if not jobs:
            return []
        self._failpoint(Failpoint.TAKEN)
        # What is loaded is written by this pump, which is not writing now; the clock and the marks
        # change two flags of a person, each for itself.
        async with self._db.read_autocommit() as connection:
            rows = [(job.row, self._acted_at(job.row)) for job in jobs]
            units = await self._work.load(connection, rows)
        return list(zip(jobs, units, strict=True))

    async def _dispatch(self, job: QueuedUpdate, unit: UnitOfWork) -> Envelope | UnreadableUpdate:
        try:
            return await self._dispatcher.dispatch(unit, job.file)
        except Exception as error:  # not even readable: set aside like any other failure
            return UnreadableUpdate(unit, error)

    async def _commit(
        self,
        units: Sequence[UnitOfWork],
        fresh: Sequence[ReceivedUpdate],
        marks: Sequence[DeliveryResult],
    ) -> None:
        if not units and not fresh and not marks:
            return
        self._failpoint(Failpoint.DISPATCHED)
        async with self._db.write() as connection:
            await self._work.flush(connection, units, marks, fresh=fresh)
        self._failpoint(Failpoint.COMMITTED)

    async def _put_off(
        self, jobs: Sequence[QueuedUpdate], arrivals: Sequence[UncommittedBatch], error: Unavailable
    ) -> None:
        """The database is gone: what is kept waits, what is not has to come again."""
        log.warning("the database is gone; waiting", error=str(error))
        self._inbox.mark_in_doubt(error, rows_of(arrivals))
        self._queue.requeue(jobs)
        self._queue.rejected(arrivals, error)
        await self._monotonic.sleep(RETRY_SECONDS)

    async def _keep_waiting(
        self, jobs: Sequence[QueuedUpdate], arrivals: Sequence[UncommittedBatch]
    ) -> None:
        """Keep what has come by itself; what of it is new then runs like anything kept."""
        try:
            kept = await self._inbox.keep(rows_of(arrivals))
        except Unavailable as error:
            await self._put_off(jobs, arrivals, error)
        else:
            self._queue.requeue(jobs)
            self._queue.reconcile(arrivals, kept)
            # A commit of which nothing was heard may have taken effect: that is to be said, too.
            with suppress(Unavailable):
                await self._sender.catch_up()

    async def _one_by_one(self, jobs: Sequence[QueuedUpdate], error: Exception) -> None:
        if len(jobs) == 1:
            await self._failed(jobs[0], error)
            return
        log.warning("a batch could not be written; one by one", error=type(error).__name__)
        for job in jobs:
            await self._process([job])

    async def _run_exclusively(self, job: QueuedUpdate) -> None:
        """A step that touches what people share, in a transaction of its own."""
        try:
            async with self._db.write() as connection:
                rows = [(job.row, self._acted_at(job.row))]
                (unit,) = await self._work.load(connection, rows, exclusive=True)
                envelope = await self._dispatcher.dispatch(unit, job.file)
                if envelope.error is not None:
                    raise envelope.error
                self._failpoint(Failpoint.DISPATCHED)
                await self._work.flush(connection, [unit])
            self._failpoint(Failpoint.COMMITTED)
        except Exception as error:
            await self._report_stop(job, error)
        else:
            self._complete(job, unit, envelope.result)

    # --- after the commit ------------------------------------------------------------------------

    def _complete(
        self, job: QueuedUpdate, unit: UnitOfWork, result: StepResult | None = None
    ) -> None:
        """Hand over what was committed, and let the lane go on."""
        if result is None:
            self._metrics.update_dead()
        else:
            received_at = self._wall_clock.at(job.row.received_at)
            self._metrics.update_done(self._wall_clock.now() - received_at)
        for row in unit.outgoing:
            own = row.chat_id == unit.row.queue_key
            self._sender.submit([row], unit.records if own and unit.person else None)
        if result is not None and result.clock is not None:
            self._wall_clock.move(result.clock)
        query = job.row.raw.get("callback_query")
        if isinstance(query, dict) and "id" in query:
            locale = unit.person.locale if unit.person else ""
            toast = (
                self._translations.label(result.toast, locale) if result and result.toast else None
            )
            self._callback_answers.answer(query["id"], toast, job.since)
        self._queue.complete(job)

    async def _report_stop(self, job: QueuedUpdate, error: Exception) -> None:
        """It could not be done by itself; a database that is gone is nobody's failure."""
        if isinstance(error, Unavailable):
            self._queue.retry_later(job, RETRY_SECONDS)
        else:
            await self._failed(job, error)

    async def _failed(self, job: QueuedUpdate, error: Exception) -> None:
        """Try again with back-off, then set aside with an apology and an alert."""
        if isinstance(error, AlreadyDone):
            # Committed although the database's answer was lost; the table holds what is to be sent.
            with suppress(Unavailable):  # then the clock does it
                await self._sender.catch_up()
            self._queue.complete(job)
            return
        self._metrics.update_attempt_failed()
        attempts = job.row.attempts + 1
        log.error(
            "an update failed",
            update=job.row.update_id,
            attempt=attempts,
            error=type(error).__name__,
            at=_where(error),
        )
        if attempts >= TRIES:
            await self._dead_letter(job)
            return
        with suppress(Unavailable):
            await self._inbox.failed(job.row, type(error).__name__)
        job.row = replace(job.row, attempts=attempts)
        self._queue.retry_later(job, _BACKOFF.after(attempts))

    async def _dead_letter(self, job: QueuedUpdate) -> None:
        # Nothing is read: what made the update fail may be the person's own records.
        unit = UnitOfWork(job.row, self._acted_at(job.row), Records(), fsm.LoadedRecords({}))
        if job.row.queue_key > 0:
            unit.enqueue(ShowScreen(notices.APOLOGY), chat_id=job.row.queue_key)
        for administrator in self._administrators:
            which = {"update": str(job.row.update_id)}
            alert = ShowScreen(notices.ALERT, which, priority=Priority.NOTICE)
            unit.enqueue(alert, chat_id=administrator)
        try:
            async with self._db.write() as connection:
                await self._work.flush(connection, [unit], became=InboxState.DEAD)
        except Unavailable:
            self._queue.retry_later(job, RETRY_SECONDS)
        else:
            self._complete(job, unit)

    def _acted_at(self, row: ReceivedUpdate) -> datetime:
        return self._wall_clock.at(acted_at(row))


@dataclass(frozen=True, slots=True)
class UnreadableUpdate:
    """An update that could not even be read."""

    unit: UnitOfWork
    error: Exception
    result: None = None
    needs_exclusive: bool = False


def _where(error: Exception) -> str:
    """Where an error was raised: files and lines, since its words may hold what a person typed."""
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    return " < ".join(f"{Path(f.filename).name}:{f.lineno}" for f in reversed(frames))
