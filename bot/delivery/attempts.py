"""DeliveryAttempts sends one outbox row: it paces, renders, calls Telegram and retries.

RateLimits are Telegram's, as token buckets; all their times are in seconds.
https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Final

import structlog

from bot.api.client import ApiError, BotApi, Unreachable
from bot.core.runtime import Backoff, Clocks, Failpoint, FailpointHook, no_failpoint
from bot.delivery.renderer import ApiCall, Renderer
from handlers.everyone import notices
from states.records import Records
from states.step_result import DeleteMessage, EditScreen, Priority, ShowScreen
from storage.engine.database import Unavailable
from storage.engine.tables import FORBIDDEN, GONE, OutboxState
from storage.updates.outbox import DeliveryResult, Outbox, OutgoingMessage

FIRST_RETRY: Final = 1.0
LAST_RETRY: Final = 60.0
"""Seconds until the next attempt, at first and at most."""
_SUBSTITUTE: Final = ShowScreen(notices.APOLOGY)
_NOT_EDITABLE: Final = (
    "message to edit not found",
    "message can't be edited",
    "MESSAGE_ID_INVALID",
)
"""Descriptions of Telegram's refusals of an edit, whatever the new content."""

log = structlog.get_logger("delivery")

RecordsReader = Callable[[int], Awaitable[Records]]


class DeliveryAttempts:
    """Sends one row at a time.

    Args:
        read: reads the records of a chat's person, for rows that come without them.
    """

    def __init__(
        self,
        api: BotApi,
        outbox: Outbox,
        renderer: Renderer,
        read: RecordsReader,
        limits: RateLimits,
        clocks: Clocks,
        failpoint: FailpointHook = no_failpoint,
    ) -> None:
        self._api = api
        self._outbox = outbox
        self._renderer = renderer
        self._read = read
        self._limits = limits
        self._clocks = clocks
        self._failpoint = failpoint

    async def send(self, row: OutgoingMessage, records: Records | None) -> DeliveryResult:
        """Try a row until Telegram accepts or refuses it, or until it expires."""
        backoff = Backoff(FIRST_RETRY, LAST_RETRY)
        while True:
            if row.expires_at is not None and self._clocks.wall.now() >= row.expires_at:
                return self.result(row, OutboxState.EXPIRED)
            await self._pace(row)
            row = replace(row, attempts=row.attempts + 1)
            try:
                return await self._attempt(row, records)
            except _RetryLater as retry:
                if retry.row is not row:
                    row = retry.row
                elif retry.after:
                    await self._hold(row.chat_id, retry.after)
                else:
                    await self._clocks.monotonic.sleep(backoff.next())

    def result(
        self,
        row: OutgoingMessage,
        state: OutboxState,
        *,
        message_id: int | None = None,
        error: str | None = None,
        edited: bool = False,
    ) -> DeliveryResult:
        """Return a result as of now."""
        return DeliveryResult(row, state, self._clocks.wall.now(), message_id, error, edited)

    async def _pace(self, row: OutgoingMessage) -> None:
        monotonic = self._clocks.monotonic
        delay = self._limits.delay(row.chat_id, row.priority, monotonic.now())
        while delay > 0:
            await monotonic.sleep(delay)
            delay = self._limits.held(row.chat_id, row.priority, monotonic.now())

    async def _hold(self, chat_id: int, seconds: float) -> None:
        self._limits.hold(chat_id, seconds, self._clocks.monotonic.now())
        until = self._clocks.wall.now() + timedelta(seconds=seconds)
        try:
            await self._outbox.hold(chat_id, until)
        except Unavailable as error:
            log.warning("hold not stored: it is in memory only", error=str(error))

    async def _attempt(self, row: OutgoingMessage, records: Records | None) -> DeliveryResult:
        try:
            message_id = await self._message_id(row)
            if isinstance(row.effect, DeleteMessage) and message_id is None:
                return self.result(row, OutboxState.SENT)  # the slot is empty
            call = await self._render(row, records, message_id)
            if row.priority is Priority.BULK:
                await self._outbox.claim([row.id])
        except Unavailable:
            raise _RetryLater(row) from None
        except Exception as error:  # a bug in one row must not stop the later rows of its chat
            log.error("message not rendered", row=row.id, error=type(error).__name__)
            is_reply = (
                isinstance(row.effect, ShowScreen | EditScreen) and row.priority is Priority.REPLY
            )
            if is_reply and row.effect != _SUBSTITUTE:
                # A person who waits for a reply gets at least an apology.
                raise _RetryLater(replace(row, effect=_SUBSTITUTE)) from None
            return self.result(row, OutboxState.FAILED, error=type(error).__name__)
        try:
            answer = await self._api.call(call.method, call.params, files=call.files)
        except ApiError as error:
            return self._refused(row, call, error)
        except Unreachable as error:
            log.warning("telegram did not answer", row=row.id, error=str(error))
            raise _RetryLater(row) from None
        self._failpoint(Failpoint.SENT)
        message_id = answer.get("message_id") if isinstance(answer, Mapping) else None
        edited = message_id is not None and message_id == call.params.get("message_id")
        return self.result(row, OutboxState.SENT, message_id=message_id, edited=edited)

    async def _message_id(self, row: OutgoingMessage) -> int | None:
        """Return the message that the effect edits or deletes, if there is one."""
        if not isinstance(row.effect, EditScreen | DeleteMessage):
            return None
        if row.effect.slot is None:
            return row.effect.message_id
        return await self._outbox.newest(row.bot_id, row.chat_id, row.effect.slot)

    async def _render(
        self, row: OutgoingMessage, records: Records | None, message_id: int | None
    ) -> ApiCall:
        if records is None:
            records = await self._read(row.chat_id)
        now = self._clocks.wall.now()
        return await self._renderer.call(row.effect, row.chat_id, records, now, message_id)

    def _refused(self, row: OutgoingMessage, call: ApiCall, error: ApiError) -> DeliveryResult:
        """Return the result of a refusal: success after all, or a failure.

        Raises:
            _RetryLater: the row is to be tried again, or to be sent as a new message.
        """
        if error.code == 429:
            raise _RetryLater(row, error.retry_after or FIRST_RETRY)
        if "message is not modified" in error.description:
            return self.result(row, OutboxState.SENT, message_id=call.params.get("message_id"))
        is_gone = any(text in error.description for text in _NOT_EDITABLE)
        if is_gone and isinstance(row.effect, EditScreen):
            raise _RetryLater(replace(row, effect=row.effect.as_new()))
        log.warning("telegram refused a message", row=row.id, code=error.code, method=call.method)
        return self.result(row, OutboxState.FAILED, error=_reason(error))


def _reason(error: ApiError) -> str:
    """Return why a row failed: the person blocked the bot, the chat is gone, or Telegram's code."""
    if error.code == 403:
        return FORBIDDEN
    return GONE if "chat not found" in error.description else f"{error.code}"


class _RetryLater(Exception):
    """Asks for another attempt with ``row``, after the seconds of a 429 if there are any."""

    def __init__(self, row: OutgoingMessage, after: float | None = None) -> None:
        super().__init__()
        self.row = row
        self.after = after


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
