"""Which news ring: what comes to an empty queue, and once a day what has waited for long."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.core import exam_files
from states.records import Application, ApplicationId, PersonId, Stage
from states.staff_digest import Tone, WaitingPlace, tones

pytestmark = pytest.mark.row("C6")

EXAM = exam_files.load("health-2026")
NOON = EXAM.windows.confirmation.opens + timedelta(days=3, hours=12)
TOLD = NOON - timedelta(minutes=10)
LATER, EARLIER = TOLD + timedelta(minutes=1), TOLD - timedelta(minutes=1)
OLD = NOON - timedelta(days=1)


def spot(oldest: datetime, newest: datetime, stage: Stage = Stage.SUBMITTED) -> WaitingPlace:
    like = Application(ApplicationId(0), PersonId(0), EXAM.key, "shanxi", stage)
    return WaitingPlace(like, oldest, newest)


CASES: dict[str, tuple[list[WaitingPlace], datetime, tuple[Tone, ...]]] = {
    "nothing waits": ([], NOON, ()),
    "nothing new": ([spot(EARLIER, EARLIER)], NOON, ()),
    "the first": ([spot(LATER, LATER)], NOON, (Tone.FIRST,)),
    "one more": ([spot(EARLIER, LATER)], NOON, (Tone.MORE,)),
    "one more at another desk of theirs": (
        [spot(EARLIER, EARLIER), spot(LATER, LATER, Stage.CONFIRMED)],
        NOON,
        (Tone.MORE,),
    ),
    "a day old": ([spot(OLD, OLD)], NOON, (Tone.AGEING,)),
    "a day old, and one more": ([spot(OLD, LATER)], NOON, (Tone.AGEING, Tone.MORE)),
    "a day old at night": ([spot(OLD, OLD)], NOON + timedelta(hours=10), ()),
    "a day old at a desk that is not open": ([spot(OLD, OLD, Stage.CONFIRMED)], NOON, ()),
}


@pytest.mark.parametrize(("spots", "now", "told"), CASES.values(), ids=CASES.keys())
def test_news_ring_when_there_is_something_to_hear(
    spots: list[WaitingPlace], now: datetime, told: tuple[Tone, ...]
) -> None:
    assert tones(spots, TOLD, EXAM, now) == told
