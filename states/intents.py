"""Intents: requests in a person's own words, found by the patterns of a phrasebook.

A pattern is a row of parts, divided by blanks. Every part must occur in the text; a part with a
minus must not. A part lists alternatives, divided by ``|``; ``_`` stands for a blank. A part in
Latin letters begins a word ("pay" is in "payment"), and with a final dot it is the whole word.
Spoken words and slips have one written form, in patterns and in texts: the table ``spoken``. One in
Latin letters counts as a whole word of a text. Traditional characters are read as simplified ones.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

from states.characters import to_simplified

LONGEST: Final = 200
"""Characters of a text that the phrasebook reads; a longer one is no request."""
_WORD: Final = re.compile(r"[a-z0-9']+")
_WEIGHT: Final = 3
"""The weight of a Chinese character beside a Latin letter."""
HERE: Final = "here"
"""The target of a greeting, which asks for nothing."""
SPOKEN: Final = "spoken"
"""The table of a phrasebook that is no intent: spoken words, and the written ones they mean."""
BETWEEN: Final = "between"
"""The table of words and signs that separate the parts of a question, by language."""
_NONE: Final[Mapping[str, int]] = {}


class BadPhrasebook(ValueError):
    """A phrasebook has a mistake; the text names the intent."""


@dataclass(frozen=True, slots=True)
class Intent:
    """A request, and the screen or step that answers it: the value of a button that works anywhere.

    An intent only opens: no target decides, stores or deletes anything.
    """

    name: str
    target: str


@dataclass(frozen=True, slots=True)
class _Pattern:
    intent: Intent
    wanted: tuple[tuple[str, ...], ...]
    unwanted: tuple[str, ...]

    def weight(self, found: Mapping[str, int]) -> int:
        """Return how much of the text the pattern explains; 0 if it does not match."""
        if any(part in found for part in self.unwanted):
            return 0
        weights = self._weights(found)
        return sum(weights) if all(weights) else 0

    def likeness(self, found: Mapping[str, int]) -> int:
        """Return how much of the text at least one part of the pattern explains."""
        return sum(self._weights(found))

    def _weights(self, found: Mapping[str, int]) -> list[int]:
        return [max(found.get(part, 0) for part in parts) for parts in self.wanted]


@dataclass(frozen=True, slots=True)
class _Said:
    """A text in the two forms that parts are looked up in."""

    joined: str
    words: str

    @classmethod
    def of(cls, text: str, spoken: Mapping[str, str]) -> _Said:
        plain = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
        signs = "".join(sign for sign in to_simplified(plain) if sign.isalnum())
        written = (spoken.get(word, word) for word in _WORD.findall(plain))
        words = " ".join(word for word in written if word)
        return cls(_written(signs, spoken), f" {words} ")

    @property
    def weight(self) -> int:
        """The weight of the whole text."""
        return sum(1 if sign.isascii() else _WEIGHT for sign in self.joined)


class _Parts:
    """The parts of all patterns, by their first sign, so that a text asks only for few of them."""

    def __init__(self, patterns: Iterable[_Pattern]) -> None:
        self._latin: dict[str, dict[str, int]] = {}
        self._others: dict[str, dict[str, int]] = {}
        for pattern in patterns:
            for part in (*pattern.unwanted, *chain.from_iterable(pattern.wanted)):
                if part.isascii():
                    self._latin.setdefault(part[0], {})[part] = len(part.rstrip("."))
                else:
                    self._others.setdefault(part[0], {})[part] = _WEIGHT * len(part)

    def found_in(self, said: _Said) -> dict[str, int]:
        """Return the parts that occur in a text, with the weight of each."""
        found = {}
        for at, sign in enumerate(said.joined):
            for part, weight in self._others.get(sign, _NONE).items():
                if said.joined.startswith(part, at):
                    found[part] = weight
        for word in _WORD.finditer(said.words):
            for part, weight in self._latin.get(word[0][0], _NONE).items():
                begins = f"{part[:-1]} " if part.endswith(".") else part
                if said.words.startswith(begins, word.start()):
                    found[part] = weight
        return found


def _written(text: str, spoken: Mapping[str, str]) -> str:
    """Return a text with written words instead of spoken ones; words in Latin letters stay."""
    for one, written in spoken.items():
        if not one.isascii():
            text = text.replace(one, written)
    return text


class Phrasebook:
    """The intents of every language, in the order of the file."""

    def __init__(
        self,
        patterns: Sequence[_Pattern],
        spoken: Mapping[str, str],
        between: Sequence[str] = (),
    ) -> None:
        self._patterns = tuple(patterns)
        self._spoken = spoken
        self._parts = _Parts(patterns)
        self._wanting: dict[str, list[int]] = {}
        for number, pattern in enumerate(patterns):
            for part in chain.from_iterable(pattern.wanted):
                self._wanting.setdefault(part, []).append(number)
        words = (
            rf"\b{re.escape(one)}\b" if one.isalpha() and one.isascii() else re.escape(one)
            for one in between
        )
        self._between = re.compile("|".join(words) or r"\Z", re.IGNORECASE)

    @classmethod
    def parse(cls, source: Mapping[str, Mapping[str, object]]) -> Phrasebook:
        """Read a phrasebook: for each intent its ``target``, and a list of patterns a language.

        Raises:
            BadPhrasebook: an intent has no target or no pattern, or a pattern is empty.
        """
        patterns = []
        spoken = {one: str(written) for one, written in source.get(SPOKEN, {}).items()}
        for name, entry in source.items():
            if name in (SPOKEN, BETWEEN):
                continue
            languages = dict(entry)
            intent = Intent(name, str(languages.pop("target", "")))
            listed = [
                _parse(intent, one, spoken)
                for many in languages.values()
                for one in _list(name, many)
            ]
            if not intent.target or not listed:
                raise BadPhrasebook(f"{name}: wanted a target and patterns")
            patterns += listed
        separators = source.get(BETWEEN, {}).values()
        between = [one for many in separators for one in _list(BETWEEN, many)]
        return cls(patterns, spoken, between)

    @property
    def intents(self) -> tuple[Intent, ...]:
        """Every intent once."""
        return tuple(dict.fromkeys(pattern.intent for pattern in self._patterns))

    def find(self, text: str) -> Intent | None:
        """Return the intent whose pattern explains most of the text; None where none matches."""
        return next(iter(self._ranked(text, _Pattern.weight)), None)

    def find_each(self, text: str) -> tuple[Intent, ...]:
        """Return the intents of a question's parts, each target once; one where it asks one thing.

        A pattern for several parts at once explains more of the whole than of any part: it counts.
        """
        whole = self.find(text)
        if whole is None:
            return ()
        found = [self.find(part) for part in self._between.split(text) if part.strip()]
        parts = {one.target: one for one in found if one is not None and one.target != HERE}
        if whole not in found or len(parts) < 2:
            return (whole,)
        return tuple(parts.values())

    def find_explaining(self, text: str, share: float) -> Intent | None:
        """Return the intent like ``find``, if its pattern explains at least this share of all."""
        said = self._read(text)
        best = self._weights(said, _Pattern.weight)
        intent = max(best, key=best.__getitem__, default=None)
        return intent if intent is not None and best[intent] >= share * said.weight else None

    def likely(self, text: str) -> tuple[Intent, ...]:
        """Return the intents of which at least one part occurs in the text, the best first."""
        return self._ranked(text, _Pattern.likeness)

    def _ranked(self, text: str, measure: _Measure) -> tuple[Intent, ...]:
        best = self._weights(self._read(text), measure)
        return tuple(sorted(best, key=lambda intent: -best[intent]))

    def _read(self, text: str) -> _Said:
        """Read a text; a longer one than ``LONGEST`` is read as an empty one."""
        return _Said.of(text if len(text) <= LONGEST else "", self._spoken)

    def _weights(self, said: _Said, measure: _Measure) -> dict[Intent, int]:
        """Return the weight of each intent with a matching pattern, in the order of the file."""
        found, best = self._parts.found_in(said), dict[Intent, int]()
        wanting = {number for part in found for number in self._wanting.get(part, ())}
        for pattern in (self._patterns[number] for number in sorted(wanting)):
            weight = measure(pattern, found)
            if weight > best.get(pattern.intent, 0):
                best[pattern.intent] = weight
        return best


_Measure = Callable[[_Pattern, Mapping[str, int]], int]


def _list(name: str, patterns: object) -> list[str]:
    if not isinstance(patterns, list):
        raise BadPhrasebook(f"{name}: wanted a list of patterns")
    return [str(one) for one in patterns]


def _parse(intent: Intent, pattern: str, spoken: Mapping[str, str]) -> _Pattern:
    wanted, unwanted = [], list[str]()
    for part in pattern.split():
        spelled = [one.replace("_", " ") for one in part.removeprefix("-").split("|") if one]
        alternatives = list(dict.fromkeys(_written(one, spoken) for one in spelled))
        if not alternatives or "" in alternatives:
            raise BadPhrasebook(f"{intent.name}: {pattern!r} has an empty part")
        if part.startswith("-"):
            unwanted += alternatives
        else:
            wanted.append(tuple(alternatives))
    if not wanted:
        raise BadPhrasebook(f"{intent.name}: {pattern!r} looks for nothing")
    return _Pattern(intent, tuple(wanted), tuple(unwanted))
