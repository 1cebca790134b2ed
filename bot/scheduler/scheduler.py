"""The clock's work: every half minute, what is due now goes into the outbox, in one commit.

Decisions carry dedup keys: a missed tick catches up, a double tick does nothing.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.core.clocks import MonotonicClock, WallClock
from bot.core.failpoints import Failpoint, FailpointHook, no_failpoint
from bot.delivery.sender import Sender
from bot.scheduler.audit_seal import AuditSealing
from bot.scheduler.expiry import Expiry
from handlers.everyone import notices
from states.exam import Exam
from states.step_result import Priority, ShowScreen
from storage.candidates import people
from storage.candidates.blobs import Blobs
from storage.engine import installation
from storage.engine.database import Database, Unavailable
from storage.engine.encryption import Keyring
from storage.engine.installation import Fact
from storage.updates.inbox import KEPT_FOR, Inbox
from storage.updates.outbox import Outbox, OutgoingMessage

EVERY = 30.0
OUTBOX_KEPT_FOR = timedelta(days=30)
PRUNINGS = 20
"""How often in a row a tick drops some rows of a table: with others writing in between, and no more
than that after a night on which much was over at once."""
SWEPT_EVERY = timedelta(hours=1)
"""How often files without a row are dropped, and how old they must be: younger ones may still be
waiting for the commit of theirs."""

log = structlog.get_logger("ticker")


@dataclass(frozen=True, slots=True)
class Retention:
    """How often the clock ticks (seconds), and how long what is over stays in the database."""

    every: float = EVERY
    inbox: timedelta = KEPT_FOR
    outbox: timedelta = OUTBOX_KEPT_FOR


class Scheduler:
    """What happens because time passes."""

    def __init__(
        self,
        *,
        db: Database,
        keyring: Keyring,
        inbox: Inbox,
        outbox: Outbox,
        blobs: Blobs,
        sender: Sender,
        forfeiting: Expiry,
        sealing: AuditSealing,
        exam: Exam,
        wall_clock: WallClock,
        monotonic: MonotonicClock,
        heard: Callable[[], datetime | None],
        refresh_staff: Callable[[], Awaitable[None]],
        failpoint: FailpointHook = no_failpoint,
        retention: Retention | None = None,
    ) -> None:
        self._db = db
        self._keyring = keyring
        self._inbox = inbox
        self._outbox = outbox
        self._blobs = blobs
        self._sender = sender
        self._forfeiting = forfeiting
        self._sealing = sealing
        self._exam = exam
        self._wall_clock = wall_clock
        self._monotonic = monotonic
        self._heard = heard
        self._refresh_staff = refresh_staff
        self._failpoint = failpoint
        self._retention = retention or Retention()

    async def run(self) -> None:
        """Tick until cancelled; a database that is gone is waited for."""
        while True:
            try:
                await self.tick()
            except Unavailable as error:
                log.warning("a tick was missed; the next one catches up", error=str(error))
            await self._monotonic.sleep(self._retention.every)

    async def tick(self) -> None:
        """Decide what is due, send what was left, drop what is over."""
        now = self._wall_clock.now()
        async with self._db.write() as connection:
            if self._exam.windows.registration.holds(now):
                waiting = await people.wanting_opening(connection, self._keyring)
                rows = [self._told(p.telegram_id, p.bot_id, now) for p in waiting]
                await self._outbox.add(connection, rows)
                await people.clear_wants_opening(connection)
            heard = self._heard()
            if heard is not None:
                await installation.write(connection, Fact.SYNCED_UNTIL, heard.isoformat())
        await self._forfeiting.tick(now)
        await self._sealing.tick(now)
        self._failpoint(Failpoint.TICKED)
        await self._sender.catch_up()
        await self._refresh_staff()
        real = now - self._wall_clock.offset  # what the inbox's rows and the files tell
        await _until_none(self._inbox.prune, real - self._retention.inbox)
        await _until_none(self._outbox.prune, now - self._retention.outbox)
        await self._sweep_blobs(real)

    async def _sweep_blobs(self, real: datetime) -> None:
        """Drop what no row names, once an hour and across restarts.

        Never in a database's first hour: one that was mistaken for another must not cost files.
        """
        swept = await installation.read(self._db, Fact.SWEPT)
        if swept is not None:
            if real - datetime.fromisoformat(swept) < SWEPT_EVERY:
                return
            count = await self._blobs.sweep(self._db, real - SWEPT_EVERY)
            if count:
                log.info("files without a row were dropped", count=count)
        async with self._db.write() as connection:
            await installation.write(connection, Fact.SWEPT, real.isoformat())

    def _told(self, chat_id: int, bot_id: int, now: datetime) -> OutgoingMessage:
        return OutgoingMessage(
            id=self._inbox.new_row_id(),
            dedup=f"opening:{self._exam.key}:{bot_id}:{chat_id}",
            bot_id=bot_id,
            chat_id=chat_id,
            effect=ShowScreen(notices.OPENING, priority=Priority.NOTICE),
            made_at=now,
            expires_at=self._exam.windows.registration.closes,
        )


async def _until_none(prune: Callable[[datetime], Awaitable[int]], before: datetime) -> None:
    for _ in range(PRUNINGS):
        if not await prune(before):
            return
