"""Finds what somebody means in a list: by code, characters, pinyin, initials, or nearly so."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from difflib import get_close_matches
from functools import lru_cache
from typing import NamedTuple, Protocol, TypeVar

from pypinyin import Style, pinyin

from states.texts import normalize_label

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
    wanted = normalize_label(typed)
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
    yield lambda one: _is_read(wanted, one.syllables)
    if len(wanted) >= SHORTEST_INITIALS:
        yield lambda one: _are_initials(wanted, one.syllables)
        yield lambda one: any(
            _are_initials(wanted, one.syllables[skipped:]) for skipped in range(len(one.syllables))
        )
    yield lambda one: wanted in one.english


def _is_read(letters: str, syllables: Syllables) -> bool:
    """Whether the name's pinyin begins so, each character read in any of its ways."""
    if not letters:
        return True
    return bool(syllables) and any(
        reading.startswith(letters)
        or (letters.startswith(reading) and _is_read(letters[len(reading) :], syllables[1:]))
        for reading in syllables[0]
    )


def _are_initials(letters: str, syllables: Syllables) -> bool:
    """Whether the first letters of the name's pinyin begin so."""
    return len(letters) <= len(syllables) and all(
        any(reading.startswith(letter) for reading in readings)
        for letter, readings in zip(letters, syllables, strict=False)
    )


def _nearly(wanted: str, spelled: Sequence[tuple[T, Spellings]]) -> tuple[T, ...]:
    meant: dict[str, list[T]] = {}
    for one, spelling in spelled:
        usual = "".join(readings[0] for readings in spelling.syllables)
        whole = {spelling.name, usual, spelling.english} - {""}
        # A beginning that is nearly right counts: people stop typing when it is clear to them.
        for written in whole | {written[: len(wanted)] for written in whole}:
            meant.setdefault(written, []).append(one)
    close = get_close_matches(wanted, meant, n=MOST, cutoff=CLOSE)
    found = {one.code: one for written in close for one in meant[written]}
    return tuple(found.values())[:MOST]


Syllables = tuple[tuple[str, ...], ...]
"""For each character, all its readings without tones, the usual one first."""


class Spellings(NamedTuple):
    """How something may be typed, all ``bare``."""

    code: str
    name: str
    english: str
    syllables: Syllables


@lru_cache(maxsize=4096)  # asked for every option of a list, at every word that is typed
def _spellings(code: str, name: str, english: str) -> Spellings:
    syllables = tuple(_readings(character) for character in normalize_label(name))
    return Spellings(
        normalize_label(code), normalize_label(name), normalize_label(english), syllables
    )


@lru_cache(maxsize=4096)
def _readings(character: str) -> tuple[str, ...]:
    # All of them, since which one is meant (藏 in 西藏) stands in a table of phrases of 40 MB.
    (found,) = pinyin(character, style=Style.NORMAL, heteronym=True)
    return tuple(found)
