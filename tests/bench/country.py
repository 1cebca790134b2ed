"""The jobs of a whole country, and how long they stall: ``python -m tests.bench.country``.

It plants 100,000 people and 4,000 of the staff. Each periodic job then runs once at two moments: in
the week before the registration closes, and after the confirmation has closed. It prints how long
each run takes and keeps the event loop; exit code 1 if one keeps it for more than ``GATE``.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from cyclopts import App

from bot.app import tune_garbage_collector
from bot.core.open_storage import Storage, open_storage
from bot.core.runtime import WallClock
from bot.scheduler.audit_seal import AuditSealing
from bot.scheduler.cleanup import BlobSweep, Pruning, Retention
from bot.scheduler.desks.staff_digest import StaffDigest
from bot.scheduler.expiry import Expiry
from bot.scheduler.payments import Differences
from bot.scheduler.reminders import ClosingNotices, OpeningNotices, Reminders
from bot.scheduler.scheduler import Job
from states.records import ApplicationId, PersonId, Stage
from states.staff.timings import StaffTimings
from states.staff_roles import Role, RoleAssignment, Scope
from storage.candidates import applications, people
from storage.engine import tables
from storage.staff.access import role_assignments
from tests import factories
from tests.bench.table import markdown
from tests.e2e import bot_settings
from tests.factories import BOT, EXAM
from tests.fakes.jobs import run_job

GATE: Final = 0.1
"""Seconds for which a job may keep the event loop: the budget of a reply beside 63 others."""
LOOK: Final = 0.002
PART: Final = 5_000
ADMINISTRATORS: Final = frozenset({factories.ADMINISTRATOR})
_WINDOWS: Final = EXAM.windows
MOMENTS: Final = {
    "before the registration closes": _WINDOWS.registration.closes - timedelta(days=2, hours=14),
    "after the confirmation": _WINDOWS.confirmation.closes + timedelta(hours=9),
}
STAGES: Final = (
    *(Stage.DRAFT,) * 8,
    *(Stage.SUBMITTED,) * 6,
    *(Stage.CONFIRMED,) * 5,
    Stage.CONFIRM_REFUSED,
)
"""The stages of 20 people."""
_PLACES: Final = tuple(
    Scope(area.code, site.code, point)
    for area in EXAM.areas
    for site in area.sites
    for point in ([one.code for one in site.points] or [""])
)

app = App(name="python -m tests.bench.country", version_flags=[])


class StandingClock(WallClock):
    """A clock that stands at one moment."""

    def __init__(self, moment: datetime) -> None:
        super().__init__()
        self._moment = moment

    def now(self) -> datetime:
        return self._moment

    def at(self, moment: datetime) -> datetime:
        return moment


@dataclass(slots=True)
class Stall:
    """The longest time since the last look that nothing else ran."""

    seconds: float = 0.0

    async def watch(self) -> None:
        """Look again and again, until cancelled."""
        last = time.perf_counter()
        while True:
            await asyncio.sleep(LOOK)
            now = time.perf_counter()
            self.seconds = max(self.seconds, now - last - LOOK)
            last = now


def candidate_rows(storage: Storage, count: int) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Yield the rows of people and their applications, spread over all places and stages."""
    answers = {area.code: factories.answers(area.code) for area in EXAM.areas}
    known, opens = factories.person(education=(factories.education(),)), _WINDOWS.registration.opens
    for number in range(1, count + 1):
        place, stage = _PLACES[number % len(_PLACES)], STAGES[number % len(STAGES)]
        since = opens + timedelta(minutes=number % 14_000)
        is_draft = stage is Stage.DRAFT
        at_place = {**answers[place.area], "site": place.site}
        person = factories.person(
            id=PersonId(64 * number),
            telegram_id=10_000_000 + number,
            number_hash=f"{number:064x}",
            consented_at=opens,
            education=known.education,
        )
        application = factories.application(
            place.area,
            id=ApplicationId(64 * number + 1),
            person_id=person.id,
            answers=at_place | ({"point": place.point} if place.point else {}),
            stage=stage,
            revision=int(not is_draft),
            submitted_at=None if is_draft else since,
            since=since,
        )
        yield (
            people.as_row(storage.keyring, person),
            applications.as_row(storage.keyring, application),
        )


def staff_rows(storage: Storage, count: int) -> Iterator[dict[str, Any]]:
    """Yield the rows of role assignments: of four, two sites' reviewers, a clerk and an area's."""
    for number in range(1, count + 1):
        place = _PLACES[number % len(_PLACES)]
        role, scope = (
            (Role.SITE_REVIEWER, Scope(place.area, place.site)),
            (Role.SITE_REVIEWER, Scope(place.area, place.site)),
            (Role.POINT_CLERK, place),
            (Role.AREA_REVIEWER, Scope(place.area)),
        )[number % 4]
        given_at = _WINDOWS.registration.opens
        held = RoleAssignment(
            64 * number, BOT, 90_000_000 + number, role, scope, f"同事{number}", 1, given_at
        )
        yield role_assignments.as_row(storage.keyring, held)


async def plant(storage: Storage, count: int, staff_count: int) -> None:
    """Write everybody in parts."""
    rows = candidate_rows(storage, count)
    async with storage.db.write() as connection:
        while part := list(islice(rows, PART)):
            persons, filed = zip(*part, strict=True)
            await connection.execute(tables.people.insert(), list(persons))
            await connection.execute(tables.applications.insert(), list(filed))
        await connection.execute(
            tables.role_assignments.insert(), list(staff_rows(storage, staff_count))
        )


def jobs(storage: Storage, now: datetime) -> list[Job]:
    """Return the periodic jobs that read people, applications or the staff."""
    clock = StandingClock(now)
    return [
        StaffDigest(storage, EXAM, StaffTimings()),
        OpeningNotices(storage, EXAM),
        ClosingNotices(storage, EXAM, clock, lambda: now),
        Reminders(storage, EXAM),
        Expiry(storage, EXAM, clock, lambda: now, ADMINISTRATORS),
        AuditSealing(storage, EXAM, ADMINISTRATORS),
        Pruning(storage, clock, Retention()),
        BlobSweep(storage, clock),
        Differences(storage, EXAM, ADMINISTRATORS),
    ]


@asynccontextmanager
async def watching() -> AsyncIterator[Stall]:
    """Watch the event loop while the block runs."""
    stall = Stall()
    task = asyncio.create_task(stall.watch())
    await asyncio.sleep(2 * LOOK)
    try:
        yield stall
        await asyncio.sleep(2 * LOOK)
    finally:
        task.cancel()


async def measured(folder: Path, count: int, staff_count: int) -> bool:
    """Run and print everything; return whether the gate is met."""
    rows, worst = [], 0.0
    async with open_storage(bot_settings.at(folder, ""), EXAM) as storage:
        await plant(storage, count, staff_count)
        tune_garbage_collector()  # as the bot does; what was planted would count as its own
        for name, moment in MOMENTS.items():
            for job in jobs(storage, moment):
                began = time.perf_counter()
                async with watching() as stall:
                    await run_job(storage, job, moment)
                took = time.perf_counter() - began
                rows.append([name, job.kind, f"{took:.2f}", f"{1000 * stall.seconds:.0f}"])
                worst = max(worst, stall.seconds)
    print(markdown(("moment", "job", "run, s", "event loop kept, ms"), rows))
    is_met = worst <= GATE
    print(f"\n{'✓' if is_met else '✗'} event loop kept: {worst:.2f} s of {GATE} s")
    return is_met


@app.default
def country(*, candidates: int = 100_000, staff: int = 4_000) -> int:
    """Run each job once over a whole country.

    Parameters
    ----------
    candidates
        People with an application.
    staff
        Role assignments.
    """
    with TemporaryDirectory(prefix="baoming-country-") as folder:
        return 0 if asyncio.run(measured(Path(folder), candidates, staff)) else 1


if __name__ == "__main__":
    sys.exit(app())
