"""What is reminded of, and when: over many lives, and in the cases that people told us about."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rehearsal import reminder_judge as judge
from states.exam import (
    BadExam,
    Duty,
    Exam,
    ExamSession,
    Mode,
    ReminderRules,
    Window,
    read_exam,
)
from states.progress.outlook import Matter, outlook
from states.records import Application, Records, Refusal, Stage
from states.reminders.planning import Deadline, ReminderHistory, deadline_of, plan
from states.reminders.times import AFTER_ACT, Calendar, Choice
from tests import factories
from tests.factories import EXAM

WINDOWS = EXAM.windows
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LING = factories.person(consented_at=WINDOWS.registration.opens - 2 * timedelta(days=1))
DRAFT = factories.application("qinghai", agreed_at=WINDOWS.registration.opens)
BEGINS = WINDOWS.registration.opens - DAY


def moved(by: timedelta, exam: Exam = EXAM) -> Exam:
    """The exam with its registration and confirmation closing so much later."""
    windows = exam.windows
    registration = Window(opens=windows.registration.opens, closes=windows.registration.closes + by)
    confirmation = Window(opens=windows.confirmation.opens, closes=windows.confirmation.closes + by)
    later = windows.model_copy(update={"registration": registration, "confirmation": confirmation})
    return exam.model_copy(update={"windows": later})


def at(stage: Stage, **known: object) -> Application:
    """Ling's application at a stage."""
    revision = 0 if stage is Stage.DRAFT else 1
    return replace(DRAFT, **{"stage": stage, "revision": revision, **known})  # type: ignore[arg-type]


REFUSAL = Refusal(WINDOWS.confirmation.opens, until=WINDOWS.reupload.closes)
STAGES = {
    "nothing": None,
    "draft": DRAFT,
    "withdrawn": at(Stage.DRAFT, revision=1),
    "visit": at(Stage.SUBMITTED),
    "correction": at(Stage.CONFIRM_REFUSED, refusal=REFUSAL),
    "reviewed": at(Stage.CONFIRMED),
    "payment": at(Stage.APPROVED),
    "ticket": at(Stage.REGISTERED),
}
"""The duties of an area that confirms on site; at "reviewed" only the staff have one."""


@dataclass(slots=True)
class Life:
    """One person over the calendar: what they do, and a bot that looks when it is up."""

    exam: Exam
    application: Application | None
    history: ReminderHistory = field(default_factory=ReminderHistory)
    person: judge.Person = field(init=False)
    looks: list[datetime] = field(default_factory=list)
    due_at: datetime | None = BEGINS
    begun: tuple[datetime, Deadline] | None = None

    def __post_init__(self) -> None:
        self.person = judge.Person(self.exam.tz)

    @property
    def records(self) -> Records:
        return Records(LING, self.application)

    def acts(self, now: datetime) -> None:
        """They answer something."""
        self.person.acts.append(now)

    def becomes(self, application: Application | None, now: datetime) -> None:
        """Their application moves, by them or by the staff."""
        self.ends_risk(now)
        began = application and replace(application, since=now, agreed_at=now)
        self.application, self.due_at = began, now
        self.begins_risk(now)

    def mutes(self, now: datetime, on: bool) -> None:
        self.acts(now)
        if on and not self.history.muted:
            self.person.muted.append((now, now + 1000 * DAY))
        if not on and self.history.muted:
            self.person.muted[-1] = (self.person.muted[-1][0], now)
        self.history = replace(self.history, muted=on)
        self.due_at = now

    def promises(self, now: datetime, wanted: int) -> None:
        """They pick a time that is offered."""
        seen = deadline_of(self.records, self.exam, now)
        if seen is None or now >= seen.closes or self.history.name != seen.name:
            return
        offered = list(Calendar.of(self.exam, "").choices(seen.opens, seen.closes, now).values())
        if offered:
            self.acts(now)
            self.history = replace(self.history, promised_at=offered[wanted % len(offered)])
            self.due_at = now

    def begins_risk(self, now: datetime) -> None:
        seen = deadline_of(self.records, self.exam, now)
        if seen is not None and now < seen.closes:
            self.begun = (now, seen)

    def ends_risk(self, now: datetime) -> None:
        if self.begun is not None:
            begins, seen = self.begun
            is_missed, ends = now >= seen.closes, min(now, seen.closes)
            risk = judge.Risk(begins, seen.opens, ends, seen.duty, seen.closes, is_missed)
            self.person.risks.append(risk)
        self.begun = None

    def deadline_moves(self, exam: Exam, now: datetime) -> None:
        """Other people's deadline may have moved: then this risk goes on as it was."""
        before = deadline_of(self.records, self.exam, now)
        after = deadline_of(self.records, exam, now)
        if before != after:
            self.ends_risk(now)
        self.exam, self.due_at = exam, now
        if before != after:
            self.begins_risk(now)

    def look(self, now: datetime) -> None:
        """The bot is up, and looks as its job does: only when the person is due."""
        self.looks.append(now)
        if self.due_at is None or self.due_at > now:
            return
        recent = [act for act in self.person.acts if act > now - AFTER_ACT]
        planned = plan(self.records, self.exam, now, self.history, max(recent, default=None))
        self.history, self.due_at = planned.history, planned.next_at
        assert self.due_at is None or self.due_at > now, "it would look for ever"
        if planned.reminder is not None:
            deadline, kind = planned.reminder.deadline, planned.reminder.kind
            told = judge.Told(now, str(kind), deadline.duty, deadline.closes)
            self.person.told.append(told)


MOVES = st.one_of(
    st.tuples(st.just("acts"), st.none()),
    st.tuples(st.just("becomes"), st.sampled_from(list(STAGES))),
    st.tuples(st.just("mutes"), st.booleans()),
    st.tuples(st.just("promises"), st.integers(0, 4)),
    st.tuples(st.just("deadline_moves"), st.sampled_from([-2 * DAY, -30 * HOUR, DAY, 5 * DAY])),
    st.tuples(st.just("sleeps"), st.timedeltas(timedelta(0), 3 * DAY)),
)
"""What happens next: the person acts, the staff decide, the deadline moves, or the bot is down."""


@given(
    moves=st.lists(st.tuples(st.timedeltas(timedelta(0), 40 * HOUR), MOVES), max_size=14),
    first=st.sampled_from(list(STAGES)),
    pace=st.sampled_from([timedelta(minutes=30), 3 * HOUR]),
)
@pytest.mark.row("B2")
def test_over_any_life_every_promise_about_reminders_is_kept(
    moves: list[tuple[timedelta, tuple[str, object]]], first: str, pace: timedelta
) -> None:
    life, now = Life(EXAM, None), BEGINS
    life.becomes(STAGES[first], now)
    for wait, (what, more) in [*moves, (20 * DAY, ("acts", None))]:
        until = now + wait
        while now < until:
            now = min(now + pace, until)
            life.look(now)
        now += timedelta.resolution  # no look knows of what happens after it in the same moment
        match what:
            case "acts":
                life.acts(now)
            case "becomes":
                life.becomes(STAGES[str(more)], now)
            case "mutes":
                life.mutes(now, bool(more))
            case "promises":
                life.promises(now, int(str(more)))
            case "deadline_moves":
                assert isinstance(more, timedelta)
                life.deadline_moves(moved(more), now)
            case "sleeps":
                assert isinstance(more, timedelta)
                now += more
    life.ends_risk(now)
    assert list(judge.faults(life.person, life.looks)) == []


def told(
    records: Records,
    *,
    since: datetime,
    until: datetime,
    exam: Exam = EXAM,
    history: ReminderHistory | None = None,
) -> list[tuple[str, str]]:
    """The local time and the kind of each reminder of somebody who does nothing."""
    now, found, seen = since, [], history or ReminderHistory()
    while now < until:
        planned = plan(records, exam, now, seen)
        seen = planned.history
        if planned.reminder is not None:
            local = now.astimezone(exam.tz)
            found.append((f"{local:%m-%d %H:%M}", str(planned.reminder.kind)))
        if planned.next_at is None:
            break
        now = planned.next_at
    return found


@pytest.mark.parametrize(
    ("stage", "expected"),
    [
        ("nothing", ["12-08 10:00", "12-12 10:00", "12-14 10:00"]),
        ("draft", ["12-08 10:00", "12-12 10:00", "12-14 10:00"]),
        ("withdrawn", ["12-09 10:00", "12-13 10:00", "12-15 10:00"]),
        ("visit", ["12-09 10:00", "12-13 10:00", "12-15 10:00"]),
        ("correction", ["12-12 10:00", "12-16 10:00", "12-18 10:00"]),
        ("reviewed", []),
        ("payment", ["02-06 10:00", "02-10 10:00", "02-12 10:00"]),
        ("ticket", ["04-03 10:00", "04-07 10:00", "04-10 10:00"]),
    ],
)
def test_every_duty_is_named_by_day_before_its_deadline(stage: str, expected: list[str]) -> None:
    records = Records(LING, STAGES[stage])
    found = told(records, since=BEGINS, until=WINDOWS.tickets.closes)
    assert found == [(moment, "scheduled") for moment in expected]


SATURDAY, SUNDAY, LATER = date(2026, 4, 11), date(2026, 4, 12), date(2026, 4, 25)
SESSIONS = (
    ExamSession(day=SATURDAY, starts=time(9), ends=time(11), subjects=("basic",), mode=Mode.PAPER),
    ExamSession(
        day=SUNDAY, starts=time(14), ends=time(16, 30), subjects=("related",), mode=Mode.PAPER
    ),
    ExamSession(
        day=LATER,
        starts=time(8, 30),
        ends=time(10),
        subjects=("professional", "skills"),
        mode=Mode.PAPER,
    ),
    ExamSession(day=LATER, starts=time(14), ends=time(18), mode=Mode.COMPUTER),
)
NURSE = factories.answers("qinghai", category="nursing", subjects="basic related skills")


def with_sessions(*sessions: ExamSession, exam: Exam = EXAM) -> Exam:
    """The exam whose sessions are announced, and whose first specialty of nurses is on paper."""
    days = exam.windows.exam_days.model_copy(update={"sessions": sessions})
    windows = exam.windows.model_copy(update={"exam_days": days})
    paper = tuple(one.model_copy(update={"mode": Mode.PAPER}) for one in exam.catalogue)
    return exam.model_copy(update={"windows": windows, "catalogue": paper})


@pytest.mark.row("B2")
def test_before_each_day_of_ones_own_sessions_one_is_reminded_and_after_those_of_the_day() -> None:
    """Saturday, Sunday and a fortnight later: not in the exam hall, and not of others' days."""
    exam = with_sessions(*SESSIONS)
    registered = at(Stage.REGISTERED, answers=NURSE)
    found = told(
        Records(LING, registered), since=BEGINS, until=WINDOWS.tickets.closes + DAY, exam=exam
    )
    assert [moment for moment, _ in found] == [
        "04-03 10:00",
        "04-07 10:00",
        "04-10 10:00",
        "04-11 13:00",  # two hours after the session of Saturday
        "04-17 10:00",
        "04-21 10:00",
        "04-24 10:00",
    ]
    only = replace(registered, answers={**NURSE, "subjects": "related"})
    found = told(Records(LING, only), since=BEGINS, until=WINDOWS.tickets.closes, exam=exam)
    assert [moment for moment, _ in found] == ["04-04 10:00", "04-08 10:00", "04-11 10:00"]


def test_a_session_that_moves_is_told_once() -> None:
    exam = with_sessions(*SESSIONS)
    records = Records(LING, at(Stage.REGISTERED, answers={**NURSE, "subjects": "skills"}))
    now = WINDOWS.tickets.opens + 12 * HOUR
    seen = plan(records, exam, now, ReminderHistory()).history
    earlier = SESSIONS[2].model_copy(update={"day": SUNDAY, "starts": time(18), "ends": time(19)})
    moved_exam = with_sessions(*SESSIONS[:2], earlier)
    found = told(
        records, since=now + HOUR, until=WINDOWS.tickets.closes, exam=moved_exam, history=seen
    )
    assert found[0] == ("04-01 13:00", "moved")
    assert [kind for _, kind in found[1:]] == ["scheduled"] * 3


@pytest.mark.parametrize(
    ("session", "mistake"),
    [
        ({"day": "2026-04-13"}, "windows.exam_days"),
        ({"ends": "09:00"}, "windows.exam_days.sessions[0]"),
        ({"subjects": ["dance"]}, "windows.exam_days.sessions[0].subjects"),
        ({"specialties": ["000"]}, "windows.exam_days.sessions[0].specialties"),
        ({"subjects": ["basic"]}, "windows.exam_days.sessions"),  # and no session of the others
    ],
)
def test_sessions_that_cannot_be_are_refused(session: dict[str, object], mistake: str) -> None:
    data = EXAM.model_dump()
    whole = {"day": "2026-04-11", "starts": "09:00", "ends": "11:00", **session}
    data["windows"]["exam_days"]["sessions"] = [whole]
    with pytest.raises(BadExam) as refused:
        read_exam(data)
    found = refused.value.mistakes
    assert found
    assert all(one.path.startswith(mistake) for one in found), found


def test_who_begins_on_the_last_day_is_reminded_two_hours_later() -> None:
    late = WINDOWS.registration.closes - 9 * HOUR  # 15:00
    found = told(
        Records(LING, replace(DRAFT, agreed_at=late)), since=late, until=WINDOWS.registration.closes
    )
    assert found == [("12-15 17:00", "scheduled")]


def test_the_night_of_the_deadline_is_no_night() -> None:
    """Somebody who works until half past eight on the last evening hears once more."""
    late = WINDOWS.registration.closes - 3.5 * HOUR
    found = told(
        Records(LING, replace(DRAFT, agreed_at=late)), since=late, until=WINDOWS.registration.closes
    )
    assert found == [("12-15 22:30", "scheduled")]


def test_what_passed_while_the_bot_was_down_comes_as_one_and_by_day() -> None:
    seen = plan(Records(LING, DRAFT), EXAM, BEGINS, ReminderHistory()).history
    three_at_night = WINDOWS.registration.closes - 21 * HOUR
    found = told(
        Records(LING, DRAFT), since=three_at_night, until=WINDOWS.tickets.closes, history=seen
    )
    assert found == [("12-15 08:00", "scheduled")]


def test_a_moved_deadline_is_told_once_and_moves_what_is_pending() -> None:
    seen = plan(Records(LING, DRAFT), EXAM, BEGINS, ReminderHistory()).history
    noon = WINDOWS.registration.opens + 5 * DAY + 12 * HOUR
    found = told(
        Records(LING, DRAFT),
        since=noon,
        until=WINDOWS.tickets.closes,
        exam=moved(5 * DAY),
        history=replace(seen, muted=True),
    )
    assert found == [("12-07 12:00", "moved")]
    found = told(
        Records(LING, DRAFT),
        since=noon,
        until=WINDOWS.tickets.closes,
        exam=moved(5 * DAY),
        history=seen,
    )
    assert [moment for moment, _ in found] == [
        "12-07 12:00",
        "12-13 10:00",
        "12-17 10:00",
        "12-19 10:00",
    ]


def test_an_own_reminder_is_kept_to_the_minute_and_stands_for_those_around_it() -> None:
    records, now = Records(LING, DRAFT), WINDOWS.registration.closes - 4 * DAY + 11 * HOUR
    seen = plan(records, EXAM, now, ReminderHistory()).history
    choices = Calendar.of(EXAM, "").choices(
        WINDOWS.registration.opens, WINDOWS.registration.closes, now
    )
    assert list(choices) == [
        Choice.TONIGHT,
        Choice.TOMORROW,
        Choice.WEEKEND,
        Choice.DAY_BEFORE,
        Choice.LAST_DAY,
    ]
    seen = replace(seen, promised_at=choices[Choice.TOMORROW])
    found = told(records, since=now, until=WINDOWS.tickets.closes, history=seen)
    assert found == [("12-13 20:00", "own"), ("12-14 20:00", "scheduled")]


def test_the_times_that_are_offered_lie_before_the_deadline_and_by_day() -> None:
    opens, closes = WINDOWS.registration.opens, WINDOWS.registration.closes
    calendar = Calendar.of(EXAM, "")
    for hours in range(1, 24 * 16):
        now = closes - hours * HOUR
        for choice, moment in calendar.choices(opens, closes, now).items():
            assert max(now, opens) < moment < closes, choice
            assert not calendar.is_quiet(moment), choice


def test_an_area_has_its_own_night() -> None:
    area = EXAM.areas[0].model_copy(update={"zone": "Asia/Urumqi"})
    exam = EXAM.model_copy(update={"areas": (area, *EXAM.areas[1:])})
    records = Records(LING, factories.application(area.code))
    found = told(records, since=BEGINS, until=WINDOWS.registration.closes, exam=exam)
    assert found[0] == ("12-08 12:00", "scheduled")  # ten o'clock there


def test_a_clock_that_is_put_forward_neither_doubles_nor_drops_a_reminder() -> None:
    """In Berlin the clock goes forward on 29 March 2026, between the second and the third one."""
    window = Window(
        opens=datetime.fromisoformat("2026-03-01T00:00+01:00"),
        closes=datetime.fromisoformat("2026-03-31T00:00+02:00"),
    )
    windows = WINDOWS.model_copy(update={"registration": window, "confirmation": window})
    exam = EXAM.model_copy(update={"zone": "Europe/Berlin", "windows": windows})
    found = told(Records(LING, DRAFT), since=window.opens, until=window.closes, exam=exam)
    assert [moment for moment, _ in found] == ["03-23 10:00", "03-27 10:00", "03-29 10:00"]


def test_nobody_without_a_confirmed_account_or_with_a_decision_ahead_is_reminded() -> None:
    now = WINDOWS.registration.closes - HOUR
    stranger = replace(LING, number_hash=None)
    assert deadline_of(Records(stranger, None), EXAM, now) is None
    waits = Records(LING, STAGES["reviewed"])
    assert outlook(waits, EXAM, now).matter is Matter.SITE_REVIEW
    assert deadline_of(waits, EXAM, now) is None


@pytest.mark.parametrize(
    ("rules", "mistake"),
    [
        ({"usual_days": [1, 3]}, "reminders.usual_days"),
        ({"usual_days": [9, 7, 3, 1]}, "reminders.usual_days"),
        ({"days": {"visit": [1, 1]}}, "reminders.days"),
        ({"days": {"holiday": [1]}}, "reminders.days"),
        ({"hour": "23:00"}, "reminders"),
        ({"quiet_from": "07:00"}, "reminders"),
    ],
)
def test_rules_that_break_the_promises_are_refused(rules: object, mistake: str) -> None:
    data = EXAM.model_dump()
    with pytest.raises(BadExam) as refused:
        read_exam({**data, "reminders": rules})
    found = refused.value.mistakes
    assert found
    assert all(one.path.startswith(mistake) for one in found), found


def test_an_exam_without_rules_has_the_usual_ones() -> None:
    assert ReminderRules().days_before(Duty.VISIT) == (7, 3, 1)
