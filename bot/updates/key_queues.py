"""Lanes: each person's updates in order of update_id, at most one of them running."""

from __future__ import annotations

import heapq
from collections.abc import Container
from dataclasses import dataclass, field

from storage.updates.inbox import ReceivedUpdate


@dataclass(slots=True)
class KeyQueue:
    """The update that runs, and what waits behind it."""

    running: ReceivedUpdate
    waiting: list[tuple[int, int, ReceivedUpdate]] = field(default_factory=list)


class KeyQueues:
    """All lanes in which something runs; a lane with nothing left is forgotten."""

    def __init__(self) -> None:
        self._queues: dict[int, KeyQueue] = {}

    def __len__(self) -> int:
        return len(self._queues)

    def push(self, row: ReceivedUpdate) -> ReceivedUpdate | None:
        """Queue an update; returns it if it may run now.

        A lower update_id that arrives late runs before the higher ones that still wait.
        """
        queue_key = self._queues.get(row.queue_key)
        if queue_key is None:
            self._queues[row.queue_key] = KeyQueue(row)
            return row
        # By their ids besides: one that Telegram tells again can wait beside itself.
        heapq.heappush(queue_key.waiting, (row.update_id, row.id, row))
        return None

    def complete(self, key: int) -> ReceivedUpdate | None:
        """The lane's update is through; returns the next, which runs now."""
        queue_key = self._queues[key]
        if not queue_key.waiting:
            del self._queues[key]
            return None
        queue_key.running = heapq.heappop(queue_key.waiting)[-1]
        return queue_key.running

    def withdraw(self, key: int, ids: Container[int]) -> ReceivedUpdate | None:
        """Take these updates out of a lane again; returns the next, if that makes it run now."""
        queue_key = self._queues.get(key)
        if queue_key is None:
            return None
        queue_key.waiting = [entry for entry in queue_key.waiting if entry[-1].id not in ids]
        heapq.heapify(queue_key.waiting)
        return self.complete(key) if queue_key.running.id in ids else None
