"""Search in a list of options: by code, characters, pinyin, initials, or similar spelling.

Only a code in digits or a whole name is an answer (``find_whole``). All else is offered (``find``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import lru_cache
from typing import NamedTuple, Protocol, TypeVar

from pypinyin import Style, pinyin

from states.characters import to_simplified
from states.characters.numerals import digits_for_letters
from states.texts import normalize_label

MIN_SIMILARITY = 0.72
"""Least ``difflib`` ratio of a typing error: about one wrong letter in four."""
MIN_LETTERS = 2
"""Fewest letters that are looked for within pinyin, or taken as initials."""
MAX_RESULTS = 12
LONGEST = 200
"""The most letters and digits that can name an option; a longer text is not compared with any."""


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
Synonyms = Mapping[str, Collection[str]]
"""Codes by a normalized word that people use for them (``normalize_name``)."""


def normalize_name(name: str) -> str:
    """Return a name so that two spellings of it compare equal: letters and digits, simplified."""
    return to_simplified(normalize_label(name))


def find_whole(typed: str, among: Sequence[T], endings: Sequence[str] = ()) -> T | None:
    """Return the option whose code in digits or whole name was typed, if nothing else can be meant.

    An English name can be the pinyin of another option: Shanxi is 山西, shanxi also 陕西. A Chinese
    name is whole without its generic ending, such as 考区, where no other name has these signs.
    """
    wanted = normalize_name(typed)
    spelled = [(one, _spellings_of(one)) for one in among] if _may_name(wanted) else []
    if whole := [one for one, spelling in spelled if _is_whole(wanted, spelling)]:
        return whole[0] if len(whole) == 1 else None
    english = [one for one, spelling in spelled if wanted == spelling.english]
    read_so = [one for one, spelling in spelled if _matches_pinyin(wanted, spelling.syllables)]
    if english:
        return english[0] if len({*map(id, english), *map(id, read_so)}) == 1 else None
    return _find_without_ending(wanted, spelled, endings)


def _find_without_ending(
    wanted: str, spelled: Sequence[tuple[T, Spellings]], endings: Sequence[str]
) -> T | None:
    """Return the only option whose Chinese name is the typed one but for a generic ending."""
    bare = _without_ending(wanted, endings)
    if not endings or not bare or bare.isascii():
        return None
    alike = [one for one, spelling in spelled if bare in spelling.name]
    named = [one for one, by in spelled if _without_ending(by.name, endings) == bare]
    return named[0] if len(named) == len(alike) == 1 else None


def _without_ending(name: str, endings: Sequence[str]) -> str:
    """Return a name without the longest of the endings that it has."""
    found = [one for one in endings if name.endswith(one) and name != one]
    return name.removesuffix(max(found, key=len)) if found else name


def find_within(
    typed: str, among: Sequence[T], synonyms: Synonyms, endings: Sequence[str]
) -> tuple[T, ...]:
    """Return the only option that a sentence names, or none: 我在西宁市上班 names 西宁.

    A name is one without its generic ending, or a synonym; in letters it is a whole word. A name
    within a longer one does not count.
    """
    sentence, words = normalize_name(typed), re.findall("[a-z]+", typed.casefold())
    named: dict[str, set[str]] = {}
    for one in among:
        spelling = _spellings_of(one)
        for name in (_without_ending(spelling.name, endings), spelling.english):
            named.setdefault(name, set()).add(one.code)
    for word, codes in synonyms.items():
        named.setdefault(word, set()).update(codes)
    said = [
        name
        for name in named
        if len(name) >= MIN_LETTERS and (name in words if name.isascii() else name in sentence)
    ]
    longest = [name for name in said if not any(name in other != name for other in said)]
    meant = set().union(*(named[name] for name in longest))
    return tuple(one for one in among if one.code in meant) if len(meant) == 1 else ()


def find(typed: str, among: Sequence[T], synonyms: Synonyms | None = None) -> tuple[T, ...]:
    """Return at most 12 options that the typed text may mean, best first.

    The first of these groups that has any: code or whole name; part of a name, or a synonym;
    pinyin, initials or English, from the beginning or within; similar spelling.
    """
    wanted = normalize_name(typed)
    if not _may_name(wanted):
        return ()
    meant = (synonyms or {}).get(wanted, ())
    spelled = [(one, _spellings_of(one)) for one in among]
    for group in _groups(wanted, meant):
        ranks = {n: _rank(group, spelling) for n, (_, spelling) in enumerate(spelled)}
        found = sorted((rank, n) for n, rank in ranks.items() if rank is not None)
        if found:
            return tuple(among[n] for _, n in found[:MAX_RESULTS])
    return _similar(wanted, spelled)


def _may_name(wanted: str) -> bool:
    return 0 < len(wanted) <= LONGEST


Criterion = Callable[["Spellings"], bool]


def _rank(group: Sequence[Criterion], spelling: Spellings) -> int | None:
    """Return the place of the first criterion that matches; None if none does."""
    return next((n for n, matches in enumerate(group) if matches(spelling)), None)


def _groups(wanted: str, meant: Collection[str]) -> Iterator[tuple[Criterion, ...]]:
    """Yield the groups of criteria, the strictest first."""
    yield (lambda one: _is_whole(wanted, one),)
    yield (
        lambda one: one.code in meant,
        lambda one: one.name.startswith(wanted),
        lambda one: wanted in one.name,
    )
    within: tuple[Criterion, ...] = (
        lambda one: _is_within(_matches_pinyin, wanted, one.syllables),
        lambda one: _is_within(_are_initials, wanted, one.syllables),
    )
    yield (
        lambda one: wanted == one.english,
        lambda one: _matches_pinyin(wanted, _usual(one.syllables)),
        *(
            (lambda one: _are_initials(wanted, _usual(one.syllables)),)
            if len(wanted) >= MIN_LETTERS
            else ()
        ),
        lambda one: one.english.startswith(wanted),
        lambda one: _matches_pinyin(wanted, one.syllables),
        *(within if len(wanted) >= MIN_LETTERS else ()),
        lambda one: wanted in one.english,
    )


def _is_whole(wanted: str, one: Spellings) -> bool:
    # Codes in letters are names in pinyin that nobody is shown: shanxi could be 山西 or 陕西.
    code = one.code if one.code.isdecimal() else ""
    labels = (one.name + code, one.english + code) if code else ()
    return wanted in (one.name, *labels) or digits_for_letters(wanted) == code


def _usual(syllables: Syllables) -> Syllables:
    return tuple(readings[:1] for readings in syllables)


def _is_within(
    matches: Callable[[str, Syllables], bool], wanted: str, syllables: Syllables
) -> bool:
    """Return whether the letters match from the second character on, or from a later one."""
    return any(matches(wanted, syllables[skipped:]) for skipped in range(len(syllables)))


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
    """The normalized spellings of an option, and its code as it is."""

    code: str
    name: str
    english: str
    syllables: Syllables


def _spellings_of(one: Searchable) -> Spellings:
    return _spellings(one.code, one.name, one.name_en)


@lru_cache(maxsize=4096)  # each search needs those of every option
def _spellings(code: str, name: str, english: str) -> Spellings:
    spelled = normalize_name(name)
    return Spellings(
        code, spelled, normalize_name(english), tuple(_readings(one) for one in spelled)
    )


@lru_cache(maxsize=4096)
def _readings(character: str) -> tuple[str, ...]:
    # Take all readings: choosing one (藏 in 西藏) would need a phrase table of 40 MB.
    (found,) = pinyin(character, style=Style.NORMAL, heteronym=True)
    return tuple(found)
