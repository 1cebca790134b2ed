"""Normalization and masking of typed numbers."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from states.characters import normalize_text
from states.characters.numerals import digits_for_letters

_LABEL: Final = re.compile(r"^[^0-9]*:\s*")
# The lookbehind lets no search begin within a run, which would take the square of its length.
_HAN_AROUND: Final = re.compile(r"^[\u3400-\u9fff\s]+|(?<![\u3400-\u9fff\s])[\u3400-\u9fff\s]+$")
_STOP: Final = " 。.,，、;；!！~…"
_DASHES: Final = re.compile("[‐-―−]")
# Letters of other alphabets, and the multiplication sign, that look like X; O stands for 0.
_LOOK_ALIKES: Final = str.maketrans("×ХΧOОΟ", "XXX000")


def without_label(text: str) -> str:
    """Return the normalized text without a label before it and a full stop after it.

    >>> without_label("毕业：2019年7月。")
    '2019年7月'
    """
    return _LABEL.sub("", normalize_text(text)).rstrip(_STOP)


def bare_digits(text: str) -> str:
    """Return a typed number without label, full stop and Chinese words around it; 0 for O.

    >>> bare_digits("我的手机号是 138 0013 8OOO。")
    '138 0013 8000'
    """
    return digits_for_letters(_HAN_AROUND.sub("", without_label(text)).strip("'\"“”「」"))


def normalize_number(text: str) -> str:
    """Return the bare number without blanks and dashes, in capitals; 0 for O, X for its like."""
    plain = (
        c for c in bare_digits(text) if c != " " and c != "−" and unicodedata.category(c) != "Pd"
    )
    return "".join(plain).upper().translate(_LOOK_ALIKES)


def tidy_code(text: str) -> str:
    """Return the code of a paper in one spelling: capitals, plain dashes, no blanks.

    >>> tidy_code("证书编号：ab－12 34。")
    'AB-1234'
    """
    return _DASHES.sub("-", without_label(text).replace(" ", "")).upper()


def visible_name(char: str) -> str:
    """Return the character itself, or its code point if it is not visible alone."""
    if char.isprintable() and not unicodedata.category(char).startswith("M"):
        return char
    return f"U+{ord(char):04X}"


def mask_all_but(text: str, shown: int) -> str:
    """Return the text with stars in place of all but its last ``shown`` characters."""
    hidden = max(len(text) - shown, 0)
    return "*" * hidden + text[hidden:]
