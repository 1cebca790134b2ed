"""The loop of a rehearsal: fake time, the bot's own jobs, and the messages that reach people.

Everything that the bot decides is its own code over a real database. ``Actors`` play the people;
whatever they do is drawn by chance from a fixed seed.
"""

from __future__ import annotations

import heapq
import itertools
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final, Protocol

from bot.core.open_storage import Storage
from bot.core.runtime import Clocks, MonotonicClock
from bot.rehearsal.candidate import Candidate
from bot.rehearsal.messages import Messages
from bot.rehearsal.played_storage import BOT, NoSender, PlayedClock
from bot.scheduler.desks.staff_digest import StaffDigest
from bot.scheduler.expiry import Expiry
from bot.scheduler.reminders import ClosingNotices, OpeningNotices, Reminders
from bot.scheduler.scheduler import Job, Scheduler
from handlers.rendering import Screen
from states.exam import Exam
from states.records import Records, Stage
from states.staff.timings import StaffTimings
from states.step_result import ShowScreen
from storage.candidates import overdue, reminders
from storage.engine import installation
from storage.engine.database import Connection
from storage.engine.installation import Fact
from storage.engine.tables import OutboxState
from storage.updates.fsm import LoadedRecords
from storage.updates.inbox import ReceivedUpdate
from storage.updates.outbox import DeliveryResult, OutgoingMessage
from storage.updates.unit_of_work import UnitOfWork

DAY, HALF_MINUTE = timedelta(days=1), timedelta(seconds=31)
TEN_MINUTES: Final = timedelta(minutes=10, seconds=1)
IDLE_STEP: Final = timedelta(hours=6)
MOST_ROUNDS: Final = 50
WAKES, SLEEPS = time(7), time(23)
"""Between these the bot's jobs are played; people act at any hour."""
MORNING: Final = time(9)
"""The hour at which an administrator releases what waits."""

Act = Callable[[Candidate, UnitOfWork], None]


@dataclass(frozen=True, slots=True)
class Outages:
    """The times in which the bot is down, and in which Telegram takes no message."""

    bot: Sequence[tuple[datetime, datetime]] = ()
    telegram: Sequence[tuple[datetime, datetime]] = ()


class Actors(Protocol):
    """The people of a rehearsal."""

    @property
    def by_chat(self) -> Mapping[int, Candidate]:
        """The candidates by their accounts."""

    def work(self, since: datetime, now: datetime) -> None:
        """Let the staff do their work of this time."""

    def end_risk(self, one: Candidate) -> None:
        """Note that the duty of somebody is over."""

    async def read(
        self, tx: Connection, one: Candidate, effect: ShowScreen, screen: Screen
    ) -> None:
        """Let somebody read a message that the bot sent on its own."""


class Play:
    """Goes through the calendar of an exam in steps; where no deadline is near in long ones."""

    def __init__(
        self, exam: Exam, storage: Storage, step: timedelta, outages: Outages | None = None
    ) -> None:
        self.exam, self.storage, self.step = exam, storage, step
        self.begins = exam.windows.registration.opens - 2 * DAY
        self.ends = max(exam.windows.tickets.closes, _last_day(exam)) + DAY
        self.clock = PlayedClock(self.begins)
        self.messages = Messages(exam)
        self.looks: list[datetime] = []
        self.told_staff: Counter[tuple[int, str]] = Counter()
        self.other_notices: Counter[str] = Counter()
        self._outages = outages or Outages()
        self._events: list[tuple[datetime, int, int, Act]] = []
        self._order = itertools.count()
        self._updates = itertools.count(1)
        self._first_undelivered = 0
        self._looked_at = self.begins
        self._released_on = self.begins.date()
        self._scheduler = self._build_scheduler()
        self._busy = _busy_times(exam)

    def _build_scheduler(self) -> Scheduler:
        storage, exam = self.storage, self.exam
        jobs: list[Job] = [
            OpeningNotices(storage, exam),
            ClosingNotices(storage, exam, self.clock, self.clock.now),
            Reminders(storage, exam),
            Expiry(storage, exam, self.clock, self.clock.now, frozenset()),
            StaffDigest(storage, exam, StaffTimings(news=self.step)),
        ]
        clocks = Clocks(self.clock, MonotonicClock())
        return Scheduler(jobs, [], storage, NoSender(), clocks, [])

    def plan(self, one: Candidate, at: datetime, act: Act) -> None:
        """Have somebody do something then."""
        heapq.heappush(self._events, (at, next(self._order), one.number, act))

    def looks_with_telegram(self) -> list[datetime]:
        """Return the moments at which the bot looked and Telegram took its messages."""
        away = self._outages.telegram
        return [
            look
            for look in self.looks
            if not any(begins - self.step <= look < ends for begins, ends in away)
        ]

    async def run(self, actors: Actors) -> None:
        """Go through the whole calendar."""
        await self.storage.inbox.recover()
        now = self.begins
        people = {one.number: one for one in actors.by_chat.values()}
        while now < self.ends:
            since, self._looked_at = now, self.clock.moment
            now = self._next(now)
            self.clock.moment = now
            actors.work(since, now)
            await self._people_act(people)
            if not any(begins <= now < ends for begins, ends in self._outages.bot):
                await self._look(actors)
                await self._release()
                await self._read_expired(actors)
            await self._deliver(actors)
        for one in people.values():
            actors.end_risk(one)

    def _next(self, now: datetime) -> datetime:
        """Return when to look next: by day in steps, and not before the morning."""
        later = now + (self.step if any(a <= now < b for a, b in self._busy) else IDLE_STEP)
        local = later.astimezone(self.exam.tz)
        if WAKES <= local.time() < SLEEPS:
            return later
        morning = local if local.time() < WAKES else local + DAY
        return morning.replace(hour=WAKES.hour, minute=0, second=0, microsecond=0)

    async def _look(self, actors: Actors) -> None:
        """Let the jobs run, and again while people are due."""
        self.looks.append(self.clock.moment)
        for _ in range(MOST_ROUNDS):
            before = self._first_undelivered
            await self._scheduler.tick()
            await self._deliver(actors)
            async with self.storage.db.read_autocommit() as connection:
                next_at = await reminders.next_due(connection)
            if next_at is None or next_at > self.clock.moment:
                return
            has_sent = self._first_undelivered != before
            self.clock.moment += HALF_MINUTE if has_sent else TEN_MINUTES

    async def _people_act(self, people: Mapping[int, Candidate]) -> None:
        """Do what is planned up to now, each act at its own moment."""
        until = self.clock.moment
        while self._events and self._events[0][0] <= until:
            acting: dict[int, tuple[datetime, Act]] = {}
            later = []
            while self._events and self._events[0][0] <= until:
                event = heapq.heappop(self._events)
                at, _, number, act = event
                if number in acting:
                    later.append(event)
                else:
                    acting[number] = (at, act)
            for event in later:
                heapq.heappush(self._events, event)
            async with self.storage.db.write() as tx:
                units = [self._unit(tx, people[n], *what) for n, what in acting.items()]
                await self.storage.units.flush(tx, units, uncommitted=[one.row for one in units])
        self.clock.moment = until

    def _unit(self, tx: Connection, one: Candidate, at: datetime, act: Act) -> UnitOfWork:
        at = max(at, self._looked_at)  # what was planned for a moment within the last look
        self.clock.moment, number = at, next(self._updates)
        row = ReceivedUpdate(self.storage.ids.next(), BOT, number, one.chat, at, {})
        unit = UnitOfWork(row, at, one.records, LoadedRecords({}), self.storage.ids, _tx=tx)
        act(one, unit)
        one.records = unit.records
        return unit

    # --- what reaches people --------------------------------------------------------------------

    async def _deliver(self, actors: Actors) -> None:
        """Send everything that waits; people read it, and some of them act."""
        moment = self.clock.moment
        if any(begins <= moment < ends for begins, ends in self._outages.telegram):
            return
        rows = await self.storage.outbox.waiting(moment, after=self._first_undelivered)
        if not rows:
            return
        chats = sorted({row.chat_id for row in rows if row.chat_id in actors.by_chat})
        async with self.storage.db.read() as connection:
            records = await self.storage.units.records(connection, chats)
        screens = [self._screen(row, records) for row in rows]
        results = [self._result(*pair) for pair in zip(rows, screens, strict=True)]
        async with self.storage.db.write() as tx:
            await self.storage.outbox.save_results(tx, results)
            for row, screen, result in zip(rows, screens, results, strict=True):
                if result.state is OutboxState.SENT and screen is not None:
                    await self._is_read(tx, actors, row, screen)
        self._first_undelivered = max(row.id for row in rows)

    def _screen(self, row: OutgoingMessage, records: Mapping[int, Records]) -> Screen | None:
        """Render a message to a candidate as the sender does; those of the staff are counted."""
        effect = row.effect
        if not isinstance(effect, ShowScreen) or row.chat_id not in records:
            return Screen(())
        return self.messages.render(
            effect.screen, records[row.chat_id], self.clock.moment, effect.data
        )

    def _result(self, row: OutgoingMessage, screen: Screen | None) -> DeliveryResult:
        now, state = self.clock.moment, OutboxState.SENT
        if row.expires_at is not None and now >= row.expires_at:
            state = OutboxState.EXPIRED
        elif screen is None:
            state = OutboxState.OVERTAKEN
        return DeliveryResult(row, state, now, next(self._updates))

    async def _is_read(
        self, tx: Connection, actors: Actors, row: OutgoingMessage, screen: Screen
    ) -> None:
        one = actors.by_chat.get(row.chat_id)
        if one is None:
            if row.dedup.startswith("news-ageing"):
                today = self.exam.today(self.clock.moment).isoformat()
                self.told_staff[row.chat_id, today] += 1
            return
        if not isinstance(row.effect, ShowScreen):
            return
        is_own = row.dedup.startswith(("u", "s"))  # a reply to an act of theirs
        if is_own:
            return
        one.messages += 1
        self.messages.sent(one.chat, self.clock.moment)
        await actors.read(tx, one, row.effect, screen)

    # --- the administrator ----------------------------------------------------------------------

    async def _release(self) -> None:
        """Release the expiries that wait for an administrator, once each morning."""
        local = self.clock.moment.astimezone(self.exam.tz)
        if local.time() < MORNING or local.date() == self._released_on:
            return
        self._released_on = local.date()
        async with self.storage.db.write() as tx:
            held = await installation.read_within(tx, Fact.EXPIRY_HELD) or ""
            as_of, _, counts = held.partition(" ")
            if counts:
                for fact in (Fact.RELEASED, Fact.UNPAID_RELEASED):
                    await overdue.release(tx, fact, as_of, self.clock.moment)

    async def _read_expired(self, actors: Actors) -> None:
        """Learn whose application has ended since the last look."""
        at_risk = [
            one
            for one in actors.by_chat.values()
            if one.risk and self.clock.moment > one.risk.closes
        ]
        if not at_risk:
            return
        async with self.storage.db.read() as connection:
            known = await self.storage.units.records(connection, [one.chat for one in at_risk])
        for one in at_risk:
            after = known[one.chat]
            is_over = after.application is not None and after.application.stage is Stage.EXPIRED
            if is_over or one.stage is Stage.DRAFT:
                one.ended = one.risk.duty if one.risk else ""
                one.missed = one.risk.closes if one.risk else None
                actors.end_risk(one)
                one.records = after


def _busy_times(exam: Exam) -> list[tuple[datetime, datetime]]:
    """Return the times in which people act or deadlines come near."""
    windows = exam.windows
    spans = (
        (windows.registration.opens, windows.registration.closes),
        (windows.confirmation.opens, windows.confirmation.closes),
        (windows.reupload.opens, windows.reupload.closes),
        (windows.review.closes - 8 * DAY, windows.review.closes + 7 * DAY),
        (windows.payment.opens, windows.payment.closes + DAY),
        (windows.tickets.opens, _last_day(exam)),
    )
    return [(opens - DAY, closes + DAY) for opens, closes in spans]


def _last_day(exam: Exam) -> datetime:
    """Return the begin of the last day with a session, or of the exam's first day."""
    days = [one.span(exam.tz)[0] for one in exam.windows.exam_days.sessions]
    return max([exam.first_day, *days])
