"""Telegram's limits for sending, as token buckets.

https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this:
about 1 message/s in a chat, with short bursts; about 30 messages/s over all chats.
"""

import math
from collections.abc import Callable

from bot.sandbox.rules.refusals import too_fast

PER_SECOND = 30.0
BURST = 60.0
CHAT_PER_SECOND = 1.0
CHAT_BURST = 10.0


class _Bucket:
    """A token bucket: `burst` tokens at once, then `rate` tokens/s."""

    __slots__ = ("_burst", "_level", "_rate", "_refilled_at")

    def __init__(self, rate: float, burst: float, now: float) -> None:
        self._rate = rate
        self._burst = burst
        self._level = burst
        self._refilled_at = now

    def wait(self, count: int, now: float) -> float:
        """Return the seconds until `count` tokens are there."""
        elapsed = max(0.0, now - self._refilled_at)
        self._level = min(self._burst, self._level + elapsed * self._rate)
        self._refilled_at = now
        missing = min(count, self._burst) - self._level
        return max(0.0, missing / self._rate)

    def take(self, count: int) -> None:
        self._level -= count

    def full(self, now: float) -> bool:
        return self._level + (now - self._refilled_at) * self._rate >= self._burst


class Pacing:
    """Counts the messages that the bot sends and edits, in each chat and over all."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._all = _Bucket(PER_SECOND, BURST, clock())
        self._chats: dict[int, _Bucket] = {}

    def pass_or_refuse(self, chat_id: int, count: int = 1) -> None:
        """Take `count` messages from the limits, or raise Refusal 429."""
        now = self._clock()
        chat = self._chats.get(chat_id)
        if chat is None:
            self._forget_idle(now)
            chat = self._chats[chat_id] = _Bucket(CHAT_PER_SECOND, CHAT_BURST, now)
        wait = max(self._all.wait(count, now), chat.wait(count, now))
        if wait > 0:
            raise too_fast(max(1, math.ceil(wait)))
        self._all.take(count)
        chat.take(count)

    def _forget_idle(self, now: float) -> None:
        """Drop full buckets once there are 1024; a full bucket equals a new one."""
        if len(self._chats) >= 1024:
            self._chats = {key: b for key, b in self._chats.items() if not b.full(now)}
