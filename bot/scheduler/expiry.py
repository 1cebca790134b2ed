"""The clock and the deadlines: reminds of them, gives up what is late, and asks where in doubt.

The rule is ``states.deadlines``; what is decided is kept in one transaction with its message.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog

from bot.core.clocks import WallClock
from handlers.staff.administration.expiry import SCREEN
from states import deadlines, lifecycle
from states.deadlines import ExpiryContext
from states.exam import Confirmation, Exam
from states.lifecycle import TRANSITIONS, Event, NonStaffActor
from states.records import Stage
from states.step_result import Priority, ShowScreen
from storage.audit import audit_log
from storage.audit.audit_log import CLOCK, AuditAction, AuditEntry
from storage.candidates import applications, overdue, reminders
from storage.candidates.overdue import OverdueApplication
from storage.engine import installation
from storage.engine.database import Connection, Database
from storage.engine.encryption import Keyring
from storage.engine.installation import Fact
from storage.updates.inbox import Inbox
from storage.updates.outbox import Outbox, OutgoingMessage

LEADS = (timedelta(days=3), timedelta(days=1))
"""How long before a deadline people are reminded of it."""
AT_ONCE = 500
"""Applications that one turn gives up; the next one goes on."""
RESTS = timedelta(minutes=10)
"""How long the late ones are left alone when all of them wait for an administrator."""

log = structlog.get_logger("forfeiting")


@dataclass(slots=True)
class Expiry:
    """What time does to applications. ``administrators`` are the accounts that are asked."""

    db: Database
    keyring: Keyring
    inbox: Inbox
    outbox: Outbox
    exam: Exam
    wall_clock: WallClock
    synced_until: Callable[[], datetime | None]
    bot_id: int
    administrators: frozenset[int]
    _rests_until: datetime | None = None
    _released: datetime | None = None

    async def tick(self, now: datetime) -> None:
        """Remind and give up, as far as that is due now.

        Raises:
            Unavailable: nothing was changed.
        """
        async with self.db.write() as connection:
            await self._remind(connection, now)
            moved_at = await self._windows_moved_at(connection, now)
            released = _moment(await installation.read_within(connection, Fact.RELEASED))
            if self._rests(now) and released == self._released:
                return
            rests_until = await self._rule(connection, now, moved_at, released)
        # Only now is it so: after a commit that failed the next tick has to do it again.
        self._released, self._rests_until = released, rests_until

    def _rests(self, now: datetime) -> bool:
        return self._rests_until is not None and now < self._rests_until

    async def _rule(
        self,
        connection: Connection,
        now: datetime,
        moved_at: datetime | None,
        released: datetime | None,
    ) -> datetime | None:
        """Give up what is late, and ask; until when nothing has to be looked at again, if ever."""
        late = await overdue.overdue(connection, self.keyring, self.exam, now)
        if not late:
            return None
        read_until = await self._read_until(connection)
        ruling = deadlines.plan_expiry(
            [one.application for one in late],
            self.exam,
            ExpiryContext(
                read_until=read_until,
                gaps=await overdue.gaps(connection, self.wall_clock.at),
                moved_at=moved_at,
                released=released,
            ),
        )
        of = {one.application.id: one for one in late}
        for application in ruling.expired[:AT_ONCE]:
            await self._expire(connection, of[application.id], now)
        await self._ask(connection, Counter(hold for _, hold in ruling.held), now)
        is_over = not ruling.unread and len(ruling.expired) <= AT_ONCE
        return now + RESTS if is_over else None

    async def _read_until(self, connection: Connection) -> datetime | None:
        """Up to when everything that people sent is done."""
        heard, undone = self.synced_until(), await self.inbox.oldest_pending(connection)
        if heard is None:
            return None
        return self.wall_clock.at(heard if undone is None else min(heard, undone))

    async def _expire(
        self, connection: Connection, late: OverdueApplication, now: datetime
    ) -> None:
        before = late.application
        after = lifecycle.apply_event(
            before, Event.EXPIRE, self.exam, now, by=NonStaffActor.SCHEDULER
        )
        if not await applications.save_transition(connection, self.keyring, before, after):
            return
        number = self.inbox.new_row_id()
        entry = AuditEntry(
            number, now, CLOCK, AuditAction.EXPIRED, before.person_id, before.id, before.stage
        )
        await audit_log.add(connection, [entry])
        told = ShowScreen(TRANSITIONS[before.stage, Event.EXPIRE].notice, priority=Priority.NOTICE)
        dedup = f"told:{before.id}:{before.revision}:given-up:{int(now.timestamp())}"
        await self._enqueue(connection, late.bot_id, late.telegram_id, told, dedup, now)
        log.info("given up", application=before.id, stage=before.stage)

    async def _ask(
        self, connection: Connection, held: Counter[deadlines.HoldReason], now: datetime
    ) -> None:
        """Tell the administrators what waits for them; once a day for what is the same."""
        counts = " ".join(f"{hold}={held[hold]}" for hold in deadlines.HoldReason if held[hold])
        value = f"{now.isoformat()} {counts}".strip()
        await installation.write(connection, Fact.EXPIRY_HELD, value)
        if not held:
            return
        for account in self.administrators:
            dedup = f"forfeits:{self.exam.today(now)}:{counts}:{account}"
            told = ShowScreen(SCREEN, _counts(counts), priority=Priority.NOTICE)
            await self._enqueue(connection, self.bot_id, account, told, dedup, now)

    async def _remind(self, connection: Connection, now: datetime) -> None:
        """Who has to come to be confirmed, and who has to hand in again (guide, parts 2 and 4).

        Where the confirmation is online there is nothing to be done before its result.
        """
        windows = self.exam.windows
        everywhere = [area.code for area in self.exam.areas]
        on_site = [a.code for a in self.exam.areas if a.confirmation is Confirmation.ON_SITE]
        for stage, ends, areas, screen in (
            (Stage.SUBMITTED, windows.confirmation.closes, on_site, "told-reminder"),
            (Stage.CONFIRM_REFUSED, windows.reupload.closes, everywhere, "told-reminder-mend"),
        ):
            lead = min((one for one in LEADS if ends - one <= now < ends), default=None)
            if lead is None:
                continue
            for one in await reminders.unreminded(
                connection,
                self.exam.key,
                stage,
                since_before=ends - lead,
                reminder=f"remind-{stage}-{lead.days}",
                areas=areas,
            ):
                told = ShowScreen(screen, priority=Priority.NOTICE)
                row = (one.bot_id, one.telegram_id, told, one.dedup)
                await self._enqueue(connection, *row, now, expires_at=ends)

    async def _windows_moved_at(self, connection: Connection, now: datetime) -> datetime | None:
        """When a window was last changed; None as long as they are as at the first start."""
        windows = self.exam.windows
        timed = (windows.confirmation, windows.reupload, windows.review, windows.payment)
        present = ",".join(str(int(window.closes.timestamp())) for window in timed)
        known, _, moved = (
            await installation.read_within(connection, Fact.WINDOWS) or ""
        ).partition(" ")
        if known != present:
            moved = now.astimezone(UTC).isoformat() if known else ""
            await installation.write(connection, Fact.WINDOWS, f"{present} {moved}")
        return _moment(moved)

    async def _enqueue(
        self,
        connection: Connection,
        bot_id: int,
        chat_id: int,
        effect: ShowScreen,
        dedup: str,
        now: datetime,
        expires_at: datetime | None = None,
    ) -> None:
        number = self.inbox.new_row_id()
        row = OutgoingMessage(number, dedup, bot_id, chat_id, effect, now, expires_at=expires_at)
        await self.outbox.add(connection, [row])


def _moment(kept: str | None) -> datetime | None:
    return datetime.fromisoformat(kept) if kept else None


def _counts(kept: str) -> dict[str, str]:
    return dict(part.split("=", 1) for part in kept.split())
