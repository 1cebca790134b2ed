"""A fingerprint of a picture: 64 bits that resizing, recompressing and a little crop keep."""

from __future__ import annotations

from typing import Final

import numpy as np
from PIL import Image

_SIDE: Final = 32
_KEPT: Final = 8


def fingerprint(image: Image.Image) -> int:
    """Return the perceptual hash (DCT, 64 bits, signed) of a picture.

    Zauner, "Implementation and benchmarking of perceptual image hash functions" (2010), §3.2.1: the
    signs of the 8×8 lowest frequencies around their median.
    """
    grey = image.convert("L").resize((_SIDE, _SIDE), Image.Resampling.BOX, reducing_gap=2.0)
    block = (_COSINES @ np.asarray(grey, np.float64) @ _COSINES.T)[1 : _KEPT + 1, 1 : _KEPT + 1]
    bits = (block > np.median(block)).ravel()
    value = int.from_bytes(np.packbits(bits).tobytes(), "big")
    return value - (1 << 64) if value >= 1 << 63 else value


_PLACES = np.arange(_SIDE)
_COSINES: Final = np.cos(np.pi * (2 * _PLACES[None, :] + 1) * _PLACES[:, None] / (2 * _SIDE))
