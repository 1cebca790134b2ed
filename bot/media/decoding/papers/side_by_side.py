"""Pictures for people: what was read in a paper beside its crops, and a page turned both ways."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

from PIL import Image, ImageDraw

from bot.media.decoding.papers import judging
from bot.media.decoding.papers.problems import PROBLEMS
from bot.media.decoding.pictures import as_jpeg, opened, turned
from bot.media.file_formats import format_of
from bot.media.job_wire import DrawnCrop, DrawnPhoto
from bot.media.lettering import font, wrapped

WIDTH: Final = 900
_CROP_HIGH: Final = 150
_ONE_OF_MANY: Final = 105
_FEW: Final = 3
"""px of a crop's height: in a picture of a few, or of more, which would become too tall."""
_GAP: Final = 20
_SIZE: Final = 28
_LINE: Final = 40
_MARGIN: Final = 0.012
"""The part of the page that a crop shows around the value; of its line it shows a sign more."""
_QUALITY: Final = 85
_INK: Final = "#16233a"
_RED: Final = "#b3261e"
_RULE: Final = "#d5dbe3"
_HALF: Final = 560


def crops(content: bytes, rows: Sequence[DrawnCrop]) -> DrawnPhoto:
    """Return a JPEG with a row for each crop: the piece of the paper, and the lines below it.

    Raises ``UnreadablePicture``: the paper cannot be opened.
    """
    pages = _pages(content, {one.page for one in rows})
    high = _CROP_HIGH if len(rows) <= _FEW else _ONE_OF_MANY
    drawn = [_row(pages.get(one.page), one, high) for one in rows]
    height = sum(one.height for one in drawn) or _GAP
    canvas = Image.new("RGB", (WIDTH, height), "white")
    top = 0
    for one in drawn:
        canvas.paste(one, (0, top))
        top += one.height
    return DrawnPhoto(as_jpeg(canvas, _QUALITY))


def pages(content: bytes, first: int, labels: Sequence[str]) -> DrawnPhoto:
    """Return a JPEG of two pages side by side; ``first`` is the number of the first one's bytes.

    Raises ``UnreadablePicture``: a page cannot be opened.
    """
    both = [_small(_picture(one)) for one in (content[:first], content[first:])]
    height = max(one.height for one in both) + _LINE + 2 * _GAP
    canvas = Image.new("RGB", (2 * _HALF + 3 * _GAP, height), "#eef1f5")
    pen = ImageDraw.Draw(canvas)
    for number, (page, label) in enumerate(zip(both, labels, strict=True)):
        left = _GAP + number * (_HALF + _GAP)
        pen.text((left + _HALF / 2, _GAP), label, _INK, font(_SIZE), "ma")
        canvas.paste(page, (left + (_HALF - page.width) // 2, _LINE + _GAP))
    return DrawnPhoto(as_jpeg(canvas, _QUALITY))


def _small(page: Image.Image) -> Image.Image:
    page.thumbnail((_HALF, _HALF), Image.Resampling.BILINEAR)
    return page


def _row(page: Image.Image | None, crop: DrawnCrop, most: int) -> Image.Image:
    """Return one row; without its page, or without a place in it, the lines alone."""
    write = partial(wrapped, font=font(_SIZE), width=WIDTH - 2 * _GAP)
    lines = [line for text in crop.lines for line in write(text)]
    piece = _piece(page, crop, most) if page is not None and crop.box else None
    high = _GAP + (piece.height + _GAP if piece else 0) + len(lines) * _LINE
    row = Image.new("RGB", (WIDTH, high), "white")
    pen = ImageDraw.Draw(row)
    top = _GAP
    if piece is not None:
        row.paste(piece, (_GAP, top))
        colour = _RED if crop.is_fault else _RULE
        box = (_GAP - 2, top - 2, _GAP + piece.width + 1, top + piece.height + 1)
        pen.rectangle(box, outline=colour, width=2)
        top += piece.height + _GAP // 2
    for number, line in enumerate(lines):
        colour = _RED if crop.is_fault else _INK
        pen.text((_GAP, top + number * _LINE), line, colour, font(_SIZE))
    return row


def _piece(page: Image.Image, crop: DrawnCrop, most: int) -> Image.Image | None:
    left, top, right, bottom = crop.box
    wide, high = page.size
    around = _MARGIN * max(page.size)
    sign = min((right - left) * wide, (bottom - top) * high)
    across, down = (around, around + sign) if crop.turns % 2 else (around + sign, around)
    corners = (
        max(0, round(left * wide - across)),
        max(0, round(top * high - down)),
        min(wide, round(right * wide + across)),
        min(high, round(bottom * high + down)),
    )
    if corners[2] - corners[0] < 2 or corners[3] - corners[1] < 2:
        return None
    piece = turned(page.crop(corners), crop.turns)
    scale = min(most / piece.height, (WIDTH - 2 * _GAP) / piece.width)
    size = (max(1, round(piece.width * scale)), max(1, round(piece.height * scale)))
    return piece.resize(size, Image.Resampling.BICUBIC)


def _pages(content: bytes, wanted: set[int]) -> Mapping[int, Image.Image]:
    if format_of(content) != "PDF":
        return {0: _picture(content)} if 0 in wanted else {}
    most = max(wanted, default=-1) + 1
    return {n: page for n, page in enumerate(judging.pdf_pages(content, most)) if n in wanted}


def _picture(content: bytes) -> Image.Image:
    image = opened(content, ("JPEG",), PROBLEMS)
    with PROBLEMS.on_failure():
        return image.convert("RGB")
