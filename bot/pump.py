"""The pump: in order per person, many persons at once, one commit for all that was decided.

Idle, it takes one update at a time, for the lowest latency; busy, the heads of up to ``batch``
lanes as one batch. Steps that touch what people share run alone, in a transaction of their own.
Handlers return values, so one that raises drops only its own unit; if the flush fails, the batch is
run again one by one. What runs next is for ``bot.arrivals`` to say.

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

from bot.arrivals import Arrival, Arrivals, Job, acted_at, rows_of
from bot.arrows import Arrow, Passing, undisturbed
from bot.backoff import Backoff
from bot.dispatch import Dispatcher
from bot.metrics import Metrics
from bot.prepare import Preparer
from bot.sender import Sender, Toasts
from bot.tasks import Tasks
from bot.times import Calendar, Machine
from bot.words import Words
from handlers.context import Envelope
from handlers.everyone import notices
from states.outcome import Outcome, Priority, Say
from states.records import Records
from storage import fsm
from storage.db import Database, Unavailable
from storage.inbox import AlreadyDone, Inbox, Known, Received
from storage.outbox import Sent
from storage.tables import InboxState
from storage.unit import Unit, Work

BATCH = 64
TRIES = 3
RETRY_SECONDS = 1.0
LAST_RETRY = 2.0
"""Seconds before the last of the tries."""
_BACKOFF = Backoff(RETRY_SECONDS, LAST_RETRY)
IDLE_SECONDS = 0.1
"""How long a mark may wait for an update to ride along with."""

log = structlog.get_logger("pump")


class Pump:
    """Takes updates to their commit."""

    def __init__(
        self,
        *,
        db: Database,
        inbox: Inbox,
        work: Work,
        dispatcher: Dispatcher,
        preparer: Preparer,
        sender: Sender,
        toasts: Toasts,
        words: Words,
        calendar: Calendar,
        machine: Machine,
        tasks: Tasks,
        administrators: Iterable[int] = (),
        batch: int = BATCH,
        passing: Passing = undisturbed,
        metrics: Metrics | None = None,
    ) -> None:
        self._db = db
        self._inbox = inbox
        self._work = work
        self._dispatcher = dispatcher
        self._sender = sender
        self._toasts = toasts
        self._words = words
        self._calendar = calendar
        self._machine = machine
        self._administrators = tuple(administrators)
        self._batch = batch
        self._passing = passing
        self._metrics = metrics or Metrics()
        self._wake = asyncio.Event()
        self._arrivals = Arrivals(
            preparer, calendar, machine, tasks, stopped=self._stopped, wake=self._wake.set
        )
        self.put, self.keep = self._arrivals.put, self._arrivals.keep  # where updates come in
        sender.wake = self._wake.set

    # --- turns -----------------------------------------------------------------------------------

    async def run(self) -> None:
        """Pump until cancelled."""
        while True:
            jobs, arrivals = self._arrivals.take(self._batch)
            if jobs or arrivals or self._sender.marks_wanted or await self._idle_is_over():
                await self._turn(jobs, arrivals)

    async def finish(self) -> None:
        """After everything has stopped: note what was sent, so that no start says it again."""
        with suppress(Unavailable):
            await self._commit([], (), self._sender.take_marks())

    async def _idle_is_over(self) -> bool:
        """Wait for work; True when marks have waited long enough to be written by themselves."""
        self._wake.clear()
        try:
            async with asyncio.timeout(IDLE_SECONDS if self._sender.has_marks else None):
                await self._wake.wait()
        except TimeoutError:
            return True
        return False

    async def _turn(self, jobs: Sequence[Job], arrivals: Sequence[Arrival] = ()) -> None:
        fresh = rows_of(arrivals)
        marks = self._sender.take_marks()
        try:
            if fresh and self._inbox.in_doubt:
                raise Known("some may be kept already")
            results = [
                (job, await self._dispatched(job, unit)) for job, unit in await self._load(jobs)
            ]
            decided = [ended.unit for _, ended in results if ended.outcome is not None]
            await self._commit(decided, fresh, marks)
        except asyncio.CancelledError:
            self._sender.give_back(marks)
            raise
        except Unavailable as error:
            self._sender.give_back(marks)
            await self._put_off(jobs, arrivals, error)
            return
        except Exception as error:
            self._sender.give_back(marks)
            if fresh:
                await self._keep_waiting(jobs, arrivals)
            else:
                await self._one_by_one(jobs, error)
            return
        self._sender.marked(marks)
        self._arrivals.kept(arrivals, {row.id for row in fresh})
        self._metrics.batch_committed(len(decided))
        for job, ended in results:
            if ended.outcome is not None:
                self._through(job, ended.unit, ended.outcome)
        for job, ended in results:
            if ended.error is not None:
                await self._stopped(job, ended.error)
            elif ended.wants_alone:
                await self._alone(job)

    async def _load(self, jobs: Sequence[Job]) -> list[tuple[Job, Unit]]:
        if not jobs:
            return []
        self._passing(Arrow.TAKEN)
        # What is loaded is written by this pump, which is not writing now; the clock and the marks
        # change two flags of a person, each for itself.
        async with self._db.glance() as connection:
            rows = [(job.row, self._acted_at(job.row)) for job in jobs]
            units = await self._work.load(connection, rows)
        return list(zip(jobs, units, strict=True))

    async def _dispatched(self, job: Job, unit: Unit) -> Envelope | Broken:
        try:
            return await self._dispatcher.dispatch(unit, job.file)
        except Exception as error:  # not even readable: set aside like any other failure
            return Broken(unit, error)

    async def _commit(
        self, units: Sequence[Unit], fresh: Sequence[Received], marks: Sequence[Sent]
    ) -> None:
        if not units and not fresh and not marks:
            return
        self._passing(Arrow.DISPATCHED)
        async with self._db.write() as connection:
            await self._work.flush(connection, units, marks, fresh=fresh)
        self._passing(Arrow.COMMITTED)

    async def _put_off(
        self, jobs: Sequence[Job], arrivals: Sequence[Arrival], error: Unavailable
    ) -> None:
        """The database is gone: what is kept waits, what is not has to come again."""
        log.warning("the database is gone; waiting", error=str(error))
        self._inbox.doubt(error, rows_of(arrivals))
        self._arrivals.again(jobs)
        self._arrivals.lost(arrivals, error)
        await self._machine.sleep(RETRY_SECONDS)

    async def _keep_waiting(self, jobs: Sequence[Job], arrivals: Sequence[Arrival]) -> None:
        """Keep what has come by itself; what of it is new then runs like anything kept."""
        try:
            kept = await self._inbox.keep(rows_of(arrivals))
        except Unavailable as error:
            await self._put_off(jobs, arrivals, error)
        else:
            self._arrivals.again(jobs)
            self._arrivals.sifted(arrivals, kept)
            # A commit of which nothing was heard may have taken effect: that is to be said, too.
            with suppress(Unavailable):
                await self._sender.catch_up()

    async def _one_by_one(self, jobs: Sequence[Job], error: Exception) -> None:
        if len(jobs) == 1:
            await self._failed(jobs[0], error)
            return
        log.warning("a batch could not be written; one by one", error=type(error).__name__)
        for job in jobs:
            await self._turn([job])

    async def _alone(self, job: Job) -> None:
        """A step that touches what people share, in a transaction of its own."""
        try:
            async with self._db.write() as connection:
                rows = [(job.row, self._acted_at(job.row))]
                (unit,) = await self._work.load(connection, rows, alone=True)
                envelope = await self._dispatcher.dispatch(unit, job.file)
                if envelope.error is not None:
                    raise envelope.error
                self._passing(Arrow.DISPATCHED)
                await self._work.flush(connection, [unit])
            self._passing(Arrow.COMMITTED)
        except Exception as error:
            await self._stopped(job, error)
        else:
            self._through(job, unit, envelope.outcome)

    # --- after the commit ------------------------------------------------------------------------

    def _through(self, job: Job, unit: Unit, outcome: Outcome | None = None) -> None:
        """Hand over what was committed, and let the lane go on."""
        if outcome is None:
            self._metrics.update_dead()
        else:
            received_at = self._calendar.at(job.row.received_at)
            self._metrics.update_done(self._calendar.now() - received_at)
        for row in unit.outgoing:
            own = row.chat_id == unit.row.lane
            self._sender.submit([row], unit.records if own and unit.person else None)
        if outcome is not None and outcome.clock is not None:
            self._calendar.move(outcome.clock)
        query = job.row.raw.get("callback_query")
        if isinstance(query, dict) and "id" in query:
            locale = unit.person.locale if unit.person else ""
            toast = self._words.label(outcome.toast, locale) if outcome and outcome.toast else None
            self._toasts.answer(query["id"], toast, job.since)
        self._arrivals.through(job)

    async def _stopped(self, job: Job, error: Exception) -> None:
        """It could not be done by itself; a database that is gone is nobody's failure."""
        if isinstance(error, Unavailable):
            self._arrivals.later(job, RETRY_SECONDS)
        else:
            await self._failed(job, error)

    async def _failed(self, job: Job, error: Exception) -> None:
        """Try again with back-off, then set aside with an apology and an alert."""
        if isinstance(error, AlreadyDone):
            # Committed although the database's answer was lost; the table holds what is to be sent.
            with suppress(Unavailable):  # then the clock does it
                await self._sender.catch_up()
            self._arrivals.through(job)
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
            await self._set_aside(job)
            return
        with suppress(Unavailable):
            await self._inbox.failed(job.row, type(error).__name__)
        job.row = replace(job.row, attempts=attempts)
        self._arrivals.later(job, _BACKOFF.after(attempts))

    async def _set_aside(self, job: Job) -> None:
        # Nothing is read: what made the update fail may be the person's own records.
        unit = Unit(job.row, self._acted_at(job.row), Records(), fsm.Loaded({}))
        if job.row.lane > 0:
            unit.will(Say(notices.APOLOGY), chat_id=job.row.lane)
        for administrator in self._administrators:
            which = {"update": str(job.row.update_id)}
            alert = Say(notices.ALERT, which, priority=Priority.NOTICE)
            unit.will(alert, chat_id=administrator)
        try:
            async with self._db.write() as connection:
                await self._work.flush(connection, [unit], became=InboxState.DEAD)
        except Unavailable:
            self._arrivals.later(job, RETRY_SECONDS)
        else:
            self._through(job, unit)

    def _acted_at(self, row: Received) -> datetime:
        return self._calendar.at(acted_at(row))


@dataclass(frozen=True, slots=True)
class Broken:
    """An update that could not even be read."""

    unit: Unit
    error: Exception
    outcome: None = None
    wants_alone: bool = False


def _where(error: Exception) -> str:
    """Where an error was raised: files and lines, since its words may hold what a person typed."""
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    return " < ".join(f"{Path(f.filename).name}:{f.lineno}" for f in reversed(frames))
