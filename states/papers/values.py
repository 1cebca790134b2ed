"""The values in the text of a paper, found by the words that stand beside them on certificates.

A value without such words is not read: nothing is guessed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
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
    """What was read in a paper; ``turned`` says that it lies or stands on its head."""

    kind: PaperKind = PaperKind.OTHER
    values: tuple[ReadValue, ...] = ()
    turned: bool = False

    def value(self, field: PaperField) -> ReadValue | None:
        """Return the value of a field; None if it was not read."""
        return next((one for one in self.values if one.field is field), None)


_KIND_WORDS: Final = (
    (PaperKind.RESIDENCY, re.compile("住院医师规范化培训")),
    (PaperKind.DEGREE, re.compile("[学硕博]士学位证书|学位证书|授予.{2,8}士学位")),
    (PaperKind.GRADUATION, re.compile("毕业证书|准予毕业")),
    (PaperKind.IDENTITY, re.compile("公民身份号码")),
)

_HAN: Final = "[\u3007\u4e00-\u9fff·]"
_NUMERAL: Final = "[〇零一二三四五六七八九十○O0-9]"
_YEAR: Final = f"{_NUMERAL}{{4}}"
_DAY: Final = f"({_YEAR})年({_NUMERAL}{{1,3}})月({_NUMERAL}{{1,3}})日"
_MONTH: Final = f"({_YEAR})年({_NUMERAL}{{1,3}})月"
_NUMBER: Final = "([0-9A-Z][0-9A-Z-]{6,34})"
_ID: Final = "([0-9]{17}[0-9X]|[0-9]{15})(?![0-9])"

Patterns = Mapping[PaperField, Sequence[str]]
_LABELLED: Final[Patterns] = {
    PaperField.NAME: (f"姓名:?({_HAN}{{2,12}}?)(?=性别|出生|民族|身份证|\n)",),
    PaperField.ID_NUMBER: (f"(?:身份证号码?|公民身份号码|证件号码?|身份证件?号):?{_ID}",),
}
_GRADUATION: Final[Patterns] = {
    PaperField.NAME: (f"学(?:生|员):?({_HAN}{{2,12}}?),?性别",),
    PaperField.ID_NUMBER: _LABELLED[PaperField.ID_NUMBER],
    PaperField.BORN: (f"{_DAY}(?:出)?生",),
    PaperField.SCHOOL: (f"(?:校名|学校名称):?({_HAN}{{4,30}}?)(?=[校院]\\(?[校院]?\\)?长|\n)",),
    PaperField.MAJOR: (f"在(?:本校|我校|本院)({_HAN}{{2,20}}?)专业",),
    PaperField.DEGREE: (f"年制(?:{_HAN}{{0,4}}?)(本科|专科|高职|中专)", "(本科|专科)学习"),
    PaperField.ENROLLED: (f"(?:于|自){_MONTH}(?:{_NUMERAL}{{1,3}}日)?至",),
    PaperField.GRADUATED: (f"至{_MONTH}(?:{_NUMERAL}{{1,3}}日)?(?:在|于)",),
    PaperField.CERTIFICATE: (f"证书编号:?{_NUMBER}", f"编号:?{_NUMBER}"),
}
_DEGREE: Final[Patterns] = {
    PaperField.NAME: (f"({_HAN}{{2,12}}),[男女],",),
    PaperField.ID_NUMBER: _LABELLED[PaperField.ID_NUMBER],
    PaperField.BORN: (f"[男女],{_DAY}(?:出)?生",),
    PaperField.SCHOOL: (f"在({_HAN}{{2,24}}?(?:大学|学院|学校))(?={_HAN}{{2,20}}专业)",),
    PaperField.MAJOR: (f"在{_HAN}{{2,24}}?(?:大学|学院|学校)({_HAN}{{2,20}}?)专业",),
    PaperField.DEGREE: (f"授予(?:{_HAN}{{1,8}}?)?([学硕博]士)学位",),
    PaperField.CERTIFICATE: _GRADUATION[PaperField.CERTIFICATE],
}
_RESIDENCY: Final[Patterns] = {
    **_LABELLED,
    PaperField.MAJOR: (f"培训专业:?({_HAN}{{2,20}}?)(?=\n|培训|证书)",),
    PaperField.SCHOOL: (f"培训(?:基地|医院):?({_HAN}{{4,40}}?)(?=\n|培训|证书)",),
    PaperField.CERTIFICATE: _GRADUATION[PaperField.CERTIFICATE],
}
_BY_KIND: Final[Mapping[PaperKind, Patterns]] = {
    PaperKind.GRADUATION: _GRADUATION,
    PaperKind.DEGREE: _DEGREE,
    PaperKind.RESIDENCY: _RESIDENCY,
    PaperKind.IDENTITY: _LABELLED,
    PaperKind.OTHER: _LABELLED,
}
_ISSUER: Final = f"(?:发证机关|颁发机关|发证单位|签发机关|批准机关):?({_HAN}{{4,40}}?)(?=\n)"
_SIGNED: Final[Mapping[PaperKind, PaperField]] = {
    PaperKind.DEGREE: PaperField.GRADUATED,
    PaperKind.RESIDENCY: PaperField.RESIDENT,
}
"""The field of the date at the signature, the last one of the page."""
_BY_LINE: Final = frozenset({PaperField.NAME, PaperField.SCHOOL, PaperField.MAJOR})
"""Values that the end of a row may end; a paragraph breaks the others anywhere."""
_DEGREES: Final = {
    "本科": "bachelor",
    "专科": "college",
    "高职": "college",
    "中专": "secondary",
    "学士": "bachelor-degree",
    "硕士": "master-degree",
    "博士": "doctor-degree",
}
_DIGITS: Final = {"〇": 0, "零": 0, "○": 0, "O": 0} | {
    char: number for number, char in enumerate("一二三四五六七八九", 1)
}


def reading_of(pages: Sequence[PageText], *, turned: bool = False) -> PaperReading:
    """Return what stands in the pages of a paper; the first page that has a value counts."""
    plain = [_plain(one) for one in pages]
    kind = _kind(plain)
    found: dict[PaperField, ReadValue] = {}
    for number, page in enumerate(plain):
        for value in _values(page, kind, number):
            found.setdefault(value.field, value)
    ordered = tuple(found[one] for one in PaperField if one in found)
    return PaperReading(kind, ordered, turned)


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
    return next((kind for kind, words in _KIND_WORDS if words.search(text)), PaperKind.OTHER)


def _values(page: PageText, kind: PaperKind, number: int) -> Iterator[ReadValue]:
    """Yield the values of a page; a paragraph is searched without its breaks, too."""
    joined = PageText(tuple(one for one in page.glyphs if one.char != "\n"))
    for field, patterns in _BY_KIND[kind].items():
        texts = (page, joined) if field in _BY_LINE else (joined,)
        found = _first(field, patterns, texts, number)
        if found is not None:
            yield found
    if (issuer := _first(PaperField.ISSUER, (_ISSUER,), (page,), number)) is not None:
        yield issuer
    if kind in _SIGNED and (dates := [*re.finditer(_DAY, joined.text)]):
        value = _value(_SIGNED[kind], dates[-1], joined, number)
        born = next((one for one in dates if joined.text[one.end() :][:1] == "生"), None)
        if value is not None and dates[-1] is not born:
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
        value = _DEGREES.get(groups[0])
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
