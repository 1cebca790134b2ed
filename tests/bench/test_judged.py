"""A call is judged once, and each of its repetitions is the caller's own."""

from __future__ import annotations

import pytest

from bot.sandbox.rules.refusals import Refusal
from tests.bench.judged import Judged

pytestmark = pytest.mark.bench

KEYBOARD = '{"inline_keyboard": [[{"text": "A", "callback_data": "a"}]]}'


def test_a_repetition_goes_to_its_own_chat() -> None:
    judged = Judged()
    first = judged("sendMessage", {"chat_id": "1", "text": "?", "reply_markup": KEYBOARD})
    again = judged("sendMessage", {"chat_id": "2", "text": "?", "reply_markup": KEYBOARD})
    assert (first["chat_id"], again["chat_id"]) == ("1", "2")
    assert again["reply_markup"] is first["reply_markup"]


def test_other_words_are_another_call() -> None:
    judged = Judged()
    first = judged("sendMessage", {"chat_id": 1, "text": "one"})
    assert judged("sendMessage", {"chat_id": 1, "text": "two"}) == {**first, "text": "two"}


def test_a_poll_moves_on() -> None:
    judged = Judged()
    offsets = [judged("getUpdates", {"timeout": "30", "offset": n})["offset"] for n in ("7", "9")]
    assert offsets == [7, 9]


def test_what_is_not_sound_is_refused_every_time() -> None:
    judged = Judged()
    for _ in range(2):
        with pytest.raises(Refusal):
            judged("sendMessage", {"chat_id": 1, "txt": "?"})
