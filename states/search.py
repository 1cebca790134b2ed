"""Finds what somebody means in a list: by code, characters, pinyin, initials, or nearly so."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from difflib import get_close_matches
from functools import lru_cache
from typing import NamedTuple, Protocol, TypeVar

from pypinyin import Style, lazy_pinyin

from states.texts import bare

CLOSE = 0.72
"""How alike (``difflib``'s ratio) a slip of the finger must be: one wrong letter in four."""
SHORTEST_INITIALS = 2
MOST = 12


class Findable(Protocol):
    """Anything with a code and a name in both languages."""

    @property
    def code(self) -> str:
        """Its code."""
        ...

    @property
    def name(self) -> str:
        """Its Chinese name."""
        ...

    @property
    def name_en(self) -> str:
        """Its English name, if it has one."""
        ...


T = TypeVar("T", bound=Findable)


def find(typed: str, among: Sequence[T]) -> tuple[T, ...]:
    """What is meant, best first, at most 12; everything of the first way that finds anything.

    The ways, in order: the code or a whole name; names that begin so, or contain it; pinyin that
    begins so; initials that begin so, or contain it; English words; and names that are nearly so.
    """
    wanted = bare(typed)
    if not wanted:
        return ()
    spelled = [(one, _spellings(one.code, one.name, one.name_en)) for one in among]
    for fits in _ways(wanted):
        found = tuple(one for one, spelling in spelled if fits(spelling))
        if found:
            return found[:MOST]
    return _nearly(wanted, spelled)


def _ways(wanted: str) -> Iterator[Callable[[Spellings], bool]]:
    """What "this may be meant" can mean, the surest first."""
    yield lambda one: wanted in (one.code, one.name, one.english)
    yield lambda one: one.name.startswith(wanted)
    yield lambda one: wanted in one.name
    yield lambda one: one.pinyin.startswith(wanted)
    if len(wanted) >= SHORTEST_INITIALS:
        yield lambda one: one.initials.startswith(wanted)
        yield lambda one: wanted in one.initials
    yield lambda one: wanted in one.english


def _nearly(wanted: str, spelled: Sequence[tuple[T, Spellings]]) -> tuple[T, ...]:
    meant: dict[str, list[T]] = {}
    for one, spelling in spelled:
        whole = {spelling.name, spelling.pinyin, spelling.english} - {""}
        # A beginning that is nearly right counts: people stop typing when it is clear to them.
        for written in whole | {written[: len(wanted)] for written in whole}:
            meant.setdefault(written, []).append(one)
    close = get_close_matches(wanted, meant, n=MOST, cutoff=CLOSE)
    found = {one.code: one for written in close for one in meant[written]}
    return tuple(found.values())[:MOST]


class Spellings(NamedTuple):
    """How something may be typed, all ``bare``; pinyin without tones, and its initials alone."""

    code: str
    name: str
    english: str
    pinyin: str
    initials: str


@lru_cache(maxsize=4096)  # asked for every option of a list, at every word that is typed
def _spellings(code: str, name: str, english: str) -> Spellings:
    letters = "".join(c for c in name if c.isalnum())  # as one: 西藏 is read xizang, 藏 alone cang
    whole = "".join(lazy_pinyin(letters, style=Style.NORMAL))
    initials = "".join(lazy_pinyin(letters, style=Style.FIRST_LETTER))
    return Spellings(bare(code), bare(name), bare(english), bare(whole), bare(initials))
