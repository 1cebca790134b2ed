"""A deadline expires by itself only if nothing speaks against it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from states.process.deadlines import (
    MAX_PER_RUN,
    MIN_NOTICE,
    ExpiryContext,
    ExpiryPlan,
    HoldReason,
    plan_expiry,
)
from states.records import (
    Application,
    ApplicationId,
    LateChange,
    LateChangeState,
    Refusal,
    Stage,
)
from tests.states.payment.test_ledger import paying_here
from tests.states.people import EXAM, OPEN, UPLOADED, WHOLE

pytestmark = pytest.mark.row("S13")

ENDS = EXAM.windows.confirmation.closes
MINUTE = timedelta(minutes=1)
LATE = replace(WHOLE, stage=Stage.SUBMITTED, revision=1, submitted_at=OPEN, since=OPEN)
CONTEXT = ExpiryContext(read_until=ENDS + MINUTE)


def held(application: Application, context: ExpiryContext) -> list[HoldReason]:
    """Why it waits."""
    return list(plan_expiry([application], EXAM, context).held)


def test_an_overdue_application_expires() -> None:
    assert plan_expiry([LATE], EXAM, CONTEXT).expired == (LATE.id,)


@pytest.mark.parametrize("read_until", [None, ENDS - MINUTE])
def test_nothing_runs_before_what_was_sent_in_time_has_been_read(
    read_until: datetime | None,
) -> None:
    ruling = plan_expiry([LATE], EXAM, replace(CONTEXT, read_until=read_until))
    assert (ruling.expired, ruling.held, ruling.unread) == ((), {}, 1)


@pytest.mark.parametrize(
    ("began", "ended", "waits"),
    [
        (ENDS - MINUTE, ENDS + MINUTE, True),
        (ENDS - 2 * MINUTE, ENDS - MINUTE, False),
        (ENDS + MINUTE, ENDS + 2 * MINUTE, False),
    ],
)
def test_a_deadline_in_a_gap_waits(began: datetime, ended: datetime, waits: bool) -> None:
    assert bool(held(LATE, replace(CONTEXT, gaps=[(began, ended)]))) == waits


@pytest.mark.parametrize(("before", "waits"), [(MIN_NOTICE - MINUTE, True), (MIN_NOTICE, False)])
def test_a_window_that_was_just_moved_waits(before: timedelta, waits: bool) -> None:
    assert bool(held(LATE, replace(CONTEXT, moved_at=ENDS - before))) == waits


def test_what_the_staff_left_undecided_waits() -> None:
    online = replace(UPLOADED, stage=Stage.SUBMITTED, revision=1)
    assert held(online, CONTEXT) == [HoldReason.UNDECIDED]
    closes = EXAM.windows.review.closes
    again = replace(LATE, revision=2, refusal=Refusal(OPEN, until=closes))
    assert held(again, ExpiryContext(read_until=closes)) == [HoldReason.UNDECIDED]
    done = LateChange(1, 1, LateChangeState.DONE, OPEN)
    changed = replace(LATE, revision=2, change=done)
    assert held(changed, ExpiryContext(read_until=closes)) == [HoldReason.UNDECIDED]


def test_too_many_at_once_wait_and_one_fewer_do_not() -> None:
    many = [replace(LATE, id=ApplicationId(n)) for n in range(MAX_PER_RUN + 1)]
    ruling = plan_expiry(many, EXAM, CONTEXT)
    assert (ruling.expired, ruling.held) == ((), {HoldReason.MANY: MAX_PER_RUN + 1})
    assert len(plan_expiry(many[1:], EXAM, CONTEXT).expired) == MAX_PER_RUN


def test_plans_of_parts_add_up_to_the_plan_of_all() -> None:
    """Two parts of which each alone could expire are too many together."""
    many = [replace(LATE, id=ApplicationId(n)) for n in range(MAX_PER_RUN + 1)]
    online = replace(UPLOADED, stage=Stage.SUBMITTED, revision=1)
    parts = [many[:30], many[30:], [online, online]]
    plans = [plan_expiry(part, EXAM, CONTEXT) for part in parts]
    assert [len(plan.expired) for plan in plans] == [30, MAX_PER_RUN - 29, 0]
    whole = sum(plans, ExpiryPlan())
    assert whole == plan_expiry([one for part in parts for one in part], EXAM, CONTEXT)
    assert whole.held == {HoldReason.MANY: MAX_PER_RUN + 1, HoldReason.UNDECIDED: 2}


def test_what_was_released_runs_and_what_ends_later_does_not() -> None:
    context = replace(CONTEXT, gaps=[(ENDS - MINUTE, ENDS + MINUTE)])
    assert plan_expiry([LATE], EXAM, replace(context, released=ENDS)).expired == (LATE.id,)
    assert held(LATE, replace(context, released=ENDS - MINUTE)) == [HoldReason.GAP]


def test_what_has_no_deadline_is_left_alone() -> None:
    assert plan_expiry([replace(LATE, stage=Stage.CONFIRMED)], EXAM, CONTEXT).expired == ()


APPROVED = replace(LATE, stage=Stage.APPROVED)
PAYMENT_ENDS = EXAM.windows.payment.closes


@pytest.mark.parametrize("after", [timedelta(0), timedelta(days=300)])
def test_the_clock_never_ends_what_was_not_marked_as_paid(after: timedelta) -> None:
    now = PAYMENT_ENDS + after
    context = ExpiryContext(read_until=now, released=now)
    ruling = plan_expiry([APPROVED], EXAM, context)
    assert (ruling.expired, ruling.held) == ((), {HoldReason.UNPAID: 1})


def test_where_one_pays_here_it_ends_once_no_money_can_come() -> None:
    here = paying_here()
    waits = ExpiryContext(read_until=PAYMENT_ENDS, paying={APPROVED.id})
    assert plan_expiry([APPROVED], here, waits).unread == 1
    assert plan_expiry([APPROVED], here, replace(waits, paying=())).expired == (APPROVED.id,)
    many = replace(waits, paying=(), limit=0)
    assert plan_expiry([APPROVED], here, many).held == {HoldReason.MANY: 1}
    assert plan_expiry([APPROVED], here, replace(many, released=PAYMENT_ENDS)).expired


def test_an_administrator_ends_it_by_a_release_of_its_own() -> None:
    context = ExpiryContext(read_until=PAYMENT_ENDS, unpaid_released=PAYMENT_ENDS)
    assert plan_expiry([APPROVED], EXAM, context).expired == (APPROVED.id,)
    early = replace(context, unpaid_released=PAYMENT_ENDS - MINUTE)
    assert held(APPROVED, early) == [HoldReason.UNPAID]
    assert plan_expiry([LATE], EXAM, context).expired == (LATE.id,)
