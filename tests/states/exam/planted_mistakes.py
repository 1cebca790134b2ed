"""Exams with a planted mistake for each rule of the linter."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from states.exam import Confirmation, Exam, Window
from states.exam.places import Refusals, Supplement
from states.exam.sampling import SpotCheckRates, SpotCheckRules
from states.exam_linter import Finding, findings
from tests.factories import EXAM


def is_workday(day: date) -> bool | None:
    """Return whether it is a weekday, and nothing for years from 2030 on."""
    return None if day.year >= 2030 else day.weekday() < 5


def found(exam: Exam) -> list[Finding]:
    """Return the findings of an exam that the shipped one does not have."""
    known = {(one.path, one.rule) for one in findings(EXAM, is_workday)}
    return [one for one in findings(exam, is_workday) if (one.path, one.rule) not in known]


def windows(**changes: Window) -> Exam:
    """Return the exam with other windows."""
    return EXAM.model_copy(update={"windows": EXAM.windows.model_copy(update=changes)})


def closing(name: str, closes: datetime) -> Exam:
    """Return the exam with a window that closes at another time."""
    window: Window = getattr(EXAM.windows, name)
    return windows(**{name: window.model_copy(update={"closes": closes})})


def area(**changes: Any) -> Exam:
    """Return the exam with another first area."""
    first, *others = EXAM.areas
    changed = first.model_copy(update=changes)
    return EXAM.model_copy(update={"areas": (changed, *others)})


def rules(**changes: Any) -> Exam:
    """Return the exam with other conditions of registration."""
    assert EXAM.eligibility is not None
    return EXAM.model_copy(update={"eligibility": EXAM.eligibility.model_copy(update=changes)})


def late_changes(**changes: Any) -> Exam:
    """Return the exam with other rules of late changes."""
    return EXAM.model_copy(update={"late_changes": EXAM.late_changes.model_copy(update=changes)})


def spot_checks(**rates: float) -> Exam:
    """Return the exam with other rates at the site's review."""
    rules = SpotCheckRules(site_review=SpotCheckRates(**rates))
    return EXAM.model_copy(update={"spot_checks": rules})


W, FIRST = EXAM.windows, EXAM.areas[0]
HOUR = timedelta(hours=1)


def without_clauses_for_nurses() -> Exam:
    """Return the exam without conditions for nurses."""
    assert EXAM.eligibility is not None
    kept = tuple(one for one in EXAM.eligibility.clauses if "nursing" not in one.categories)
    return rules(clauses=kept)


def catalogue(**without: str) -> Exam:
    """Return the exam without the specialties of one category or level."""
    ((key, code),) = without.items()
    kept = tuple(one for one in EXAM.catalogue if getattr(one, key) != code)
    return EXAM.model_copy(update={"catalogue": kept})


ONLINE = next(one for one in EXAM.areas if one.confirmation is Confirmation.ONLINE)
DENTAL = next(n for n, one in enumerate(EXAM.practices) if one.code == "dental")
PLANTED = [
    pytest.param(
        closing("registration", datetime(2025, 12, 15, 19, tzinfo=UTC)),
        *("windows.registration.closes", "closes-at-night"),
        id="three in the morning in China",
    ),
    pytest.param(
        closing("confirmation", datetime(2025, 12, 20, 16, tzinfo=UTC)),
        *("windows.confirmation.closes", "closes-on-holiday"),
        id="the last day is a Saturday",
    ),
    pytest.param(
        closing("payment", datetime(2030, 2, 14, 10, tzinfo=UTC)),
        *("windows.payment.closes", "holidays-unknown"),
        id="a year without published holidays",
    ),
    pytest.param(
        closing("payment", W.payment.opens + 30 * HOUR),
        *("windows.payment", "short-window"),
        id="thirty hours to pay",
    ),
    pytest.param(
        closing("confirmation", W.registration.closes - 24 * HOUR),
        *("windows.confirmation.closes", "no-time-to-confirm"),
        id="confirmation ends before registration",
    ),
    pytest.param(
        closing("reupload", W.confirmation.closes - 24 * HOUR),
        *("windows.reupload.closes", "no-time-to-correct"),
        id="uploading again ends before confirmation",
    ),
    pytest.param(
        closing("review", W.reupload.closes - 24 * HOUR),
        *("windows.review.closes", "no-time-to-review"),
        id="the review ends before uploading again",
    ),
    pytest.param(
        closing("review", W.payment.closes - HOUR),
        *("windows.payment.closes", "no-time-to-pay"),
        id="an hour to pay after the review",
    ),
    pytest.param(
        closing("payment", W.tickets.opens + 24 * HOUR),
        *("windows.tickets.opens", "tickets-before-payment"),
        id="tickets while people pay",
    ),
    pytest.param(
        catalogue(category="nursing"),
        *("categories[2]", "empty-category"),
        id="a category without specialties",
    ),
    pytest.param(
        rules(reference=date(2025, 12, 30)),
        *("eligibility.reference", "reference-within-month"),
        id="years to the last day but one",
    ),
    pytest.param(
        rules(reference=date(2024, 12, 31)),
        *("eligibility.reference", "reference-of-another-year"),
        id="last year's reference day",
    ),
    pytest.param(
        without_clauses_for_nurses(),
        *("eligibility.clauses", "no-clause"),
        id="no conditions for nurses",
    ),
    pytest.param(
        area(contact="考试中心"), *("areas[0].contact", "no-telephone"), id="no telephone"
    ),
    pytest.param(
        area(fee=FIRST.fee.model_copy(update={"per_subject": 0})),
        *("areas[0].fee", "no-fee"),
        id="a fee of nothing",
    ),
    pytest.param(
        area(fee=FIRST.fee.model_copy(update={"per_subject": 650_000})),
        *("areas[0].fee", "odd-fee"),
        id="a fee in the wrong unit",
    ),
    pytest.param(
        area(fee=FIRST.fee.model_copy(update={"sample": False})),
        *("areas[0].fee", "fee-without-source"),
        id="a fee without a source",
    ),
    pytest.param(
        EXAM.model_copy(update={"employers": ()}),
        *("employers", "no-employers"),
        id="employers",
    ),
    pytest.param(
        EXAM.model_copy(update={"sample": False}),
        *("terms", "still-a-sample"),
        id="a sample left",
    ),
    pytest.param(
        catalogue(level="assistant"), *("levels[0]", "empty-level"), id="a level of nothing"
    ),
    pytest.param(
        EXAM.model_copy(
            update={
                "categories": tuple(
                    one.model_copy(
                        update={"practices": tuple(p for p in one.practices if p != "dental")}
                    )
                    for one in EXAM.categories
                )
            }
        ),
        *(f"practices[{DENTAL}]", "unused-practice"),
        id="a practice category of nobody",
    ),
    pytest.param(
        windows(tickets=W.tickets.model_copy(update={"opens": datetime(2026, 4, 11, tzinfo=UTC)})),
        *("windows.tickets.opens", "tickets-on-exam-day"),
        id="tickets on the first exam day",
    ),
    pytest.param(
        area(refusals=Refusals(site_review=Supplement(allowed=False, definite=True))),
        *("areas[0].refusals.site_review.definite", "definite-needless"),
        id="a definite refusal where each one is final",
    ),
    pytest.param(
        area(materials=ONLINE.materials),
        *("areas[0].materials", "materials-on-site"),
        id="papers that nobody uploads",
    ),
    pytest.param(
        EXAM.model_copy(
            update={"levels": tuple(one.model_copy(update={"name_en": ""}) for one in EXAM.levels)}
        ),
        *("levels", "no-english"),
        id="levels without English names",
    ),
    pytest.param(
        area(
            materials=(ONLINE.materials[0].model_copy(update={"max_kb": 60}),),
        ),
        *("areas[0].materials[0].max_kb", "small-material"),
        id="a scan that no scanner makes small enough",
    ),
    pytest.param(
        late_changes(closes=W.review.closes + 24 * HOUR),
        *("late_changes.closes", "late-change-unanswerable"),
        id="late changes after the review",
    ),
    pytest.param(
        late_changes(days=30),
        *("late_changes.days", "late-change-misses-payment"),
        id="a late change that is open until after the payment",
    ),
    pytest.param(
        area(late_changes=EXAM.late_changes.model_copy(update={"fields": ("site",)})),
        *("areas[0].late_changes.fields", "late-change-moves-site"),
        id="a site that gives its candidates to another one",
    ),
    pytest.param(
        late_changes(days=1), *("late_changes.days", "late-change-short"), id="one day to change"
    ),
    pytest.param(
        spot_checks(approved=0.5, refused=0.5),
        *("spot_checks.site_review.approved", "spot-checks-many"),
        id="half of the decisions twice",
    ),
    pytest.param(
        spot_checks(approved=0.02, refused=0.0),
        *("spot_checks.site_review", "spot-checks-one-sided"),
        id="approvals alone are read again",
    ),
]


def planted_findings() -> Iterator[Finding]:
    """Yield the findings of all planted mistakes."""
    for planted in PLANTED:
        exam = planted.values[0]
        assert isinstance(exam, Exam)
        yield from found(exam)
