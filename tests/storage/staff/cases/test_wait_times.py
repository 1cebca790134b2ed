"""How long desks took: from coming there, or from the opening of the window, to the decision."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert

from states.staff.timings import MIN_SAMPLE, WaitTimes
from states.staff_roles import Desk
from storage.engine import tables
from storage.engine.database import Database
from storage.staff.cases.review_queue import wait_times
from tests.states.people import EXAM

pytestmark = [pytest.mark.asyncio, pytest.mark.row("B18")]

OPENS = EXAM.windows.review.opens
HOUR = timedelta(hours=1)


async def decided(db: Database, number: int, area: str, since: datetime | None) -> None:
    """A review of the site, two hours after its window opened and applied."""
    blank = {"site": "", "point": "", "specialty": "", "agreed": ""}
    person = {"id": number, "bot_id": 1, "telegram_id": number, "locale": "", "consent": ""}
    known = {"id": number, "person_id": number, "exam": EXAM.key, "area": area, "revision": 1}
    decision = {
        "id": number,
        "application_id": number,
        "revision": 1,
        "assignment_id": 1,
        "seen": b"",
    }
    moments = {"decided_at": OPENS + 2 * HOUR, "effective_at": OPENS, "applied_at": OPENS}
    async with db.write() as connection:
        await connection.execute(insert(tables.people), person | {"wants_opening": False})
        await connection.execute(
            insert(tables.applications), known | blank | {"stage": "approved", "form_version": 1}
        )
        await connection.execute(
            insert(tables.decisions),
            decision | moments | {"desk": Desk.SITE_REVIEW, "approving": True, "since": since},
        )


async def test_the_wait_begins_when_the_desk_could_decide(db: Database) -> None:
    assignment = {"id": 1, "bot_id": 1, "telegram_id": 1, "role": "site-reviewer", "area": ""}
    async with db.write() as connection:
        await connection.execute(
            insert(tables.role_assignments),
            assignment
            | {"site": "", "point": "", "name": b"", "granted_by": 1, "granted_at": OPENS},
        )
    for number in range(1, MIN_SAMPLE + 1):
        await decided(db, number, "qinghai", OPENS - 90 * HOUR)
    for number in range(100, 99 + MIN_SAMPLE):
        await decided(db, number, "shanxi", OPENS)
    await decided(db, 500, "shanxi", None)
    async with db.read() as connection:
        assert await wait_times(connection, EXAM, Desk.SITE_REVIEW) == {
            "qinghai": WaitTimes(half=2, most=2, count=MIN_SAMPLE)
        }
        assert await wait_times(connection, EXAM, Desk.AREA_REVIEW) == {}
