"""People and what is known of them, written and read again whole."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from states.records import (
    IMAGE,
    PDF,
    Answers,
    Application,
    ApplicationId,
    Identity,
    MaterialFile,
    Materials,
    Person,
    PersonId,
)
from storage.candidates import applications, people
from storage.engine import tables
from storage.engine.database import Database
from storage.engine.encryption import WrongKey
from tests.databases import lying
from tests.storage.people import (
    FILLED,
    OTHER,
    WHOLE,
    file_in,
    keep,
)
from tests.storage.process import (
    BOT,
    EXAM,
    LING,
    MING,
    NAME,
    PERSON,
    kept,
    keyring,
)

ASKED_BACK = replace(WHOLE, typed="示例", shown_photo={"portrait": "b" * 64, "measures": "{}"})


@pytest.mark.parametrize(
    "person",
    [WHOLE, ASKED_BACK, replace(OTHER, telegram_id=LING)],
    ids=["whole", "asked back", "new"],
)
async def test_a_person_is_read_as_they_were_written(
    second_db: Database, db: Database, person: Person
) -> None:
    await keep(db, person)
    async with second_db.read() as connection:
        assert await people.load(connection, keyring(), BOT, [LING]) == {LING: person}


@pytest.mark.row("B21")
async def test_nothing_that_people_say_or_send_can_be_read_in_the_file(
    db: Database, database: str
) -> None:
    await keep(db, WHOLE)
    await file_in(db, FILLED)
    secrets = [
        NAME,
        WHOLE.identity.id_number,
        WHOLE.identity.born,
        *(value for record in WHOLE.education for value in record.values() if value),
        "示例卫生学院",
        "示例市第一人民医院",
        *("b" * 64, "c" * 64, "d" * 64),
    ]
    bytes_of_all = await lying(database)
    for secret in secrets:
        assert secret.encode() not in bytes_of_all, secret
        assert secret.encode("unicode_escape") not in bytes_of_all, secret


WRITING = st.dictionaries(st.text(max_size=9), st.text(max_size=30))
PAPERS = st.sampled_from([IMAGE, PDF])
FILES = st.builds(MaterialFile, st.text(max_size=64), PAPERS, st.integers(0, 2**31))


@given(
    st.builds(Identity, *(st.text(max_size=30) for _ in range(5))),
    st.lists(WRITING, max_size=5).map(tuple),
    st.none() | WRITING,
    WRITING,
    st.dictionaries(st.text(max_size=9), st.lists(FILES, min_size=1, max_size=3).map(tuple)),
)
def test_any_writing_is_kept(
    identity: Identity,
    education: tuple[Answers, ...],
    record: Answers | None,
    answers: Answers,
    materials: Materials,
) -> None:
    person = replace(WHOLE, identity=identity, education=education, record=record)
    row: Any = SimpleNamespace(**people.as_row(keyring(), person))
    assert people.of_row(keyring(), row) == person
    application = replace(FILLED, answers=answers, materials=materials)
    row = SimpleNamespace(**applications.as_row(keyring(), application))
    assert applications.of_row(keyring(), row) == application


async def test_only_those_asked_for_and_of_this_bot_are_read(db: Database) -> None:
    await keep(db, WHOLE, OTHER, replace(WHOLE, id=PersonId(192), bot_id=BOT + 1, number_hash=None))
    async with db.read() as connection:
        assert await people.load(connection, keyring(), BOT, [LING, 5]) == {LING: WHOLE}
        assert await people.load(connection, keyring(), BOT, []) == {}


async def test_one_person_has_one_row_a_bot_and_one_application_an_exam(db: Database) -> None:
    await keep(db, WHOLE)
    with pytest.raises(IntegrityError):
        await keep(db, replace(WHOLE, id=PersonId(192), number_hash=None))
    await file_in(db, FILLED, replace(FILLED, id=ApplicationId(66), exam="health-2027"))
    with pytest.raises(IntegrityError):
        await file_in(db, replace(FILLED, id=ApplicationId(67)))


async def test_a_number_has_one_owner(db: Database) -> None:
    await keep(db, WHOLE)
    async with db.read() as connection:
        assert await people.owner_of(connection, "f" * 64) == WHOLE.id
        assert await people.owner_of(connection, "e" * 64) is None
    with pytest.raises(IntegrityError):
        await keep(db, replace(OTHER, number_hash="f" * 64))


def test_a_number_is_looked_up_by_type_and_number_and_not_without_the_key() -> None:
    hashes = {
        people.hash_number(keyring(), "resident_id", "99999919900307104X"),
        people.hash_number(keyring(), "residence_permit", "99999919900307104X"),
        people.hash_number(keyring(), "resident_id", "999999199003071048"),
    }
    assert len(hashes) == 3
    assert people.hash_number(keyring("k2"), "resident_id", "999999199003071048") in hashes


async def test_the_opening_is_told_to_who_asked_and_can_be_reached_once(db: Database) -> None:
    waiting = replace(OTHER, wants_opening=True)
    await keep(db, WHOLE, waiting, replace(PERSON, id=PersonId(192), telegram_id=5))
    async with db.write() as connection:
        assert await people.wanting_opening(connection, keyring(), 9) == [waiting]
        await people.clear_wants_opening(connection, [waiting.id])
        assert await people.wanting_opening(connection, keyring(), 9) == []


async def test_a_document_moved_to_another_row_is_not_taken(db: Database, database: str) -> None:
    await keep(db, WHOLE, OTHER)
    await file_in(db, FILLED, Application(ApplicationId(129), OTHER.id, EXAM))
    columns = tables.applications.c
    for column in (tables.people.c.identity, columns.answers, columns.materials):
        table = column.table
        (document,), _ = await kept(database, select(column).order_by(table.c.id))
        async with db.write() as connection:
            await connection.execute(update(table).values({column: document}))
    async with db.read() as connection:
        assert await people.load(connection, keyring(), BOT, [LING]) == {LING: WHOLE}
        with pytest.raises(WrongKey):
            await people.load(connection, keyring(), BOT, [MING])
        with pytest.raises(WrongKey):
            await applications.of_person(connection, keyring(), OTHER.id)
