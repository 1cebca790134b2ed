"""When what may be done, in one year's exam (domain §7)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise

from pydantic import AwareDatetime, Field, field_validator, model_validator

from states.exam.data import Data


class Window(Data):
    """From ``opens`` (included) to ``closes`` (excluded)."""

    opens: AwareDatetime
    closes: AwareDatetime
    sample: bool = True

    @model_validator(mode="after")
    def _in_order(self) -> Window:
        if self.closes <= self.opens:
            raise ValueError("closes must be after opens")
        return self

    @property
    def last_minute(self) -> datetime:
        """Its last minute, which is what people are told: "until 23:59" leaves no doubt."""
        return self.closes - timedelta(minutes=1)

    def holds(self, now: datetime) -> bool:
        """Whether ``now`` lies in it."""
        return self.opens <= now < self.closes


class ExamDays(Data):
    """The days on which the exam is held, in the exam's zone."""

    dates: tuple[date, ...] = Field(min_length=1)
    sample: bool = True

    @field_validator("dates")
    @classmethod
    def _in_order(cls, dates: tuple[date, ...]) -> tuple[date, ...]:
        if any(later <= earlier for earlier, later in pairwise(dates)):
            raise ValueError("each day must be after the one before")
        return dates


class Windows(Data):
    """When what may be done; ``reupload`` is for materials after a refused confirmation."""

    registration: Window
    confirmation: Window
    reupload: Window
    review: Window
    payment: Window
    tickets: Window
    exam_days: ExamDays
