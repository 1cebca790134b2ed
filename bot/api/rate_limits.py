"""Telegram's rate limits as token buckets; all times are in seconds.

https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from states.step_result import Priority


@dataclass(slots=True)
class TokenBucket:
    """Holds at most ``burst`` tokens, and gains ``rate`` a second."""

    rate: float
    burst: float
    level: float = field(init=False)
    updated_at: float = 0.0

    def __post_init__(self) -> None:
        self.level = self.burst

    def take(self, now: float) -> float:
        """Take a token; return the seconds until it is available."""
        self.level = min(self.burst, self.level + (now - self.updated_at) * self.rate) - 1
        self.updated_at = now
        return max(0.0, -self.level / self.rate)

    def is_full(self, now: float) -> bool:
        """Return whether the bucket is full, so that memory need not hold it."""
        return self.level + (now - self.updated_at) * self.rate >= self.burst


class RateLimits:
    """The limits of one bot.

    A chat's bucket delays replies; the overall bucket delays only notices and bulk messages, but
    replies take from it too. ``hold`` applies the ``retry_after`` of a 429.
    """

    def __init__(self, *, pacing: bool = True) -> None:
        self._pacing = pacing
        self._overall = TokenBucket(rate=30, burst=30)
        self._private: defaultdict[int, TokenBucket] = defaultdict(
            lambda: TokenBucket(rate=1, burst=5)
        )
        self._group: defaultdict[int, TokenBucket] = defaultdict(
            lambda: TokenBucket(rate=1 / 3, burst=3)
        )
        self._held: dict[int | None, float] = {}

    def delay(self, chat_id: int, priority: Priority, now: float) -> float:
        """Return the seconds that a message has to wait; it then counts as sent."""
        held = self.held(chat_id, priority, now)
        if not self._pacing:
            return held
        chats = self._private if chat_id > 0 else self._group
        own, overall = chats[chat_id].take(now), self._overall.take(now)
        return max(held, own, 0.0 if priority is Priority.REPLY else overall)

    def held(self, chat_id: int, priority: Priority, now: float) -> float:
        """Return the seconds for which a 429 still forbids a message."""
        scopes = (chat_id,) if priority is Priority.REPLY else (chat_id, None)
        return max(0.0, *(self._held.get(scope, 0.0) - now for scope in scopes))

    def hold(self, chat_id: int, seconds: float, now: float) -> None:
        """Hold a chat after a 429, and with it all notices and bulk messages."""
        for scope in (chat_id, None):
            self._held[scope] = max(self._held.get(scope, 0.0), now + seconds)

    @property
    def remembered(self) -> int:
        """The number of chats in memory."""
        return len(self._private) + len(self._group)

    def forget(self, now: float) -> None:
        """Drop full buckets and past holds, so that memory stays flat."""
        for chats in (self._private, self._group):
            for chat in [chat for chat, bucket in chats.items() if bucket.is_full(now)]:
                del chats[chat]
        self._held = {scope: until for scope, until in self._held.items() if until > now}
