"""Scheduler runs the jobs of the table ``jobs``: periodic ones, and those that a cause enqueued.

A run commits its effect together with its own next run, so that a crash repeats or loses neither.
Work outside the database comes before that commit and may be repeated.
Kinds run side by side; the jobs of one kind run one after another, but for ``SIDE_BY_SIDE``.
"""

from __future__ import annotations

import asyncio
from collections.abc import (
    AsyncIterator,
    Awaitable,
    Callable,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Final, Protocol

import structlog

from bot.core.open_storage import Storage
from bot.core.runtime import (
    BackgroundTasks,
    Backoff,
    Clocks,
    Failpoint,
    FailpointHook,
    no_failpoint,
)
from bot.delivery.sender import Sender
from handlers.everyone import notices
from states.step_result import Priority, ShowScreen
from storage.engine.database import Connection, Unavailable
from storage.engine.jobs import JobKind, JobTaken, StoredJob

EVERY: Final = 30.0
"""The longest seconds between two rounds."""
SHORTEST: Final = 0.25
"""The shortest seconds between two rounds without a new job."""
AT_ONCE: Final = 100
"""The most jobs that one round reads."""
SIDE_BY_SIDE: Final[Mapping[str, int]] = {JobKind.ORDER: 16}
"""Jobs of a kind that run at the same time. These wait for a provider, and people for these."""
ATTEMPTS: Final = 6
"""Failed attempts in a row after which a job is set aside, half an hour after the first."""
STORED_EVERY: Final = timedelta(minutes=5)
"""A run without an effect stores its next run only if that is so long after the stored one."""
BY_DATE: Final = frozenset({JobKind.EXPIRY, JobKind.REMINDERS, JobKind.OPENING, JobKind.CLOSING})
"""Jobs that tell people of dates: they wait while the machine's clock is wrong."""
_BACKOFF = Backoff(60.0, 3600.0)

log = structlog.get_logger("scheduler")


class JobRun:
    """One run of a job. Without a call of ``again`` the job is done."""

    def __init__(
        self, storage: Storage, job: StoredJob, now: datetime, tick: timedelta, at: FailpointHook
    ) -> None:
        self.job = job
        self.now = now
        self.next_tick = now + tick
        self.next_at: datetime | None = None
        self.is_committed = False
        self._storage = storage
        self._at = at

    @property
    def payload(self) -> bytes:
        """The decrypted payload."""
        return self._storage.jobs.payload(self.job)

    def again(self, at: datetime) -> None:
        """Run the job again at this moment."""
        self.next_at = at

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Connection]:
        """Open the transaction of the effect; it commits the next run with it.

        Raises:
            JobTaken: the job is no longer as it was read; nothing was changed.
            Unavailable: the database is gone or locked; nothing was changed.
        """
        async with self._storage.db.write() as connection:
            await self._storage.jobs.claim(connection, self.job)
            yield connection
            await self._storage.jobs.mark(connection, self.job, self.next_at)
            self._at(Failpoint.JOB_DUE, self.job.kind)
        self.is_committed = True

    async def finish(self) -> None:
        """Store the next run of a job that has not opened ``write``, unless it is soon."""
        is_soon = self.next_at is not None and self.next_at - self.job.run_at < STORED_EVERY
        if not self.is_committed and (not is_soon or self.job.attempts):
            async with self.write():
                pass
        elif not self.is_committed:
            self._at(Failpoint.JOB_DUE, self.job.kind)
        self._at(Failpoint.JOB_DONE, self.job.kind)


class Job(Protocol):
    """Work that becomes due."""

    @property
    def kind(self) -> JobKind:
        """The kind of the jobs that it runs."""

    async def run(self, run: JobRun) -> None:
        """Do what is due, in ``run.write`` where the effect is in the database.

        Raises:
            Unavailable: nothing was changed; it costs no attempt.
        """


@dataclass(frozen=True, slots=True)
class EachTick:
    """Runs a function at each tick. Its effect is in memory, or may be repeated."""

    kind: JobKind
    work: Callable[[], Awaitable[None]]
    every: timedelta | None = None

    async def run(self, run: JobRun) -> None:
        """Run the function."""
        await self.work()
        run.again(run.now + self.every if self.every else run.next_tick)


class Scheduler:
    """Runs jobs when they are due, retries those that fail, and sets aside those that keep failing.

    A start makes every job of ``periodic`` due. Jobs of ``one_off`` are enqueued by their causes.
    """

    def __init__(
        self,
        periodic: Sequence[Job],
        one_off: Sequence[Job],
        storage: Storage,
        sender: Sender,
        clocks: Clocks,
        administrators: Iterable[int],
        every: float = EVERY,
        failpoint: FailpointHook = no_failpoint,
    ) -> None:
        self._periodic = [job.kind for job in periodic]
        self._by_kind: dict[str, Job] = {job.kind: job for job in (*periodic, *one_off)}
        self._storage = storage
        self._sender = sender
        self._clocks = clocks
        self._administrators = tuple(administrators)
        self._every = timedelta(seconds=every)
        self._failpoint = failpoint
        self._tasks = BackgroundTasks()
        self._running: dict[str, asyncio.Task[None]] = {}
        # The kinds that ran at the last look, which therefore saw no job of theirs.
        self._overlooked: set[str] = set()
        # Next runs that are not stored, by kind and key; a start forgets them.
        self._postponed: dict[tuple[str, str], datetime] = {}
        self._looked_at: datetime | None = None
        self._beginning = asyncio.Lock()  # a kind that begins twice would run twice at once

    async def run(self) -> None:
        """Run jobs until cancelled; an unavailable database costs one round."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._tasks.watch())
            try:
                while True:
                    await self._sleep(await self._round())
            finally:
                await self._tasks.close()

    async def tick(self) -> None:
        """Run everything that is due now, to its end."""
        for _ in range(2):  # the loop may have begun jobs before this moment
            await self._wait()
            async with self._beginning:
                await self._begin()
        await self._wait()
        self._sender.pull()

    async def _round(self) -> float:
        """Begin what is due; return the seconds until the next round."""
        self._storage.db.woken.clear()  # here only: a tick beside the loop must not clear its wake
        try:
            async with self._beginning:
                next_at = await self._begin()
            self._sender.pull()
        except Unavailable as error:
            log.warning("round missed; the next one catches up", error=str(error))
            return self._every.total_seconds()
        wait = min((next_at - self._clocks.wall.now()), self._every) if next_at else self._every
        return max(SHORTEST, wait.total_seconds())

    async def _begin(self) -> datetime | None:
        """Begin the due jobs; return when the first of the others is due."""
        now = self._clocks.wall.now()
        # A clock that went back leaves next runs that nobody meant.
        if self._looked_at is None or now < self._looked_at - self._every:
            self._postponed.clear()
            await self._storage.jobs.start(self._periodic, now)
        self._looked_at = now
        self._overlooked = {*self._running}
        held = BY_DATE if self._clocks.wall.is_wrong else frozenset()
        idle = [kind for kind in self._by_kind if kind not in self._running and kind not in held]
        # Jobs whose next run is in memory only may all come first: they take no other's place.
        waiting = await self._storage.jobs.next(idle, AT_ONCE + len(self._postponed))
        moments = [self._postponed.get(job.id, job.run_at) for job in waiting]
        due = [job for job, moment in zip(waiting, moments, strict=True) if moment <= now]
        due.sort(key=lambda job: idle.index(job.kind))
        for kind, jobs in groupby(due, attrgetter("kind")):
            self._running[kind] = self._tasks.start(self._run_each(kind, list(jobs), now))
        return min((moment for moment in moments if moment > now), default=None)

    async def _run_each(self, kind: str, jobs: Sequence[StoredJob], now: datetime) -> None:
        """Run jobs of one kind; wake the loop if it has looked meanwhile."""
        left = iter(jobs)
        try:
            at_once = SIDE_BY_SIDE.get(kind, 1)
            await asyncio.gather(*(self._run_some(left, now) for _ in range(at_once)))
        finally:
            del self._running[kind]
            if kind in self._overlooked:
                self._storage.db.woken.set()

    async def _run_some(self, left: Iterator[StoredJob], now: datetime) -> None:
        """Run one job after another until none is left."""
        for job in left:
            try:
                await self._run_one(job, now)
            except Unavailable as error:
                log.warning("job missed; a later round catches up", job=job.kind, error=str(error))
                self._postponed[job.id] = now + self._every

    async def _run_one(self, job: StoredJob, now: datetime) -> None:
        run = JobRun(self._storage, job, now, self._every, self._failpoint)
        self._postponed.pop(job.id, None)
        try:
            await self._by_kind[job.kind].run(run)
            await run.finish()
        except (Unavailable, JobTaken) as error:
            if isinstance(error, Unavailable):
                raise
        except Exception as error:
            await self._fail(job, error)
        else:
            if run.is_committed:
                self._storage.db.woken.set()  # for its messages and its next run
            elif run.next_at is not None:
                self._postponed[job.id] = run.next_at
                if run.next_at < run.next_tick:
                    self._storage.db.woken.set()  # the loop sleeps until the next tick

    async def _fail(self, job: StoredJob, error: Exception) -> None:
        """Retry the job later; after the last attempt set it aside and tell the administrators."""
        attempts, name = job.attempts + 1, type(error).__name__
        is_last = attempts >= ATTEMPTS
        log.error("job failed", job=job.kind, key=job.key, attempt=attempts, error=name)
        now = self._clocks.wall.now()
        data = {"kind": job.kind, "key": job.key}
        notice = ShowScreen(notices.JOB_SET_ASIDE, data, priority=Priority.NOTICE)
        with suppress(JobTaken):
            async with self._storage.db.write() as connection:
                retry_at = None if is_last else now + timedelta(seconds=_BACKOFF.after(attempts))
                await self._storage.jobs.fail(connection, job, name, retry_at)
                if is_last:
                    alerts = [self._storage.outgoing(a, notice, now) for a in self._administrators]
                    await self._storage.outbox.add(connection, alerts)
        self._storage.db.woken.set()

    async def _wait(self) -> None:
        await asyncio.gather(*self._running.values())

    async def _sleep(self, seconds: float) -> None:
        """Sleep until so many seconds have passed, or a job has become due earlier."""
        sleeps = [
            asyncio.ensure_future(self._clocks.monotonic.sleep(seconds)),
            asyncio.ensure_future(self._storage.db.woken.wait()),
        ]
        try:
            await asyncio.wait(sleeps, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for sleep in sleeps:
                sleep.cancel()
