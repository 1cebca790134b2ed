"""The pump: in order per person, many persons at once, one commit; trouble stays where it is."""

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
from tests.bot.clockwork import START, Clockwork, settle
from tests.bot.house import ADMINISTRATOR, House, Ledger, mark, running, update
from tests.bot.made import CHEN, LING


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    ledger = Ledger(tmp_path)
    yield House(Clockwork(), ledger)
    await ledger.close()


# --- order ---------------------------------------------------------------------------------------


async def test_a_persons_updates_run_one_by_one_in_order(house: House) -> None:
    async with running(house, [update(3), update(1), update(2)]):
        assert house.books.done == [1, 2, 3]
        assert [commit.updates for commit in house.books.commits] == [[1], [2], [3]]
        assert [row.chat_id for row in house.post.handed] == [LING] * 3


async def test_a_lower_update_that_comes_late_runs_next(house: House) -> None:
    house.deciding.gate = asyncio.Event()
    async with running(house, [update(10), update(12)]) as queue:
        queue.put([update(11)])
        house.deciding.gate.set()
        await settle()
        assert house.books.done == [10, 11, 12]


async def test_a_busy_pump_takes_one_update_of_each_person_as_one_batch(house: House) -> None:
    rows = [update(n, queue_key=1 + n % 4) for n in range(12)]
    async with running(house, rows):
        assert [commit.updates for commit in house.books.commits] == [
            [0, 1, 2, 3],
            [4, 5, 6, 7],
            [8, 9, 10, 11],
        ]
        assert house.books.loaded == [commit.updates for commit in house.books.commits]


async def test_a_batch_is_no_larger_than_it_may_be(house: House) -> None:
    async with running(house, [update(n, queue_key=n + 1) for n in range(7)], batch=3):
        assert [len(commit.updates) for commit in house.books.commits] == [3, 3, 1]


async def test_what_counts_is_when_the_person_acted(house: House) -> None:
    sent = int((START - timedelta(minutes=5)).timestamp())
    edited = sent + 60
    rows = [
        update(1, 1, message={"date": sent}),
        update(2, 2, edited_message={"date": sent, "edit_date": edited}),
        update(3, 3, callback_query={"id": "5"}),
    ]
    async with running(house, rows):
        assert house.deciding.moments == {
            1: datetime.fromtimestamp(sent, UTC),
            2: datetime.fromtimestamp(edited, UTC),
            3: START,
        }


# --- what has just come --------------------------------------------------------------------------


async def test_what_has_just_come_is_kept_and_done_in_one_commit(house: House) -> None:
    async with running(house, []) as queue:
        assert await queue.put_uncommitted([update(1), update(2), update(3, CHEN)]) == 3
        first = house.books.commits[0]
        assert (first.updates, first.waiting) == ([1, 3], [2])
        await settle()
        assert house.books.done == [1, 3, 2]
        assert house.log.kept == []


async def test_what_is_not_kept_is_not_done_and_comes_again(house: House) -> None:
    async with running(house, [update(1)]) as queue:
        house.ledger.gone = 1
        with pytest.raises(Unavailable):
            await queue.put_uncommitted([update(2), update(3), update(4, CHEN)])
        await house.monotonic.forward(60)
        assert house.books.done == [1]
        assert await queue.put_uncommitted([update(2), update(3), update(4, CHEN)]) == 3
        await settle()
        assert house.books.done == [1, 2, 4, 3]


async def test_what_was_kept_before_runs_on_when_what_has_come_is_not(house: House) -> None:
    house.deciding.gate = asyncio.Event()
    async with running(house, [update(1), update(2)]) as queue:
        coming = asyncio.create_task(queue.put_uncommitted([update(3), update(4, CHEN)]))
        await settle()
        house.ledger.gone = 2
        house.deciding.gate.set()
        await settle()
        await house.monotonic.forward(completion.RETRY_SECONDS)
        with pytest.raises(Unavailable):
            await coming
        await house.monotonic.forward(completion.RETRY_SECONDS)
        assert house.books.done == [1, 2]


async def test_what_is_known_is_not_done_again_and_the_rest_is(house: House) -> None:
    house.books.known = house.log.known = {1, 3}
    async with running(house, []) as queue:
        assert (
            await queue.put_uncommitted([update(1), update(2), update(3, CHEN), update(4, CHEN)])
            == 2
        )
        await settle()
        assert house.log.kept == [2, 4]
        assert house.books.done == [2, 4]


async def test_one_that_cannot_be_written_keeps_nothing_from_being_kept(house: House) -> None:
    house.books.unwritable = {2}
    async with running(house, []) as queue:
        assert await queue.put_uncommitted([update(1, 1), update(2, 2), update(3, 3)]) == 3
        await settle()
        assert house.log.kept == [1, 2, 3]
        assert house.books.done == [1, 3]
        assert house.log.failures == [(2, "RuntimeError")]


async def test_what_fails_waits_in_the_commit_of_the_others(house: House) -> None:
    async with running(house, []) as queue:
        assert (
            await queue.put_uncommitted([update(1, 1), update(2, 2, raises=1), update(3, 3)]) == 3
        )
        first = house.books.commits[0]
        assert (first.updates, first.waiting) == ([1, 3], [2])
        await house.monotonic.forward(completion.RETRY_SECONDS)
        assert house.books.done == [1, 3, 2]


async def test_an_alone_step_is_kept_before_it_runs(house: House) -> None:
    async with running(house, []) as queue:
        await queue.put_uncommitted([update(2, exclusive=True)])
        await settle()
        assert [(c.updates, c.waiting) for c in house.books.commits] == [([], [2]), ([2], [])]


async def test_a_picture_is_fetched_once_its_update_is_kept(house: House) -> None:
    house.fetching.arrived.set()
    async with running(house, []) as queue:
        house.ledger.gone = 1
        with pytest.raises(Unavailable):
            await queue.put_uncommitted([update(1, picture=True)])
        await house.monotonic.forward(60)
        assert house.fetching.fetched == 0
        await queue.put_uncommitted([update(1, picture=True)])
        await settle()
        assert (house.fetching.fetched, house.books.done) == (1, [1])


async def test_after_a_commit_in_doubt_it_is_asked_what_was_kept(house: House) -> None:
    """The one in doubt was kept after all: it comes again as a known one, and runs."""
    async with running(house, []) as queue:
        house.ledger.lost = 1
        with pytest.raises(Unavailable):
            await queue.put_uncommitted([update(1)])
        await house.monotonic.forward(60)
        house.books.known = house.log.known = {1}
        assert await queue.put_uncommitted([replace(update(1), id=7), update(2, CHEN)]) == 1
        await settle()
        assert sorted(house.books.done[1:]) == [1, 2]


async def test_what_was_in_doubt_runs_before_what_its_person_sent_after_it(house: House) -> None:
    async with running(house, []) as queue:
        house.ledger.lost = 1
        with pytest.raises(Unavailable):
            await queue.put_uncommitted([update(1)])
        await house.monotonic.forward(60)
        house.books.known = house.log.known = {1}
        assert await queue.put_uncommitted([replace(update(1), id=7), update(2)]) == 1
        await settle()
        assert house.books.done[1:] == [1, 2]


@pytest.mark.parametrize("again", [(2,), (1, 2), (1, 2, 3)])
async def test_one_that_is_told_again_while_it_waits_is_done_once(
    house: House, again: Sequence[int]
) -> None:
    """So it is after a crash: what was kept waits, and Telegram did not hear of it."""
    async with running(house, [update(1, picture=True), update(2), update(3)]) as queue:
        house.books.known = house.log.known = set(again)
        assert await queue.put_uncommitted([replace(update(n), id=n + 6) for n in again]) == 0
        house.fetching.arrived.set()
        await settle()
        assert house.books.done == [1, 2, 3]


# --- pictures ------------------------------------------------------------------------------------


async def test_nobody_waits_for_somebody_elses_picture(house: House) -> None:
    rows = [update(1, picture=True), update(2), update(3, CHEN)]
    async with running(house, rows):
        assert house.books.done == [3]
        house.fetching.arrived.set()
        await settle()
        assert house.books.done == [3, 1, 2]
        assert house.deciding.files[1] == Problem("problem-photo-unknown")


async def test_a_picture_is_fetched_again_when_the_database_was_gone(house: House) -> None:
    house.fetching.arrived.set()
    house.fetching.faults = [Unavailable("locked")]
    async with running(house, [update(1, picture=True)]):
        assert house.books.done == []
        await house.monotonic.forward(1)
        assert (house.books.done, house.fetching.fetched) == ([1], 2)
        assert house.log.failures == []


# --- alone ---------------------------------------------------------------------------------------


async def test_a_step_that_touches_what_is_shared_runs_alone(house: House) -> None:
    async with running(house, [update(1, 1), update(2, 2, exclusive=True), update(3, 3)]):
        assert [commit.updates for commit in house.books.commits] == [[1, 3], [2]]
        assert house.deciding.seen == [(1, False), (2, False), (3, False), (2, True)]


async def test_an_alone_step_waits_for_a_database_that_is_gone(house: House) -> None:
    house.ledger.gone = 2
    async with running(house, [update(2, exclusive=True)]):
        assert house.books.done == []
        await house.monotonic.forward(5)
        assert house.books.done == [2]
        assert house.log.failures == []


# --- trouble -------------------------------------------------------------------------------------


async def test_a_database_that_is_gone_is_waited_for_and_nothing_is_lost(house: House) -> None:
    house.ledger.gone = 3
    rows = [update(n, queue_key=n % 2 + 1) for n in range(6)]
    house.post.waiting = [mark(99)]
    async with running(house, rows):
        assert house.books.done == []
        await house.monotonic.forward(5)
        assert house.books.done == [0, 1, 2, 3, 4, 5]
        assert house.post.written == [99]
        assert house.log.failures == []


async def test_a_step_that_finds_the_database_gone_has_not_failed(house: House) -> None:
    async with running(house, [update(1, 1, gone=5), update(2, 2)]):
        assert house.books.done == [2]
        await house.monotonic.forward(10)
        assert house.books.done == [2, 1]
        assert (house.log.failures, house.books.dead) == ([], [])


async def test_a_step_that_raises_drops_only_its_own_unit_and_is_tried_again(house: House) -> None:
    rows = [update(1, 1), update(2, 2, raises=1), update(3, 3)]
    async with running(house, rows):
        assert [commit.updates for commit in house.books.commits] == [[1, 3]]
        assert house.log.failures == [(2, "RuntimeError")]
        await house.monotonic.forward(completion.RETRY_SECONDS)
        assert house.books.done == [1, 3, 2]


async def test_a_step_that_failed_once_is_never_batched_again(house: House) -> None:
    house.deciding.gate = asyncio.Event()
    house.deciding.gate.set()
    async with running(house, [update(2, 2, raises=1)]) as queue:
        house.deciding.gate.clear()
        queue.put([update(5, 5)])
        await house.monotonic.forward(completion.RETRY_SECONDS)
        queue.put([update(6, 6)])
        house.deciding.gate.set()
        await settle()
        assert [commit.updates for commit in house.books.commits] == [[5], [2], [6]]


@pytest.mark.parametrize(
    "raw", [{"raises": 99}, {"raises": 99, "exclusive": True}, {"unreadable": 1}]
)
async def test_a_poisonous_update_is_set_aside_with_an_apology_and_an_alert(
    house: House, raw: dict[str, Any]
) -> None:
    async with running(house, [update(1, **raw), update(2)]):
        await house.monotonic.forward(10)
        assert house.books.dead == [1]
        assert [number for number, _ in house.log.failures] == [1] * (completion.TRIES - 1)
        assert house.books.commits[-2].said == [(LING, "apology"), (ADMINISTRATOR, "alert")]
        assert house.books.done == [2], "the lane goes on"


async def test_an_update_of_no_person_is_set_aside_without_an_apology(house: House) -> None:
    async with running(house, [update(1, -100, raises=99)]):
        await house.monotonic.forward(10)
        assert house.books.commits[-1].said == [(ADMINISTRATOR, "alert")]


async def test_setting_aside_waits_for_a_database_that_is_gone(house: House) -> None:
    async with running(house, [update(1, unreadable=1)]):
        await house.monotonic.forward(2.5)
        house.ledger.gone = 2
        await house.monotonic.forward(10)
        assert house.books.dead == [1]


MALFORMED: tuple[Mapping[str, Any], ...] = (
    {"message": "text"},
    {"message": {"date": 10**18}},
    {"message": {"date": -(10**18)}},
    {"message": {"date": "today"}},
    {"edited_message": [1]},
    {"callback_query": "press"},
)


@pytest.mark.parametrize("raw", MALFORMED)
async def test_a_malformed_update_does_not_stop_the_pump(
    house: House, raw: Mapping[str, Any]
) -> None:
    async with running(house, [update(1, unreadable=1, **raw), update(2, CHEN)]):
        await house.monotonic.forward(10)
        assert house.books.dead == [1]
        assert house.books.done == [2]


async def test_a_batch_that_cannot_be_written_is_run_one_by_one(house: House) -> None:
    house.books.unwritable = {2}
    house.post.waiting = [mark(99)]
    async with running(house, [update(1, 1), update(2, 2), update(3, 3)]):
        await house.monotonic.forward(10)
        assert house.books.done == [1, 3]
        assert house.books.dead == [2]
        assert house.post.written == [99]


# --- marks and answers ---------------------------------------------------------------------------


async def test_marks_ride_along_in_the_next_commit(house: House) -> None:
    async with running(house, []) as queue:
        house.post.waiting = [mark(98), mark(99)]
        queue.put([update(1)])
        await settle()
        assert [(c.updates, c.marks) for c in house.books.commits] == [([1], [98, 99])]
        assert house.post.written == [98, 99]


async def test_marks_that_a_chat_waits_for_are_written_at_once(house: House) -> None:
    async with running(house, []):
        house.post.waiting, house.post.results_wanted = [mark(99)], True
        house.post.wake()
        await settle()
        assert [(c.updates, c.marks) for c in house.books.commits] == [([], [99])]


async def test_idle_marks_are_written_by_themselves(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "IDLE_SECONDS", 0.01)
    written = asyncio.Event()

    def marked(marks: Sequence[DeliveryResult]) -> None:
        written.set()

    monkeypatch.setattr(house.post, "results_committed", marked)
    async with running(house, []):
        house.post.waiting = [mark(99)]
        house.post.wake()
        async with asyncio.timeout(5):
            await written.wait()
        assert [c.marks for c in house.books.commits] == [[99]]


async def test_a_pressed_button_is_answered_after_the_commit_with_a_toast_or_without(
    house: House,
) -> None:
    rows = [
        update(1, 1, callback_query={"id": "51"}, toast="toast-submitted"),
        update(2, 2, callback_query={"id": "52"}),
        update(3, 3, toast="toast-submitted"),
    ]
    async with running(house, rows):
        assert house.answers.given == [("51", "已提交"), ("52", None)]


async def test_a_button_whose_step_failed_for_good_is_answered_too(house: House) -> None:
    async with running(house, [update(1, callback_query={"id": "51"}, raises=99)]):
        await house.monotonic.forward(10)
        assert house.answers.given == [("51", None)]
