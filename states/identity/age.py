"""The rule of a birth date: the possible ages of a candidate."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Final

from states.characters.numerals import digits_for_numerals
from states.identity.normalization import without_label
from states.texts import Problem

YOUNGEST: Final = 16
OLDEST: Final = 100
"""Ages in years; a birth date outside of them is a typing error."""

_BETWEEN: Final = "-‐-―−./。、 "
_WRITTEN: Final = (
    re.compile(
        rf"(\d{{4}})\s*[{_BETWEEN}年]\s*(\d{{1,2}})\s*[{_BETWEEN}月]\s*(\d{{1,2}})\s*[日号]?"
    ),
    re.compile(r"(\d{4})(\d{2})(\d{2})"),
)


def birth_date(parts: Iterable[str], today: date, item: str) -> date | Problem:
    """Return the date of year, month and day; ``problem-ITEM-…`` for an impossible date or age."""
    try:
        born = date(*(int(part) for part in parts))
    except ValueError:
        return Problem(f"problem-{item}-date")
    if born > today:
        return Problem(f"problem-{item}-future")
    years = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    if years < YOUNGEST:
        return Problem(f"problem-{item}-young", {"limit": YOUNGEST})
    if years > OLDEST:
        return Problem(f"problem-{item}-aged", {"limit": OLDEST})
    return born


def check_born(text: str, today: date) -> date | Problem:
    """Return the birth date from ``1990-03-07``, ``一九九〇年三月七日`` or ``19900307``."""
    typed = digits_for_numerals(without_label(text))
    found = next((match for form in _WRITTEN if (match := form.fullmatch(typed))), None)
    if found is None:
        return Problem("problem-born-format")
    return birth_date(found.groups(), today, "born")
