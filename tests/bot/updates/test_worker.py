"""The worker runs updates in order per person and commits a batch at once; trouble stays local."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.updates import completion, worker
from states.texts import Problem
from storage.engine.database import Unavailable
from storage.updates.outbox import DeliveryResult
from tests.bot.people import CHEN, LING
from tests.fakes.clocks import START, FakeMonotonicClock, settle
from tests.fakes.worker import (
    ADMINISTRATOR,
    FakeDatabase,
    WorkerHarness,
    mark,
    running,
    update,
)


@pytest.fixture
async def harness(tmp_path: Path) -> AsyncIterator[WorkerHarness]:
    db = FakeDatabase(tmp_path)
    yield WorkerHarness(FakeMonotonicClock(), db)
    await db.close()


# --- order ---------------------------------------------------------------------------------------


async def test_a_persons_updates_run_one_by_one_in_order(harness: WorkerHarness) -> None:
    async with running(harness, [update(3), update(1), update(2)]):
        assert harness.store.done == [1, 2, 3]
        assert [commit.updates for commit in harness.store.commits] == [[1], [2], [3]]
        assert [row.chat_id for row in harness.sender.handed] == [LING] * 3


async def test_a_lower_update_that_comes_late_runs_next(harness: WorkerHarness) -> None:
    harness.dispatcher.gate = asyncio.Event()
    async with running(harness, [update(10), update(12)]) as queue:
        queue.put([update(11)])
        harness.dispatcher.gate.set()
        await settle()
        assert harness.store.done == [10, 11, 12]


async def test_a_busy_worker_takes_one_update_of_each_person_as_one_batch(
    harness: WorkerHarness,
) -> None:
    rows = [update(n, queue_key=1 + n % 4) for n in range(12)]
    async with running(harness, rows):
        assert [commit.updates for commit in harness.store.commits] == [
            [0, 1, 2, 3],
            [4, 5, 6, 7],
            [8, 9, 10, 11],
        ]
        assert harness.store.loaded == [commit.updates for commit in harness.store.commits]


async def test_a_batch_is_no_larger_than_it_may_be(harness: WorkerHarness) -> None:
    async with running(harness, [update(n, queue_key=n + 1) for n in range(7)], batch=3):
        assert [len(commit.updates) for commit in harness.store.commits] == [3, 3, 1]


async def test_what_counts_is_when_the_person_acted(harness: WorkerHarness) -> None:
    sent = int((START - timedelta(minutes=5)).timestamp())
    edited = sent + 60
    rows = [
        update(1, 1, message={"date": sent}),
        update(2, 2, edited_message={"date": sent, "edit_date": edited}),
        update(3, 3, callback_query={"id": "5"}),
    ]
    async with running(harness, rows):
        assert harness.dispatcher.moments == {
            1: datetime.fromtimestamp(sent, UTC),
            2: datetime.fromtimestamp(edited, UTC),
            3: START,
        }


# --- what has just come --------------------------------------------------------------------------


async def test_what_has_just_come_is_kept_and_done_in_one_commit(harness: WorkerHarness) -> None:
    async with running(harness, []) as queue:
        assert await queue.put_uncommitted([update(1), update(2), update(3, CHEN)]) == 3
        first = harness.store.commits[0]
        assert (first.updates, first.waiting) == ([1, 3], [2])
        await settle()
        assert harness.store.done == [1, 3, 2]
        assert harness.inbox.kept == []


async def test_what_is_not_kept_is_not_done_and_comes_again(harness: WorkerHarness) -> None:
    async with running(harness, [update(1)]) as queue:
        harness.db.gone = 1
        with pytest.raises(Unavailable):
            await queue.put_uncommitted([update(2), update(3), update(4, CHEN)])
        await harness.monotonic.forward(60)
        assert harness.store.done == [1]
        assert await queue.put_uncommitted([update(2), update(3), update(4, CHEN)]) == 3
        await settle()
        assert harness.store.done == [1, 2, 4, 3]


async def test_what_was_kept_before_runs_on_when_what_has_come_is_not(
    harness: WorkerHarness,
) -> None:
    harness.dispatcher.gate = asyncio.Event()
    async with running(harness, [update(1), update(2)]) as queue:
        coming = asyncio.create_task(queue.put_uncommitted([update(3), update(4, CHEN)]))
        await settle()
        harness.db.gone = 2
        harness.dispatcher.gate.set()
        await settle()
        await harness.monotonic.forward(completion.RETRY_SECONDS)
        with pytest.raises(Unavailable):
            await coming
        await harness.monotonic.forward(completion.RETRY_SECONDS)
        assert harness.store.done == [1, 2]


async def test_what_is_known_is_not_done_again_and_the_rest_is(harness: WorkerHarness) -> None:
    harness.store.known = harness.inbox.known = {1, 3}
    async with running(harness, []) as queue:
        assert (
            await queue.put_uncommitted([update(1), update(2), update(3, CHEN), update(4, CHEN)])
            == 2
        )
        await settle()
        assert harness.inbox.kept == [2, 4]
        assert harness.store.done == [2, 4]


async def test_one_that_cannot_be_written_keeps_nothing_from_being_kept(
    harness: WorkerHarness,
) -> None:
    harness.store.unwritable = {2}
    async with running(harness, []) as queue:
        assert await queue.put_uncommitted([update(1, 1), update(2, 2), update(3, 3)]) == 3
        await settle()
        assert harness.inbox.kept == [1, 2, 3]
        assert harness.store.done == [1, 3]
        assert harness.inbox.failures == [(2, "RuntimeError")]


async def test_what_fails_waits_in_the_commit_of_the_others(harness: WorkerHarness) -> None:
    async with running(harness, []) as queue:
        assert (
            await queue.put_uncommitted([update(1, 1), update(2, 2, raises=1), update(3, 3)]) == 3
        )
        first = harness.store.commits[0]
        assert (first.updates, first.waiting) == ([1, 3], [2])
        await harness.monotonic.forward(completion.RETRY_SECONDS)
        assert harness.store.done == [1, 3, 2]


async def test_an_exclusive_update_is_kept_and_done_in_one_commit_of_its_own(
    harness: WorkerHarness,
) -> None:
    async with running(harness, []) as queue:
        harness.sender.waiting = [mark(99)]
        rows = [update(2, exclusive=True), update(3, CHEN, exclusive=True)]
        assert await queue.put_uncommitted(rows) == 2
        await settle()
        commits = [(c.updates, c.waiting, c.marks) for c in harness.store.commits]
        assert commits == [([2], [3], [99]), ([3], [], [])]
        assert harness.store.loaded == [[2], [3]], "each is loaded once"


async def test_beside_a_batch_an_exclusive_update_is_kept_before_it_runs(
    harness: WorkerHarness,
) -> None:
    """So Telegram's acknowledgement of the batch does not wait for it."""
    async with running(harness, []) as queue:
        await queue.put_uncommitted([update(2, exclusive=True), update(3, CHEN)])
        await settle()
        assert [(c.updates, c.waiting) for c in harness.store.commits] == [([3], [2]), ([2], [])]
        assert harness.store.loaded == [[3], [2]]


async def test_a_step_that_turns_out_exclusive_is_kept_before_it_runs(
    harness: WorkerHarness,
) -> None:
    async with running(harness, []) as queue:
        await queue.put_uncommitted([update(2, turns_exclusive=True)])
        await settle()
        assert [(c.updates, c.waiting) for c in harness.store.commits] == [([], [2]), ([2], [])]
        told = harness.metrics.registry.get_sample_value("baoming_updates_rerouted_total")
        assert told == 1


@pytest.mark.parametrize("raw", [{"raises": 1}, {"gone": 1}])
async def test_an_exclusive_update_whose_transaction_fails_is_done_later_and_once(
    harness: WorkerHarness, raw: dict[str, Any]
) -> None:
    async with running(harness, []) as queue:
        keeping = asyncio.create_task(
            queue.put_uncommitted([update(2, exclusive=True, **raw), update(3)])
        )
        await harness.monotonic.forward(10)
        if "gone" in raw:
            with pytest.raises(Unavailable):
                await keeping
            assert harness.store.done == [], "Telegram was told nothing, and tells both again"
            again = [update(2, exclusive=True), update(3)]
            keeping = asyncio.create_task(queue.put_uncommitted(again))
        assert await keeping == 2
        await harness.monotonic.forward(10)
        assert harness.store.done == [2, 3]


async def test_an_exclusive_update_that_is_known_already_is_not_done_again(
    harness: WorkerHarness,
) -> None:
    harness.store.known = harness.inbox.known = {2}
    async with running(harness, []) as queue:
        rows = [update(2, exclusive=True), update(3, CHEN, exclusive=True)]
        assert await queue.put_uncommitted(rows) == 1
        await settle()
        assert harness.store.done == [3]


async def test_after_a_commit_in_doubt_an_exclusive_update_is_done_once(
    harness: WorkerHarness,
) -> None:
    async with running(harness, []) as queue:
        harness.db.lost = 1
        with pytest.raises(Unavailable):
            await queue.put_uncommitted([update(2, exclusive=True)])
        await harness.monotonic.forward(60)
        harness.store.known = harness.inbox.known = {2}
        assert await queue.put_uncommitted([replace(update(2, exclusive=True), id=7)]) == 0
        await settle()
        assert harness.store.done[1:] == [2]


async def test_a_picture_is_fetched_once_its_update_is_kept(harness: WorkerHarness) -> None:
    harness.attachments.arrived.set()
    async with running(harness, []) as queue:
        harness.db.gone = 1
        with pytest.raises(Unavailable):
            await queue.put_uncommitted([update(1, picture=True)])
        await harness.monotonic.forward(60)
        assert harness.attachments.fetched == 0
        await queue.put_uncommitted([update(1, picture=True)])
        await settle()
        assert (harness.attachments.fetched, harness.store.done) == (1, [1])


async def test_after_a_commit_in_doubt_it_is_asked_what_was_kept(harness: WorkerHarness) -> None:
    """The one in doubt was kept after all: it comes again as a known one, and runs."""
    async with running(harness, []) as queue:
        harness.db.lost = 1
        with pytest.raises(Unavailable):
            await queue.put_uncommitted([update(1)])
        await harness.monotonic.forward(60)
        harness.store.known = harness.inbox.known = {1}
        assert await queue.put_uncommitted([replace(update(1), id=7), update(2, CHEN)]) == 1
        await settle()
        assert sorted(harness.store.done[1:]) == [1, 2]


async def test_what_was_in_doubt_runs_before_what_its_person_sent_after_it(
    harness: WorkerHarness,
) -> None:
    async with running(harness, []) as queue:
        harness.db.lost = 1
        with pytest.raises(Unavailable):
            await queue.put_uncommitted([update(1)])
        await harness.monotonic.forward(60)
        harness.store.known = harness.inbox.known = {1}
        assert await queue.put_uncommitted([replace(update(1), id=7), update(2)]) == 1
        await settle()
        assert harness.store.done[1:] == [1, 2]


@pytest.mark.parametrize("again", [(2,), (1, 2), (1, 2, 3)])
async def test_one_that_is_told_again_while_it_waits_is_done_once(
    harness: WorkerHarness, again: Sequence[int]
) -> None:
    """So it is after a crash: what was kept waits, and Telegram did not hear of it."""
    async with running(harness, [update(1, picture=True), update(2), update(3)]) as queue:
        harness.store.known = harness.inbox.known = set(again)
        assert await queue.put_uncommitted([replace(update(n), id=n + 6) for n in again]) == 0
        harness.attachments.arrived.set()
        await settle()
        assert harness.store.done == [1, 2, 3]


# --- pictures ------------------------------------------------------------------------------------


async def test_nobody_waits_for_somebody_elses_picture(harness: WorkerHarness) -> None:
    rows = [update(1, picture=True), update(2), update(3, CHEN)]
    async with running(harness, rows):
        assert harness.store.done == [3]
        harness.attachments.arrived.set()
        await settle()
        assert harness.store.done == [3, 1, 2]
        assert harness.dispatcher.files[1] == Problem("problem-photo-unknown")


async def test_a_picture_is_fetched_again_when_the_database_was_gone(
    harness: WorkerHarness,
) -> None:
    harness.attachments.arrived.set()
    harness.attachments.faults = [Unavailable("locked")]
    async with running(harness, [update(1, picture=True)]):
        assert harness.store.done == []
        await harness.monotonic.forward(1)
        assert (harness.store.done, harness.attachments.fetched) == ([1], 2)
        assert harness.inbox.failures == []


# --- alone ---------------------------------------------------------------------------------------


async def test_a_step_that_touches_what_is_shared_runs_alone(harness: WorkerHarness) -> None:
    async with running(harness, [update(1, 1), update(2, 2, exclusive=True), update(3, 3)]):
        assert [commit.updates for commit in harness.store.commits] == [[1, 3], [2]]
        assert harness.dispatcher.seen == [(1, False), (3, False), (2, True)]


async def test_a_step_that_turns_out_to_touch_what_is_shared_runs_again_alone(
    harness: WorkerHarness,
) -> None:
    rows = [update(1, 1), update(2, 2, turns_exclusive=True), update(3, 3)]
    async with running(harness, rows):
        assert [commit.updates for commit in harness.store.commits] == [[1, 3], [2]]
        assert harness.dispatcher.seen == [(1, False), (2, False), (3, False), (2, True)]


async def test_an_alone_step_waits_for_a_database_that_is_gone(harness: WorkerHarness) -> None:
    harness.db.gone = 2
    async with running(harness, [update(2, exclusive=True)]):
        assert harness.store.done == []
        await harness.monotonic.forward(5)
        assert harness.store.done == [2]
        assert harness.inbox.failures == []


# --- trouble -------------------------------------------------------------------------------------


async def test_a_database_that_is_gone_is_waited_for_and_nothing_is_lost(
    harness: WorkerHarness,
) -> None:
    harness.db.gone = 3
    rows = [update(n, queue_key=n % 2 + 1) for n in range(6)]
    harness.sender.waiting = [mark(99)]
    async with running(harness, rows):
        assert harness.store.done == []
        await harness.monotonic.forward(5)
        assert harness.store.done == [0, 1, 2, 3, 4, 5]
        assert harness.sender.written == [99]
        assert harness.inbox.failures == []


async def test_a_step_that_finds_the_database_gone_has_not_failed(harness: WorkerHarness) -> None:
    async with running(harness, [update(1, 1, gone=5), update(2, 2)]):
        assert harness.store.done == [2]
        await harness.monotonic.forward(10)
        assert harness.store.done == [2, 1]
        assert (harness.inbox.failures, harness.store.dead) == ([], [])


async def test_a_step_that_raises_drops_only_its_own_unit_and_is_tried_again(
    harness: WorkerHarness,
) -> None:
    rows = [update(1, 1), update(2, 2, raises=1), update(3, 3)]
    async with running(harness, rows):
        assert [commit.updates for commit in harness.store.commits] == [[1, 3]]
        assert harness.inbox.failures == [(2, "RuntimeError")]
        await harness.monotonic.forward(completion.RETRY_SECONDS)
        assert harness.store.done == [1, 3, 2]


async def test_a_step_that_failed_once_is_never_batched_again(harness: WorkerHarness) -> None:
    harness.dispatcher.gate = asyncio.Event()
    harness.dispatcher.gate.set()
    async with running(harness, [update(2, 2, raises=1)]) as queue:
        harness.dispatcher.gate.clear()
        queue.put([update(5, 5)])
        await harness.monotonic.forward(completion.RETRY_SECONDS)
        queue.put([update(6, 6)])
        harness.dispatcher.gate.set()
        await settle()
        assert [commit.updates for commit in harness.store.commits] == [[5], [2], [6]]


@pytest.mark.parametrize(
    "raw",
    [
        {"raises": 99},
        {"raises": 99, "exclusive": True},
        {"raises": 99, "turns_exclusive": True},
        {"unreadable": 1},
    ],
)
async def test_a_poisonous_update_is_set_aside_with_an_apology_and_an_alert(
    harness: WorkerHarness, raw: dict[str, Any]
) -> None:
    async with running(harness, [update(1, **raw), update(2)]):
        await harness.monotonic.forward(10)
        assert harness.store.dead == [1]
        assert [number for number, _ in harness.inbox.failures] == [1] * (completion.TRIES - 1)
        assert harness.store.commits[-2].said == [(LING, "apology"), (ADMINISTRATOR, "alert")]
        assert harness.store.done == [2], "the lane goes on"


async def test_an_update_of_no_person_is_set_aside_without_an_apology(
    harness: WorkerHarness,
) -> None:
    async with running(harness, [update(1, -100, raises=99)]):
        await harness.monotonic.forward(10)
        assert harness.store.commits[-1].said == [(ADMINISTRATOR, "alert")]


async def test_setting_aside_waits_for_a_database_that_is_gone(harness: WorkerHarness) -> None:
    async with running(harness, [update(1, unreadable=1)]):
        await harness.monotonic.forward(2.5)
        harness.db.gone = 2
        await harness.monotonic.forward(10)
        assert harness.store.dead == [1]


MALFORMED: tuple[Mapping[str, Any], ...] = (
    {"message": "text"},
    {"message": {"date": 10**18}},
    {"message": {"date": -(10**18)}},
    {"message": {"date": "today"}},
    {"edited_message": [1]},
    {"callback_query": "press"},
)


@pytest.mark.parametrize("raw", MALFORMED)
async def test_a_malformed_update_does_not_stop_the_worker(
    harness: WorkerHarness, raw: Mapping[str, Any]
) -> None:
    async with running(harness, [update(1, unreadable=1, **raw), update(2, CHEN)]):
        await harness.monotonic.forward(10)
        assert harness.store.dead == [1]
        assert harness.store.done == [2]


async def test_a_batch_that_cannot_be_written_is_run_one_by_one(harness: WorkerHarness) -> None:
    harness.store.unwritable = {2}
    harness.sender.waiting = [mark(99)]
    async with running(harness, [update(1, 1), update(2, 2), update(3, 3)]):
        await harness.monotonic.forward(10)
        assert harness.store.done == [1, 3]
        assert harness.store.dead == [2]
        assert harness.sender.written == [99]


# --- results and answers to buttons ---------------------------------------------------------------


async def test_marks_ride_along_in_the_next_commit(harness: WorkerHarness) -> None:
    async with running(harness, []) as queue:
        harness.sender.waiting = [mark(98), mark(99)]
        queue.put([update(1)])
        await settle()
        assert [(c.updates, c.marks) for c in harness.store.commits] == [([1], [98, 99])]
        assert harness.sender.written == [98, 99]


async def test_marks_that_a_chat_waits_for_are_written_at_once(harness: WorkerHarness) -> None:
    async with running(harness, []):
        harness.sender.waiting, harness.sender.results_wanted = [mark(99)], True
        harness.sender.wake()
        await settle()
        assert [(c.updates, c.marks) for c in harness.store.commits] == [([], [99])]


async def test_idle_marks_are_written_by_themselves(
    harness: WorkerHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "IDLE_SECONDS", 0.01)
    written = asyncio.Event()

    def marked(marks: Sequence[DeliveryResult]) -> None:
        written.set()

    monkeypatch.setattr(harness.sender, "results_committed", marked)
    async with running(harness, []):
        harness.sender.waiting = [mark(99)]
        harness.sender.wake()
        async with asyncio.timeout(5):
            await written.wait()
        assert [c.marks for c in harness.store.commits] == [[99]]


async def test_a_pressed_button_is_answered_after_the_commit_with_a_toast_or_without(
    harness: WorkerHarness,
) -> None:
    rows = [
        update(1, 1, callback_query={"id": "51"}, toast="toast-submitted"),
        update(2, 2, callback_query={"id": "52"}),
        update(3, 3, toast="toast-submitted"),
    ]
    async with running(harness, rows):
        assert harness.callback_answers.given == [("51", "已提交"), ("52", None)]


async def test_a_button_whose_step_failed_for_good_is_answered_too(harness: WorkerHarness) -> None:
    async with running(harness, [update(1, callback_query={"id": "51"}, raises=99)]):
        await harness.monotonic.forward(10)
        assert harness.callback_answers.given == [("51", None)]
