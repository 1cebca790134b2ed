"""Conflict: another bot receives updates with the same token, so that each gets only a part."""

from __future__ import annotations

from collections import deque
from typing import Final

from bot.core.runtime import MonotonicClock

SIGNS: Final = 3
WITHIN_SECONDS: Final = 300.0
"""So many signs within these seconds are no restart."""


class ConflictWatch:
    """Remembers the last signs of another bot: a poll that ended ours, a webhook that changed."""

    def __init__(self, monotonic: MonotonicClock) -> None:
        self._monotonic = monotonic
        self._signs: deque[float] = deque(maxlen=SIGNS)

    def note(self) -> None:
        """Note a sign."""
        self._signs.append(self._monotonic.now())

    @property
    def is_on(self) -> bool:
        """Whether another bot is at work now."""
        is_full = len(self._signs) == SIGNS
        return is_full and self._monotonic.now() - self._signs[0] <= WITHIN_SECONDS
