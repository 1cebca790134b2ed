"""Parse typed numbers and months: 2019-07, 2019.7, 2019年7月, 二〇一九年七月, July 2019.

A whole date counts as its month: certificates print the day.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from states.characters.numerals import digits_for_letters, digits_for_numerals
from states.identity import without_label

FIRST_YEAR = 1900
"""Earliest year; an earlier one is a typing error."""

_BETWEEN: Final = r"\s*[-‐-―−~/.。、,年\s]\s*"
_DAY: Final = r"(?P<day>\d{1,2})"
_MONTHS: Final = [
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
]
_NAME: Final = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_ENGLISH_DAY: Final = rf"{_DAY}(?:st|nd|rd|th)?"
_YEAR: Final = r"(?P<year>\d{4})年?"
_WRITTEN: Final = tuple(
    re.compile(form)
    for form in (
        rf"(?P<year>\d{{4}}|\d{{2}}){_BETWEEN}(?P<month>\d{{1,2}})\s*(?:月份?)?",
        rf"(?P<year>\d{{4}}){_BETWEEN}(?P<month>\d{{1,2}})(?:{_BETWEEN}|\s*月\s*){_DAY}\s*[日号]?",
        rf"(?P<year>\d{{2}})\s*年\s*(?P<month>\d{{1,2}})\s*月\s*{_DAY}\s*[日号]?",
        rf"(?P<month>\d{{1,2}}){_BETWEEN}{_YEAR}",
        r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})?",
        rf"(?:{_ENGLISH_DAY}[\s.,-]*(?:of\s+)?)?{_NAME}[\s./,-]*{_YEAR}",
        rf"{_NAME}[\s.]*{_ENGLISH_DAY}[\s,]+{_YEAR}",
        rf"{_YEAR}[\s./,-]*{_NAME}(?:[\s./,-]*{_ENGLISH_DAY})?",
    )
)


def parse_month(typed: str, today: date) -> tuple[int, int] | None:
    """Return year and month; a year of two digits is the latest one not in the future.

    >>> parse_month("二〇一九年十二月三十一日", date(2025, 12, 2))
    (2019, 12)
    >>> parse_month("99.7", date(2025, 12, 2))
    (1999, 7)
    >>> parse_month("July 2O19", date(2025, 12, 2))
    (2019, 7)
    """
    text = digits_for_numerals(without_label(typed).replace("元月", "1月")).casefold()
    found = next((match for form in _WRITTEN if (match := form.fullmatch(text))), None)
    if found is None:
        return None
    parts = found.groupdict()
    year, month, day = int(parts["year"]), _month(parts["month"]), int(parts.get("day") or 1)
    if len(parts["year"]) == 2:
        year += 2000 if 2000 + year <= today.year else 1900
    return (year, month) if year >= FIRST_YEAR and _is_date(year, month, day) else None


def _month(written: str) -> int:
    return int(written) if written.isdecimal() else _MONTHS.index(written[:3]) + 1


def _is_date(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def month_text(day: date) -> str:
    """Return a month as it is stored and shown.

    >>> month_text(date(2019, 7, 1))
    '2019-07'
    """
    return f"{day.year:04}-{day.month:02}"


_ENGLISH_NUMBERS: Final = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen"),
    *("nineteen", "twenty"),
)
_UNIT: Final = r"\s*(?:(?:个|周|整)?年(?:整)?|岁|y(?:ea)?rs?|y)?"
_NUMBER: Final = re.compile(rf"(?:满|整|共)?\s*(\d{{1,4}}){_UNIT}")
_WORD: Final = re.compile(rf"({'|'.join(_ENGLISH_NUMBERS)}){_UNIT}")
_ONES: Final = "一二三四五六七八九"
_NUMERAL: Final = re.compile(
    rf"(?:满|整|共)?(?:[〇零○两{_ONES}]|[{_ONES}]?十[{_ONES}]?)(?![〇零○两{_ONES}十])"
)


def parse_number(typed: str) -> int | None:
    """Return a whole number from digits, a word, or Chinese numerals up to 99; a unit may follow.

    >>> parse_number("１２年"), parse_number("满十五年"), parse_number("6 yrs"), parse_number("six")
    (12, 15, 6, 6)
    """
    text = without_label(typed).casefold()
    if word := _WORD.fullmatch(text):
        return _ENGLISH_NUMBERS.index(word[1])
    digits = digits_for_numerals(text) if _NUMERAL.match(text) else digits_for_letters(text)
    number = _NUMBER.fullmatch(digits)
    return int(number[1]) if number else None


_YEARS_INSIDE: Final = re.compile(
    r"(?<![\d.])(\d{1,2})\s*(?:(?:个|周|整)?年(?!\s*\d)|y(?:ea)?rs?\b)", re.IGNORECASE
)
_SHORT_SENTENCE: Final = 16
"""The most characters of a sentence that only tells a number of years."""


def years_inside(typed: str) -> int | None:
    """Return the years that a short sentence tells; None where it tells none, or more than that.

    >>> years_inside("七年了"), years_inside("about 7 years"), years_inside("7年3个月")
    (7, 7, None)
    """
    text = digits_for_numerals(typed.strip())
    if len(text) > _SHORT_SENTENCE or len(re.findall(r"\d+", text)) != 1:
        return None
    found = _YEARS_INSIDE.search(text)
    return int(found[1]) if found else None
