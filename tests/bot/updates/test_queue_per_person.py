"""Key queues keep each person's updates in order, one at a time, and forget idle people."""

from __future__ import annotations

import asyncio
import random
from dataclasses import replace
from typing import Any, cast

from hypothesis import given
from hypothesis import strategies as st

from bot.core.runtime import BackgroundTasks, Clocks
from bot.updates.queue_per_person import BATCH, FRESH, FULL, MANY, KeyQueues, UpdateQueue
from storage.updates.inbox import ReceivedUpdate
from tests.fakes.clocks import START, FakeMonotonicClock, FakeWallClock


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


class NoFiles:
    """Attachments of updates that carry none."""

    def has_file(self, _row: ReceivedUpdate) -> bool:
        return False


def queue_of(*rows: ReceivedUpdate) -> UpdateQueue:
    """A queue in which these committed updates are ready."""
    monotonic = FakeMonotonicClock()
    clocks = Clocks(FakeWallClock(monotonic), monotonic)
    queue = UpdateQueue(cast(Any, NoFiles()), clocks, BackgroundTasks())
    queue.put(rows)
    return queue


def people(count: int, first: int = 1) -> list[ReceivedUpdate]:
    """Updates of so many people."""
    return [update(number, queue_key=number) for number in range(first, first + count)]


def taken(queue: UpdateQueue) -> list[int]:
    """The updates that run next, which are then done."""
    updates, _ = queue.take()
    for update in updates:
        queue.complete(update)
    return [update.row.update_id for update in updates]


def test_of_many_the_oldest_run_and_some_of_the_newest() -> None:
    queue = queue_of(*people(MANY + 10))
    newest = [*range(MANY + 10, MANY + 10 - FRESH, -1)]
    assert taken(queue) == [*newest, *range(1, BATCH - FRESH + 1)]
    rest = [number for _ in range(3) for number in taken(queue)]
    assert sorted(rest) == [*range(BATCH - FRESH + 1, MANY + 10 - FRESH + 1)]


def test_a_few_run_in_their_order() -> None:
    assert taken(queue_of(*people(MANY))) == [*range(1, BATCH + 1)]


async def test_while_full_requests_come_in_few_run_so_that_the_intake_goes_on() -> None:
    queue = queue_of(*people(MANY))
    waiting = asyncio.ensure_future(queue.put_uncommitted(people(FULL, 1_000)))
    await asyncio.sleep(0)
    assert len(taken(queue)) == 2 * FRESH
    waiting.cancel()


async def stored_of_a_full_request() -> UpdateQueue:
    """A queue with many ready updates, right after the commit of a full request."""
    queue = queue_of(*people(MANY))
    stored = asyncio.ensure_future(queue.put_uncommitted(people(FULL, 1_000)))
    await asyncio.sleep(0)
    _, batches = queue.take()
    queue.committed(batches, set())
    await stored
    return queue


async def test_between_two_full_requests_the_next_one_goes_first() -> None:
    """It is on its way; who writes now may be behind it."""
    queue = await stored_of_a_full_request()
    assert taken(queue) == []
    following = asyncio.ensure_future(queue.put_uncommitted(people(FULL, 2_000)))
    await asyncio.sleep(0)
    assert len(taken(queue)) == 2 * FRESH
    following.cancel()


async def test_what_is_ready_runs_if_the_next_full_request_is_slow() -> None:
    queue = await stored_of_a_full_request()
    queue.changed.clear()
    await asyncio.wait_for(queue.changed.wait(), 1)
    assert len(taken(queue)) == 2 * FRESH


def test_who_keeps_coming_does_not_hold_up_an_update_that_failed_once() -> None:
    """Nor those behind it, although many newer ones are ready at each turn."""
    failed = [replace(update(number, queue_key=number), attempts=1) for number in (1, 3)]
    queue = queue_of(failed[0], update(2, queue_key=2), failed[1], *people(3 * MANY, 4))
    assert taken(queue) == [1], "alone"
    queue.put(people(FRESH, 10_000))
    assert 2 in taken(queue)
    queue.put(people(FRESH, 20_000))
    assert taken(queue) == [3]
    assert 4 in taken(queue)
