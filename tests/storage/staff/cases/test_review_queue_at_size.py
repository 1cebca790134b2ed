"""The queue at size: what a clerk asks for costs about the same, however many wait."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from statistics import median
from time import perf_counter
from typing import Any

import pytest

from states.records import Refusal, Stage
from states.staff_roles import Role, RoleAssignment, Scope
from storage.candidates import applications, people
from storage.engine import tables
from storage.engine.database import Database
from storage.staff.cases import claims, review_queue
from tests.factories import EXAM, staff_member
from tests.storage.staff_members import (
    ALL,
    AREA,
    CLERK,
    CONFIRMING,
    KEYS,
    QINGHAI,
    REVIEWING,
    SITE,
    access,
    candidate,
    grant_all,
    waiting,
)

pytestmark = [pytest.mark.row("B9"), pytest.mark.measured]

WAITING = 20_000
TRIES = 5
FIRST_HIT, COUNTS = 0.1, 1.0
"""Seconds: for the next one, which an index leads to; for counting all that is in a scope. Many
times what it takes on an idle machine."""
NOTHING_LEFT = (
    staff_member(11, Role.POINT_CLERK, Scope("qinghai", "haidong", "east")),
    staff_member(12, Role.SITE_REVIEWER, Scope("shanxi", "taiyuan")),
    staff_member(13, Role.AREA_REVIEWER, Scope("shanxi")),
)
TAKEN_FROM = {Stage.SUBMITTED: 12_000, Stage.CONFIRMED: 6_000, Stage.SITE_APPROVED: 2_000}


async def fill(db: Database) -> None:
    """So many wait, at all desks, in one area and at one site; half of them at another point."""
    person = people.as_row(KEYS, candidate(1))
    stages = [stage for stage, count in TAKEN_FROM.items() for _ in range(count)]
    persons: list[dict[str, Any]] = []
    rows: list[dict[str, Any]] = []
    for number, stage in enumerate(stages, start=1):
        own = {"id": 64 * number, "telegram_id": 7000 + number, "number_hash": f"{number:064}"}
        persons.append(person | own)
        since = CONFIRMING - timedelta(seconds=7 * (number % WAITING) + 60)
        point = "east" if number % 2 else "west"
        again = replace(waiting(number, stage, since, point), refusal=Refusal(since))
        rows.append(applications.as_row(KEYS, again))
    async with db.write() as connection:
        await connection.execute(tables.people.insert(), persons)
        await connection.execute(tables.applications.insert(), rows)


async def timed(work: Callable[[], Awaitable[Any]]) -> float:
    """The seconds that something usually takes."""
    took = []
    for _ in range(TRIES):
        began = perf_counter()
        await work()
        took.append(perf_counter() - began)
    return median(took)


async def test_twenty_thousand_wait_and_a_clerk_does_not(db: Database) -> None:
    await grant_all(db, *ALL)
    await fill(db)

    async def counts(one: RoleAssignment) -> None:
        async with db.read() as connection:
            lines = await review_queue.summaries(access(connection, [one], REVIEWING))
            assert any(line.waiting for line in lines)

    async def everywhere() -> None:
        async with db.read() as connection:
            found = await review_queue.summaries_within(access(connection, (), REVIEWING), QINGHAI)
            assert sum(line.waiting for line in found) == WAITING

    async def news() -> None:
        async with db.read() as connection:
            assert await review_queue.waiting_places(
                connection, EXAM, REVIEWING, REVIEWING, REVIEWING
            )

    async def takes(one: RoleAssignment) -> None:
        async with db.write() as connection:
            found = await claims.take_next(access(connection, [one], REVIEWING))
            assert (found is None) is (one in NOTHING_LEFT)
            if found is not None:
                await claims.release(connection, [one], found.application.id)

    asked: list[tuple[str, float, Callable[[], Awaitable[None]]]] = [
        ("/queue of a clerk", COUNTS, partial(counts, CLERK)),
        ("/queue of a site", COUNTS, partial(counts, SITE)),
        ("/queue of an area", COUNTS, partial(counts, AREA)),
        ("a group's news of an area", COUNTS, everywhere),
        ("who is to hear news", COUNTS, news),
        ("the next one, of a clerk", FIRST_HIT, partial(takes, CLERK)),
        ("the next one, of a site", FIRST_HIT, partial(takes, SITE)),
        ("the next one, of an area", FIRST_HIT, partial(takes, AREA)),
        *((f"nothing for a {one.role}", FIRST_HIT, partial(takes, one)) for one in NOTHING_LEFT),
    ]
    for name, limit, work in asked:
        took = await timed(work)
        print(f"{WAITING} waiting: {name}: {1000 * took:.1f} ms")
        assert took < limit, name
