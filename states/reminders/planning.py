"""Reminders: what one candidate is reminded of, and when; values in, values out.

The dose is that of ``ReminderRules``: at most three a deadline, one a person in 24 hours, none in
the night or within two hours of the person's own act, and none of what is finished. A time that
passed while the bot was down is made up by one reminder. A person's own reminder is kept at its
hour, and a moved deadline is told once, muted or not: it is a statutory notice.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from states.exam import Duty, Exam, ExamSession
from states.exam.reminder_rules import MAX_A_DEADLINE
from states.payment.orders import subjects_of
from states.progress.outlook import Matter, outlook
from states.records import Application, Records
from states.reminders.times import AFTER_ACT, APART, Calendar


class ReminderKind(StrEnum):
    """The reasons for a reminder; the first lines are ``remind-KEY``."""

    SCHEDULED = "scheduled"
    OWN = "own"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Deadline:
    """A duty of a candidate with its time, from ``opens`` (included) to ``closes`` (excluded).

    They have had it since ``began_at``, perhaps before it opens. Two corrections of one application
    are two deadlines: ``name`` tells them apart. ``is_last``: no other one follows by itself.
    """

    duty: Duty
    name: str
    began_at: datetime
    opens: datetime
    closes: datetime
    is_last: bool = True


@dataclass(frozen=True, slots=True)
class Sent:
    """A reminder that the bot enqueued ``at`` a moment, of the deadline as it was then."""

    name: str
    closes: datetime
    at: datetime
    kind: ReminderKind = ReminderKind.SCHEDULED


@dataclass(frozen=True, slots=True)
class ReminderHistory:
    """The bot's memory of one person: the deadline as last seen, what was sent, their wishes.

    ``promised_at`` is the person's own reminder.
    """

    name: str = ""
    closes: datetime | None = None
    sent: tuple[Sent, ...] = ()
    promised_at: datetime | None = None
    muted: bool = False

    def without(self, at: datetime) -> ReminderHistory:
        """Return the history without a reminder that never went out."""
        return replace(self, sent=tuple(one for one in self.sent if one.at != at))


@dataclass(frozen=True, slots=True)
class Reminder:
    """A reminder that is due now. Unsent at ``expires_at``, it waits for another day."""

    deadline: Deadline
    kind: ReminderKind
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class ReminderPlan:
    """The reminder that is due, the history with it, and when to look at the person again."""

    history: ReminderHistory
    reminder: Reminder | None = None
    next_at: datetime | None = None


_DUTIES = {
    Matter.BEGIN: Duty.BEGIN,
    Matter.VISIT: Duty.VISIT,
    Matter.CORRECTION: Duty.CORRECTION,
    Matter.CHANGE: Duty.CHANGE,
    Matter.PAYMENT: Duty.PAYMENT,
    Matter.PAYMENT_CLAIMED: Duty.PAYMENT_CLAIMED,
    Matter.TICKET: Duty.TICKET,
}


def deadline_of(records: Records, exam: Exam, now: datetime) -> Deadline | None:
    """Return what the candidate has to do next, or has missed, with its time; None without one.

    People who have no confirmed account yet are not at risk, unless a case about their number is
    open: then the site has to see their ID document before registration closes. Those who blocked
    the bot, or whose account was closed, are not told. The ticket is due before each day of the
    exam that is their own.
    """
    person, application = records.person, records.application
    if person is None or person.blocked_at is not None or person.is_closed:
        return None
    if application is None and person.number_hash is None and person.open_case is None:
        return None
    seen = outlook(records, exam, now)
    revision = application.revision if application else 0
    duty = _DUTIES.get(seen.matter)
    if seen.is_draft:
        duty = Duty.WITHDRAWN if revision else Duty.DRAFT
    case = person.open_case if person.number_hash is None else None
    if case is not None and (duty is Duty.BEGIN or seen.is_draft):
        duty = Duty.CASE
    if duty is None or seen.time is None:
        return None
    opens, closes = seen.time
    name, is_last = f"{exam.key}/{duty}", True
    if duty is Duty.TICKET:
        number, opens, closes, is_last = _next_exam_day(records, exam, now, opens)
        name += f"-{number}" if number > 1 else ""
    if duty in (Duty.CORRECTION, Duty.CHANGE):
        name = f"{name}-{revision}"
    began_at = application.since or application.agreed_at if application else person.consented_at
    began_at = case.at if case is not None else began_at
    if duty is Duty.PAYMENT_CLAIMED and application is not None:
        began_at = application.claimed_at
    return Deadline(duty, name, began_at or opens, opens, closes, is_last)


def _next_exam_day(
    records: Records, exam: Exam, now: datetime, opens: datetime
) -> tuple[int, datetime, datetime, bool]:
    """Return the number of the person's next day of the exam, the time before it, and "the last".

    It is the first day of the exam for people whose sessions are not announced. Before a later day
    nobody is reminded until the sessions of the day before it are over.
    """
    sessions = own_sessions(records.application, exam)
    if not sessions:
        return 1, opens, exam.first_day, True
    days = sorted({one.day for one in sessions})
    begins = [exam.midnight(day) for day in days]
    number = next((n for n, one in enumerate(begins) if one > now), len(days) - 1)
    before = [one.span(exam.tz)[1] for one in sessions if one.day < days[number]]
    return number + 1, max([opens, *before]), begins[number], number + 1 == len(days)


def own_sessions(application: Application | None, exam: Exam) -> tuple[ExamSession, ...]:
    """Return the announced sessions of a candidate's own subjects, in order."""
    if application is None:
        return ()
    return exam.sessions_of(application.specialty, subjects_of(application))


def plan(
    records: Records,
    exam: Exam,
    now: datetime,
    history: ReminderHistory,
    last_act: datetime | None = None,
) -> ReminderPlan:
    """Return what is to be reminded of now, or when to look again.

    ``last_act`` is the person's last act of the past two hours, if there is one.
    """
    deadline = deadline_of(records, exam, now)
    if deadline is None:
        return ReminderPlan(replace(history, name="", closes=None, promised_at=None))
    area = records.application.area if records.application else ""
    planned = _planned(deadline, Calendar.of(exam, area), now, history, last_act)
    if planned.next_at is None and not deadline.is_last:
        return replace(planned, next_at=deadline.closes)
    return planned


def _planned(
    deadline: Deadline,
    calendar: Calendar,
    now: datetime,
    history: ReminderHistory,
    last_act: datetime | None,
) -> ReminderPlan:
    """Return the plan for one deadline."""
    history = _seen(history, deadline, now)
    if now >= deadline.closes:
        return ReminderPlan(history)
    moments = _moments(deadline, history, last_act, calendar, now)
    if not moments:
        return ReminderPlan(history)
    kind = min(moments, key=lambda one: (moments[one], _FIRST.index(one)))
    at = calendar.earliest(max(moments[kind], now), deadline.closes)
    if at > now:
        return ReminderPlan(history, next_at=at if at < deadline.closes else None)
    sent = Sent(deadline.name, deadline.closes, now, kind)
    told = replace(history, closes=deadline.closes, sent=(*history.sent, sent))
    if told.promised_at is not None and told.promised_at <= now:
        told = replace(told, promised_at=None)
    later = _moments(deadline, told, last_act, calendar, now)
    next_at = min(later.values(), default=None)
    return ReminderPlan(
        told, Reminder(deadline, kind, calendar.expires(now, deadline.closes)), next_at
    )


def keep_promise(
    history: ReminderHistory, deadline: Deadline, at: datetime, now: datetime
) -> ReminderHistory:
    """Return the history with an own reminder of this deadline."""
    return replace(_seen(history, deadline, now), promised_at=at)


_FIRST = (ReminderKind.MOVED, ReminderKind.OWN, ReminderKind.SCHEDULED)
"""Of two that are due together, the first is sent, and stands for the other."""


def _seen(history: ReminderHistory, deadline: Deadline, now: datetime) -> ReminderHistory:
    """Return the history of this duty; a new one begins without an own reminder."""
    if history.name != deadline.name:
        kept = tuple(one for one in history.sent if now - one.at < _REMEMBERED)
        return replace(
            history,
            name=deadline.name,
            closes=deadline.closes,
            sent=kept,
            promised_at=None,
        )
    if history.promised_at is not None and history.promised_at >= deadline.closes:
        return replace(history, promised_at=None)
    return history


_REMEMBERED = 90 * APART


def _moments(
    deadline: Deadline,
    history: ReminderHistory,
    last_act: datetime | None,
    calendar: Calendar,
    now: datetime,
) -> dict[ReminderKind, datetime]:
    """Return when each kind of reminder is due before the deadline, perhaps already."""
    found: dict[ReminderKind, datetime] = {}
    if history.closes != deadline.closes:
        found[ReminderKind.MOVED] = now
    if history.promised_at is not None:
        found[ReminderKind.OWN] = max(history.promised_at, deadline.opens)
    scheduled = _scheduled(deadline, history, last_act, calendar, now)
    if scheduled is not None:
        found[ReminderKind.SCHEDULED] = scheduled
    return {kind: moment for kind, moment in found.items() if moment < deadline.closes}


def _scheduled(
    deadline: Deadline,
    history: ReminderHistory,
    last_act: datetime | None,
    calendar: Calendar,
    now: datetime,
) -> datetime | None:
    """Return when the rules remind next; None if the dose is spent, muted, or nothing is left."""
    of_deadline = [one for one in history.sent if one.closes == deadline.closes]
    dose = sum(one.kind is ReminderKind.SCHEDULED for one in of_deadline)
    if history.muted or dose >= MAX_A_DEADLINE:
        return None
    begins = max(deadline.opens, deadline.began_at)
    moments = [m for m in calendar.scheduled(deadline.duty, deadline.closes) if m >= begins]
    moments = moments or [max(begins + AFTER_ACT, calendar.last_call(deadline.closes))]
    covered = max((one.at for one in history.sent if one.name == deadline.name), default=None)
    pending = [moment for moment in moments if covered is None or moment > covered]
    if history.promised_at is not None:  # the own reminder stands for those around it
        pending = [moment for moment in pending if moment <= history.promised_at - APART]
    if not pending:
        return None
    due = max((moment for moment in pending if moment <= now), default=pending[0])
    last = max((one.at for one in history.sent), default=None)
    bounds = [due]
    bounds += [last + APART] if last else []
    bounds += [last_act + AFTER_ACT] if last_act else []
    return calendar.earliest(max(bounds), deadline.closes)
