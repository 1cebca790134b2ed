"""Regions of a mask: the pixels that others reach without leaving it."""

from __future__ import annotations

from typing import Final

import numpy as np

from bot.media.decoding.judging.colours import Mask

_PASSES: Final = 40
"""The most walks along rows and columns; heads need about 5."""


def reached_from(open_to: Mask, start: Mask) -> Mask:
    """Return the open pixels that can be reached from the start, along rows and columns."""
    reached = start & open_to
    for _ in range(_PASSES):
        before = int(reached.sum())
        reached = _along_rows(open_to, reached)
        reached = _along_rows(open_to.T, reached.T).T
        if int(reached.sum()) == before:
            break
    return reached


def _along_rows(open_to: Mask, reached: Mask) -> Mask:
    """Return all pixels of each open run of a row that holds a reached one."""
    rows, columns = open_to.shape
    starts = open_to & ~np.pad(open_to, ((0, 0), (1, 0)))[:, :-1]
    runs = np.where(open_to, starts.ravel().cumsum().reshape(rows, columns), 0)
    hit = np.zeros(int(runs.max()) + 1, np.bool_)
    hit[runs[reached & open_to]] = True
    hit[0] = False
    found: Mask = hit[runs]
    return found
