"""Definitions of exams with a planted mistake for each rule, and what is told about them."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.core import exam_files
from states.exam import BadExam
from states.texts import Mistake

Slip = Callable[[dict[str, Any]], object]

WHOLE: dict[str, Any] = exam_files.source("health-2026")
SOURCE = WHOLE | {
    "areas": [one for one in WHOLE["areas"] if one["code"] in ("qinghai", "tianjin")],
    "employers": [one for one in WHOLE["employers"] if one["area"] == "qinghai"],
}
"""The shipped exam with an area that confirms online, and Qinghai, which lists employers."""
ONLINE = next(n for n, one in enumerate(SOURCE["areas"]) if one["confirmation"] == "online")
ON_SITE = next(n for n, one in enumerate(SOURCE["areas"]) if one["confirmation"] == "on-site")
SESSION = {"day": date(2026, 4, 11), "starts": "09:00", "ends": "11:00"}


def mistakes(slip: Slip) -> list[Mistake]:
    """Return the mistakes of the shipped exam with a slip in it."""
    data = copy.deepcopy(SOURCE)
    slip(data)
    with pytest.raises(BadExam) as refused:
        exam_files.checked(data)
    return refused.value.mistakes


def key(*path: str | int, **changes: object) -> Slip:
    """Return the slip that changes keys of the part at a path."""

    def slip(data: Any) -> None:
        for step in path:
            data = data[step]
        data.update(changes)

    return slip


def without(*path: str | int, name: str) -> Slip:
    """Return the slip that drops a key of the part at a path."""

    def slip(data: Any) -> None:
        for step in path:
            data = data[step]
        del data[name]

    return slip


def sessions(*changes: dict[str, object]) -> Slip:
    """Return the slip that announces sessions."""
    return key("windows", "exam_days", sessions=[{**SESSION, **one} for one in changes])


def clause(**changes: object) -> Slip:
    """Return the slip that changes the first condition of registration."""
    return key("eligibility", "clauses", 0, **changes)


def window(name: str, **changes: object) -> Slip:
    return key("windows", name, **changes)


YEAR_EARLY = datetime(2024, 12, 3, tzinfo=UTC)
NAIVE = datetime(2026, 2, 4)  # noqa: DTZ001
FIRST_CLAUSE = "eligibility.clauses[0]"
REFUSED: tuple[tuple[str, str, Slip], ...] = (
    ("missing", "year", without(name="year")),
    ("missing", "photo.min_kb", without("photo", name="min_kb")),
    ("unknown-key", "colour", key(colour="red")),
    ("unknown-key", "photo.max_mb", key("photo", max_mb=1)),
    ("no-text", "areas[0].name", key("areas", 0, name=7)),
    ("no-text", "synonyms.area.西宁", key("synonyms", area={"西宁": 7})),
    ("empty-text", "areas[0].name", key("areas", 0, name="")),
    ("no-code", "areas[0].code", key("areas", 0, code="XI NING")),
    ("no-specialty-code", "catalogue[0].code", key("catalogue", 0, code="99")),
    ("no-version", "terms.version", key("terms", version="Ver 1")),
    ("no-version", "eligibility.version", key("eligibility", version="x" * 31)),
    ("too-few", "areas", key(areas=[])),
    ("too-many", "reminders.usual_days", key(reminders={"usual_days": [9, 7, 3, 1]})),
    ("no-whole-number", "areas[0].fee.per_subject", key("areas", 0, "fee", per_subject=65.5)),
    ("no-whole-number", "year", key(year="this one")),
    ("no-whole-number", "form_version", key(form_version="9" * 5000)),
    ("no-number", "papers.least_side", key("papers", least_side="wide")),
    ("no-yes-or-no", "sample", key(sample="perhaps")),
    (
        "not-above",
        "rehearsal.confirmation.minutes",
        key(rehearsal={"confirmation": {"minutes": 0}}),
    ),
    ("not-at-least", "year", key(year=1999)),
    ("not-at-least", "photo.max_kb", key("photo", max_kb=1)),
    ("not-at-most", "year", key(year=2101)),
    ("none-of", "areas[0].payment", key("areas", 0, payment="cash")),
    ("none-of", "photo.formats", key("photo", formats=["JPG"])),
    ("none-of", "reminders.days.holiday", key(reminders={"days": {"holiday": [1]}})),
    (
        "none-of",
        "areas[0].refusals.confirmation.returns_to",
        key("areas", 0, refusals={"confirmation": {"returns_to": "site-approved"}}),
    ),
    ("none-of", "late_changes.returns_to", key(late_changes={"returns_to": "approved"})),
    ("none-of", f"{FIRST_CLAUSE}.rule", clause(rule={"fact": "height", "at_least": 2})),
    ("none-of", "synonyms.professions", key("synonyms", professions={"护士": "1"})),
    (
        "none-of",
        "wording.mobile.example",
        key(wording={"mobile": {"example": "1", "example_en": "1"}}),
    ),
    ("no-moment", "windows.review.opens", window("review", opens="next week")),
    ("no-offset", "windows.payment.opens", window("payment", opens=NAIVE)),
    ("no-day", "eligibility.reference", key("eligibility", reference="2026-02-30")),
    ("no-hour", "reminders.hour", key(reminders={"hour": "noon"})),
    ("no-list", "subjects", key(subjects="all")),
    ("no-table", "windows", key(windows="open")),
    ("unknown-zone", "zone", key(zone="Asia/Atlantis")),
    ("unknown-zone", "areas[0].zone", key("areas", 0, zone="Atlantis")),
    ("closes-before-opens", "windows.review.closes", window("review", closes=YEAR_EARLY)),
    ("closes-before-opens", "rehearsal.closes", key(rehearsal={"closes": "08:00"})),
    ("ends-before-starts", "windows.exam_days.sessions[0].ends", sessions({"ends": "08:00"})),
    (
        "ends-before-starts",
        "windows.exam_days.ends",
        window("exam_days", starts="09:00", ends="08:00"),
    ),
    ("earlier-than", "windows.review.opens", window("review", opens=YEAR_EARLY)),
    ("earlier-than", "windows.exam_days.dates[0]", window("exam_days", dates=[date(2025, 4, 11)])),
    (
        "days-not-rising",
        "windows.exam_days.dates",
        window("exam_days", dates=[date(2026, 4, 12), date(2026, 4, 11)]),
    ),
    ("hours-incomplete", "windows.exam_days", window("exam_days", starts="09:00")),
    (
        "not-an-exam-day",
        "windows.exam_days.sessions[0].day",
        sessions({"day": date(2026, 4, 30)}),
    ),
    ("days-not-falling", "reminders.usual_days", key(reminders={"usual_days": [1, 3]})),
    ("days-not-falling", "reminders.days.visit", key(reminders={"days": {"visit": [1, 1]}})),
    ("night-reversed", "reminders.quiet_from", key(reminders={"quiet_from": "07:00"})),
    ("hour-at-night", "reminders.hour", key(reminders={"hour": "23:00"})),
    ("key-without-year", "key", key(key="health")),
    ("duplicate", "areas[1].code", key("areas", 1, code=SOURCE["areas"][0]["code"])),
    (
        "duplicate",
        "eligibility.clauses[1].code",
        key("eligibility", "clauses", 1, code=WHOLE["eligibility"]["clauses"][0]["code"]),
    ),
    ("duplicate", "late_changes.fields[1]", key(late_changes={"fields": ["mobile", "mobile"]})),
    ("unknown-code", "employers[1].area", key("employers", 1, area="atlantis")),
    ("unknown-code", "windows.exam_days.sessions[0].subjects", sessions({"subjects": ["dance"]})),
    ("unknown-code", "synonyms.specialty.心内科", key("synonyms", specialty={"心内科": "999"})),
    ("unknown-code", f"{FIRST_CLAUSE}.levels", clause(levels=["highest"])),
    (
        "unknown-code",
        f"{FIRST_CLAUSE}.rule",
        clause(rule={"fact": "degree", "among": ["batchelor"]}),
    ),
    ("reserved-code", "employers[1].code", key("employers", 1, code="other")),
    ("mode-missing", "catalogue[0].mode", without("catalogue", 0, name="mode")),
    (
        "subject-twice",
        "windows.exam_days.sessions",
        sessions({}, {"starts": "14:00", "ends": "16:00"}),
    ),
    ("subject-without-session", "windows.exam_days.sessions", sessions({"subjects": ["basic"]})),
    ("needed-online", f"areas[{ONLINE}].materials", key("areas", ONLINE, materials=[])),
    (
        "needed-online",
        f"areas[{ONLINE}].sites[0].points",
        key("areas", ONLINE, "sites", 0, points=[]),
    ),
    ("ways-without-fee", "areas[0].ways", key("areas", 0, payment="none", ways=["wechat"])),
    ("way-of-the-area", "areas[0].ways", key("areas", 0, payment="mobile", ways=["desktop"])),
    ("no-fraction", "photo.head", key("photo", head="1/0")),
    ("not-one-condition", f"{FIRST_CLAUSE}.rule", clause(rule={"fact": "degree"})),
    (
        "needs-too-many",
        f"{FIRST_CLAUSE}.rule.needed",
        clause(rule={"needed": 2, "of": [{"fact": "degree", "among": ["college"]}]}),
    ),
    (
        "no-month-or-number",
        f"{FIRST_CLAUSE}.passes",
        clause(rule={"fact": "registered", "years": 1}, passes={"registered": "long ago"}),
    ),
    ("rule-says-no", f"{FIRST_CLAUSE}.passes", clause(passes={"degree": "doctor"})),
    (
        "rule-says-yes",
        f"{FIRST_CLAUSE}.fails",
        clause(fails=WHOLE["eligibility"]["clauses"][0]["passes"]),
    ),
    ("rule-says-unknown", f"{FIRST_CLAUSE}.passes", clause(passes={})),
    ("means-nothing", "synonyms.specialty.…", key("synonyms", specialty={"…": "304"})),
    ("name-already", "synonyms.ethnicity.han", key("synonyms", ethnicity={"han": "03"})),
    (
        "word-twice",
        "synonyms.specialty.icu。",
        key("synonyms", specialty={"ICU": "359", "icu。": "304"}),
    ),
    ("no-such-question", "wording.scool", key(wording={"scool": {}})),
    ("no-such-question", "late_changes.fields[0]", key(late_changes={"fields": ["shoe"]})),
)
"""The rule, the path and the slip."""


def refused_mistakes() -> Iterator[Mistake]:
    """Yield the planted mistakes."""
    for rule, path, slip in REFUSED:
        yield next(one for one in mistakes(slip) if (one.rule, one.path) == (rule, path))
