"""The values in the text of a paper, found by the words that stand beside them on certificates.

A value without such words is not read: nothing is guessed.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Final

from states.characters import to_simplified
from states.papers.text import Box, Glyph, PageText


class PaperKind(StrEnum):
    """The kinds of papers whose words are known; their values differ."""

    GRADUATION = "graduation"
    DEGREE = "degree"
    RESIDENCY = "residency"
    IDENTITY = "identity"
    OTHER = "other"


class PaperField(StrEnum):
    """A value that is read in a paper, in the order in which it is told.

    GRADUATED is the month of graduation or of the degree; RESIDENT that at the signature of the
    certificate of residency training (住培). Dates are ``YYYY-MM`` or ``YYYY-MM-DD``.
    """

    NAME = "name"
    ID_NUMBER = "id-number"
    BORN = "born"
    SCHOOL = "school"
    MAJOR = "major"
    DEGREE = "degree"
    ENROLLED = "enrolled"
    GRADUATED = "graduated"
    CERTIFICATE = "certificate"
    RESIDENT = "resident"
    ISSUER = "issuer"


@dataclass(frozen=True, slots=True)
class ReadValue:
    """A value as it was read: the certainty of its least certain character, and its place.

    ``page`` counts from 0.
    """

    field: PaperField
    value: str
    certainty: float
    page: int
    box: Box


@dataclass(frozen=True, slots=True)
class PaperReading:
    """The values read in a paper, and how its pages stand.

    ``turns`` are the quarter turns, counterclockwise, that put the first pages upright. A page
    of which the reader is not sure has none.
    """

    kind: PaperKind = PaperKind.OTHER
    values: tuple[ReadValue, ...] = ()
    turns: tuple[int, ...] = ()

    @property
    def is_turned(self) -> bool:
        """Whether a page lies or stands on its head."""
        return any(self.turns)

    def value(self, field: PaperField) -> ReadValue | None:
        """Return the value of a field; None if it was not read."""
        return next((one for one in self.values if one.field is field), None)


def upright(reading: PaperReading) -> PaperReading:
    """Return the reading of a picture once it was turned upright: its places turn with it.

    >>> value = ReadValue(PaperField.NAME, "刘玲", 1.0, 0, (0.1, 0.2, 0.3, 0.25))
    >>> [upright(PaperReading(values=(value,), turns=(n,))).values[0].box for n in (0, 1)]
    [(0.1, 0.2, 0.3, 0.25), (0.2, 0.7, 0.25, 0.9)]
    """
    quarters = reading.turns[0] if reading.turns else 0
    values = tuple(replace(one, box=_turned(one.box, quarters)) for one in reading.values)
    return replace(reading, values=values, turns=(0,))


def _turned(box: Box, quarters: int) -> Box:
    """Return a box of a page that was turned counterclockwise."""
    left, top, right, bottom = box
    for _ in range(quarters % 4):
        left, top, right, bottom = top, 1 - right, bottom, 1 - left
    return left, top, right, bottom


_HAN: Final = "[\u3007\u4e00-\u9fff·]"
_NUMERAL: Final = "[〇零一二三四五六七八九十○O0-9]"
_MONTH: Final = f"({_NUMERAL}{{4}})年({_NUMERAL}{{1,3}})月"
_PLACEHOLDERS: Final = {
    "{han}": _HAN,
    "{numeral}": _NUMERAL,
    "{name}": f"{_HAN}{{2,12}}?",
    "{month}": _MONTH,
    "{day}": f"{_MONTH}({_NUMERAL}{{1,3}})日",
    "{number}": "([0-9A-Z][0-9A-Z-]{6,34})",
    "{id}": "([0-9]{17}[0-9X]|[0-9]{15})(?![0-9])",
}
Patterns = Mapping[PaperField, Sequence[str]]


@dataclass(frozen=True, slots=True)
class CertificateWords:
    """The words that stand beside values on certificates, by kind (``certificates.toml``)."""

    kinds: Mapping[PaperKind, str]
    degrees: Mapping[str, str]
    signed: Mapping[PaperKind, PaperField]
    values: Mapping[PaperKind, Patterns]


@cache
def words() -> CertificateWords:
    """Read the words."""
    data = tomllib.loads(
        (resources.files("states.papers") / "certificates.toml").read_text("utf-8")
    )
    common = _patterns(data["values"])
    return CertificateWords(
        {PaperKind(kind): pattern for kind, pattern in data["kinds"].items()},
        data["degrees"],
        {PaperKind(kind): PaperField(field) for kind, field in data["signed"].items()},
        {kind: common | _patterns(data["values-of"].get(kind, {})) for kind in PaperKind},
    )


def _patterns(data: Mapping[str, Sequence[str]]) -> dict[PaperField, Sequence[str]]:
    return {PaperField(field): [_filled(one) for one in found] for field, found in data.items()}


def _filled(pattern: str) -> str:
    for name, meaning in _PLACEHOLDERS.items():
        pattern = pattern.replace(name, meaning)
    return pattern


_BY_LINE: Final = frozenset(
    {PaperField.NAME, PaperField.SCHOOL, PaperField.MAJOR, PaperField.ISSUER}
)
"""Values that the end of a row may end; a paragraph breaks the others anywhere."""
_DIGITS: Final = {"〇": 0, "零": 0, "○": 0, "O": 0} | {
    char: number for number, char in enumerate("一二三四五六七八九", 1)
}


def reading_of(pages: Sequence[PageText], turns: Sequence[int] = ()) -> PaperReading:
    """Return what stands in the pages of a paper; the first page that has a value counts."""
    plain = [_plain(one) for one in pages]
    kind = _kind(plain)
    found: dict[PaperField, ReadValue] = {}
    for number, page in enumerate(plain):
        for value in _values(page, kind, number):
            found.setdefault(value.field, value)
    ordered = tuple(found[one] for one in PaperField if one in found)
    return PaperReading(kind, ordered, tuple(turns))


def _plain(page: PageText) -> PageText:
    """Return a page without blanks, in half-width and simplified characters."""
    return PageText(tuple(_spelled(page.glyphs)))


def _spelled(glyphs: Iterable[Glyph]) -> Iterator[Glyph]:
    for glyph in glyphs:
        if glyph.char == "\n":
            yield glyph
        for char in unicodedata.normalize("NFKC", to_simplified(glyph.char)):
            if not char.isspace():
                yield replace(glyph, char=char)


def _kind(pages: Sequence[PageText]) -> PaperKind:
    text = "".join(one.text for one in pages).replace("\n", "")
    fitting = (kind for kind, pattern in words().kinds.items() if re.search(pattern, text))
    return next(fitting, PaperKind.OTHER)


def _values(page: PageText, kind: PaperKind, number: int) -> Iterator[ReadValue]:
    """Yield the values of a page; a paragraph is searched without its breaks, too."""
    joined = PageText(tuple(one for one in page.glyphs if one.char != "\n"))
    for field, patterns in words().values[kind].items():
        texts = (page, joined) if field in _BY_LINE else (joined,)
        found = _first(field, patterns, texts, number)
        if found is not None:
            yield found
    signed, dates = words().signed.get(kind), [*re.finditer(_filled("{day}"), joined.text)]
    if signed is not None and dates and not joined.text[dates[-1].end() :].startswith("生"):
        value = _value(signed, dates[-1], joined, number)
        if value is not None:
            yield value


def _first(
    field: PaperField, patterns: Sequence[str], pages: Sequence[PageText], number: int
) -> ReadValue | None:
    for pattern in patterns:
        for page in pages:
            match = re.search(pattern, page.text)
            if match is not None and (value := _value(field, match, page, number)) is not None:
                return value
    return None


def _value(
    field: PaperField, match: re.Match[str], page: PageText, number: int
) -> ReadValue | None:
    """Return a match as a value; None for a date that does not exist."""
    start, end = match.start(1), match.end(match.lastindex or 1)
    groups = match.groups()
    value: str | None = groups[0]
    if field in (PaperField.BORN, PaperField.ENROLLED, PaperField.GRADUATED, PaperField.RESIDENT):
        value = _date(groups)
    elif field is PaperField.DEGREE:
        value = words().degrees.get(groups[0])
    if value is None:
        return None
    return ReadValue(field, value, page.certainty(start, end), number, page.box(start, end))


def _date(parts: Sequence[str]) -> str | None:
    """Return a date of year, month and perhaps day, in digits or in Chinese numerals."""
    numbers = [_number(one) for one in parts]
    year, month, *day = numbers
    if year is None or month is None or not 1900 <= year <= 2100 or not 1 <= month <= 12:
        return None
    if day and (day[0] is None or not 1 <= day[0] <= 31):
        return None
    return f"{year:04}-{month:02}" + (f"-{day[0]:02}" if day else "")


def _number(text: str) -> int | None:
    """Return a number: ``2019``, ``二〇一九``, ``十二``, ``二十三``.

    >>> [_number(one) for one in ("2019", "二〇一九", "十二", "二十三", "三十")]
    [2019, 2019, 12, 23, 30]
    """
    digits = [int(one) if one.isdecimal() else _DIGITS.get(one) for one in text]
    if "十" not in text:
        return None if None in digits else int("".join(map(str, digits)))
    before, _, after = text.partition("十")
    tens = _number(before) if before else 1
    ones = _number(after) if after else 0
    if tens is None or ones is None or len(before) > 1 or len(after) > 1:
        return None
    return 10 * tens + ones
