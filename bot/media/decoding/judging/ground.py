"""The background of a portrait: where it is, its colour, shadows, marks and frames."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from bot.media.decoding.judging.colours import WHITE, Floats, Mask, distance, name_of
from bot.media.decoding.judging.regions import reached_from
from states.photo.checks import Ground, HeadPlace

_EDGE: Final = 0.02
"""The part of the width that is left out at the edges, where frames and JPEG blocks lie."""
_STRIP: Final = 0.11
"""The part of the width, at each side, that shows background where no head was found."""
_LEAST: Final = 0.065
"""The part of the width at each side that counts as background beside any head."""
_HAIR: Final = 1.7
"""How far hair and ears reach, in half widths of a head."""
_TOP: Final = 0.05
_SHOULDERS: Final = 0.55
"""The part of the height above the shoulders, where no head was found."""
_BLOCK: Final = 0.018
_MARK: Final = 18.0
"""ΔE from the background at which people see something in it."""
_FRAME: Final = 0.12
"""The largest part of a side that a frame takes."""
_FRAME_EVEN: Final = 5.0
_FRAME_APART: Final = 12.0
"""ΔE within the first row of a frame, and from the picture inside it."""
_FRAME_LEFT: Final = 0.15
_FRAME_ENDS: Final = 0.6
"""Parts of a row that differ from the frame: where it may end, and where it has ended."""


@dataclass(frozen=True, slots=True)
class Background:
    """The measures of a background; ``colour`` is its median."""

    colour: Floats
    white_distance: float
    evenness: float
    marks: float
    name: Ground


def zone(shape: tuple[int, ...], head: HeadPlace | None) -> Mask:
    """Return the pixels that show background: beside the head and above it, over the shoulders."""
    height, width = shape[:2]
    found = np.zeros((height, width), np.bool_)
    edge = max(1, round(_EDGE * width))
    strip, top = max(edge + 2, round(_STRIP * width)), max(edge + 2, round(_TOP * height))
    low = round(height * (min(max(head.chin - 0.06, 0.3), 0.75) if head else _SHOULDERS))
    if head is not None:
        middle, half = head.middle * width, _HAIR * head.half_width * width
        least = round(_LEAST * width)
        found[edge:low, edge : max(least, round(middle - half))] = True
        found[edge:low, min(width - least, round(middle + half)) : width - edge] = True
        found[edge : max(top, round((head.crown - 0.03) * height)), edge : width - edge] = True
        return found
    found[edge:low, edge:strip] = True
    found[edge:low, width - strip : width - edge] = True
    found[edge:top, edge : width - edge] = True
    return found


def measure(colours: Floats, where: Mask, head: HeadPlace | None) -> Background:
    """Return the measures of the background in these pixels."""
    pixels = colours[where]
    colour = np.median(pixels, axis=0).astype(np.float32)
    apart = distance(colours, colour)
    blocks = _blocks(colours, where)
    even = float(np.percentile(distance(blocks, colour), 90)) if len(blocks) else 0.0
    texture = float(np.percentile(apart[where], 75))
    marks = _marks(apart, where, head)
    away = float(distance(colour, WHITE))
    return Background(colour, away, max(even, texture), marks, name_of(colour))


def _marks(apart: Floats, where: Mask, head: HeadPlace | None) -> float:
    """Return the percent of the background above the eyes that stands out and is no hair.

    Hair is joined to the head; text and stamps stand alone.
    """
    eyes, middle = (0.4, 0.5) if head is None else (head.eyes, head.middle)
    high = max(2, round((eyes - 0.03) * len(where)))
    stands_out = apart[:high] > _MARK
    start = np.zeros_like(stands_out)
    half = 0.12 if head is None else head.half_width
    width = stands_out.shape[1]
    start[:, max(0, round((middle - half) * width)) : round((middle + half) * width)] = True
    start[: round((head.crown if head else 0.1) * len(where))] = False
    alone = stands_out & ~reached_from(stands_out, start)
    zone_above = where[:high]
    return float(alone[zone_above].mean() * 100) if zone_above.any() else 0.0


def _blocks(colours: Floats, where: Mask) -> Floats:
    """Return the median colour of each block that lies wholly in the zone."""
    height, width = where.shape
    side = max(3, round(_BLOCK * width))
    rows, columns = height // side, width // side
    cut = colours[: rows * side, : columns * side]
    inside = where[: rows * side, : columns * side].reshape(rows, side, columns, side)
    whole = inside.all(axis=(1, 3))
    tiles = cut.reshape(rows, side, columns, side, 3).swapaxes(1, 2)[whole]
    found: Floats = np.median(tiles.reshape(-1, side * side, 3), axis=1)
    return found


def framed_sides(colours: Floats) -> int:
    """Return how many of the top, left and right sides have a frame."""
    sides = (colours, colours.swapaxes(0, 1), colours.swapaxes(0, 1)[::-1])
    return sum(map(_is_framed, sides))


def _is_framed(rows: Floats) -> bool:
    """Return whether the first rows have one colour, and end at once over most of the side."""
    first = rows[0]
    colour = np.median(first, axis=0).astype(np.float32)
    if float(np.percentile(distance(first, colour), 90)) > _FRAME_EVEN:
        return False
    most = round(_FRAME * len(rows))
    differs = (distance(rows[: most + 2], colour) > _FRAME_APART).mean(axis=1)
    for row in range(1, most):
        if differs[row] >= _FRAME_LEFT:
            return bool(differs[row : row + 3].max() >= _FRAME_ENDS)
    return False
