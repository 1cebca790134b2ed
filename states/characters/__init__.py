"""Typed characters: one spelling for characters that look the same or mean the same.

``radicals.txt`` and ``traditional.txt`` are derived data; their first lines name the source.
"""

from __future__ import annotations

import re
import unicodedata
from importlib import resources
from typing import Final

# Invisible characters outside of category Cf: Hangul fillers, combining joiners, and variation
# selectors, which select a glyph of the same character.
_INVISIBLE: Final = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)

_JOINER: Final = "\u2060"
_ADDRESS: Final = re.compile(
    r"(?<![@\w.-])(?:[a-z][a-z0-9+.-]*://\S+|(?:[\w-]+\.)+[a-z]{2,}(?![\w@.-])\S*)", re.IGNORECASE
)
_ACCOUNT: Final = re.compile(r"(?<!\w)@(?=\w)(\w)")


def _pairs(file: str) -> dict[int, str]:
    """Read a table: pairs of characters between blanks, below lines with ``#``."""
    text = (resources.files(__name__) / file).read_text("utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return {ord(pair[0]): pair[1:] for line in lines for pair in line.split()}


# NFKC knows the Kangxi radicals and two others; text copied from a PDF has them all.
_IDEOGRAPHS: Final = _pairs("radicals.txt")
_SIMPLIFIED: Final = _pairs("traditional.txt")


def normalize_text(text: str) -> str:
    """Return the text as one line of visible characters, in NFKC, with ideographs for radicals.

    Control and zero-width characters go; blanks are trimmed and collapsed.
    """
    seen = _INVISIBLE.sub("", text)
    if not seen.isprintable():
        seen = "".join(c for c in seen if c.isspace() or not _is_control(c))
    return " ".join(unicodedata.normalize("NFKC", seen.translate(_IDEOGRAPHS)).split())


def plain_lines(text: str) -> str:
    """Return typed words as lines of visible characters, for others to read.

    Control characters go, and those that turn the direction of writing; a joiner of emoji stays.

    >>> plain_lines("请带\u202e原件\\n再来 ")
    '请带原件\\n再来'
    """
    seen = (c for c in text if c in "\n\u200d" or not _is_control(c))
    return "".join(seen).strip()


def inert(text: str) -> str:
    """Return a text in which a messenger makes no address or account a link; mail stays whole.

    >>> inert("见 example.com").replace("\u2060", "|")
    '见 example|.com'
    """
    return _ACCOUNT.sub(rf"@{_JOINER}\1", _ADDRESS.sub(_broken, text))


def _broken(address: re.Match[str]) -> str:
    return address[0].replace(".", f"{_JOINER}.").replace("://", f":{_JOINER}//")


def to_simplified(text: str) -> str:
    """Return the text in simplified characters, to compare it; a name is never stored like this.

    >>> to_simplified("護理學")
    '护理学'
    """
    return text.translate(_SIMPLIFIED)


def is_symbol(char: str) -> bool:
    """Return whether a character is a pictograph, or has no meaning that everybody knows."""
    return unicodedata.category(char) in ("So", "Sk", "Cn", "Co", "Cs")


def _is_control(char: str) -> bool:
    return unicodedata.category(char) in ("Cc", "Cf")
