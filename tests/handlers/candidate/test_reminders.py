"""Each reminder as its reader sees it: the gap, the consequence, the date, and a way to do it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from handlers.candidate.reminders import REMINDER
from handlers.registry import SCREENS
from handlers.rendering import View
from states.exam import Duty
from states.fsm_states import Home
from states.progress.next_step import Position
from states.records import Application, OpenCase, Person, Records, Refusal, Stage
from states.reminders.planning import ReminderKind, deadline_of
from states.staff.cases import CONTESTED, CaseKind
from tests import factories
from tests.fakes.router import TRANSLATIONS, screen_of
from tests.handlers.all_screens import texts_of
from tests.handlers.people import EXAM, LOCALES, Standing
from tests.states.reminders.test_planning import NURSE, SESSIONS, with_sessions

pytestmark = pytest.mark.row("B2", "C7")

WINDOWS = EXAM.windows
OPENS = WINDOWS.registration.opens.astimezone(UTC)
XINING = factories.answers("qinghai", {"site": "xining"})
CASE = OpenCase(CaseKind.NUMBER_TAKEN, "qinghai", "xining", OPENS)


def at(stage: Stage, **more: object) -> Application:
    """An application in Xining."""
    filed = factories.application(
        "qinghai", stage=stage, answers=XINING, since=OPENS, submitted_at=OPENS, revision=1
    )
    return replace(filed, **more)  # type: ignore[arg-type]


ONLINE = factories.application("tianjin", agreed_at=OPENS)
NO_NUMBER: dict[str, object] = {"number_hash": None, "open_case": CASE}
DRAFT = at(Stage.DRAFT, revision=0)
REFUSED = at(
    Stage.CONFIRM_REFUSED, refusal=Refusal(OPENS, until=WINDOWS.reupload.closes.astimezone(UTC))
)
GAPS: dict[str, tuple[dict[str, object], Application | None, Duty, tuple[str, ...]]] = {
    "nothing begun": ({}, None, Duty.BEGIN, ("remind-begin",)),
    "an open case": (
        NO_NUMBER,
        None,
        Duty.CASE,
        ("remind-case", "case-waits-number-taken"),
    ),
    "a draft": ({}, DRAFT, Duty.DRAFT, ("gap-photo", "gap-submit", "now-draft-open")),
    "papers wanted": ({}, ONLINE, Duty.DRAFT, ("gap-form", "gap-material", "gap-submit")),
    "withdrawn": (
        {},
        at(Stage.DRAFT),
        Duty.WITHDRAWN,
        ("remind-withdrawn", "gap-resubmit", "now-withdrawn-open"),
    ),
    "the confirmation": (
        {},
        at(Stage.SUBMITTED),
        Duty.VISIT,
        ("now-visit-open", "todo-confirm-on-site"),
    ),
    "a refusal": ({}, REFUSED, Duty.CORRECTION, ("now-correction-open",)),
    "the payment": ({}, at(Stage.APPROVED), Duty.PAYMENT, ("now-payment-open",)),
    "the ticket": ({}, at(Stage.REGISTERED), Duty.TICKET, ("now-ticket-open", "remind-exam")),
}
CONSEQUENCE = {
    "zh-CN": ("逾期", "不能进考场"),
    "en": ("cannot", "give up", "given up", "gave up", "giving up"),
}


def reminded(case: str, locale: str) -> tuple[Standing, Duty]:
    """Somebody of a case, the day before the last day."""
    known, filed, duty, _ = GAPS[case]
    person: Person = replace(
        factories.person(locale, consented_at=OPENS, photo=None),
        **known,  # type: ignore[arg-type]
    )
    records = Records(person, filed)
    for window in (WINDOWS.registration, WINDOWS.payment):
        now = window.closes.astimezone(UTC) - timedelta(hours=38)
        deadline = deadline_of(records, EXAM, now)
        if deadline is not None and deadline.opens <= now < deadline.closes:
            break
    else:
        now = EXAM.first_day.astimezone(UTC) - timedelta(hours=38)
        deadline = deadline_of(records, EXAM, now)
    assert deadline is not None
    assert deadline.duty is duty
    data = {"kind": ReminderKind.SCHEDULED, "name": deadline.name}
    return Standing(Position(Home.menu, data), records, now), duty


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("case", GAPS)
def test_each_moment_names_gap_consequence_and_date_and_asks_when(case: str, locale: str) -> None:
    standing, _ = reminded(case, locale)
    screen = screen_of(standing, REMINDER)
    keys = {text.key for text in texts_of(screen)}
    assert set(GAPS[case][3]) <= keys
    assert "remind-question" in keys
    words = "\n".join(TRANSLATIONS.html(text, locale) for text in texts_of(screen))
    assert any(word in words for word in CONSEQUENCE[locale]), words
    assert any(year in words for year in ("2025", "2026")), "a date with its year"
    assert "reminders-off" in screen.buttons[-1][0].callback.value
    labels = [TRANSLATIONS.label(one.label, locale) for row in screen.buttons for one in row]
    assert any("20:00" in label for label in labels), "when will you do it?"


def test_an_open_case_is_told_below_whatever_is_reminded() -> None:
    standing, _ = reminded("the confirmation", "zh-CN")
    contested = replace(CASE, kind=CONTESTED)
    assert standing.records.person is not None
    known = replace(standing.records, person=replace(standing.records.person, open_case=contested))
    keys = {text.key for text in texts_of(screen_of(replace(standing, records=known), REMINDER))}
    assert "case-waits-contested" in keys


LINES = {
    "zh-CN": (
        "明天开始考试",
        "4月11日（周六）09:00 至 11:00：基础知识",
        "4月25日（周六）08:30 至 10:00：专业实践能力",
    ),
    "en": ("The exam begins tomorrow", "11 April 2026", "to 11:00: Basic knowledge"),
}


@pytest.mark.parametrize("locale", LOCALES)
def test_the_eve_has_day_hours_and_subjects_of_each_own_session(locale: str) -> None:
    """And the eve of a later day has those that are left; the status has them all along."""
    exam = with_sessions(*SESSIONS)
    filed = at(Stage.REGISTERED, answers={**NURSE, "subjects": "basic skills"})
    records = Records(factories.person(locale, consented_at=OPENS), filed)

    def words(screen: str, now: datetime) -> str:
        deadline = deadline_of(records, exam, now)
        assert deadline is not None
        data = {"kind": ReminderKind.SCHEDULED, "name": deadline.name}
        shown = SCREENS[screen](View(records, exam, now, data))
        return "\n".join(TRANSLATIONS.html(text, locale) for text in texts_of(shown))

    eve = words(REMINDER, exam.first_day - timedelta(hours=14))
    for line in LINES[locale]:
        assert line in eve
    assert "相关专业知识" not in eve, "a subject that is not their own"
    later = words(REMINDER, datetime(2026, 4, 24, 12, tzinfo=exam.tz))
    assert {"zh-CN": "明天还有考试", "en": "another session tomorrow"}[locale] in later
    assert "09:00" not in later, "that one is over"
    assert "08:30" in later
    assert "08:30" in words("status", exam.first_day - timedelta(days=9))
