"""Whether two accounts may be one person's: what they have alike, and who is never suspected.

A likeness is a hint for the staff and decides nothing. Twins, colleagues and namesakes are likely.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache
from itertools import product
from typing import Final

from pypinyin import Style, pinyin

from states.characters import to_simplified
from states.identity.document import FORMATS
from states.records import Identity


class Likeness(StrEnum):
    """The items that two accounts have alike. NAME: a near name with the same birth date."""

    NUMBER = "number"
    NAME = "name"
    PHOTO = "photo"
    PHONE = "phone"


MOST_OF_A_PHONE: Final = 5
"""A telephone of more accounts than this is an office's, and hints at nobody."""
_LONG_HAN: Final = 3
_LONG_LATIN: Final = 6
"""Lengths from which one character may differ; shorter names have too many neighbours."""


def tidy_name(name: str) -> str:
    """Return a name without blanks, dots and case, in simplified characters.

    >>> tidy_name("Li Ming"), tidy_name("劉·玲")
    ('liming', '刘玲')
    """
    return to_simplified("".join(sign for sign in name.casefold() if sign.isalnum()))


def is_near_name(one: str, other: str) -> bool:
    """Return whether two names may be one: equal, of one sound, in another order, or one slip.

    >>> is_near_name("刘玲", "刘灵"), is_near_name("刘玲", "刘明")
    (True, False)
    """
    first, second = tidy_name(one), tidy_name(other)
    if not first or not second:
        return False
    if sorted(first) == sorted(second) or not _sounds(first).isdisjoint(_sounds(second)):
        return True
    length = min(len(first), len(second))
    is_long = length >= (_LONG_LATIN if first.isascii() and second.isascii() else _LONG_HAN)
    return is_long and _is_one_slip(first, second)


_MOST_SOUNDS: Final = 64


@lru_cache(maxsize=1024)
def _sounds(name: str) -> frozenset[str]:
    """Return the ways to read a name, without tones; brackets of pinyin read as they are."""
    read = pinyin(name, style=Style.NORMAL, heteronym=True, v_to_u=False)
    ways: Iterable[tuple[str, ...]] = product(*read)
    return frozenset("".join(way) for way, _ in zip(ways, range(_MOST_SOUNDS), strict=False))


def _is_one_slip(one: str, other: str) -> bool:
    """Return whether one character is wrong, missing or too many."""
    short, long = sorted((one, other), key=len)
    if len(long) - len(short) > 1:
        return False
    start = 0
    while start < len(short) and short[start] == long[start]:
        start += 1
    rest = short[start + 1 :] if len(short) == len(long) else short[start:]
    return rest == long[start + 1 :]


def are_two_by_document(one: Identity, other: Identity) -> bool:
    """Return whether their documents say that they are two: two sexes, or two civil numbers.

    A resident has one civil number for life. Two whole ones of equal names may still be a slip.
    """
    if one.sex and other.sex and one.sex != other.sex:
        return True
    is_one_kind = one.id_type == other.id_type and one.id_type in _CIVIL
    return is_one_kind and one.id_number != other.id_number


_CIVIL: Final = frozenset(str(kind) for kind, form in FORMATS.items() if form.civil)


def likenesses(
    one: Identity, other: Identity, *, same_phone: bool = False, same_photo: bool = False
) -> frozenset[Likeness]:
    """Return what two accounts have alike, as far as it is worth a look; empty for two people.

    Twins have near names, one birth date and one telephone, and two numbers: of them only the same
    photo is worth a look. An equal name with one birth date and two numbers is.
    """
    found = set()
    is_same_day = bool(one.born) and one.born == other.born
    is_equal = tidy_name(one.name) == tidy_name(other.name) != ""
    if one.id_number and one.id_number == other.id_number:
        found.add(Likeness.NUMBER)
    if is_same_day and is_near_name(one.name, other.name):
        found.add(Likeness.NAME)
    if same_phone:
        found.add(Likeness.PHONE)
    are_twins = is_same_day and are_two_by_document(one, other) and not is_equal
    if are_twins:
        found -= {Likeness.NAME, Likeness.PHONE}
    elif one.sex and other.sex and one.sex != other.sex:
        found.discard(Likeness.NAME)
    if same_photo:
        found.add(Likeness.PHOTO)
    return frozenset(found)
