"""CIE Lab colours (D65) of a picture in sRGB, as arrays of rows, columns and L, a, b."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from states.photo.checks import Ground

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]

WHITE: Final = np.array((100.0, 0.0, 0.0), np.float32)

_STEPS = np.arange(256, dtype=np.float32) / 255
_LINEAR: Final = np.where(_STEPS <= 0.04045, _STEPS / 12.92, ((_STEPS + 0.055) / 1.055) ** 2.4)
"""IEC 61966-2-1: the light of each of the 256 steps."""
_TO_XYZ: Final = np.array(
    (
        (0.4124564, 0.3575761, 0.1804375),
        (0.2126729, 0.7151522, 0.0721750),
        (0.0193339, 0.1191920, 0.9503041),
    ),
    np.float32,
) / np.array((0.95047, 1.0, 1.08883), np.float32).reshape(3, 1)
_COLOURLESS: Final = 8.0
"""The chroma below which people call a colour grey."""
_HUES: Final = (
    (40, Ground.RED),
    (105, Ground.YELLOW),
    (190, Ground.GREEN),
    (305, Ground.BLUE),
    (345, Ground.PURPLE),
    (360, Ground.RED),
)
"""The hue angles of Lab in degrees, up to which a colour has a name."""


def lab(image: Image.Image) -> Floats:
    """Return the colours of an RGB picture."""
    light = _LINEAR.astype(np.float32)[np.asarray(image)]
    xyz = light @ _TO_XYZ.T
    curve = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    x, y, z = curve[..., 0], curve[..., 1], curve[..., 2]
    return np.stack((116 * y - 16, 500 * (x - y), 200 * (y - z)), axis=-1).astype(np.float32)


def distance(colours: Floats, other: Floats) -> Floats:
    """Return ΔE (CIE 1976) of each colour from another one."""
    difference: Floats = np.sqrt(((colours - other) ** 2).sum(axis=-1))
    return difference


def name_of(colour: Floats) -> Ground:
    """Return the name of a background's colour."""
    lightness, a, b = (float(one) for one in colour)
    if (a * a + b * b) ** 0.5 < _COLOURLESS:
        if lightness >= 90:
            return Ground.WHITE
        return Ground.BLACK if lightness < 25 else Ground.GREY
    hue = float(np.degrees(np.arctan2(b, a))) % 360
    return next(name for until, name in _HUES if hue <= until)
