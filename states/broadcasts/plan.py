"""The plan of a broadcast: when its last message goes out, and whether that is in time.

A pace has Telegram's limit, less the replies that share it and the time that 429s take. What cannot
arrive is refused, with the latest start that would do.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil, floor
from typing import Final

FREE: Final = 30 / 1.005
"""Messages a second over all chats: 30 in a window of 1,005 ms (``bot.delivery.pacing``)."""
PAID: Final = 1000 / 1.005
"""Messages a second of a paid broadcast: https://core.telegram.org/bots/api#paid-broadcasts."""
STARS_PER_1000: Final = 100
"""Telegram Stars for 1,000 paid messages."""
LOST: Final = 0.005
"""The share of time in which an expected 429 holds everything."""
SLOWEST: Final = 1.0
"""Messages a second that are left for a broadcast however many replies go out."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Messages a second: the limit, and the ``replies`` that are reserved of it."""

    replies: float = 0.0
    is_paid: bool = False

    @property
    def rate(self) -> float:
        """Messages of the broadcast a second."""
        left = PAID if self.is_paid else max(SLOWEST, FREE - self.replies)
        return left * (1 - LOST)

    def takes(self, count: int) -> timedelta:
        """Return how long so many messages take."""
        return timedelta(seconds=count / self.rate)


@dataclass(frozen=True, slots=True)
class Plan:
    """A planned broadcast. ``in_time`` is how many messages go out before the deadline.

    ``beside`` counts the messages of other broadcasts that go out meanwhile.
    """

    count: int
    starts_at: datetime
    last_at: datetime
    deadline: datetime | None
    latest_start: datetime | None
    in_time: int
    beside: int = 0

    @property
    def fits(self) -> bool:
        """Whether the last message goes out before the deadline."""
        return self.deadline is None or self.last_at <= self.deadline


def plan(
    count: int,
    starts_at: datetime,
    pace: Pace,
    deadline: datetime | None = None,
    others: Iterable[int] = (),
) -> Plan:
    """Plan a broadcast to ``count`` people that starts at ``starts_at``.

    Args:
        others: the open messages of each broadcast beside it. They take turns message by message,
            so a longer one costs as many messages as this one has.
    """
    beside = sum(min(count, other) for other in others)
    takes = pace.takes(count + beside)
    if deadline is None:
        return Plan(count, starts_at, starts_at + takes, None, None, count, beside)
    seconds = max(0.0, (deadline - starts_at).total_seconds())
    share = count / (count + beside) if count else 1.0
    in_time = min(count, floor(seconds * pace.rate * share))
    return Plan(count, starts_at, starts_at + takes, deadline, deadline - takes, in_time, beside)


def stars(count: int) -> int:
    """Return the price of a paid broadcast in Telegram Stars, rounded up."""
    return ceil(count * STARS_PER_1000 / 1000)


def remaining(done: int, total: int, elapsed: timedelta) -> timedelta | None:
    """Return the time that the rest takes at the measured pace; None before anything is done.

    Args:
        done: outcomes since the start or the last resume; ``total`` counts those and the rest.
    """
    if done <= 0 or elapsed <= timedelta(0):
        return None
    return elapsed * ((total - done) / done)
