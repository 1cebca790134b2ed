"""Wait for a condition that nobody announces, such as a row of another process."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

BOUND = 60.0
"""Seconds, also on a machine that does much else."""
LOOK = 0.01


async def until(condition: Callable[[], bool | Awaitable[bool]], seconds: float = BOUND) -> None:
    """Look every 10 ms until it holds.

    Raises:
        TimeoutError: it did not, in so many seconds.
    """
    async with asyncio.timeout(seconds):
        while True:
            holds = condition()
            if holds if isinstance(holds, bool) else await holds:
                return
            await asyncio.sleep(LOOK)


async def until_seen(condition: Callable[[], bool], seconds: float = BOUND) -> None:
    """The same for what can be seen at once.

    Raises:
        TimeoutError: it did not hold, in so many seconds.
    """

    async def look() -> bool:
        return condition()

    await until(look, seconds)
