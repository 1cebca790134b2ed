"""What a question is: fields as data, and how an answer typed by a person becomes a value."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from states.identity import normalise
from states.records import Answers
from states.texts import Problem, Text


class Kind(StrEnum):
    """How a field is asked."""

    TEXT = "text"
    CHOICE = "choice"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Around:
    """What an answer is judged against: the day in the exam's zone and the person's birth date."""

    today: date
    born: date | None = None


def always(_answers: Answers) -> bool:
    """The condition of a field that everybody is asked."""
    return True


@dataclass(frozen=True, slots=True)
class Field:
    """One question.

    Its words are found by its key: ``field-KEY`` (name), ``field-KEY-ask`` (question with an
    example) and ``field-KEY-why``; those of a choice by ``choice-KEY-VALUE``. ``when`` says from
    the answers so far whether it is asked at all. Lengths of text are in characters.
    """

    key: str
    kind: Kind
    required: bool = True
    when: Callable[[Answers], bool] = always
    choices: tuple[str, ...] = ()
    shortest: int = 2
    longest: int = 60

    @property
    def name(self) -> Text:
        """What the field is called."""
        return Text(f"field-{self.key}")

    def label(self, value: str) -> Text:
        """What one of its choices is called."""
        return Text(f"choice-{self.key}-{value}")

    def take(self, typed: str, around: Around) -> str | Problem:
        """The value of a typed or chosen answer, or why it cannot be one."""
        return _TAKERS[self.kind](self, typed, around)


def _take_text(field: Field, typed: str, _around: Around) -> str | Problem:
    value = normalise(typed)
    if len(value) < field.shortest:
        return Problem("problem-text-short", {"limit": field.shortest, "field": field.name})
    if len(value) > field.longest:
        return Problem(
            "problem-text-long", {"limit": field.longest, "count": len(value), "field": field.name}
        )
    return value


def _take_choice(field: Field, typed: str, _around: Around) -> str | Problem:
    # What a person types is matched against the buttons' labels before it comes here.
    return typed if typed in field.choices else Problem("problem-choice", {"field": field.name})


_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_MONTH = re.compile(r"(?P<year>\d{4}|\d{2})\s*[-./年\s]\s*(?P<month>\d{1,2})\s*月?")
_COMPACT = re.compile(r"(?P<year>\d{4})(?P<month>\d{2})")
_CHINESE_TEN = re.compile(r"十([一二])?(?=月|$)")


def parse_month(typed: str, today: date) -> tuple[int, int] | None:
    """Year and month, typed any usual way; a year of two digits is the latest not in the future.

    >>> parse_month("二〇一九年十二月", date(2025, 12, 2))
    (2019, 12)
    >>> parse_month("99.7", date(2025, 12, 2))
    (1999, 7)
    """
    text = _CHINESE_TEN.sub(lambda ten: "1" + (ten[1] or "0"), normalise(typed))
    text = text.translate(_DIGITS)
    found = _MONTH.fullmatch(text) or _COMPACT.fullmatch(text)
    if found is None:
        return None
    year, month = int(found["year"]), int(found["month"])
    if len(found["year"]) == 2:
        year += 2000 if 2000 + year <= today.year else 1900
    return (year, month) if 1 <= month <= 12 else None


def _take_month(field: Field, typed: str, around: Around) -> str | Problem:
    parsed = parse_month(typed, around.today)
    if parsed is None:
        return Problem("problem-month-format", {"field": field.name})
    first = date(*parsed, 1)
    if first > around.today:
        return Problem("problem-month-future", {"field": field.name, "typed": month_text(first)})
    if around.born is not None and first <= around.born:
        return Problem("problem-month-unborn", {"field": field.name, "typed": month_text(first)})
    return month_text(first)


def month_text(day: date) -> str:
    """A month as it is kept and shown.

    >>> month_text(date(2019, 7, 1))
    '2019-07'
    """
    return f"{day.year:04}-{day.month:02}"


_TAKERS: Mapping[Kind, Callable[[Field, str, Around], str | Problem]] = {
    Kind.TEXT: _take_text,
    Kind.CHOICE: _take_choice,
    Kind.MONTH: _take_month,
}
