"""Lanes: each person's updates in order of update_id, at most one of them running."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field

from storage.inbox import Received


@dataclass(slots=True)
class Lane:
    """What waits behind the update that runs."""

    waiting: list[tuple[int, Received]] = field(default_factory=list)


class Lanes:
    """All lanes in which something runs; a lane with nothing left is forgotten."""

    def __init__(self) -> None:
        self._lanes: dict[int, Lane] = {}

    def __len__(self) -> int:
        return len(self._lanes)

    def arrive(self, row: Received) -> Received | None:
        """Queue an update; returns it if it may run now.

        A lower update_id that arrives late runs before the higher ones that still wait.
        """
        lane = self._lanes.get(row.lane)
        if lane is None:
            self._lanes[row.lane] = Lane()
            return row
        heapq.heappush(lane.waiting, (row.update_id, row))
        return None

    def through(self, key: int) -> Received | None:
        """The lane's update is through; returns the next, which runs now."""
        lane = self._lanes[key]
        if not lane.waiting:
            del self._lanes[key]
            return None
        return heapq.heappop(lane.waiting)[1]
