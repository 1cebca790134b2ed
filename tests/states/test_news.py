"""Which news ring: what comes to an empty queue, and once a day what has waited for long."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.core import exam_files
from states.records import Application, ApplicationId, PersonId, Stage
from states.staff_digest import DigestKind, QueuePlace, digest_kinds

pytestmark = pytest.mark.row("C6")

EXAM = exam_files.load("health-2026")
NOON = EXAM.windows.confirmation.opens + timedelta(days=3, hours=12)
TOLD = NOON - timedelta(minutes=10)
LATER, EARLIER = TOLD + timedelta(minutes=1), TOLD - timedelta(minutes=1)
OLD = NOON - timedelta(days=1)


def spot(oldest: datetime, newest: datetime, stage: Stage = Stage.SUBMITTED) -> QueuePlace:
    like = Application(ApplicationId(0), PersonId(0), EXAM.key, "shanxi", stage)
    return QueuePlace(like, oldest, newest)


CASES: dict[str, tuple[list[QueuePlace], datetime, tuple[DigestKind, ...]]] = {
    "nothing waits": ([], NOON, ()),
    "nothing new": ([spot(EARLIER, EARLIER)], NOON, ()),
    "the first": ([spot(LATER, LATER)], NOON, (DigestKind.FIRST,)),
    "one more": ([spot(EARLIER, LATER)], NOON, (DigestKind.UPDATE,)),
    "one more at another desk of theirs": (
        [spot(EARLIER, EARLIER), spot(LATER, LATER, Stage.CONFIRMED)],
        NOON,
        (DigestKind.UPDATE,),
    ),
    "a day old": ([spot(OLD, OLD)], NOON, (DigestKind.REMINDER,)),
    "a day old, and one more": ([spot(OLD, LATER)], NOON, (DigestKind.REMINDER, DigestKind.UPDATE)),
    "a day old at night": ([spot(OLD, OLD)], NOON + timedelta(hours=10), ()),
    "a day old at a desk that is not open": ([spot(OLD, OLD, Stage.CONFIRMED)], NOON, ()),
}


@pytest.mark.parametrize(("spots", "now", "told"), CASES.values(), ids=CASES.keys())
def test_news_ring_when_there_is_something_to_hear(
    spots: list[QueuePlace], now: datetime, told: tuple[DigestKind, ...]
) -> None:
    assert digest_kinds(spots, TOLD, EXAM, now) == told
