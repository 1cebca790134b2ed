"""Typed characters: one spelling for characters that look the same or mean the same.

``radicals.txt`` and ``traditional.txt`` are derived data; their first lines name the source.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from importlib import resources
from itertools import groupby
from typing import Final

# Invisible characters outside of category Cf: Hangul fillers, combining joiners, and variation
# selectors, which select a glyph of the same character.
_INVISIBLE: Final = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)

_MOST_MARKS: Final = 30
"""Marks on one letter; more take a time to sort that grows with the square of their number.

https://www.unicode.org/reports/tr15/#Stream_Safe_Text_Format
"""
_MARKED: Final = re.compile(rf"[\W\uff9e\uff9f]{{{_MOST_MARKS + 1},}}")
"""A run in which so many marks may stand; the two are the only marks that count as letters."""
_LONGEST: Final = 8192
"""Characters of a normalized text, twice a message; one character can become 18 in NFKC."""
_SHORT: Final = 200
"""Characters of a text that is normalized each time: no name or number stays in memory."""
_JOINER: Final = "\u2060"
_ADDRESS: Final = re.compile(
    r"(?<![@\w.-])"
    r"(?:[a-z][a-z0-9+.-]{0,30}://\S+|(?:[\w-]+\.)+[a-z]{2,}(?![\w@.-])\S*)",
    re.IGNORECASE,
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

    Control and zero-width characters go; blanks are trimmed and collapsed. The end of a text that
    NFKC makes very long goes. A text with more than 30 marks in a row is not put in NFKC.
    """
    return _normalize(text) if len(text) <= _SHORT else _normalize_long(text)


def _normalize(text: str) -> str:
    seen = _INVISIBLE.sub("", text)
    if not seen.isprintable():
        seen = "".join(c for c in seen if c.isspace() or not _is_control(c))
    plain = seen.translate(_IDEOGRAPHS)
    if not any(_has_many_marks(run[0]) for run in _MARKED.finditer(plain)):
        plain = unicodedata.normalize("NFKC", plain)[: max(_LONGEST, 2 * len(plain))]
    return " ".join(plain.split())


_normalize_long: Final = lru_cache(maxsize=8)(_normalize)  # an update asks a dozen times


def _has_many_marks(run: str) -> bool:
    marks = (len(list(those)) for is_mark, those in groupby(run, _is_mark) if is_mark)
    return any(count > _MOST_MARKS for count in marks)


@lru_cache(maxsize=4096)
def _is_mark(char: str) -> bool:
    return all(map(unicodedata.combining, unicodedata.normalize("NFKD", char)))


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
