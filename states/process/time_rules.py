"""The time rules of transitions and expiry: the exam's windows and their extensions.

A reviewing desk still decides on applications that came late in the window. A reinstated
application has time to make up for the missed deadline.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple

from states.exam import Exam, Payment
from states.records import Application, BillState, LateChangeState, Stage

GRACE: Final = timedelta(days=3)
"""Least time at a stage after a reinstatement, a resubmission or a review. A rule of the project:
without it the scheduler would expire a reinstated application at once."""

SLACK: Final = timedelta(minutes=5)
"""Time by which Telegram's clock, whose messages have whole seconds, may be behind ours."""


class Guard(StrEnum):
    """The guard conditions of transitions."""

    FILLING = "filling"
    WITHDRAWING = "withdrawing"
    CONFIRMING = "confirming"
    REVIEWING = "reviewing"
    CORRECTING = "mending"
    REOPENING = "reopening"
    PAYING = "paying"
    NO_ONLINE_PAYMENT = "nothing-is-paid-online"
    ONLINE_PAYMENT = "paid-online"
    OVERDUE = "overdue"
    CHANGEABLE = "changeable"
    CHANGING = "changing"
    CHANGE_OVER = "change-over"
    ALWAYS = "ever"


class DenialReason(StrEnum):
    """The reasons why a transition is not allowed; the messages are ``illegal-KEY``."""

    NO_SUCH_TRANSITION = "no-such-move"
    NOT_YOURS = "not-yours"
    TOO_EARLY = "too-early"
    TOO_LATE = "too-late"
    FINAL = "final"
    PAID_ONLINE = "paid-online"
    MONEY = "money"


class TimeSpan(NamedTuple):
    """From ``opens`` (included) to ``closes`` (excluded)."""

    opens: datetime
    closes: datetime


def denial_reason(
    guard: Guard, application: Application, exam: Exam, now: datetime
) -> DenialReason | None:
    """Return why the guard forbids the transition at ``now``; None if it allows it."""
    match guard:
        case Guard.ALWAYS:
            return None
        case Guard.NO_ONLINE_PAYMENT:
            return DenialReason.PAID_ONLINE if is_paid_online(application, exam) else None
        case Guard.ONLINE_PAYMENT:
            return None if is_paid_online(application, exam) else DenialReason.FINAL
        case Guard.OVERDUE:
            ends = deadline(application, exam)
            return DenialReason.TOO_EARLY if ends is None or now < ends else None
        case Guard.CHANGEABLE:
            return _change_denied(application, exam, now)
        case Guard.CHANGE_OVER:
            open_span = time_span(Guard.CHANGING, application, exam)
            is_open = open_span is not None and now < open_span.closes
            return DenialReason.TOO_EARLY if is_open else None
    open_span = time_span(guard, application, exam)
    if open_span is None:
        return DenialReason.FINAL
    if now < open_span.opens:
        return DenialReason.TOO_EARLY
    return DenialReason.TOO_LATE if now >= open_span.closes else None


def time_span(guard: Guard, application: Application, exam: Exam) -> TimeSpan | None:
    """Return the time in which the guard holds; None if it never does.

    Raises:
        ValueError: the guard does not depend on a window.
    """
    windows = exam.windows
    match guard:
        case Guard.FILLING:
            closes = windows.registration.closes
            if application.revision:
                closes = max(closes, _resubmission_closes(application, exam))
            return TimeSpan(windows.registration.opens, closes)
        case Guard.WITHDRAWING:
            return TimeSpan(windows.registration.opens, windows.confirmation.closes)
        case Guard.CONFIRMING:
            # A resubmitted application was in time, even if the window of the staff is over.
            if application.refusal is not None or was_changed_late(application):
                closes = _with_grace(application, windows.review.closes)
            else:
                closes = _if_reinstated(application, windows.confirmation.closes)
            return TimeSpan(windows.confirmation.opens, closes)
        case Guard.REVIEWING:
            closes = _with_grace(application, windows.review.closes)
            return TimeSpan(windows.review.opens, closes)
        case Guard.REOPENING:
            is_first = application.refusal and application.refusal.refused_at is Stage.SUBMITTED
            desk = Guard.CONFIRMING if is_first else Guard.REVIEWING
            return time_span(desk, application, exam)
        case Guard.CORRECTING:
            return _correction_span(application, exam)
        case Guard.PAYING:
            if not is_paid_online(application, exam):
                return None
            closes = _if_extended(application, windows.payment.closes)
            return TimeSpan(windows.payment.opens, closes)
        case Guard.CHANGING:
            change = application.change
            if change is None or change.until is None:
                return None
            return TimeSpan(change.at - SLACK, change.until)
    raise ValueError(f"{guard} does not depend on a window")


def _resubmission_closes(application: Application, exam: Exam) -> datetime:
    """Return when a withdrawn application can no longer be submitted (guide, part 3).

    One that was refused before keeps the time of its correction.
    """
    correction = _correction_span(application, exam)
    confirmation = exam.windows.confirmation.closes
    return max(confirmation, correction.closes) if correction else confirmation


def _correction_span(application: Application, exam: Exam) -> TimeSpan | None:
    """Return the time of a resubmission (guide, part 4); an extended window counts for all."""
    refusal, windows = application.refusal, exam.windows
    if refusal is None or refusal.until is None:
        return None
    is_review = (
        application.stage is Stage.REVIEW_REFUSED or refusal.refused_at is not Stage.SUBMITTED
    )
    window = windows.review if is_review else windows.reupload
    return TimeSpan(window.opens, _if_reinstated(application, max(refusal.until, window.closes)))


def stage_span(application: Application, exam: Exam) -> TimeSpan | None:
    """Return the time in which the next act on an application is possible, whoever has to act.

    Candidates and staff read the same times. None: there is no next act with a time.
    """
    guard = _STAGE_GUARDS.get(application.stage)
    return time_span(guard, application, exam) if guard else None


def deadline(application: Application, exam: Exam) -> datetime | None:
    """Return when an application expires at its stage; None if it cannot (guide, parts 2, 4, 6).

    An application that waits for a review never expires.
    """
    if application.stage not in _WITH_DEADLINE:
        return None
    span = stage_span(application, exam)
    return span.closes if span else None


_STAGE_GUARDS = {
    Stage.DRAFT: Guard.FILLING,
    Stage.SUBMITTED: Guard.CONFIRMING,
    Stage.CONFIRMED: Guard.REVIEWING,
    Stage.SITE_APPROVED: Guard.REVIEWING,
    Stage.CONFIRM_REFUSED: Guard.CORRECTING,
    Stage.REVIEW_REFUSED: Guard.CORRECTING,
    Stage.APPROVED: Guard.PAYING,
    Stage.CHANGING: Guard.CHANGING,
}
"""The guard of the next act at a stage."""
_WITH_DEADLINE = frozenset(
    {Stage.SUBMITTED, Stage.CONFIRM_REFUSED, Stage.REVIEW_REFUSED, Stage.APPROVED}
)
"""The stages at which an application expires."""


def is_reinstated(application: Application) -> bool:
    """Return whether it is back at the stage at which it expired."""
    return application.expired_from is application.stage


def was_changed_late(application: Application) -> bool:
    """Return whether the candidate handed in a late change: nobody loses time by its review."""
    return application.change is not None and application.change.state is LateChangeState.DONE


def _change_denied(application: Application, exam: Exam, now: datetime) -> DenialReason | None:
    """Return why an application cannot be opened for a late change at ``now``."""
    change = application.change
    if change is None or change.state is not LateChangeState.OPEN or change.until is None:
        return DenialReason.NO_SUCH_TRANSITION
    if now >= exam.late_changes_close(application.area):
        return DenialReason.TOO_LATE
    return DenialReason.MONEY if has_money(application, exam) else None


def has_money(application: Application, exam: Exam) -> bool:
    """Return whether a fee was paid or may be on its way: a change could be of another amount."""
    bill = application.bill
    is_under_way = bill is not None and (
        bill.state is not BillState.SENT_BACK or bill.claimed_at is not None
    )
    is_paid = application.stage is Stage.REGISTERED and is_paid_online(application, exam)
    return is_under_way or is_paid


def _if_extended(application: Application, closes: datetime) -> datetime:
    is_extended = is_reinstated(application) or was_changed_late(application)
    return _with_grace(application, closes) if is_extended else closes


def _if_reinstated(application: Application, closes: datetime) -> datetime:
    return _with_grace(application, closes) if is_reinstated(application) else closes


def _with_grace(application: Application, closes: datetime) -> datetime:
    return max(closes, application.since + GRACE) if application.since else closes


def is_paid_here(application: Application, exam: Exam) -> bool:
    """Return whether the candidate can pay the fee in this conversation."""
    area = exam.area(application.area)
    return area is not None and bool(area.ways_at(application.site))


def is_paid_online(application: Application, exam: Exam) -> bool:
    """Return whether the candidate pays the fee online (guide, part 6)."""
    area = exam.area(application.area)
    return area is None or area.payment_at(application.site) is not Payment.NONE
