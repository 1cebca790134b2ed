"""The rule of a document number: its type's format, birth date and check digit (domain §2)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from stdnum import numdb
from stdnum.iso7064 import mod_11_2

from states.characters import normalize_text
from states.identity.age import birth_date
from states.identity.normalization import mask_all_but, normalize_number, visible_name
from states.texts import Argument, Problem, Text


class Sex(StrEnum):
    """The sex according to the document."""

    FEMALE = "female"
    MALE = "male"


class IdType(StrEnum):
    """The document types with known rules; each exam lists those it accepts (domain §2)."""

    RESIDENT_ID = "resident_id"
    HK_MACAO_PERMIT = "hk_macao_permit"
    TAIWAN_PERMIT = "taiwan_permit"
    RESIDENCE_PERMIT = "residence_permit"

    @property
    def label(self) -> Text:
        """The name of the document."""
        return Text(f"id-type-{self.replace('_', '-')}")

    @property
    def has_sex_and_birth(self) -> bool:
        """Whether the number contains sex and birth date."""
        return FORMATS[self].civil

    @property
    def nationality(self) -> Text:
        """The nationality of the holders: only citizens get these documents."""
        return Text("nationality-cn")

    @property
    def shape(self) -> Text:
        """The format of the number in words, with an example."""
        return Text(f"id-shape-{self.replace('_', '-')}", {"example": FORMATS[self].example})


@dataclass(frozen=True, slots=True)
class IdFormat:
    """The number format of one type of document.

    ``places`` lists the allowed characters of each place. A ``civil`` number follows GB 11643: six
    digits of area, eight of birth date, three of order (the last one odd for men) and a check digit
    by ISO 7064 MOD 11-2. ``certain`` is False without a published source.
    """

    places: tuple[str, ...]
    example: str
    civil: bool
    source: str
    certain: bool

    @property
    def pattern(self) -> str:
        """The format as a regular expression."""
        return "".join(f"[{allowed}]" for allowed in self.places)


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

_BETWEEN: Final = "[ \\-‐-―−]"
_ANYWHERE: Final = re.compile(rf"(?<!\d)\d(?:{_BETWEEN}?\d){{16}}{_BETWEEN}?[\dXx](?!\d)")
_BLANKS: Final = re.compile(_BETWEEN)
_INVENTED: Final = "999999"
"""The district of invented numbers: nobody has it."""
_OLD_LENGTH: Final = 15
"""Digits of a resident's number before 1999, without century and check digit."""


@dataclass(frozen=True, slots=True)
class IdNumber:
    """A valid number and the data in it.

    ``sex`` and ``born`` are None if the number does not contain them. ``hint`` is a warning that
    is shown on the confirmation screen.
    """

    number: str
    sex: Sex | None
    born: date | None
    hint: Text | None


def check_id_number(id_type: IdType, text: str, today: date) -> IdNumber | Problem:
    """Return the typed number of a document; ``today`` is the date in the exam's time zone."""
    number = normalize_number(text)
    problem = _misfit(id_type, number)
    if problem:
        return problem
    if not FORMATS[id_type].civil:
        return IdNumber(number, sex=None, born=None, hint=None)
    born = birth_date((number[6:10], number[10:12], number[12:14]), today, "id")
    if isinstance(born, Problem):
        return born
    if not mod_11_2.is_valid(number):
        # Do not suggest a check digit: the mistake is as likely in any other digit.
        return Problem("problem-id-check", {"tail": number[-4:]})
    sex = Sex.MALE if int(number[16]) % 2 else Sex.FEMALE
    return IdNumber(number, sex, born, _area_hint(id_type, number))


def mask_id_number(number: str) -> str:
    """Return the number with all but its last quarter hidden: 4 of 18 characters, 2 of 8 or 9."""
    return mask_all_but(number, len(number) // 4)


def holds_id_number(text: str, today: date, *, surely: bool = False) -> bool:
    """Return whether a resident's number stands anywhere in a text, even with a wrong digit.

    One whose check digit fails needs the first digits of a number and the birth date of a
    candidate. ``surely`` leaves it out, since the number of a certificate can look like it.

    >>> holds_id_number("/find 999999 19900307 104x 谢谢", date(2025, 12, 2))
    True
    """
    plain = normalize_text(text)
    found = (_BLANKS.sub("", one[0]).upper() for one in _ANYWHERE.finditer(plain))
    return any(_is_whole(one) or (not surely and _is_mistyped(one, today)) for one in found)


def _is_whole(number: str) -> bool:
    """Return whether 18 signs have start, date and check digit of a number, of whatever year."""
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    return mod_11_2.is_valid(number) and _has_known_start(number)


def _is_mistyped(number: str, today: date) -> bool:
    """Return whether 18 signs can only be a resident's number with a slip in it.

    Birth date and province are a candidate's; or the district is known and the year is one's. Then
    the day is not 00, where the serial numbers of certificates begin.
    """
    year, month, day = number[6:10], number[10:12], number[12:14]
    if _is_candidates((year, month, day), today):
        return _has_known_start(number)
    is_known = number.startswith(_INVENTED) or _is_known_area(number[:6])
    return is_known and day != "00" and _is_candidates((year, "01", "01"), today)


def _is_candidates(born: tuple[str, str, str], today: date) -> bool:
    return not isinstance(birth_date(born, today, "id"), Problem)


def _has_known_start(number: str) -> bool:
    """Return whether a number begins with a province, or as another number with a birth date."""
    others = ("83", _INVENTED[:2])  # a residence permit of Taiwan, and ours
    is_foreigner = number[0] == "9" and _is_known_area(f"{number[1:3]}0000")
    return is_foreigner or number.startswith(others) or _is_known_area(f"{number[:2]}0000")


def _misfit(id_type: IdType, number: str) -> Problem | None:
    """Return the problem of the characters or the length."""
    if not number:  # nothing but words around a number
        return Problem("problem-id-none")
    places = FORMATS[id_type].places
    known = set().union(*places)
    for place, char in enumerate(number, start=1):
        if char not in known:
            return _wrong_character(id_type, char, place)
    if len(number) == _OLD_LENGTH and id_type is IdType.RESIDENT_ID:
        return Problem("problem-id-old")
    if len(number) != len(places):
        args: dict[str, Argument] = {
            "count": len(number),
            "limit": len(places),
            "shape": id_type.shape,
        }
        return Problem("problem-id-length", args)
    for place, (char, allowed) in enumerate(zip(number, places, strict=True), start=1):
        if char not in allowed:
            return _wrong_character(id_type, char, place)
    return None


def _wrong_character(id_type: IdType, char: str, place: int) -> Problem:
    args: dict[str, Argument] = {"char": visible_name(char), "place": place, "shape": id_type.shape}
    return Problem("problem-id-character", args)


def _area_hint(id_type: IdType, number: str) -> Text | None:
    """Return a warning about the first six digits; they change too often to refuse a number.

    The permanent residence card of foreigners has a 9, the province and the nationality there.
    """
    if id_type is not IdType.RESIDENT_ID:
        return None
    if number[:2] in ("81", "82", "83"):
        return Text("hint-id-residence-permit")
    if number[0] == "9" and _is_known_area(f"{number[1:3]}0000"):
        return Text("hint-id-foreigner")
    return None if _is_known_area(number[:6]) else Text("hint-id-area")


def _is_known_area(code: str) -> bool:
    """Return whether six digits are the code of a county, or of a province with four zeros."""
    return any("county" in known for _, known in numdb.get("cn/loc").info(code))
