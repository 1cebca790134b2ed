"""What is said to people, as a key of the Fluent files and its arguments; never as a sentence."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeAlias

DEFAULT_LOCALE = "zh-CN"
"""The language of whoever has chosen none."""

Argument: TypeAlias = "str | int | date | datetime | Text"


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence to be: the key of a message in ``bot/locales`` and what stands in its places.

    An argument that is itself a ``Text`` is put into the person's language first.
    """

    key: str
    args: Mapping[str, Argument] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Problem(Text):
    """Why an answer cannot be taken: what is wrong, the limit, how to mend it, an example."""


def normalize_label(label: str) -> str:
    """A label as people type it: letters and digits only, so that no arrow or blank matters.

    >>> bare("⬅️ Go back")
    'goback'
    """
    return "".join(c for c in unicodedata.normalize("NFKC", label).casefold() if c.isalnum())
