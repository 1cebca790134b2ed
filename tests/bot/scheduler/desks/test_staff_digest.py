"""The digest of a whole country: each place looks up who is for it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.scheduler.desks.staff_digest import StaffDigest
from states.records import Application
from states.staff_roles import Role, RoleAssignment, Scope
from storage.engine.installation import Fact, write
from tests.bot.storages import storage_over
from tests.factories import EXAM, staff_member
from tests.fakes.jobs import run_job
from tests.storage.process import started_process
from tests.storage.staff_members import (
    AREA,
    CONFIRMING,
    KEYS,
    PACE,
    XINING,
    come,
    grant_all,
    waiting,
)

POINTS = 60
DIGEST_AT = CONFIRMING + timedelta(hours=1)


def clerk(number: int) -> RoleAssignment:
    """A clerk of a point of their own."""
    return staff_member(100 + number, Role.POINT_CLERK, Scope(*_SITE, f"p{number}"), 6000 + number)


_SITE = (XINING.area, XINING.site)


async def test_a_digest_asks_only_who_is_for_a_place(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asking everybody of 4,000 about each of 6,000 places stalled the bot for 33 seconds."""
    asked: list[int] = []
    may_decide = RoleAssignment.may_decide

    def counted(assignment: RoleAssignment, application: Application) -> bool:
        asked.append(assignment.id)
        return may_decide(assignment, application)

    monkeypatch.setattr(RoleAssignment, "may_decide", counted)
    async with started_process(database) as process:
        storage = storage_over(process.db, KEYS, process.inbox, process.outbox)
        await grant_all(process.db, AREA, *(clerk(n) for n in range(POINTS)))
        async with process.db.write() as tx:
            await write(tx, Fact.DIGEST_SENT, CONFIRMING.isoformat())
        since = CONFIRMING + timedelta(minutes=1)
        here = [waiting(n, since=since, point=f"p{n}") for n in range(1, POINTS)]
        await come(process.db, *here)
        await run_job(storage, StaffDigest(storage, EXAM, PACE), DIGEST_AT)
        told = {row.chat_id for row in await process.outbox.waiting(DIGEST_AT)}
    assert told == {6000 + n for n in range(1, POINTS)}, "nobody waits for the first clerk"
    assert len(asked) == 2 * len(here), "the place's own clerk and the area's reviewer"
