"""Times of the staff's work: when a desk is open, how long decisions take, the time limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from states.exam import Exam, Window
from states.process.time_rules import GRACE
from states.staff_roles import Desk


def desk_window(desk: Desk, exam: Exam) -> Window:
    """Return the window in which a desk decides."""
    return exam.windows.confirmation if desk is Desk.CONFIRMATION else exam.windows.review


def days_left(desk: Desk, exam: Exam, now: datetime) -> int:
    """Return the days until the last day of a desk: 0 on that day, negative after it."""
    last_day = exam.today(desk_window(desk, exam).last_minute)
    return (last_day - exam.today(now)).days


def desks_by_urgency(exam: Exam, now: datetime) -> tuple[Desk, ...]:
    """Return the desks that may decide now, by the end of their windows.

    Resubmitted applications are confirmed until the review ends. Late ones have ``GRACE`` at each
    desk (``states.process.time_rules``).
    """
    last = exam.windows.review.closes + len(Desk) * GRACE
    open_desks = (desk for desk in Desk if desk_window(desk, exam).opens <= now < last)
    return tuple(sorted(open_desks, key=lambda desk: desk_window(desk, exam).closes))


@dataclass(frozen=True, slots=True)
class StaffTimings:
    """Time limits of the staff's work, each a setting.

    An unused claim expires after ``idle``. The staff can undo a decision for ``undo``. A chat gets
    a digest at most every ``news``.
    """

    idle: timedelta = timedelta(minutes=30)
    undo: timedelta = timedelta(seconds=60)
    news: timedelta = timedelta(minutes=10)


MIN_DECISIONS = 10
"""Fewest decisions for an estimate: with fewer, the queue was empty and nobody slow."""


def estimated_end(waiting: int, decided: int, days: int, now: datetime) -> datetime | None:
    """Return when a queue will be empty at the pace of the last ``days``; None without enough data.

    >>> estimated_end(10, 14, 7, datetime(2025, 12, 1)).day
    6
    """
    return now + timedelta(days=days * waiting / decided) if decided >= MIN_DECISIONS else None


MIN_SAMPLE: Final = 20
"""Fewest decisions that say how long the next one will take."""
_HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class WaitTimes:
    """Hours within which half, and nine in ten, of ``count`` decisions were made."""

    half: int
    most: int
    count: int


def wait_times_of(waits: Sequence[timedelta]) -> WaitTimes | None:
    """Return the usual wait times, rounded up to hours; None for fewer than ``MIN_SAMPLE``."""
    if len(waits) < MIN_SAMPLE:
        return None
    ordered = sorted(waits)
    half, most = (ordered[len(ordered) * part // 100] for part in (50, 90))
    return WaitTimes(-(-half // _HOUR), -(-most // _HOUR), len(ordered))
