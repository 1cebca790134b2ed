"""How long desks usually take, looked up once an hour, so that a status costs no query."""

from __future__ import annotations

from collections.abc import Mapping

import structlog

from bot.times import Machine
from states.exam import Exam
from states.staff import Desk
from states.usual import Usual
from storage.db import Database, Unavailable
from storage.usual import usual

EVERY = 3600.0
"""Seconds between two looks."""

log = structlog.get_logger("usual")


class UsualTimes:
    """The figures as they were last looked up; none before."""

    def __init__(self, db: Database, exam: Exam, machine: Machine) -> None:
        self._db = db
        self._exam = exam
        self._machine = machine
        self._known: dict[Desk, Mapping[str, Usual]] = {}

    def of(self, desk: Desk, area: str) -> Usual | None:
        """How long this desk usually takes in this area; None while too few say so."""
        return self._known.get(desk, {}).get(area)

    async def look(self) -> None:
        """Look the figures up.

        Raises:
            Unavailable: they are as old as before.
        """
        async with self._db.read() as connection:
            self._known = {desk: await usual(connection, self._exam, desk) for desk in Desk}

    async def run(self) -> None:
        """Look now and then until cancelled."""
        while True:
            try:
                await self.look()
            except Unavailable as error:
                log.warning("usual times were not looked up", error=str(error))
            await self._machine.sleep(EVERY)
