"""Expiry ends applications whose deadline has passed, and asks administrators in doubt.

``states.process.deadlines`` holds the rule. Each change is in one transaction with its message.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

import structlog

from bot.core.open_storage import Storage
from bot.core.runtime import WallClock
from bot.scheduler.scheduler import JobRun
from handlers.case_messages import departure_messages
from handlers.staff.administration.administrator_commands import SCREEN
from states.exam import Exam
from states.process import deadlines, lifecycle
from states.process.deadlines import ExpiryContext, ExpiryPlan, HoldReason
from states.process.lifecycle import TRANSITIONS, Event, NonStaffActor
from states.records import Application
from states.staff.departures import Departure
from states.step_result import Priority, ShowScreen
from storage.audit import audit_log
from storage.audit.audit_log import CLOCK, AuditAction, AuditEntry
from storage.candidates import applications, overdue
from storage.candidates.overdue import OverdueApplication
from storage.engine import installation
from storage.engine.database import Connection
from storage.engine.installation import Fact
from storage.engine.jobs import JobKind
from storage.payments import waiting
from storage.staff.cases import departures

AT_ONCE: Final = 500
"""Applications that one run expires; the next run goes on."""
PAUSE: Final = timedelta(minutes=10)
"""The delay between two runs after the first window has closed; a release ends it."""

log = structlog.get_logger("expiry")


class Expiry:
    """Moves overdue applications to EXPIRED, and asks the ``administrators`` where in doubt."""

    kind = JobKind.EXPIRY

    def __init__(
        self,
        storage: Storage,
        exam: Exam,
        wall_clock: WallClock,
        synced_until: Callable[[], datetime | None],
        administrators: frozenset[int],
    ) -> None:
        self._storage = storage
        self._exam = exam
        self._wall_clock = wall_clock
        self._synced_until = synced_until
        self._administrators = administrators
        windows = exam.windows
        self._windows = (windows.confirmation, windows.reupload, windows.review, windows.payment)
        self._closing = ",".join(str(int(one.closes.timestamp())) for one in self._windows)

    async def run(self, run: JobRun) -> None:
        """Expire what is overdue; run again when the next window closes, or after a pause.

        The plan reads everything that is overdue, beside the updates. Then the transaction reads
        again what expires.
        """
        closes = [window.closes for window in self._windows if window.closes > run.now]
        pause = [run.now + PAUSE] if len(closes) < len(self._windows) else []
        plan, unpaid = await self._plan(run.now)
        is_over = not plan.unread and len(plan.expired) <= AT_ONCE
        async with run.write() as connection:
            context = await self._context(connection, run.now)
            await self._remember_windows(connection, context.moved_at)
            late = await overdue.still_overdue(
                connection,
                self._storage.keyring,
                self._exam,
                run.now,
                context.unpaid_released,
                plan.expired[:AT_ONCE],
            )
            again = await self._plan_part(connection, late, context, run.now)
            by_id = {one.application.id: one for one in late}
            in_hand = await departures.in_hand(connection, again.expired)
            for one in again.expired:
                is_ended = await self._expire(connection, by_id[one], run.now)
                if is_ended and one in in_hand:
                    await self._leave_desk(connection, by_id[one].application, run.now)
            await self._ask(connection, plan.held + Counter({HoldReason.UNPAID: unpaid}), run.now)
            run.again(min(closes + pause) if is_over else run.next_tick)

    async def _plan(self, now: datetime) -> tuple[ExpiryPlan, int]:
        """Return the plan of all that is overdue, and how many nobody has marked as paid."""
        plan = ExpiryPlan()
        async with self._storage.db.read() as connection:
            context = await self._context(connection, now)
            released = context.unpaid_released
            keyring = self._storage.keyring
            async for part in overdue.overdue_parts(connection, keyring, self._exam, now, released):
                plan += await self._plan_part(connection, part, context, now)
            return plan, await overdue.count_unpaid(connection, self._exam, now, released)

    async def _plan_part(
        self,
        connection: Connection,
        late: Sequence[OverdueApplication],
        context: ExpiryContext,
        now: datetime,
    ) -> ExpiryPlan:
        part = [one.application for one in late]
        paying = await waiting.paying(connection, self._storage.keyring, self._exam, part, now)
        return deadlines.plan_expiry(part, self._exam, replace(context, paying=paying))

    async def _context(self, connection: Connection, now: datetime) -> ExpiryContext:
        """Return the circumstances of all expiries; ``paying`` depends on the applications."""
        return ExpiryContext(
            read_until=await read_until(
                connection, self._storage, self._wall_clock, self._synced_until()
            ),
            gaps=await overdue.gaps(connection, self._wall_clock.at),
            moved_at=await self._windows_moved_at(connection, now),
            released=_moment(await installation.read_within(connection, Fact.RELEASED)),
            unpaid_released=_moment(
                await installation.read_within(connection, Fact.UNPAID_RELEASED)
            ),
        )

    async def _expire(
        self, connection: Connection, late: OverdueApplication, now: datetime
    ) -> bool:
        """Expire an application and tell its candidate; return whether it was still as it was."""
        storage, before = self._storage, late.application
        after = lifecycle.apply_event(
            before, Event.EXPIRE, self._exam, now, by=NonStaffActor.SCHEDULER
        )
        if not await applications.save_transition(connection, storage.keyring, before, after):
            return False
        entry = AuditEntry(
            storage.ids.next(),
            now,
            CLOCK,
            AuditAction.EXPIRED,
            before.person_id,
            before.id,
            before.stage,
        )
        await audit_log.add(connection, storage.keyring, [entry])
        notice = ShowScreen(
            TRANSITIONS[before.stage, Event.EXPIRE].notice, priority=Priority.NOTICE
        )
        dedup = f"told:{before.id}:{before.revision}:given-up:{int(now.timestamp())}"
        message = storage.outgoing(late.telegram_id, notice, now, dedup, bot_id=late.bot_id)
        await storage.outbox.add(connection, [message])
        log.info("application expired", application=before.id, stage=before.stage)
        return True

    async def _leave_desk(self, connection: Connection, before: Application, now: datetime) -> None:
        """Tell the colleagues who had a hand in an expired application, and close its messages."""
        storage, why = self._storage, Departure.EXPIRED
        left = await departures.depart(
            connection, storage.keyring, before, why, now, storage.ids.next
        )
        told = departure_messages(left)
        await storage.outbox.add(connection, [storage.outgoing(*one, now) for one in told])

    async def _ask(self, connection: Connection, held: Counter[HoldReason], now: datetime) -> None:
        """Ask the administrators about held deadlines, the same question once a day.

        Whether people have paid takes weeks to settle: that alone is a question once a week.
        """
        counts = {str(hold): str(held[hold]) for hold in HoldReason if held[hold]}
        text = " ".join(f"{hold}={count}" for hold, count in counts.items())
        await installation.write(connection, Fact.EXPIRY_HELD, f"{now.isoformat()} {text}".strip())
        if not held:
            return
        question = ShowScreen(SCREEN, counts, priority=Priority.NOTICE)
        today, others = self._exam.today(now), counts.keys() - {HoldReason.UNPAID}
        week = f"{today:%G-W%V}"
        dedup = f"forfeits:{today}:{text}" if others else f"forfeits:{week}:{HoldReason.UNPAID}"
        messages = self._storage.outgoing_to_each(self._administrators, question, now, dedup)
        await self._storage.outbox.add(connection, messages)

    async def _windows_moved_at(self, connection: Connection, now: datetime) -> datetime | None:
        """Return when a window last changed; None while all are as at the first start."""
        known, _, moved = (
            await installation.read_within(connection, Fact.WINDOWS) or ""
        ).partition(" ")
        return now if known and known != self._closing else _moment(moved)

    async def _remember_windows(self, connection: Connection, moved_at: datetime | None) -> None:
        moved = moved_at.astimezone(UTC).isoformat() if moved_at else ""
        kept = f"{self._closing} {moved}"
        if kept != await installation.read_within(connection, Fact.WINDOWS):
            await installation.write(connection, Fact.WINDOWS, kept)


async def read_until(
    connection: Connection,
    storage: Storage,
    wall_clock: WallClock,
    synced_until: datetime | None,
) -> datetime | None:
    """Return up to when the bot has received and done every update."""
    pending = await storage.inbox.oldest_pending(connection)
    if synced_until is None:
        return None
    return wall_clock.at(synced_until if pending is None else min(synced_until, pending))


def _moment(kept: str | None) -> datetime | None:
    return datetime.fromisoformat(kept) if kept else None
