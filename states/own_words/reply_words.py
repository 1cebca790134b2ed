"""Replies: words that answer the bot and no question of a form, such as yes, back, or later.

``bot/locales/replies.toml`` lists them. They count only as a whole message. Nothing else is known
from them: a name or a place is never read out of a sentence without being offered.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from itertools import chain
from typing import Any, Final

from states.characters import normalize_text, to_simplified
from states.list_search import normalize_name

_BETWEEN: Final = re.compile(r"[，,。.；;：:！!？?、·\n]+")
_AROUND, _SHORT, _INTRODUCTIONS, _EXCUSES = "around", "short", "introductions", "excuses"
_FIELDS: Final = "fields"
_MOST_PARTS: Final = 20
"""The most parts of a reply, such as the three of 好的，没问题，提交."""
_LONGEST_EXCUSE: Final = 200
"""The most characters of a sentence that is no answer; whoever writes more describes something."""
_ADDED: Final = re.compile(r"[(（\[【][^(（\[【)）\]】]*[)）\]】]")
"""A remark in brackets, such as （微信同号）."""


class Reply(StrEnum):
    """The kinds of replies. AGREE gives a consent, NEXT goes on, DONE has no more to send."""

    YES = "yes"
    NO = "no"
    AGREE = "agree"
    BACK = "back"
    LEAVE = "leave"
    SKIP = "skip"
    ALL = "all"
    DONE = "done"
    NEXT = "next"


class BadReplies(ValueError):
    """The file of replies has a mistake; the text names the table."""


@dataclass(frozen=True)
class Replies:
    """The words of each kind, and the buttons that they press.

    Args:
        words: normalized words by kind.
        presses: keys of labels by kind.
        short: normalized short forms by the key of a label.
        introductions: what stands before an answer in a sentence, by what is asked.
        around: what may stand before and after the words: ``leading`` and ``trailing``.
        excuses: regular expressions of sentences that are no answer, in simplified lower case.
        fields: normalized words for the questions of the form, by their keys.
    """

    words: Mapping[Reply, frozenset[str]] = field(default_factory=dict)
    presses: Mapping[Reply, frozenset[str]] = field(default_factory=dict)
    short: Mapping[str, frozenset[str]] = field(default_factory=dict)
    introductions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    around: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    excuses: tuple[re.Pattern[str], ...] = ()
    fields: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def parse(cls, source: Mapping[str, Any]) -> Replies:
        """Read the file of replies.

        Raises:
            BadReplies: a table is none that is known, or a kind has no words.
        """
        known = {*Reply, _AROUND, _SHORT, _INTRODUCTIONS, _EXCUSES, _FIELDS}
        if unknown := source.keys() - known:
            raise BadReplies(f"{min(unknown)}: no such table")
        for kind in Reply:
            if kind in source and not source[kind].get("words"):
                raise BadReplies(f"{kind}: wanted words")
        kinds = [kind for kind in Reply if kind in source]
        return cls(
            {kind: frozenset(map(normalize_name, source[kind]["words"])) for kind in kinds},
            {kind: frozenset(source[kind].get("presses", ())) for kind in kinds},
            {key: frozenset(map(normalize_name, s)) for key, s in source.get(_SHORT, {}).items()},
            {of: _longest_first(words) for of, words in source.get(_INTRODUCTIONS, {}).items()},
            {
                side: _longest_first([*map(normalize_name, words)])
                for side, words in source.get(_AROUND, {}).items()
            },
            tuple(map(re.compile, chain.from_iterable(source.get(_EXCUSES, {}).values()))),
            {key: frozenset(map(normalize_name, s)) for key, s in source.get(_FIELDS, {}).items()},
        )

    def is_reply(self, kind: Reply, text: str) -> bool:
        """Return whether the whole text is a reply of this kind."""
        return kind in self.kinds(text)

    def kinds(self, text: str) -> frozenset[Reply]:
        """Return the kinds of reply that the whole text can be."""
        return self.kinds_of(self.forms(text))

    def kinds_of(self, forms: Iterable[str]) -> frozenset[Reply]:
        """Return the kinds of reply that have one of these spellings (``forms``)."""
        return frozenset(kind for kind, words in self.words.items() if not words.isdisjoint(forms))

    def forms(self, text: str) -> tuple[str, ...]:
        """Return the spellings that a typed reply is looked up in, the text as it is first.

        >>> Replies.parse({"yes": {"words": ["对的"]}}).forms("对的，提交！")
        ('对的提交', '提交')
        """
        return tuple(dict.fromkeys(form for form in self._forms(text) if form))

    def _forms(self, text: str) -> Iterator[str]:
        yield (whole := normalize_name(text))
        yield self._bare(whole)
        if not 1 < len(split := _BETWEEN.split(text)) <= _MOST_PARTS:
            return
        parts = [part for one in split if (part := normalize_name(one))]
        while len(parts) > 1 and parts[0] in self.words.get(Reply.YES, ()):
            parts = parts[1:]
            yield (rest := "".join(parts))
            yield self._bare(rest)

    def _bare(self, word: str) -> str:
        """Return a word without what may stand around it; itself where nothing would be left."""
        for before in self.around.get("leading", ()):
            if len(word) > len(before) and word.startswith(before):
                word = word.removeprefix(before)
                break
        for after in self.around.get("trailing", ()):
            if len(word) > len(after) and word.endswith(after):
                return word.removesuffix(after)
        return word

    def introduced(self, of: str, text: str) -> str:
        """Return the answer inside of a sentence, to offer it; empty where there is none.

        >>> Replies.parse({"introductions": {"name": ["我叫"]}}).introduced("name", "我叫林晓燕。")
        '林晓燕'
        """
        plain = _ADDED.sub("", text).strip().rstrip("。.!！")
        for words in self._introductions(of):
            if words.match(plain):
                return words.sub("", plain, count=1).strip()
        return plain if plain != text.strip() else ""

    def _introductions(self, of: str) -> Iterator[re.Pattern[str]]:
        for one in self.introductions.get(of, ()):
            end = r"\b" if one.isascii() else ""
            yield re.compile(rf"{_spelled(one)}{end}[\s:：,，]*(?=\S)", re.IGNORECASE)

    def field_in(self, text: str) -> str:
        """Return the key of the question whose word the text has, the longest word first.

        >>> Replies.parse({"fields": {"mobile": ["手机"]}}).field_in("我的手机号要改")
        'mobile'
        """
        plain = normalize_name(text)
        found = [(len(w), key) for key, words in self.fields.items() for w in words if w in plain]
        return max(found, key=lambda one: one[0])[1] if found else ""

    def without_field(self, key: str, text: str) -> str:
        """Return a normalized text without the word for its own question, at its begin or end.

        >>> Replies.parse({"fields": {"landline": ["座机"]}}).without_field("landline", "座机没有")
        '没有'
        """
        plain = normalize_name(text)
        for word in sorted(self.fields.get(key, ()), key=len, reverse=True):
            if word in plain:
                return plain.removeprefix(word).removesuffix(word)
        return plain

    def is_introduction(self, text: str) -> bool:
        """Return whether a text only introduces an answer, and has none."""
        return normalize_name(text) in self._introducing

    @cached_property
    def _introducing(self) -> frozenset[str]:
        return frozenset(map(normalize_name, chain.from_iterable(self.introductions.values())))

    def is_excuse(self, text: str) -> bool:
        """Return whether a text looks like a sentence that is no answer."""
        if len(text) > _LONGEST_EXCUSE:
            return False
        plain = to_simplified(normalize_text(text)).casefold().replace("’", "'")
        return any(excuse.search(plain) for excuse in self.excuses)


def _longest_first(words: object) -> tuple[str, ...]:
    if not isinstance(words, list):
        raise BadReplies("wanted a list of words")
    return tuple(sorted(map(str, words), key=lambda one: -len(one)))


def _spelled(words: str) -> str:
    """Return a pattern of words with any blanks between them, and either apostrophe."""
    return r"\s*".join(map(re.escape, words.split())).replace("'", "['’]")
