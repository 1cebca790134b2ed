"""Which overdue applications expire now, and which wait for an administrator.

An application that misses its deadline expires (guide, parts 2, 4 and 6). The project's own rules
hold the expiry back after unread updates, an intake gap, a changed exam file or a late decision.
Where the fee cannot be paid in this conversation, an approved application never ends by itself.
Where it can, one ends only once no money for it can be heard of any more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from states.exam import Confirmation, Exam
from states.process import time_rules
from states.records import Application, ApplicationId, Stage

MAX_PER_RUN: Final = 50
"""Most applications that expire in one run; more of them look like a fault of the bot."""
MIN_NOTICE: Final = timedelta(hours=24)
"""Time before a deadline in which nobody may have changed its window."""


class HoldReason(StrEnum):
    """The reason why an expiry waits for an administrator."""

    GAP = "gap"
    MOVED = "moved"
    UNDECIDED = "undecided"
    MANY = "many"
    UNPAID = "unpaid"


@dataclass(frozen=True, slots=True)
class ExpiryContext:
    """Circumstances that an expiry depends on; all times are those of the ``WallClock``.

    The bot has processed all updates until ``read_until``. ``gaps`` are the intake gaps (from,
    until). ``moved_at`` is the last change of a window. An administrator has released all deadlines
    until ``released``, and those of the payment until ``unpaid_released``. ``paying`` are those for
    which money may still come in. ``limit`` is the most expiries of one run.
    """

    read_until: datetime | None
    gaps: Sequence[tuple[datetime, datetime]] = ()
    moved_at: datetime | None = None
    released: datetime | None = None
    unpaid_released: datetime | None = None
    paying: Collection[ApplicationId] = ()
    limit: int = MAX_PER_RUN


@dataclass(frozen=True, slots=True)
class ExpiryPlan:
    """Overdue applications by outcome; the plans of several parts add up to one.

    ``released`` are those that an administrator has released, ``free`` those that nothing holds
    back but their number. ``waiting`` counts those held back by their own reason, ``unread`` those
    to look at again after more updates, or after more news of money.
    """

    limit: int = MAX_PER_RUN
    released: tuple[ApplicationId, ...] = ()
    free: tuple[ApplicationId, ...] = ()
    waiting: Counter[HoldReason] = field(default_factory=Counter)
    unread: int = 0

    @property
    def expired(self) -> tuple[ApplicationId, ...]:
        """The applications that expire now."""
        return self.released if self._is_too_much else (*self.released, *self.free)

    @property
    def held(self) -> Counter[HoldReason]:
        """How many wait for an administrator, by the reason."""
        many = len(self.free) if self._is_too_much else 0
        return self.waiting + Counter({HoldReason.MANY: many})

    @property
    def _is_too_much(self) -> bool:
        return len(self.free) > self.limit

    def __add__(self, other: ExpiryPlan) -> ExpiryPlan:
        return ExpiryPlan(
            self.limit,
            self.released + other.released,
            self.free + other.free,
            self.waiting + other.waiting,
            self.unread + other.unread,
        )


def plan_expiry(overdue: Iterable[Application], exam: Exam, context: ExpiryContext) -> ExpiryPlan:
    """Sort overdue applications into those that expire and those held for an administrator."""
    free: list[ApplicationId] = []
    released: list[ApplicationId] = []
    waiting: Counter[HoldReason] = Counter()
    unread = 0
    for application in overdue:
        ends = time_rules.deadline(application, exam)
        if ends is None:
            continue
        is_read = context.read_until is not None and context.read_until >= ends
        if not is_read or application.id in context.paying:
            unread += 1
        elif _is_released(application, ends, exam, context):
            released.append(application.id)
        elif (hold := _hold(application, ends, exam, context)) is not None:
            waiting[hold] += 1
        else:
            free.append(application.id)
    return ExpiryPlan(context.limit, tuple(released), tuple(free), waiting, unread)


def _is_released(
    application: Application, ends: datetime, exam: Exam, context: ExpiryContext
) -> bool:
    """Return whether an administrator has released it; a payment elsewhere has its own release."""
    is_unpaid = _is_paid_elsewhere(application, exam)
    until = context.unpaid_released if is_unpaid else context.released
    return until is not None and ends <= until


def _is_paid_elsewhere(application: Application, exam: Exam) -> bool:
    """Return whether only the staff know if the fee was paid."""
    is_unpaid = application.stage is Stage.APPROVED
    return is_unpaid and not time_rules.is_paid_here(application, exam)


def _hold(
    application: Application, ends: datetime, exam: Exam, context: ExpiryContext
) -> HoldReason | None:
    if _is_paid_elsewhere(application, exam):
        return HoldReason.UNPAID
    if any(began <= ends <= ended for began, ended in context.gaps):
        return HoldReason.GAP
    if context.moved_at is not None and context.moved_at > ends - MIN_NOTICE:
        return HoldReason.MOVED
    return HoldReason.UNDECIDED if _waits_for_staff(application, exam) else None


def _waits_for_staff(application: Application, exam: Exam) -> bool:
    """Return whether only the staff is late: its candidate had handed in again, or waits online."""
    area = exam.area(application.area)
    is_online = area is not None and area.confirmation is Confirmation.ONLINE
    is_again = application.refusal is not None or time_rules.was_changed_late(application)
    return application.stage is Stage.SUBMITTED and (is_online or is_again)
