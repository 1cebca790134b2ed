"""Lanes: each person's updates in order, one at a time, and nothing kept of those who are done."""

from __future__ import annotations

import random
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.lanes import Lanes
from storage.inbox import Received
from tests.bot.clockwork import START


def update(number: int, lane: int = 1) -> Received:
    return Received(number, 4242, number, lane, START, {})


def test_the_first_runs_at_once_and_the_next_when_it_is_through() -> None:
    lanes = Lanes()
    first, second = update(1), update(2)
    assert lanes.arrive(first) is first
    assert lanes.arrive(second) is None
    assert lanes.through(1) is second
    assert lanes.through(1) is None
    assert len(lanes) == 0


def test_a_lower_number_that_comes_late_runs_before_the_higher_ones_that_wait() -> None:
    lanes = Lanes()
    lanes.arrive(update(10))
    lanes.arrive(update(12))
    late = update(11)
    lanes.arrive(late)
    assert lanes.through(1) is late


def test_one_that_is_told_again_while_it_waits_waits_behind_itself() -> None:
    lanes = Lanes()
    waiting, again = update(11), replace(update(11), id=99)
    for row in (update(10), again, waiting):
        lanes.arrive(row)
    assert lanes.through(1) is waiting
    assert lanes.through(1) is again


def test_nobody_waits_for_somebody_else() -> None:
    lanes = Lanes()
    assert lanes.arrive(update(1, lane=1)) is not None
    assert lanes.arrive(update(2, lane=2)) is not None
    assert len(lanes) == 2


@given(st.lists(st.integers(1, 4), min_size=1, max_size=40), st.randoms(use_true_random=False))
def test_everything_runs_once_and_in_order_whenever_it_comes(
    owners: list[int], chance: random.Random
) -> None:
    lanes, run = Lanes(), dict[int, list[int]]()
    running: dict[int, Received] = {}
    for number, lane in enumerate(owners):
        begun = lanes.arrive(update(number, lane))
        if begun is not None:
            assert lane not in running, "two of one person at once"
            running[lane] = begun
        while running and chance.random() < 0.5:
            done = chance.choice(sorted(running))
            run.setdefault(done, []).append(running.pop(done).update_id)
            following = lanes.through(done)
            if following is not None:
                running[done] = following
    while running:
        done, row = running.popitem()
        run.setdefault(done, []).append(row.update_id)
        following = lanes.through(done)
        if following is not None:
            running[done] = following
    for lane, numbers in run.items():
        assert numbers == [n for n, owner in enumerate(owners) if owner == lane]
    assert len(lanes) == 0
