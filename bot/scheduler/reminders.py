"""Notices of a date: the opening, a deadline before it, and the closing after it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import blake2s
from typing import Final

from bot.core.open_storage import Storage
from bot.core.runtime import WallClock
from bot.scheduler.expiry import read_until
from bot.scheduler.scheduler import JobRun
from handlers.candidate.progress.status import MISSED
from handlers.candidate.reminders import REMINDER
from handlers.everyone import notices
from states.exam import Exam
from states.process.time_rules import GRACE, Guard, time_span
from states.records import ApplicationId, Records
from states.reminders.planning import Reminder, ReminderPlan, plan
from states.reminders.times import AFTER_ACT, APART, Calendar
from states.step_result import Priority, ShowScreen
from storage.candidates import applications, people, reminder_dates, reminders
from storage.candidates.reminders import DuePerson, ExpiredReminder, MissedDraft, Unsubmitted
from storage.engine import installation
from storage.engine.database import Connection
from storage.engine.installation import Fact
from storage.engine.jobs import JobKind
from storage.updates.outbox import OutgoingMessage

MORNING: Final = 9
"""The hour at which people are told that they missed the submission."""
TOLD_FOR: Final = timedelta(days=7)
"""The time after a closing in which they are told; later it is no news."""
LATEST: Final = 4 * GRACE
"""The longest time after the review at which a correction may end: one a desk, and its own."""
PAUSE: Final = timedelta(minutes=10)
"""The delay between two runs within a window: a late update or decision may add somebody."""


class OpeningNotices:
    """Tells the people who asked for it that registration has opened, each once and by day."""

    kind = JobKind.OPENING

    def __init__(self, storage: Storage, exam: Exam) -> None:
        self._storage = storage
        self._exam = exam

    async def run(self, run: JobRun) -> None:
        """Enqueue the notices while registration is open, some at a time: all come back then."""
        registration, calendar = self._exam.windows.registration, Calendar.of(self._exam, "")
        first = calendar.earliest(max(registration.opens, run.now), registration.closes)
        run.again(max(first, run.now + PAUSE))
        if first > run.now or not registration.holds(run.now):
            return
        async with run.write() as tx:
            most = reminders.AT_ONCE
            waiting = await people.wanting_opening(tx, self._storage.keyring, most)
            messages = [self._message(p.telegram_id, p.bot_id, run.now) for p in waiting]
            await self._storage.outbox.add(tx, messages)
            await people.clear_wants_opening(tx, [one.id for one in waiting])
            if len(waiting) == most:
                run.again(run.now)

    def _message(self, chat_id: int, bot_id: int, now: datetime) -> OutgoingMessage:
        return self._storage.outgoing(
            chat_id,
            ShowScreen(notices.OPENING, priority=Priority.NOTICE),
            now,
            f"opening:{self._exam.key}:{bot_id}:{chat_id}",
            bot_id=bot_id,
            expires_at=self._exam.windows.registration.closes,
        )


class ClosingNotices:
    """Tells everybody with an unsubmitted draft once that the time to submit is over.

    They are told in the morning, after every update from before the closing is done.
    """

    kind = JobKind.CLOSING

    def __init__(
        self,
        storage: Storage,
        exam: Exam,
        wall_clock: WallClock,
        synced_until: Callable[[], datetime | None],
    ) -> None:
        self._storage = storage
        self._exam = exam
        self._wall_clock = wall_clock
        self._synced_until = synced_until
        windows = exam.windows
        registration = windows.registration.closes
        # A withdrawn application can be submitted again until confirmation closes, and one that was
        # refused before until the end of its correction (``states.process.time_rules``).
        confirmation = max(registration, windows.confirmation.closes)
        self._closings = (
            (Unsubmitted.NEVER, registration),
            (Unsubmitted.WITHDRAWN, confirmation),
            (Unsubmitted.REFUSED, max(confirmation, windows.reupload.closes)),
        )

    async def run(self, run: JobRun) -> None:
        """Enqueue the notices in the days after a closing."""
        mornings = [self._morning(closes) for _, closes in self._closings]
        run.again(min((one for one in mornings if one > run.now), default=run.now + PAUSE))
        due = [
            (which, closes)
            for (which, closes), morning in zip(self._closings, mornings, strict=True)
            if morning <= run.now < self._last(which, closes) + TOLD_FOR
        ]
        if not due:
            return
        async with run.write() as tx:
            told = [m for one in due for m in await self._messages(tx, *one, run.now)]
            await self._storage.outbox.add(tx, told)
            run.again(run.next_tick if len(told) >= reminders.AT_ONCE else run.now + PAUSE)

    def _last(self, which: Unsubmitted, closes: datetime) -> datetime:
        """Return the last deadline of a kind: a late refusal has one of its own."""
        is_refused = which is Unsubmitted.REFUSED
        return max(closes, self._exam.windows.review.closes + LATEST) if is_refused else closes

    def _morning(self, closes: datetime) -> datetime:
        """Return nine o'clock after a closing, in the exam's time zone."""
        local = closes.astimezone(self._exam.tz)
        morning = local.replace(hour=MORNING, minute=0, second=0, microsecond=0)
        return morning if morning >= local else morning + timedelta(days=1)

    async def _messages(
        self, connection: Connection, which: Unsubmitted, closes: datetime, now: datetime
    ) -> list[OutgoingMessage]:
        done = await read_until(connection, self._storage, self._wall_clock, self._synced_until())
        if done is None or done < closes:
            return []
        missed = await reminders.unsubmitted(connection, self._exam.key, which)
        ends = dict.fromkeys((one.application_id for one in missed), closes)
        if which is Unsubmitted.REFUSED:
            ends = await self._own_ends(connection, missed)
        notice = ShowScreen(MISSED, priority=Priority.NOTICE)
        return [
            self._storage.outgoing(
                one.telegram_id,
                notice,
                now,
                one.dedup,
                bot_id=one.bot_id,
                expires_at=ends[one.application_id] + TOLD_FOR,
            )
            for one in missed
            if self._morning(ends[one.application_id]) <= now
            and ends[one.application_id] <= done
            and now < ends[one.application_id] + TOLD_FOR
        ]

    async def _own_ends(
        self, connection: Connection, missed: Sequence[MissedDraft]
    ) -> dict[ApplicationId, datetime]:
        """Return until when each of these could be submitted again."""
        ids = [one.application_id for one in missed]
        known = await applications.by_ids(connection, self._storage.keyring, ids)
        spans = ((one, time_span(Guard.FILLING, known[one], self._exam)) for one in ids)
        return {one: span.closes for one, span in spans if span is not None}


class Reminders:
    """Sends what ``states.reminders`` finds due: a round reads only people whose time has come.

    A start looks at everybody if the dates or the rules have changed. Otherwise a person is looked
    at when they are due, or their application has moved.
    """

    kind = JobKind.REMINDERS

    def __init__(self, storage: Storage, exam: Exam) -> None:
        self._storage = storage
        self._exam = exam
        self._is_started = False
        self._expired_id = 0

    async def run(self, run: JobRun) -> None:
        """Enqueue the reminders that are due; run again when the next person is."""
        storage = self._storage
        if not self._is_started:
            async with storage.db.write() as tx:
                await self._start(tx, run.now)
            self._is_started = True
        async with storage.db.read() as connection:
            lost = await reminders.expired(
                connection, max(self._expired_id + 1, storage.ids.made_within(APART))
            )
            next_at = await reminders.next_due(connection)
            people = await reminders.due(connection, storage.keyring, run.now)
            records = await storage.units.records(connection, [one.telegram_id for one in people])
        if not people and not lost:
            run.again(_soon(next_at, run.now))
            return
        plans = {}
        for one in people:
            plans[one] = plan(records[one.telegram_id], self._exam, run.now, one.history)
            await asyncio.sleep(0)  # a decision takes a millisecond: others are answered between
        async with run.write() as tx:
            await self._restore(tx, lost, run.now)
            await self._enqueue(tx, plans, records, run.now)
            is_over = len(people) < reminders.AT_ONCE
            next_at = await reminders.next_due(tx)
            run.again(_soon(next_at, run.now) if is_over else run.next_tick)
        self._expired_id = max((one.row_id for one in lost), default=self._expired_id)

    async def _start(self, tx: Connection, now: datetime) -> None:
        """Look at everybody who is new, and at all if the dates or rules are not as they were."""
        await reminders.enrol(tx, now)
        exam = self._exam
        dates = f"{exam.key} {exam.windows!r} {exam.reminders!r}"
        present = blake2s(dates.encode()).hexdigest()
        if await installation.read_within(tx, Fact.REMINDER_DATES) != present:
            await reminder_dates.look_again(tx, None, now)
            await installation.write(tx, Fact.REMINDER_DATES, present)

    async def _restore(
        self, tx: Connection, lost: Sequence[ExpiredReminder], now: datetime
    ) -> None:
        """Forget reminders that Telegram did not take in time, and look at their people again."""
        known = await reminders.histories(tx, self._storage.keyring, {o.person_id for o in lost})
        for one in lost:
            known[one.person_id] = known[one.person_id].without(one.made_at)
        changed = [(person_id, history, now) for person_id, history in known.items()]
        await reminders.save(tx, self._storage.keyring, changed)

    async def _enqueue(
        self,
        tx: Connection,
        plans: Mapping[DuePerson, ReminderPlan],
        records: Mapping[int, Records],
        now: datetime,
    ) -> None:
        """Enqueue what is due, except beside an act, and store when to look again.

        People whose turn has changed since they were read are looked at in the next round.
        """
        storage = self._storage
        unchanged = await reminders.unchanged(tx, plans)
        chats = [one.telegram_id for one in unchanged if plans[one].reminder is not None]
        acts = await reminders.last_acts(
            tx, chats, storage.ids.made_within(AFTER_ACT), now - AFTER_ACT
        )
        final = {
            one: plan(records[one.telegram_id], self._exam, now, one.history, acts[one.telegram_id])
            if one.telegram_id in acts
            else plans[one]
            for one in unchanged
        }
        messages = [self._message(o, p.reminder, now) for o, p in final.items() if p.reminder]
        await storage.outbox.add(tx, messages)
        changed = [(one.person_id, p.history, p.next_at) for one, p in final.items()]
        await reminders.save(tx, storage.keyring, changed)

    def _message(self, one: DuePerson, reminder: Reminder, now: datetime) -> OutgoingMessage:
        data = {"kind": str(reminder.kind), "name": reminder.deadline.name}
        return self._storage.outgoing(
            one.telegram_id,
            ShowScreen(REMINDER, data, priority=Priority.NOTICE),
            now,
            f"{reminders.DEDUP}:{one.person_id}:{reminder.kind}:{int(now.timestamp())}",
            bot_id=one.bot_id,
            expires_at=reminder.expires_at,
        )


def _soon(next_at: datetime | None, now: datetime) -> datetime:
    """Return when to run again: people may become due before the next one that is known."""
    return now + PAUSE if next_at is None else min(next_at, now + PAUSE)
