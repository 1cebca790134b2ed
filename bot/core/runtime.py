"""The means of every loop of the bot: clocks, backoff, background tasks and failpoints."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from math import ceil, log2
from typing import Any, Protocol, TypeVar

from states.texts import Explained

T = TypeVar("T")
MOST_OFF = timedelta(seconds=60)
"""A greater lead is a wrong clock: answers take seconds, and NTP keeps to milliseconds."""


def _machine() -> datetime:
    """Return the beginning of the monotonic clock: it moves only if the machine's clock is set."""
    return datetime.now(UTC) - timedelta(seconds=time.monotonic())


class WallClock:
    """The date and time for rules, windows and quiet hours, in UTC.

    ``offset`` is zero on Telegram; in the sandbox a person can move it, but only forward.
    ``ahead`` is the machine's lead over Telegram's clock, as of the last message sent.
    """

    def __init__(self, offset: timedelta = timedelta(0)) -> None:
        self.offset = offset
        self.ahead = timedelta(0)
        self._measured, self._then = timedelta(0), _machine()

    @property
    def lead(self) -> timedelta:
        """The machine's lead over Telegram's clock: the last one measured, and each step since."""
        return self._measured + (_machine() - self._then)

    @property
    def is_wrong(self) -> bool:
        """Return whether this machine's clock is not Telegram's."""
        return abs(self.lead) > MOST_OFF

    def compare(self, telegram_date: int) -> None:
        """Measure how far this machine is ahead of Telegram, which has just written this date."""
        self.measure(telegram_date)
        self.ahead = self.lead

    def measure(self, seconds: float) -> None:
        """Measure the lead over a server that has just said its time, in seconds since 1970."""
        self._measured = datetime.now(UTC) - datetime.fromtimestamp(seconds, UTC)
        self._then = _machine()

    def now(self) -> datetime:
        """Return the present moment for the rules."""
        return self.at(datetime.now(UTC))

    def at(self, moment: datetime) -> datetime:
        """Return a real moment as one for the rules."""
        return moment + self.offset

    def move(self, offset: timedelta) -> None:
        """Set the offset.

        Raises:
            ValueError: the clock would go back.
        """
        if offset < self.offset:
            raise ValueError("the wall clock only goes forward")
        self.offset = offset


class MonotonicClock:
    """Elapsed seconds, for leases, retries and pacing; no wall clock moves it."""

    def now(self) -> float:
        """Return the seconds since an arbitrary moment."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait for so many seconds."""
        await asyncio.sleep(seconds)


@dataclass(frozen=True, slots=True)
class Clocks:
    """The two clocks of one bot."""

    wall: WallClock = field(default_factory=WallClock)
    monotonic: MonotonicClock = field(default_factory=MonotonicClock)


class Backoff:
    """The delays between tries of a loop that retries, in seconds.

    Growth: the first failure waits ``first``, and each further one twice as long.
    Cap: no delay is longer than ``last``, except where the other side asks for more.
    Jitter: a delay is shortened by a random share, at most ``jitter`` of it. Several clients that
    fail at one moment then return at different moments. It is zero unless set.
    Reset: after a success call ``reset``, and the next failure waits ``first`` again.
    A Backoff never ends the tries; a loop that gives up counts them itself.

    Args:
        first: the delay after the first failure, above zero.
        last: the longest delay; equal to ``first`` for a delay that stays the same.
        jitter: from 0 to 1.
        chance: returns a number from 0 to 1; a test gives its own.
    """

    def __init__(
        self,
        first: float,
        last: float,
        *,
        jitter: float = 0.0,
        chance: Callable[[], float] = random.random,
    ) -> None:
        if not (0 < first <= last and 0 <= jitter <= 1):
            raise ValueError("wanted: 0 < first <= last, 0 <= jitter <= 1")
        self._first = first
        self._last = last
        self._jitter = jitter
        self._chance = chance
        # Growth stops here: the power of a day's failures is too large for a float.
        self._steps = ceil(log2(last / first))
        self._failures = 0

    def after(self, failures: int) -> float:
        """Return the delay after so many failures in a row, for a caller that counts them."""
        delay = min(self._first * 2.0 ** min(failures - 1, self._steps), self._last)
        return delay - delay * self._jitter * self._chance() if self._jitter else delay

    def next(self, at_least: float = 0.0) -> float:
        """Count a failure and return its delay.

        Args:
            at_least: what the other side asks for (Telegram's ``retry_after``); it has no cap.
        """
        self._failures += 1
        return max(at_least, self.after(self._failures))

    def reset(self) -> None:
        """Forget the failures: a try succeeded."""
        self._failures = 0


class RestartWanted(Exception):
    """A loop ends so that the bot starts anew in this process, such as for a changed exam."""


class BackgroundTasks:
    """The loops, and the tasks beside them; none is lost, and each failure is raised.

    A failure of a task is always a bug; ``watch`` raises the first.
    """

    def __init__(self) -> None:
        self._running: set[asyncio.Task[Any]] = set()
        self._failed = asyncio.Event()
        self._failure: BaseException | None = None

    def start(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Start a task and keep a reference to it."""
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (failure := task.exception()) is not None:
            self._failure = self._failure or failure
            self._failed.set()

    async def watch(self) -> None:
        """Wait for the first failure and raise it."""
        await self._failed.wait()
        if self._failure is not None:
            raise self._failure

    async def run(self, loops: Iterable[Callable[[], Coroutine[Any, Any, None]]]) -> None:
        """Run loops until one raises, which none should; then cancel the others and all tasks."""
        try:
            async with asyncio.TaskGroup() as group:
                for loop in loops:
                    group.create_task(loop())
        except ExceptionGroup as failed:
            if (lost := failed.subgroup((Explained, RestartWanted))) is not None:
                raise lost.exceptions[0] from None  # its message is enough
            raise
        finally:
            await self.close()

    async def close(self) -> None:
        """Cancel the running tasks and wait until they end."""
        running = tuple(self._running)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


class Failpoint(StrEnum):
    """A named moment of an update's way, in order, at which a crash test kills the process.

    Two are moments of each run of a job; their ``detail`` is its kind. The last two are moments of
    a provider's notification.
    """

    RECEIVED = "received"  # received from Telegram, not committed
    COMMITTED_TO_INBOX = "kept"  # in the inbox, not confirmed to Telegram
    TAKEN = "taken"  # taken from the queue, not dispatched
    FILE_FETCHED = "prepared"  # its file is stored, without a row
    DISPATCHED = "dispatched"  # its result is known, not committed
    COMMITTED = "committed"  # its result is committed, nothing sent
    CLAIMED = "claimed"  # bulk messages are claimed, none of them is sent
    SENT = "sent"  # Telegram has the message, the outbox does not know
    RESULT_COMMITTED = "marked"  # the outbox knows
    JOB_DUE = "job-due"  # a job has had its effect, not committed
    JOB_DONE = "job-done"  # the job's effect and its next run are committed
    MONEY_HEARD = "money-heard"  # a notification is verified, nothing is stored
    MONEY_SETTLED = "money-settled"  # its money is settled, the provider has no answer


class FailpointHook(Protocol):
    """Called at each failpoint."""

    def __call__(self, failpoint: Failpoint, detail: str = "", /) -> None:
        """Return, or end the process."""


def no_failpoint(_failpoint: Failpoint, _detail: str = "") -> None:
    """Do nothing at a failpoint."""
