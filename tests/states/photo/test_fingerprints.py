"""Fingerprints: two that differ in few bits always have a part in common."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from states.photo.fingerprints import BANDS, SAME, bands, differing_bits

pytestmark = pytest.mark.row("B5")

PRINTS = st.integers(-(2**63), 2**63 - 1)


@given(PRINTS, st.sets(st.integers(0, 63), max_size=SAME))
def test_a_copy_shares_a_part_whichever_bits_differ(one: int, flipped: set[int]) -> None:
    other = one & (1 << 64) - 1
    for bit in flipped:
        other ^= 1 << bit
    assert differing_bits(one, other) == len(flipped)
    assert any(a == b for a, b in zip(bands(one), bands(other), strict=True))


@given(PRINTS)
def test_the_parts_hold_all_bits(one: int) -> None:
    assert len(bands(one)) == BANDS == SAME + 1
    shifts = (0, 13, 26, 39, 52)
    whole = sum(part << shift for part, shift in zip(bands(one), shifts, strict=True))
    assert whole == one & (1 << 64) - 1
