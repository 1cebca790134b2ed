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


_DIGITS = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_BETWEEN = r"\s*[-‐-―−~/.。、,年\s]\s*"
_WRITTEN = (
    re.compile(rf"(?P<year>\d{{4}}|\d{{2}}){_BETWEEN}(?P<month>\d{{1,2}})\s*(?:月份?)?"),
    re.compile(rf"(?P<month>\d{{1,2}}){_BETWEEN}(?P<year>\d{{4}})"),
    re.compile(r"(?P<year>\d{4})(?P<month>\d{2})"),
)
_CHINESE_TEN = re.compile(r"十([一二])?(?=月|$)")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ENGLISH = re.compile(
    r"\b(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b"
)
FIRST_YEAR = 1900
"""Nobody who registers was born before; an earlier year is a slip of the finger."""


def parse_month(typed: str, today: date) -> tuple[int, int] | None:
    """Year and month, typed any usual way; a year of two digits is the latest not in the future.

    >>> parse_month("二〇一九年十二月", date(2025, 12, 2))
    (2019, 12)
    >>> parse_month("99.7", date(2025, 12, 2))
    (1999, 7)
    >>> parse_month("July 2019", date(2025, 12, 2))
    (2019, 7)
    """
    text = _in_digits(normalise(typed).casefold())
    found = next((match for form in _WRITTEN if (match := form.fullmatch(text))), None)
    if found is None:
        return None
    year, month = int(found["year"]), int(found["month"])
    if len(found["year"]) == 2:
        year += 2000 if 2000 + year <= today.year else 1900
    return (year, month) if year >= FIRST_YEAR and 1 <= month <= 12 else None


def _in_digits(text: str) -> str:
    """Chinese numerals and the names of months as digits."""
    text = _CHINESE_TEN.sub(lambda ten: "1" + (ten[1] or "0"), text.replace("元月", "1月"))
    text = _ENGLISH.sub(lambda name: str(_MONTHS.index(name[0][:3]) + 1), text)
    return text.translate(_DIGITS)


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
