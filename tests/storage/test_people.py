"""People and their applications, written and read again whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from states.exam import CodesInUse
from states.records import Application, ApplicationId, Identity, Person, PersonId, Stage
from storage import applications, people, tables
from storage.db import Database
from storage.secrets import WrongKey
from tests.storage.made import BOT, EXAM, LING, MING, NAME, NOW, PERSON, kept, keyring

WHOLE = Person(
    PersonId(64),
    BOT,
    LING,
    locale="zh-CN",
    consent="v1",
    consented_at=NOW,
    identity=Identity(NAME, "resident_id", "99999919900307104X", "female", "1990-03-07", "+86139"),
    number_hash="f" * 64,
    photo="a" * 64,
    wants_opening=True,
    blocked_at=NOW,
)
FILLED = Application(
    ApplicationId(65),
    WHOLE.id,
    EXAM,
    area="qinghai",
    site="xining",
    stage=Stage.SUBMITTED,
    agreed="2026-sample-1",
    agreed_at=NOW,
    answers={"practice": "none", "residency": "", "employer": "示例市第一人民医院"},
    form_version=2,
    revision=3,
    photo="a" * 64,
    submitted_at=NOW,
)
OTHER = Person(PersonId(128), BOT, MING)


async def keep(db: Database, *persons: Person) -> None:
    async with db.write() as connection:
        rows = [people.as_row(keyring(), person) for person in persons]
        await connection.execute(db.upsert(tables.people), rows)


async def file_in(db: Database, *filed: Application) -> None:
    async with db.write() as connection:
        rows = [applications.as_row(keyring(), application) for application in filed]
        await connection.execute(db.upsert(tables.applications), rows)


@pytest.mark.parametrize("person", [WHOLE, replace(OTHER, telegram_id=LING)], ids=["whole", "new"])
async def test_a_person_is_read_as_they_were_written(
    second: Database, db: Database, person: Person
) -> None:
    await keep(db, person)
    async with second.read() as connection:
        assert await people.load(connection, keyring(), BOT, [LING]) == {LING: person}


@pytest.mark.parametrize(
    "application", [FILLED, Application(ApplicationId(66), WHOLE.id, EXAM)], ids=["filled", "new"]
)
async def test_an_application_is_read_as_it_was_written(
    second: Database, db: Database, application: Application
) -> None:
    await keep(db, WHOLE)
    await file_in(db, application)
    async with second.read() as connection:
        found = await applications.load(connection, keyring(), EXAM, [WHOLE.id, OTHER.id])
    assert found == {WHOLE.id: application}


async def test_the_codes_in_use_are_those_of_the_exam_each_once(
    second: Database, db: Database
) -> None:
    persons = [
        replace(OTHER, id=PersonId(n * 64), telegram_id=n, number_hash=None) for n in range(1, 7)
    ]
    places = [
        ("qinghai", "xining"),
        ("qinghai", ""),
        ("shanxi", ""),
        ("qinghai", "xining"),
        ("", ""),
    ]
    await keep(db, *persons)
    await file_in(
        db,
        *(
            Application(ApplicationId(person.id + 1), person.id, EXAM, area=area, site=site)
            for person, (area, site) in zip(persons, places, strict=False)
        ),
        Application(ApplicationId(500), persons[-1].id, "health-2027", area="atlantis"),
    )
    async with second.read() as connection:
        used = await applications.codes_in_use(connection, EXAM)
    assert len(used) == 3
    assert set(used) == {
        CodesInUse("qinghai", "xining"),
        CodesInUse("qinghai"),
        CodesInUse("shanxi"),
    }


@given(
    st.builds(Identity, *(st.text(max_size=30) for _ in range(6))),
    st.dictionaries(st.text(max_size=9), st.text(max_size=30)),
)
def test_any_writing_is_kept(identity: Identity, answers: Mapping[str, str]) -> None:
    person = people.as_row(keyring(), replace(WHOLE, identity=identity))
    assert people._person(keyring(), person).identity == identity
    application = applications.as_row(keyring(), replace(FILLED, answers=answers))
    assert applications._application(keyring(), application).answers == answers


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


async def test_an_application_belongs_to_somebody(db: Database) -> None:
    with pytest.raises(IntegrityError):
        await file_in(db, FILLED)


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
        assert await people.wanting_opening(connection, keyring()) == [waiting]
        await people.told_opening(connection)
        assert await people.wanting_opening(connection, keyring()) == []


async def test_a_document_moved_to_another_row_is_not_taken(db: Database, file: Path) -> None:
    await keep(db, WHOLE, OTHER)
    await file_in(db, FILLED, Application(ApplicationId(129), OTHER.id, EXAM))
    for column in (tables.people.c.identity, tables.applications.c.answers):
        table = column.table
        (document,), _ = await kept(file, select(column).order_by(table.c.id))
        async with db.write() as connection:
            await connection.execute(update(table).values({column: document}))
    async with db.read() as connection:
        assert await people.load(connection, keyring(), BOT, [LING]) == {LING: WHOLE}
        with pytest.raises(WrongKey):
            await people.load(connection, keyring(), BOT, [MING])
        with pytest.raises(WrongKey):
            await applications.load(connection, keyring(), EXAM, [OTHER.id])
