"""Lanes: each person's updates in order of update_id, at most one of them running."""

from __future__ import annotations

import heapq
from collections.abc import Container
from dataclasses import dataclass, field

from storage.inbox import Received


@dataclass(slots=True)
class Lane:
    """The update that runs, and what waits behind it."""

    running: Received
    waiting: list[tuple[int, int, Received]] = field(default_factory=list)


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
            self._lanes[row.lane] = Lane(row)
            return row
        # By their ids besides: one that Telegram tells again can wait beside itself.
        heapq.heappush(lane.waiting, (row.update_id, row.id, row))
        return None

    def through(self, key: int) -> Received | None:
        """The lane's update is through; returns the next, which runs now."""
        lane = self._lanes[key]
        if not lane.waiting:
            del self._lanes[key]
            return None
        lane.running = heapq.heappop(lane.waiting)[-1]
        return lane.running

    def withdraw(self, key: int, ids: Container[int]) -> Received | None:
        """Take these updates out of a lane again; returns the next, if that makes it run now."""
        lane = self._lanes.get(key)
        if lane is None:
            return None
        lane.waiting = [entry for entry in lane.waiting if entry[-1].id not in ids]
        heapq.heapify(lane.waiting)
        return self.through(key) if lane.running.id in ids else None
