"""Rules of reminders as exam data: how long before which deadline, at which hour, and the night."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from enum import StrEnum
from itertools import pairwise
from typing import Annotated, Final

from pydantic import Field, field_validator, model_validator

from states.exam.data import Data
from states.texts import Mistake

MAX_A_DEADLINE: Final = 3
"""Most reminders of one deadline: more of them are read less (Fishbane 2020: 7, 3 and 1 days)."""


class Duty(StrEnum):
    """The duties of a candidate before a deadline.

    PAYMENT_CLAIMED is the area's: it checks a payment that the candidate says they made.
    """

    BEGIN = "begin"
    CASE = "case"
    DRAFT = "draft"
    WITHDRAWN = "withdrawn"
    VISIT = "visit"
    CORRECTION = "correction"
    CHANGE = "change"
    PAYMENT = "payment"
    PAYMENT_CLAIMED = "payment-claimed"
    TICKET = "ticket"


Days = Annotated[
    tuple[Annotated[int, Field(ge=0, le=60)], ...],
    Field(min_length=1, max_length=MAX_A_DEADLINE),
]


class ReminderRules(Data):
    """When the bot reminds. Hours are local to the candidate's area.

    ``days`` are counted back from the last day of a deadline, by duty; a duty that is not named has
    ``usual_days``. 0 days of a ticket are the eve of the exam. Reminders go at ``hour``, and none
    between ``quiet_from`` and ``quiet_until`` unless the deadline lies in that night.
    """

    usual_days: Days = (7, 3, 1)
    days: Mapping[Duty, Days] = Field(default_factory=lambda: {Duty.TICKET: (7, 3, 0)})
    hour: time = time(10)
    quiet_from: time = time(22)
    quiet_until: time = time(8)

    @field_validator("usual_days")
    @classmethod
    def _falling(cls, days: tuple[int, ...]) -> tuple[int, ...]:
        if not _is_falling(days):
            raise ValueError(Mistake.of("", "days-not-falling"))
        return days

    @field_validator("days")
    @classmethod
    def _each_falling(cls, days: Mapping[Duty, Days]) -> Mapping[Duty, Days]:
        for duty, one in days.items():
            if not _is_falling(one):
                raise ValueError(Mistake.of(duty, "days-not-falling"))
        return days

    @model_validator(mode="after")
    def _by_day(self) -> ReminderRules:
        if not self.quiet_until < self.quiet_from:
            raise ValueError(Mistake.of("quiet_from", "night-reversed"))
        if self.is_quiet(self.hour):
            raise ValueError(Mistake.of("hour", "hour-at-night"))
        return self

    def days_before(self, duty: Duty) -> tuple[int, ...]:
        """Return the days before the last day on which a duty is named, the first ones first.

        A claimed payment is named once: the candidate has done their part.
        """
        days = self.days.get(duty, self.usual_days)
        return days[-1:] if duty is Duty.PAYMENT_CLAIMED else days

    def is_quiet(self, hour: time) -> bool:
        """Return whether an hour lies in the night."""
        return hour >= self.quiet_from or hour < self.quiet_until


def _is_falling(days: Days) -> bool:
    """Return whether each day is nearer to the deadline than the one before."""
    return all(later < earlier for earlier, later in pairwise(days))
