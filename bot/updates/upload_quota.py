"""The quota of a person's files, by the hour and in bytes: nobody fills the disk or the network."""

from __future__ import annotations

from collections import Counter, deque

from bot.core.loops import MonotonicClock
from states.records import PersonId
from states.texts import Problem
from storage.candidates import blobs
from storage.engine.database import Database

MOST_BYTES = 200 * 1024 * 1024
"""Stored bytes per person: far more than any area asks for."""
MOST_AN_HOUR = 60
"""Fetched files per person and hour, refused ones included."""
HOUR = 3600.0
"""Seconds."""


class UploadQuota:
    """The quota of every person."""

    def __init__(self, db: Database, monotonic: MonotonicClock) -> None:
        self._db = db
        self._monotonic = monotonic
        self._hourly = HourlyQuota()

    async def exceeded(self, owner: PersonId) -> Problem | None:
        """Return the limit that forbids one more file of this person."""
        if self._hourly.count(owner, self._monotonic.now()) >= MOST_AN_HOUR:
            return Problem("problem-files-hour", {"limit": MOST_AN_HOUR})
        async with self._db.read_autocommit() as connection:
            weight = await blobs.weight(connection, owner)
        if weight >= MOST_BYTES:
            return Problem("problem-files-weight", {"limit": MOST_BYTES // 1024 // 1024})
        return None

    def note(self, owner: PersonId) -> None:
        """Count one more file of this person."""
        self._hourly.note(owner, self._monotonic.now())


class HourlyQuota:
    """The number of files of each person in the last hour; a restart forgets it."""

    def __init__(self) -> None:
        self._fetched: deque[tuple[float, PersonId]] = deque()
        self._counts: Counter[PersonId] = Counter()

    def note(self, owner: PersonId, now: float) -> None:
        """Count a file of this person."""
        self._fetched.append((now, owner))
        self._counts[owner] += 1

    def count(self, owner: PersonId, now: float) -> int:
        """Return the number of this person's files, and forget everybody's older ones."""
        while self._fetched and now - self._fetched[0][0] > HOUR:
            _, forgotten = self._fetched.popleft()
            self._counts[forgotten] -= 1
            if not self._counts[forgotten]:
                del self._counts[forgotten]
        return self._counts[owner]

    @property
    def remembered(self) -> int:
        """The number of people in memory."""
        return len(self._counts)
