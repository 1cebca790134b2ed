"""Whether a deadline that is over may run: when giving up is the clock's, and when it is not.

Guide, parts 2, 4 and 6: what is not done in time counts as given up. Rules of ours: nobody loses
their year by something that we have not read, by a gap in which we were deaf, by a slip in an exam
file or by the staff's own delay. Such deadlines wait for an administrator.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from states import time_rules
from states.exam import Confirmation, Exam
from states.records import Application, Stage

MAX_PER_RUN: Final = 50
"""Forfeitures that may happen in one run; more of them look like a fault of ours."""
MIN_NOTICE: Final = timedelta(hours=24)
"""How long before a deadline its window must have stood as it is."""


class HoldReason(StrEnum):
    """Why a deadline waits for an administrator."""

    GAP = "gap"
    MOVED = "moved"
    UNDECIDED = "undecided"
    MANY = "many"


@dataclass(frozen=True, slots=True)
class ExpiryContext:
    """What is known of the time around the deadlines; all moments are the calendar's.

    ``read_until``: everything that people did before it has been heard and done. ``gaps`` of the
    intake are from when until when. ``moved_at`` is when a window was last changed. What ended
    until ``released`` an administrator has let run.
    """

    read_until: datetime | None
    gaps: Sequence[tuple[datetime, datetime]] = ()
    moved_at: datetime | None = None
    released: datetime | None = None
    limit: int = MAX_PER_RUN


@dataclass(frozen=True, slots=True)
class ExpiryPlan:
    """What becomes of applications whose time is over. ``unread``: how many are to be seen again,
    once more has been read."""

    expired: tuple[Application, ...] = ()
    held: tuple[tuple[Application, HoldReason], ...] = ()
    unread: int = 0


def plan_expiry(
    overdue: Sequence[Application], exam: Exam, answer_context: ExpiryContext
) -> ExpiryPlan:
    """Which of these applications are given up, and which wait and why."""
    free: list[Application] = []
    let_run: list[Application] = []
    held: list[tuple[Application, HoldReason]] = []
    unread = 0
    for application in overdue:
        ends = time_rules.deadline(application, exam)
        if ends is None:
            continue
        if answer_context.read_until is None or answer_context.read_until < ends:
            unread += 1
        elif answer_context.released is not None and ends <= answer_context.released:
            let_run.append(application)
        elif (hold := _hold(application, ends, exam, answer_context)) is not None:
            held.append((application, hold))
        else:
            free.append(application)
    if len(free) > answer_context.limit:
        held += [(application, HoldReason.MANY) for application in free]
        free = []
    return ExpiryPlan((*let_run, *free), tuple(held), unread)


def _hold(
    application: Application, ends: datetime, exam: Exam, answer_context: ExpiryContext
) -> HoldReason | None:
    if any(began <= ends <= ended for began, ended in answer_context.gaps):
        return HoldReason.GAP
    if answer_context.moved_at is not None and answer_context.moved_at > ends - MIN_NOTICE:
        return HoldReason.MOVED
    return HoldReason.UNDECIDED if _is_the_staffs(application, exam) else None


def _is_the_staffs(application: Application, exam: Exam) -> bool:
    """Whether its candidate had done all that was theirs: handed in again, or confirmed online."""
    area = exam.area(application.area)
    is_online = area is not None and area.confirmation is Confirmation.ONLINE
    return application.stage is Stage.SUBMITTED and (is_online or application.refusal is not None)
