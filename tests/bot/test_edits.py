"""A message is changed in place: by its slot or by its id, and made anew where it is gone."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.api.client import ApiError
from states.step_result import EditScreen
from storage.engine.tables import OutboxState
from storage.updates.outbox import OutgoingMessage
from tests.bot.clockwork import settle
from tests.bot.made import CHEN, LING
from tests.bot.post_office import Office, row


async def test_an_edit_changes_the_newest_message_of_its_slot(services: Office) -> None:
    services.table.slots["status"] = 77
    services.sender.submit([row(1, effect=EditScreen("plain", "status", {"n": "new"}))])
    await services.until_sent()
    assert services.line.sent == [("editMessageText", LING, "new")]
    assert services.marks[0].state is OutboxState.SENT


async def test_an_edit_without_a_message_is_sent_anew(services: Office) -> None:
    services.sender.submit([row(1, effect=EditScreen("plain", "status", {"n": "new"}))])
    await services.until_sent()
    assert services.line.sent == [("sendMessage", LING, "new")]


async def test_an_edit_that_changes_nothing_is_a_success(services: Office) -> None:
    services.table.slots["status"] = 77
    words = "Bad Request: message is not modified: specified new message content…"
    services.line.planned["same"] = [ApiError(400, words)]
    services.sender.submit([row(1, effect=EditScreen("plain", "status", {"n": "same"})), row(2)])
    await services.until_sent()
    assert services.became() == {1: OutboxState.SENT, 2: OutboxState.SENT}
    assert services.marks[0].message_id == 77


async def test_a_newer_edit_of_a_message_replaces_one_that_still_waits(services: Office) -> None:
    services.table.slots["status"] = 77
    services.line.gate = asyncio.Event()
    edits = [row(n, effect=EditScreen("plain", "status", {"n": str(n)})) for n in (2, 3, 4)]
    services.sender.submit([row(1), *edits, row(5)])
    services.line.gate.set()
    await services.until_sent(5)
    assert services.line.texts == ["1", "4", "5"]
    replaced = dict.fromkeys((2, 3), OutboxState.REPLACED)
    assert services.became() == replaced | dict.fromkeys((1, 4, 5), OutboxState.SENT)


GONE = ("message to edit not found", "message can't be edited", "MESSAGE_ID_INVALID")
GONE_IN_ANY_WORDS = pytest.mark.parametrize("words", GONE)


@GONE_IN_ANY_WORDS
async def test_a_message_that_vanished_is_sent_anew(services: Office, words: str) -> None:
    services.table.slots["status"] = 77
    services.line.planned["new"] = [ApiError(400, f"Bad Request: {words}")]
    services.sender.submit([row(1, effect=EditScreen("plain", "status", {"n": "new"}))])
    await services.until_sent(5)
    assert services.line.sent == [("sendMessage", LING, "new")]
    (mark,) = services.marks
    assert (mark.state, mark.message_id, mark.row.slot) == (OutboxState.SENT, 1, "status")


# --- the very message ----------------------------------------------------------------------------


def of_message(number: int, message_id: int | None, words: str = "") -> OutgoingMessage:
    """A row that edits the message of this id and says its own number."""
    said = {"n": words or str(number)}
    return row(number, effect=EditScreen("plain", data=said, message_id=message_id))


async def test_an_edit_changes_the_very_message_whatever_the_slots_say(services: Office) -> None:
    services.table.slots["status"] = 77
    services.sender.submit([of_message(1, 55)])
    await services.until_sent()
    assert services.line.sent == [("editMessageText", LING, "1")]
    assert services.line.changed == [55]
    (mark,) = services.marks
    assert (mark.state, mark.row.slot) == (OutboxState.SENT, None)


async def test_of_edits_of_one_message_the_newest_that_waits_is_sent(services: Office) -> None:
    services.table.slots["status"] = 77
    services.line.gate = asyncio.Event()
    slotted = row(5, effect=EditScreen("plain", "status", {"n": "5"}))
    services.sender.submit(
        [row(1), of_message(2, 55), of_message(3, 66), of_message(4, 55), slotted]
    )
    services.line.gate.set()
    await services.until_sent(5)
    assert services.line.texts == ["1", "3", "4", "5"]
    assert services.line.changed == [66, 55, 77]
    sent = dict.fromkeys((1, 3, 4, 5), OutboxState.SENT)
    assert services.became() == {2: OutboxState.REPLACED} | sent


async def test_an_edit_on_its_way_is_not_replaced_and_the_next_waits_for_it(
    services: Office,
) -> None:
    services.line.gate = asyncio.Event()
    services.sender.submit([of_message(1, 55)])
    await settle()
    services.sender.submit([of_message(2, 55)])
    services.line.gate.set()
    await services.until_sent()
    assert services.line.texts == ["1", "2"]
    assert services.line.most == 1
    assert set(services.became().values()) == {OutboxState.SENT}


async def test_edits_of_other_chats_are_other_messages(services: Office) -> None:
    """Ids of messages are counted by each private chat for itself."""
    services.line.gate = asyncio.Event()
    hers = replace(of_message(4, 55), chat_id=CHEN)
    services.sender.submit([row(1), row(2, CHEN), of_message(3, 55), hers])
    services.line.gate.set()
    await services.until_sent()
    assert set(services.became().values()) == {OutboxState.SENT}
    assert services.line.changed == [55, 55]


@GONE_IN_ANY_WORDS
async def test_the_very_message_that_is_gone_is_sent_anew(services: Office, words: str) -> None:
    services.line.planned["1"] = [ApiError(400, f"Bad Request: {words}")]
    services.sender.submit([of_message(1, 55)])
    await services.until_sent(5)
    assert services.line.sent == [("sendMessage", LING, "1")]
    (mark,) = services.marks
    assert (mark.state, mark.message_id, mark.row.slot) == (OutboxState.SENT, 1, None)


async def test_the_very_message_that_is_the_same_already_is_a_success(services: Office) -> None:
    services.line.planned["1"] = [ApiError(400, "Bad Request: message is not modified")]
    services.sender.submit([of_message(1, 55)])
    await services.until_sent()
    assert [(mark.state, mark.message_id) for mark in services.marks] == [(OutboxState.SENT, 55)]


async def test_edits_that_name_no_message_are_messages_of_their_own(services: Office) -> None:
    services.line.gate = asyncio.Event()
    services.sender.submit([row(1), of_message(2, None), of_message(3, None)])
    services.line.gate.set()
    await services.until_sent()
    assert services.line.texts == ["1", "2", "3"]
    assert services.line.changed == []
