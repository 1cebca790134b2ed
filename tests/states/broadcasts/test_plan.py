"""The plan: when the last message goes out, and what is refused because it cannot arrive."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from states.broadcasts.plan import Pace, plan, remaining, stars

START = datetime(2025, 12, 15, 4, 0, tzinfo=UTC)


def test_a_hundred_thousand_take_under_an_hour_alone_and_longer_beside_replies() -> None:
    alone = plan(100_000, START, Pace())
    assert timedelta(minutes=55) < alone.last_at - START < timedelta(minutes=58)
    beside = plan(100_000, START, Pace(replies=3))
    assert beside.last_at - START > (alone.last_at - START) * 1.1
    paid = plan(100_000, START, Pace(is_paid=True))
    assert paid.last_at - START < timedelta(minutes=2)


def test_more_replies_than_the_limit_leave_a_trickle_and_not_nothing() -> None:
    assert Pace(replies=100).takes(60) >= timedelta(minutes=1)


@given(others=st.lists(st.integers(0, 3_000), max_size=3), count=st.integers(1, 3_000))
def test_broadcasts_beside_it_are_in_the_plan(others: list[int], count: int) -> None:
    """Each sends one message in turn, as long as it has some."""
    left, sent, mine = list(others), 0, count
    while mine:
        sent += 1 + sum(one > 0 for one in left)
        mine, left = mine - 1, [one - 1 for one in left]
    made = plan(count, START, Pace(), others=others)
    assert made.beside == sent - count
    assert made.last_at == START + Pace().takes(sent)


@given(count=st.integers(1, 200_000), minutes=st.integers(-10, 300), replies=st.floats(0, 40))
def test_a_plan_fits_exactly_if_it_starts_no_later_than_it_says(
    count: int, minutes: int, replies: float
) -> None:
    pace, deadline = Pace(replies), START + timedelta(minutes=minutes)
    made = plan(count, START, pace, deadline)
    assert made.latest_start is not None
    assert made.fits == (made.latest_start >= START)
    assert 0 <= made.in_time <= count
    if made.fits:
        assert made.in_time >= count - 1
    again = plan(count, made.latest_start, pace, deadline)
    assert abs(again.last_at - deadline) < timedelta(seconds=1)


@pytest.mark.parametrize(("count", "price"), [(0, 0), (1, 1), (10, 1), (11, 2), (100_000, 10_000)])
def test_the_price_is_a_tenth_of_a_star_a_message_rounded_up(count: int, price: int) -> None:
    assert stars(count) == price


@given(pace=st.floats(1, 30), total=st.integers(3_000, 100_000))
def test_after_a_minute_the_expected_end_is_right_within_a_twentieth(
    pace: float, total: int
) -> None:
    done = int(60 * pace)
    left = remaining(min(done, total), total, timedelta(seconds=60))
    assert left is not None
    true = max(0.0, (total - done) / pace)
    assert abs(left.total_seconds() - true) <= 0.05 * (true + 60)


def test_nothing_is_expected_before_anything_is_done() -> None:
    assert remaining(0, 10, timedelta(seconds=5)) is None
    assert remaining(5, 10, timedelta(0)) is None
