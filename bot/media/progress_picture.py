"""The progress picture (guide, parts 4 to 6): a column of nodes for a phone's width.

A done node is dark blue with a tick, the current light blue with an arrow, a later one grey and
hollow, a refused one red with a cross. The signs serve readers who cannot tell the colours.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Final

from PIL import Image, ImageDraw

from bot.media.lettering import font, png, wrapped
from states.progress.process_steps import StepStatus

WIDTH: Final = 720
"""px; about two for each point of a phone's screen."""

_MARGIN: Final = 48
_TITLE_SIZE: Final = 38
_LABEL_SIZE: Final = 34
_LINE: Final = 46
_ROW: Final = 92
_RADIUS: Final = 27
_SPINE: Final = _MARGIN + _RADIUS + 14  # x of the line that joins the nodes
_TEXT: Final = _SPINE + _RADIUS + 30
_FINER: Final = 4
"""The factor by which signs are drawn larger, then reduced: Pillow draws jagged edges."""

_PAPER: Final = "#ffffff"
_INK: Final = "#16233a"
_DARK_BLUE: Final = "#1d4e9e"
_LIGHT_BLUE: Final = "#3d96e0"
_WASH: Final = "#eaf5fe"
_GREY: Final = "#8f9aa8"
_GREY_INK: Final = "#5b6675"
_RED: Final = "#c62f2f"
_RED_WASH: Final = "#fdeeee"


@dataclass(frozen=True, slots=True)
class _NodeStyle:
    """Colours of a node: its disc, its label, and the band behind it, if any."""

    disc: str
    ink: str
    band: str | None = None


_NODE_STYLES: Final[Mapping[StepStatus, _NodeStyle]] = {
    StepStatus.DONE: _NodeStyle(_DARK_BLUE, _INK),
    StepStatus.CURRENT: _NodeStyle(_LIGHT_BLUE, _DARK_BLUE, _WASH),
    StepStatus.AHEAD: _NodeStyle(_GREY, _GREY_INK),
    StepStatus.REFUSED: _NodeStyle(_RED, _RED, _RED_WASH),
}


@dataclass(frozen=True, slots=True)
class LabelledStep:
    """A step of the process and its label in the reader's language."""

    label: str
    status: StepStatus


@dataclass(frozen=True, slots=True)
class _Row:
    """A node with its place: ``top`` and ``height`` in px."""

    node: LabelledStep
    lines: tuple[str, ...]
    top: int
    height: int

    @property
    def middle(self) -> int:
        return self.top + self.height // 2


def draw(nodes: Sequence[LabelledStep], title: str) -> bytes:
    """Return a PNG of the nodes below the title, 720 px wide; long labels are wrapped.

    The function takes about 40 ms.
    """
    heading = wrapped(title, font(_TITLE_SIZE), WIDTH - 2 * _MARGIN)
    rows = _rows(nodes, top=_MARGIN + len(heading) * (_LINE + 8) + 22)
    bottom = rows[-1].top + rows[-1].height if rows else _MARGIN
    image = Image.new("RGB", (WIDTH, bottom + _MARGIN - 12), _PAPER)
    pen = ImageDraw.Draw(image)
    for number, line in enumerate(heading):
        place = (_MARGIN, _MARGIN - 8 + number * (_LINE + 8))
        pen.text(place, line, _INK, font(_TITLE_SIZE), stroke_width=0.5)
    for row in rows:
        _draw_band(pen, row)
    for above, below in pairwise(rows):
        passed = above.node.status is StepStatus.DONE
        joint = (_SPINE, above.middle, _SPINE, below.middle)
        pen.line(joint, fill=_DARK_BLUE if passed else _GREY, width=6)
    for row in rows:
        _draw_node(image, pen, row)
    return png(image)


def _rows(nodes: Sequence[LabelledStep], top: int) -> list[_Row]:
    rows: list[_Row] = []
    for node in nodes:
        lines = wrapped(node.label, font(_LABEL_SIZE), WIDTH - _TEXT - _MARGIN)
        height = _ROW + (len(lines) - 1) * _LINE
        rows.append(_Row(node, lines, top, height))
        top += height
    return rows


def _draw_band(pen: ImageDraw.ImageDraw, row: _Row) -> None:
    band = _NODE_STYLES[row.node.status].band
    if band:
        box = (_MARGIN - 16, row.top + 5, WIDTH - _MARGIN + 16, row.top + row.height - 5)
        pen.rounded_rectangle(box, radius=20, fill=band)


def _draw_node(image: Image.Image, pen: ImageDraw.ImageDraw, row: _Row) -> None:
    style = _NODE_STYLES[row.node.status]
    sign, shape = _sign(row.node.status)
    image.paste(sign, (_SPINE - sign.width // 2, row.middle - sign.height // 2), shape)
    first = row.middle - 2 - (len(row.lines) - 1) * _LINE // 2
    weight = 0.6 if style.band else 0.0
    for number, line in enumerate(row.lines):
        place = (_TEXT, first + number * _LINE)
        pen.text(place, line, style.ink, font(_LABEL_SIZE), anchor="lm", stroke_width=weight)


# --- signs ---------------------------------------------------------------------------------------


@cache
def _sign(status: StepStatus) -> tuple[Image.Image, Image.Image]:
    """Return a node's disc with its sign, and the mask of its shape."""
    side = 2 * (_RADIUS + 1)
    image = Image.new("RGB", (side * _FINER, side * _FINER), _NODE_STYLES[status].disc)
    shape = Image.new("L", image.size, 0)
    edge = _FINER
    ImageDraw.Draw(shape).ellipse((edge, edge, image.width - edge, image.height - edge), fill=255)
    _SIGNS[status](ImageDraw.Draw(image), side * _FINER / 2)
    small = (side, side)
    box = Image.Resampling.BOX
    return image.resize(small, box), shape.resize(small, box)


def _tick(pen: ImageDraw.ImageDraw, c: float) -> None:
    _stroke(pen, c, [(-0.42, 0.03), (-0.12, 0.33), (0.44, -0.30)])


def _arrow(pen: ImageDraw.ImageDraw, c: float) -> None:
    _stroke(pen, c, [(-0.46, 0.0), (0.42, 0.0)])
    _stroke(pen, c, [(0.08, -0.36), (0.44, 0.0), (0.08, 0.36)])


def _cross(pen: ImageDraw.ImageDraw, c: float) -> None:
    _stroke(pen, c, [(-0.33, -0.33), (0.33, 0.33)])
    _stroke(pen, c, [(-0.33, 0.33), (0.33, -0.33)])


def _hollow(pen: ImageDraw.ImageDraw, c: float) -> None:
    pen.circle((c, c), c - 6 * _FINER, fill=_PAPER)


_SIGNS: Final[Mapping[StepStatus, Callable[[ImageDraw.ImageDraw, float], None]]] = {
    StepStatus.DONE: _tick,
    StepStatus.CURRENT: _arrow,
    StepStatus.AHEAD: _hollow,
    StepStatus.REFUSED: _cross,
}


def _stroke(pen: ImageDraw.ImageDraw, c: float, points: list[tuple[float, float]]) -> None:
    """Draw a line with round ends; points are in radii from the centre ``c``."""
    width = 6 * _FINER
    path = [(c + x * c, c + y * c) for x, y in points]
    pen.line(path, fill=_PAPER, width=width, joint="curve")
    for end in path:
        pen.circle(end, width / 2 - 1, fill=_PAPER)
