"""Sender delivers rows in order and once, retries where that helps, and keeps chats apart."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.api.client import ApiError, Unreachable
from handlers.rendering import AlbumItem, Portrait, Screen, View
from states.fsm_states import Account, Home
from states.staff.reach import OutOfReach
from states.step_result import DeleteMessage, EditScreen, Priority, ShowScreen
from storage.engine.database import Unavailable
from storage.engine.ids import first_at
from storage.engine.tables import OutboxState
from storage.updates.outbox import OutgoingMessage
from tests.bot.people import CHEN, LING
from tests.fakes.clocks import START, settle
from tests.fakes.sender import SenderHarness, draw_apology, row, rows

# --- order ---------------------------------------------------------------------------------------


async def test_a_chat_gets_its_messages_in_the_order_they_were_made(harness: SenderHarness) -> None:
    harness.sender.submit([row(2), row(1), row(3)])
    await harness.until_sent()
    assert harness.api.texts == ["1", "2", "3"]
    assert harness.api.most == 1
    assert set(harness.became().values()) == {OutboxState.SENT}


async def test_the_next_row_of_a_chat_waits_for_the_mark_of_the_one_before(
    harness: SenderHarness,
) -> None:
    harness.sender.submit(rows(1, 2))
    await settle()
    assert harness.api.texts == ["1"]
    assert harness.sender.results_wanted
    await harness.commit()
    assert harness.api.texts == ["1", "2"]


async def test_a_commit_that_failed_keeps_the_next_row_back(harness: SenderHarness) -> None:
    harness.sender.submit(rows(1, 2))
    await settle()
    harness.sender.return_results(harness.sender.take_results())
    await settle()
    assert harness.api.texts == ["1"]
    assert harness.sender.has_results
    assert [mark.row.id for mark in await harness.commit()] == [1]
    assert harness.api.texts == ["1", "2"]


async def test_each_message_of_an_album_counts_for_the_pace_of_its_chat(
    harness: SenderHarness,
) -> None:
    """A chat takes a burst of 5 messages, then one a second."""
    picture = AlbumItem("x", Portrait("blob"))
    harness.screens["album"] = lambda _view: Screen((), album=(picture,) * 4)
    harness.sender.submit([row(1, effect=ShowScreen("album", slot="paper:5:0")), *rows(2, 3)])
    await harness.until_sent()
    assert harness.api.texts == ["", "2"]
    await harness.until_sent(1)
    assert harness.api.texts == ["", "2", "3"]
    assert (harness.marks[0].message_id, harness.marks[0].others) == (1, (2, 3, 4))


def shows_a_picture_above(harness: SenderHarness) -> ShowScreen:
    """Return a message whose picture comes in a message of its own above it."""
    picture = AlbumItem("x", Portrait("blob"))
    harness.screens["checked"] = lambda _view: Screen(("checked",), above=picture)
    return ShowScreen("checked")


async def test_a_message_below_its_picture_waits_for_a_turn_of_its_own(
    harness: SenderHarness,
) -> None:
    harness.sender.submit([*rows(1, 2, 3, 4), row(5, effect=shows_a_picture_above(harness))])
    await harness.until_sent()
    assert harness.api.texts == ["1", "2", "3", "4", ""]
    await harness.until_sent(1)
    assert harness.api.texts == ["1", "2", "3", "4", "", "checked"]


@pytest.mark.parametrize(
    "error",
    [
        ApiError(429, "Too Many Requests", 1),
        Unreachable("ClientOSError"),
        Unreachable("502", server_error=True),
    ],
)
async def test_a_picture_is_sent_once_however_often_its_message_is_tried(
    harness: SenderHarness, error: Exception
) -> None:
    harness.api.planned["checked"] = [error, error]
    harness.sender.submit([row(1, effect=shows_a_picture_above(harness)), row(2)])
    await harness.until_sent(30)
    assert harness.api.texts == ["", "checked", "2"]


@pytest.mark.row("C2")
async def test_a_message_comes_without_a_picture_at_which_telegram_always_fails(
    harness: SenderHarness,
) -> None:
    harness.screens["apology"] = draw_apology
    harness.api.planned[""] = [Unreachable("HTTP 500", server_error=True)] * 1_000
    harness.sender.submit([row(1, effect=shows_a_picture_above(harness)), row(2)])
    for number in range(10):
        harness.sender.submit([row(100 + number, 5000 + number)])
        await harness.until_sent(60)
    assert [text for _, chat, text in harness.api.sent if chat == LING] == ["checked", "2"]


async def test_one_chat_waits_for_no_other(harness: SenderHarness) -> None:
    harness.api.planned["1"] = [Unreachable("ClientOSError")]
    harness.sender.submit([row(1, LING), row(2, CHEN)])
    await settle()
    assert harness.api.texts == ["2"]


async def test_replies_go_before_notices_before_bulk(harness: SenderHarness) -> None:
    harness.api.gate = asyncio.Event()
    harness.sender.submit([row(1)])
    await settle()
    priorities = (Priority.BULK, Priority.NOTICE, Priority.REPLY)
    harness.sender.submit([row(n, priority=p) for n, p in zip((2, 3, 4), priorities, strict=True)])
    harness.api.gate.set()
    await harness.until_sent()
    assert harness.api.texts == ["1", "4"]
    for _ in range(2):
        await harness.until_sent(0.1)
    assert harness.api.texts == ["1", "4", "3", "2"]


async def test_a_row_that_is_on_its_way_is_not_sent_again(harness: SenderHarness) -> None:
    harness.sender.submit(rows(1))
    harness.sender.submit(rows(1))
    harness.outbox.rows = list(rows(1))
    harness.sender.pull()
    await settle()
    harness.sender.pull()
    await harness.until_sent()
    assert harness.api.texts == ["1"]


async def test_what_a_crash_left_in_the_table_is_sent(harness: SenderHarness) -> None:
    harness.outbox.rows = list(rows(5, 4))
    await harness.sender.recover()
    await harness.until_sent()
    assert harness.api.texts == ["4", "5"]


# --- pace ----------------------------------------------------------------------------------------


async def test_five_replies_go_at_once_and_then_one_a_second(harness: SenderHarness) -> None:
    harness.sender.submit(rows(*range(1, 9)))
    await harness.until_sent()
    assert len(harness.api.sent) == 5
    for count in (6, 7, 8):
        await harness.until_sent(1.0)
        assert len(harness.api.sent) == count


async def test_a_429_is_waited_out_and_remembered(harness: SenderHarness) -> None:
    harness.api.planned["1"] = [ApiError(429, "Too Many Requests", 30)]
    harness.sender.submit([row(1), row(2, CHEN), row(3, CHEN, priority=Priority.NOTICE)])
    await harness.until_sent(29.5)
    assert harness.api.texts == ["2"]
    assert harness.outbox.held == {LING: START + timedelta(seconds=30)}
    await harness.until_sent(1)
    assert sorted(harness.api.texts) == ["1", "2", "3"]


async def test_a_429_from_before_a_restart_still_holds(harness: SenderHarness) -> None:
    harness.outbox.held = {LING: START + timedelta(seconds=20)}
    harness.outbox.rows = list(rows(1))
    await harness.sender.recover()
    await harness.until_sent(19)
    assert harness.api.texts == []
    await harness.until_sent(2)
    assert harness.api.texts == ["1"]


async def test_a_row_waits_for_its_time(harness: SenderHarness) -> None:
    harness.sender.submit([row(1, not_before=START + timedelta(seconds=90)), row(2)])
    await harness.until_sent(89)
    assert harness.api.texts == ["2"]
    await harness.until_sent(2)
    assert harness.api.texts == ["2", "1"]


# --- trouble -------------------------------------------------------------------------------------


async def test_trouble_is_retried_with_back_off_doubling_up_to_a_minute(
    harness: SenderHarness,
) -> None:
    harness.api.planned["1"] = [Unreachable("HTTP 502")] * 9
    harness.sender.submit(rows(1))
    await harness.until_sent(400)
    waits = [seconds for seconds in harness.monotonic.slept if seconds >= 1]
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert harness.api.texts == ["1"]
    assert harness.marks[0].row.attempts == 10


REFUSALS = {
    "400": (400, "Bad Request: can't parse entities", "400"),
    "404": (404, "Not Found: method not found", "404"),
    "gone": (400, "Bad Request: chat not found", OutOfReach.GONE),
    "blocked": (403, "Forbidden: bot was blocked by the user", OutOfReach.BLOCKED),
}


@pytest.mark.parametrize(("code", "words", "error"), REFUSALS.values(), ids=REFUSALS.keys())
async def test_a_refusal_ends_its_row_and_later_rows_go_on(
    harness: SenderHarness, code: int, words: str, error: str
) -> None:
    harness.api.planned["1"] = [ApiError(code, words)]
    harness.sender.submit(rows(1, 2))
    await harness.until_sent(5)
    assert harness.api.texts == ["2"]
    assert harness.became() == {1: OutboxState.FAILED, 2: OutboxState.SENT}
    assert harness.marks[0].error == error


async def test_a_message_that_cannot_be_made_fails_alone(harness: SenderHarness) -> None:
    harness.sender.submit(
        [row(1, effect=ShowScreen("broken")), row(2, effect=ShowScreen("unheard of")), row(3)]
    )
    await harness.until_sent()
    assert harness.api.texts == ["3"]
    assert harness.became() == {
        1: OutboxState.FAILED,
        2: OutboxState.FAILED,
        3: OutboxState.SENT,
    }
    # The apology has no words here either, and that is what the mark says in the end.
    assert [mark.error for mark in harness.marks[:2]] == ["KeyError", "KeyError"]


async def test_a_row_that_is_too_late_is_not_sent(harness: SenderHarness) -> None:
    harness.api.planned["1"] = [Unreachable("HTTP 502")] * 5
    late = row(2, expires_at=START + timedelta(seconds=10))
    harness.sender.submit([row(1), late, row(3)])
    await harness.until_sent(60)
    assert harness.api.texts == ["1", "3"]
    assert harness.became()[2] == OutboxState.EXPIRED


async def test_records_that_cannot_be_read_now_are_read_later(harness: SenderHarness) -> None:
    harness.unreadable = 2
    harness.sender.submit(rows(1))
    await harness.until_sent(0.5)
    assert harness.api.texts == []
    await harness.until_sent(5)
    assert harness.api.texts == ["1"]


@pytest.mark.parametrize("priority", [Priority.NOTICE, Priority.BULK])
async def test_who_waits_for_nothing_gets_no_apology(
    harness: SenderHarness, priority: Priority
) -> None:
    harness.screens["apology"] = draw_apology
    harness.sender.submit([row(1, effect=ShowScreen("broken", priority=priority)), row(2)])
    await harness.until_sent(0.1)
    assert harness.api.texts == ["2"]
    assert harness.became()[1] == OutboxState.FAILED


async def test_who_waits_for_a_message_that_cannot_be_made_gets_an_apology(
    harness: SenderHarness,
) -> None:
    harness.screens["apology"] = draw_apology
    harness.sender.submit([row(1, effect=ShowScreen("broken"))])
    await harness.until_sent()
    assert harness.api.texts == ["sorry"]


async def test_a_message_of_somebody_who_was_erased_meanwhile_is_dropped_without_a_word(
    harness: SenderHarness,
) -> None:
    harness.screens["apology"] = draw_apology
    harness.outbox.deleted.add(1)
    harness.sender.submit([row(1, effect=ShowScreen("broken")), row(2)])
    await harness.until_sent()
    assert harness.api.texts == ["2"]
    assert harness.became()[1] == OutboxState.OVERTAKEN


@pytest.mark.parametrize(
    "asked",
    [
        ShowScreen(Account.number.state or ""),
        EditScreen(Account.number.state or "", message_id=77),
    ],
    ids=["in a new message", "in the tapped one"],
)
async def test_a_question_that_cannot_be_rendered_and_is_not_asked_any_more_is_dropped(
    harness: SenderHarness, asked: ShowScreen | EditScreen
) -> None:
    """A clerk's chat keeps its rows at an erasure: those of the candidate ask nothing any more."""
    harness.screens |= {"apology": draw_apology, Account.number.state or "": _draws_nothing}
    harness.outbox.closed.add(1)
    still = ShowScreen(asked.screen)
    harness.sender.submit([row(1, effect=asked), row(2, effect=still), row(3)])
    await harness.until_sent()
    assert harness.api.texts == ["sorry", "3"], "the second one is asked still"
    assert harness.became()[1] == OutboxState.OVERTAKEN


def _draws_nothing(_view: View) -> Screen:
    raise ValueError("an account without a number")


async def test_a_message_that_cannot_be_erased_stops_nothing(harness: SenderHarness) -> None:
    words = "Bad Request: message can't be deleted for everyone"
    harness.api.planned["9"] = [ApiError(400, words)]
    harness.sender.submit([row(1, effect=DeleteMessage(9)), row(2)])
    await harness.until_sent()
    assert harness.api.texts == ["2"]


async def test_a_message_that_is_gone_already_counts_as_deleted(harness: SenderHarness) -> None:
    words = "Bad Request: message to delete not found"
    harness.api.planned["9"] = [ApiError(400, words)]
    harness.sender.submit([row(1, effect=DeleteMessage(9))])
    await harness.until_sent()
    assert harness.became() == {1: OutboxState.SENT}


# --- bulk ----------------------------------------------------------------------------------------


async def test_bulk_is_claimed_before_it_goes_and_replies_are_not(harness: SenderHarness) -> None:
    harness.api.gate = asyncio.Event()
    harness.sender.submit([row(1), row(2, CHEN, priority=Priority.BULK)])
    await settle()
    assert harness.outbox.claimed == [], "its turn has not come"
    await harness.monotonic.forward(0.05)
    assert harness.outbox.claimed == [2]
    assert harness.api.texts == []
    harness.api.gate.set()
    await harness.until_sent(0.1)
    assert sorted(harness.api.texts) == ["1", "2"]


async def test_bulk_that_cannot_be_claimed_waits_and_goes_later(harness: SenderHarness) -> None:
    harness.outbox.gone = 2
    harness.sender.submit([row(1, priority=Priority.BULK)])
    await harness.until_sent(0.5)
    assert harness.api.texts == []
    await harness.until_sent(5)
    assert harness.api.texts == ["1"]
    assert harness.became() == {1: OutboxState.SENT}


async def test_bulk_that_a_429_holds_for_ten_minutes_is_claimed_anew_and_sent_once(
    harness: SenderHarness,
) -> None:
    harness.api.planned["2"] = [ApiError(429, "Too Many Requests", 600)]
    harness.sender.submit([row(2, CHEN, priority=Priority.BULK)])
    await harness.until_sent(1)
    assert harness.api.texts == []
    assert harness.outbox.claimed == [], "a crash now would call nobody unknown"
    await harness.until_sent(590)
    assert harness.api.texts == []
    await harness.until_sent(15)
    assert harness.api.texts == ["2"]
    assert harness.outbox.claimed == [2]


async def test_bulk_without_an_answer_is_unknown_and_not_repeated(harness: SenderHarness) -> None:
    harness.api.planned["2"] = [Unreachable("TimeoutError", in_doubt=True)]
    harness.api.planned["3"] = [Unreachable("ConnectionRefusedError")]
    harness.sender.submit([row(n, 7_000 + n, priority=Priority.BULK) for n in (2, 3)])
    await harness.until_sent(30)
    assert harness.api.texts == ["3"]
    assert harness.became() == {2: OutboxState.UNKNOWN, 3: OutboxState.SENT}


@pytest.mark.row("C2")
async def test_a_message_that_telegram_always_fails_at_is_set_aside(harness: SenderHarness) -> None:
    """Its chat goes on: a reply becomes an apology, since other messages get through meanwhile."""
    harness.screens["apology"] = draw_apology
    broken = Unreachable("HTTP 500", server_error=True)
    harness.api.planned["1"] = [broken] * 1_000
    harness.sender.submit([row(1), row(2)])
    for number in range(10):
        harness.sender.submit([replace(row(100 + number), chat_id=5000 + number)])
        await harness.until_sent(60)
    assert "sorry" in harness.api.texts
    assert "2" in harness.api.texts
    assert harness.became()[1] == "sent"


@pytest.mark.row("C2")
async def test_buttons_that_telegram_always_fails_at_hold_up_no_chat(
    harness: SenderHarness,
) -> None:
    """The message has arrived: a button too many is less than a chat that stands still."""
    harness.api.planned["1"] = [Unreachable("HTTP 500", server_error=True)] * 1_000
    asked = row(12, effect=ShowScreen("plain", {"n": "12"}, closes=11))
    harness.sender.submit([row(11), asked, row(13)])
    for number in range(10):
        harness.sender.submit([row(100 + number, 5000 + number)])
        await harness.until_sent(60)
    assert [text for _, chat, text in harness.api.sent if chat == LING] == ["11", "12", "13"]
    assert harness.became()[12] == OutboxState.SENT


async def test_while_nothing_gets_through_nothing_is_set_aside(harness: SenderHarness) -> None:
    broken = Unreachable("HTTP 502", server_error=True)
    harness.api.planned["1"] = [broken] * 30
    harness.sender.submit([row(1)])
    for _ in range(40):
        await harness.until_sent(60)
    assert harness.api.texts == ["1"]


async def test_a_question_from_before_a_crash_is_not_asked_again_once_it_is_answered(
    harness: SenderHarness,
) -> None:
    """Only the first row of a chat can have been sent: the others were never seen."""
    question, now = str(Home.menu.state), first_at(START)
    harness.screens[question] = harness.screens["plain"]
    first, second, other, new = now - 3, now - 2, now - 1, first_at(START + timedelta(hours=1))
    rows = {
        number: replace(row(number), effect=ShowScreen(question, {"n": "?"}), chat_id=chat)
        for number, chat in ((first, 7), (second, 7), (other, 8), (new, 9))
    }
    harness.outbox.rows = [rows[number] for number in (first, second, other)]
    harness.outbox.answered = {first, second, new}
    await harness.sender.recover()
    await harness.until_sent(10)
    assert harness.became() == {first: "overtaken", second: "sent", other: "sent"}
    harness.sender.submit([rows[new]])
    await harness.until_sent(10)
    assert harness.became()[new] == "sent", "it is of this run"


async def test_an_answered_question_is_not_asked_again_after_a_database_was_away(
    harness: SenderHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    question, number = str(Home.menu.state), first_at(START) - 1
    harness.screens[question] = harness.screens["plain"]
    harness.outbox.rows = [replace(row(number), effect=ShowScreen(question, {"n": "?"}))]
    away = [Unavailable("locked")]

    async def is_answered(_row: OutgoingMessage) -> bool:
        if away:
            raise away.pop()
        return True

    monkeypatch.setattr(harness.outbox, "is_answered", is_answered)
    await harness.sender.recover()
    await harness.until_sent(10)
    assert harness.became() == {number: OutboxState.OVERTAKEN}
