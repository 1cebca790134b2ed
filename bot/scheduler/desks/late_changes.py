"""LateChanges looks after one request for a late change: it reminds the staff, and ends it in time.

A request that nobody decided ends with the rules' own time, and an opened change at its date. The
application then is as it was submitted, and its candidate is told.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.core.open_storage import Storage
from bot.core.runtime import WallClock
from bot.scheduler.expiry import read_until
from bot.scheduler.scheduler import JobRun
from handlers.candidate.changes.late_change import STAFF_NOTICE
from states.changes import late_changes
from states.changes.late_changes import ChangeRequest
from states.exam import Exam
from states.process.lifecycle import TRANSITIONS, Event
from states.records import Application, LateChangeState, Stage
from states.staff.timings import StaffTimings
from states.step_result import Priority, ShowScreen
from storage.audit import audit_log
from storage.audit.audit_log import CLOCK, AuditAction, AuditEntry
from storage.candidates import applications, overdue, people, submissions
from storage.candidates import late_changes as stored
from storage.engine.database import Connection
from storage.engine.jobs import JobKind
from storage.staff.cases import claims
from storage.staff.cases import late_changes as of_staff

REMINDED_AFTER: Final = timedelta(days=1)
"""The wait after which the staff are told again of a request, each day."""
MORE_TIME: Final = timedelta(days=1)
"""The time that a change stays open after an outage of the intake that covered its end."""
LAPSED: Final = "told-change-lapsed"

log = structlog.get_logger("late_changes")


class LateChanges:
    """Runs the job of one request; its key is the request's id."""

    kind = JobKind.LATE_CHANGE

    def __init__(
        self,
        storage: Storage,
        exam: Exam,
        wall_clock: WallClock,
        synced_until: Callable[[], datetime | None],
        timings: StaffTimings,
    ) -> None:
        self._storage = storage
        self._exam = exam
        self._wall_clock = wall_clock
        self._synced_until = synced_until
        self._idle = timings.idle

    async def run(self, run: JobRun) -> None:
        """Do what is due for the request, and come again while it is not at its end."""
        async with run.write() as tx:
            request = await stored.by_id(tx, self._storage.keyring, int(run.job.key))
            if request is None:
                return
            match request.state:
                case LateChangeState.ASKED:
                    await self._look_after(tx, run, request)
                case LateChangeState.OPEN:
                    await self._close(tx, run, request)

    async def _look_after(self, tx: Connection, run: JobRun, request: ChangeRequest) -> None:
        """Tell the staff now and each day; end a request that its rules give no more time.

        A reader with a claimed application is told after it: never below the card (0044).
        """
        closes = self._exam.late_changes_close(request.application.area)
        if run.now >= closes:
            before = request.application
            after = late_changes.end(before, LateChangeState.EXPIRED, run.now)
            await self._end(tx, run.now, request, after, LAPSED)
            return
        days = (run.now - request.asked_at) // REMINDED_AFTER
        can_open = request.application.stage in late_changes.OPENS_AT
        if can_open and await self._tell_staff(tx, run.now, request, days):
            run.again(run.next_tick)
        else:
            run.again(min(request.asked_at + (days + 1) * REMINDED_AFTER, closes))

    async def _tell_staff(
        self, tx: Connection, now: datetime, request: ChangeRequest, days: int
    ) -> bool:
        """Tell each of those who decide once a day; return whether one still has a card in hand."""
        storage, application = self._storage, request.application
        keyring, bot_id = storage.keyring, storage.bot_id
        told = {*await of_staff.accounts(tx, keyring, bot_id, self._exam, application)}
        since = request.asked_at + days * REMINDED_AFTER
        busy = told & await claims.busy(tx, bot_id, since, now, self._idle)
        dedup = f"change:{request.id}:{days}"
        messages = storage.outgoing_to_each(sorted(told - busy), STAFF_NOTICE, now, dedup)
        await storage.outbox.add(tx, messages)
        return bool(busy)

    async def _close(self, tx: Connection, run: JobRun, request: ChangeRequest) -> None:
        """Close an opened change whose time is over, once every earlier update is done."""
        before, until = request.application, request.until
        if before.stage is not Stage.CHANGING or until is None:
            return
        if run.now < until:
            run.again(until)
            return
        read = await read_until(tx, self._storage, self._wall_clock, self._synced_until())
        if read is None or read < until:
            run.again(run.next_tick)
            return
        if (longer := await self._after_outage(tx, until)) is not None:
            await self._prolong(tx, request, longer)
            run.again(longer)
            return
        keyring = self._storage.keyring
        found = await submissions.contents(tx, keyring, before.id, [before.revision])
        answers = found[before.revision].answers
        after = late_changes.close(before, answers, Event.CLOSE_CHANGE, self._exam, run.now)
        await self._end(
            tx, run.now, request, after, TRANSITIONS[before.stage, Event.CLOSE_CHANGE].notice
        )

    async def _after_outage(self, tx: Connection, until: datetime) -> datetime | None:
        """Return a later end if the bot heard nobody at the end, which is nobody's fault."""
        gaps = await overdue.gaps(tx, self._wall_clock.at)
        ends = [ended for began, ended in gaps if began <= until <= ended]
        return max(ends) + MORE_TIME if ends else None

    async def _prolong(self, tx: Connection, request: ChangeRequest, until: datetime) -> None:
        keyring, before = self._storage.keyring, request.application
        after = replace(before, change=before.change and replace(before.change, until=until))
        await stored.save(tx, keyring, request, replace(request, until=until))
        await applications.save_transition(tx, keyring, before, after)

    async def _end(
        self, tx: Connection, now: datetime, request: ChangeRequest, after: Application, told: str
    ) -> None:
        """Store the end, and tell the candidate."""
        storage, before = self._storage, request.application
        ended = replace(request, state=LateChangeState.EXPIRED, ended_at=now)
        await stored.save(tx, storage.keyring, request, ended)
        await applications.save_transition(tx, storage.keyring, before, after)
        is_closed = before.stage is Stage.CHANGING
        action = AuditAction.LATE_CHANGE_CLOSED if is_closed else AuditAction.LATE_CHANGE_ENDED
        detail = f"{before.stage} {after.stage}" if is_closed else str(LateChangeState.EXPIRED)
        entry = AuditEntry(
            storage.ids.next(), now, CLOCK, action, before.person_id, before.id, detail
        )
        await audit_log.add(tx, storage.keyring, [entry])
        owner = (await people.by_ids(tx, storage.keyring, [before.person_id]))[before.person_id]
        message = storage.outgoing(
            owner.telegram_id,
            ShowScreen(told, priority=Priority.NOTICE),
            now,
            f"told:change:{request.id}",
            bot_id=owner.bot_id,
        )
        await storage.outbox.add(tx, [message])
        log.info("late change ended", application=before.id, stage=after.stage)
