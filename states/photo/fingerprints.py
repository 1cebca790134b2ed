"""Fingerprints of photos: whether two pictures are copies of one photo."""

from __future__ import annotations

from typing import Final

SAME: Final = 4
"""Bits of 64 in which two copies of one photo may differ."""
BANDS: Final = 5
"""The parts of a fingerprint: two that differ in ``SAME`` bits have one part in common."""
_SIZES: Final = (13, 13, 13, 13, 12)


def differing_bits(one: int, other: int) -> int:
    """Return in how many bits two fingerprints differ.

    >>> differing_bits(-1, 0)
    64
    """
    return ((one ^ other) & (1 << 64) - 1).bit_count()


def bands(fingerprint: int) -> tuple[int, ...]:
    """Return the parts of a fingerprint, to look up those like it.

    >>> len(bands(7)) == BANDS
    True
    """
    left = fingerprint & (1 << 64) - 1
    found = []
    for size in _SIZES:
        found.append(left & (1 << size) - 1)
        left >>= size
    return tuple(found)
