"""A deadline that is over runs by itself only when nothing speaks against it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from states.deadlines import ANNOUNCED, MOST, Circumstances, Hold, rule
from states.records import Application, ApplicationId, Refusal, Stage
from tests.states.people import EXAM, OPEN, UPLOADED, WHOLE

pytestmark = pytest.mark.row("S13")

ENDS = EXAM.windows.confirmation.closes
MINUTE = timedelta(minutes=1)
LATE = replace(WHOLE, stage=Stage.SUBMITTED, revision=1, submitted_at=OPEN, since=OPEN)
AROUND = Circumstances(read_until=ENDS + MINUTE)


def held(application: Application, answer_context: Circumstances) -> list[Hold]:
    """Why it waits."""
    return [hold for _, hold in rule([application], EXAM, answer_context).held]


def test_what_is_late_is_given_up() -> None:
    assert rule([LATE], EXAM, AROUND).expired == (LATE,)


@pytest.mark.parametrize("read_until", [None, ENDS - MINUTE])
def test_nothing_runs_before_what_was_sent_in_time_has_been_read(
    read_until: datetime | None,
) -> None:
    ruling = rule([LATE], EXAM, replace(AROUND, read_until=read_until))
    assert (ruling.expired, ruling.held, ruling.unread) == ((), (), 1)


@pytest.mark.parametrize(
    ("began", "ended", "waits"),
    [
        (ENDS - MINUTE, ENDS + MINUTE, True),
        (ENDS - 2 * MINUTE, ENDS - MINUTE, False),
        (ENDS + MINUTE, ENDS + 2 * MINUTE, False),
    ],
)
def test_a_deadline_in_a_gap_waits(began: datetime, ended: datetime, waits: bool) -> None:
    assert bool(held(LATE, replace(AROUND, gaps=[(began, ended)]))) == waits


@pytest.mark.parametrize(("before", "waits"), [(ANNOUNCED - MINUTE, True), (ANNOUNCED, False)])
def test_a_window_that_was_just_moved_waits(before: timedelta, waits: bool) -> None:
    assert bool(held(LATE, replace(AROUND, moved_at=ENDS - before))) == waits


def test_what_the_staff_left_undecided_waits() -> None:
    online = replace(UPLOADED, stage=Stage.SUBMITTED, revision=1)
    assert held(online, AROUND) == [Hold.UNDECIDED]
    closes = EXAM.windows.review.closes
    again = replace(LATE, revision=2, refusal=Refusal(OPEN, until=closes))
    assert held(again, Circumstances(read_until=closes)) == [Hold.UNDECIDED]


def test_too_many_at_once_wait_and_one_fewer_do_not() -> None:
    many = [replace(LATE, id=ApplicationId(n)) for n in range(MOST + 1)]
    ruling = rule(many, EXAM, AROUND)
    assert (len(ruling.expired), {hold for _, hold in ruling.held}) == (0, {Hold.MANY})
    assert len(rule(many[1:], EXAM, AROUND).expired) == MOST


def test_what_was_released_runs_and_what_ends_later_does_not() -> None:
    answer_context = replace(AROUND, gaps=[(ENDS - MINUTE, ENDS + MINUTE)])
    assert rule([LATE], EXAM, replace(answer_context, released=ENDS)).expired == (LATE,)
    assert held(LATE, replace(answer_context, released=ENDS - MINUTE)) == [Hold.GAP]


def test_what_has_no_deadline_is_left_alone() -> None:
    assert rule([replace(LATE, stage=Stage.CONFIRMED)], EXAM, AROUND).expired == ()
