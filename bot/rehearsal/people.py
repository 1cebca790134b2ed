"""The people of a rehearsal: candidates of mixed diligence, and the staff who decide on them."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from bot.rehearsal import reminder_judge as judge
from bot.rehearsal.candidate import Candidate, Diligence, duty_of
from bot.rehearsal.desks import MINUTE, Decision, Desks, OfficeHours
from bot.rehearsal.form_filling import FormFiller
from bot.rehearsal.play import Act, Play
from bot.rehearsal.played_storage import BOT
from bot.rehearsal.samples import load_samples
from handlers.callback_data import Action
from handlers.candidate.progress.status import STATUS
from handlers.candidate.reminders import REMINDER
from handlers.rendering import Screen
from states.exam import Duty, Exam
from states.form.fields import SKIPPED
from states.form.pages import FORM
from states.fsm_states import Choose, Form
from states.materials import missing_materials
from states.process import lifecycle
from states.process.lifecycle import Event
from states.progress.next_step import due
from states.records import (
    CONSENT_VERSION,
    IMAGE,
    Application,
    Fault,
    MaterialFile,
    Part,
    Person,
    PersonId,
    Stage,
)
from states.reminders.planning import deadline_of, keep_promise
from states.staff.refusals import build_refusal
from states.staff_roles import DESK_BY_STAGE, STAGE_BY_DESK, Desk, Role, RoleAssignment, Scope
from states.step_result import ShowScreen
from storage.candidates import reminders
from storage.engine.database import Connection
from storage.staff.access import role_assignments
from storage.updates.unit_of_work import UnitOfWork

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MOMENT: Final = timedelta(seconds=1)
"""The time from a message to the tap on its button."""
NOTICED: Final = (2.0, 24.0)
"""Hours from a message until a diligent person can have done what it asks."""
SHARES: Final = {
    Diligence.PROMPT: 40,
    Diligence.REMINDED: 42,
    Diligence.LATE: 10,
    Diligence.NEVER: 8,
}
LAST_IN_TIME: Final = 14
"""One of so many is late at each duty, and each desk refuses some of them once."""
WITHDRAWN: Final = 0.04
PORTRAIT: Final = "0" * 64
FIRST_STAFF: Final = 5_000_000
ADMINISTRATOR: Final = 1000


@dataclass(slots=True)
class Happenings:
    """Figures of the people that the report has besides their own records.

    ``refused_items`` has the numbers of those whose answer or paper was refused.
    ``refused_hours`` are the hours that a refusal left for the correction, by desk.
    ``unfinished`` are those whom a desk did not decide in its time. ``stuck`` counts the positions
    at which people could do nothing, though the window was open.
    """

    refusals: Counter[Desk] = field(default_factory=Counter)
    refused_items: dict[tuple[Part, str], list[int]] = field(
        default_factory=lambda: defaultdict(list)
    )
    refused_hours: dict[Desk, list[float]] = field(default_factory=lambda: defaultdict(list))
    waits: dict[Desk, list[timedelta]] = field(default_factory=lambda: defaultdict(list))
    unfinished: dict[Desk, set[int]] = field(default_factory=lambda: defaultdict(set))
    stuck: Counter[str] = field(default_factory=Counter)
    missed_visits: int = 0


class People:
    """Everybody of a rehearsal; ``Play`` calls them."""

    def __init__(self, exam: Exam, play: Play, people: int, chance: random.Random) -> None:
        self._exam, self._play, self._chance = exam, play, chance
        self.filler = FormFiller(exam, chance)
        self.hours = OfficeHours(exam)
        self.desks = Desks(exam, self.hours, people)
        self.happenings = Happenings()
        self.candidates = [self._candidate(number) for number in range(people)]
        self.by_chat = {one.chat: one for one in self.candidates}
        self._plan_registrations()

    def _candidate(self, number: int) -> Candidate:
        chance = self._chance
        diligence = chance.choices(list(SHARES), list(SHARES.values()))[0]
        dice = chance.random() * 100 // max(self._exam.rehearsal.refused_percent, 0.01)
        refused_at = {list(Desk)[int(dice)]} if dice < len(Desk) else set()
        if number % LAST_IN_TIME == 0:
            diligence, turn = Diligence.LATE, number // LAST_IN_TIME % (len(Desk) + 1)
            refused_at = {list(Desk)[turn - 1]} if turn else set()
        profile = self.filler.profile(number)
        person = judge.Person(self._exam.zone_of(profile.area))
        return Candidate(number, diligence, profile, person, refused_at, trouble=profile.trouble)

    def _plan_registrations(self) -> None:
        """Have people begin over the whole window, some as soon as it opens."""
        registration = self._exam.windows.registration
        length = registration.closes - registration.opens
        for one in self.candidates:
            share = self._chance.uniform(-_EAGER, 0.96)
            if share < 0:
                share = self._chance.uniform(0, 12) * HOUR / length
            if one.diligence is Diligence.LATE and one.number % (2 * LAST_IN_TIME) == 0:
                share = 1 - self._chance.uniform(2, 12) * HOUR / length
            at = registration.opens + max(share * length, HOUR / 60)
            self._play.plan(one, at, self._registers)

    # --- acts -----------------------------------------------------------------------------------

    def _acts(self, one: Candidate, unit: UnitOfWork, count: int = 1) -> None:
        """It was the person who acted so often, and they get a reply to each act."""
        one.judged.acts.append(unit.now)
        one.acts += count
        one.messages += count
        self._play.messages.sent(one.chat, unit.now, count)
        unit.enqueue(ShowScreen(STATUS), chat_id=one.chat)

    def _becomes(self, one: Candidate, unit: UnitOfWork, application: Application) -> None:
        self.end_risk(one)
        unit.application = application
        one.records = unit.records
        if application.stage is Stage.REGISTERED and one.registered_at is None:
            one.registered_at = unit.now
        desk = DESK_BY_STAGE.get(application.stage)
        duty = duty_of(application, self._exam, unit.now)
        if desk is not None and (duty is None or duty[0] != "visit"):
            self.desks.arrive(desk, one, unit.now)
        if duty is not None and unit.now < duty[2]:
            name, opens, closes = duty
            one.risk = judge.Risk(unit.now, opens, closes, name, closes, True)
            self._plan_duty(one, name, max(opens, unit.now), closes)

    def end_risk(self, one: Candidate) -> None:
        """Note that the duty of somebody is over."""
        now, risk = self._play.clock.moment, one.risk
        if risk is not None:
            over = now >= risk.closes
            one.judged.risks.append(
                replace(risk, ends=min(now, risk.closes), is_missed=over and risk.duty != "ticket")
            )
        one.risk = None

    def _plan_duty(self, one: Candidate, duty: str, opens: datetime, closes: datetime) -> None:
        """Plan when somebody does what they have to do, and when they only look around."""
        left, act, chance = closes - opens, self._doing(duty), self._chance
        if act is None:
            return
        noticed = opens
        if duty in ("correction", "payment"):
            noticed = max(opens, self._play.clock.moment + chance.uniform(*NOTICED) * HOUR)
        if one.diligence is Diligence.PROMPT:
            at = max(opens + left * chance.betavariate(1, 5), noticed)
            self._play.plan(one, self._in_hours(duty, at, closes), act)
        elif one.diligence is Diligence.LATE:
            at = max(closes - chance.uniform(1, 20) * HOUR, noticed)
            self._play.plan(one, self._in_hours(duty, at, closes, opens), act)
        for _ in range(chance.randrange(3)):
            self._play.plan(one, opens + left * chance.random(), self._looks_around)

    def _in_hours(
        self, duty: str, at: datetime, closes: datetime, since: datetime | None = None
    ) -> datetime:
        """Return when somebody can visit; of the late ones, ``since`` is the earliest moment."""
        if duty != "visit":
            return at
        if since is None:
            return self.hours.next_open(at, closes) or at
        last = self.hours.last_open(since, closes)
        if last is None:
            self.happenings.missed_visits += 1
            return at
        return last[0] + (last[1] - last[0]) * self._chance.uniform(0, 0.5)

    def _doing(self, duty: str) -> Act | None:
        return {
            "draft": self._submits,
            "withdrawn": self._submits,
            "visit": self._visits,
            "correction": self._resubmits,
            "payment": self._pays,
        }.get(duty)

    def _registers(self, one: Candidate, unit: UnitOfWork) -> None:
        """Make the account and fill in the form; the photo is missing."""
        profile, chance = one.profile, self._chance
        unit.person = person = Person(
            PersonId(unit.new_id()),
            BOT,
            one.chat,
            locale=chance.choice(("zh-CN", "en")),
            consent=CONSENT_VERSION,
            consented_at=unit.now,
            identity=profile.identity,
            number_hash=f"{one.number:064}",
            education=(profile.record,),
        )
        draft = replace(unit.new_application(person, self._exam.key), area=profile.area)
        one.records = replace(unit.records, application=draft)
        self._play.messages.render(Choose.notice.state or "", one.records, unit.now, {})
        whole = replace(
            draft,
            agreed=self._exam.terms.version,
            agreed_at=unit.now,
            answers=profile.answers,
        )
        self._becomes(one, unit, whole)
        self._acts(one, unit, profile.questions + _CHOICES)

    def _looks_around(self, one: Candidate, unit: UnitOfWork) -> None:
        """Ask for the status, which is an act as well."""
        self._acts(one, unit)

    def _moves(self, one: Candidate, unit: UnitOfWork, event: Event) -> bool:
        """Let the lifecycle move the application, if it allows it now."""
        if not lifecycle.is_allowed(one.application, event, self._exam, unit.now):
            return False
        self._becomes(
            one, unit, lifecycle.apply_event(one.application, event, self._exam, unit.now)
        )
        return True

    def _submits(self, one: Candidate, unit: UnitOfWork) -> None:
        """Add the photo and the materials, read the summary, and submit."""
        if one.stage is not Stage.DRAFT:
            return
        uploads = self._complete(one, unit)
        position = due(unit.records, self._exam, unit.now)
        if position.state is not Form.summary:
            if lifecycle.is_allowed(one.application, Event.SUBMIT, self._exam, unit.now):
                self.happenings.stuck[
                    position.data.get("field", "") or (position.state.state or "")
                ] += 1
            return
        self._play.messages.render(Form.summary.state or "", one.records, unit.now, {})
        if not self._moves(one, unit, Event.SUBMIT):
            return
        one.submitted_at = one.submitted_at or unit.now
        self._acts(one, unit, uploads + 1)
        if self._chance.random() < WITHDRAWN:
            at = unit.now + self._chance.uniform(1, 30) * HOUR
            self._play.plan(one, at, self._withdraws)

    def _complete(self, one: Candidate, unit: UnitOfWork) -> int:
        """Add the photo and one file of each required material; return the number of acts."""
        area = self._exam.area(one.application.area)
        missing = missing_materials(area.materials, one.application.materials) if area else ()
        files = {
            material.code: (MaterialFile(f"{n:064}", IMAGE, 100_000),)
            for n, material in enumerate(missing, start=1)
        }
        unit.application = replace(
            one.application,
            photo=PORTRAIT,
            materials={**one.application.materials, **files},
            uploaded_at=unit.now,
        )
        one.records = unit.records
        return 2 + 2 * len(files)

    def _withdraws(self, one: Candidate, unit: UnitOfWork) -> None:
        if one.stage is Stage.SUBMITTED and self._moves(one, unit, Event.WITHDRAW):
            one.has_withdrawn = True
            self._acts(one, unit)

    def _visits(self, one: Candidate, unit: UnitOfWork) -> None:
        """Go to the site and wait for a clerk there, if it is open."""
        is_open = self.hours.minutes(unit.now, unit.now + MINUTE) > 0
        if is_open and one.stage is Stage.SUBMITTED and one.application.refusal is None:
            self.desks.arrive(Desk.CONFIRMATION, one, unit.now)

    def _resubmits(self, one: Candidate, unit: UnitOfWork) -> None:
        if self._moves(one, unit, Event.RESUBMIT):
            self._acts(one, unit, 2)

    def _pays(self, one: Candidate, unit: UnitOfWork) -> None:
        """Pay in the window; the staff or the provider mark it."""
        if lifecycle.is_allowed(one.application, Event.PAY, self._exam, unit.now):
            self._moves(one, unit, Event.MARK_PAID)
            self._acts(one, unit)

    # --- the staff ------------------------------------------------------------------------------

    def work(self, since: datetime, now: datetime) -> None:
        """Let the desks decide what they come to."""
        for decision in self.desks.serve(since, now):
            self._play.plan(decision.candidate, now, self._decides(decision))

    def _decides(self, decision: Decision) -> Act:
        """Return a desk's decision as something that happens to its candidate."""

        def act(one: Candidate, unit: UnitOfWork) -> None:
            desk = decision.desk
            if one.is_given_up_in_time(STAGE_BY_DESK[desk]):
                self.happenings.unfinished[desk].add(one.number)
            if one.stage is not STAGE_BY_DESK[desk]:
                return
            is_refused = desk in one.refused_at
            if not self._may_decide(one, desk, unit.now, is_refused=is_refused):
                if one.is_in_time or one.application.refusal is not None:
                    self.happenings.unfinished[desk].add(one.number)
                return
            self.happenings.waits[desk].append(unit.now - one.arrived[desk])
            refusal = None
            if is_refused:
                one.refused_at.discard(desk)
                fault = self._fault(one)
                refusal = build_refusal(one.application, desk, [fault], "", self._exam, unit.now)
                self.happenings.refusals[desk] += 1
                self.happenings.refused_items[fault.part, fault.code].append(one.number)
                if refusal.until is not None:
                    hours = (refusal.until - unit.now) / HOUR
                    self.happenings.refused_hours[desk].append(hours)
            after, notice = lifecycle.apply_decision(
                one.application, desk, self._exam, unit.now, refusal=refusal
            )
            self._becomes(one, unit, after)
            unit.enqueue(
                ShowScreen(notice),
                chat_id=one.chat,
                dedup=f"told:{after.id}:{after.revision}:{desk}",
            )

        return act

    def _fault(self, one: Candidate) -> Fault:
        """Return what a desk refuses: one of the answers or papers of this very application.

        Its chance is that of the person, so that nobody else's fate depends on it.
        """
        application, chance = one.application, random.Random(one.number)
        papers = [(Part.MATERIAL, code, "blurred") for code in application.materials]
        fields = [
            (Part.FIELD, key, "unclear")
            for key, value in application.answers.items()
            if key in FORM.fields and value != SKIPPED
        ]
        return Fault(*chance.choice(papers if papers and chance.random() < _PAPERS else fields))

    def _may_decide(self, one: Candidate, desk: Desk, now: datetime, *, is_refused: bool) -> bool:
        event = lifecycle.DECISION_EVENTS[desk, not is_refused]
        return lifecycle.is_allowed(one.application, event, self._exam, now)

    async def appoint(self, staff: int) -> None:
        """Give each area and site somebody who gets the digests, up to so many people."""
        sites = [(area.code, site.code) for area in self._exam.areas for site in area.sites]
        storage = self._play.storage
        async with storage.db.write() as tx:
            for number in range(staff):
                area, site = sites[number % len(sites)]
                role = Role.SITE_REVIEWER if number % 3 else Role.AREA_REVIEWER
                scope = Scope(area, site if role is Role.SITE_REVIEWER else "")
                member = RoleAssignment(
                    number + 1,
                    BOT,
                    FIRST_STAFF + number,
                    role,
                    scope,
                    f"{load_samples().colleague}{number}",
                    ADMINISTRATOR,
                    self._play.begins,
                )
                await role_assignments.grant(tx, storage.keyring, member)

    # --- what people read -----------------------------------------------------------------------

    async def read(
        self, tx: Connection, one: Candidate, effect: ShowScreen, screen: Screen
    ) -> None:
        """Let somebody read a message; a reminder moves some of them to act."""
        now = self._play.clock.moment
        if effect.screen != REMINDER:
            self._play.other_notices[effect.screen] += 1
            return
        deadline = deadline_of(one.records, self._exam, now)
        duty = effect.data["name"].partition("/")[2].partition("-")[0]
        closes = one.risk.closes if one.risk else now
        if duty == Duty.TICKET and deadline is not None:
            closes = deadline.closes  # each of one's own days of the exam is a deadline
        one.judged.told.append(judge.Told(now, effect.data["kind"], duty, closes))
        await self._reacts(tx, one, screen, duty, deadline is not None)

    async def _reacts(
        self, tx: Connection, one: Candidate, screen: Screen, duty: str, is_open: bool
    ) -> None:
        """Let the reader do it, pick a time, turn reminders off, or let it lie."""
        now, act = self._play.clock.moment, self._doing(duty)
        dice = self._chance.random()
        if one.diligence is Diligence.REMINDED and act is not None and dice < 0.6:
            at = now + self._chance.uniform(0.1, 9) * HOUR
            closes = one.risk.closes if one.risk else at
            self._play.plan(one, self._in_hours(duty, at, closes), act)
        elif dice > 0.97:
            one.judged.muted.append((now + MOMENT, self._play.ends))
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
                at = datetime.fromtimestamp(int(self._chance.choice(times)) * 60, UTC)
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
        now, person, storage = self._play.clock.moment, one.records.person, self._play.storage
        assert person is not None
        one.judged.acts.append(now + MOMENT)
        one.acts += 1
        reply = storage.outgoing(one.chat, ShowScreen(STATUS), now + MOMENT)
        await storage.outbox.add(tx, [reply])
        history = (await reminders.histories(tx, storage.keyring, [person.id]))[person.id]
        deadline = deadline_of(one.records, self._exam, now)
        if promised_at is not None and deadline is not None:
            history = keep_promise(history, deadline, promised_at, now)
        if muted:
            history = replace(history, muted=True, promised_at=None)
        await reminders.keep(tx, storage.keyring, person.id, history, now)


_PAPERS: Final = 0.6
"""The share of refusals that are about a paper, where there are papers."""
_EAGER: Final = 0.06
"""The share of people who begin on the first day."""
_CHOICES: Final = 3
"""The exam, the area, and the agreement to the terms."""
