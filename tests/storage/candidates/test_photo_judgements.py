"""Judgements of photos: encrypted, found again on somebody else, and gone with their photo."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from states.photo.checks import Check, PhotoMeasures, PhotoVerdict
from states.records import PersonId
from storage.candidates import photo_judgements
from storage.candidates.photo_judgements import PhotoJudgement
from storage.engine import tables
from storage.engine.database import Database
from tests.storage.people import OTHER, WHOLE, keep
from tests.storage.process import NOW, keyring

pytestmark = pytest.mark.row("B5")

KEYS = keyring()
MINE = PhotoJudgement(
    "a" * 64,
    WHOLE.id,
    NOW,
    PhotoMeasures(background=31.5, faces=1),
    {Check.BACKGROUND: PhotoVerdict.MEND, Check.FACES: PhotoVerdict.PASSES},
    -(2**62) + 12345,
    is_compressed=True,
)
THEIRS = replace(MINE, blob="b" * 64, person_id=OTHER.id, fingerprint=MINE.fingerprint ^ 0b1011)


async def keep_all(db: Database, *judged: PhotoJudgement) -> None:
    await keep(db, WHOLE, OTHER)
    rows = [photo_judgements.as_row(KEYS, one) for one in judged]
    async with db.write() as connection:
        await connection.execute(tables.photo_judgements.insert(), rows)


async def same(db: Database, judgement: PhotoJudgement) -> list[PhotoJudgement]:
    async with db.read() as connection:
        return await photo_judgements.same_photos(connection, KEYS, judgement)


async def test_a_judgement_is_read_as_it_was_written_and_encrypted_meanwhile(db: Database) -> None:
    await keep_all(db, MINE)
    async with db.read() as connection:
        assert await photo_judgements.of_blob(connection, KEYS, MINE.blob) == MINE
        assert await photo_judgements.of_blob(connection, KEYS, "c" * 64) is None
        assert await photo_judgements.of_person(connection, KEYS, WHOLE.id) == [MINE]
        stored = await connection.scalar(select(tables.photo_judgements.c.content))
    assert b"31.5" not in (stored or b"31.5")


async def test_one_photo_on_two_people_is_found_once_both_have_confirmed_it(db: Database) -> None:
    await keep_all(db, MINE, THEIRS)
    async with db.write() as connection:
        await photo_judgements.confirm(connection, KEYS, MINE.blob)
    assert await same(db, MINE) == []
    assert await same(db, THEIRS) == [MINE]
    async with db.write() as connection:
        for _ in range(2):  # somebody confirms it again
            await photo_judgements.confirm(connection, KEYS, THEIRS.blob)
    assert await same(db, MINE) == [THEIRS]


async def test_own_retakes_and_photos_that_differ_are_no_match(db: Database) -> None:
    retake = replace(MINE, blob="c" * 64)
    other = replace(THEIRS, fingerprint=MINE.fingerprint ^ 0b11111)
    await keep_all(db, MINE, retake, other)
    async with db.write() as connection:
        for one in (MINE, retake, other):
            await photo_judgements.confirm(connection, KEYS, one.blob)
    assert await same(db, MINE) == []


async def test_nothing_is_left_of_a_dropped_photo_or_an_erased_person(db: Database) -> None:
    await keep_all(db, MINE, THEIRS)
    async with db.write() as connection:
        for one in (MINE, THEIRS):
            await photo_judgements.confirm(connection, KEYS, one.blob)
        await photo_judgements.drop(connection, [MINE.blob])
        await photo_judgements.erase(connection, [PersonId(OTHER.id)])
        for table in (tables.photo_judgements, tables.photo_bands):
            assert await connection.scalar(select(func.count()).select_from(table)) == 0
