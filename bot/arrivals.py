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

from bot.lanes import Lanes
from bot.prepare import Preparer
from bot.tasks import Tasks
from bot.times import Calendar, Machine
from handlers.context import Fetched
from storage.db import Unavailable
from storage.inbox import Received


@dataclass(slots=True)
class Job:
    """An update that is its lane's head, with its file if its state asked for one."""

    row: Received
    since: float
    file: Fetched | None = None


@dataclass(slots=True)
class Arrival:
    """Updates that are not kept yet, and somebody who waits for that: how many of them were new."""

    rows: Sequence[Received]
    kept: asyncio.Future[int]


class Arrivals:
    """All updates that the pump has not taken yet, and the lanes of those that it has.

    Args:
        stopped: what to do about a job whose file could not be fetched, and why it could not.
        wake: called when there is something to take.
    """

    def __init__(
        self,
        preparer: Preparer,
        calendar: Calendar,
        machine: Machine,
        tasks: Tasks,
        *,
        stopped: Callable[[Job, Exception], Awaitable[None]],
        wake: Callable[[], None],
    ) -> None:
        self._preparer = preparer
        self._calendar = calendar
        self._machine = machine
        self._tasks = tasks
        self._stopped = stopped
        self._wake = wake
        self._lanes = Lanes()
        self._new: list[Arrival] = []
        self._fresh: set[int] = set()  # ids of rows that are not kept yet
        self._held: list[Job] = []  # what wants a file, and must be kept before it is fetched
        self._ready: deque[Job] = deque()

    # --- coming ----------------------------------------------------------------------------------

    def put(self, rows: Iterable[Received]) -> None:
        """Take on kept updates; each runs when it is its lane's turn."""
        for row in sorted(rows, key=lambda row: row.update_id):
            self._begin(self._lanes.arrive(row))

    async def keep(self, rows: Sequence[Received]) -> int:
        """Take on updates that are not kept yet; returns once they are, and how many were new.

        Raises:
            Unavailable: none was kept, and nothing came of any.
        """
        arrival = Arrival(rows, asyncio.get_running_loop().create_future())
        self._new.append(arrival)
        self._fresh.update(row.id for row in rows)
        self.put(rows)
        self._wake()
        return await arrival.kept

    def _begin(self, row: Received | None) -> None:
        if row is not None:
            self._fetch_or_run(Job(row, self._machine.now()))

    def _fetch_or_run(self, job: Job) -> None:
        if not self._preparer.concerns(job.row) or job.file is not None:
            self._run_next(job)
        elif job.row.id in self._fresh:
            self._held.append(job)
        else:
            self._tasks.start(self._fetch(job))

    async def _fetch(self, job: Job) -> None:
        try:
            now = self._calendar.at(acted_at(job.row))
            job.file = await self._preparer.prepare(job.row, now)
        except Exception as error:
            await self._stopped(job, error)
        else:
            self._run_next(job)

    def _run_next(self, job: Job) -> None:
        self._ready.append(job)
        self._wake()

    # --- going -----------------------------------------------------------------------------------

    def take(self, most: int) -> tuple[list[Job], list[Arrival]]:
        """The next batch, and all that is to be kept by its commit."""
        arrivals, self._new = self._new, []
        return self._next(most), arrivals

    def _next(self, most: int) -> list[Job]:
        """Who is ready; what failed once is never batched again."""
        jobs: list[Job] = []
        while self._ready and len(jobs) < most:
            if self._ready[0].row.attempts:
                return jobs or [self._ready.popleft()]
            jobs.append(self._ready.popleft())
        return jobs

    def through(self, job: Job) -> None:
        """It is over, one way or the other; its lane goes on."""
        self._begin(self._lanes.through(job.row.lane))

    def again(self, jobs: Sequence[Job]) -> None:
        """They are the next once more."""
        self._ready.extendleft(reversed(jobs))

    def later(self, job: Job, seconds: float) -> None:
        """It is ready once more after a while; its lane waits, and nobody else."""
        self._tasks.start(self._ready_after(job, seconds))

    async def _ready_after(self, job: Job, seconds: float) -> None:
        await self._machine.sleep(seconds)
        self._fetch_or_run(job)

    # --- what became of the keeping --------------------------------------------------------------

    def kept(self, arrivals: Sequence[Arrival], new: Set[int]) -> None:
        """They are kept, and these ids were ``new``: say so, and fetch the files that waited."""
        for arrival in arrivals:
            self._fresh.difference_update(row.id for row in arrival.rows)
            if not arrival.kept.done():
                arrival.kept.set_result(sum(row.id in new for row in arrival.rows))
        held, self._held = self._held, []
        for job in held:
            self._fetch_or_run(job)

    def sifted(self, arrivals: Sequence[Arrival], kept: Sequence[Received]) -> None:
        """Just these are kept and have to run: some came with ``arrivals``, some long before."""
        rows = rows_of(arrivals)
        there, came = {row.id for row in kept}, {row.id for row in rows}
        # First, so that what was in doubt stands where the same update, told again, stands now.
        self.put(row for row in kept if row.id not in came)
        self._withdraw([row for row in rows if row.id not in there])
        self.kept(arrivals, there)

    def lost(self, arrivals: Sequence[Arrival], error: Unavailable) -> None:
        """None of them is kept; Telegram has to tell them again."""
        self._withdraw(rows_of(arrivals))
        for arrival in arrivals:
            if not arrival.kept.done():
                arrival.kept.set_exception(error)

    def _withdraw(self, rows: Sequence[Received]) -> None:
        ids = {row.id for row in rows}
        self._fresh -= ids
        self._held = [job for job in self._held if job.row.id not in ids]
        self._ready = deque(job for job in self._ready if job.row.id not in ids)
        for lane in {row.lane for row in rows}:
            self._begin(self._lanes.withdraw(lane, ids))


def rows_of(arrivals: Iterable[Arrival]) -> list[Received]:
    """Their updates."""
    return [row for arrival in arrivals for row in arrival.rows]


def acted_at(row: Received) -> datetime:
    """When the person acted: the message's date; for a button, when we received it."""
    message = row.raw.get("message") or row.raw.get("edited_message")
    # Nothing has checked yet that the update is sound, and one that is not must not stop us.
    if isinstance(message, dict):
        with suppress(KeyError, TypeError, ValueError, OverflowError, OSError):
            return datetime.fromtimestamp(message.get("edit_date") or message["date"], UTC)
    return row.received_at
