"""When an application may be moved, and when it is given up: the exam's windows, made exact.

Some stretches are longer than their window, by a rule that is named here: what came to a reviewing
desk in time, or was handed in again in time, is still decided, however late in the window that was;
and who was reinstated has time to do what they had missed.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple

from states.exam import Exam, Payment
from states.records import Application, Stage

GRACE: Final = timedelta(days=3)
"""What an application has from when it came to its stage, where its window is over before: one that
is reinstated, handed in again, or reviewed. A rule of ours: without it the clock would give up at
its next tick what was just reinstated, and what came in the last minute could never be decided."""
MINUTE: Final = timedelta(minutes=1)


class Guard(StrEnum):
    """The condition of a move."""

    FILLING = "filling"
    WITHDRAWING = "withdrawing"
    CONFIRMING = "confirming"
    REVIEWING = "reviewing"
    MENDING = "mending"
    PAYING = "paying"
    NO_ONLINE_PAYMENT = "nothing-is-paid-online"
    OVERDUE = "overdue"
    ALWAYS = "ever"


class DenialReason(StrEnum):
    """Why a move may not be made; said to people by the words ``illegal-KEY``."""

    NO_SUCH_MOVE = "no-such-move"
    NOT_YOURS = "not-yours"
    TOO_EARLY = "too-early"
    TOO_LATE = "too-late"
    FINAL = "final"
    PAID_ONLINE = "paid-online"


class TimeSpan(NamedTuple):
    """From ``opens`` (included) to ``closes`` (excluded)."""

    opens: datetime
    closes: datetime


def last(open_at: TimeSpan) -> datetime:
    """Its last minute, which is what people are told: "until 23:59" leaves no doubt."""
    return open_at.closes - MINUTE


def denial_reason(
    guard: Guard, application: Application, exam: Exam, now: datetime
) -> DenialReason | None:
    """Why the condition does not hold at ``now``; None where it does."""
    match guard:
        case Guard.ALWAYS:
            return None
        case Guard.NO_ONLINE_PAYMENT:
            return DenialReason.PAID_ONLINE if _is_paid_online(application, exam) else None
        case Guard.OVERDUE:
            ends = deadline(application, exam)
            return DenialReason.TOO_EARLY if ends is None or now < ends else None
    open_at = time_span(guard, application, exam)
    if open_at is None:
        return DenialReason.FINAL
    if now < open_at.opens:
        return DenialReason.TOO_EARLY
    return DenialReason.TOO_LATE if now >= open_at.closes else None


def time_span(guard: Guard, application: Application, exam: Exam) -> TimeSpan | None:
    """From when until when the condition holds; None where it never does.

    Raises:
        ValueError: this one is no matter of time.
    """
    windows = exam.windows
    match guard:
        case Guard.FILLING:
            # Guide, part 3: what was withdrawn before confirmation closes is handed in again.
            closes = (windows.confirmation if application.revision else windows.registration).closes
            return TimeSpan(windows.registration.opens, max(windows.registration.closes, closes))
        case Guard.WITHDRAWING:
            return TimeSpan(windows.registration.opens, windows.confirmation.closes)
        case Guard.CONFIRMING:
            # The candidate was in time; that the window of the staff is over is not their fault.
            again = application.refusal is not None
            if again:
                closes = _with_grace(application, windows.review.closes)
            else:
                closes = _if_reinstated(application, windows.confirmation.closes)
            return TimeSpan(windows.confirmation.opens, closes)
        case Guard.REVIEWING:
            closes = _with_grace(application, windows.review.closes)
            return TimeSpan(windows.review.opens, closes)
        case Guard.MENDING:
            return _mending(application, exam)
        case Guard.PAYING:
            if not _is_paid_online(application, exam):
                return None
            closes = _if_reinstated(application, windows.payment.closes)
            return TimeSpan(windows.payment.opens, closes)
    raise ValueError(f"{guard} is no matter of time")


def _mending(application: Application, exam: Exam) -> TimeSpan | None:
    """Guide, part 4. A window that was made longer since the refusal is longer for everybody."""
    refusal, windows = application.refusal, exam.windows
    if refusal is None or refusal.until is None:
        return None
    is_confirmation = application.stage is Stage.CONFIRM_REFUSED
    window = windows.reupload if is_confirmation else windows.review
    return TimeSpan(window.opens, _if_reinstated(application, max(refusal.until, window.closes)))


def deadline(application: Application, exam: Exam) -> datetime | None:
    """When an application is given up unless it has moved on; None where time does nothing to it.

    Guide, parts 2, 4 and 6. Nobody gives up by waiting for a review: that is the staff's to do.
    """
    condition = _ENDS.get(application.stage)
    open_until = condition and time_span(condition, application, exam)
    return open_until.closes if open_until else None


_ENDS = {
    Stage.SUBMITTED: Guard.CONFIRMING,
    Stage.CONFIRM_REFUSED: Guard.MENDING,
    Stage.REVIEW_REFUSED: Guard.MENDING,
    Stage.APPROVED: Guard.PAYING,
}
"""What has to be done at a stage before its time is over."""


def is_reinstated(application: Application) -> bool:
    """Whether it stands where it had been given up before."""
    return application.expired_from is application.stage


def _if_reinstated(application: Application, closes: datetime) -> datetime:
    return _with_grace(application, closes) if is_reinstated(application) else closes


def _with_grace(application: Application, closes: datetime) -> datetime:
    return max(closes, application.since + GRACE) if application.since else closes


def _is_paid_online(application: Application, exam: Exam) -> bool:
    area = exam.area(application.area)
    return area is None or area.payment_at(application.site) is not Payment.NONE
