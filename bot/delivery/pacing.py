"""Turns lets chats send at Telegram's pace: replies first, then notices, then bulk messages.

RateLimits are Telegram's; all their times are in seconds.
https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
import math
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import field
from typing import Final

from bot.core.runtime import BackgroundTasks, MonotonicClock
from states.step_result import Priority
from states.values import dataclass

AT_MOST: Final = 30
"""The most messages of any second, over all chats."""
AT_MOST_PAID: Final = 1000
"""The same of paid ones: https://core.telegram.org/bots/api#paid-broadcasts."""
SECOND: Final = 1.005
"""The length of the sliding window: a call's way to Telegram varies by some milliseconds."""
LATE: Final = 0.2
"""Seconds by which a message may be late and still take its slot."""
SLACK: Final = 1e-9
"""Seconds by which a moment may be rounded."""


@dataclass(slots=True)
class TokenBucket:
    """Holds at most ``burst`` tokens, and gains ``rate`` a second."""

    rate: float
    burst: float
    level: float = field(init=False)
    updated_at: float = 0.0

    def __post_init__(self) -> None:
        self.level = self.burst

    def free_at(self, now: float) -> float:
        """Return the moment at which a token is available."""
        missing = 1 - min(self.burst, self.level + (now - self.updated_at) * self.rate)
        return now + missing / self.rate if missing > SLACK else now

    def take(self, now: float) -> None:
        """Take a token."""
        self.level = min(self.burst, self.level + (now - self.updated_at) * self.rate) - 1
        self.updated_at = now

    def is_full(self, now: float) -> bool:
        """Return whether the bucket is full, so that memory need not hold it."""
        return self.level + (now - self.updated_at) * self.rate >= self.burst


class SlidingWindow:
    """Allows ``limit`` messages in any ``seconds``; a token bucket allows twice as many.

    Its slots lie ``seconds / limit`` apart. A message that is late because the machine is busy
    takes its slot all the same, up to ``LATE``: else the pace would fall with each delay.
    """

    def __init__(self, limit: int = AT_MOST, seconds: float = SECOND) -> None:
        self._seconds = seconds
        self._sent: deque[float] = deque(maxlen=limit)
        self._apart = seconds / limit
        self._slot = -math.inf

    def free_at(self, now: float, *, evenly: bool = False) -> float:
        """Return the moment at which a message may go.

        Args:
            evenly: keep the messages apart, so that a slot becomes free every ``seconds / limit``.
                A reply beside thousands of bulk messages waits no longer than that.
        """
        at = self._slot + self._apart if evenly else now
        if len(self._sent) == self._sent.maxlen:
            at = max(at, self._sent[0] + self._seconds)
        return at if at - now > SLACK else now

    def take(self, now: float) -> None:
        """Count a message."""
        is_idle = now - self._slot > self._seconds
        self._slot = now if is_idle else max(self._slot + self._apart, now - LATE)
        self._sent.append(now)


class RateLimits:
    """The limits of one bot: a window over all chats, one for paid messages, a bucket a chat.

    ``hold`` applies the ``retry_after`` of a 429.
    """

    def __init__(self, *, pacing: bool = True) -> None:
        self._pacing = pacing
        self._window = SlidingWindow()
        self._paid = SlidingWindow(AT_MOST_PAID)
        self._private: defaultdict[int, TokenBucket] = defaultdict(
            lambda: TokenBucket(rate=1, burst=5)
        )
        self._group: defaultdict[int, TokenBucket] = defaultdict(
            lambda: TokenBucket(rate=1 / 3, burst=3)
        )
        self._held: dict[int | None, float] = {}

    def window_free_at(self, priority: Priority, now: float) -> float:
        """Return the moment at which any chat may send a message of this priority."""
        if not self._pacing:
            return now
        if priority is Priority.PAID:
            return self._paid.free_at(now)
        return self._window.free_at(now, evenly=priority is not Priority.REPLY)

    def chat_free_at(self, chat_id: int, priority: Priority, now: float) -> float:
        """Return the moment at which this chat may send, as far as the window allows it."""
        held = now + self.held(chat_id, priority, now)
        chats = self._private if chat_id > 0 else self._group
        if not self._pacing or chat_id not in chats:
            return held
        return max(held, chats[chat_id].free_at(now))

    def take(self, chat_id: int, now: float, priority: Priority = Priority.REPLY) -> None:
        """Count a message."""
        if self._pacing:
            (self._paid if priority is Priority.PAID else self._window).take(now)
            (self._private if chat_id > 0 else self._group)[chat_id].take(now)

    def held(self, chat_id: int, priority: Priority, now: float) -> float:
        """Return the seconds for which a 429 still forbids a message."""
        scopes = (chat_id,) if priority is Priority.REPLY else (chat_id, None)
        return max(0.0, *(self._held.get(scope, 0.0) - now for scope in scopes))

    def hold(self, chat_id: int, seconds: float, now: float) -> None:
        """Hold a chat after a 429, and with it all notices and bulk messages."""
        for scope in (chat_id, None):
            self._held[scope] = max(self._held.get(scope, 0.0), now + seconds)

    def paced(self, now: float) -> frozenset[int]:
        """Return the chats that got a message so lately that the next one has to wait."""
        if not self._pacing:
            return frozenset()
        both = (*self._private.items(), *self._group.items())
        return frozenset(chat for chat, bucket in both if not bucket.is_full(now))

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


@dataclass(frozen=True, slots=True, eq=False)
class _Turn:
    priority: Priority
    order: int
    chat_id: int
    granted: Callable[[], bool]


class Turns:
    """Grants turns to chats as soon as the limits allow it."""

    def __init__(
        self, limits: RateLimits, monotonic: MonotonicClock, tasks: BackgroundTasks
    ) -> None:
        self.limits = limits
        self._monotonic = monotonic
        self._tasks = tasks
        self._asked: dict[int, _Turn] = {}
        self._ready: dict[Priority, list[tuple[int, int, _Turn]]] = {one: [] for one in Priority}
        self._later: list[tuple[float, int, _Turn]] = []
        self._numbers = itertools.count()
        self._timer_at = math.inf
        self._timer: asyncio.Task[None] | None = None
        self._is_granting = self._is_closed = False

    def ask(
        self, chat_id: int, priority: Priority, order: int, granted: Callable[[], bool]
    ) -> None:
        """Call ``granted`` when the chat may send, perhaps at once; it replaces an earlier ask.

        Args:
            order: orders the turns of one priority.
            granted: returns whether a call is made, which then counts.
        """
        turn = _Turn(priority, order, chat_id, granted)
        self._asked[chat_id] = turn
        self._push(turn)
        self._grant()

    async def turn(self, chat_id: int, priority: Priority, order: int) -> None:
        """Wait until the chat may send."""
        granted = asyncio.get_running_loop().create_future()

        def grant() -> bool:
            if granted.done():  # cancelled meanwhile
                return False
            granted.set_result(None)
            return True

        self.ask(chat_id, priority, order, grant)
        await granted

    def count(self, chat_id: int, messages: int) -> None:
        """Count further messages that a call has sent."""
        for _ in range(messages):
            self.limits.take(chat_id, self._monotonic.now())

    def hold(self, chat_id: int, seconds: float) -> None:
        """Hold a chat after a 429."""
        self.limits.hold(chat_id, seconds, self._monotonic.now())

    def paced(self) -> frozenset[int]:
        """Return the chats that are sent to as fast as Telegram allows."""
        return self.limits.paced(self._monotonic.now())

    def is_held(self, chat_id: int) -> bool:
        """Return whether a 429 forbids even a reply to this chat."""
        return self.limits.held(chat_id, Priority.REPLY, self._monotonic.now()) > 0

    def forget(self) -> None:
        """Drop what no longer binds."""
        self.limits.forget(self._monotonic.now())

    def close(self) -> None:
        """Grant no more turns."""
        self._is_closed = True

    def _grant(self) -> None:
        if self._is_granting or self._is_closed:
            return
        self._is_granting = True
        try:
            now = self._monotonic.now()
            while self._later and self._later[0][0] <= now:
                self._push(heapq.heappop(self._later)[-1])
            while (turn := self._next(now)) is not None:
                self._grant_one(turn, now)
        finally:
            self._is_granting = False
        self._set_timer(now)

    def _push(self, turn: _Turn) -> None:
        heapq.heappush(self._ready[turn.priority], (turn.order, next(self._numbers), turn))

    def _next(self, now: float) -> _Turn | None:
        """Take the first turn that its window allows now, the most urgent priority first."""
        for priority, ready in self._ready.items():
            if ready and self.limits.window_free_at(priority, now) <= now:
                return heapq.heappop(ready)[-1]
        return None

    def _grant_one(self, turn: _Turn, now: float) -> None:
        if self._asked.get(turn.chat_id) is not turn:
            return
        free_at = self.limits.chat_free_at(turn.chat_id, turn.priority, now)
        if free_at > now:
            heapq.heappush(self._later, (free_at, next(self._numbers), turn))
            return
        del self._asked[turn.chat_id]
        if turn.granted():
            self.limits.take(turn.chat_id, now, turn.priority)

    def _set_timer(self, now: float) -> None:
        at = self._later[0][0] if self._later else math.inf
        waiting = (one for one, ready in self._ready.items() if ready)
        at = min([at, *(self.limits.window_free_at(one, now) for one in waiting)])
        if at < self._timer_at:
            if self._timer is not None:
                self._timer.cancel()
            self._timer_at, self._timer = at, self._tasks.start(self._grant_at(at))

    async def _grant_at(self, at: float) -> None:
        await self._monotonic.sleep(max(0.0, at - self._monotonic.now()))
        self._timer_at, self._timer = math.inf, None
        self._grant()
