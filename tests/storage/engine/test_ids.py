"""New ids rise, are never given twice, and come after everything that is stored."""

from __future__ import annotations

import asyncio
import itertools
import uuid
from contextlib import AsyncExitStack
from dataclasses import asdict, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Table, delete, insert, select

from states.records import Application, ApplicationId
from states.submissions.application_codes import code_of
from storage.audit import audit_log
from storage.audit.audit_log import AuditAction, AuditEntry
from storage.candidates import applications, people
from storage.engine import schema, tables
from storage.engine.ids import HIGHEST, RowIds
from tests.databases import opened
from tests.storage.people import CASE
from tests.storage.process import (
    BOT,
    EXAM,
    LING,
    MING,
    NOW,
    PERSON,
    keyring,
    message,
    started_process,
)

YEARS_69 = 69 * 365 * 24 * 3600 * 1000


@given(
    st.lists(st.integers(-(10**6), YEARS_69), min_size=1, max_size=50),
    st.integers(0, 2**40 << 22),
    st.integers(0, 1023),
)
def test_ids_rise_whatever_the_clock_does(moments: list[int], stored: int, writer: int) -> None:
    clock = iter(moments)
    ids = RowIds(writer, above=stored, milliseconds=lambda: next(clock))
    made = [stored, *(ids.next() for _ in moments)]
    assert made == sorted(set(made))
    assert made[-1] <= HIGHEST


@given(st.integers(1, 20_000))
@settings(max_examples=20)
def test_a_clock_that_stands_ends_no_ids(count: int) -> None:
    ids = RowIds(milliseconds=lambda: 7)
    made = [ids.next() for _ in range(count)]
    assert made == sorted(set(made))


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 3)), min_size=1))
def test_two_writers_never_give_one_id(steps: list[tuple[bool, int]]) -> None:
    now = [1_000]
    bot, command = (RowIds(writer, milliseconds=lambda: now[0]) for writer in (0, 517))
    made = []
    for is_bot, passed in steps:
        now[0] += passed
        made.append((bot if is_bot else command).next())
    assert len(set(made)) == len(made)


def test_an_id_tells_the_real_time() -> None:
    earlier, later = (RowIds(milliseconds=lambda at=at: at).next() for at in (500, 501))  # type: ignore[misc]
    assert earlier < later
    assert (later - earlier) >> 22 == 1


STORED: dict[str, tuple[Table, dict[str, Any]]] = {
    "inbox": (
        tables.inbox,
        {
            "id": 0,
            "bot_id": BOT,
            "update_id": 3,
            "queue_key": LING,
            "received_at": NOW,
            "state": 1,
            "attempts": 0,
        },
    ),
    "outbox": (
        tables.outbox,
        {
            "id": 0,
            "dedup": "u1",
            "bot_id": BOT,
            "chat_id": LING,
            "priority": 1,
            "state": "sent",
            "attempts": 1,
            "made_at": NOW,
        },
    ),
    "audit": (
        tables.audit,
        audit_log.as_row(keyring(), AuditEntry(0, NOW, LING, AuditAction.CONSENTED)),
    ),
    "cases": (
        tables.cases,
        asdict(replace(CASE, person_id=PERSON.id)) | {"words": None, "answer": None},
    ),
}
OLD, AHEAD = 99 * 64 + 63, 2**62
"""An id of a block, as updates once had them, and one of a machine whose clock was ahead."""


@pytest.mark.parametrize("stored", [OLD, AHEAD])
@pytest.mark.parametrize("name", STORED)
async def test_new_ids_come_after_every_stored_row(name: str, stored: int, database: str) -> None:
    table, row = STORED[name]
    async with opened(database) as db, db.write() as connection:
        await connection.execute(insert(tables.people), [people.as_row(keyring(), PERSON)])
        await connection.execute(insert(table), [row | {"id": stored}])
    async with started_process(database) as process:
        (received,) = await process.inbox.keep(process.inbox.number(BOT, [message(7)], NOW))
        (unit,) = await process.load([received])
        assert stored < received.id < unit.new_id()


async def test_commands_write_beside_the_bot_without_limit(database: str) -> None:
    async with started_process(database) as process:

        async def commands() -> None:
            async with process.db.read() as connection:
                ids = await RowIds.of_command(connection)
            async with process.db.write() as connection:
                entries = [AuditEntry(ids.next(), NOW, 0, AuditAction.INVITED) for _ in range(300)]
                await audit_log.add(connection, keyring(), entries)

        unit = await process.unit()
        for _ in range(5):
            await asyncio.gather(commands())
            unit.audit(AuditAction.CONSENTED)
        await process.flush(unit)
        async with process.db.read() as connection:
            assert len((await connection.scalars(select(tables.audit.c.id))).all()) == 1505


# --- applications --------------------------------------------------------------------------------


async def test_a_new_installation_has_short_codes(database: str) -> None:
    async with started_process(database) as process:
        unit = await process.unit()
        application = unit.new_application(unit.new_person(LING), EXAM)
    assert application.id == 1
    assert len(code_of(application.id)) == len("2222-223")


@pytest.mark.parametrize("erased", [False, True])
async def test_an_applications_id_is_never_given_again(erased: bool, database: str) -> None:
    """The row or, after an erasure, the audit tells the ids of former applications."""
    former = Application(ApplicationId(OLD), PERSON.id, EXAM)
    entry = AuditEntry(1, NOW, LING, AuditAction.CONSENTED, PERSON.id, former.id)
    async with opened(database) as db, db.write() as connection:
        await connection.execute(insert(tables.people), [people.as_row(keyring(), PERSON)])
        await connection.execute(
            insert(tables.applications), [applications.as_row(keyring(), former)]
        )
        await audit_log.add(connection, keyring(), [entry])
        if erased:
            await connection.execute(delete(tables.applications))
    async with started_process(database) as process:
        unit = await process.unit()
        other = unit.new_application(unit.new_person(MING), EXAM)
    assert other.id == OLD + 1


ACTS = st.lists(st.sampled_from(["begin", "erase", "restart"]), max_size=14)


@given(ACTS)
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
async def test_no_erasure_and_no_start_gives_an_application_id_again(
    tmp_path: Path, acts: list[str]
) -> None:
    """Nothing that names an application outlives it here, as for one that was only begun."""
    given_ids: list[int] = []
    people_now: list[int] = []
    url = f"sqlite+aiosqlite:///{tmp_path / uuid.uuid4().hex}.sqlite3"
    async with opened(url) as db:
        await schema.migrate(db)
    numbers = itertools.count(1)
    async with AsyncExitStack() as stack:
        process = await stack.enter_async_context(started_process(url))
        for act in acts:
            if act == "begin":
                number = next(numbers)
                unit = await process.unit(number, number)
                given_ids.append(unit.new_application(unit.new_person(number), EXAM).id)
                await process.flush(unit)
                people_now.append(number)
            elif act == "erase" and people_now:
                rows = process.inbox.number(BOT, [message(next(numbers), people_now.pop())], NOW)
                (row,) = await process.inbox.keep(rows)
                async with process.db.write() as connection:
                    (unit,) = await process.work.load(connection, [(row, NOW)], exclusive=True)
                    unit.erase()
                    await process.work.flush(connection, [unit])
            elif act == "restart":
                process = await stack.enter_async_context(started_process(url))
    assert given_ids == sorted(set(given_ids))


async def test_what_was_pruned_leaves_its_id_to_nobody_who_was_made_by_it(database: str) -> None:
    async with started_process(database) as before:
        unit = await before.unit(7)
        person = unit.new_person(LING)
        application = unit.new_application(person, EXAM)
        await before.flush(unit)
        await before.inbox.prune(NOW + timedelta(days=1))
    async with started_process(database) as after:
        unit = await after.unit(8, MING)
        other = unit.new_person(MING)
        assert {other.id, unit.new_id()}.isdisjoint({person.id, application.id})
