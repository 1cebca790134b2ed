"""The fonts of printed forms, from wheels only, and which characters they have.

Noto Sans CJK is static: Typst sets variable fonts wrongly. Its Latin lacks letters with marks, so
a text with such a letter is set in Libertinus Serif, which is embedded in Typst.
"""

from __future__ import annotations

import struct
import unicodedata
from bisect import bisect_right
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Final

import typst

HAN: Final = "Noto Sans CJK SC"
LATIN: Final = "Libertinus Serif"
_LATIN_RANGES: Final = ((0x00A1, 0x024F), (0x1E00, 0x1EFF))
"""The characters of Libertinus Serif beyond ASCII; a test tries them."""
_CMAP_FORMAT: Final = 12
"""Groups of code points in all planes: ISO/IEC 14496-22, table ``cmap``."""


@cache
def fonts() -> typst.Fonts:
    """Load the fonts; no system font, or the bytes of a form would depend on the machine."""
    return typst.Fonts(include_system_fonts=False, font_paths=[str(_file().parent)])


def has_han_font(char: str) -> bool:
    """Return whether Noto Sans CJK has a glyph for the character."""
    starts, ends = _coverage()
    at = bisect_right(starts, ord(char)) - 1
    return at >= 0 and ord(char) <= ends[at]


def is_latin(char: str) -> bool:
    """Return whether only Libertinus Serif has the character."""
    inside = any(first <= ord(char) <= last for first, last in _LATIN_RANGES)
    return inside and not has_han_font(char)


def is_printable(char: str) -> bool:
    """Return whether a font has the character; one without a shape is never printable.

    Controls of direction (category Cf) would reorder the line on paper.
    """
    visible = unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Zl", "Zp")
    return visible and (has_han_font(char) or is_latin(char))


def _file() -> Path:
    font = resources.files("noto_cjk_sans_otc") / "NotoSansCJK-Regular.ttc"
    with resources.as_file(font) as file:  # a wheel is installed unpacked, so the file stays
        return file


@cache
def _coverage() -> tuple[list[int], list[int]]:
    """Return the first and last code points of the groups that the collection's first face maps.

    All faces of the collection map the same characters.
    """
    data = _file().read_bytes()
    (face,) = struct.unpack_from(">I", data, 12)
    (tables,) = struct.unpack_from(">H", data, face + 4)
    records = (struct.unpack_from(">4sIII", data, face + 12 + 16 * n) for n in range(tables))
    cmap = next(offset for tag, _sum, offset, _length in records if tag == b"cmap")
    (count,) = struct.unpack_from(">H", data, cmap + 2)
    for n in range(count):
        _platform, _encoding, offset = struct.unpack_from(">HHI", data, cmap + 4 + 8 * n)
        form, groups = struct.unpack_from(">H10xI", data, cmap + offset)
        if form == _CMAP_FORMAT:
            pairs = [
                struct.unpack_from(">II", data, cmap + offset + 16 + 12 * g) for g in range(groups)
            ]
            return [first for first, _last in pairs], [last for _first, last in pairs]
    raise LookupError("the font maps no characters beyond the first plane")
