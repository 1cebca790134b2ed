"""The picture of the three steps by which a photo is sent as a file: three small telephones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PIL import Image, ImageDraw

from bot.media.lettering import font, png, wrapped
from bot.media.progress_picture import WIDTH

_MARGIN: Final = 24
_PHONE: Final = (208, 300)
"""px of a drawn telephone."""
_GAP: Final = 24
_TITLE: Final = 34
_SIZE: Final = 24
_LINE: Final = 34
_INK: Final = "#16233a"
_BLUE: Final = "#1d4e9e"
_WASH: Final = "#eaf1fa"
_GREY: Final = "#c3ccd8"
_PAPER: Final = "#ffffff"

Pen = ImageDraw.ImageDraw


def draw(title: str, steps: Sequence[str]) -> bytes:
    """Return a PNG of three steps side by side, 720 px wide, each with its words below it."""
    heading = wrapped(title, font(_TITLE), WIDTH - 2 * _MARGIN)
    top = _MARGIN + len(heading) * (_TITLE + 12) + 12
    words = [wrapped(one, font(_SIZE), _PHONE[0]) for one in steps]
    below = top + _PHONE[1] + 16
    size = (WIDTH, below + max(map(len, words)) * _LINE + _MARGIN)
    image = Image.new("RGB", size, _PAPER)
    pen = ImageDraw.Draw(image)
    for number, line in enumerate(heading):
        place = (_MARGIN, _MARGIN + number * (_TITLE + 12))
        pen.text(place, line, _INK, font(_TITLE), stroke_width=0.5)
    for number, (shape, lines) in enumerate(zip(_SHAPES, words, strict=True)):
        left = _MARGIN + number * (_PHONE[0] + _GAP)
        box = (left, top, left + _PHONE[0], top + _PHONE[1])
        pen.rounded_rectangle(box, radius=20, fill=_WASH, outline=_INK, width=3)
        shape(pen, left, top)
        for row, text in enumerate(lines):
            pen.text((left, below + row * _LINE), text, _INK, font(_SIZE))
    return png(image)


def _paper_clip(pen: Pen, left: int, top: int) -> None:
    """Draw a chat whose paper clip is ringed."""
    pen.rounded_rectangle((left + 20, top + 40, left + 150, top + 90), radius=12, fill=_PAPER)
    bar = (left + 12, top + 240, left + 196, top + 284)
    pen.rounded_rectangle(bar, radius=20, fill=_PAPER, outline=_GREY, width=2)
    x, y = left + 36, top + 250
    pen.arc((x, y, x + 14, y + 14), 180, 360, fill=_INK, width=3)
    pen.line((x + 1, y + 7, x + 1, y + 20), fill=_INK, width=3)
    pen.line((x + 13, y + 7, x + 13, y + 18), fill=_INK, width=3)
    pen.arc((x + 1, y + 12, x + 13, y + 26), 0, 180, fill=_INK, width=3)
    pen.ellipse((x - 12, y - 12, x + 26, y + 36), outline=_BLUE, width=5)


def _file_button(pen: Pen, left: int, top: int) -> None:
    """Draw the sheet of choices: picture and file, the file ringed."""
    pen.rounded_rectangle((left + 8, top + 130, left + 200, top + 292), radius=16, fill=_PAPER)
    for number in range(2):
        x = left + 30 + number * 84
        pen.ellipse((x, top + 160, x + 64, top + 224), fill=(_GREY, _BLUE)[number])
    pen.rectangle((left + 46, top + 180, left + 78, top + 204), outline=_PAPER, width=3)
    page = [(136, 176), (154, 176), (164, 186), (164, 210), (136, 210)]
    pen.polygon([(left + x, top + y) for x, y in page], outline=_PAPER, width=3)
    pen.ellipse((left + 104, top + 150, left + 188, top + 234), outline=_BLUE, width=5)


def _photo_in_list(pen: Pen, left: int, top: int) -> None:
    """Draw a list of files, the portrait ringed."""
    for number in range(3):
        y = top + 50 + number * 72
        pen.rounded_rectangle((left + 16, y, left + 192, y + 56), radius=10, fill=_PAPER)
        pen.rectangle((left + 26, y + 8, left + 58, y + 48), fill=_GREY)
        pen.line((left + 74, y + 20, left + 170, y + 20), fill=_GREY, width=6)
        pen.line((left + 74, y + 38, left + 130, y + 38), fill=_GREY, width=6)
    y = top + 122
    pen.ellipse((left + 34, y + 12, left + 50, y + 30), fill=_INK)
    pen.pieslice((left + 28, y + 30, left + 56, y + 62), 180, 360, fill=_INK)
    pen.rounded_rectangle((left + 10, y - 6, left + 198, y + 62), radius=14, outline=_BLUE, width=5)


_SHAPES: Final[tuple[Callable[[Pen, int, int], None], ...]] = (
    _paper_clip,
    _file_button,
    _photo_in_list,
)
