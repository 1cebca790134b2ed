"""Rows in memory: an equal row is not decoded again, and any other row is."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import pytest
from sqlalchemy import update

from states.records import Records
from storage.candidates import applications
from storage.candidates.decoded_rows import DecodedRows
from storage.engine import tables
from storage.engine.database import Database
from storage.engine.row_macs import RowChanged
from tests.storage.people import FILLED, WHOLE, file_in, keep
from tests.storage.process import LING, StorageProcess, keyring

ANSWERED = replace(FILLED, answers={**FILLED.answers, "employer": "示例市第二人民医院"})


async def records_of(process: StorageProcess) -> Records:
    """What the next update of this person would find."""
    async with process.db.read() as connection:
        return (await process.work.records(connection, [LING]))[LING]


async def test_what_was_read_or_written_is_not_decoded_again(
    process: StorageProcess, db: Database
) -> None:
    await keep(db, WHOLE)
    await file_in(db, FILLED)
    first = await records_of(process)
    again = await records_of(process)
    assert first == Records(WHOLE, FILLED)
    assert again.person is first.person
    assert again.application is first.application
    unit = await process.unit()
    unit.application = ANSWERED
    await process.flush(unit)
    assert (await records_of(process)).application is ANSWERED


async def test_a_commit_that_failed_leaves_no_trace(process: StorageProcess, db: Database) -> None:
    await keep(db, WHOLE)
    await file_in(db, FILLED)
    unit = await process.unit()
    unit.application = ANSWERED
    async with process.db.write() as connection:
        await process.work.flush(connection, [unit])
        await connection.rollback()
    assert (await records_of(process)).application == FILLED


async def test_what_another_process_wrote_is_read(
    process: StorageProcess, second_db: Database, db: Database
) -> None:
    await keep(db, WHOLE)
    await file_in(db, FILLED)
    await records_of(process)
    async with second_db.write() as connection:
        row = applications.as_row(keyring(), ANSWERED)
        await connection.execute(update(tables.applications).values(row))
    assert (await records_of(process)).application == ANSWERED


async def test_a_row_that_was_changed_without_the_keys_is_refused(
    process: StorageProcess, second_db: Database, db: Database
) -> None:
    await keep(db, WHOLE)
    await file_in(db, FILLED)
    await records_of(process)
    async with second_db.write() as connection:
        await connection.execute(update(tables.applications).values(stage="registered"))
    with pytest.raises(RowChanged):
        await records_of(process)


async def test_an_erased_person_leaves_the_memory(process: StorageProcess, db: Database) -> None:
    await keep(db, WHOLE)
    await records_of(process)
    unit = await process.unit()
    async with process.db.write() as connection:
        (alone,) = await process.work.load(connection, [(unit.row, unit.now)], exclusive=True)
        alone.erase()
        await process.work.flush(connection, [alone])
    assert (await records_of(process)) == Records()
    await keep(db, WHOLE)
    assert (await records_of(process)).person is not alone.before.person


class _Row(NamedTuple):
    id: int


def test_only_so_many_rows_are_kept() -> None:
    decoded = DecodedRows(tables.people, lambda _keyring, _row: object(), at_most=2)
    made = [_Row(n) for n in range(3)]
    first, _, _ = [decoded.decode(keyring(), row) for row in made]
    assert decoded.decode(keyring(), made[2]) is decoded.decode(keyring(), made[2])
    assert decoded.decode(keyring(), made[0]) is not first
