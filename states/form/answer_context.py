"""The context of an answer: its validity and its options depend on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from states.exam import Area, Exam
from states.records import Answers, Records


@dataclass(frozen=True, slots=True)
class AnswerContext:
    """The exam, the day in its time zone, and the person's data besides the answers."""

    exam: Exam
    today: date
    area: Area | None = None
    born: date | None = None
    education: tuple[Answers, ...] = ()

    @classmethod
    def of(cls, records: Records, exam: Exam, now: datetime) -> AnswerContext:
        """Return the context of this person's answers at ``now``."""
        person, application = records.person, records.application
        born = person.identity.born if person else ""
        return cls(
            exam,
            exam.today(now),
            exam.area(application.area) if application else None,
            date.fromisoformat(born) if born else None,
            person.education if person else (),
        )
