"""Places for work that is bounded: several side by side, or one that takes all places."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager


class Places:
    """So many places, given in the order in which they are asked for."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._free = asyncio.Semaphore(count)
        self._order = asyncio.Lock()

    @asynccontextmanager
    async def take(self, *, alone: bool = False) -> AsyncIterator[None]:
        """Wait for a place, or for all of them; they are free again when the block ends."""
        async with AsyncExitStack() as taken:
            async with self._order:
                for _ in range(self._count if alone else 1):
                    await taken.enter_async_context(self._free)
            yield
