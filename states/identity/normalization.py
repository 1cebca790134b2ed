"""Text as it comes from a keyboard, made one way of writing."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

# What is invisible but not of category Cf: Hangul fillers and combining joiners, and the variation
# selectors, which say how to draw a character but not which character it is.
_INVISIBLE: Final = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)


def normalize_text(text: str) -> str:
    """The text as one line of visible signs.

    Full-width letters and digits become plain ones and Kangxi radicals characters (NFKC);
    bidirectional controls, zero-width signs and other controls go; blanks are trimmed and
    collapsed.
    """
    seen = "".join(c for c in _INVISIBLE.sub("", text) if c.isspace() or not _is_control(c))
    return " ".join(unicodedata.normalize("NFKC", seen).split())


def normalize_number(text: str) -> str:
    """``normalise``, and without blanks and dashes, in capitals; ``×`` and Cyrillic Х are an X."""
    plain = (
        c for c in normalize_text(text) if c != " " and c != "−" and unicodedata.category(c) != "Pd"
    )
    return "".join(plain).upper().translate(_LIKE_X)


_LIKE_X: Final = str.maketrans("×ХΧ", "XXX")


def _is_control(char: str) -> bool:
    return unicodedata.category(char) in ("Cc", "Cf")


def visible_name(char: str) -> str:
    """The sign itself, or its code point where it shows nothing of its own."""
    if char.isprintable() and not unicodedata.category(char).startswith("M"):
        return char
    return f"U+{ord(char):04X}"
