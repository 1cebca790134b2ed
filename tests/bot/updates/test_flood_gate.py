"""The gate counts by sender, and takes what must not be lost from whoever sends it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

import pytest

from bot.core.runtime import BackgroundTasks
from bot.updates.flood_gate import MOST_AN_HOUR, MOST_WAITING, FloodGate, is_droppable
from storage.updates.inbox import ReceivedUpdate
from tests.fakes.clocks import START

pytestmark = pytest.mark.row("C2")

PRIVATE, GROUP = {"id": 7, "type": "private"}, {"id": -5, "type": "supergroup"}
DROPPED: dict[str, dict[str, Any]] = {
    "words": {"message": {"chat": PRIVATE, "text": "x"}},
    "an edited message": {"edited_message": {"chat": PRIVATE, "text": "x"}},
    "a tap": {"callback_query": {"id": "1", "data": "x"}},
    "a block of the bot": {"my_chat_member": {"chat": PRIVATE}},
}
TAKEN: dict[str, dict[str, Any]] = {
    "a payment": {"message": {"chat": PRIVATE, "successful_payment": {}}},
    "a question before a payment": {"pre_checkout_query": {"id": "1"}},
    "a membership of a group": {"my_chat_member": {"chat": GROUP}},
    "a group that moves": {"message": {"chat": GROUP, "migrate_to_chat_id": -7}},
    "the group that it became": {"message": {"chat": GROUP, "migrate_from_chat_id": -5}},
    "a stand-in": {"update_id": 1, "stand_in": True},
}
ROW = ReceivedUpdate(1, 4242, 1, -5, START, DROPPED["words"])
"""Of a group, whose sender nobody tells."""


def gate(waiting: int = 0) -> FloodGate:
    """A gate before a queue in which so much waits."""
    nothing = cast(Any, None)
    return FloodGate(nothing, nothing, BackgroundTasks(), lambda _key: waiting, lambda: None)


@pytest.mark.parametrize("raw", DROPPED.values(), ids=DROPPED)
def test_what_only_its_sender_loses_is_dropped(raw: dict[str, Any]) -> None:
    assert is_droppable(raw)
    assert not gate(MOST_WAITING).admits(replace(ROW, raw=raw))
    assert gate(MOST_WAITING - 1).admits(replace(ROW, raw=raw))


@pytest.mark.parametrize("raw", TAKEN.values(), ids=TAKEN)
def test_what_others_would_lose_is_always_taken(raw: dict[str, Any]) -> None:
    assert not is_droppable(raw)
    assert gate(MOST_WAITING).admits(replace(ROW, raw=raw))


def test_an_hour_has_so_many_and_the_next_one_begins_anew() -> None:
    made, last = gate(), replace(ROW, update_id=MOST_AN_HOUR + 1)
    assert all(made.admits(replace(ROW, update_id=n)) for n in range(1, MOST_AN_HOUR + 1))
    assert not made.admits(last)
    assert made.admits(replace(last, queue_key=-6)), "another chat"
    assert made.admits(replace(last, received_at=START + timedelta(hours=1)))


def test_updates_that_telegram_repeats_count_once() -> None:
    """While the database is away, each request brings them again: nobody has sent more."""
    made, sent = gate(), [replace(ROW, update_id=n) for n in range(1, 101)]
    for _ in range(MOST_AN_HOUR // len(sent) + 1):
        assert all(made.admits(row) for row in sent)
