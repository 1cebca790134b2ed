"""The dates of one candidate as calendar events: their own deadlines, the ticket and the exam.

An event keeps its ``key`` for good, so that a later file updates it. What is done or over is
cancelled: an event that was left out would stay in the calendar with its alarms.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Final

from states.exam import Confirmation, Duty, Exam, ExamSession
from states.process import time_rules
from states.records import Application, Records, Stage
from states.reminders.planning import deadline_of, own_sessions
from states.reminders.times import Calendar

LENGTH: Final = timedelta(hours=1)
"""The event of a deadline is the hour before it."""
ALARMS: Final = 2
"""The last scheduled reminders before a deadline are its alarms."""
_DAY_BEFORE: Final = timedelta(hours=14)  # ten o'clock of the day before, for an event of a day


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """An event: moments, or whole days (``ends`` excluded). ``alarms`` are relative to its begin.

    ``kind`` names its texts ``calendar-KIND`` and ``calendar-else-KIND``. ``subjects`` of a
    session of the exam are codes, and the names in a file.
    """

    key: str
    kind: str
    begins: datetime | date
    ends: datetime | date
    alarms: tuple[timedelta, ...] = ()
    is_cancelled: bool = False
    subjects: tuple[str, ...] = ()


_OUT = frozenset({Stage.EXPIRED, Stage.REJECTED})


def calendar_events(records: Records, exam: Exam, now: datetime) -> tuple[CalendarEvent, ...]:
    """Return the events of a candidate in the order of the process; none for a stranger."""
    person, application = records.person, records.application
    if person is None or person.number_hash is None:
        return ()
    deadline = deadline_of(records, exam, now)
    present = deadline.duty if deadline and now < deadline.closes else None
    is_out = application is not None and application.stage in _OUT
    events = (*_deadlines(application, exam, present), *_of_exam(application, exam))
    prefix = f"{exam.key}.{person.id}"
    return tuple(
        _named(one, prefix, is_cancelled=is_out or one.is_cancelled or _ends(one, exam) <= now)
        for one in events
    )


def _named(event: CalendarEvent, prefix: str, *, is_cancelled: bool) -> CalendarEvent:
    alarms = () if is_cancelled else event.alarms
    key = f"{prefix}.{event.key}"
    return replace(event, key=key, alarms=alarms, is_cancelled=is_cancelled)


def _ends(event: CalendarEvent, exam: Exam) -> datetime:
    if isinstance(event.ends, datetime):
        return event.ends
    return exam.midnight(event.ends)


_SUBMITTING = (Duty.BEGIN, Duty.DRAFT, Duty.WITHDRAWN)


def _deadlines(
    application: Application | None, exam: Exam, present: Duty | None
) -> Iterator[CalendarEvent]:
    """Yield the deadlines on the candidate's way, those behind them cancelled."""
    windows, calendar = exam.windows, Calendar.of(exam, application.area if application else "")
    is_submitting = present in _SUBMITTING
    closes = windows.registration.closes
    if application is not None and application.revision:
        closes = max(closes, windows.confirmation.closes)
    yield _deadline("submit", Duty.DRAFT, closes, calendar, is_open=is_submitting)
    if application is None:
        return
    area, stage = exam.area(application.area), application.stage
    if area is not None and area.confirmation is Confirmation.ON_SITE:
        span = time_rules.stage_span(application, exam) if stage is Stage.SUBMITTED else None
        closes = span.closes if span else windows.confirmation.closes
        is_open = is_submitting or present is Duty.VISIT
        yield _deadline("visit", Duty.VISIT, closes, calendar, is_open=is_open)
    if application.refusal is not None and application.refusal.until is not None:
        is_open = present is Duty.CORRECTION
        span = time_rules.stage_span(application, exam) if is_open else None
        closes = span.closes if span else application.refusal.until
        key = f"correction-{application.revision}"
        yield _deadline(key, Duty.CORRECTION, closes, calendar, is_open=is_open)
    change = application.change
    if change is not None and change.until is not None:
        is_open, key = present is Duty.CHANGE, f"change-{change.id}"
        yield _deadline(key, Duty.CHANGE, change.until, calendar, is_open=is_open)
    if time_rules.is_paid_online(application, exam):
        is_open = stage is not Stage.REGISTERED
        closes = windows.payment.closes
        yield _deadline("payment", Duty.PAYMENT, closes, calendar, is_open=is_open)


def _deadline(
    key: str, duty: Duty, closes: datetime, calendar: Calendar, *, is_open: bool
) -> CalendarEvent:
    begins = closes - LENGTH
    moments = calendar.scheduled(duty, closes)[-ALARMS:]
    alarms = tuple(moment - begins for moment in moments)
    return CalendarEvent(key, key.partition("-")[0], begins, closes, alarms, not is_open)


def _of_exam(application: Application | None, exam: Exam) -> Iterator[CalendarEvent]:
    """Yield the first day of the tickets, and the candidate's own sessions of the exam.

    While the sessions are not announced each day of the exam is an event, which is cancelled then.
    """
    opens, days = exam.today(exam.windows.tickets.opens), exam.windows.exam_days
    morning = timedelta(hours=exam.reminders.hour.hour, minutes=exam.reminders.hour.minute)
    yield CalendarEvent("ticket", "ticket", opens, opens + timedelta(days=1), (morning,))
    own = own_sessions(application, exam)
    for day in days.dates:
        key, is_over = f"exam-{day.isoformat()}", bool(own)
        if days.starts is None or days.ends is None:
            alarms, ends = (-_DAY_BEFORE,), day + timedelta(days=1)
            yield CalendarEvent(key, "exam", day, ends, alarms, is_over)
            continue
        whole = ExamSession(day=day, starts=days.starts, ends=days.ends)
        yield replace(_session(key, whole, exam), is_cancelled=is_over)
    yield from _sessions(own, exam)


def _sessions(own: Sequence[ExamSession], exam: Exam) -> Iterator[CalendarEvent]:
    """Yield an event for each subject, so that it keeps its key when its session moves.

    Of subjects in one session the first has the event. Others are cancelled, as one is that the
    candidate does not sit any more.
    """
    days = exam.windows.exam_days
    named: set[str] = set()
    for subject in exam.subjects if days.sessions else ():
        key = f"session-{subject.code}"
        session = next((one for one in own if subject.code in one.subjects), None)
        if session is None:
            day = days.dates[0]
            yield CalendarEvent(key, "exam", day, day + timedelta(days=1), is_cancelled=True)
            continue
        event = _session(key, session, exam)
        yield replace(event, is_cancelled=not named.isdisjoint(session.subjects))
        named |= set(session.subjects)


def _session(key: str, session: ExamSession, exam: Exam) -> CalendarEvent:
    begins, ends = session.span(exam.tz)
    eve = datetime.combine(session.day - timedelta(days=1), exam.reminders.hour, exam.tz)
    before = eve.astimezone(UTC) - begins.astimezone(UTC)  # the clock may change meanwhile
    kind = "session" if session.subjects else "exam"
    return CalendarEvent(key, kind, begins, ends, (before,), subjects=session.subjects)
