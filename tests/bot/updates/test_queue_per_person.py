"""Key queues keep each person's updates in order, one at a time, and forget idle people."""

from __future__ import annotations

import random
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.updates.queue_per_person import KeyQueues
from storage.updates.inbox import ReceivedUpdate
from tests.fakes.clocks import START


def update(number: int, queue_key: int = 1) -> ReceivedUpdate:
    return ReceivedUpdate(number, 4242, number, queue_key, START, {})


def test_the_first_runs_at_once_and_the_next_when_it_is_through() -> None:
    lanes = KeyQueues()
    first, second = update(1), update(2)
    assert lanes.push(first) is first
    assert lanes.push(second) is None
    assert lanes.complete(1) is second
    assert lanes.complete(1) is None
    assert len(lanes) == 0


def test_a_lower_number_that_comes_late_runs_before_the_higher_ones_that_wait() -> None:
    lanes = KeyQueues()
    lanes.push(update(10))
    lanes.push(update(12))
    late = update(11)
    lanes.push(late)
    assert lanes.complete(1) is late


def test_one_that_is_told_again_while_it_waits_waits_behind_itself() -> None:
    lanes = KeyQueues()
    waiting, again = update(11), replace(update(11), id=99)
    for row in (update(10), again, waiting):
        lanes.push(row)
    assert lanes.complete(1) is waiting
    assert lanes.complete(1) is again


def test_nobody_waits_for_somebody_else() -> None:
    lanes = KeyQueues()
    assert lanes.push(update(1, queue_key=1)) is not None
    assert lanes.push(update(2, queue_key=2)) is not None
    assert len(lanes) == 2


@given(st.lists(st.integers(1, 4), min_size=1, max_size=40), st.randoms(use_true_random=False))
def test_everything_runs_once_and_in_order_whenever_it_comes(
    owners: list[int], chance: random.Random
) -> None:
    lanes, run = KeyQueues(), dict[int, list[int]]()
    running: dict[int, ReceivedUpdate] = {}
    for number, queue_key in enumerate(owners):
        begun = lanes.push(update(number, queue_key))
        if begun is not None:
            assert queue_key not in running, "two of one person at once"
            running[queue_key] = begun
        while running and chance.random() < 0.5:
            done = chance.choice(sorted(running))
            run.setdefault(done, []).append(running.pop(done).update_id)
            following = lanes.complete(done)
            if following is not None:
                running[done] = following
    while running:
        done, row = running.popitem()
        run.setdefault(done, []).append(row.update_id)
        following = lanes.complete(done)
        if following is not None:
            running[done] = following
    for queue_key, numbers in run.items():
        assert numbers == [n for n, owner in enumerate(owners) if owner == queue_key]
    assert len(lanes) == 0
