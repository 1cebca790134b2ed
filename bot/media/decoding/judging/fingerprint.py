"""A fingerprint of a picture: 64 bits that resizing and recompressing keep."""

from __future__ import annotations

from typing import Final

import numpy as np
from PIL import Image

_HEIGHT: Final = 320
_SIDE: Final = 9


def fingerprint(image: Image.Image) -> int:
    """Return the perceptual hash of a picture: 64 bits, as a signed number.

    Each bit says whether it gets brighter between two neighbours of a 9×9 picture; they are taken
    across and down in turn (a difference hash in both directions).
    """
    grey = image.convert("L")
    if grey.height > _HEIGHT:
        width = max(2, round(grey.width * _HEIGHT / grey.height))
        grey = grey.resize((width, _HEIGHT), Image.Resampling.BILINEAR, reducing_gap=2.0)
    small = np.asarray(grey.resize((_SIDE, _SIDE), Image.Resampling.LANCZOS), np.int16)
    across = (small[:-1, 1:] > small[:-1, :-1]).ravel()
    down = (small[1:, :-1] > small[:-1, :-1]).ravel()
    bits = np.concatenate((across, down))[::2]
    value = int.from_bytes(np.packbits(bits).tobytes(), "big")
    return value - (1 << 64) if value >= 1 << 63 else value
