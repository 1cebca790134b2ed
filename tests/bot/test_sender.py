"""What was decided is sent: in order, once, again where that helps, and never in another's way."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.api.client import ApiError, Unreachable
from states.step_result import DeleteMessage, Priority, ShowScreen
from storage.engine.tables import FORBIDDEN, GONE, OutboxState
from tests.bot.clockwork import START, settle
from tests.bot.made import CHEN, LING
from tests.bot.post_office import Office, draw_apology, row, rows

# --- order ---------------------------------------------------------------------------------------


async def test_a_chat_gets_its_messages_in_the_order_they_were_made(services: Office) -> None:
    services.sender.submit([row(2), row(1), row(3)])
    await services.until_sent()
    assert services.line.texts == ["1", "2", "3"]
    assert services.line.most == 1
    assert set(services.became().values()) == {OutboxState.SENT}


async def test_the_next_row_of_a_chat_waits_for_the_mark_of_the_one_before(
    services: Office,
) -> None:
    services.sender.submit(rows(1, 2))
    await settle()
    assert services.line.texts == ["1"]
    assert services.sender.results_wanted
    await services.commit()
    assert services.line.texts == ["1", "2"]


async def test_a_commit_that_failed_keeps_the_next_row_back(services: Office) -> None:
    services.sender.submit(rows(1, 2))
    await settle()
    services.sender.return_results(services.sender.take_results())
    await settle()
    assert services.line.texts == ["1"]
    assert services.sender.has_results
    assert [mark.row.id for mark in await services.commit()] == [1]
    assert services.line.texts == ["1", "2"]


async def test_one_chat_waits_for_no_other(services: Office) -> None:
    services.line.planned["1"] = [Unreachable("ClientOSError")]
    services.sender.submit([row(1, LING), row(2, CHEN)])
    await settle()
    assert services.line.texts == ["2"]


async def test_replies_go_before_notices_before_bulk(services: Office) -> None:
    services.line.gate = asyncio.Event()
    services.sender.submit([row(1)])
    await settle()
    priorities = (Priority.BULK, Priority.NOTICE, Priority.REPLY)
    services.sender.submit([row(n, priority=p) for n, p in zip((2, 3, 4), priorities, strict=True)])
    services.line.gate.set()
    await services.until_sent()
    assert services.line.texts == ["1", "4", "3", "2"]


async def test_a_row_that_is_on_its_way_is_not_sent_again(services: Office) -> None:
    services.sender.submit(rows(1))
    services.sender.submit(rows(1))
    services.table.rows = list(rows(1))
    await services.sender.catch_up()
    await settle()
    await services.sender.catch_up()
    await services.until_sent()
    assert services.line.texts == ["1"]


async def test_what_a_crash_left_in_the_table_is_sent(services: Office) -> None:
    services.table.rows = list(rows(5, 4))
    await services.sender.recover()
    await services.until_sent()
    assert services.line.texts == ["4", "5"]


# --- pace ----------------------------------------------------------------------------------------


async def test_five_replies_go_at_once_and_then_one_a_second(services: Office) -> None:
    services.sender.submit(rows(*range(1, 9)))
    await services.until_sent()
    assert len(services.line.sent) == 5
    for count in (6, 7, 8):
        await services.until_sent(1.0)
        assert len(services.line.sent) == count


async def test_a_429_is_waited_out_and_remembered(services: Office) -> None:
    services.line.planned["1"] = [ApiError(429, "Too Many Requests", 30)]
    services.sender.submit([row(1), row(2, CHEN), row(3, CHEN, priority=Priority.NOTICE)])
    await services.until_sent(29.5)
    assert services.line.texts == ["2"]
    assert services.table.held == {LING: START + timedelta(seconds=30)}
    await services.until_sent(1)
    assert sorted(services.line.texts) == ["1", "2", "3"]


async def test_a_429_from_before_a_restart_still_holds(services: Office) -> None:
    services.table.held = {LING: START + timedelta(seconds=20)}
    services.table.rows = list(rows(1))
    await services.sender.recover()
    await services.until_sent(19)
    assert services.line.texts == []
    await services.until_sent(2)
    assert services.line.texts == ["1"]


async def test_a_row_waits_for_its_time(services: Office) -> None:
    services.sender.submit([row(1, not_before=START + timedelta(seconds=90)), row(2)])
    await services.until_sent(89)
    assert services.line.texts == ["2"]
    await services.until_sent(2)
    assert services.line.texts == ["2", "1"]


# --- trouble -------------------------------------------------------------------------------------


async def test_trouble_is_retried_with_back_off_doubling_up_to_a_minute(services: Office) -> None:
    services.line.planned["1"] = [Unreachable("HTTP 502")] * 9
    services.sender.submit(rows(1))
    await services.until_sent(400)
    waits = [seconds for seconds in services.monotonic.slept if seconds >= 1]
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert services.line.texts == ["1"]
    assert services.marks[0].row.attempts == 10


REFUSALS = {
    "400": (400, "Bad Request: can't parse entities", "400"),
    "404": (404, "Not Found: method not found", "404"),
    "gone": (400, "Bad Request: chat not found", GONE),
    "blocked": (403, "Forbidden: bot was blocked by the user", FORBIDDEN),
}


@pytest.mark.parametrize(("code", "words", "error"), REFUSALS.values(), ids=REFUSALS.keys())
async def test_a_refusal_ends_its_row_and_later_rows_go_on(
    services: Office, code: int, words: str, error: str
) -> None:
    services.line.planned["1"] = [ApiError(code, words)]
    services.sender.submit(rows(1, 2))
    await services.until_sent(5)
    assert services.line.texts == ["2"]
    assert services.became() == {1: OutboxState.FAILED, 2: OutboxState.SENT}
    assert services.marks[0].error == error


async def test_a_message_that_cannot_be_made_fails_alone(services: Office) -> None:
    services.sender.submit(
        [row(1, effect=ShowScreen("broken")), row(2, effect=ShowScreen("unheard of")), row(3)]
    )
    await services.until_sent()
    assert services.line.texts == ["3"]
    assert services.became() == {
        1: OutboxState.FAILED,
        2: OutboxState.FAILED,
        3: OutboxState.SENT,
    }
    # The apology has no words here either, and that is what the mark says in the end.
    assert [mark.error for mark in services.marks[:2]] == ["KeyError", "KeyError"]


async def test_a_row_that_is_too_late_is_not_sent(services: Office) -> None:
    services.line.planned["1"] = [Unreachable("HTTP 502")] * 5
    late = row(2, expires_at=START + timedelta(seconds=10))
    services.sender.submit([row(1), late, row(3)])
    await services.until_sent(60)
    assert services.line.texts == ["1", "3"]
    assert services.became()[2] == OutboxState.EXPIRED


async def test_records_that_cannot_be_read_now_are_read_later(services: Office) -> None:
    services.unreadable = 2
    services.sender.submit(rows(1))
    await services.until_sent(0.5)
    assert services.line.texts == []
    await services.until_sent(5)
    assert services.line.texts == ["1"]


@pytest.mark.parametrize("priority", [Priority.NOTICE, Priority.BULK])
async def test_who_waits_for_nothing_gets_no_apology(services: Office, priority: Priority) -> None:
    services.screens["apology"] = draw_apology
    services.sender.submit([row(1, effect=ShowScreen("broken", priority=priority)), row(2)])
    await services.until_sent()
    assert services.line.texts == ["2"]
    assert services.became()[1] == OutboxState.FAILED


async def test_who_waits_for_a_message_that_cannot_be_made_gets_an_apology(
    services: Office,
) -> None:
    services.screens["apology"] = draw_apology
    services.sender.submit([row(1, effect=ShowScreen("broken"))])
    await services.until_sent()
    assert services.line.texts == ["sorry"]


async def test_a_message_that_cannot_be_erased_stops_nothing(services: Office) -> None:
    words = "Bad Request: message can't be deleted for everyone"
    services.line.planned["9"] = [ApiError(400, words)]
    services.sender.submit([row(1, effect=DeleteMessage(9)), row(2)])
    await services.until_sent()
    assert services.line.texts == ["2"]


# --- bulk ----------------------------------------------------------------------------------------


async def test_bulk_is_claimed_before_it_goes_and_replies_are_not(services: Office) -> None:
    services.line.gate = asyncio.Event()
    services.sender.submit([row(1), row(2, CHEN, priority=Priority.BULK)])
    await settle()
    assert services.table.claimed == [2]
    assert services.line.texts == []
    services.line.gate.set()
    await services.until_sent()
    assert sorted(services.line.texts) == ["1", "2"]


async def test_bulk_that_cannot_be_claimed_waits_and_goes_later(services: Office) -> None:
    services.table.gone = 2
    services.sender.submit([row(1, priority=Priority.BULK)])
    await services.until_sent(0.5)
    assert services.line.texts == []
    await services.until_sent(5)
    assert services.line.texts == ["1"]
    assert services.became() == {1: OutboxState.SENT}
