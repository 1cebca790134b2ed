"""The kinds of digest: a new message for new work or an old wait, else a silent edit."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.core import exam_files
from states.records import Application, ApplicationId, PersonId, Stage
from states.staff.digest import DigestKind, QueuePlace, digest_kinds

pytestmark = pytest.mark.row("C6")

EXAM = exam_files.load("health-2026")
NOON = EXAM.windows.confirmation.opens + timedelta(days=3, hours=12)
LAST_DIGEST = NOON - timedelta(minutes=10)
LATER, EARLIER = LAST_DIGEST + timedelta(minutes=1), LAST_DIGEST - timedelta(minutes=1)
OLD = NOON - timedelta(days=1)
TOMORROW = EXAM.windows.confirmation.closes - timedelta(days=1, hours=12)
"""Noon of the day before the last day of the confirmation."""
AFTER = EXAM.windows.confirmation.closes + timedelta(days=10, hours=12)
"""Noon of a day on which only applications with a deadline of their own can be confirmed."""
LAST_DAY = EXAM.windows.registration.closes - timedelta(hours=12)
"""Noon of the last day of the registration."""


def queue_place(oldest: datetime, newest: datetime, stage: Stage = Stage.SUBMITTED) -> QueuePlace:
    example = Application(ApplicationId(0), PersonId(0), EXAM.key, "shanxi", stage)
    return QueuePlace(example, oldest, newest)


CASES: dict[str, tuple[list[QueuePlace], datetime, tuple[DigestKind, ...]]] = {
    "nothing waits": ([], NOON, ()),
    "nothing new": ([queue_place(EARLIER, EARLIER)], NOON, ()),
    "the first": ([queue_place(LATER, LATER)], NOON, (DigestKind.FIRST,)),
    "one more": ([queue_place(EARLIER, LATER)], NOON, (DigestKind.UPDATE,)),
    "one more at another desk of theirs": (
        [queue_place(EARLIER, EARLIER), queue_place(LATER, LATER, Stage.CONFIRMED)],
        NOON,
        (DigestKind.UPDATE,),
    ),
    "a day old": ([queue_place(OLD, OLD)], NOON, (DigestKind.REMINDER,)),
    "a day old, and one more": (
        [queue_place(OLD, LATER)],
        NOON,
        (DigestKind.REMINDER, DigestKind.UPDATE),
    ),
    "the desk closes tomorrow": ([queue_place(EARLIER, EARLIER)], TOMORROW, (DigestKind.REMINDER,)),
    "the desk closes today": (
        [queue_place(EARLIER, EARLIER)],
        TOMORROW + timedelta(days=1),
        (DigestKind.REMINDER,),
    ),
    "a day old at night": ([queue_place(OLD, OLD)], NOON + timedelta(hours=10), ()),
    "a day old at a desk that is not open": ([queue_place(OLD, OLD, Stage.CONFIRMED)], NOON, ()),
}


@pytest.mark.parametrize(("places", "now", "kinds"), CASES.values(), ids=CASES.keys())
def test_a_digest_notifies_when_something_is_new(
    places: list[QueuePlace], now: datetime, kinds: tuple[DigestKind, ...]
) -> None:
    assert digest_kinds(places, LAST_DIGEST, EXAM, now) == kinds


def test_an_invitation_that_ends_is_told_by_day_though_nothing_waits() -> None:
    reminder = digest_kinds([], LAST_DIGEST, EXAM, NOON, invite_ends=True)
    assert reminder == (DigestKind.REMINDER,)
    at_night = NOON + timedelta(hours=10)
    assert digest_kinds([], LAST_DIGEST, EXAM, at_night, invite_ends=True) == ()


@pytest.mark.parametrize(
    ("opened_at", "now", "kinds"),
    [
        (OLD, NOON, (DigestKind.REMINDER,)),
        (EARLIER, NOON, ()),
        (OLD, NOON + timedelta(hours=10), ()),
        (LAST_DAY, LAST_DAY + timedelta(hours=1), (DigestKind.REMINDER,)),
    ],
    ids=["a day old", "of today", "a day old at night", "registration ends today"],
)
def test_a_case_about_an_identity_is_told_before_its_candidate_is_too_late(
    opened_at: datetime, now: datetime, kinds: tuple[DigestKind, ...]
) -> None:
    assert digest_kinds([], LAST_DIGEST, EXAM, now, cases_since=opened_at) == kinds


def test_the_day_before_an_own_deadline_is_told_although_the_window_is_over() -> None:
    """A reinstated application has three days; its desk reads of it, as of any that waits."""
    place = queue_place(AFTER - timedelta(days=2), AFTER - timedelta(days=2))
    since = AFTER - timedelta(minutes=10)
    assert digest_kinds([place], since, EXAM, AFTER) == (DigestKind.REMINDER,)
