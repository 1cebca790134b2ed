"""The rule of a birth date: the possible ages of a candidate."""

from __future__ import annotations

import re
from datetime import date
from enum import Enum, auto
from typing import Final

from states.identity.normalization import normalize_text
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


class Age(Enum):
    """The age of a candidate in relation to the limits."""

    UNBORN = auto()
    YOUNG = auto()
    FITS = auto()
    AGED = auto()


def age_of(born: date, today: date) -> Age:
    """Return how the age on ``today`` relates to the limits."""
    if born > today:
        return Age.UNBORN
    years = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    if years < YOUNGEST:
        return Age.YOUNG
    return Age.AGED if years > OLDEST else Age.FITS


def check_born(text: str, today: date) -> date | Problem:
    """Return the birth date from ``1990-03-07``, ``1990年3月7日`` or ``19900307``."""
    typed = normalize_text(text)
    found = next((match for form in _WRITTEN if (match := form.fullmatch(typed))), None)
    if found is None:
        return Problem("problem-born-format")
    try:
        born = date(*(int(part) for part in found.groups()))
    except ValueError:
        return Problem("problem-born-date")
    match age_of(born, today):
        case Age.UNBORN:
            return Problem("problem-born-future")
        case Age.YOUNG:
            return Problem("problem-born-young", {"limit": YOUNGEST})
        case Age.AGED:
            return Problem("problem-born-aged", {"limit": OLDEST})
    return born
