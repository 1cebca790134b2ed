"""Whether a page can be read: what a program can measure of it without knowing a letter."""

from __future__ import annotations

from typing import Final

import numpy as np
from PIL import Image

from bot.media.decoding.judging.colours import Floats, Mask
from bot.media.decoding.judging.detail import blur_effect
from states.papers.checks import PaperMeasures

SIDE: Final = 1600
"""px of the longest side in which a page is measured; it is never enlarged."""
_TILE: Final = 160
_SHARPEST: Final = 8
"""Tiles with the most print, of which the sharpness is the median."""
_INK: Final = 45
"""Steps of grey by which print is darker than the paper around it."""
_NEAR_EDGE: Final = 0.002
_BAND: Final = 0.006
"""Parts of the longest side: print that begins there and ends within the band is cut."""
_STROKE: Final = 40
"""px of the longest stroke of a letter; a longer one is a line or a shadow."""
_GAP: Final = 4
"""px beside a stroke in which there is paper."""
_MARGIN: Final = 0.08
"""The part of the longest side, at each edge, that tells how light the paper is there."""
_PIECE: Final = 200
"""px of a piece of an edge, within which paper has one lightness."""
_SMALL: Final = 400
"""px of the longest side in which the slant is measured."""
_ANGLES: Final = np.arange(-16.0, 16.01, 0.5)
_PRINT: Final = 40
_FINGER: Final = 32
"""Rows and columns of a fingerprint."""
_STEP: Final = 3.0
"""Steps of grey that a bit of the fingerprint stands for; less is noise."""


def measured(page: Image.Image) -> PaperMeasures:
    """Return the measures of an RGB page."""
    grey = _grey(page)
    ink = _ink(grey)
    letters = _without_lines(ink)
    slant, rows = _profile(letters)
    leaning, columns = _profile(letters.T)
    return PaperMeasures(
        side=float(min(page.size)),
        sharpness=_sharpness(grey, ink),
        light=float(np.percentile(grey, 80)) / 2.55,
        cut=float(max(_cut_strokes(grey, ink))),
        slant=slant if rows >= columns else -leaning,
        sideways=columns / rows if rows else 0.0,
        print=100 * float(ink.mean()),
    )


def fingerprint(page: Image.Image) -> str:
    """Return the fingerprint of a page as hexadecimal digits: where it grows lighter and darker."""
    small = page.convert("L").resize((_FINGER + 1, _FINGER + 1), Image.Resampling.BOX)
    grey = np.asarray(small, np.float32)
    across = (grey[:-1, 1:] - grey[:-1, :-1]) > _STEP
    down = (grey[1:, :-1] - grey[:-1, :-1]) > _STEP
    return np.packbits(np.concatenate([across, down])).tobytes().hex()


def _grey(page: Image.Image) -> Floats:
    scale = min(1.0, SIDE / max(page.size))
    size = (max(1, round(page.width * scale)), max(1, round(page.height * scale)))
    small = page if scale == 1 else page.resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0)
    return np.asarray(small.convert("L"), np.float32)


def _ink(grey: Floats) -> Mask:
    """Return where the page is darker than the paper around: print, seals, lines."""
    image = Image.fromarray(grey.astype(np.uint8))
    size = (max(1, image.width // 16), max(1, image.height // 16))
    paper = image.resize(size, Image.Resampling.BOX).resize(image.size, Image.Resampling.BILINEAR)
    light = max(0.15, float(np.percentile(grey, 80)) / 255)
    ink: Mask = (np.asarray(paper, np.float32) - grey) > _INK * light
    return ink


def _sharpness(grey: Floats, ink: Mask) -> float:
    """Return the percent of detail that a blur leaves in the tiles with the most print."""
    tiles = [
        (int(ink[top : top + _TILE, left : left + _TILE].sum()), top, left)
        for top in range(0, grey.shape[0] - _TILE + 1, _TILE)
        for left in range(0, grey.shape[1] - _TILE + 1, _TILE)
    ]
    if not tiles:
        return blur_effect(grey)
    most = sorted(tiles, reverse=True)[:_SHARPEST]
    return float(np.median([blur_effect(grey[y : y + _TILE, x : x + _TILE]) for _, y, x in most]))


def _cut_strokes(grey: Floats, ink: Mask) -> tuple[int, ...]:
    """Return the strokes of letters that reach each edge of the picture.

    A stroke has paper on both sides. A desk beside a sheet that lies askew has none where the
    picture ends, and its grain has the size of letters.
    """
    longest = max(grey.shape)
    first, last = max(1, round(_NEAR_EDGE * longest)), max(3, round(_BAND * longest))
    margin = max(last, round(_MARGIN * longest))
    edges = ((grey, ink), (grey[::-1], ink[::-1]), (grey.T, ink.T), (grey.T[::-1], ink.T[::-1]))
    return tuple(
        _strokes(
            np.asarray(marks[first:last].any(0)),
            _paper(plane[min(first, len(plane) - 1)], plane[:margin]),
        )
        for plane, marks in edges
    )


def _paper(line: Floats, margin: Floats) -> Mask:
    """Return where a line along an edge is as light as the paper of the margin beside it."""
    paper = np.zeros(len(line), np.bool_)
    for start in range(0, len(line), _PIECE):
        piece = slice(start, start + _PIECE)
        light = float(np.percentile(margin[:, piece], 80))
        paper[piece] = line[piece] > light * (1 - _INK / 2 / 255)
    return paper


def _strokes(line: Mask, paper: Mask) -> int:
    """Return the runs of print along a line that are as long as letters and have paper beside."""
    steps = np.flatnonzero(np.diff(np.concatenate([[False], line, [False]]).astype(np.int8)))
    starts, ends = steps[::2], steps[1::2]
    letters = (ends - starts >= 2) & (ends - starts <= _STROKE)
    return sum(
        bool(paper[max(0, start - _GAP) : start].any() and paper[end : end + _GAP].any())
        for start, end in zip(starts[letters], ends[letters], strict=True)
    )


def _without_lines(ink: Mask) -> Mask:
    """Return the print without frames and lines, which stand out along both sides alike."""
    long = np.zeros_like(ink)
    for plane, found in ((ink, long), (ink.T, long.T)):
        sums = np.pad(plane.cumsum(1, dtype=np.int32), ((0, 0), (1, 0)))
        whole = sums[:, _STROKE:] - sums[:, :-_STROKE] == _STROKE
        rows, columns = np.nonzero(whole)
        marks = np.zeros((plane.shape[0], plane.shape[1] + 1), np.int32)
        np.add.at(marks, (rows, columns), 1)
        np.add.at(marks, (rows, columns + _STROKE), -1)
        found |= marks.cumsum(1)[:, :-1] > 0
    letters: Mask = ink & ~long
    return letters


def _profile(plane: Mask) -> tuple[float, float]:
    """Return the slant at which rows of print stand out most, and how far they do."""
    scale = max(1, max(plane.shape) // _SMALL)
    rows, columns = plane.shape[0] // scale, plane.shape[1] // scale
    if rows < _PRINT or columns < _PRINT:
        return 0.0, 0.0
    small = plane[: rows * scale, : columns * scale].reshape(rows, scale, columns, scale)
    weight = small.mean(axis=(1, 3)).astype(np.float32)
    y, x = np.nonzero(weight)
    if len(y) < _PRINT:
        return 0.0, 0.0
    values = weight[y, x]
    best, most = 0.0, -1.0
    for angle in _ANGLES:
        at = np.rint(y - (x - columns / 2) * np.tan(np.radians(angle))).astype(np.int64)
        inside = (at >= 0) & (at < rows)
        sums = np.bincount(at[inside], values[inside], rows)
        sharp = float(sums.var()) / float(sums.mean() or 1) ** 2
        if sharp > most:
            best, most = float(angle), sharp
    return best, most
