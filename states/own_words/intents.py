"""Intents: requests in a person's own words, found by the examples that are most like them.

A phrasebook lists what people wrote, by intent. A text is cut into pieces: Chinese signs, words in
Latin letters, and pairs of neighbours. A piece weighs more the fewer examples have it.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from math import log, sqrt
from typing import Final

from states.characters import normalize_text, to_simplified

LONGEST: Final = 200
"""Characters of a text that the phrasebook reads; a longer one is no request."""
LIKE: Final = 0.14
"""The least likeness of a request, from 0 to 1; below it, the likeliest are only offered."""
SURE: Final = 0.24
"""The least likeness of a text that is hardly anything but a request."""
SHORT: Final = 4
"""The signs or words of a text that is like many others: a name, a department."""
HERE: Final = "here"
"""The target of a greeting, which asks for nothing."""
NOTHING: Final = "nothing"
"""The examples of a phrasebook that are no requests, although their words resemble some."""
BETWEEN: Final = "between"
"""The table of words and signs that separate the parts of a question, by language."""
ASKING: Final = "asking"
"""The table of words that only questions have: between two questions, a comma separates, too."""
AHEAD: Final = 0.15
"""The lead of a short part of a question: without it, the part only goes on about another one."""
_LANGUAGES: Final = ("zh", "en")
_COMPARED: Final = 3
"""A text is as like an intent as it is on average to this many of its examples."""
_BEGINNING: Final = 4
"""The letters at the beginning that a word has in common with its other forms."""
_COMMA: Final = re.compile("[,，]")
_TOKEN: Final = re.compile(r"[a-z0-9]+|[^\W_]")


class BadPhrasebook(ValueError):
    """A phrasebook has a mistake; the text names the intent."""


@dataclass(frozen=True, slots=True)
class Intent:
    """A request, and the screen or step that answers it: the value of a button that works anywhere.

    An intent only opens: no target decides, stores or deletes anything.
    """

    name: str
    target: str


class Phrasebook:
    """Examples of requests in all languages, in the order of the file.

    ``examples``: a text and its intent; None where the text is no request.
    """

    def __init__(
        self,
        examples: Sequence[tuple[str, Intent | None]],
        between: Sequence[str] = (),
        asking: Sequence[str] = (),
    ) -> None:
        self.examples = tuple(examples)
        self._wholes = {
            _tokens(text): intent.target if intent else None for text, intent in examples
        }
        self._targets = [target or NOTHING for target in self._wholes.values()]
        pieces = [_pieces(tokens) for tokens in self._wholes]
        counts = Counter(chain.from_iterable(pieces))
        self._weights = {piece: _weight(len(examples), times) for piece, times in counts.items()}
        self._rarest = _weight(max(len(examples), 1), 1)
        self._having = defaultdict[str, list[tuple[int, float]]](list)
        for number, those in enumerate(pieces):
            length = self._length(those)
            for piece in those:
                self._having[piece].append((number, self._weights[piece] ** 2 / length))
        self._between, self._asking = _any_of(between), _any_of(asking)

    @classmethod
    def parse(cls, source: Mapping[str, Mapping[str, object]]) -> Phrasebook:
        """Read a phrasebook: for each intent its ``target``, and a list of examples a language.

        Raises:
            BadPhrasebook: an intent has no target or no example, or an example is empty or double.
        """
        examples, known = list[tuple[str, Intent | None]](), set[tuple[str, ...]]()
        for name, entry in source.items():
            if name in (BETWEEN, ASKING):
                continue
            intent = Intent(name, str(entry.get("target", ""))) if name != NOTHING else None
            texts = _texts(name, entry)
            if not texts or (intent is not None and not intent.target):
                raise BadPhrasebook(f"{name}: wanted a target and examples")
            for text in texts:
                if not (tokens := _tokens(text)) or tokens in known:
                    raise BadPhrasebook(f"{name}: {text!r} is empty or stands twice")
                known.add(tokens)
                examples.append((text, intent))
        words = (_texts(name, source.get(name, {})) for name in (BETWEEN, ASKING))
        return cls(examples, *words)

    @property
    def intents(self) -> tuple[Intent, ...]:
        """Every intent once."""
        return tuple(dict.fromkeys(intent for _, intent in self.examples if intent is not None))

    def find(self, text: str) -> str | None:
        """Return the target whose examples are most like the text; None where none is like it."""
        tokens = _tokens(text)
        if tokens in self._wholes:
            return self._wholes[tokens]
        return self._most_like(text, SURE if len(tokens) <= SHORT else LIKE)

    def find_surely(self, text: str) -> str | None:
        """Return the target like ``find``, of a text that is hardly anything but a request.

        A short text shares its signs with many examples: it must be one of them.
        """
        tokens = _tokens(text)
        if tokens in self._wholes or len(tokens) <= SHORT:
            return self._wholes.get(tokens)
        return self._most_like(text, SURE)

    def find_example(self, text: str) -> str | None:
        """Return the target of the example that says the same; None where none does."""
        return self._wholes.get(_tokens(text))

    def _most_like(self, text: str, at_least: float) -> str | None:
        likeness = self.likeness(text)
        target = max(likeness, key=likeness.__getitem__, default=NOTHING)
        return target if target != NOTHING and likeness[target] >= at_least else None

    def find_each(self, text: str) -> tuple[str, ...]:
        """Return the targets of a question's parts, each once; one where it asks one thing.

        A question is one thing, too, where the whole is an example, or most like examples that no
        part is like.
        """
        whole = self.find(text)
        if whole is None:
            return ()
        parts = self._parts(text) if self.find_example(text) is None else []
        targets = [self._find_part(part) for part in parts] if len(parts) > 1 else []
        found = tuple(dict.fromkeys(one for one in targets if one is not None and one != HERE))
        return found if whole in targets and len(found) > 1 else (whole,)

    def _parts(self, text: str) -> list[str]:
        """Return the parts of a question; a comma ends one where something is asked on both sides.

        A piece that asks nothing belongs to the next one that does: “钱交了，怎么退钱”.
        """
        parts = list[str]()
        for part in self._between.split(text):
            pieces, open_piece = list[str](), ""
            for piece in filter(str.strip, _COMMA.split(part)):
                open_piece = f"{open_piece},{piece}" if open_piece else piece
                if self._asking.search(piece):
                    pieces.append(open_piece)
                    open_piece = ""
            if len(pieces) > 1 and open_piece:
                pieces[-1] = f"{pieces[-1]},{open_piece}"
            parts += pieces if len(pieces) > 1 else [part]
        return parts

    def _find_part(self, part: str) -> str | None:
        """Return the target of a part; None for a short one that others resemble, too: “怎么换”."""
        target, tokens = self.find(part), _tokens(part)
        if target is None or len(tokens) > SHORT or tokens in self._wholes:
            return target
        first, second = sorted((*self.likeness(part).values(), 0.0), reverse=True)[:2]
        return target if first - second >= AHEAD else None

    def likely(self, text: str) -> tuple[str, ...]:
        """Return the targets with an example that shares a piece with the text, the best first."""
        likeness = self.likeness(text)
        ranked = sorted(likeness, key=likeness.__getitem__, reverse=True)
        return tuple(target for target in ranked if target != NOTHING)

    def likeness(self, text: str) -> dict[str, float]:
        """Return how like each target's examples a text is, from 0 to 1; without those at 0.

        Two texts are as like each other as the cosine between their pieces' weights.
        """
        pieces = _pieces(_tokens(text)) if len(text) <= LONGEST else ()
        shared = defaultdict[int, float](float)
        for piece in pieces:
            for number, share in self._having.get(piece, ()):
                shared[number] += share
        length = self._length(pieces)
        cosines = defaultdict[str, list[float]](list)
        for number, share in shared.items():
            cosines[self._targets[number]].append(share / length)
        return {target: _mean_of_best(those) for target, those in cosines.items()}

    def _length(self, pieces: Sequence[str]) -> float:
        return sqrt(sum(self._weights.get(piece, self._rarest) ** 2 for piece in pieces))


def _any_of(words: Sequence[str]) -> re.Pattern[str]:
    """Return a pattern of words, those in Latin letters as wholes; of none it matches no text."""
    wholes = (
        rf"\b{re.escape(one)}\b" if one.isalpha() and one.isascii() else re.escape(one)
        for one in words
    )
    return re.compile("|".join(wholes) or r"(?!)", re.IGNORECASE)


def _mean_of_best(cosines: Sequence[float]) -> float:
    return sum(sorted(cosines, reverse=True)[:_COMPARED]) / _COMPARED


def _weight(examples: int, times: int) -> float:
    return 1 + log(examples / times)


def _tokens(text: str) -> tuple[str, ...]:
    """Return the Chinese signs and the words in Latin letters of a text.

    Traditional characters are read as simplified ones; punctuation and apostrophes are not read.
    """
    plain = to_simplified(normalize_text(text)).casefold()
    return tuple(_TOKEN.findall(plain.replace("’", "").replace("'", "")))


def _pieces(tokens: Sequence[str]) -> tuple[str, ...]:
    """Return what texts are compared by, each piece once.

    They are the tokens, the pairs of neighbours, with the ends, and the beginnings of words.
    """
    if not tokens:
        return ()
    pairs = (" ".join(pair) for pair in pairwise(["", *tokens, ""]))
    beginnings = (f"{token[:_BEGINNING]}-" for token in tokens if len(token) >= _BEGINNING)
    return tuple(dict.fromkeys((*tokens, *pairs, *beginnings)))


def _texts(name: str, entry: Mapping[str, object]) -> list[str]:
    """Return the texts of a table in all languages."""
    texts = list[str]()
    for language in _LANGUAGES:
        listed = entry.get(language, [])
        if not isinstance(listed, list):
            raise BadPhrasebook(f"{name}: wanted a list of examples")
        texts += map(str, listed)
    return texts
