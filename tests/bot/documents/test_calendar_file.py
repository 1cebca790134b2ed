"""The calendar file: another parser reads it, and a second import updates the first."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
import vobject  # type: ignore[import-untyped]

from bot.documents.calendar_file import calendar_file
from handlers.candidate.progress import calendar_dates
from handlers.rendering import CalendarFile, View
from states.exam import Exam, ExamDays, Window
from states.records import Application, Records, Refusal, Stage
from tests.bot.people import EXAM, LOCALES, TRANSLATIONS, application, person
from tests.states.reminders.test_planning import NURSE, SESSIONS, with_sessions

WINDOWS = EXAM.windows
NOW = WINDOWS.registration.opens + timedelta(days=3)
DRAFT = application(area="qinghai", answers={"site": "xining"})
SUBMITTED = replace(DRAFT, stage=Stage.SUBMITTED, revision=1, submitted_at=NOW, since=NOW)


def read(
    known: Application | None, now: datetime = NOW, exam: Exam = EXAM, locale: str = "zh-CN"
) -> dict[str, Any]:
    """The events of the file that somebody gets, by UID, as another library reads them."""
    view = View(Records(person(locale), known), exam, now)
    file = calendar_dates.render(view).document
    assert isinstance(file, CalendarFile)
    place = TRANSLATIONS.label(file.place, locale) if file.place else ""
    content = calendar_file(
        file.events, file.title, place, lambda text: TRANSLATIONS.label(text, locale), now
    )
    calendar = vobject.readOne(content.decode("utf-8"))
    assert calendar.serialize(), "it is valid"
    found = {event.uid.value: event for event in calendar.vevent_list}
    assert len(found) == len(calendar.vevent_list)
    return found


def of(events: dict[str, Any], kind: str) -> Any:
    """The only event of a kind."""
    (event,) = (one for uid, one in events.items() if f".{kind}" in uid)
    return event


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.row("B2")
def test_another_parser_reads_deadlines_places_and_alarms(locale: str) -> None:
    events = read(SUBMITTED, locale=locale)
    visit = of(events, "visit")
    closes = WINDOWS.confirmation.closes
    assert visit.dtend.value == closes
    assert visit.status.value == "CONFIRMED"
    site = EXAM.area("qinghai").site("xining")  # type: ignore[union-attr]
    assert visit.location.value.startswith(site.display_name(locale))  # type: ignore[union-attr]
    alarms = [visit.dtstart.value + one.trigger.value for one in visit.valarm_list]
    at_ten = [moment.astimezone(EXAM.tz) for moment in alarms]
    assert [f"{moment:%m-%d %H:%M}" for moment in at_ten] == ["12-13 10:00", "12-15 10:00"]
    days = [one.dtstart.value for uid, one in events.items() if ".exam-" in uid]
    assert days == list(WINDOWS.exam_days.dates)
    assert of(events, "submit").status.value == "CANCELLED", "what is done has no alarm"
    assert not hasattr(of(events, "submit"), "valarm")


def test_a_second_file_updates_the_first_by_the_same_uids_and_a_higher_sequence() -> None:
    later = NOW + timedelta(days=1)
    closes = WINDOWS.confirmation.closes + timedelta(days=5)
    window = Window(opens=WINDOWS.confirmation.opens, closes=closes)
    moved = EXAM.model_copy(update={"windows": WINDOWS.model_copy(update={"confirmation": window})})
    first, second = read(SUBMITTED), read(SUBMITTED, later, moved)
    assert first.keys() == second.keys()
    for uid, event in first.items():
        assert int(second[uid].sequence.value) > int(event.sequence.value)
    assert of(second, "visit").dtend.value == closes
    done = read(replace(SUBMITTED, stage=Stage.CONFIRMED), later)
    assert of(done, "visit").status.value == "CANCELLED"
    assert of(done, "payment").status.value == "CONFIRMED"


def test_the_way_before_the_form_has_the_same_uids() -> None:
    before, after = read(None), read(DRAFT)
    assert before.keys() <= after.keys()


def test_after_the_end_nothing_is_left_to_be_woken_for() -> None:
    gone = replace(SUBMITTED, stage=Stage.EXPIRED, expired_from=Stage.SUBMITTED)
    for events in (read(gone), read(SUBMITTED, WINDOWS.tickets.closes + timedelta(days=9))):
        assert {one.status.value for one in events.values()} == {"CANCELLED"}


def test_a_refusal_has_its_own_deadline() -> None:
    refusal = Refusal(NOW, until=WINDOWS.reupload.closes)
    refused = replace(SUBMITTED, stage=Stage.CONFIRM_REFUSED, refusal=refusal)
    assert of(read(refused), "correction").dtend.value == WINDOWS.reupload.closes
    assert of(read(refused), "correction").status.value == "CONFIRMED"


def test_announced_hours_of_the_exam_are_those_of_its_events() -> None:
    days = ExamDays(dates=(date(2026, 4, 11),), starts=time(9), ends=time(16, 30))
    exam = EXAM.model_copy(update={"windows": WINDOWS.model_copy(update={"exam_days": days})})
    event = of(read(DRAFT, exam=exam), "exam-2026-04-11")
    assert event.dtstart.value == datetime(2026, 4, 11, 1, tzinfo=UTC)
    assert event.dtend.value == datetime(2026, 4, 11, 8, 30, tzinfo=UTC)


def test_the_alarm_rings_at_ten_though_the_clock_is_put_forward_in_the_night() -> None:
    """In Berlin it is put forward on 29 March 2026, between the alarm and the exam."""
    days = ExamDays(dates=(date(2026, 3, 29),), starts=time(9), ends=time(16, 30))
    windows = WINDOWS.model_copy(update={"exam_days": days})
    exam = EXAM.model_copy(update={"zone": "Europe/Berlin", "windows": windows})
    event = of(read(DRAFT, exam=exam), "exam-2026-03-29")
    assert event.dtstart.value == datetime(2026, 3, 29, 7, tzinfo=UTC)
    rings = event.dtstart.value + event.valarm.trigger.value
    assert rings == datetime(2026, 3, 28, 9, tzinfo=UTC), "ten o'clock of the winter"


@pytest.mark.parametrize(
    ("locale", "names"),
    [
        ("zh-CN", ["考试：基础知识", "考试：专业知识、专业实践能力"]),
        (
            "en",
            [
                "Exam: Basic knowledge",
                "Exam: Professional knowledge, Practical professional skills",
            ],
        ),
    ],
)
@pytest.mark.row("B2")
def test_each_session_of_ones_own_subjects_is_an_event_that_moves_with_it(
    locale: str, names: list[str]
) -> None:
    exam = with_sessions(*SESSIONS)
    answers = {**NURSE, "subjects": "basic professional skills"}
    registered = replace(SUBMITTED, stage=Stage.REGISTERED, answers=answers)
    before, events = read(registered), read(registered, exam=exam, locale=locale)
    held = [one for one in events.values() if one.status.value == "CONFIRMED"]
    sessions = [one for one in held if one.summary.value in names]
    assert [one.summary.value for one in sessions] == names
    assert [one.dtstart.value for one in sessions] == [
        datetime(2026, 4, 11, 1, tzinfo=UTC),
        datetime(2026, 4, 25, 0, 30, tzinfo=UTC),
    ]
    assert sessions[1].dtend.value == datetime(2026, 4, 25, 2, tzinfo=UTC)
    rings = sessions[0].dtstart.value + sessions[0].valarm.trigger.value
    assert rings == datetime(2026, 4, 10, 2, tzinfo=UTC), "ten o'clock of the eve"
    days = {uid for uid in before if ".exam-" in uid}
    assert {events[uid].status.value for uid in days} == {"CANCELLED"}, "whole days go"
    moved = SESSIONS[0].model_copy(update={"starts": time(10), "ends": time(12)})
    second = read(registered, NOW + timedelta(days=1), with_sessions(moved, *SESSIONS[1:]))
    assert second.keys() == events.keys()
    (uid,) = (key for key, one in events.items() if one is sessions[0])
    assert second[uid].dtstart.value == datetime(2026, 4, 11, 2, tzinfo=UTC)
    fewer = replace(registered, answers={**NURSE, "subjects": "skills"})
    assert of(read(fewer, exam=exam), "session-basic").status.value == "CANCELLED"


def test_a_stranger_has_no_dates() -> None:
    screen = calendar_dates.render(View(Records(), EXAM, NOW))
    assert screen.document is None
    assert [text.key for text in screen.text] == ["calendar-empty"]  # type: ignore[union-attr]
