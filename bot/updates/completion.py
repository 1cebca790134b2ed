"""The end of an update: its messages go to the sender, or it runs again, or it becomes dead."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace

import structlog

from bot.core.failures import raised_at
from bot.core.metrics import Metrics
from bot.core.open_storage import Storage
from bot.core.runtime import Backoff, Clocks
from bot.delivery.i18n import Translations
from bot.delivery.sender import CallbackAnswers, Sender
from bot.media.media_worker import WorkerUnavailable
from bot.updates import attachments
from bot.updates.queue_per_person import QueuedUpdate, UpdateQueue, acted_at
from handlers.everyone import notices
from states.records import Records
from states.step_result import Priority, ShowScreen, StepResult
from storage.candidates.blobs import BlobStoreUnavailable
from storage.engine.database import Unavailable
from storage.engine.tables import InboxState
from storage.updates import fsm
from storage.updates.inbox import AlreadyDone
from storage.updates.unit_of_work import UnitOfWork

TRIES = attachments.ATTEMPTS
RETRY_SECONDS = 1.0
LAST_RETRY = 2.0
"""Seconds before the last try."""
_BACKOFF = Backoff(RETRY_SECONDS, LAST_RETRY)
FILES_LAST_RETRY = 30.0
"""The most seconds between two tries to prepare or store a file; each try downloads it anew."""
_FILES_BACKOFF = Backoff(RETRY_SECONDS, FILES_LAST_RETRY)

log = structlog.get_logger("completion")


class NoContent(Exception):
    """The update is a stand-in: Telegram sent something that cannot be read."""


class UpdateCompletion:
    """Ends updates, and lets their queue keys go on.

    Args:
        administrators: the accounts that get an alert for each dead update.
    """

    def __init__(
        self,
        storage: Storage,
        queue: UpdateQueue,
        sender: Sender,
        callback_answers: CallbackAnswers,
        translations: Translations,
        clocks: Clocks,
        administrators: Iterable[int],
        metrics: Metrics,
    ) -> None:
        self._db = storage.db
        self._inbox = storage.inbox
        self._units = storage.units
        self._ids = storage.ids
        self._queue = queue
        self._sender = sender
        self._callback_answers = callback_answers
        self._translations = translations
        self._wall_clock = clocks.wall
        self._administrators = tuple(administrators)
        self._metrics = metrics
        queue.fetch_failed = self.fail

    def complete(
        self, update: QueuedUpdate, unit: UnitOfWork, result: StepResult | None = None
    ) -> None:
        """Send the messages of a committed update, and answer its callback query.

        Args:
            result: None for a dead update.
        """
        if result is None:
            self._metrics.update_dead()
        else:
            received_at = self._wall_clock.at(update.row.received_at)
            self._metrics.update_done(self._wall_clock.now() - received_at)
        for row in unit.outgoing:
            own = row.chat_id == unit.row.queue_key
            self._sender.submit([row], unit.records if own else None)
        if result is not None and result.clock is not None:
            self._wall_clock.move(result.clock)
        query = update.row.raw.get("callback_query")
        if isinstance(query, dict) and "id" in query:
            locale = unit.person.locale if unit.person else ""
            toast = (
                self._translations.label(result.toast, locale) if result and result.toast else None
            )
            self._callback_answers.answer(query["id"], toast, update.since)
        self._queue.complete(update)

    async def fail(self, update: QueuedUpdate, error: Exception) -> None:
        """Run the update again later; after the last try, send an apology and an alert."""
        if isinstance(error, Unavailable):  # no fault of the update, so no try
            update.waits += 1
            is_of_files = isinstance(error, BlobStoreUnavailable | WorkerUnavailable)
            self._queue.retry_later(
                update, _FILES_BACKOFF.after(update.waits) if is_of_files else RETRY_SECONDS
            )
            return
        if isinstance(error, AlreadyDone):
            self._end_again(update)
            return
        self._metrics.update_attempt_failed()
        attempts = update.row.attempts + 1
        log.error(
            "an update failed",
            update=update.row.update_id,
            attempt=attempts,
            error=type(error).__name__,
            at=raised_at(error),
        )
        if attempts >= TRIES or isinstance(error, NoContent):
            await self._dead_letter(update)
            return
        with suppress(Unavailable):
            await self._inbox.failed(update.row, type(error).__name__)
        update.row = replace(update.row, attempts=attempts)
        self._queue.retry_later(update, _BACKOFF.after(attempts))

    def _end_again(self, update: QueuedUpdate) -> None:
        """End an update whose in-doubt commit took effect; the outbox has its messages."""
        self._sender.pull()
        self._queue.complete(update)

    async def _dead_letter(self, update: QueuedUpdate) -> None:
        # Nothing is loaded: the person's own records may be the reason for the failure.
        now = acted_at(update.row, self._wall_clock)
        unit = UnitOfWork(update.row, now, Records(), fsm.LoadedRecords({}), self._ids)
        if update.row.queue_key > 0:
            unit.enqueue(ShowScreen(notices.APOLOGY), chat_id=update.row.queue_key)
        for administrator in self._administrators:
            data = {"update": str(update.row.update_id) if update.row.update_id >= 0 else "?"}
            alert = ShowScreen(notices.ALERT, data, priority=Priority.NOTICE)
            unit.enqueue(alert, chat_id=administrator)
        try:
            async with self._db.write() as connection:
                await self._units.flush(connection, [unit], final_state=InboxState.DEAD)
        except Unavailable:
            self._queue.retry_later(update, RETRY_SECONDS)
        except AlreadyDone:
            self._end_again(update)
        else:
            self.complete(update, unit)
