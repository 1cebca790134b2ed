"""Lines of text in a page: the network's heat becomes boxes, and the slant of the page."""

from __future__ import annotations

from dataclasses import dataclass
from math import atan2, degrees
from typing import Final

import numpy as np
from PIL import Image

from bot.media.decoding.papers.models import Bytes, Floats, TextModels

SIDE: Final = 832
"""px of the longest side in which lines are looked for."""
MOST_LINES: Final = 300
"""Lines of a page; a picture that has more is none of a certificate."""
_STEP: Final = 32
"""The network takes sides that are multiples of this."""
_WARM: Final = 0.3
_CERTAIN: Final = 0.5
_GROWS: Final = 1.6
"""The network marks the core of a line; PaddleOCR grows it by area × 1.6 / circumference."""
_LEAST: Final = 3
"""px of the core's shorter side."""
_MOST_RUNS: Final = 60_000

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class FoundLine:
    """A line in px of the page (left, top, right, bottom), with its slant in degrees."""

    box: Box
    slant: float

    @property
    def width(self) -> float:
        """The width in px."""
        return self.box[2] - self.box[0]

    @property
    def height(self) -> float:
        """The height in px."""
        return self.box[3] - self.box[1]


def find(page: Image.Image, networks: TextModels) -> list[FoundLine]:
    """Return the lines of an RGB page."""
    scale = min(1.0, SIDE / max(page.size))
    size = tuple(max(_STEP, round(side * scale)) for side in page.size)
    small = page.resize((size[0], size[1]), Image.Resampling.BILINEAR, reducing_gap=2.0)
    whole = (-(-size[0] // _STEP) * _STEP, -(-size[1] // _STEP) * _STEP)
    canvas = Image.new("RGB", whole, "white")
    canvas.paste(small)
    heat = networks.heat(bgr(canvas))[: size[1], : size[0]]
    across, down = page.width / size[0], page.height / size[1]
    return [
        FoundLine(
            (box[0] * across, box[1] * down, box[2] * across, box[3] * down),
            slant,
        )
        for box, slant in _cores(heat)
    ][:MOST_LINES]


def slant_of(lines: list[FoundLine]) -> float:
    """Return the slant of a page: the median of its long lines, in degrees."""
    long = [one for one in lines if one.width > 5 * one.height]
    if not long:
        return 0.0
    return float(np.median([one.slant for one in long]))


def is_sideways(lines: list[FoundLine]) -> bool:
    """Return whether most of the text stands upright in columns, as on a page that lies."""
    tall = sum(one.height for one in lines if one.height > 1.5 * one.width)
    wide = sum(one.width for one in lines if one.width > 1.5 * one.height)
    return tall > wide


def bgr(image: Image.Image) -> Bytes:
    """Return the pixels of an RGB picture in the networks' order of colours."""
    return np.asarray(image, np.uint8)[:, :, ::-1]


def _cores(heat: Floats) -> list[tuple[Box, float]]:
    """Return the grown box and the slant of each connected piece of the heat."""
    rows, starts, ends = _runs(heat > _WARM)
    if len(rows) > _MOST_RUNS:
        return []
    labels = _joined(rows, starts, ends)
    sums = np.concatenate([np.zeros((heat.shape[0], 1)), heat.cumsum(1, dtype=np.float64)], 1)
    found = []
    order = np.argsort(labels, kind="stable")
    edges = np.flatnonzero(np.diff(labels[order])) + 1
    for piece in np.split(order, edges) if len(order) else []:
        y, left, right = rows[piece], starts[piece], ends[piece]
        box = (int(left.min()), int(y.min()), int(right.max()), int(y.max()) + 1)
        if min(box[2] - box[0], box[3] - box[1]) < _LEAST:
            continue
        inside = heat[box[1] : box[3], box[0] : box[2]]
        counts = right - left
        total = float((sums[y, right] - sums[y, left]).sum())
        if total / counts.sum() < _CERTAIN or inside.max() < _CERTAIN:
            continue
        found.append((_grown(box, heat.shape), _slant(y, left, right)))
    return found


def _runs(mask: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return rows, first columns and columns behind the last of the runs of a mask, by rows."""
    padded = np.zeros((mask.shape[0], mask.shape[1] + 2), np.int8)
    padded[:, 1:-1] = mask
    steps = np.diff(padded, axis=1)
    rows, starts = np.nonzero(steps == 1)
    return rows, starts, np.nonzero(steps == -1)[1]


def _joined(rows: np.ndarray, starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """Return a label for each run; runs that touch in neighbouring rows have the same."""
    parent = list(range(len(rows)))

    def root(one: int) -> int:
        while parent[one] != one:
            parent[one] = parent[parent[one]]
            one = parent[one]
        return one

    y, left, right = rows.tolist(), starts.tolist(), ends.tolist()
    above = 0
    for run in range(len(y)):
        while y[above] < y[run] - 1 or (y[above] == y[run] - 1 and right[above] < left[run]):
            above += 1
        other = above
        while other < run and y[other] == y[run] - 1 and left[other] <= right[run]:
            parent[root(other)] = root(run)
            other += 1
    return np.array([root(one) for one in range(len(y))], np.int64)


def _grown(box: tuple[int, int, int, int], shape: tuple[int, ...]) -> Box:
    left, top, right, bottom = box
    width, height = right - left, bottom - top
    by = width * height * _GROWS / (2 * (width + height))
    return (
        max(0.0, left - by),
        max(0.0, top - by),
        min(float(shape[1]), right + by),
        min(float(shape[0]), bottom + by),
    )


def _slant(y: np.ndarray, left: np.ndarray, right: np.ndarray) -> float:
    """Return the angle of a piece's longer axis, in degrees; positive falls to the right."""
    count = (right - left).astype(np.float64)
    middle = (right + left - 1) / 2
    total = count.sum()
    mean_x, mean_y = (count * middle).sum() / total, (count * y).sum() / total
    within = (count * (count**2 - 1) / 12).sum()
    var_x = (count * (middle - mean_x) ** 2).sum() + within
    var_y = (count * (y - mean_y) ** 2).sum()
    both = (count * (middle - mean_x) * (y - mean_y)).sum()
    return degrees(atan2(2 * both, var_x - var_y)) / 2
