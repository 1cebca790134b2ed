"""One season in fake time: candidates of mixed diligence, the staff, and the bot's own jobs.

Everything that the bot decides is its own code over a real database: the jobs, the scheduler, the
unit of work, the rules and the screens. What people do is drawn by chance from a fixed seed.
"""

from __future__ import annotations

import heapq
import itertools
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from bot.core.open_storage import Storage
from bot.core.runtime import Clocks, MonotonicClock, WallClock
from bot.delivery.sender import Sender
from bot.scheduler.expiry import Expiry
from bot.scheduler.reminders import ClosingNotices, OpeningNotices, Reminders
from bot.scheduler.scheduler import Job, Scheduler
from bot.scheduler.staff_digest import StaffDigest
from handlers.callback_data import Action
from handlers.candidate.reminders import REMINDER
from handlers.registry import SCREENS
from handlers.rendering import Overtaken, Screen, View
from states import lifecycle
from states.lifecycle import Event
from states.records import Application, Person, PersonId, Records, Refusal, Stage
from states.reminders import deadline_of, keep_promise
from states.staff_roles import Role, Scope
from states.staff_timings import StaffTimings
from states.step_result import ShowScreen
from storage.candidates import overdue, reminders
from storage.engine import installation, schema
from storage.engine.database import Connection, Database
from storage.engine.installation import Fact
from storage.engine.tables import OutboxState
from storage.staff import role_assignments
from storage.updates.fsm import LoadedRecords
from storage.updates.inbox import ReceivedUpdate
from storage.updates.outbox import DeliveryResult, OutgoingMessage
from storage.updates.unit_of_work import UnitOfWork
from tests import factories
from tests.bot.people import BOT, EXAM, KEYRING, TRANSLATIONS
from tests.bot.storages import storage_over
from tests.factories import staff_member
from tests.season import judge

WINDOWS: Final = EXAM.windows
BEGINS: Final = WINDOWS.registration.opens - timedelta(days=2)
ENDS: Final = WINDOWS.tickets.closes + timedelta(days=1)
HOUR, DAY, HALF_HOUR = timedelta(hours=1), timedelta(days=1), timedelta(minutes=30)
IDLE_STEP, HALF_MINUTE = 6 * HOUR, timedelta(seconds=31)
MOMENT: Final = timedelta(seconds=1)
"""The time from a message to the tap on its button."""
MOST_ROUNDS: Final = 50
BUSY: Final = (
    (BEGINS, WINDOWS.reupload.closes + DAY),
    (WINDOWS.review.closes - 9 * DAY, WINDOWS.review.closes + DAY),
    (WINDOWS.payment.opens - DAY, WINDOWS.payment.closes + 2 * DAY),
    (WINDOWS.tickets.opens, EXAM.first_day),
)
"""The times in which deadlines come near."""
ON_SITE, ONLINE = ("qinghai", "beijing", "gansu", "hubei"), ("tianjin", "shanghai")
FIRST_CHAT, FIRST_STAFF = 10_000, 5_000_000
PORTRAIT = "0" * 64
OUTAGE: Final = (WINDOWS.registration.closes - 4.2 * DAY, WINDOWS.registration.closes - 3.5 * DAY)
"""The bot is down over a morning on which it would remind."""
SILENCE: Final = (WINDOWS.payment.closes - 2.7 * DAY, WINDOWS.payment.closes - 2.05 * DAY)
"""Telegram takes nothing for a day on which the bot reminds."""

Act = Callable[["Candidate", UnitOfWork], None]


class SeasonClock(WallClock):
    """The time of the season."""

    def __init__(self) -> None:
        super().__init__()
        self.moment = BEGINS

    def now(self) -> datetime:
        return self.moment

    def at(self, real: datetime) -> datetime:
        return self.moment


class NoSender(Sender):
    """The season delivers by itself."""

    def __init__(self) -> None:
        """Nothing is needed."""

    def pull(self) -> None:
        """Leave everything in the table."""


@dataclass(slots=True)
class Candidate:
    """One candidate: when they do what, and what the judge will look at.

    ``diligence``: "prompt" does it soon, "reminded" after a reminder, "late" on the last day, and
    "never" not at all.
    """

    number: int
    diligence: str
    area: str
    judged: judge.Person
    records: Records = field(default_factory=Records)
    muted: bool = False
    risk: judge.Risk | None = None
    ends: str = ""

    @property
    def chat(self) -> int:
        """The account."""
        return FIRST_CHAT + self.number

    @property
    def application(self) -> Application:
        """The application; there is one from the first act on."""
        assert self.records.application is not None
        return self.records.application


def duty_of(application: Application, now: datetime) -> tuple[str, datetime, datetime] | None:
    """What the season knows of a duty: its name, opening and end, from the announced windows."""
    closes = WINDOWS.confirmation.closes
    match application.stage:
        case Stage.DRAFT if application.revision:
            return "withdrawn", WINDOWS.registration.opens, closes
        case Stage.DRAFT:
            return "draft", WINDOWS.registration.opens, WINDOWS.registration.closes
        case Stage.SUBMITTED if application.area in ON_SITE and application.refusal is None:
            return "visit", WINDOWS.confirmation.opens, closes
        case Stage.CONFIRM_REFUSED:
            return "correction", WINDOWS.reupload.opens, WINDOWS.reupload.closes
        case Stage.REVIEW_REFUSED:
            return "correction", WINDOWS.review.opens, WINDOWS.review.closes
        case Stage.APPROVED:
            return "payment", WINDOWS.payment.opens, WINDOWS.payment.closes
        case Stage.REGISTERED:
            return "ticket", WINDOWS.tickets.opens, EXAM.first_day
    return None


class Season:
    """The whole calendar; ``play`` goes through it."""

    def __init__(
        self,
        db: Database,
        storage: Storage,
        people: int,
        staff: int,
        seed: int,
        step: timedelta,
    ) -> None:
        self.db, self.storage, self.step = db, storage, step
        self.chance = random.Random(seed)
        self.clock = SeasonClock()
        self.candidates = [self._candidate(number) for number in range(people)]
        self.by_chat = {one.chat: one for one in self.candidates}
        self.staff = staff
        self.looks: list[datetime] = []
        self.told_staff: Counter[tuple[int, str]] = Counter()
        self.other_notices: Counter[str] = Counter()
        self._events: list[tuple[datetime, int, int, Act]] = []
        self._order = itertools.count()
        self._updates = itertools.count(1)
        self._first_undelivered = 0
        self.scheduler = self._scheduler()

    def _candidate(self, number: int) -> Candidate:
        diligence = self.chance.choices(["prompt", "reminded", "late", "never"], [40, 40, 12, 8])[0]
        area = self.chance.choice((*ON_SITE, *ON_SITE, *ONLINE))
        return Candidate(number, diligence, area, judge.Person(EXAM.zone_of(area)))

    def _scheduler(self) -> Scheduler:
        def now() -> datetime:
            return self.clock.moment

        jobs: list[Job] = [
            OpeningNotices(self.storage, EXAM),
            ClosingNotices(self.storage, EXAM, self.clock, now),
            Reminders(self.storage, EXAM),
            Expiry(self.storage, EXAM, self.clock, now, frozenset()),
            StaffDigest(self.storage, EXAM, StaffTimings()),
        ]
        clocks = Clocks(self.clock, MonotonicClock())
        return Scheduler(jobs, [], self.storage, NoSender(), clocks, [])

    # --- time -----------------------------------------------------------------------------------

    async def play(self) -> None:
        """Go through the calendar in steps; in the months without a deadline in long ones."""
        await self.storage.inbox.recover()
        await self._appoint_staff()
        for one in self.candidates:
            hours = self.chance.uniform(-20, 24 * 13.5)
            self.plan(one, WINDOWS.registration.opens + max(hours, 1 / 60) * HOUR, self._register)
        now = BEGINS
        while now < ENDS:
            now += self.step if any(a <= now < b for a, b in BUSY) else IDLE_STEP
            self.clock.moment = now
            await self._people_act()
            if not OUTAGE[0] <= now < OUTAGE[1]:
                await self._look()
                await self._release()
                await self._read_expired()
            await self._deliver()
        for one in self.candidates:
            self._end_risk(one)

    async def _look(self) -> None:
        """Let the jobs run, and again each half minute while people are due."""
        self.looks.append(self.clock.moment)
        for _ in range(MOST_ROUNDS):
            await self.scheduler.tick()
            await self._deliver()
            async with self.db.read_autocommit() as connection:
                next_at = await reminders.next_due(connection)
            if next_at is None or next_at > self.clock.moment:
                return
            self.clock.moment += HALF_MINUTE

    def plan(self, one: Candidate, at: datetime, act: Act) -> None:
        """Have somebody do something then."""
        heapq.heappush(self._events, (at, next(self._order), one.number, act))

    async def _people_act(self) -> None:
        """Do what is planned up to now: each person once, all in one transaction."""
        acting: dict[int, Act] = {}
        later = []
        while self._events and self._events[0][0] <= self.clock.moment:
            event = heapq.heappop(self._events)
            if event[2] in acting:
                later.append((self.clock.moment + HALF_MINUTE, *event[1:]))
            else:
                acting[event[2]] = event[3]
        for event in later:
            heapq.heappush(self._events, event)
        if not acting:
            return
        async with self.db.write() as tx:
            units = [self._unit(tx, self.candidates[n], act) for n, act in acting.items()]
            await self.storage.units.flush(tx, units, uncommitted=[unit.row for unit in units])

    def _unit(self, tx: Connection, one: Candidate, act: Act) -> UnitOfWork:
        now, number = self.clock.moment, next(self._updates)
        row = ReceivedUpdate(self.storage.ids.next(), BOT, number, one.chat, now, {})
        unit = UnitOfWork(row, now, one.records, LoadedRecords({}), self.storage.ids, _tx=tx)
        act(one, unit)
        one.records = unit.records
        return unit

    # --- people ---------------------------------------------------------------------------------

    def _acts(self, one: Candidate, unit: UnitOfWork) -> None:
        """It was the person who acted, and they get a reply."""
        one.judged.acts.append(unit.now)
        unit.enqueue(ShowScreen("status"), chat_id=one.chat)

    def _becomes(self, one: Candidate, unit: UnitOfWork, application: Application) -> None:
        self._end_risk(one)
        unit.application = application
        one.records = unit.records
        duty = duty_of(application, unit.now)
        if duty is not None and unit.now < duty[2]:
            name, opens, closes = duty
            one.risk = judge.Risk(unit.now, opens, closes, name, closes, True)
            self._plan_duty(one, name, max(opens, unit.now), closes)

    def _end_risk(self, one: Candidate) -> None:
        now, risk = self.clock.moment, one.risk
        if risk is not None:
            over = now >= risk.closes
            one.judged.risks.append(
                replace(risk, ends=min(now, risk.closes), is_missed=over and risk.duty != "ticket")
            )
        one.risk = None

    def _plan_duty(self, one: Candidate, duty: str, opens: datetime, closes: datetime) -> None:
        """Plan when somebody does what they have to do, and when they only look around."""
        left = closes - opens
        act = self._doing(duty)
        if act is None:
            return
        if one.diligence == "prompt":
            self.plan(one, opens + left * self.chance.betavariate(1, 5), act)
        elif one.diligence == "late":
            self.plan(one, closes - self.chance.uniform(0.5, 20) * HOUR, act)
        for _ in range(self.chance.randrange(3)):
            self.plan(one, opens + left * self.chance.random(), self._looks_around)

    def _doing(self, duty: str) -> Act | None:
        return {
            "draft": self._submits,
            "withdrawn": self._submits,
            "visit": self._visits,
            "correction": self._resubmits,
            "payment": self._pays,
        }.get(duty)

    def _register(self, one: Candidate, unit: UnitOfWork) -> None:
        """Make the account and begin the form; the photo is missing."""
        person = Person(
            PersonId(unit.new_id()),
            BOT,
            one.chat,
            locale=self.chance.choice(("zh-CN", "en")),
            consent="",
            consented_at=unit.now,
            identity=factories.IDENTITY,
            number_hash=f"{one.number:064}",
            education=(factories.education(),),
        )
        unit.person = person
        draft = unit.new_application(person, EXAM.key)
        whole = replace(
            draft,
            area=one.area,
            agreed=EXAM.terms.version,
            agreed_at=unit.now,
            answers=ANSWERS[one.area],
        )
        self._becomes(one, unit, whole)
        self._acts(one, unit)

    def _looks_around(self, one: Candidate, unit: UnitOfWork) -> None:
        """Ask for the status, which is an act as well."""
        self._acts(one, unit)

    def _moves(
        self, one: Candidate, unit: UnitOfWork, event: Event, refusal: Refusal | None = None
    ) -> bool:
        """Let the lifecycle move the application, if it allows it now."""
        if not lifecycle.is_allowed(one.application, event, EXAM, unit.now):
            return False
        moved = lifecycle.apply_event(one.application, event, EXAM, unit.now, refusal=refusal)
        self._becomes(one, unit, moved)
        return True

    def _submits(self, one: Candidate, unit: UnitOfWork) -> None:
        if one.application.stage is not Stage.DRAFT:
            return
        unit.application = replace(one.application, photo=PORTRAIT)
        one.records = unit.records
        if not self._moves(one, unit, Event.SUBMIT):
            return
        self._acts(one, unit)
        withdraws = self.chance.random() < 0.04
        if withdraws:
            self.plan(one, unit.now + self.chance.uniform(1, 30) * HOUR, self._withdraws)
        if one.area in ONLINE:
            day = WINDOWS.confirmation.closes - self.chance.uniform(0.2, 3) * DAY
            self.plan(one, max(unit.now + HOUR, day), self._is_confirmed)

    def _withdraws(self, one: Candidate, unit: UnitOfWork) -> None:
        if one.application.stage is Stage.SUBMITTED and self._moves(one, unit, Event.WITHDRAW):
            self._acts(one, unit)

    def _visits(self, one: Candidate, unit: UnitOfWork) -> None:
        """Go to the site, whose clerk confirms or refuses."""
        if one.application.stage is Stage.SUBMITTED and one.application.refusal is None:
            self._is_confirmed(one, unit)

    def _is_confirmed(self, one: Candidate, unit: UnitOfWork) -> None:
        if one.application.stage is not Stage.SUBMITTED:
            return
        if self.chance.random() < 0.06 and one.application.refusal is None:
            refusal = Refusal(unit.now, until=WINDOWS.reupload.closes)
            self._moves(one, unit, Event.REFUSE_CONFIRMATION, refusal=refusal)
        elif self._moves(one, unit, Event.CONFIRM):
            self._plan_review(one, unit)

    def _plan_review(self, one: Candidate, unit: UnitOfWork) -> None:
        first = max(unit.now, WINDOWS.review.opens) + self.chance.uniform(1, 20) * DAY
        self.plan(one, first, self._is_reviewed)

    def _is_reviewed(self, one: Candidate, unit: UnitOfWork) -> None:
        """Let the site and then the area decide, in a few days each."""
        stage = one.application.stage
        if stage not in (Stage.CONFIRMED, Stage.SITE_APPROVED):
            return
        is_site = stage is Stage.CONFIRMED
        if self.chance.random() < 0.03 and unit.now < WINDOWS.review.closes - 4 * DAY:
            refusal = Refusal(unit.now, (), "", WINDOWS.review.closes, stage, stage)
            event = Event.REFUSE_SITE if is_site else Event.REFUSE_AREA
            self._moves(one, unit, event, refusal=refusal)
            return
        approval = Event.APPROVE_SITE if is_site else Event.APPROVE_AREA
        if self._moves(one, unit, approval) and is_site:
            self.plan(one, unit.now + self.chance.uniform(1, 8) * DAY, self._is_reviewed)

    def _resubmits(self, one: Candidate, unit: UnitOfWork) -> None:
        if self._moves(one, unit, Event.RESUBMIT):
            self._acts(one, unit)
            if one.application.stage is Stage.SUBMITTED:
                self.plan(one, unit.now + self.chance.uniform(0.2, 2) * DAY, self._is_confirmed)
            else:
                self._plan_review(one, unit)

    def _pays(self, one: Candidate, unit: UnitOfWork) -> None:
        """Pay; the staff mark it."""
        if unit.now >= WINDOWS.payment.opens:
            self._moves(one, unit, Event.MARK_PAID)

    # --- what reaches them ----------------------------------------------------------------------

    async def _deliver(self) -> None:
        """Send everything that waits; people read it, and some of them act."""
        if SILENCE[0] <= self.clock.moment < SILENCE[1]:
            return
        rows = await self.storage.outbox.waiting(self.clock.moment, after=self._first_undelivered)
        if not rows:
            return
        chats = [row.chat_id for row in rows if row.chat_id in self.by_chat]
        async with self.db.read() as connection:
            records = await self.storage.units.records(connection, sorted(set(chats)))
        results = [self._result(row, records) for row in rows]
        async with self.db.write() as tx:
            await self.storage.outbox.save_results(tx, results)
            for row, result in zip(rows, results, strict=True):
                if result.state is OutboxState.SENT:
                    await self._is_read(tx, row, records)
        self._first_undelivered = max(row.id for row in rows)

    def _result(self, row: OutgoingMessage, records: Mapping[int, Records]) -> DeliveryResult:
        now, state = self.clock.moment, OutboxState.SENT
        if row.expires_at is not None and now >= row.expires_at:
            state = OutboxState.EXPIRED
        elif row.chat_id in self.by_chat and _screen(row, records[row.chat_id], now) is None:
            state = OutboxState.OVERTAKEN
        return DeliveryResult(row, state, now, next(self._updates))

    async def _is_read(
        self, tx: Connection, row: OutgoingMessage, records: Mapping[int, Records]
    ) -> None:
        effect, now = row.effect, self.clock.moment
        one = self.by_chat.get(row.chat_id)
        if one is None:
            if row.dedup.startswith("news-ageing"):
                self.told_staff[row.chat_id, EXAM.today(now).isoformat()] += 1
            return
        if not isinstance(effect, ShowScreen) or effect.screen != REMINDER:
            if isinstance(effect, ShowScreen) and not row.dedup.startswith(("u", "s")):
                self.other_notices[effect.screen] += 1
            return
        screen = _screen(row, records[row.chat_id], now)
        assert screen is not None
        for text in screen.text:
            for line in text if isinstance(text, tuple) else (text,):
                TRANSLATIONS.html(line, one.records.person.locale if one.records.person else "")
        deadline = deadline_of(one.records, EXAM, now)
        duty = effect.data["name"].partition("/")[2].partition("-")[0]
        closes = one.risk.closes if one.risk else now
        one.judged.told.append(judge.Told(now, effect.data["kind"], duty, closes))
        await self._reacts(tx, one, screen, duty, deadline is not None)

    async def _reacts(
        self, tx: Connection, one: Candidate, screen: Screen, duty: str, is_open: bool
    ) -> None:
        """Let the reader do it, pick a time, turn reminders off, or let it lie."""
        now, act = self.clock.moment, self._doing(duty)
        dice = self.chance.random()
        if one.diligence == "reminded" and act is not None and dice < 0.6:
            self.plan(one, now + self.chance.uniform(0.1, 9) * HOUR, act)
        elif dice > 0.97:
            one.judged.muted.append((now + MOMENT, ENDS))
            one.muted = True
            await self._wishes(tx, one, muted=True)
        elif dice > 0.87 and is_open:
            times = [
                button.callback.value
                for row in screen.buttons
                for button in row
                if button.callback.action is Action.REMIND
            ]
            if times:
                at = datetime.fromtimestamp(int(self.chance.choice(times)) * 60, UTC)
                one.judged.promises.append((now, at))
                await self._wishes(tx, one, promised_at=at)

    async def _wishes(
        self,
        tx: Connection,
        one: Candidate,
        *,
        muted: bool = False,
        promised_at: datetime | None = None,
    ) -> None:
        """Store a wish as its step does (``handlers.candidate.reminders``)."""
        now, person = self.clock.moment, one.records.person
        assert person is not None
        one.judged.acts.append(now + MOMENT)
        reply = self.storage.outgoing(one.chat, ShowScreen("status"), now + MOMENT)
        await self.storage.outbox.add(tx, [reply])
        history = (await reminders.histories(tx, KEYRING, [person.id]))[person.id]
        deadline = deadline_of(one.records, EXAM, now)
        if promised_at is not None and deadline is not None:
            history = keep_promise(history, deadline, promised_at, now)
        if muted:
            history = replace(history, muted=True, promised_at=None)
        await reminders.keep(tx, KEYRING, person.id, history, now)

    # --- the staff ------------------------------------------------------------------------------

    async def _appoint_staff(self) -> None:
        async with self.db.write() as tx:
            for number in range(self.staff):
                area = (*ON_SITE, *ONLINE)[number % 6]
                role = Role.SITE_REVIEWER if number % 3 else Role.AREA_REVIEWER
                site = ANSWERS[area]["site"] if role is Role.SITE_REVIEWER else ""
                scope = Scope(area, site)
                member = staff_member(number + 1, role, scope, FIRST_STAFF + number)
                await role_assignments.grant(tx, KEYRING, member)

    async def _release(self) -> None:
        """Release the expiries that wait for an administrator, as one does each morning."""
        local = self.clock.moment.astimezone(EXAM.tz)
        if (local.hour, local.minute) != (9, 0):
            return
        async with self.db.write() as tx:
            held = await installation.read_within(tx, Fact.EXPIRY_HELD) or ""
            as_of, _, counts = held.partition(" ")
            if counts:
                for fact in (Fact.RELEASED, Fact.UNPAID_RELEASED):
                    await overdue.release(tx, fact, as_of, self.clock.moment)

    async def _read_expired(self) -> None:
        """Learn who has forfeited since the last look."""
        at_risk = [
            one for one in self.candidates if one.risk and self.clock.moment > one.risk.closes
        ]
        if not at_risk:
            return
        async with self.db.read() as connection:
            known = await self.storage.units.records(connection, [one.chat for one in at_risk])
        for one in at_risk:
            after = known[one.chat]
            is_over = after.application is not None and after.application.stage is Stage.EXPIRED
            if is_over or one.application.stage is Stage.DRAFT:
                one.ends = f"{one.risk.duty if one.risk else ''}"
                self._end_risk(one)
                one.records = after


def _screen(row: OutgoingMessage, records: Records, now: datetime) -> Screen | None:
    """Render a message as the sender does; None if it has nothing to say any more."""
    if not isinstance(row.effect, ShowScreen) or row.dedup.startswith(("u", "s")):
        return Screen(())
    try:
        return SCREENS[row.effect.screen](View(records, EXAM, now, row.effect.data))
    except Overtaken:
        return None


ANSWERS = {area: factories.answers(area, exam=EXAM) for area in (*ON_SITE, *ONLINE)}


@dataclass(frozen=True, slots=True)
class Report:
    """What came of a season."""

    faults: list[str]
    reminded: Counter[tuple[str, str]]
    times: dict[str, Counter[int]]
    forfeited: Counter[tuple[str, str]]
    registered: int
    notices: Counter[str]
    staff: Counter[int]

    def lines(self) -> Iterable[str]:
        """Yield the report, a line each."""
        yield "reminders by duty and kind:"
        yield from (
            f"  {duty:<11}{kind:<10}{n:>7}" for (duty, kind), n in sorted(self.reminded.items())
        )
        yield "people at risk, by how often they were reminded of it (0, 1, 2, 3):"
        for duty, times in sorted(self.times.items()):
            yield f"  {duty:<11}" + " ".join(f"{times[n]:>7}" for n in range(4))
        yield "forfeited, by duty and diligence:"
        yield from (f"  {d:<11}{why:<10}{n:>7}" for (d, why), n in sorted(self.forfeited.items()))
        yield f"registered: {self.registered}"
        yield "other notices: " + ", ".join(f"{k} {n}" for k, n in sorted(self.notices.items()))
        yield f"staff reminders a day and member: at most {max(self.staff, default=0)}"
        yield f"faults: {len(self.faults)}"
        yield from (f"  {one}" for one in self.faults[:20])


def report(season: Season) -> Report:
    """Judge every candidate, and count."""
    found: list[str] = []
    reminded: Counter[tuple[str, str]] = Counter()
    times: dict[str, Counter[int]] = defaultdict(Counter)
    forfeited: Counter[tuple[str, str]] = Counter()
    looks = [look for look in season.looks if not SILENCE[0] - season.step <= look < SILENCE[1]]
    for one in season.candidates:
        found += [f"{one.chat}: {fault}" for fault in judge.faults(one.judged, season.looks)]
        found += [
            f"{one.chat}: {fault}"
            for fault in judge.broken_promises(one.judged, looks, season.step)
        ]
        reminded.update((told.duty, told.kind) for told in one.judged.told)
        for risk in one.judged.risks:
            told = [t for t in one.judged.told if risk.begins <= t.at <= risk.ends]
            times[risk.duty][sum(t.kind == "scheduled" for t in told)] += 1
        if one.ends:
            forfeited[one.ends, "muted" if one.muted else one.diligence] += 1
    for (chat, day), count in season.told_staff.items():
        if count > 1:
            found.append(f"staff {chat} was reminded {count} times on {day}")
    registered = sum(
        one.records.application is not None and one.application.stage is Stage.REGISTERED
        for one in season.candidates
    )
    staff = Counter(season.told_staff.values())
    return Report(found, reminded, dict(times), forfeited, registered, season.other_notices, staff)


async def play(
    folder: Path, people: int, staff: int, seed: int = 2026, step: timedelta = HALF_HOUR
) -> Report:
    """Play a season in a database of its own."""
    db = Database(f"sqlite+aiosqlite:///{folder / 'season.sqlite3'}")
    try:
        await schema.migrate(db)
        season = Season(db, storage_over(db, KEYRING), people, staff, seed, step)
        await season.play()
        return report(season)
    finally:
        await db.close()
