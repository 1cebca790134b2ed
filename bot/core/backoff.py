"""The delay before the next try, for every loop of the bot that retries."""

from __future__ import annotations

import random
from collections.abc import Callable
from math import ceil, log


class Backoff:
    """The delays between tries, in seconds.

    Growth: the first failure waits ``first``, and each further one ``factor`` times as long.
    Cap: no delay is longer than ``last``, except where the other side asks for more.
    Jitter: a delay is shortened by a random share, at most ``jitter`` of it. Several clients that
    fail at one moment then return at different moments. It is zero unless set.
    Reset: after a success call ``reset``, and the next failure waits ``first`` again.
    A Backoff never ends the tries; a loop that gives up counts them itself.

    Args:
        first: the delay after the first failure, above zero.
        last: the longest delay; equal to ``first`` for a delay that stays the same.
        factor: 2 doubles the delay with each failure.
        jitter: from 0 to 1.
        chance: returns a number from 0 to 1; a test gives its own.
    """

    def __init__(
        self,
        first: float,
        last: float,
        *,
        factor: float = 2.0,
        jitter: float = 0.0,
        chance: Callable[[], float] = random.random,
    ) -> None:
        if not (0 < first <= last and factor > 1 and 0 <= jitter <= 1):
            raise ValueError("wanted: 0 < first <= last, factor > 1, 0 <= jitter <= 1")
        self._first = first
        self._last = last
        self._factor = factor
        self._jitter = jitter
        self._chance = chance
        # Growth stops here: the power of a day's failures is too large for a float.
        self._steps = ceil(log(last / first, factor))
        self._failures = 0

    def after(self, failures: int) -> float:
        """Return the delay after so many failures in a row, for a caller that counts them."""
        power = self._factor ** min(failures - 1, self._steps)
        delay = min(self._first * power, self._last)
        return delay - delay * self._jitter * self._chance() if self._jitter else delay

    def next(self, at_least: float = 0.0) -> float:
        """Count a failure and return its delay.

        Args:
            at_least: what the other side asks for (Telegram's ``retry_after``); it has no cap.
        """
        self._failures += 1
        return max(at_least, self.after(self._failures))

    def reset(self) -> None:
        """Forget the failures: a try succeeded."""
        self._failures = 0
