"""The rule of a name: Chinese characters with ``·``, or Latin letters (domain §1.1)."""

from __future__ import annotations

import re
from typing import Final

from states.characters import normalize_text
from states.identity.normalization import visible_name
from states.texts import Problem

SHORTEST_NAME: Final = 2
LONGEST_NAME: Final = 30
"""Length of a name in Chinese characters with dots; the old system took 20 (domain §1.1)."""
LONGEST_LATIN_NAME: Final = 60
"""Length of a name in Latin letters; passports print up to 39 or a few more."""

# The unified ideographs with extensions A to J, the distinct characters of the compatibility
# block, and 〇, which occurs in names.
_HAN: Final = "\u3007\u3400-\u4dbf\u4e00-\u9fff\ufa0e-\ufa29\U00020000-\U0003347f"
_DOTS: Final = "·•‧∙⋅●・ꞏ⸱⸳᛫ᐧ"
_LATIN: Final = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff"
_PRIVATE: Final = "\ue000-\uf8ff\U000f0000-\U0010fffd"

_HAS_HAN: Final = re.compile(f"[{_HAN}]")
_FOREIGN: Final = re.compile(f"[^{_HAN}{_LATIN}·()' .-]")
# Pinyin, in brackets or not, replaces a character that a system lacks: 王(suo) (domain §1.1).
_UNIT: Final = rf"(?:[{_HAN}]|\([{_LATIN}]+\)|[{_LATIN}]+)"
_HAN_NAME: Final = re.compile(f"{_UNIT}(?:·?{_UNIT})*")
_LATIN_NAME: Final = re.compile(rf"[{_LATIN}]+(?:(?:[ '·-]|\. ?)[{_LATIN}]+)*\.?")


def check_name(text: str) -> str | Problem:
    """Return the name as on the document, in Chinese characters or Latin letters.

    Look-alike dots become ``·`` (U+00B7) and blanks between Chinese characters go. The limit is 30
    characters with Chinese ones, else 60.
    """
    name = _tidied_name(text)
    odd = _FOREIGN.search(name)
    if odd:
        if re.match(f"[{_PRIVATE}\ufffd]", odd[0]):
            return Problem("problem-name-unencoded")
        return Problem("problem-name-character", {"char": visible_name(_as_typed(odd[0], text))})
    if len(name) < SHORTEST_NAME:
        return Problem("problem-name-short", {"limit": SHORTEST_NAME})
    has_han = _HAS_HAN.search(name) is not None
    limit = LONGEST_NAME if has_han else LONGEST_LATIN_NAME
    if len(name) > limit:
        return Problem("problem-name-long", {"count": len(name), "limit": limit})
    if name.startswith("·") or name.endswith("·"):
        return Problem("problem-name-dot")
    if not (_HAN_NAME if has_han else _LATIN_NAME).fullmatch(name):
        return Problem("problem-name-shape")
    return name


def _as_typed(char: str, text: str) -> str:
    """Return a character as the person typed it: ``,`` was perhaps ``，``."""
    return next((one for one in text if normalize_text(one) == char), char)


def _tidied_name(text: str) -> str:
    name = re.sub("[’‘ʼ`´]", "'", normalize_text(text))
    if _HAS_HAN.search(name):
        name = name.rstrip("。.")  # the end of a sentence, not a part of the name
        name = re.sub(f"[{_DOTS}.。]+", "·", name)
        return re.sub(rf" *([{_HAN}·()]) *", r"\1", name)
    return re.sub(f"[{_DOTS}]+", "·", name)


def mask_name(name: str) -> str:
    """Return the first character and at most three stars: the length of a name stays hidden."""
    return name[:1] + "*" * min(len(name) - 1, 3) if name else ""
