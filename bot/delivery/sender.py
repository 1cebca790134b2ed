"""Sender delivers the rows of the outbox: per chat in order, one at a time.

UpdateWorker hands over committed rows in memory; the table keeps those that a crash leaves behind.
UpdateWorker commits each DeliveryResult, and the next row of a chat waits for that commit. So a
crash repeats at most one message a chat.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import structlog

from bot.api.rate_limits import RateLimits
from bot.core.background_tasks import BackgroundTasks
from bot.core.clocks import Clocks
from bot.core.failpoints import Failpoint, FailpointHook, no_failpoint
from bot.core.metrics import Metrics
from bot.delivery.attempts import DeliveryAttempts
from bot.delivery.queue import ChatQueue
from states.records import Records
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
