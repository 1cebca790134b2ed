"""The message of a broadcast: a text for each language with placeholders, and perhaps a file.

A placeholder is a name in braces. ``parse`` names each unknown one and each broken brace, so that
nobody reads a brace.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from states.texts import DEFAULT_LOCALE, Problem

MOST_TEXT: Final = 4095
MOST_CAPTION: Final = 1024
"""UTF-16 units of a text, and of the text below a photo or a document.

Telegram allows a message of one unit more. A message so long may be the first part of a text that
an app has cut: https://core.telegram.org/bots/api#sendmessage
"""


class Placeholder(StrEnum):
    """A part of a text that depends on its reader."""

    NAME = "name"
    CODE = "code"
    AREA = "area"
    SITE = "site"
    SPECIALTY = "specialty"
    STAGE = "stage"
    DEADLINE = "deadline"


LONGEST: Final[Mapping[Placeholder, int]] = {
    Placeholder.NAME: 60,
    Placeholder.CODE: 16,
    Placeholder.AREA: 60,
    Placeholder.SITE: 80,
    Placeholder.SPECIALTY: 80,
    Placeholder.STAGE: 60,
    Placeholder.DEADLINE: 40,
}
"""UTF-16 units that a placeholder's value may take; a longer value is cut."""
Piece = str | Placeholder
_BRACES: Final = str.maketrans("｛｝", "{}")
_PIECE: Final = re.compile(r"\{([^{}\n]*)\}")
_NEAR: Final = 12
"""Characters shown on each side of a broken brace."""


class FileKind(StrEnum):
    """The way in which a file is sent."""

    PHOTO = "photo"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """A file that Telegram has, by the id that it gave this bot."""

    kind: FileKind
    file_id: str


@dataclass(frozen=True, slots=True)
class BroadcastMessage:
    """The text in pieces by language, and the file. Chinese stands in for a missing language."""

    texts: Mapping[str, tuple[Piece, ...]] = field(default_factory=dict)
    file: AttachedFile | None = None

    def pieces(self, locale: str) -> tuple[Piece, ...]:
        """Return the text for a reader of this language."""
        return self.texts.get(locale) or self.texts.get(DEFAULT_LOCALE, ())

    @property
    def limit(self) -> int:
        """The most UTF-16 units of its text."""
        return MOST_CAPTION if self.file else MOST_TEXT

    def too_long(self) -> Problem | None:
        """Return the problem of a text that may go over the limit once it is filled in."""
        longest = max(map(filled_length, self.texts.values()), default=0)
        if longest <= self.limit:
            return None
        args = {"length": longest, "limit": self.limit, "over": longest - self.limit}
        return Problem("problem-broadcast-caption" if self.file else "problem-broadcast-long", args)

    def to_plain(self) -> dict[str, Any]:
        """Return the message as JSON values for ``of_plain``."""
        texts = {
            locale: [{"fill": one} if isinstance(one, Placeholder) else one for one in pieces]
            for locale, pieces in sorted(self.texts.items())
        }
        return {"texts": texts, "file": [self.file.kind, self.file.file_id] if self.file else None}

    @classmethod
    def of_plain(cls, plain: Mapping[str, Any]) -> BroadcastMessage:
        """Return the message of ``to_plain``."""
        texts = {
            locale: tuple(
                one if isinstance(one, str) else Placeholder(one["fill"]) for one in pieces
            )
            for locale, pieces in plain["texts"].items()
        }
        file = plain["file"]
        return cls(texts, AttachedFile(FileKind(file[0]), file[1]) if file else None)


def parse(text: str, names: Mapping[str, Placeholder]) -> tuple[Piece, ...] | Problem:
    """Split a typed text at its placeholders.

    Args:
        names: the placeholders by their names in all languages, in lower case.
    """
    plain = text.translate(_BRACES).strip()
    if not plain:
        return Problem("problem-broadcast-empty")
    found = _PIECE.split(plain)  # text, name, text, name, …, text
    unknown = [one for one in found[1::2] if one.strip().casefold() not in names]
    if unknown:
        named = " ".join(f"{{{one}}}" for one in dict.fromkeys(unknown))
        return Problem("problem-broadcast-unknown", {"names": named})
    broken = next((one for one in found[::2] if "{" in one or "}" in one), None)
    if broken is not None:
        at = re.search(r"[{}]", broken)
        near = broken[max(0, at.start() - _NEAR) : at.start() + _NEAR] if at else broken
        return Problem("problem-broadcast-brace", {"near": near})
    pieces: list[Piece] = [
        names[one.strip().casefold()] if number % 2 else one for number, one in enumerate(found)
    ]
    return tuple(one for one in pieces if one)


def is_cut(typed: str) -> bool:
    """Return whether a message is as long as any: it is then the first part of a longer text."""
    return _units(typed) > MOST_TEXT


def filled_length(pieces: Sequence[Piece]) -> int:
    """Return the most UTF-16 units of a text once its placeholders are filled in."""
    return sum(LONGEST[one] if isinstance(one, Placeholder) else _units(one) for one in pieces)


def _units(text: str) -> int:
    """Return the UTF-16 units of a text, as Telegram counts."""
    return len(text.encode("utf-16-le")) // 2
