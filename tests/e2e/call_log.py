"""Check a run by the sandbox's log of calls: which chat received what, in which order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.sandbox.world import Call

MESSAGES = ("sendMessage", "sendPhoto", "editMessageText")
PORTRAIT = "您的报名照片"
"""The caption of the picture above the summary, which belongs to it."""


@dataclass(frozen=True, slots=True)
class DeliveredMessage:
    """A message that reached a chat: its place in the log, and all of what it was."""

    seq: int
    text: str
    markup: Any

    def repeats(self, other: DeliveredMessage | None) -> bool:
        """Whether it says exactly the same."""
        return other is not None and (self.text, self.markup) == (other.text, other.markup)


def delivered_messages(log: Sequence[Call], chat_id: int) -> list[DeliveredMessage]:
    """Return the messages of this chat, in order."""
    return [
        DeliveredMessage(
            call.seq,
            call.params.get("text") or call.params.get("caption") or "",
            call.params.get("reply_markup"),
        )
        for call in log
        if call.ok and call.method in MESSAGES and call.chat_id == chat_id
        if call.params.get("caption") != PORTRAIT
    ]


def bot_starts(log: Sequence[Call]) -> list[int]:
    """Return the numbers of the calls at which a bot started: each start calls getMe first."""
    return [call.seq for call in log if call.method == "getMe" and call.ok]


def erased_twice(log: Sequence[Call]) -> int:
    """How often a message was taken out of a chat that was out of it already."""
    erased = Counter(
        (call.chat_id, call.params["message_id"]) for call in log if call.method == "deleteMessage"
    )
    return erased.total() - len(erased)


def edited_twice(log: Sequence[Call]) -> int:
    """How often a question was put again into a message that shows it already."""
    return sum(call.method == "editMessageText" and not call.ok for call in log)


def check_order(
    heard: Sequence[DeliveredMessage], expected: Sequence[str], deaths: Sequence[int]
) -> int:
    """Hold what a chat was told against what it must be told; the number of repeats.

    ``deaths`` are places in the log: the last call before, or the first call after.

    A message may come twice, right after itself, where the bot died in between; of each death at
    most one. Nothing may be missing, out of order, or of another conversation.

    Raises:
        AssertionError: with what was heard instead.
    """
    position, last = 0, None
    repeats: Counter[int] = Counter()
    for message in heard:
        if position < len(expected) and expected[position] in message.text:
            position += 1
        else:
            # Drawn anew, it may show an answer that was given in the meantime.
            is_repeat = position > 0 and expected[position - 1] in message.text
            assert is_repeat, f"after {expected[:position][-1:]}: {message.text!r}"
            assert last is not None
            between = [death for death in deaths if last.seq <= death < message.seq]
            assert between, f"twice without a death in between: {message.text!r}"
            repeats[between[0]] += 1
        last = message
    assert position == len(expected), f"never told: {expected[position:]}"
    assert max(repeats.values(), default=0) <= 1, f"more than one repeat a death: {repeats}"
    return repeats.total()
