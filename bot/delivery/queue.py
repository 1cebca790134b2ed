"""ChatQueue orders the outbox rows of one chat."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Callable

from states.records import Records
from states.step_result import EditScreen
from storage.updates.outbox import OutgoingMessage


class ChatQueue:
    """The rows of one chat: waiting rows by priority and id, and sent rows without a commit."""

    def __init__(self) -> None:
        self.task: asyncio.Task[None] | None = None
        self._waiting: list[tuple[int, int, OutgoingMessage, Records | None]] = []
        self._uncommitted: set[int] = set()
        self._committed = asyncio.Event()

    @property
    def has_waiting(self) -> bool:
        """Whether a row waits."""
        return bool(self._waiting)

    @property
    def is_over(self) -> bool:
        """Whether nothing is left to do for this chat."""
        return not self._waiting and not self._uncommitted and self.task is None

    def push(self, row: OutgoingMessage, records: Records | None) -> list[OutgoingMessage]:
        """Add a row; return the waiting edits of the same message that it replaces."""
        replaced = []
        if isinstance(row.effect, EditScreen):
            for entry in tuple(self._waiting):
                if _edits_same_message(entry[2], row.effect):
                    self._waiting.remove(entry)
                    replaced.append(entry[2])
            heapq.heapify(self._waiting)
        heapq.heappush(self._waiting, (row.priority, row.id, row, records))
        return replaced

    def pop(self) -> tuple[OutgoingMessage, Records | None]:
        """Remove and return the first row, and the records to render it from."""
        _, _, row, records = heapq.heappop(self._waiting)
        return row, records

    def sent(self, row_id: int) -> None:
        """Note a row whose result must be committed before the next row goes."""
        self._uncommitted.add(row_id)

    def committed(self, row_id: int) -> None:
        """Note the commit of a row's result."""
        self._uncommitted.discard(row_id)
        self._committed.set()

    async def wait_for_commit(self, ask: Callable[[], None]) -> None:
        """Wait until every result is committed; ``ask`` for each commit."""
        while self._uncommitted:
            self._committed.clear()
            ask()
            await self._committed.wait()


def _edits_same_message(older: OutgoingMessage, newer: EditScreen) -> bool:
    """Return whether both edits name one message, by slot or id."""
    edit = older.effect
    if not isinstance(edit, EditScreen):
        return False
    target = (edit.slot, edit.message_id)
    return target == (newer.slot, newer.message_id) and target != (None, None)
