"""Signs of a copy in a whole picture: the bars of a screenshot, and the edge of a print."""

from __future__ import annotations

from typing import Final

import numpy as np
from PIL import Image

from bot.media.decoding.judging import colours
from bot.media.decoding.judging.colours import Floats, distance

_SIDE: Final = 320
"""px of the longest side in which copies are looked for."""
_MOST: Final = 0.42
"""The largest part of a side that a bar takes."""
_EVEN: Final = 1.5
_APART: Final = 12.0
"""ΔE within a bar, which is drawn and not lit, and from the picture beside it."""
_ICONS: Final = 0.35
_ENDED: Final = 0.55
_FRAMED: Final = 0.85
"""Parts of a row that differ from the bar.

Icons take at most the first; where a bar ends, at least the second differs, and the third where a
frame ends beside the picture.
"""
_AT_ONCE: Final = 0.45
"""The part of a row over which a bar ends within ``_SOFT`` rows; a slanted edge is slower."""
_SOFT: Final = 3
_STAYS: Final = 0.03
"""The part of a side over which a bar stays ended; below icons it goes on."""
_DEPTH: Final = 0.22
"""The part of a side within which the edge of a print is looked for."""
_PIECES: Final = 64
"""Pieces of a side, each with one mean colour a row."""
_MEAN: Final = 3
"""Rows on each side of an edge that are compared."""
_EDGE: Final = 6.0
"""ΔE between the means of these rows at which people see an edge."""
_ANGLES: Final = np.arange(-6.0, 6.01, 0.75)
_SEEN: Final = 0.6
"""The part of a side over which an edge has to lie in the picture."""


def measure(whole: Image.Image) -> tuple[float, float]:
    """Return the percent of the height that bars take, and of a side along which an edge runs.

    Bars are cut off before edges are looked for, and a frame on all sides is none. Beside bars no
    edge is looked for at the top or the bottom, where a bar of the background's colour may end.
    """
    scale = min(1.0, _SIDE / max(whole.size))
    size = (max(2, round(whole.width * scale)), max(2, round(whole.height * scale)))
    lab = colours.lab(whole.resize(size, Image.Resampling.BOX))
    upper, lower, *upright = _from_each_side(lab)
    top, bottom = _bar(upper, _ENDED), _bar(lower, _ENDED)
    left, right = (_bar(rows, _FRAMED) for rows in upright)
    inner = lab[_inside(top, bottom, len(lab)), _inside(left, right, lab.shape[1])]
    bars = 0.0 if left and right else 100 * (top + bottom) / len(lab)
    sides = _from_each_side(inner)[2 if bars else 0 :]
    return bars, 100 * max(map(_edge, sides))


def _inside(first: int, last: int, length: int) -> slice:
    """Return the part between two bars, without the rows in which they end."""
    start, end = first + _SOFT if first else 0, last + _SOFT if last else 0
    return slice(start, max(start + 1, length - end))


def _from_each_side(lab: Floats) -> tuple[Floats, ...]:
    """Return the picture with the top, the bottom, the left and the right side first."""
    across = lab.swapaxes(0, 1)
    return lab, lab[::-1], across, across[::-1]


def _bar(rows: Floats, least: float) -> int:
    """Return how many rows of one colour there are before the picture begins at once.

    Icons and a clock may stand in them. Background ends little by little, along a head. ``least``
    is the part of a row that differs once the bar has ended.
    """
    first = rows[0]
    colour = np.median(first, axis=0).astype(np.float32)
    if float(np.percentile(distance(first, colour), 70)) > _EVEN:
        return 0
    stays, most = max(3, round(_STAYS * len(rows))), round(_MOST * len(rows))
    apart = distance(rows[: most + _SOFT + stays], colour)
    differs = (apart > _APART).mean(axis=1)
    for row in range(1, min(most, len(differs) - _SOFT - stays)):
        ended = differs[row + _SOFT - 1 : row + _SOFT - 1 + stays].min()
        before = differs[row - 1]
        if before <= _ICONS and ended >= max(least, before + _AT_ONCE):
            is_even = float(np.percentile(apart[:row], 70)) <= _EVEN
            return row if is_even else 0
    return 0


def _edge(rows: Floats) -> float:
    """Return the largest part of this side along which one straight edge runs."""
    depth, width = round(_DEPTH * len(rows)), rows.shape[1] // _PIECES * _PIECES
    if depth <= 2 * _MEAN or not width:
        return 0.0
    near = rows[: depth + 2 * _MEAN, :width]
    near = near.reshape(len(near), _PIECES, -1, 3).mean(axis=2)
    sums = np.pad(near.cumsum(axis=0), ((1, 0), (0, 0), (0, 0)))
    means = (sums[_MEAN:] - sums[:-_MEAN]) / _MEAN
    is_edge = distance(means[_MEAN + 1 :], means[: -_MEAN - 1]) > _EDGE
    column = np.arange(_PIECES)
    best, high = 0.0, len(is_edge)
    for angle in _ANGLES:
        shift = np.tan(np.radians(angle)) * (column + 0.5 - _PIECES / 2) * width / _PIECES
        at = np.rint(np.arange(-high, high)[:, None] + shift).astype(np.int64)
        seen = at >= 0
        hit = is_edge[at.clip(0, high - 1), column] & seen & (at < high)
        counts = seen.sum(axis=1)
        parts = hit.sum(axis=1)[counts >= _SEEN * _PIECES] / counts[counts >= _SEEN * _PIECES]
        best = max(best, float(parts.max(initial=0)))
    return best
