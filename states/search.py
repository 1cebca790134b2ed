"""Finds what somebody means in a list: by code, characters, pinyin, initials, or nearly so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from difflib import get_close_matches
from functools import lru_cache
from typing import Protocol, TypeVar

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
    ways: tuple[Callable[[T], bool], ...] = (
        lambda one: wanted in (bare(one.code), bare(one.name), bare(one.name_en)),
        lambda one: bare(one.name).startswith(wanted),
        lambda one: wanted in bare(one.name),
        lambda one: _pinyin(one.name)[0].startswith(wanted),
        lambda one: len(wanted) >= SHORTEST_INITIALS and _pinyin(one.name)[1].startswith(wanted),
        lambda one: len(wanted) >= SHORTEST_INITIALS and wanted in _pinyin(one.name)[1],
        lambda one: wanted in bare(one.name_en),
    )
    for fits in ways:
        found = tuple(one for one in among if fits(one))
        if found:
            return found[:MOST]
    return _nearly(wanted, among)


def _nearly(wanted: str, among: Sequence[T]) -> tuple[T, ...]:
    spelled: dict[str, list[T]] = {}
    for one in among:
        whole = {bare(one.name), _pinyin(one.name)[0], bare(one.name_en)} - {""}
        # A beginning that is nearly right counts: people stop typing when it is clear to them.
        for spelling in whole | {spelling[: len(wanted)] for spelling in whole}:
            spelled.setdefault(spelling, []).append(one)
    close = get_close_matches(wanted, spelled, n=MOST, cutoff=CLOSE)
    found = {one.code: one for spelling in close for one in spelled[spelling]}
    return tuple(found.values())[:MOST]


@lru_cache(maxsize=4096)
def _pinyin(name: str) -> tuple[str, str]:
    """The name in pinyin without tones, and the initials alone."""
    letters = "".join(c for c in name if c.isalnum())  # as one: 西藏 is read xizang, 藏 alone cang
    whole = "".join(lazy_pinyin(letters, style=Style.NORMAL))
    initials = "".join(lazy_pinyin(letters, style=Style.FIRST_LETTER))
    return bare(whole), bare(initials)
