"""The days of the exam, and its sessions where they are announced."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time
from enum import StrEnum
from itertools import pairwise
from zoneinfo import ZoneInfo

from pydantic import Field, field_validator, model_validator

from states.exam.data import Code, Data
from states.texts import Mistake


class Mode(StrEnum):
    """The mode of examination: 人机对话 or 纸笔."""

    COMPUTER = "computer"
    PAPER = "paper"


class ExamSession(Data):
    """A session of the exam (场次): its day, its hours and the people who sit it.

    ``subjects`` and ``specialties`` are codes; none of them means all. A ``mode`` is that of the
    specialty.
    """

    day: date
    starts: time
    ends: time
    subjects: tuple[Code, ...] = ()
    specialties: tuple[str, ...] = ()
    mode: Mode | None = None
    sample: bool = True

    @model_validator(mode="after")
    def _hours(self) -> ExamSession:
        if self.ends <= self.starts:
            raise ValueError(Mistake.of("ends", "ends-before-starts"))
        return self

    def takes(self, specialty: str, mode: Mode | None) -> bool:
        """Return whether people of a specialty sit it."""
        return specialty in (self.specialties or (specialty,)) and self.mode in (None, mode)

    def of_subjects(self, chosen: Collection[str]) -> ExamSession | None:
        """Return the session with the chosen ones of its subjects; None if there are none."""
        own = tuple(one for one in self.subjects or tuple(chosen) if one in chosen)
        return self.model_copy(update={"subjects": own}) if own else None

    def span(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Return its begin and its end in the exam's zone."""
        begins, ends = (datetime.combine(self.day, one, zone) for one in (self.starts, self.ends))
        return begins, ends


class ExamDays(Data):
    """The days of the exam, in its time zone, and the hours of the whole exam if announced.

    ``sessions`` are the announced ones; without them the ticket tells day and hour.
    """

    dates: tuple[date, ...] = Field(min_length=1)
    starts: time | None = None
    ends: time | None = None
    sessions: tuple[ExamSession, ...] = ()
    sample: bool = True

    @field_validator("dates")
    @classmethod
    def _in_order(cls, dates: tuple[date, ...]) -> tuple[date, ...]:
        if any(later <= earlier for earlier, later in pairwise(dates)):
            raise ValueError(Mistake.of("", "days-not-rising"))
        return dates

    @model_validator(mode="after")
    def _hours(self) -> ExamDays:
        if (self.starts is None) is not (self.ends is None):
            raise ValueError(Mistake.of("", "hours-incomplete"))
        if self.starts is not None and self.ends is not None and self.ends <= self.starts:
            raise ValueError(Mistake.of("ends", "ends-before-starts"))
        return self

    @model_validator(mode="after")
    def _on_these_days(self) -> ExamDays:
        for number, one in enumerate(self.sessions):
            if one.day not in self.dates:
                raise ValueError(Mistake.of(f"sessions[{number}].day", "not-an-exam-day"))
        return self
