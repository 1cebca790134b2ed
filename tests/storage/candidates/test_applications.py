"""Applications: what is searched in columns, what lies sealed, and what was said last time."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from states.exam import CodesInUse
from states.records import Answers, Application, ApplicationId, Person, PersonId, Records
from storage.candidates import applications, records
from storage.engine import tables
from storage.engine.database import Database
from storage.engine.encryption import WrongKey
from tests.storage.people import (
    FILLED,
    OTHER,
    WHOLE,
    file_in,
    keep,
)
from tests.storage.process import BOT, EXAM, LING, MING, kept, keyring


@pytest.mark.parametrize(
    "application", [FILLED, Application(ApplicationId(66), WHOLE.id, EXAM)], ids=["filled", "new"]
)
async def test_an_application_is_read_as_it_was_written(
    second_db: Database, db: Database, application: Application
) -> None:
    await keep(db, WHOLE)
    await file_in(db, application)
    async with second_db.read() as connection:
        found = await records.load(connection, keyring(), EXAM, BOT, [LING, MING])
    assert found == {LING: Records(WHOLE, application), MING: Records()}


async def test_the_codes_in_use_are_those_of_the_exam_each_once(
    second_db: Database, db: Database
) -> None:
    persons = [
        replace(OTHER, id=PersonId(n * 64), telegram_id=n, number_hash=None) for n in range(1, 8)
    ]
    xining = {"site": "xining", "point": "east", "specialty": "368"}
    chosen: list[tuple[str, Answers]] = [
        ("qinghai", xining),
        ("qinghai", {}),
        ("qinghai", {**xining, "specialty": "301"}),
        ("shanxi", {}),
        ("qinghai", {**xining, "employer": "示例市第一人民医院"}),
        ("", {"specialty": "399"}),
    ]
    await keep(db, *persons)
    await file_in(
        db,
        *(
            Application(ApplicationId(person.id + 1), person.id, EXAM, area=area, answers=answers)
            for person, (area, answers) in zip(persons, chosen, strict=False)
        ),
        Application(ApplicationId(500), persons[-1].id, "health-2027", area="atlantis"),
    )
    async with second_db.read() as connection:
        used = await applications.codes_in_use(connection, EXAM)
    assert len(used) == 4
    assert set(used) == {
        CodesInUse("qinghai", "xining", "east", "368"),
        CodesInUse("qinghai", "xining", "east", "301"),
        CodesInUse("qinghai"),
        CodesInUse("shanxi"),
    }


FACETS = [tables.applications.c[name] for name in ("area", "site", "point", "specialty")]


async def test_the_columns_that_are_searched_follow_the_answers(
    db: Database, database: str
) -> None:
    await keep(db, WHOLE)
    moved = replace(FILLED, area="shanxi", answers={"site": "", "specialty": "301"})
    bare = replace(FILLED, answers={"employer": "示例市第一人民医院"})
    for application, columns in (
        (FILLED, ("qinghai", "xining", "east", "368")),
        (moved, ("shanxi", "", "", "301")),
        (bare, ("qinghai", "", "", "")),
    ):
        assert (application.area, application.site, application.point, application.specialty) == (
            columns
        )
        await file_in(db, application)
        assert await kept(database, select(*FACETS)) == [columns]
        async with db.read() as connection:
            found = await records.load(connection, keyring(), EXAM, BOT, [LING])
        assert found == {LING: Records(WHOLE, application)}


async def test_what_was_said_last_is_the_newest_of_another_exam_and_nobody_elses(
    second_db: Database, db: Database
) -> None:
    await keep(db, WHOLE, OTHER)

    def of(number: int, person: Person, exam: str) -> Application:
        return replace(FILLED, id=ApplicationId(number), person_id=person.id, exam=exam)

    this, newest = of(900, WHOLE, EXAM), of(300, WHOLE, "health-2024")
    older, foreign = of(200, WHOLE, "health-2025"), of(800, OTHER, "health-2024")
    await file_in(db, older, newest, this, foreign)
    async with second_db.read() as connection:
        for exam, found in ((EXAM, newest), ("health-2024", this), ("health-2027", this)):
            assert (
                await applications.newest_other(connection, keyring(), WHOLE.id, exam) == found
            ), exam
        assert await applications.newest_other(connection, keyring(), OTHER.id, "health-2024") is (
            None
        )


async def test_an_application_belongs_to_somebody(db: Database) -> None:
    with pytest.raises(IntegrityError):
        await file_in(db, FILLED)


async def test_a_document_in_the_place_of_the_other_of_its_row_is_not_taken(
    db: Database, database: str
) -> None:
    await keep(db, WHOLE)
    columns = tables.applications.c
    for there, here in (("answers", "materials"), ("materials", "answers")):
        await file_in(db, FILLED)
        ((document,),) = await kept(database, select(columns[there]))
        async with db.write() as connection:
            await connection.execute(update(tables.applications).values({here: document}))
        async with db.read() as connection:
            with pytest.raises(WrongKey):
                await records.load(connection, keyring(), EXAM, BOT, [LING])


async def test_an_application_without_materials_keeps_no_document_of_them(
    db: Database, database: str
) -> None:
    await keep(db, WHOLE)
    await file_in(db, replace(FILLED, materials={}))
    assert await kept(database, select(tables.applications.c.materials)) == [(None,)]
