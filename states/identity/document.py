"""The rule of a document number: its type's format, birth date and check digit (domain §2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from stdnum import numdb
from stdnum.iso7064 import mod_11_2

from states.identity.age import OLDEST, YOUNGEST, Age, age_of
from states.identity.normalization import normalize_number, visible_name
from states.texts import Argument, Problem, Text


class Sex(StrEnum):
    """As the document says it."""

    FEMALE = "female"
    MALE = "male"


class IdType(StrEnum):
    """The documents we can check; an exam's definition lists which of them it takes.

    The official list could not be found (domain §2), hence a list per exam.
    """

    RESIDENT_ID = "resident_id"
    HK_MACAO_PERMIT = "hk_macao_permit"
    TAIWAN_PERMIT = "taiwan_permit"
    RESIDENCE_PERMIT = "residence_permit"

    @property
    def label(self) -> Text:
        """The document's name."""
        return Text(f"id-type-{self.replace('_', '-')}")

    @property
    def says_all(self) -> bool:
        """Whether the document's number holds sex and birth date."""
        return FORMATS[self].civil

    @property
    def nationality(self) -> Text:
        """What its holders are: all of these are issued to citizens only."""
        return Text("nationality-cn")

    @property
    def shape(self) -> Text:
        """What the document's number looks like, in words and with an example."""
        return Text(f"id-shape-{self.replace('_', '-')}", {"example": FORMATS[self].example})


@dataclass(frozen=True, slots=True)
class IdFormat:
    """The number of one type of document.

    ``places`` says for each place which signs may stand there. With ``civil`` the number is built
    by GB 11643: six digits of area, eight of birth date, three of order (the last one odd for
    men) and a check digit by ISO 7064 MOD 11-2. ``certain`` is False where acceptance or format
    rest on our own knowledge only.
    """

    places: tuple[str, ...]
    example: str
    civil: bool
    source: str
    certain: bool

    @property
    def pattern(self) -> str:
        """The format as a regular expression."""
        return "".join(f"[{signs}]" for signs in self.places)


_DIGITS: Final = "0123456789"
_CHECK: Final = _DIGITS + "X"

FORMATS: Final[Mapping[IdType, IdFormat]] = {
    IdType.RESIDENT_ID: IdFormat(
        places=(_DIGITS,) * 17 + (_CHECK,),
        example="99999919900307104X",
        civil=True,
        source="GB 11643; domain §2, §8",
        certain=True,
    ),
    IdType.HK_MACAO_PERMIT: IdFormat(
        places=("HM",) + (_DIGITS,) * 8,
        example="H00000000",
        civil=False,
        source="domain §2: H or M and 8 digits, own knowledge",
        certain=False,
    ),
    IdType.TAIWAN_PERMIT: IdFormat(
        places=(_DIGITS,) * 8,
        example="00000000",
        civil=False,
        source="domain §2: accepted in 2011; 8 digits are own knowledge",
        certain=False,
    ),
    IdType.RESIDENCE_PERMIT: IdFormat(
        places=("8", "123") + (_DIGITS,) * 15 + (_CHECK,),
        example="830000199003070027",
        civil=True,
        source="domain §2: begins with 81, 82 or 83, check digit as GB 11643, own knowledge",
        certain=False,
    ),
}

_OLD_LENGTH: Final = 15
"""Digits of a resident's number before 1999: no century and no check digit."""


@dataclass(frozen=True, slots=True)
class IdNumber:
    """A number that fits its type, and what it says.

    ``sex`` and ``born`` are None where the number does not hold them. ``hint`` is said to the
    person beside the question whether all is right: it never stops anybody.
    """

    number: str
    sex: Sex | None
    born: date | None
    hint: Text | None


def check_id_number(id_type: IdType, text: str, today: date) -> IdNumber | Problem:
    """The number typed for this type of document; ``today`` is the date in the exam's zone."""
    number = normalize_number(text)
    problem = _misfit(id_type, number)
    if problem:
        return problem
    if not FORMATS[id_type].civil:
        return IdNumber(number, sex=None, born=None, hint=None)
    born = _birth_date(number, today)
    if isinstance(born, Problem):
        return born
    if not mod_11_2.is_valid(number):
        # Never the digit that would fit: the slip is as likely anywhere else in the number.
        return Problem("problem-id-check")
    sex = Sex.MALE if int(number[16]) % 2 else Sex.FEMALE
    return IdNumber(number, sex, born, _area_hint(id_type, number))


def _misfit(id_type: IdType, number: str) -> Problem | None:
    """What is wrong with the signs and their number."""
    places = FORMATS[id_type].places
    known = set().union(*places)
    for place, char in enumerate(number, start=1):
        if char not in known:
            return _wrong_sign(id_type, char, place)
    if len(number) == _OLD_LENGTH and id_type is IdType.RESIDENT_ID:
        return Problem("problem-id-old")
    if len(number) != len(places):
        args: dict[str, Argument] = {
            "count": len(number),
            "limit": len(places),
            "shape": id_type.shape,
        }
        return Problem("problem-id-length", args)
    for place, (char, signs) in enumerate(zip(number, places, strict=True), start=1):
        if char not in signs:
            return _wrong_sign(id_type, char, place)
    return None


def _wrong_sign(id_type: IdType, char: str, place: int) -> Problem:
    args: dict[str, Argument] = {"char": visible_name(char), "place": place, "shape": id_type.shape}
    return Problem("problem-id-character", args)


def _birth_date(number: str, today: date) -> date | Problem:
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return Problem("problem-id-date")
    match age_of(born, today):
        case Age.UNBORN:
            return Problem("problem-id-future")
        case Age.YOUNG:
            return Problem("problem-id-young", {"limit": YOUNGEST})
        case Age.AGED:
            return Problem("problem-id-aged", {"limit": OLDEST})
    return born


def _area_hint(id_type: IdType, number: str) -> Text | None:
    """A doubt about the first six digits; areas are renamed too often to refuse anybody."""
    if id_type is not IdType.RESIDENT_ID:
        return None
    if number[:2] in ("81", "82", "83"):
        return Text("hint-id-residence-permit")
    found = numdb.get("cn/loc").info(number[:6])
    known = any("county" in properties for _, properties in found)
    return None if known else Text("hint-id-area")
