"""The times of the staff's desks: from when until when each decides, and how they work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from states.exam import Exam
from states.staff import Desk
from states.time_rules import GRACE


def desk_closes(desk: Desk, exam: Exam) -> datetime:
    """When a desk has to be through with what waits at it."""
    windows = exam.windows
    return (windows.confirmation if desk is Desk.CONFIRMATION else windows.review).closes


def last_minute(closes: datetime) -> datetime:
    """The last minute before something closes, as people read it: 23:59, and not the day after."""
    return closes - timedelta(minutes=1)


def desk_opens(desk: Desk, exam: Exam) -> datetime:
    """From when on a desk decides."""
    windows = exam.windows
    return (windows.confirmation if desk is Desk.CONFIRMATION else windows.review).opens


def desks_by_urgency(exam: Exam, now: datetime) -> tuple[Desk, ...]:
    """The desks that may decide now, the one whose time ends first before the others.

    What was handed in again in time is confirmed until the review ends; and what came to a desk in
    its last minutes has days of its own there, and at each desk that follows (``states.time_rules``).
    """
    last = exam.windows.review.closes + len(Desk) * GRACE
    return tuple(
        sorted(
            (desk for desk in Desk if desk_opens(desk, exam) <= now < last),
            key=lambda desk: desk_closes(desk, exam),
        )
    )


@dataclass(frozen=True, slots=True)
class StaffTimings:
    """The times of the staff's work; a setting each.

    A claim that nobody touches for ``idle`` returns to the queue; a decision can be taken back for
    ``undo``; news of the queue come at most once in ``news``.
    """

    idle: timedelta = timedelta(minutes=30)
    undo: timedelta = timedelta(seconds=60)
    news: timedelta = timedelta(minutes=10)


MIN_DECISIONS = 10
"""Decisions below which a pace says nothing: one a week is no pace, but a queue that was empty."""


def estimated_end(waiting: int, decided: int, days: int, now: datetime) -> datetime | None:
    """When a queue will end if it goes on as in the last ``days``; None where too few were decided.

    >>> ends_on(10, 14, 7, datetime(2025, 12, 1)).day
    6
    """
    return now + timedelta(days=days * waiting / decided) if decided >= MIN_DECISIONS else None
