"""What was decided is sent: in order, once, again where that helps, and never in another's way."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.client import ApiError, Unreachable
from states.outcome import Erase, Priority, Say
from storage.outbox import FORBIDDEN, GONE
from storage.tables import OutboxState
from tests.bot.clockwork import START, settle
from tests.bot.made import CHEN, LING
from tests.bot.post_office import Office, draw_apology, row, rows

# --- order ---------------------------------------------------------------------------------------


async def test_a_chat_gets_its_messages_in_the_order_they_were_made(office: Office) -> None:
    office.sender.submit([row(2), row(1), row(3)])
    await office.until_sent()
    assert office.line.texts == ["1", "2", "3"]
    assert office.line.most == 1
    assert set(office.became().values()) == {OutboxState.SENT}


async def test_the_next_row_of_a_chat_waits_for_the_mark_of_the_one_before(office: Office) -> None:
    office.sender.submit(rows(1, 2))
    await settle()
    assert office.line.texts == ["1"]
    assert office.sender.marks_wanted
    await office.commit()
    assert office.line.texts == ["1", "2"]


async def test_a_commit_that_failed_keeps_the_next_row_back(office: Office) -> None:
    office.sender.submit(rows(1, 2))
    await settle()
    office.sender.give_back(office.sender.take_marks())
    await settle()
    assert office.line.texts == ["1"]
    assert office.sender.has_marks
    assert [mark.row.id for mark in await office.commit()] == [1]
    assert office.line.texts == ["1", "2"]


async def test_one_chat_waits_for_no_other(office: Office) -> None:
    office.line.planned["1"] = [Unreachable("ClientOSError")]
    office.sender.submit([row(1, LING), row(2, CHEN)])
    await settle()
    assert office.line.texts == ["2"]


async def test_replies_go_before_notices_before_bulk(office: Office) -> None:
    office.line.gate = asyncio.Event()
    office.sender.submit([row(1)])
    await settle()
    priorities = (Priority.BULK, Priority.NOTICE, Priority.REPLY)
    office.sender.submit([row(n, priority=p) for n, p in zip((2, 3, 4), priorities, strict=True)])
    office.line.gate.set()
    await office.until_sent()
    assert office.line.texts == ["1", "4", "3", "2"]


async def test_a_row_that_is_on_its_way_is_not_sent_again(office: Office) -> None:
    office.sender.submit(rows(1))
    office.sender.submit(rows(1))
    office.table.rows = list(rows(1))
    await office.sender.catch_up()
    await settle()
    await office.sender.catch_up()
    await office.until_sent()
    assert office.line.texts == ["1"]


async def test_what_a_crash_left_in_the_table_is_sent(office: Office) -> None:
    office.table.rows = list(rows(5, 4))
    await office.sender.recover()
    await office.until_sent()
    assert office.line.texts == ["4", "5"]


# --- pace ----------------------------------------------------------------------------------------


async def test_five_replies_go_at_once_and_then_one_a_second(office: Office) -> None:
    office.sender.submit(rows(*range(1, 9)))
    await office.until_sent()
    assert len(office.line.sent) == 5
    for count in (6, 7, 8):
        await office.until_sent(1.0)
        assert len(office.line.sent) == count


async def test_a_429_is_waited_out_and_remembered(office: Office) -> None:
    office.line.planned["1"] = [ApiError(429, "Too Many Requests", 30)]
    office.sender.submit([row(1), row(2, CHEN), row(3, CHEN, priority=Priority.NOTICE)])
    await office.until_sent(29.5)
    assert office.line.texts == ["2"]
    assert office.table.held == {LING: START + timedelta(seconds=30)}
    await office.until_sent(1)
    assert sorted(office.line.texts) == ["1", "2", "3"]


async def test_a_429_from_before_a_restart_still_holds(office: Office) -> None:
    office.table.held = {LING: START + timedelta(seconds=20)}
    office.table.rows = list(rows(1))
    await office.sender.recover()
    await office.until_sent(19)
    assert office.line.texts == []
    await office.until_sent(2)
    assert office.line.texts == ["1"]


async def test_a_row_waits_for_its_time(office: Office) -> None:
    office.sender.submit([row(1, not_before=START + timedelta(seconds=90)), row(2)])
    await office.until_sent(89)
    assert office.line.texts == ["2"]
    await office.until_sent(2)
    assert office.line.texts == ["2", "1"]


# --- trouble -------------------------------------------------------------------------------------


async def test_trouble_is_retried_with_back_off_doubling_up_to_a_minute(office: Office) -> None:
    office.line.planned["1"] = [Unreachable("HTTP 502")] * 9
    office.sender.submit(rows(1))
    await office.until_sent(400)
    waits = [seconds for seconds in office.machine.slept if seconds >= 1]
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert office.line.texts == ["1"]
    assert office.marks[0].row.attempts == 10


REFUSALS = {
    "400": (400, "Bad Request: can't parse entities", "400"),
    "404": (404, "Not Found: method not found", "404"),
    "gone": (400, "Bad Request: chat not found", GONE),
    "blocked": (403, "Forbidden: bot was blocked by the user", FORBIDDEN),
}


@pytest.mark.parametrize(("code", "words", "error"), REFUSALS.values(), ids=REFUSALS.keys())
async def test_a_refusal_ends_its_row_and_later_rows_go_on(
    office: Office, code: int, words: str, error: str
) -> None:
    office.line.planned["1"] = [ApiError(code, words)]
    office.sender.submit(rows(1, 2))
    await office.until_sent(5)
    assert office.line.texts == ["2"]
    assert office.became() == {1: OutboxState.FAILED, 2: OutboxState.SENT}
    assert office.marks[0].error == error


async def test_a_message_that_cannot_be_made_fails_alone(office: Office) -> None:
    office.sender.submit([row(1, act=Say("broken")), row(2, act=Say("unheard of")), row(3)])
    await office.until_sent()
    assert office.line.texts == ["3"]
    assert office.became() == {
        1: OutboxState.FAILED,
        2: OutboxState.FAILED,
        3: OutboxState.SENT,
    }
    # The apology has no words here either, and that is what the mark says in the end.
    assert [mark.error for mark in office.marks[:2]] == ["KeyError", "KeyError"]


async def test_a_row_that_is_too_late_is_not_sent(office: Office) -> None:
    office.line.planned["1"] = [Unreachable("HTTP 502")] * 5
    late = row(2, expires_at=START + timedelta(seconds=10))
    office.sender.submit([row(1), late, row(3)])
    await office.until_sent(60)
    assert office.line.texts == ["1", "3"]
    assert office.became()[2] == OutboxState.EXPIRED


async def test_records_that_cannot_be_read_now_are_read_later(office: Office) -> None:
    office.unreadable = 2
    office.sender.submit(rows(1))
    await office.until_sent(0.5)
    assert office.line.texts == []
    await office.until_sent(5)
    assert office.line.texts == ["1"]


@pytest.mark.parametrize("priority", [Priority.NOTICE, Priority.BULK])
async def test_who_waits_for_nothing_gets_no_apology(office: Office, priority: Priority) -> None:
    office.screens["apology"] = draw_apology
    office.sender.submit([row(1, act=Say("broken", priority=priority)), row(2)])
    await office.until_sent()
    assert office.line.texts == ["2"]
    assert office.became()[1] == OutboxState.FAILED


async def test_who_waits_for_a_message_that_cannot_be_made_gets_an_apology(office: Office) -> None:
    office.screens["apology"] = draw_apology
    office.sender.submit([row(1, act=Say("broken"))])
    await office.until_sent()
    assert office.line.texts == ["sorry"]


async def test_a_message_that_cannot_be_erased_stops_nothing(office: Office) -> None:
    words = "Bad Request: message can't be deleted for everyone"
    office.line.planned["9"] = [ApiError(400, words)]
    office.sender.submit([row(1, act=Erase(9)), row(2)])
    await office.until_sent()
    assert office.line.texts == ["2"]


# --- bulk ----------------------------------------------------------------------------------------


async def test_bulk_is_claimed_before_it_goes_and_replies_are_not(office: Office) -> None:
    office.line.gate = asyncio.Event()
    office.sender.submit([row(1), row(2, CHEN, priority=Priority.BULK)])
    await settle()
    assert office.table.claimed == [2]
    assert office.line.texts == []
    office.line.gate.set()
    await office.until_sent()
    assert sorted(office.line.texts) == ["1", "2"]


async def test_bulk_that_cannot_be_claimed_waits_and_goes_later(office: Office) -> None:
    office.table.gone = 2
    office.sender.submit([row(1, priority=Priority.BULK)])
    await office.until_sent(0.5)
    assert office.line.texts == []
    await office.until_sent(5)
    assert office.line.texts == ["1"]
    assert office.became() == {1: OutboxState.SENT}
