"""Messages for people as Fluent keys with arguments; ``bot/locales`` has the sentences."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import field
from datetime import date, datetime
from typing import ClassVar, Self, TypeAlias

from states.characters import normalize_text
from states.values import dataclass

DEFAULT_LOCALE = "zh-CN"
"""Language of people who have chosen none."""
LOCALES = (DEFAULT_LOCALE, "en")
"""The languages of the bot, in the order in which they are offered."""

Argument: TypeAlias = "str | int | date | datetime | Text"


@dataclass(frozen=True, slots=True)
class Text:
    """The key of a Fluent message and its arguments; a ``Text`` argument is translated first."""

    key: str
    args: Mapping[str, Argument] = field(default_factory=dict)


class Explained(Exception):
    """An error whose ``text`` tells people the fault and the remedy; a log gets key and values."""

    def __init__(self, text: Text) -> None:
        super().__init__(" ".join([text.key, *map(str, text.args.values())]))
        self.text = text


@dataclass(frozen=True, slots=True)
class Problem(Text):
    """The reason why an input is invalid; its message names the limit, the remedy, an example."""


@dataclass(frozen=True, slots=True)
class Headline(Text):
    """A text of which only the first line is shown: the question, without how to answer it."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """A mistake in an exam's definition: its key path, the rule, and the arguments of its text.

    A log gets path and rule. A validator raises ``ValueError`` with a mistake, whose path begins
    at its own part of the definition.
    """

    family: ClassVar[str] = "mistake"

    path: str
    rule: str
    args: Mapping[str, Argument] = field(default_factory=dict)

    @classmethod
    def of(cls, path: str, rule: str, /, **args: Argument) -> Self:
        """Return the mistake with these arguments."""
        return cls(path, rule, args)

    @property
    def text(self) -> Text:
        """The fault, and the remedy or an example."""
        return Text(f"{self.family}-{self.rule}", self.args)

    @property
    def line(self) -> Text:
        """The key path and the text."""
        return Text("exam-mistake", {"path": self.path, "text": self.text})

    def __str__(self) -> str:
        """Return path and rule, as logs have them."""
        return f"{self.path}: {self.rule}"


def none_of(path: str, given: str, choices: Iterable[str]) -> Mistake:
    """Return the mistake of a value that is none of the choices."""
    return Mistake.of(path, "none-of", given=given, choices=", ".join(choices))


def normalize_label(label: str) -> str:
    """Return the letters and digits of a label, so that typed and shown labels compare equal.

    Blanks, punctuation, symbols and pictographs go. Marks and characters without a known meaning
    stay: they may be a damaged letter, and without it the label could be that of another thing.

    >>> normalize_label("⬅️ Go back")
    'goback'
    """
    plain = normalize_text(label).casefold()
    return plain if plain.isalnum() else "".join(c for c in plain if not _is_around_words(c))


def _is_around_words(char: str) -> bool:
    return unicodedata.category(char)[0] in "ZPS" and char != "\ufffd"
