"""Mistakes in an exam file that are valid, and that the linter of exams cannot see."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from states.exam import Clause, Exam, Window, Windows
from states.exam.rules import Condition, Group
from tests import factories

EXAM = factories.EXAM
DAY = timedelta(days=1)


def _windows(exam: Exam, **changed: Window) -> Exam:
    windows: Windows = exam.windows.model_copy(update=changed)
    return exam.model_copy(update={"windows": windows})


def _window(window: Window, **moments: datetime) -> Window:
    return window.model_copy(update=moments)


def confirmation_ends_with_registration(exam: Exam) -> Exam:
    """Let the last evening's candidates have no office hour left for their visit."""
    confirmation = exam.windows.confirmation
    closes = exam.windows.registration.closes
    return _windows(exam, confirmation=_window(confirmation, closes=closes))


def corrections_end_with_confirmation(exam: Exam) -> Exam:
    """Let whoever is refused on the last afternoon have until midnight."""
    closes = exam.windows.confirmation.closes
    return _windows(exam, reupload=_window(exam.windows.reupload, closes=closes))


def review_too_short_for_the_numbers(exam: Exam) -> Exam:
    """Give the reviews of 60,000 people three days."""
    review = exam.windows.review
    closes = exam.windows.reupload.closes
    return _windows(exam, review=_window(review, closes=closes))


def confirmation_in_the_holidays(exam: Exam) -> Exam:
    """Open the sites over the National Day of 2025, with one workday at the end."""
    tz = exam.tz
    registration = Window(
        opens=datetime(2025, 9, 15, tzinfo=tz), closes=datetime(2025, 10, 1, tzinfo=tz)
    )
    confirmation = Window(
        opens=datetime(2025, 10, 1, tzinfo=tz), closes=datetime(2025, 10, 10, tzinfo=tz)
    )
    return _windows(
        exam,
        registration=registration,
        confirmation=confirmation,
        reupload=Window(opens=confirmation.opens, closes=datetime(2025, 10, 18, tzinfo=tz)),
    )


def payment_ends_before_late_reviews(exam: Exam) -> Exam:
    """Let the payment end three days after the review, while the last corrections are reviewed."""
    review = exam.windows.review
    payment = exam.windows.payment
    changes = {"closes": review.closes - 7 * DAY}
    areas = tuple(
        area.model_copy(update={"late_changes": area.late_changes.model_copy(update=changes)})
        if area.late_changes
        else area
        for area in exam.areas
    )
    late_changes = exam.late_changes.model_copy(update=changes)
    return _windows(
        exam.model_copy(update={"areas": areas, "late_changes": late_changes}),
        payment=_window(payment, opens=review.closes - 4 * DAY, closes=review.closes + 3 * DAY),
    )


def fifty_years_of_practice(exam: Exam) -> Exam:
    """Ask for 45 years in the field instead of 5, in each clause of one category and level."""
    rules = exam.eligibility
    assert rules is not None
    target = next(one for one in rules.clauses)
    clauses = tuple(
        _asking_for_45_years(one) if _is_beside(one, target) else one for one in rules.clauses
    )
    return exam.model_copy(update={"eligibility": rules.model_copy(update={"clauses": clauses})})


def _is_beside(clause: Clause, target: Clause) -> bool:
    return bool({*clause.categories} & {*target.categories} and {*clause.levels} & {*target.levels})


def _asking_for_45_years(clause: Clause) -> Clause:
    condition = Condition(fact="field_years", at_least=45)
    changed: Mapping[str, Any] = {
        "rule": Group(needed=2, of=(clause.rule, condition)),
        "passes": {**clause.passes, "field_years": "45"},
        "fails": {**clause.fails, "field_years": "44"},
    }
    return clause.model_copy(update=changed)


def notice_longer_than_a_message(exam: Exam) -> Exam:
    """Paste the whole announcement into the notice that everybody has to agree to."""
    terms = exam.terms.model_copy(update={"notice": "请仔细阅读。" * 800})
    return exam.model_copy(update={"terms": terms})


PLANTED: Mapping[str, tuple[Callable[[Exam], Exam], str]] = {
    "confirmation ends with registration": (confirmation_ends_with_registration, "lost"),
    "corrections end with confirmation": (corrections_end_with_confirmation, "short-correction"),
    "review too short for the numbers": (review_too_short_for_the_numbers, "unfinished"),
    "confirmation in the holidays": (confirmation_in_the_holidays, "unfinished"),
    "payment ends before late reviews": (payment_ends_before_late_reviews, "lost"),
    "45 years of practice": (fifty_years_of_practice, "unfit"),
    "notice longer than a message": (notice_longer_than_a_message, "long-message"),
}
"""Each mistake by name, with the rule of the finding that it leads to."""
