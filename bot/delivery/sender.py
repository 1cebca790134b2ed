"""Sends what was decided: per chat in order, one at a time, as fast as Telegram allows.

Rows just committed are handed over in memory; the table is the net for what a crash leaves. What
became of a row (its mark) rides along in the pump's next commit, and a chat's next row waits for
the mark of the one before: so a crash repeats at most one message a chat.
"""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import structlog

from bot.api.client import ApiError, BotApi, Unreachable
from bot.api.rate_limits import RateLimits
from bot.core.background_tasks import BackgroundTasks
from bot.core.backoff import Backoff
from bot.core.clocks import MonotonicClock, WallClock
from bot.core.failpoints import Failpoint, FailpointHook, no_failpoint
from bot.core.metrics import Metrics
from bot.delivery.renderer import ApiCall, Renderer
from handlers.everyone import notices
from states.records import Records
from states.step_result import EditScreen, Priority, ShowScreen
from storage.engine.database import Unavailable
from storage.engine.tables import FORBIDDEN, GONE, OutboxState
from storage.updates.outbox import DeliveryResult, Outbox, OutgoingMessage

FIRST_RETRY = 1.0
LAST_RETRY = 60.0
_SUBSTITUTE = ShowScreen(notices.APOLOGY)
_GONE = ("message to edit not found", "message can't be edited", "MESSAGE_ID_INVALID")
"""What Telegram says of a message that cannot be edited any more, whatever is put in its place."""

log = structlog.get_logger("sender")

Reader = Callable[[int], Awaitable[Records]]


@dataclass(slots=True)
class ChatQueue:
    """The rows of one chat that are not through: queued, and sent but not marked."""

    queue: list[tuple[int, int, OutgoingMessage, Records | None]] = field(default_factory=list)
    uncommitted: set[int] = field(default_factory=set)
    committed: asyncio.Event = field(default_factory=asyncio.Event)
    task: asyncio.Task[None] | None = None


class Sender:
    """The messages on their way.

    Args:
        read: the records of a chat's person, for rows that were not handed over in memory.
        wake: called when marks wait that a chat waits for.
    """

    def __init__(
        self,
        api: BotApi,
        outbox: Outbox,
        renderer: Renderer,
        read: Reader,
        limits: RateLimits,
        wall_clock: WallClock,
        monotonic: MonotonicClock,
        tasks: BackgroundTasks,
        failpoint: FailpointHook = no_failpoint,
        metrics: Metrics | None = None,
    ) -> None:
        self._api = api
        self._tasks = tasks
        self._outbox = outbox
        self._renderer = renderer
        self._read = read
        self._limits = limits
        self._wall_clock = wall_clock
        self._monotonic = monotonic
        self._failpoint = failpoint
        self._metrics = metrics or Metrics()
        self._chats: dict[int, ChatQueue] = {}
        self._known: set[int] = set()
        self._noted: set[int] = set()
        self._results: list[DeliveryResult] = []
        self.wake: Callable[[], None] = lambda: None
        self.results_wanted = False

    # --- what comes in ---------------------------------------------------------------------------

    def submit(self, rows: Iterable[OutgoingMessage], records: Records | None = None) -> None:
        """Send committed rows; those on their way already are left out."""
        for row in rows:
            if row.id in self._known:
                continue
            self._known.add(row.id)
            wait = (
                (row.not_before - self._wall_clock.now()).total_seconds() if row.not_before else 0
            )
            if wait > 0:
                self._tasks.start(self._queue_later(row, records, wait))
            else:
                self._queue(row, records)

    async def _queue_later(
        self, row: OutgoingMessage, records: Records | None, wait: float
    ) -> None:
        await self._monotonic.sleep(wait)
        self._queue(row, records)

    def _queue(self, row: OutgoingMessage, records: Records | None) -> None:
        chat = self._chats.setdefault(row.chat_id, ChatQueue())
        if isinstance(row.effect, EditScreen):
            self._replace_older(chat, row.effect)
        heapq.heappush(chat.queue, (row.priority, row.id, row, records))
        if chat.task is None:
            chat.task = self._tasks.start(self._drain(row.chat_id, chat))

    def _replace_older(self, chat: ChatQueue, newer: EditScreen) -> None:
        """Edits of the same message that still wait would be seen by nobody."""
        older = [
            entry
            for entry in chat.queue
            if isinstance(entry[2].effect, EditScreen)
            and _is_of_same_message(entry[2].effect, newer)
        ]
        for entry in older:
            chat.queue.remove(entry)
            self._results.append(self._add_result(entry[2], OutboxState.REPLACED))
        heapq.heapify(chat.queue)

    async def recover(self) -> None:
        """Take up what the table still holds; what was claimed before a crash stays unknown."""
        unknown = await self._outbox.recover_claimed()
        if unknown:
            log.warning("bulk messages of unknown outcome", count=unknown)
        now = self._wall_clock.now()
        for chat_id, until in (await self._outbox.holds()).items():
            seconds = (until - now).total_seconds()
            self._limits.hold(chat_id, seconds, self._monotonic.now())
        await self.catch_up()

    async def catch_up(self) -> None:
        """Send what the table holds and memory does not."""
        self._noted.clear()
        rows = await self._outbox.waiting(self._wall_clock.now())
        # What was noted while the table was read is waiting in this reading only.
        self.submit(row for row in rows if row.id not in self._noted)
        self._limits.forget(self._monotonic.now())

    # --- marks -----------------------------------------------------------------------------------

    @property
    def has_results(self) -> bool:
        """Whether something was sent that is not noted."""
        return bool(self._results)

    def take_results(self) -> list[DeliveryResult]:
        """The marks for the commit that is being made; ``marked`` or ``give_back`` must follow."""
        marks, self._results = self._results, []
        self.results_wanted = False
        return marks

    def return_results(self, results: Sequence[DeliveryResult]) -> None:
        """The commit failed: they wait for the next."""
        self._results = [*results, *self._results]

    def results_committed(self, results: Sequence[DeliveryResult]) -> None:
        """They are committed: their chats go on."""
        self._metrics.deliveries_finished(results, self._wall_clock.offset)
        for mark in results:
            self._failpoint(Failpoint.RESULT_COMMITTED)
            self._known.discard(mark.row.id)
            self._noted.add(mark.row.id)
            chat = self._chats[mark.row.chat_id]
            chat.uncommitted.discard(mark.row.id)
            chat.committed.set()
            self._retire(mark.row.chat_id, chat)

    def _retire(self, chat_id: int, chat: ChatQueue) -> None:
        if not chat.queue and not chat.uncommitted and chat.task is None:
            self._chats.pop(chat_id, None)

    # --- one chat --------------------------------------------------------------------------------

    async def _drain(self, chat_id: int, chat: ChatQueue) -> None:
        while chat.queue:
            await self._wait_for_commit(chat)
            _, _, row, records = heapq.heappop(chat.queue)
            mark = await self._send(row, records)
            chat.uncommitted.add(row.id)
            self._results.append(mark)
            self.wake()
        chat.task = None
        self._retire(chat_id, chat)

    async def _wait_for_commit(self, chat: ChatQueue) -> None:
        while chat.uncommitted:
            chat.committed.clear()
            self.results_wanted = True
            self.wake()
            await chat.committed.wait()

    async def _send(self, row: OutgoingMessage, records: Records | None) -> DeliveryResult:
        """One row, until Telegram has said yes or no."""
        backoff = Backoff(FIRST_RETRY, LAST_RETRY)
        while True:
            if row.expires_at is not None and self._wall_clock.now() >= row.expires_at:
                return self._add_result(row, OutboxState.EXPIRED)
            await self._timings(row)
            row = replace(row, attempts=row.attempts + 1)
            try:
                return await self._attempt(row, records)
            except _RetryLater as again:
                if again.row is not row:
                    row = again.row
                elif again.held:
                    await self._hold(row.chat_id, again.held)
                else:
                    await self._monotonic.sleep(backoff.next())

    async def _hold(self, chat_id: int, seconds: float) -> None:
        self._limits.hold(chat_id, seconds, self._monotonic.now())
        try:
            await self._outbox.hold(chat_id, self._wall_clock.now() + timedelta(seconds=seconds))
        except Unavailable as error:
            log.warning("a limit is remembered in memory only", error=str(error))

    async def _timings(self, row: OutgoingMessage) -> None:
        delay = self._limits.delay(row.chat_id, row.priority, self._monotonic.now())
        while delay > 0:
            await self._monotonic.sleep(delay)
            delay = self._limits.held(row.chat_id, row.priority, self._monotonic.now())

    async def _attempt(self, row: OutgoingMessage, records: Records | None) -> DeliveryResult:
        try:
            call = await self._call(row, records)
            if row.priority is Priority.BULK:
                await self._outbox.claim([row.id])
        except Unavailable:
            raise _RetryLater(row) from None
        except Exception as error:  # words, picture or records are not there: later rows must go on
            log.error("a message could not be made", row=row.id, error=type(error).__name__)
            is_answer = (
                isinstance(row.effect, ShowScreen | EditScreen) and row.priority is Priority.REPLY
            )
            if is_answer and row.effect != _SUBSTITUTE:
                # Whoever waits for an answer hears at least that something went wrong.
                raise _RetryLater(replace(row, effect=_SUBSTITUTE)) from None
            return self._add_result(row, OutboxState.FAILED, error=type(error).__name__)
        try:
            result = await self._api.call(call.method, call.params, files=call.files)
        except ApiError as error:
            return self._refused(row, call, error)
        except Unreachable as error:
            log.warning("telegram did not answer", row=row.id, error=str(error))
            raise _RetryLater(row) from None
        self._failpoint(Failpoint.SENT)
        return self._add_result(row, OutboxState.SENT, message_id=_message_id(result))

    async def _call(self, row: OutgoingMessage, records: Records | None) -> ApiCall:
        if records is None:
            records = await self._read(row.chat_id)
        slot_message = None
        if isinstance(row.effect, EditScreen):
            slot_message = row.effect.message_id
            if row.effect.slot is not None:
                slot_message = await self._outbox.newest(row.bot_id, row.chat_id, row.effect.slot)
        now = self._wall_clock.now()
        return await self._renderer.call(row.effect, row.chat_id, records, now, slot_message)

    def _refused(self, row: OutgoingMessage, call: ApiCall, error: ApiError) -> DeliveryResult:
        """What a refusal means: success after all, try again, send anew, or the row's end."""
        if error.code == 429:
            raise _RetryLater(row, held=error.retry_after or FIRST_RETRY)
        if "message is not modified" in error.description:
            return self._add_result(row, OutboxState.SENT, message_id=call.params.get("message_id"))
        if isinstance(row.effect, EditScreen) and any(sign in error.description for sign in _GONE):
            raise _RetryLater(replace(row, effect=row.effect.as_new()))
        log.warning("telegram refused a message", row=row.id, code=error.code, method=call.method)
        return self._add_result(row, OutboxState.FAILED, error=_reason(error))

    def _add_result(
        self,
        row: OutgoingMessage,
        state: OutboxState,
        *,
        message_id: int | None = None,
        error: str | None = None,
    ) -> DeliveryResult:
        return DeliveryResult(row, state, self._wall_clock.now(), message_id, error)


def _reason(error: ApiError) -> str:
    """Why a row is over: the bot is shut out, there is no such chat, or Telegram's number."""
    if error.code == 403:
        return FORBIDDEN
    return GONE if "chat not found" in error.description else f"{error.code}"


class _RetryLater(Exception):
    """Not over: the row as it is to be tried next, and the seconds a 429 asked for."""

    def __init__(self, row: OutgoingMessage, held: float | None = None) -> None:
        super().__init__()
        self.row = row
        self.held = held


def _is_of_same_message(one: EditScreen, other: EditScreen) -> bool:
    """Whether both are for one message, by its slot or its id; who names none makes a new one."""
    named = (one.slot, one.message_id)
    return named == (other.slot, other.message_id) and named != (None, None)


def _message_id(result: object) -> int | None:
    return result.get("message_id") if isinstance(result, Mapping) else None


class CallbackAnswers:
    """Answers to pressed buttons: not rows, since after seconds nobody can see them any more."""

    LIFETIME = 10.0

    def __init__(
        self,
        api: BotApi,
        monotonic: MonotonicClock,
        tasks: BackgroundTasks,
        metrics: Metrics | None = None,
    ) -> None:
        self._api = api
        self._monotonic = monotonic
        self._tasks = tasks
        self._metrics = metrics or Metrics()

    def answer(self, callback_id: str, text: str | None, since: float) -> None:
        """Stop the button's spinner, with a word or without; too late, do nothing."""
        if self._monotonic.now() - since > self.LIFETIME:
            self._metrics.callback_answer_lost()
            return
        params: dict[str, Any] = {"callback_query_id": callback_id}
        self._tasks.start(self._call({**params, "text": text} if text else params))

    async def _call(self, params: Mapping[str, Any]) -> None:
        try:
            await self._api.call("answerCallbackQuery", params, time_limit=self.LIFETIME)
        except (ApiError, Unreachable) as error:
            self._metrics.callback_answer_lost()
            log.info("a button's answer was lost", error=str(error))
