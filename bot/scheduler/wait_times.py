"""WaitTimeCache holds the usual wait of each desk, so that a status screen costs no query."""

from __future__ import annotations

from collections.abc import Mapping

from states.exam import Exam
from states.staff.timings import WaitTimes
from states.staff_roles import Desk
from storage.engine.database import Database
from storage.staff.cases import review_queue


class WaitTimeCache:
    """The wait times of the last measurement; empty before the first."""

    def __init__(self, db: Database, exam: Exam) -> None:
        self._db = db
        self._exam = exam
        self._known: dict[Desk, Mapping[str, WaitTimes]] = {}

    def of(self, desk: Desk, area: str) -> WaitTimes | None:
        """Return the usual wait at a desk of an area; None for too few cases."""
        return self._known.get(desk, {}).get(area)

    async def refresh(self) -> None:
        """Measure all desks.

        Raises:
            Unavailable: the cache keeps the older figures.
        """
        async with self._db.read() as connection:
            self._known = {
                desk: await review_queue.wait_times(connection, self._exam, desk) for desk in Desk
            }
