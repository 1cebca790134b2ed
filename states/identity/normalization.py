"""Normalization and masking of typed text."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

# Invisible characters outside of category Cf: Hangul fillers, combining joiners, and variation
# selectors, which select a glyph of the same character.
_INVISIBLE: Final = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)


def normalize_text(text: str) -> str:
    """Return the text as one line of visible characters, in NFKC.

    Control and zero-width characters go; blanks are trimmed and collapsed.
    """
    seen = "".join(c for c in _INVISIBLE.sub("", text) if c.isspace() or not _is_control(c))
    return " ".join(unicodedata.normalize("NFKC", seen).split())


def normalize_number(text: str) -> str:
    """Return the normalized text without blanks and dashes, in capitals; look-alikes become X."""
    plain = (
        c for c in normalize_text(text) if c != " " and c != "−" and unicodedata.category(c) != "Pd"
    )
    return "".join(plain).upper().translate(_LIKE_X)


_LIKE_X: Final = str.maketrans("×ХΧ", "XXX")


def _is_control(char: str) -> bool:
    return unicodedata.category(char) in ("Cc", "Cf")


def visible_name(char: str) -> str:
    """Return the character itself, or its code point if it is not visible alone."""
    if char.isprintable() and not unicodedata.category(char).startswith("M"):
        return char
    return f"U+{ord(char):04X}"


def mask_all_but(text: str, shown: int) -> str:
    """Return the text with stars in place of all but its last ``shown`` characters."""
    hidden = max(len(text) - shown, 0)
    return "*" * hidden + text[hidden:]
