"""How fast messages may go: Telegram's limits as token buckets. Seconds in, seconds out.

https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from states.step_result import Priority


@dataclass(slots=True)
class TokenBucket:
    """Holds ``burst`` tokens, and gets ``rate`` a second."""

    rate: float
    burst: float
    level: float = field(init=False)
    at: float = 0.0

    def __post_init__(self) -> None:
        self.level = self.burst

    def take(self, now: float) -> float:
        """Take a token; the seconds to wait until it is really there."""
        self.level = min(self.burst, self.level + (now - self.at) * self.rate) - 1
        self.at = now
        return max(0.0, -self.level / self.rate)

    def is_full(self, now: float) -> bool:
        """Whether nothing was taken for so long that it need not be remembered."""
        return self.level + (now - self.at) * self.rate >= self.burst


class RateLimits:
    """All limits of one bot.

    Replies are held back by their chat's bucket alone; notices and bulk also by the overall one,
    from which replies take as well. ``hold`` stops what a 429 named.
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
        """Seconds that this message has to wait; it counts as sent after that."""
        held = self.held(chat_id, priority, now)
        if not self._pacing:
            return held
        chats = self._private if chat_id > 0 else self._group
        own, overall = chats[chat_id].take(now), self._overall.take(now)
        return max(held, own, 0.0 if priority is Priority.REPLY else overall)

    def held(self, chat_id: int, priority: Priority, now: float) -> float:
        """Seconds that a 429 still forbids this message."""
        scopes = (chat_id,) if priority is Priority.REPLY else (chat_id, None)
        return max(0.0, *(self._held.get(scope, 0.0) - now for scope in scopes))

    def hold(self, chat_id: int, seconds: float, now: float) -> None:
        """Telegram said 429 to this chat: it waits, and so do all notices and bulk."""
        for scope in (chat_id, None):
            self._held[scope] = max(self._held.get(scope, 0.0), now + seconds)

    @property
    def remembered(self) -> int:
        """How many chats take memory."""
        return len(self._private) + len(self._group)

    def forget(self, now: float) -> None:
        """Drop what is full again or over, so that memory stays flat."""
        for chats in (self._private, self._group):
            for chat in [chat for chat, bucket in chats.items() if bucket.is_full(now)]:
                del chats[chat]
        self._held = {scope: until for scope, until in self._held.items() if until > now}
