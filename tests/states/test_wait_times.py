"""How long a step usually takes: half of the people, nine in ten, or too few to say."""

from __future__ import annotations

from datetime import timedelta

import pytest

from states.wait_times import FEWEST, WaitTimes, wait_times_of

pytestmark = pytest.mark.row("B18")


def hours(*counts: float) -> list[timedelta]:
    return [timedelta(hours=count) for count in counts]


def test_too_few_say_nothing() -> None:
    assert wait_times_of(hours(*range(FEWEST - 1))) is None


def test_half_and_nine_in_ten_are_rounded_up_to_hours() -> None:
    assert wait_times_of(hours(*(n + 0.5 for n in range(100)))) == WaitTimes(
        half=51, most=91, count=100
    )


def test_the_order_makes_no_difference() -> None:
    waits = hours(*range(30))
    assert wait_times_of(waits[::-1]) == wait_times_of(waits)
