"""Files that nothing refers to any more, and people who are forgotten."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from states.records import Records
from storage.audit.audit_log import AuditAction
from storage.candidates.blobs import Blobs, StoredFile
from storage.candidates.cases import open_case
from storage.engine import tables
from storage.updates.unit_of_work import NotExclusive, UnitOfWork
from tests.storage.batches import (
    NUMBERS,
    batch,
    busy,
    counts,
    statements,
)
from tests.storage.people import CASE
from tests.storage.process import (
    BOT,
    LING,
    NOW,
    StorageProcess,
    kept,
    keyring,
    message,
)

# --- files that go -------------------------------------------------------------------------------


def scan(unit: UnitOfWork, letter: str) -> StoredFile:
    """A paper of the unit's person."""
    assert unit.person is not None
    return StoredFile(letter * 64, unit.person.id, "scan-pdf", 7, NOW)


async def papers(process: StorageProcess, letters: str) -> None:
    """Ling comes, and keeps these papers."""
    unit = await process.unit(1)
    unit.new_person(LING)
    unit.files += [scan(unit, letter) for letter in letters]
    await process.flush(unit)


async def left(database: str) -> str:
    """The papers whose rows a second connection finds, by their letters."""
    rows = await kept(database, select(tables.blobs.c.name).order_by(tables.blobs.c.name))
    return "".join(name[0] for (name,) in rows)


@pytest.mark.row("S11")
async def test_what_is_dropped_goes_with_the_commit_and_nothing_else(
    process: StorageProcess, database: str
) -> None:
    await papers(process, "abcd")
    unit = await process.unit(2)
    unit.dropped_blobs += ["b" * 64, "d" * 64, "e" * 64]
    async with process.db.write() as connection:
        await process.work.flush(connection, [unit])
        await connection.rollback()
    assert await left(database) == "abcd"
    await process.flush(unit)
    assert await left(database) == "ac"


@pytest.mark.row("S11")
async def test_what_one_unit_drops_and_keeps_is_kept(
    process: StorageProcess, database: str
) -> None:
    await papers(process, "ab")
    unit = await process.unit(2)
    unit.dropped_blobs += ["a" * 64, "b" * 64]
    unit.files.append(scan(unit, "a"))
    await process.flush(unit)
    assert await left(database) == "a"


@pytest.mark.parametrize("first_keeps", [True, False])
async def test_what_one_unit_of_a_batch_drops_and_another_keeps_is_kept(
    process: StorageProcess, database: str, first_keeps: bool
) -> None:
    """A row too many is looked at again some day; a file too few is lost."""
    await papers(process, "abc")
    first, second = await process.units([message(2), message(3)])
    keeps, drops = (first, second) if first_keeps else (second, first)
    keeps.files += [scan(keeps, "a"), scan(keeps, "d")]
    drops.dropped_blobs += ["a" * 64, "b" * 64]
    await process.flush(first, second)
    assert await left(database) == "acd"


@pytest.mark.parametrize("count", NUMBERS)
async def test_dropping_costs_a_batch_one_statement_a_table_more(
    process: StorageProcess, database: str, count: int
) -> None:
    known = await batch(process, count)
    for unit in known:
        await busy(unit)
    await process.flush(*known)
    again = await process.units([message(1000 + number, LING + number) for number in range(count)])
    for before, unit in zip(known, again, strict=True):
        unit.dropped_blobs += [one.name for one in before.files]
        unit.files.append(replace(scan(unit, "a"), name=f"{unit.row.id:064}"))
    async with statements(process.db) as seen:
        await process.flush(*again)
    dropped = [
        "DELETE blobs",
        "DELETE photo_judgements",
        "DELETE photo_bands",
        "DELETE paper_judgements",
    ]
    assert seen == ["UPDATE inbox", *dropped, "INSERT blobs"]
    assert (await counts(database))["blobs"] == count


@pytest.mark.row("B21")
async def test_a_sweep_then_drops_the_file_and_no_other(
    process: StorageProcess, tmp_path: Path
) -> None:
    folder = tmp_path / "blobs"
    blobs = Blobs.at(folder, keyring())
    first = await process.unit(1)
    owner = first.new_person(LING).id
    names = [await blobs.put(owner, content) for content in (b"degree", b"proof")]
    for name in names:
        os.utime(folder / name, ((NOW - timedelta(days=1)).timestamp(),) * 2)
    first.files += [StoredFile(name, owner, "scan-pdf", 6, NOW) for name in names]
    await process.flush(first)
    unit = await process.unit(2)
    unit.dropped_blobs.append(names[0])
    assert await blobs.sweep(process.db, NOW - timedelta(hours=1)) == 0
    await process.flush(unit)
    assert await blobs.sweep(process.db, NOW - timedelta(hours=1)) == 1
    assert [path.name for path in folder.iterdir()] == names[1:]


# --- being forgotten -----------------------------------------------------------------------------


async def alone(process: StorageProcess, update_id: int, telegram_id: int = LING) -> None:
    """The person of this account is erased, in a transaction of its own."""
    (received,) = await process.inbox.keep(
        process.inbox.number(BOT, [message(update_id, telegram_id)], NOW)
    )
    async with process.db.write() as connection:
        (unit,) = await process.work.load(connection, [(received, NOW)], exclusive=True)
        unit.audit(AuditAction.ERASED)
        unit.erase()
        assert unit.records == Records()
        await process.work.flush(connection, [unit])


@pytest.mark.row("B21")
async def test_an_erased_person_is_gone_from_every_table_and_the_other_is_not(
    process: StorageProcess, database: str
) -> None:
    units = await batch(process, 2)
    for unit in units:
        await busy(unit)
    await process.flush(*units)
    async with process.db.write() as connection:
        for unit in units:
            assert unit.person
            await open_case(
                connection, keyring(), replace(CASE, id=unit.new_id(), person_id=unit.person.id)
            )
    both = await counts(database)
    await alone(process, 9)
    one = await counts(database)
    for table in ("people", "applications", "blobs", "cases", "fsm"):
        assert (both[table], one[table]) == (2, 1), table
    assert one["audit"] == both["audit"] + 1
    (ming,) = await kept(database, select(tables.people.c.telegram_id))
    assert ming == (LING + 1,)
    (last, *_) = await kept(database, select(tables.audit).order_by(tables.audit.c.id.desc()))
    assert units[0].person is not None
    assert (last.action, last.person_id) == ("erased", units[0].person.id)


async def test_an_erased_person_can_begin_again_and_is_another(process: StorageProcess) -> None:
    first = await process.unit()
    await busy(first)
    await process.flush(first)
    await alone(process, 2)
    again = await process.unit(3)
    assert again.records == Records()
    await busy(again)
    await process.flush(again)
    assert first.person is not None
    assert again.person is not None
    assert again.person.id != first.person.id


async def test_in_a_batch_nobody_is_erased(process: StorageProcess) -> None:
    unit = await process.unit()
    with pytest.raises(NotExclusive):
        unit.erase()


async def test_a_stranger_cannot_be_erased(process: StorageProcess) -> None:
    with pytest.raises(LookupError):
        await alone(process, 1)
