"""How fast a bot may write: Telegram's limits as token buckets.

https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this: about one message
a second in a chat, short bursts are let through; about 30 a second over all chats.
"""

import math
from collections.abc import Callable

from bot.sandbox.refusals import too_fast

PER_SECOND = 30.0
BURST = 60.0
CHAT_PER_SECOND = 1.0
CHAT_BURST = 10.0


class _Bucket:
    """So many at once, then so many a second."""

    __slots__ = ("_at", "_burst", "_level", "_rate")

    def __init__(self, rate: float, burst: float, now: float) -> None:
        self._rate = rate
        self._burst = burst
        self._level = burst
        self._at = now

    def wait(self, count: int, now: float) -> float:
        """Seconds until `count` may pass; 0 if they may pass now."""
        self._level = min(self._burst, self._level + max(0.0, now - self._at) * self._rate)
        self._at = now
        missing = min(count, self._burst) - self._level
        return max(0.0, missing / self._rate)

    def take(self, count: int) -> None:
        self._level -= count

    def full(self, now: float) -> bool:
        return self._level + (now - self._at) * self._rate >= self._burst


class Pacing:
    """Counts what the bot sends and edits; raises 429 once it is too much."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._all = _Bucket(PER_SECOND, BURST, clock())
        self._chats: dict[int, _Bucket] = {}

    def pass_or_refuse(self, chat_id: int, count: int = 1) -> None:
        """Let `count` messages into the chat, or raise Refusal 429 with the seconds to wait."""
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
        """A full bucket remembers nothing; drop them now and then, so that memory stays flat."""
        if len(self._chats) >= 1024:
            self._chats = {key: b for key, b in self._chats.items() if not b.full(now)}
