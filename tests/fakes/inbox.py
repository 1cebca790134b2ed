"""An inbox in memory, and all that was put into it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from storage.engine.database import Unavailable
from storage.updates.inbox import Inbox, ReceivedUpdate, queue_key_of

BOT = 4242


class FakeInbox(Inbox):
    """Keeps updates.

    ``gone``: how many more times it cannot; ``commits``: what was kept together; while ``gate`` is
    closed, a commit does not end.
    """

    def __init__(self) -> None:
        self.kept: list[int] = []
        self.commits: list[list[int]] = []
        self.gaps: list[tuple[datetime, datetime]] = []
        self.gone = 0
        self._uncommitted: dict[int, datetime] = {}
        self.gate = asyncio.Event()
        self.gate.set()

    def number(
        self, bot_id: int, updates: Iterable[dict[str, Any]], now: datetime
    ) -> list[ReceivedUpdate]:
        return [
            ReceivedUpdate(raw["update_id"], bot_id, raw["update_id"], queue_key_of(raw), now, raw)
            for raw in updates
        ]

    async def keep(self, rows: Sequence[ReceivedUpdate]) -> list[ReceivedUpdate]:
        self.commits.append([row.id for row in rows])
        await self.gate.wait()
        if self.gone:
            self.gone -= 1
            raise Unavailable("locked")
        new = {row.id: row for row in rows if row.id not in self.kept}
        self.kept += new
        return list(new.values())

    async def note_gap(self, began_at: datetime, ended_at: datetime) -> None:
        self.gaps.append((began_at, ended_at))
