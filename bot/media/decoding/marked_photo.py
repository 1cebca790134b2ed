"""A candidate's photo with lines and figures drawn on it, and two photos side by side.

The candidate's file is decoded, so both run in the media worker.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Final

from PIL import Image, ImageDraw

from bot.media.decoding.photo import shown
from bot.media.job_wire import DrawnMark, DrawnPhoto
from bot.media.lettering import font, wrapped
from states.photo import PhotoRule

WIDTH: Final = 640
_HALF: Final = 420
"""px of each of two photos side by side."""
_GAP: Final = 24
_SIZE: Final = 26
_LINE: Final = 38
_QUALITY: Final = 88
_INK: Final = "#16233a"
_RED: Final = "#c62f2f"
_BLUE: Final = "#1d4e9e"
_PAPER: Final = "#ffffff"
_AROUND: Final = "#d5dbe3"
"""The colour around a photo, so that its white background shows where it ends."""


def marked(
    content: bytes, rule: PhotoRule, marks: Sequence[DrawnMark], legend: Sequence[str]
) -> DrawnPhoto:
    """Return a JPEG of the photo, fitted to the rule, with marks on it and figures below it.

    Raises ``UnreadablePicture`` as ``photo.portrait`` does.
    """
    photo = _of_width(shown(content, rule), WIDTH)
    lines = [
        line
        for number, text in enumerate(legend, start=1)
        for line in wrapped(f"{number}. {text}", font(_SIZE), WIDTH - 2 * _GAP)
    ]
    below = _GAP + len(lines) * _LINE + _GAP // 2 if lines else 0
    canvas = Image.new("RGB", (WIDTH, photo.height + below), _PAPER)
    canvas.paste(photo)
    pen = ImageDraw.Draw(canvas)
    taken: list[int] = []
    places = [(mark, _draw(pen, mark, photo.size)) for mark in marks]
    for mark, place in places:  # no line crosses a label
        if place is not None:
            _label(pen, mark, place, photo.size, taken)
    if lines:
        pen.line((0, photo.height, WIDTH, photo.height), fill=_AROUND, width=2)
    for number, line in enumerate(lines):
        pen.text((_GAP, photo.height + _GAP + number * _LINE), line, _RED, font(_SIZE))
    return DrawnPhoto(_jpeg(canvas))


def compared(content: bytes, first: int, labels: Sequence[str], rule: PhotoRule) -> DrawnPhoto:
    """Return a JPEG of two photos side by side; the first has so many bytes of the content.

    Raises ``UnreadablePicture`` as ``photo.portrait`` does.
    """
    parts = (content[:first], content[first:])
    photos = [_of_width(shown(part, rule), _HALF) for part in parts]
    head = _LINE + _GAP
    size = (2 * _HALF + 3 * _GAP, max(one.height for one in photos) + head + _GAP)
    canvas = Image.new("RGB", size, _AROUND)
    pen = ImageDraw.Draw(canvas)
    for number, (photo, label) in enumerate(zip(photos, labels, strict=True)):
        left = _GAP + number * (_HALF + _GAP)
        pen.text((left, _GAP // 2), label, _INK, font(_SIZE), stroke_width=0.4)
        canvas.paste(photo, (left, head))
    return DrawnPhoto(_jpeg(canvas))


def _draw(
    pen: ImageDraw.ImageDraw, mark: DrawnMark, size: tuple[int, int]
) -> tuple[int, int] | None:
    """Draw a mark; return the place of its label."""
    width, height = size
    colour, thick = (_RED, 4) if mark.is_fault else (_BLUE, 2)
    match mark.shape, mark.at:
        case "across", (at,):
            y = _within(at, height)
            pen.line((0, y, width, y), fill=colour, width=thick)
            place = (8, y + 4)
        case "down", (at,):
            x = _within(at, width)
            pen.line((width // 2, 0, width // 2, height), fill=_BLUE, width=2)
            pen.line((x, 0, x, height), fill=colour, width=thick)
            place = (x + 8, height // 2)
        case "line", (left, top, right, bottom):
            ends = (
                (_within(left, width), _within(top, height)),
                (
                    _within(right, width),
                    _within(bottom, height),
                ),
            )
            _long_line(pen, *ends, width, colour, thick)
            place = (8, max(4, ends[0][1] - _LINE))
        case _, (left, top, right, bottom):
            box = (_within(left, width), _within(top, height), _within(right, width))
            pen.rectangle((*box, _within(bottom, height)), outline=colour, width=thick)
            place = (box[0] + 6, box[1] + 4)
        case _:
            return None
    return place


def _label(
    pen: ImageDraw.ImageDraw,
    mark: DrawnMark,
    place: tuple[int, int],
    size: tuple[int, int],
    taken: list[int],
) -> None:
    """Write a mark's label on a white band, moved down to where none stands."""
    label, colour = mark.label, _RED if mark.is_fault else _BLUE
    wide = round(font(_SIZE).getlength(label)) + 12
    x, y = min(place[0], max(0, size[0] - wide)), min(place[1], size[1] - _LINE)
    while any(abs(y - other) < _LINE for other in taken) and y < size[1] - 2 * _LINE:
        y += _LINE
    taken.append(y)
    pen.rectangle((x, y, x + wide, y + _LINE - 4), fill=_PAPER)
    pen.text((x + 6, y), label, colour, font(_SIZE))


def _long_line(
    pen: ImageDraw.ImageDraw,
    left: tuple[int, int],
    right: tuple[int, int],
    width: int,
    colour: str,
    thick: int,
) -> None:
    """Draw the line through two points over the whole width, and a level one to compare."""
    across = right[0] - left[0] or 1
    slope = (right[1] - left[1]) / across
    start, end = left[1] - slope * left[0], left[1] + slope * (width - left[0])
    middle = (left[1] + right[1]) // 2
    pen.line((0, middle, width, middle), fill=_BLUE, width=2)
    pen.line((0, round(start), width, round(end)), fill=colour, width=thick)


def _within(share: float, length: int) -> int:
    return min(max(0, round(share * length)), length - 1)


def _of_width(image: Image.Image, width: int) -> Image.Image:
    """Return a picture in this width; only what is shown on the way is enlarged, never kept."""
    height = max(1, round(image.height * width / image.width))
    return image.convert("RGB").resize((width, min(height, 3 * width)), Image.Resampling.BICUBIC)


def _jpeg(image: Image.Image) -> bytes:
    out = BytesIO()
    image.save(out, "JPEG", quality=_QUALITY)
    return out.getvalue()
