"""The time windows of one year's exam (domain §7)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise

from pydantic import AwareDatetime, Field, field_validator, model_validator

from states.exam.data import Data


def last_minute(closes: datetime) -> datetime:
    """Return the last minute before ``closes``: people read "until 23:59" without doubt."""
    return closes - timedelta(minutes=1)


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
        """The last minute before it closes, for people to read."""
        return last_minute(self.closes)

    def holds(self, now: datetime) -> bool:
        """Return whether ``now`` lies in the window."""
        return self.opens <= now < self.closes


class ExamDays(Data):
    """The days of the exam, in its time zone."""

    dates: tuple[date, ...] = Field(min_length=1)
    sample: bool = True

    @field_validator("dates")
    @classmethod
    def _in_order(cls, dates: tuple[date, ...]) -> tuple[date, ...]:
        if any(later <= earlier for earlier, later in pairwise(dates)):
            raise ValueError("each day must be after the one before")
        return dates


class Windows(Data):
    """The windows of an exam; ``reupload`` is for materials after a refused confirmation."""

    registration: Window
    confirmation: Window
    reupload: Window
    review: Window
    payment: Window
    tickets: Window
    exam_days: ExamDays
