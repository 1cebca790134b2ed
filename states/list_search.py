"""Search in a list of options: by code, characters, pinyin, initials, or similar spelling."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from difflib import get_close_matches
from functools import lru_cache
from typing import NamedTuple, Protocol, TypeVar

from pypinyin import Style, pinyin

from states.texts import normalize_label

MIN_SIMILARITY = 0.72
"""Least ``difflib`` ratio of a typing error: about one wrong letter in four."""
MIN_INITIALS = 2
MAX_RESULTS = 12


class Searchable(Protocol):
    """An option with a code and names in both languages."""

    @property
    def code(self) -> str:
        """The code."""
        ...

    @property
    def name(self) -> str:
        """The Chinese name."""
        ...

    @property
    def name_en(self) -> str:
        """The English name, or ``""``."""
        ...


T = TypeVar("T", bound=Searchable)


def find(typed: str, among: Sequence[T]) -> tuple[T, ...]:
    """Return at most 12 matches, best first, of the first criterion that has any.

    The criteria in order: code or whole name; prefix of a name; part of a name; prefix of the
    pinyin; prefix or part of the initials; part of the English name; similar spelling.
    """
    wanted = normalize_label(typed)
    if not wanted:
        return ()
    spelled = [(one, _spellings(one.code, one.name, one.name_en)) for one in among]
    for matches in _criteria(wanted):
        found = tuple(one for one, spelling in spelled if matches(spelling))
        if found:
            return found[:MAX_RESULTS]
    return _similar(wanted, spelled)


def _criteria(wanted: str) -> Iterator[Callable[[Spellings], bool]]:
    """Yield the criteria of a match, the strictest first."""
    yield lambda one: wanted in (one.code, one.name, one.english)
    yield lambda one: one.name.startswith(wanted)
    yield lambda one: wanted in one.name
    yield lambda one: _matches_pinyin(wanted, one.syllables)
    if len(wanted) >= MIN_INITIALS:
        yield lambda one: _are_initials(wanted, one.syllables)
        yield lambda one: any(
            _are_initials(wanted, one.syllables[skipped:]) for skipped in range(len(one.syllables))
        )
    yield lambda one: wanted in one.english


def _matches_pinyin(letters: str, syllables: Syllables) -> bool:
    """Return whether the pinyin starts with the letters, in any reading of each character."""
    if not letters:
        return True
    return bool(syllables) and any(
        reading.startswith(letters)
        or (letters.startswith(reading) and _matches_pinyin(letters[len(reading) :], syllables[1:]))
        for reading in syllables[0]
    )


def _are_initials(letters: str, syllables: Syllables) -> bool:
    """Return whether the initials of the pinyin start with the letters."""
    return len(letters) <= len(syllables) and all(
        any(reading.startswith(letter) for reading in readings)
        for letter, readings in zip(letters, syllables, strict=False)
    )


def _similar(wanted: str, spelled: Sequence[tuple[T, Spellings]]) -> tuple[T, ...]:
    meant: dict[str, list[T]] = {}
    for one, spelling in spelled:
        usual = "".join(readings[0] for readings in spelling.syllables)
        whole = {spelling.name, usual, spelling.english} - {""}
        # Compare prefixes too: people stop typing early.
        for written in whole | {written[: len(wanted)] for written in whole}:
            meant.setdefault(written, []).append(one)
    close = get_close_matches(wanted, meant, n=MAX_RESULTS, cutoff=MIN_SIMILARITY)
    found = {one.code: one for written in close for one in meant[written]}
    return tuple(found.values())[:MAX_RESULTS]


Syllables = tuple[tuple[str, ...], ...]
"""The readings of each character without tones, the usual one first."""


class Spellings(NamedTuple):
    """The normalized spellings of an option."""

    code: str
    name: str
    english: str
    syllables: Syllables


@lru_cache(maxsize=4096)  # each search needs those of every option
def _spellings(code: str, name: str, english: str) -> Spellings:
    syllables = tuple(_readings(character) for character in normalize_label(name))
    return Spellings(
        normalize_label(code), normalize_label(name), normalize_label(english), syllables
    )


@lru_cache(maxsize=4096)
def _readings(character: str) -> tuple[str, ...]:
    # Take all readings: choosing one (藏 in 西藏) would need a phrase table of 40 MB.
    (found,) = pinyin(character, style=Style.NORMAL, heteronym=True)
    return tuple(found)
