"""BroadcastJob plans, feeds and ends one broadcast; the outbox and the sender do the rest.

The ledger holds all recipients; the outbox only those of the next seconds. So a pause takes back a
few hundred rows, and 100,000 waiting recipients cost the sender nothing.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.core.open_storage import Storage
from bot.scheduler.scheduler import JobRun
from handlers.everyone import broadcast_message
from handlers.staff.broadcasts import progress
from states.broadcasts.ledger import BroadcastState, Outcome
from states.exam import Exam
from states.step_result import EditScreen, Priority, ShowScreen
from storage.audit import audit_log
from storage.audit.audit_log import CLOCK, AuditAction, AuditEntry
from storage.broadcasts import audiences, broadcasts, ledger
from storage.broadcasts.broadcasts import Broadcast
from storage.engine.database import Connection
from storage.engine.jobs import JobKind
from storage.updates.outbox import OutgoingMessage

AHEAD: Final = {Priority.BULK: 300, Priority.PAID: 5_000}
"""Rows of a broadcast in the outbox at most: ten seconds of it, or five."""
AT_ONCE: Final = {Priority.BULK: 30, Priority.PAID: 1_000}
"""Rows of one transaction: a second of the broadcast. A reply waits for no more than these."""
FED_EVERY: Final = timedelta(seconds=1)
TOLD_EVERY: Final = timedelta(seconds=5)
"""The time between two looks at a broadcast that runs, and between two edits of its progress."""
IDLE: Final = timedelta(hours=1)
"""The time between two looks at a paused broadcast; a resume makes the job due at once."""

log = structlog.get_logger("broadcasts")


class BroadcastJob:
    """Runs the job of each broadcast, whose key is the broadcast's id."""

    kind = JobKind.BROADCAST

    def __init__(self, storage: Storage, exam: Exam) -> None:
        self._storage = storage
        self._exam = exam
        self._told: dict[int, tuple[datetime, int]] = {}

    async def run(self, run: JobRun) -> None:
        """Do what the state of the broadcast asks for, and come back while there is more."""
        broadcast = await self._read(int(run.job.key))
        if broadcast is None or broadcast.state is BroadcastState.FINISHED:
            return
        match broadcast.state:
            case BroadcastState.PLANNING:
                await self._plan(broadcast, run)
            case BroadcastState.SCHEDULED:
                await self._begin(broadcast, run)
            case BroadcastState.RUNNING:
                await self._feed(broadcast, run)
            case BroadcastState.CANCELLED:
                await self._cancel(broadcast, run)
            case BroadcastState.PAUSED:
                run.again(run.now + IDLE)

    async def _read(self, broadcast_id: int) -> Broadcast | None:
        storage = self._storage
        async with storage.db.read_autocommit() as connection:
            return await broadcasts.of_id(connection, storage.keyring, storage.bot_id, broadcast_id)

    async def _plan(self, broadcast: Broadcast, run: JobRun) -> None:
        """Write all recipients down, in transactions of their own, and schedule the broadcast."""
        planned = audiences.PLANNED_AT_ONCE
        while planned == audiences.PLANNED_AT_ONCE:
            async with self._storage.db.write() as connection:
                planned = await audiences.write_down(connection, broadcast, self._exam)
        async with run.write() as tx:
            states = [BroadcastState.PLANNING]
            await broadcasts.move(tx, broadcast.id, states, BroadcastState.SCHEDULED)
            run.again(run.now)

    async def _begin(self, broadcast: Broadcast, run: JobRun) -> None:
        """Start a broadcast whose time has come."""
        starts_at = broadcast.starts_at or run.now
        run.again(max(starts_at, run.now))
        if starts_at > run.now:
            await self._tell(broadcast, run)
            return
        async with run.write() as tx:
            states = [BroadcastState.SCHEDULED]
            to = BroadcastState.RUNNING
            await broadcasts.move(tx, broadcast.id, states, to, went_on_at=run.now)

    async def _feed(self, broadcast: Broadcast, run: JobRun) -> None:
        """Keep the outbox supplied; end the broadcast when every recipient has an outcome."""
        async with self._storage.db.read_autocommit() as connection:
            counts = await ledger.counts(connection, broadcast.id)
        priority = Priority.PAID if broadcast.is_paid else Priority.BULK
        if counts.open == 0:
            await self._finish(broadcast, run)
            return
        room = AHEAD[priority] - counts[Outcome.CLAIMED]
        is_tell_due = self._is_tell_due(broadcast.id, counts.done, run.now)
        is_fed = counts[Outcome.PLANNED] > 0 and room >= AT_ONCE[priority]
        run.again(run.now if is_fed else run.now + FED_EVERY)
        if is_fed or is_tell_due:
            async with run.write() as tx:
                running = BroadcastState.RUNNING
                if not await broadcasts.move(tx, broadcast.id, [running], running):
                    return  # stopped since it was read
                if is_fed:
                    await self._hand_over(tx, broadcast, priority, run.now)
                if is_tell_due:
                    self._told[broadcast.id] = run.now, counts.done
                    await self._storage.outbox.add(tx, [self._progress(broadcast, run.now)])

    async def _hand_over(
        self, tx: Connection, broadcast: Broadcast, priority: Priority, now: datetime
    ) -> None:
        """Put the next recipients into the outbox, and close those whom nothing can reach."""
        found = await ledger.planned(tx, broadcast.id, AT_ONCE[priority])
        erased = [one.person_id for one in found if one.chat_id is None]
        await ledger.close(tx, broadcast.id, erased, Outcome.OVERTAKEN, now, "erased")
        for why in sorted({one.unreachable for one in found if one.unreachable}):
            them = [one.person_id for one in found if one.unreachable == why]
            await ledger.close(tx, broadcast.id, them, Outcome.REFUSED, now, why)
        data = {broadcast_message.BROADCAST: str(broadcast.id)}
        shown = ShowScreen(broadcast_message.SCREEN, data, priority=priority)
        rows = [
            (one.person_id, self._message(broadcast, one.person_id, one.chat_id, shown, now))
            for one in found
            if one.chat_id is not None and one.unreachable is None
        ]
        await self._storage.outbox.add(tx, [row for _, row in rows])
        await ledger.claim(tx, broadcast.id, [(person_id, row.id) for person_id, row in rows])

    def _message(
        self, broadcast: Broadcast, person_id: int, chat_id: int, shown: ShowScreen, now: datetime
    ) -> OutgoingMessage:
        key, until = ledger.key_of(broadcast, person_id), broadcast.deadline
        return self._storage.outgoing(chat_id, shown, now, key, expires_at=until)

    async def _finish(self, broadcast: Broadcast, run: JobRun) -> None:
        async with run.write() as tx:
            states, to = [BroadcastState.RUNNING], BroadcastState.FINISHED
            if await broadcasts.move(tx, broadcast.id, states, to, ended_at=run.now):
                await self._report(tx, broadcast, run.now)
            else:  # stopped since it was read
                run.again(run.now)

    async def _cancel(self, broadcast: Broadcast, run: JobRun) -> None:
        """Give the rest their outcome; the calls under way still bring theirs."""
        async with run.write() as tx:
            more = await ledger.cancel_planned(tx, broadcast.id, run.now)
            counts = await ledger.counts(tx, broadcast.id)
            if counts.open:
                run.again(run.now if more else run.now + FED_EVERY)
                return
            state = BroadcastState.CANCELLED
            await broadcasts.move(tx, broadcast.id, [state], state, ended_at=run.now)
            await self._report(tx, broadcast, run.now)

    async def _report(self, tx: Connection, broadcast: Broadcast, now: datetime) -> None:
        """Tell the sender the outcome in a new message, below everything else in the chat."""
        data = {progress.BROADCAST: str(broadcast.id)}
        final = ShowScreen(progress.REPORT, data, priority=Priority.NOTICE)
        report = self._storage.outgoing(broadcast.made_by, final, now)
        await self._storage.outbox.add(
            tx, [self._progress(broadcast, now, has_report=True), report]
        )
        entry_id, detail = self._storage.ids.next(), str(broadcast.id)
        entry = AuditEntry(entry_id, now, CLOCK, AuditAction.BROADCAST_ENDED, detail=detail)
        await audit_log.add(tx, self._storage.keyring, [entry])
        self._told.pop(broadcast.id, None)

    async def _tell(self, broadcast: Broadcast, run: JobRun) -> None:
        """Show that the recipients are written down."""
        if broadcast.id in self._told:
            return
        self._told[broadcast.id] = run.now, 0
        async with run.write() as tx:
            await self._storage.outbox.add(tx, [self._progress(broadcast, run.now)])

    def _is_tell_due(self, broadcast_id: int, done: int, now: datetime) -> bool:
        told_at, told = self._told.get(broadcast_id, (None, -1))
        return done != told and (told_at is None or now - told_at >= TOLD_EVERY)

    def _progress(
        self, broadcast: Broadcast, now: datetime, *, has_report: bool = False
    ) -> OutgoingMessage:
        data = {progress.BROADCAST: str(broadcast.id)}
        data |= {progress.REPORTED: "yes"} if has_report else {}
        slot = progress.slot_of(broadcast.id)
        shown = EditScreen(progress.SCREEN, slot, data, priority=Priority.NOTICE)
        return self._storage.outgoing(broadcast.made_by, shown, now)
