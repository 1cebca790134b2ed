"""Messages for people as Fluent keys with arguments; ``bot/locales`` has the sentences."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeAlias

DEFAULT_LOCALE = "zh-CN"
"""Language of people who have chosen none."""

Argument: TypeAlias = "str | int | date | datetime | Text"


@dataclass(frozen=True, slots=True)
class Text:
    """The key of a Fluent message and its arguments; a ``Text`` argument is translated first."""

    key: str
    args: Mapping[str, Argument] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Problem(Text):
    """The reason why an input is invalid; its message names the limit, the remedy, an example."""


def normalize_label(label: str) -> str:
    """Return only the letters and digits of a label, so that typed and shown labels compare equal.

    >>> normalize_label("⬅️ Go back")
    'goback'
    """
    return "".join(c for c in unicodedata.normalize("NFKC", label).casefold() if c.isalnum())
