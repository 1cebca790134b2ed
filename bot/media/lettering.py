"""Chinese letters in drawn pictures: the font, lines of a width, and the PNG of few colours.

It imports nothing of the exam, so that the media worker can draw without it.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import resources
from io import BytesIO
from typing import Final

from PIL import Image, ImageFont

_COLOURS: Final = 48


@cache
def font(size: int) -> ImageFont.FreeTypeFont:
    """Load Noto Sans SC from its wheel: a server may have no Chinese font."""
    file = resources.files("pylopdf_fonts_zh_cn") / "NotoSansSC-Regular.otf"
    with resources.as_file(file) as path:  # from a path, FreeType maps the 8 MB without a copy
        return ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.BASIC)


# Latin words stay whole; a line may end between any two Chinese characters.
_PIECE: Final = re.compile(r"[\u0021-\u024f]+\s*|.\s*", re.DOTALL)


def wrapped(text: str, font: ImageFont.FreeTypeFont, width: int) -> tuple[str, ...]:
    """Return the text in lines of at most ``width`` px; only a wider word is cut."""
    lines: list[str] = []
    line = ""
    for word in _PIECE.findall(text):
        fits = font.getlength(word.rstrip()) <= width
        for piece in (word,) if fits else word:
            if line and font.getlength((line + piece).rstrip()) > width:
                lines.append(line.rstrip())
                line = ""
            line += piece
    return (*lines, line.rstrip())


def png(image: Image.Image) -> bytes:
    """Return a PNG of few colours."""
    out = BytesIO()
    few = image.quantize(_COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    few.save(out, "PNG", optimize=True)
    return out.getvalue()
