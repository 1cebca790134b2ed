"""The clock moves an application while its candidate writes it: neither undoes the other's work."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from states.records import Application, Person, Refusal, Stage
from storage.candidates import applications
from storage.engine import tables
from storage.engine.database import Database
from storage.updates.unit_of_work import NotExclusive, UnitOfWork
from tests.storage.people import FILLED, WHOLE, file_in, keep
from tests.storage.process import (
    MING,
    NOW,
    StorageProcess,
    kept,
    keyring,
)

pytestmark = pytest.mark.row("B10")

MENDING = replace(FILLED, stage=Stage.CONFIRM_REFUSED, refusal=Refusal(NOW, until=NOW), since=NOW)


async def clock_moves(db: Database, application: Application) -> None:
    """The clock's transaction, which reads and writes the whole row."""
    async with db.write() as connection:
        row = applications.as_row(keyring(), application)
        await connection.execute(db.upsert(tables.applications), [row])


async def test_what_a_batch_writes_leaves_the_move_of_the_clock_alone(
    process: StorageProcess,
) -> None:
    await keep(process.db, WHOLE)
    await file_in(process.db, MENDING)
    unit = await process.unit(1)
    assert unit.application is not None
    unit.application = replace(unit.application, answers={**FILLED.answers, "employer": "乙"})
    await clock_moves(process.db, replace(MENDING, stage=Stage.EXPIRED, expired_from=MENDING.stage))
    await process.flush(unit)
    found = (await process.unit(2)).application
    assert found is not None
    assert (found.stage, found.expired_from) == (Stage.EXPIRED, Stage.CONFIRM_REFUSED)
    assert found.answers["employer"] == "乙"


@pytest.mark.parametrize(
    "moved",
    [
        {"stage": Stage.SUBMITTED},
        {"revision": 9},
        {"since": None},
        {"refusal": None},
        {"expired_from": Stage.SUBMITTED},
    ],
)
async def test_a_step_of_a_batch_moves_nothing(
    process: StorageProcess, database: str, moved: dict[str, object]
) -> None:
    await keep(process.db, WHOLE)
    await file_in(process.db, MENDING)
    unit = await process.unit(1)
    assert unit.application is not None
    unit.application = replace(unit.application, **moved)  # type: ignore[arg-type]
    with pytest.raises(NotExclusive):
        await process.flush(unit)
    assert await kept(database, select(tables.applications.c.stage)) == [(MENDING.stage,)]


async def test_a_step_that_runs_alone_reads_and_moves_in_one_transaction(
    process: StorageProcess,
) -> None:
    await keep(process.db, WHOLE)
    await file_in(process.db, MENDING)
    (received,) = [(await process.unit(1)).row]
    async with process.db.write() as connection:
        (unit,) = await process.work.load(connection, [(received, NOW)], exclusive=True)
        assert unit.application is not None
        unit.application = replace(unit.application, stage=Stage.SUBMITTED)
        await process.work.flush(connection, [unit])
    found = (await process.unit(2)).application
    assert found is not None
    assert found.stage is Stage.SUBMITTED


async def test_a_new_application_is_written_whole_by_a_batch(process: StorageProcess) -> None:
    unit: UnitOfWork = await process.unit(1, MING)
    person: Person = unit.new_person(MING)
    unit.new_application(person, MENDING.exam)
    await process.flush(unit)
    found = (await process.unit(2, MING)).application
    assert found is not None
    assert found.stage is Stage.DRAFT
