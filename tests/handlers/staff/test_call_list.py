"""People about to lose an application by silence: list, reminder and button name one moment."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from handlers.candidate.reminders import REMINDER
from handlers.everyone.seen import SEEN
from handlers.registry import SCREENS
from handlers.rendering import View
from states.process.time_rules import GRACE
from states.records import (
    Application,
    LateChange,
    LateChangeState,
    Records,
    Refusal,
    Stage,
)
from states.reminders.planning import ReminderKind, deadline_of
from states.staff.reach import CALLED_BEFORE, ends_soon
from tests import factories
from tests.factories import EXAM

W = EXAM.windows
DAY = timedelta(days=1)
OPENS = W.registration.opens
ON_SITE = factories.answers("qinghai", {"site": "xining"})
REFUSED = Refusal(W.confirmation.opens, until=W.reupload.closes, refused_at=Stage.SUBMITTED)
CHANGE = LateChange(1, 1, LateChangeState.DONE, W.review.opens)


def filed(stage: Stage, **known: object) -> Application:
    """An application in Xining at a stage."""
    usual = {"answers": ON_SITE, "since": OPENS, "revision": 1}
    return factories.application("qinghai", stage=stage, **usual | known)


LATE = W.confirmation.closes + 20 * DAY
"""A moment at which only an own deadline is left of registration and confirmation."""
CASES: dict[str, tuple[Application, datetime | None]] = {
    "a draft that was never submitted": (filed(Stage.DRAFT, revision=0), None),
    "withdrawn": (filed(Stage.DRAFT), W.confirmation.closes),
    "withdrawn after a refusal": (
        filed(Stage.DRAFT, refusal=replace(REFUSED, until=LATE)),
        LATE,
    ),
    "to come": (filed(Stage.SUBMITTED), W.confirmation.closes),
    "to come, after a reinstatement": (
        filed(Stage.SUBMITTED, expired_from=Stage.SUBMITTED, since=LATE),
        LATE + GRACE,
    ),
    "submitted again after a refusal": (filed(Stage.SUBMITTED, refusal=REFUSED), None),
    "changed late": (filed(Stage.SUBMITTED, change=CHANGE), None),
    "waits online": (replace(filed(Stage.SUBMITTED), area="tianjin"), None),
    "refused": (filed(Stage.CONFIRM_REFUSED, refusal=REFUSED), W.reupload.closes),
    "refused late": (
        filed(Stage.CONFIRM_REFUSED, refusal=replace(REFUSED, until=LATE)),
        LATE,
    ),
    "refused for good": (filed(Stage.CONFIRM_REFUSED, refusal=replace(REFUSED, until=None)), None),
    "refused in the review": (
        filed(Stage.REVIEW_REFUSED, refusal=replace(REFUSED, refused_at=Stage.CONFIRMED)),
        W.review.closes,
    ),
    "refused in the review, and reinstated": (
        filed(
            Stage.REVIEW_REFUSED,
            refusal=replace(REFUSED, refused_at=Stage.CONFIRMED),
            expired_from=Stage.REVIEW_REFUSED,
            since=W.review.closes + 5 * DAY,
        ),
        W.review.closes + 5 * DAY + GRACE,
    ),
    "to pay": (filed(Stage.APPROVED), W.payment.closes),
    "to pay, after a late change": (
        filed(Stage.APPROVED, change=CHANGE, since=W.payment.closes - DAY),
        W.payment.closes - DAY + GRACE,
    ),
    "the staff's turn": (filed(Stage.CONFIRMED), None),
    "over": (filed(Stage.EXPIRED, expired_from=Stage.SUBMITTED), None),
}
"""An application, and its own deadline if it is lost by silence."""


@pytest.mark.row("B11")
@pytest.mark.parametrize("case", CASES)
def test_list_reminder_and_seen_button_go_by_the_own_deadline(case: str) -> None:
    """For seven days before it, and not a minute longer, staff see who has not seen the notice."""
    application, closes = CASES[case]
    if closes is None:
        moments = [OPENS + n * DAY for n in range(120)]
        assert not any(ends_soon(application, EXAM, now) for now in moments)
        return
    minute = timedelta(minutes=1)
    first = closes - CALLED_BEFORE
    assert ends_soon(application, EXAM, first - minute) is None
    assert ends_soon(application, EXAM, closes) is None
    for now in (first, closes - minute):
        assert ends_soon(application, EXAM, now) == closes
    known = factories.person(consented_at=OPENS)
    now = closes - minute
    deadline = deadline_of(Records(known, application), EXAM, now)
    assert deadline is not None
    assert deadline.closes == closes, "the reminder names the same moment"
    data = {"kind": ReminderKind.SCHEDULED, "name": deadline.name}
    screen = SCREENS[REMINDER](View(Records(known, application), EXAM, now, data))
    assert screen.buttons[0] == (SEEN,)
    has_seen = replace(known, seen_at=now)
    screen = SCREENS[REMINDER](View(Records(has_seen, application), EXAM, now, data))
    assert (SEEN,) not in screen.buttons
