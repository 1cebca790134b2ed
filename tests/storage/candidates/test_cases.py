"""Cases: one is open about a number at a time, and everything about its person goes with them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from states.records import PersonId
from states.staff.cases import CaseOutcome
from storage.candidates import cases
from storage.candidates.cases import Case
from storage.engine import schema, tables
from storage.engine.database import Database
from storage.engine.row_macs import RowChanged
from tests.storage.people import CASE, OTHER, WHOLE, keep
from tests.storage.process import NOW, kept, keyring

pytestmark = pytest.mark.row("S1")


async def opens(db: Database, case: Case) -> bool:
    """Whether opening it made a case."""
    async with db.write() as connection:
        return await cases.open_case(connection, keyring(), case)


async def closes(db: Database, case: Case) -> None:
    """The site has settled it."""
    async with db.write() as connection:
        await cases.save(connection, keyring(), replace(case, closed_at=NOW))


async def ids(database: str) -> list[int]:
    """The cases that a second connection finds."""
    rows = await kept(database, select(tables.cases.c.id).order_by(tables.cases.c.id))
    return [number for (number,) in rows]


async def test_a_case_is_read_as_it_was_opened_and_closed(
    second_db: Database, db: Database
) -> None:
    await keep(db, WHOLE)
    assert await opens(db, CASE)
    async with second_db.read() as connection:
        assert await cases.of_person(connection, keyring(), WHOLE.id) == [CASE]
    await closes(db, CASE)
    async with second_db.read() as connection:
        assert await cases.of_person(connection, keyring(), WHOLE.id) == [
            replace(CASE, closed_at=NOW)
        ]


async def test_a_case_that_is_opened_twice_is_one_wherever_it_is_to_be_settled(
    db: Database, database: str
) -> None:
    await keep(db, WHOLE)
    assert await opens(db, CASE)
    again = replace(CASE, id=4343, area="shanxi", site="xian", opened_at=NOW + timedelta(days=1))
    assert not await opens(db, again)
    assert await ids(database) == [CASE.id]


async def test_a_case_that_is_closed_is_no_obstacle_to_another(db: Database, database: str) -> None:
    await keep(db, WHOLE)
    await opens(db, CASE)
    await closes(db, CASE)
    assert await opens(db, replace(CASE, id=4343))
    assert not await opens(db, replace(CASE, id=4444))
    assert await ids(database) == [4242, 4343]


async def test_another_number_and_another_person_are_other_cases(
    db: Database, database: str
) -> None:
    await keep(db, WHOLE, OTHER)
    assert await opens(db, CASE)
    assert await opens(db, replace(CASE, id=4343, number_hash="d" * 64))
    assert await opens(db, replace(CASE, id=4444, person_id=OTHER.id))
    assert await ids(database) == [4242, 4343, 4444]
    async with db.read() as connection:
        found = await cases.of_person(connection, keyring(), WHOLE.id)
    assert [case.id for case in found] == [4242, 4343]


async def test_a_case_is_somebodys(db: Database) -> None:
    with pytest.raises(IntegrityError):
        await opens(db, replace(CASE, person_id=PersonId(1)))


async def test_a_case_that_was_changed_without_the_keys_is_found(
    db: Database, second_db: Database
) -> None:
    await keep(db, WHOLE)
    await opens(db, CASE)
    async with db.write() as connection:
        await connection.execute(update(tables.cases).values(outcome=CaseOutcome.AGREED))
    with pytest.raises(RowChanged):
        async with second_db.read() as connection:
            await cases.of_id(connection, keyring(), CASE.id)


async def test_cases_from_before_the_desk_get_their_macs(db: Database, second_db: Database) -> None:
    await keep(db, WHOLE)
    await opens(db, CASE)
    await schema.migrate(db, "0012")
    await schema.migrate(db, keyring=keyring())
    async with second_db.read() as connection:
        assert await cases.of_person(connection, keyring(), WHOLE.id) == [CASE]
