"""What an answer is judged against, and what its options are made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from states.exam import Area, Exam
from states.records import Answers, Records


@dataclass(frozen=True, slots=True)
class AnswerContext:
    """The exam, the day in its zone, and what is known of the person beside their answers."""

    exam: Exam
    today: date
    area: Area | None = None
    born: date | None = None
    education: tuple[Answers, ...] = ()

    @classmethod
    def of(cls, records: Records, exam: Exam, now: datetime) -> AnswerContext:
        """What surrounds the answers of this person at this moment."""
        person, application = records.person, records.application
        born = person.identity.born if person else ""
        return cls(
            exam,
            exam.today(now),
            exam.area(application.area) if application else None,
            date.fromisoformat(born) if born else None,
            person.education if person else (),
        )
