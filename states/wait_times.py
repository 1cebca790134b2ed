"""How long a step usually takes, by what it took others; too few say nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

MIN_SAMPLE: Final = 20
"""Fewer decisions than these say nothing about the next one."""
_HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class WaitTimes:
    """Within how many hours half of ``count`` decisions, and nine in ten, were made."""

    half: int
    most: int
    count: int


def wait_times_of(waits: Sequence[timedelta]) -> WaitTimes | None:
    """What is usual, rounded up to hours; None while there are too few to say so."""
    if len(waits) < MIN_SAMPLE:
        return None
    ordered = sorted(waits)
    half, most = (ordered[len(ordered) * part // 100] for part in (50, 90))
    return WaitTimes(-(-half // _HOUR), -(-most // _HOUR), len(ordered))
