"""How long desks usually take, looked up once an hour, so that a status costs no query."""

from __future__ import annotations

from collections.abc import Mapping

import structlog

from bot.core.clocks import MonotonicClock
from states.exam import Exam
from states.staff import Desk
from states.staff_timings import WaitTimes
from storage.engine.database import Database, Unavailable
from storage.staff import review_queue

EVERY = 3600.0
"""Seconds between two looks."""

log = structlog.get_logger("usual")


class WaitTimeCache:
    """The figures as they were last looked up; none before."""

    def __init__(self, db: Database, exam: Exam, monotonic: MonotonicClock) -> None:
        self._db = db
        self._exam = exam
        self._monotonic = monotonic
        self._known: dict[Desk, Mapping[str, WaitTimes]] = {}

    def of(self, desk: Desk, area: str) -> WaitTimes | None:
        """How long this desk usually takes in this area; None while too few say so."""
        return self._known.get(desk, {}).get(area)

    async def refresh(self) -> None:
        """Look the figures up.

        Raises:
            Unavailable: they are as old as before.
        """
        async with self._db.read() as connection:
            self._known = {
                desk: await review_queue.wait_times(connection, self._exam, desk) for desk in Desk
            }

    async def run(self) -> None:
        """Look now and then until cancelled."""
        while True:
            try:
                await self.refresh()
            except Unavailable as error:
                log.warning("usual times were not looked up", error=str(error))
            await self._monotonic.sleep(EVERY)
