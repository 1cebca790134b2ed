"""OpeningNotices announce the registration; reminders name a deadline before it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from bot.core.open_storage import Storage
from handlers.everyone import notices
from states.exam import Confirmation, Exam
from states.records import Stage
from states.step_result import Priority, ShowScreen
from storage.candidates import people, reminders
from storage.engine import installation
from storage.engine.database import Connection
from storage.engine.installation import Fact
from storage.updates.outbox import OutgoingMessage

BEFORE: Final = (timedelta(days=3), timedelta(days=1))
"""The times before a deadline at which candidates are reminded of it."""


class OpeningNotices:
    """Tells the people who asked for it that registration has opened.

    The same commit stores ``synced_until``: up to then the intake has every update of Telegram.
    """

    def __init__(
        self, storage: Storage, exam: Exam, synced_until: Callable[[], datetime | None]
    ) -> None:
        self._storage = storage
        self._exam = exam
        self._synced_until = synced_until

    async def tick(self, now: datetime) -> None:
        """Enqueue the notices while registration is open, each once.

        Raises:
            Unavailable: nothing was changed; the next tick catches up.
        """
        registration = self._exam.windows.registration
        async with self._storage.db.write() as connection:
            if registration.holds(now):
                waiting = await people.wanting_opening(connection, self._storage.keyring)
                messages = [self._message(p.telegram_id, p.bot_id, now) for p in waiting]
                await self._storage.outbox.add(connection, messages)
                await people.clear_wants_opening(connection)
            synced_until = self._synced_until()
            if synced_until is not None:
                await installation.write(connection, Fact.SYNCED_UNTIL, synced_until.isoformat())

    def _message(self, chat_id: int, bot_id: int, now: datetime) -> OutgoingMessage:
        return self._storage.outgoing(
            chat_id,
            ShowScreen(notices.OPENING, priority=Priority.NOTICE),
            now,
            f"opening:{self._exam.key}:{bot_id}:{chat_id}",
            bot_id=bot_id,
            expires_at=self._exam.windows.registration.closes,
        )


async def enqueue_reminders(
    connection: Connection, storage: Storage, exam: Exam, now: datetime
) -> None:
    """Enqueue the reminders of a deadline that are due (guide, parts 2 and 4), each once.

    Candidates of an area with online confirmation have nothing to do before its result.
    """
    windows = exam.windows
    everywhere = [area.code for area in exam.areas]
    on_site = [a.code for a in exam.areas if a.confirmation is Confirmation.ON_SITE]
    for stage, ends, areas, screen in (
        (Stage.SUBMITTED, windows.confirmation.closes, on_site, "told-reminder"),
        (Stage.CONFIRM_REFUSED, windows.reupload.closes, everywhere, "told-reminder-mend"),
    ):
        before = min((one for one in BEFORE if ends - one <= now < ends), default=None)
        if before is None:
            continue
        unreminded = await reminders.unreminded(
            connection,
            exam.key,
            stage,
            since_before=ends - before,
            reminder=f"remind-{stage}-{before.days}",
            areas=areas,
        )
        notice = ShowScreen(screen, priority=Priority.NOTICE)
        messages = [
            storage.outgoing(
                one.telegram_id, notice, now, one.dedup, bot_id=one.bot_id, expires_at=ends
            )
            for one in unreminded
        ]
        await storage.outbox.add(connection, messages)
