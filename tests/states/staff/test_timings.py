"""Estimates of waiting times and queue ends, and too little data for them."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from states.staff.timings import (
    MIN_DECISIONS,
    MIN_SAMPLE,
    WaitTimes,
    estimated_end,
    wait_times_of,
)
from tests.factories import EXAM
from tests.storage.staff_members import CONFIRMING

pytestmark = pytest.mark.row("B18")


def hours(*counts: float) -> list[timedelta]:
    return [timedelta(hours=count) for count in counts]


def test_too_few_say_nothing() -> None:
    assert wait_times_of(hours(*range(MIN_SAMPLE - 1))) is None


def test_half_and_nine_in_ten_are_rounded_up_to_hours() -> None:
    assert wait_times_of(hours(*(n + 0.5 for n in range(100)))) == WaitTimes(
        half=51, most=91, count=100
    )


def test_the_order_makes_no_difference() -> None:
    waits = hours(*range(30))
    assert wait_times_of(waits[::-1]) == wait_times_of(waits)


def test_a_queue_ends_at_its_pace_and_nobody_guesses_without_one() -> None:
    now: datetime = CONFIRMING
    assert estimated_end(10, 0, 7, now) is None
    assert estimated_end(1, MIN_DECISIONS - 1, 7, now) is None
    assert estimated_end(20, 10, 7, now) == now + timedelta(days=14)
    assert EXAM.windows.confirmation.holds(now)
