"""Parse typed numbers and months: 2019-07, 2019.7, 2019年7月, 二〇一九年七月, July 2019."""

from __future__ import annotations

import re
from datetime import date

from states.identity import normalize_text

FIRST_YEAR = 1900
"""Earliest year; an earlier one is a typing error."""

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


def parse_month(typed: str, today: date) -> tuple[int, int] | None:
    """Return year and month; a year of two digits is the latest one not in the future.

    >>> parse_month("二〇一九年十二月", date(2025, 12, 2))
    (2019, 12)
    >>> parse_month("99.7", date(2025, 12, 2))
    (1999, 7)
    >>> parse_month("July 2019", date(2025, 12, 2))
    (2019, 7)
    """
    text = _in_digits(normalize_text(typed).casefold())
    found = next((match for form in _WRITTEN if (match := form.fullmatch(text))), None)
    if found is None:
        return None
    year, month = int(found["year"]), int(found["month"])
    if len(found["year"]) == 2:
        year += 2000 if 2000 + year <= today.year else 1900
    return (year, month) if year >= FIRST_YEAR and 1 <= month <= 12 else None


def _in_digits(text: str) -> str:
    """Return the text with Chinese numerals and English names of months as digits."""
    text = _CHINESE_TEN.sub(lambda ten: "1" + (ten[1] or "0"), text.replace("元月", "1月"))
    text = _ENGLISH.sub(lambda name: str(_MONTHS.index(name[0][:3]) + 1), text)
    return text.translate(_DIGITS)


def month_text(day: date) -> str:
    """Return a month as it is stored and shown.

    >>> month_text(date(2019, 7, 1))
    '2019-07'
    """
    return f"{day.year:04}-{day.month:02}"


_NUMBER = re.compile(r"(\d{1,4})\s*(?:年|岁|years?)?")
_CHINESE_NUMBER = re.compile("([一二两三四五六七八九])?(十)?([一二三四五六七八九])?(?:年|岁)?")
_NUMERALS = {sign: n for n, sign in enumerate("一二三四五六七八九", start=1)} | {"两": 2}


def parse_number(typed: str) -> int | None:
    """Return a whole number from digits, or Chinese numerals up to 99, with or without 年.

    >>> parse_number("１２年"), parse_number("十五"), parse_number("二十年")
    (12, 15, 20)
    """
    text = normalize_text(typed).casefold()
    if digits := _NUMBER.fullmatch(text):
        return int(digits[1])
    if text in ("零", "〇", "零年"):
        return 0
    written = _CHINESE_NUMBER.fullmatch(text)
    if written is None or not any(written.groups()):
        return None
    tens, ten, ones = written.groups()
    if not ten:
        return _NUMERALS[tens or ones] if not (tens and ones) else None
    return 10 * _NUMERALS.get(tens, 1) + _NUMERALS.get(ones, 0)
