"""Fine detail of a picture in grey: sharpness, enlargement, and the pattern of a screen."""

from __future__ import annotations

from typing import Final

import numpy as np
from PIL import Image

from bot.media.decoding.judging.colours import Floats

_WIDE: Final = 9
"""px of the blur that sharpness is compared with."""
_LOW: Final = 0.08
"""Cycles a px below which a spectrum shows shapes and no patterns."""
_GRID: Final = 0.01
"""Cycles a px beside the multiples of 1/8, where the blocks of a JPEG stand."""
_ROUGH: Final = 5
"""Frequencies around a peak that tell the level of its neighbourhood."""
_REDUCED: Final = 0.8
_LANCZOS: Final = Image.Resampling.LANCZOS


def blur_effect(grey: Floats) -> float:
    """Return the percent of detail that a blur of 9 px leaves: high in a blurred picture.

    Crété-Roffet et al., "The blur effect", SPIE 6492 (2007): differences between neighbours, in the
    picture and in a blurred copy, along the better of both directions.
    """
    found = []
    for plane in (grey, grey.T):
        blurred = _smoothed(plane, _WIDE)
        before = np.abs(np.diff(plane, axis=0))
        after = np.abs(np.diff(blurred, axis=0))
        total = float(before.sum())
        lost = float(np.maximum(before - after, 0).sum())
        found.append(1 - lost / total if total else 1.0)
    return 100 * max(found)


def _smoothed(grey: Floats, size: int) -> Floats:
    """Return the mean of ``size`` rows around each row."""
    half = size // 2
    padded = np.pad(grey, ((half + 1, half), (0, 0)), mode="edge").cumsum(axis=0, dtype=np.float64)
    means: Floats = ((padded[size:] - padded[:-size]) / size).astype(np.float32)
    return means


def spectrum(grey: Floats) -> Floats:
    """Return the power of each frequency, windowed against edges, with zero in the middle."""
    rows, columns = grey.shape
    window = np.outer(np.hanning(rows), np.hanning(columns)).astype(np.float32)
    power: Floats = np.abs(np.fft.fft2((grey - grey.mean()) * window)) ** 2
    return np.fft.fftshift(power)


def radii(shape: tuple[int, ...]) -> Floats:
    """Return the cycles a px of each frequency of ``spectrum``."""
    rows = np.fft.fftshift(np.fft.fftfreq(shape[0]))
    columns = np.fft.fftshift(np.fft.fftfreq(shape[1]))
    return np.hypot(rows[:, None], columns[None, :]).astype(np.float32)


def pattern(grey: Floats) -> float:
    """Return how far the strongest regular pattern stands above its neighbours, in decibels.

    A picture of a screen shows the screen's dots. Frequencies of JPEG's blocks are left out.
    """
    power = spectrum(grey)
    distance = radii(power.shape)
    rows = np.fft.fftshift(np.fft.fftfreq(power.shape[0]))
    columns = np.fft.fftshift(np.fft.fftfreq(power.shape[1]))
    row_grid = np.abs(rows * 8 - np.round(rows * 8)) / 8 < _GRID
    column_grid = np.abs(columns * 8 - np.round(columns * 8)) / 8 < _GRID
    left = (distance > _LOW) & ~(row_grid[:, None] & column_grid[None, :])
    level = _local_level(power)
    ratio = np.where(left, power / np.maximum(level, 1e-6), 0)
    return float(10 * np.log10(max(ratio.max(), 1e-6)))


def _local_level(power: Floats) -> Floats:
    """Return the mean of the neighbourhood without its middle."""
    wide, small = 2 * _ROUGH + 1, 3
    big = _smoothed(_smoothed(power, wide).T, wide).T * wide * wide
    near = _smoothed(_smoothed(power, small).T, small).T * small * small
    level: Floats = np.maximum(big - near, 0) / (wide * wide - small * small)
    return level


def fine_detail(grey: Floats) -> float:
    """Return how much the sharpest edges lose when a picture is reduced to 80 %, in percent.

    An enlarged picture loses little: it had no more detail before. The loss is in proportion to the
    mean difference between neighbours.
    """
    height, width = grey.shape
    image = Image.fromarray(grey)
    small = image.resize((round(width * _REDUCED), round(height * _REDUCED)), _LANCZOS)
    back = np.asarray(small.resize((width, height), Image.Resampling.BICUBIC))
    lost = float(np.percentile(np.abs(grey - back), 90))
    steps = float(np.abs(np.diff(grey, axis=0)).mean() + np.abs(np.diff(grey, axis=1)).mean())
    return 100 * lost / steps if steps else 0.0
