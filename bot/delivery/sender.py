"""Sender delivers the rows of the outbox: per chat in order, one at a time.

UpdateWorker hands over committed rows in memory; OutboxPuller brings all others from the table.
UpdateWorker commits each DeliveryResult, and the next row of a chat waits for that commit. So a
crash repeats at most one message a chat.
CallbackAnswers answers callback queries, without an outbox row.
"""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, Final

import structlog

from bot.api.client import ApiError, BotApi, Unreachable
from bot.core.metrics import Metrics
from bot.core.runtime import (
    BackgroundTasks,
    Clocks,
    Failpoint,
    FailpointHook,
    MonotonicClock,
    no_failpoint,
)
from bot.delivery.attempts import DeliveryAttempts
from bot.delivery.pacing import Turns
from bot.delivery.puller import OutboxPuller
from states.records import Records
from states.step_result import EditScreen
from storage.engine.ids import first_at
from storage.engine.tables import OutboxState
from storage.updates.outbox import DeliveryResult, Outbox, OutgoingMessage

LAST_SECONDS: Final = 2.0
"""The most seconds that a stop waits for the calls under way."""

log = structlog.get_logger("sender")


class Sender:
    """Sends the first row of each chat when the chat has its turn, and collects the results.

    ``wake`` is called when results wait; ``results_wanted`` says that a chat waits for a commit.
    """

    def __init__(
        self,
        attempts: DeliveryAttempts,
        outbox: Outbox,
        turns: Turns,
        clocks: Clocks,
        tasks: BackgroundTasks,
        failpoint: FailpointHook = no_failpoint,
        metrics: Metrics | None = None,
    ) -> None:
        self._attempts = attempts
        self._outbox = outbox
        self._turns = turns
        self._clocks = clocks
        self._tasks = tasks
        self._failpoint = failpoint
        self._metrics = metrics or Metrics()
        self._puller = OutboxPuller(outbox, turns, clocks, tasks, self._queue)
        self._chats: dict[int, ChatQueue] = {}
        self._calls: set[asyncio.Task[None]] = set()
        self._results: list[DeliveryResult] = []
        self.wake: Callable[[], None] = lambda: None
        self.results_wanted = False

    # --- rows ------------------------------------------------------------------------------------

    @property
    def held(self) -> int:
        """The number of rows in memory."""
        return self._puller.held

    def paced(self) -> Collection[int]:
        """Return the chats that are sent to as fast as Telegram allows."""
        return self._turns.paced()

    def submit(self, rows: Iterable[OutgoingMessage], records: Records | None = None) -> None:
        """Queue rows that were just committed; some are left to the puller."""
        self._queue([row for row in rows if self._puller.hand_over(row)], records)

    def pull(self) -> None:
        """Look soon for rows that are in the table only."""
        self._puller.pull()
        self._turns.forget()

    async def recover(self) -> None:
        """Apply the holds from before a restart, and pull what the table still has.

        Bulk rows that were claimed before a crash are not sent again: their outcome is unknown.
        """
        unknown = await self._outbox.recover_claimed()
        if unknown:
            log.warning("bulk messages of unknown outcome", count=unknown)
        now = self._clocks.wall.now()
        self._attempts.begin(first_at(now - self._clocks.wall.offset))
        for chat_id, until in (await self._outbox.holds()).items():
            self._turns.hold(chat_id, (until - now).total_seconds())
        self.pull()

    async def stop(self) -> None:
        """Begin no more calls, and give those under way ``LAST_SECONDS``."""
        self._turns.close()
        if self._calls:
            await asyncio.wait(self._calls, timeout=LAST_SECONDS)

    def _queue(self, rows: Sequence[OutgoingMessage], records: Records | None = None) -> None:
        for row in rows:
            chat = self._chats.setdefault(row.chat_id, ChatQueue())
            for older in chat.push(row, records):
                self._results.append(self._attempts.result(older, OutboxState.REPLACED))
                self.wake()
        for chat_id in dict.fromkeys(row.chat_id for row in rows):
            self._go_on(chat_id, self._chats[chat_id])

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
            self._puller.release(row)
            if row.chat_id < 0:  # a group's result may have a message for whoever bound it
                self._puller.pull()
            if (chat := self._chats.get(row.chat_id)) is not None:
                chat.committed(row.id)
                self._go_on(row.chat_id, chat)

    # --- one chat --------------------------------------------------------------------------------

    def _go_on(self, chat_id: int, chat: ChatQueue) -> None:
        """Ask for a turn, or for the commit that the next row waits for."""
        if chat.is_over:
            self._chats.pop(chat_id, None)
        elif chat.waits_for_commit:
            self.results_wanted = True
            self.wake()
        elif (head := chat.next_to_ask()) is not None:
            self._turns.ask(chat_id, head.priority, head.id, partial(self._send_next, chat))

    def _send_next(self, chat: ChatQueue) -> bool:
        """Begin the call of a chat's first row; return False if it is too late for the row."""
        row, records = chat.pop()
        if self._attempts.is_expired(row):
            self._end(chat, self._attempts.result(row, OutboxState.EXPIRED))
            return False
        call = self._tasks.start(self._send(chat, row, records))
        self._calls.add(call)
        call.add_done_callback(self._calls.discard)
        return True

    async def _send(self, chat: ChatQueue, row: OutgoingMessage, records: Records | None) -> None:
        self._end(chat, await self._attempts.send(row, records))

    def _end(self, chat: ChatQueue, result: DeliveryResult) -> None:
        self._results.append(result)
        chat.sent()
        self._go_on(result.row.chat_id, chat)
        self.wake()


class ChatQueue:
    """The rows of one chat: waiting rows by priority and id, and the one under way.

    A row is under way from its turn until the commit of its result.
    """

    def __init__(self) -> None:
        self._waiting: list[tuple[int, int, OutgoingMessage, Records | None]] = []
        self._under_way: int | None = None
        self._is_sent = False
        self._asked_for: int | None = None

    @property
    def has_waiting(self) -> bool:
        """Whether a row waits."""
        return bool(self._waiting)

    @property
    def is_over(self) -> bool:
        """Whether nothing is left to do for this chat."""
        return not self._waiting and self._under_way is None

    @property
    def waits_for_commit(self) -> bool:
        """Whether a row waits for the commit of the result before it."""
        return self._is_sent and bool(self._waiting)

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

    def next_to_ask(self) -> OutgoingMessage | None:
        """Return the first row if a turn is to be asked for, and was not asked for yet."""
        if self._under_way is not None or not self._waiting:
            return None
        head = self._waiting[0][2]
        if head.id == self._asked_for:
            return None
        self._asked_for = head.id
        return head

    def pop(self) -> tuple[OutgoingMessage, Records | None]:
        """Return the first row, which is then under way, and the records to render it from."""
        _, _, row, records = heapq.heappop(self._waiting)
        self._under_way, self._is_sent, self._asked_for = row.id, False, None
        return row, records

    def sent(self) -> None:
        """Note that the row under way has its result."""
        self._is_sent = True

    def committed(self, row_id: int) -> None:
        """Note the commit of a row's result."""
        if row_id == self._under_way:
            self._under_way, self._is_sent = None, False


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
