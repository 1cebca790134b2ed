"""A message is changed in place: by its slot or by its id, and made anew where it is gone."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.api.client import ApiError
from states.step_result import EditScreen
from storage.engine.tables import OutboxState
from storage.updates.outbox import OutgoingMessage
from tests.bot.people import CHEN, LING
from tests.fakes.clocks import settle
from tests.fakes.sender import SenderHarness, row


async def test_an_edit_changes_the_newest_message_of_its_slot(harness: SenderHarness) -> None:
    harness.outbox.slots["status"] = 77
    harness.sender.submit([row(1, effect=EditScreen("plain", "status", {"n": "new"}))])
    await harness.until_sent()
    assert harness.api.sent == [("editMessageText", LING, "new")]
    assert harness.marks[0].state is OutboxState.SENT


async def test_an_edit_without_a_message_is_sent_anew(harness: SenderHarness) -> None:
    harness.sender.submit([row(1, effect=EditScreen("plain", "status", {"n": "new"}))])
    await harness.until_sent()
    assert harness.api.sent == [("sendMessage", LING, "new")]


async def test_an_edit_that_changes_nothing_is_a_success(harness: SenderHarness) -> None:
    harness.outbox.slots["status"] = 77
    words = "Bad Request: message is not modified: specified new message content…"
    harness.api.planned["same"] = [ApiError(400, words)]
    harness.sender.submit([row(1, effect=EditScreen("plain", "status", {"n": "same"})), row(2)])
    await harness.until_sent()
    assert harness.became() == {1: OutboxState.SENT, 2: OutboxState.SENT}
    assert harness.marks[0].message_id == 77


async def test_a_newer_edit_of_a_message_replaces_one_that_still_waits(
    harness: SenderHarness,
) -> None:
    harness.outbox.slots["status"] = 77
    harness.api.gate = asyncio.Event()
    edits = [row(n, effect=EditScreen("plain", "status", {"n": str(n)})) for n in (2, 3, 4)]
    harness.sender.submit([row(1), *edits, row(5)])
    harness.api.gate.set()
    await harness.until_sent(5)
    assert harness.api.texts == ["1", "4", "5"]
    replaced = dict.fromkeys((2, 3), OutboxState.REPLACED)
    assert harness.became() == replaced | dict.fromkeys((1, 4, 5), OutboxState.SENT)


GONE = (
    "message to edit not found",
    "message can't be edited",
    "MESSAGE_ID_INVALID",
    "there is no text in the message to edit",
)
GONE_IN_ANY_WORDS = pytest.mark.parametrize("words", GONE)


@GONE_IN_ANY_WORDS
async def test_a_message_that_vanished_is_sent_anew(harness: SenderHarness, words: str) -> None:
    harness.outbox.slots["status"] = 77
    harness.api.planned["new"] = [ApiError(400, f"Bad Request: {words}")]
    harness.sender.submit([row(1, effect=EditScreen("plain", "status", {"n": "new"}))])
    await harness.until_sent(5)
    assert harness.api.sent == [("sendMessage", LING, "new")]
    (mark,) = harness.marks
    assert (mark.state, mark.message_id, mark.row.slot) == (OutboxState.SENT, 1, "status")


# --- the very message ----------------------------------------------------------------------------


def of_message(number: int, message_id: int | None, words: str = "") -> OutgoingMessage:
    """A row that edits the message of this id and says its own number."""
    said = {"n": words or str(number)}
    return row(number, effect=EditScreen("plain", data=said, message_id=message_id))


async def test_an_edit_changes_the_very_message_whatever_the_slots_say(
    harness: SenderHarness,
) -> None:
    harness.outbox.slots["status"] = 77
    harness.sender.submit([of_message(1, 55)])
    await harness.until_sent()
    assert harness.api.sent == [("editMessageText", LING, "1")]
    assert harness.api.changed == [55]
    (mark,) = harness.marks
    assert (mark.state, mark.row.slot) == (OutboxState.SENT, None)


async def test_of_edits_of_one_message_the_newest_that_waits_is_sent(
    harness: SenderHarness,
) -> None:
    harness.outbox.slots["status"] = 77
    harness.api.gate = asyncio.Event()
    slotted = row(5, effect=EditScreen("plain", "status", {"n": "5"}))
    harness.sender.submit(
        [row(1), of_message(2, 55), of_message(3, 66), of_message(4, 55), slotted]
    )
    harness.api.gate.set()
    await harness.until_sent(5)
    assert harness.api.texts == ["1", "3", "4", "5"]
    assert harness.api.changed == [66, 55, 77]
    sent = dict.fromkeys((1, 3, 4, 5), OutboxState.SENT)
    assert harness.became() == {2: OutboxState.REPLACED} | sent


async def test_an_edit_on_its_way_is_not_replaced_and_the_next_waits_for_it(
    harness: SenderHarness,
) -> None:
    harness.api.gate = asyncio.Event()
    harness.sender.submit([of_message(1, 55)])
    await settle()
    harness.sender.submit([of_message(2, 55)])
    harness.api.gate.set()
    await harness.until_sent()
    assert harness.api.texts == ["1", "2"]
    assert harness.api.most == 1
    assert set(harness.became().values()) == {OutboxState.SENT}


async def test_edits_of_other_chats_are_other_messages(harness: SenderHarness) -> None:
    """Ids of messages are counted by each private chat for itself."""
    harness.api.gate = asyncio.Event()
    hers = replace(of_message(4, 55), chat_id=CHEN)
    harness.sender.submit([row(1), row(2, CHEN), of_message(3, 55), hers])
    harness.api.gate.set()
    await harness.until_sent()
    assert set(harness.became().values()) == {OutboxState.SENT}
    assert harness.api.changed == [55, 55]


@pytest.mark.parametrize("is_known", [True, False], ids=["just sent", "from before a restart"])
async def test_a_question_does_not_move_above_a_newer_message(
    harness: SenderHarness, is_known: bool
) -> None:
    """Ling tapped an old question while the answer to her /start was on its way."""
    harness.sender.submit([row(n) for n in (1, 2, 3)])
    await harness.until_sent()
    closes = 3 if is_known else 30
    harness.outbox.message_ids[30] = 3
    tapped = EditScreen("plain", data={"n": "next"}, message_id=2, closes=closes)
    harness.sender.submit([row(4, effect=tapped)])
    await harness.until_sent()
    assert harness.api.sent[3:] == [
        ("sendMessage", LING, "next"),
        ("editMessageReplyMarkup", LING, "3"),
    ]
    assert harness.marks[-1].message_id == 4


@pytest.mark.parametrize("tapped", [2, 3], ids=["the question itself", "a message below it"])
async def test_a_question_stays_in_the_tapped_message(harness: SenderHarness, tapped: int) -> None:
    harness.sender.submit([row(n) for n in (1, 2, 3)])
    await harness.until_sent()
    edit = EditScreen("plain", data={"n": "next"}, message_id=tapped, closes=2)
    harness.sender.submit([row(4, effect=edit)])
    await harness.until_sent()
    assert harness.api.sent[3] == ("editMessageText", LING, "next")
    assert harness.api.changed == [tapped]


@GONE_IN_ANY_WORDS
async def test_the_very_message_that_is_gone_is_sent_anew(
    harness: SenderHarness, words: str
) -> None:
    harness.api.planned["1"] = [ApiError(400, f"Bad Request: {words}")]
    harness.sender.submit([of_message(1, 55)])
    await harness.until_sent(5)
    assert harness.api.sent == [("sendMessage", LING, "1")]
    (mark,) = harness.marks
    assert (mark.state, mark.message_id, mark.row.slot) == (OutboxState.SENT, 1, None)


async def test_the_very_message_that_is_the_same_already_is_a_success(
    harness: SenderHarness,
) -> None:
    harness.api.planned["1"] = [ApiError(400, "Bad Request: message is not modified")]
    harness.sender.submit([of_message(1, 55)])
    await harness.until_sent()
    assert [(mark.state, mark.message_id) for mark in harness.marks] == [(OutboxState.SENT, 55)]


async def test_edits_that_name_no_message_are_messages_of_their_own(
    harness: SenderHarness,
) -> None:
    harness.api.gate = asyncio.Event()
    harness.sender.submit([row(1), of_message(2, None), of_message(3, None)])
    harness.api.gate.set()
    await harness.until_sent()
    assert harness.api.texts == ["1", "2", "3"]
    assert harness.api.changed == []
