"""BulkClaims claims bulk rows right before their calls: a crash leaves only those unknown."""

from __future__ import annotations

import asyncio
from typing import Final

import structlog

from bot.core.runtime import Failpoint, FailpointHook, MonotonicClock
from storage.engine.database import Unavailable
from storage.updates.outbox import Outbox, OutgoingMessage

RETRY_SECONDS: Final = 1.0

log = structlog.get_logger("claims")


class BulkClaims:
    """Claims the bulk rows of one moment in one commit: those that wait during another claim.

    A row that was taken out of the outbox meanwhile is not claimed, and must not be sent. So a
    pause or a cancellation only has to delete rows.
    """

    def __init__(self, outbox: Outbox, monotonic: MonotonicClock, failpoint: FailpointHook) -> None:
        self._outbox = outbox
        self._monotonic = monotonic
        self._failpoint = failpoint
        self._writing = asyncio.Lock()
        self._asked: list[int] = []
        self._claimed: set[int] = set()

    async def claim(self, row: OutgoingMessage) -> bool:
        """Claim a row; return whether its call may begin."""
        self._asked.append(row.id)
        async with self._writing:
            if row.id in self._asked:  # else the claim of an earlier row took it along
                asked, self._asked = self._asked, []
                self._claimed |= await self._write(asked)
                self._failpoint(Failpoint.CLAIMED)
        may_begin = row.id in self._claimed
        self._claimed.discard(row.id)
        return may_begin

    async def release(self, row: OutgoingMessage) -> None:
        """Let a claimed row wait again whose call has surely had no effect."""
        try:
            await self._outbox.release(row.id)
        except Unavailable as error:
            log.warning("claim not released: a crash would call it unknown", error=str(error))

    async def _write(self, row_ids: list[int]) -> set[int]:
        while True:
            try:
                return await self._outbox.claim(row_ids)
            except Unavailable as error:
                log.warning("bulk messages not claimed; again soon", error=str(error))
                await self._monotonic.sleep(RETRY_SECONDS)
