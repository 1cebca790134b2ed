"""The chart of the statistics: horizontal bars for a phone's width, with labels and numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageDraw

from bot.media.lettering import font, png, wrapped
from bot.media.progress_picture import WIDTH

_MARGIN: Final = 40
_TITLE_SIZE: Final = 36
_LABEL_SIZE: Final = 28
_ROW: Final = 74
_BAR: Final = 24
_GAP: Final = 34
_NUMBER: Final = 120
"""px to the right of the longest bar, for its number."""
_PAPER: Final = "#ffffff"
_INK: Final = "#16233a"
_BLUE: Final = "#1d4e9e"
_WASH: Final = "#eaf1fa"


@dataclass(frozen=True, slots=True)
class LabelledBar:
    """A bar with its label in the reader's language."""

    label: str
    value: int
    begins_group: bool = False


def draw(bars: Sequence[LabelledBar], title: str) -> bytes:
    """Return a PNG of the bars below the title, 720 px wide; each group has a scale of its own."""
    heading = wrapped(title, font(_TITLE_SIZE), WIDTH - 2 * _MARGIN)
    top = _MARGIN + len(heading) * (_TITLE_SIZE + 14) + 10
    gaps = sum(one.begins_group for one in bars[1:])
    image = Image.new("RGB", (WIDTH, top + len(bars) * _ROW + gaps * _GAP + _MARGIN), _PAPER)
    pen = ImageDraw.Draw(image)
    for number, line in enumerate(heading):
        pen.text((_MARGIN, _MARGIN + number * (_TITLE_SIZE + 14)), line, _INK, font(_TITLE_SIZE))
    longest = _longest(bars)
    for number, (bar, most) in enumerate(zip(bars, longest, strict=True)):
        top += _GAP if bar.begins_group and number else 0
        _draw_bar(pen, bar, most, top)
        top += _ROW
    return png(image)


def _longest(bars: Sequence[LabelledBar]) -> list[int]:
    """Return the highest value of each bar's group."""
    groups: list[list[int]] = []
    for bar in bars:
        if bar.begins_group or not groups:
            groups.append([])
        groups[-1].append(bar.value)
    return [max(group) for group in groups for _ in group]


def _draw_bar(pen: ImageDraw.ImageDraw, bar: LabelledBar, most: int, top: int) -> None:
    (label, *_) = wrapped(bar.label, font(_LABEL_SIZE), WIDTH - 2 * _MARGIN)
    pen.text((_MARGIN, top), label, _INK, font(_LABEL_SIZE))
    room = WIDTH - 2 * _MARGIN - _NUMBER
    length = round(room * bar.value / most) if most else 0
    below = top + _LABEL_SIZE + 10
    pen.rectangle((_MARGIN, below, _MARGIN + room, below + _BAR), fill=_WASH)
    if length:
        pen.rectangle((_MARGIN, below, _MARGIN + length, below + _BAR), fill=_BLUE)
    place = (WIDTH - _MARGIN, below + _BAR // 2)
    pen.text(place, f"{bar.value}", _INK, font(_LABEL_SIZE), anchor="rm")
