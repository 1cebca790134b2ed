"""Sender delivers the rows of the outbox: per chat in order, one at a time.

UpdateWorker hands over committed rows in memory; the table keeps those that a crash leaves behind.
UpdateWorker commits each DeliveryResult, and the next row of a chat waits for that commit. So a
crash repeats at most one message a chat.
CallbackAnswers answers callback queries, without an outbox row.
"""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import structlog

from bot.api.client import ApiError, BotApi, Unreachable
from bot.core.loops import (
    BackgroundTasks,
    Clocks,
    Failpoint,
    FailpointHook,
    MonotonicClock,
    no_failpoint,
)
from bot.core.metrics import Metrics
from bot.delivery.attempts import DeliveryAttempts, RateLimits
from states.records import Records
from states.step_result import EditScreen
from storage.engine.tables import OutboxState
from storage.updates.outbox import DeliveryResult, Outbox, OutgoingMessage

log = structlog.get_logger("sender")


class Sender:
    """Runs one task a chat over its ChatQueue, and collects results for the next commit.

    ``wake`` is called when results wait; ``results_wanted`` says that a chat waits for a commit.
    """

    def __init__(
        self,
        attempts: DeliveryAttempts,
        outbox: Outbox,
        limits: RateLimits,
        clocks: Clocks,
        tasks: BackgroundTasks,
        failpoint: FailpointHook = no_failpoint,
        metrics: Metrics | None = None,
    ) -> None:
        self._attempts = attempts
        self._outbox = outbox
        self._limits = limits
        self._clocks = clocks
        self._tasks = tasks
        self._failpoint = failpoint
        self._metrics = metrics or Metrics()
        self._chats: dict[int, ChatQueue] = {}
        self._known: set[int] = set()
        self._committed_since_read: set[int] = set()
        self._results: list[DeliveryResult] = []
        self.wake: Callable[[], None] = lambda: None
        self.results_wanted = False

    # --- rows ------------------------------------------------------------------------------------

    def submit(self, rows: Iterable[OutgoingMessage], records: Records | None = None) -> None:
        """Queue committed rows; skip those that are queued already."""
        for row in rows:
            if row.id in self._known:
                continue
            self._known.add(row.id)
            wait = 0.0
            if row.not_before:
                wait = (row.not_before - self._clocks.wall.now()).total_seconds()
            if wait > 0:
                self._tasks.start(self._queue_later(row, records, wait))
            else:
                self._queue(row, records)

    async def _queue_later(
        self, row: OutgoingMessage, records: Records | None, wait: float
    ) -> None:
        await self._clocks.monotonic.sleep(wait)
        self._queue(row, records)

    def _queue(self, row: OutgoingMessage, records: Records | None) -> None:
        chat = self._chats.setdefault(row.chat_id, ChatQueue())
        for older in chat.push(row, records):
            self._results.append(self._attempts.result(older, OutboxState.REPLACED))
        if chat.task is None:
            chat.task = self._tasks.start(self._drain(row.chat_id, chat))

    async def recover(self) -> None:
        """Queue what the table still holds after a restart.

        Bulk rows that were claimed before a crash are not sent again: their outcome is unknown.
        """
        unknown = await self._outbox.recover_claimed()
        if unknown:
            log.warning("bulk messages of unknown outcome", count=unknown)
        now = self._clocks.wall.now()
        for chat_id, until in (await self._outbox.holds()).items():
            seconds = (until - now).total_seconds()
            self._limits.hold(chat_id, seconds, self._clocks.monotonic.now())
        await self.catch_up()

    async def catch_up(self) -> None:
        """Queue the rows that are in the table only.

        Raises:
            Unavailable: the database is gone or locked.
        """
        self._committed_since_read.clear()
        rows = await self._outbox.waiting(self._clocks.wall.now())
        # A row committed during the read was still waiting when the read began.
        self.submit(row for row in rows if row.id not in self._committed_since_read)
        self._limits.forget(self._clocks.monotonic.now())

    # --- results ---------------------------------------------------------------------------------

    @property
    def has_results(self) -> bool:
        """Whether results wait for a commit."""
        return bool(self._results)

    def take_results(self) -> list[DeliveryResult]:
        """Return the results to commit; ``results_committed`` or ``return_results`` must follow."""
        results, self._results = self._results, []
        self.results_wanted = False
        return results

    def return_results(self, results: Sequence[DeliveryResult]) -> None:
        """Keep the results of a failed commit for the next one."""
        self._results = [*results, *self._results]

    def results_committed(self, results: Sequence[DeliveryResult]) -> None:
        """Let the chats of committed results go on."""
        self._metrics.deliveries_finished(results, self._clocks.wall.offset)
        for result in results:
            self._failpoint(Failpoint.RESULT_COMMITTED)
            row = result.row
            self._known.discard(row.id)
            self._committed_since_read.add(row.id)
            chat = self._chats[row.chat_id]
            chat.committed(row.id)
            self._forget_if_over(row.chat_id, chat)

    # --- one chat --------------------------------------------------------------------------------

    async def _drain(self, chat_id: int, chat: ChatQueue) -> None:
        while chat.has_waiting:
            await chat.wait_for_commit(self._ask_for_commit)
            row, records = chat.pop()
            result = await self._attempts.send(row, records)
            chat.sent(row.id)
            self._results.append(result)
            self.wake()
        chat.task = None
        self._forget_if_over(chat_id, chat)

    def _ask_for_commit(self) -> None:
        self.results_wanted = True
        self.wake()

    def _forget_if_over(self, chat_id: int, chat: ChatQueue) -> None:
        if chat.is_over:
            self._chats.pop(chat_id, None)


class ChatQueue:
    """The rows of one chat: waiting rows by priority and id, and sent rows without a commit."""

    def __init__(self) -> None:
        self.task: asyncio.Task[None] | None = None
        self._waiting: list[tuple[int, int, OutgoingMessage, Records | None]] = []
        self._uncommitted: set[int] = set()
        self._committed = asyncio.Event()

    @property
    def has_waiting(self) -> bool:
        """Whether a row waits."""
        return bool(self._waiting)

    @property
    def is_over(self) -> bool:
        """Whether nothing is left to do for this chat."""
        return not self._waiting and not self._uncommitted and self.task is None

    def push(self, row: OutgoingMessage, records: Records | None) -> list[OutgoingMessage]:
        """Add a row; return the waiting edits of the same message that it replaces."""
        replaced = []
        if isinstance(row.effect, EditScreen):
            for entry in tuple(self._waiting):
                if _edits_same_message(entry[2], row.effect):
                    self._waiting.remove(entry)
                    replaced.append(entry[2])
            heapq.heapify(self._waiting)
        heapq.heappush(self._waiting, (row.priority, row.id, row, records))
        return replaced

    def pop(self) -> tuple[OutgoingMessage, Records | None]:
        """Remove and return the first row, and the records to render it from."""
        _, _, row, records = heapq.heappop(self._waiting)
        return row, records

    def sent(self, row_id: int) -> None:
        """Note a row whose result must be committed before the next row goes."""
        self._uncommitted.add(row_id)

    def committed(self, row_id: int) -> None:
        """Note the commit of a row's result."""
        self._uncommitted.discard(row_id)
        self._committed.set()

    async def wait_for_commit(self, ask: Callable[[], None]) -> None:
        """Wait until every result is committed; ``ask`` for each commit."""
        while self._uncommitted:
            self._committed.clear()
            ask()
            await self._committed.wait()


def _edits_same_message(older: OutgoingMessage, newer: EditScreen) -> bool:
    """Return whether both edits name one message, by slot or id."""
    edit = older.effect
    if not isinstance(edit, EditScreen):
        return False
    target = (edit.slot, edit.message_id)
    return target == (newer.slot, newer.message_id) and target != (None, None)


class CallbackAnswers:
    """Answers callback queries; after ``LIFETIME`` seconds nobody sees an answer any more."""

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
        """Stop the button's spinner, with a text or without one; do nothing if it is too late."""
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
            log.info("callback answer lost", error=str(error))
