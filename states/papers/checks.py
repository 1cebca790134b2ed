"""The judgement of a paper's pages: values with limits. A finding warns and rejects nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from pydantic import ConfigDict


class PaperCheck(StrEnum):
    """One thing that is judged in a page, in the order in which it is told."""

    SIDE = "side"
    SHARPNESS = "sharpness"
    LIGHT = "light"
    CUT = "cut"
    SIDEWAYS = "sideways"
    SLANT = "slant"


@dataclass(frozen=True, slots=True)
class PaperMeasures:
    """The measures of a page.

    Args:
        side: px of the shorter side; 0 of a page in a PDF, which has none.
        sharpness: percent of the print's detail that a further blur leaves; high if blurred.
        light: lightness of the paper, from 0 to 100.
        cut: strokes of letters that reach an edge of the picture.
        slant: degrees by which the rows of print fall to the right.
        sideways: how far columns stand out, in parts of what rows do; above 1 on a page that lies.
        print: percent of the page that is darker than the paper around.
    """

    side: float = 0.0
    sharpness: float = 0.0
    light: float = 100.0
    cut: float = 0.0
    slant: float = 0.0
    sideways: float = 0.0
    print: float = 0.0

    def value(self, check: PaperCheck) -> float:
        """Return the value of a check."""
        found: float = getattr(self, check.value)
        return found


@dataclass(frozen=True, slots=True)
class PaperRule:
    """The limits of papers, as the exam's folder has them.

    ``least_side`` is in px; the other limits are those of ``PaperMeasures``, beyond which a page is
    doubtful. ``same_page`` is the part of two fingerprints that may differ on one page.
    ``certainty`` is that of the least certain character of a value that counts as read.
    ``most_pages`` are the pages of a PDF that are judged and put upright, ``most_read`` those that
    are read. ``reads`` is False where the reader is not installed.
    """

    least_side: float = 700
    sharpness: float = 46
    light: float = 50
    cut: float = 3
    sideways: float = 1.4
    slant: float = 4
    same_page: float = 0.2
    certainty: float = 0.8
    most_pages: int = 10
    most_read: int = 4
    reads: bool = True
    source: str = ""

    __pydantic_config__ = ConfigDict(extra="forbid")  # report typos in exam files

    def limit(self, check: PaperCheck) -> float:
        """Return the limit of a check."""
        if check is PaperCheck.SIDE:
            return self.least_side
        found: float = getattr(self, check.value)
        return found


@dataclass(frozen=True, slots=True)
class PageLook:
    """The measures of one page, and its fingerprint in hexadecimal digits."""

    measures: PaperMeasures = field(default_factory=PaperMeasures)
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class PaperFinding:
    """A doubtful page: the check, its value and its limit; ``page`` counts from 1."""

    check: PaperCheck
    value: float
    limit: float
    page: int = 1


_AT_LEAST = frozenset({PaperCheck.SIDE, PaperCheck.LIGHT})
_LEAST_PRINT = 0.5
"""Percent of print below which a page has too little to tell how it lies."""
_LIKE = 0.8
"""Rows and columns that stand out alike are no rows of print, so nothing tells their slant."""


def findings(pages: Sequence[PageLook], rule: PaperRule) -> tuple[PaperFinding, ...]:
    """Return what is doubtful in the pages of one file."""
    return tuple(
        one
        for number, look in enumerate(pages, start=1)
        for one in _findings(look.measures, rule, number)
    )


def _findings(measures: PaperMeasures, rule: PaperRule, page: int) -> list[PaperFinding]:
    found = []
    for check in PaperCheck:
        value, limit = measures.value(check), rule.limit(check)
        if check is PaperCheck.SIDE and not value:
            continue  # a page of a PDF
        if check in (PaperCheck.SIDEWAYS, PaperCheck.SLANT):
            is_blurred = measures.sharpness > rule.sharpness
            is_unclear = check is PaperCheck.SLANT and _LIKE < measures.sideways < 1 / _LIKE
            if measures.print < _LEAST_PRINT or is_blurred or is_unclear:
                continue
        shown = abs(value)
        if shown < limit if check in _AT_LEAST else shown > limit:
            found.append(PaperFinding(check, shown, limit, page))
    return found


def is_same_page(one: str, other: str, rule: PaperRule) -> bool:
    """Return whether two fingerprints are those of one page; an empty page is like no other."""
    if len(one) != len(other):
        return False
    first, second = int(one or "0", 16), int(other or "0", 16)
    marks = (first | second).bit_count()
    return marks >= _LEAST_MARKS and (first ^ second).bit_count() <= rule.same_page * marks


def page_twice(pages: Sequence[PageLook], rule: PaperRule) -> tuple[int, int] | None:
    """Return the numbers, from 1, of the first two pages of a file that are one page."""
    numbered = list(enumerate(pages, start=1))
    return next(
        (
            (first, second)
            for second, other in numbered
            for first, one in numbered[: second - 1]
            if is_same_page(one.fingerprint, other.fingerprint, rule)
        ),
        None,
    )


_LEAST_MARKS = 60
"""Bits of a fingerprint that a page with print has."""
