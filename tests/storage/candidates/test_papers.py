"""Judgements of papers: encrypted, read once, and gone with their file or their person."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from states.papers.checks import PageLook, PaperMeasures
from states.papers.values import PaperField, PaperKind, PaperReading, ReadValue
from storage.candidates import papers
from storage.candidates.papers import PaperJudgement, Said
from storage.engine import tables
from storage.engine.database import Database
from tests.storage.people import WHOLE, keep
from tests.storage.process import NOW, keyring

pytestmark = pytest.mark.row("B7")

KEYS = keyring()
LOOK = PageLook(PaperMeasures(side=1234.5), "ab" * 128)
PAPER = PaperJudgement("a" * 64, WHOLE.id, NOW, (LOOK,))
READ = PaperReading(
    PaperKind.IDENTITY,
    (ReadValue(PaperField.NAME, "刘玲", 0.99, 0, (0.1, 0.2, 0.3, 0.4)),),
)


async def kept(db: Database) -> PaperJudgement | None:
    async with db.read() as connection:
        return (await papers.of_person(connection, KEYS, WHOLE.id)).get(PAPER.blob)


@pytest.fixture
async def judged(db: Database) -> Database:
    await keep(db, WHOLE)
    async with db.write() as connection:
        row = papers.as_row(KEYS, PAPER)
        await connection.execute(tables.paper_judgements.insert(), [row])
    return db


async def test_a_reading_is_added_and_the_word_on_it_and_nothing_lies_in_the_clear(
    judged: Database,
) -> None:
    assert await kept(judged) == PAPER
    async with judged.write() as connection:
        assert await papers.keep_reading(connection, KEYS, PAPER.blob, READ, NOW)
    found = await kept(judged)
    assert found is not None
    assert found.is_read
    assert found.reading == READ
    async with judged.write() as connection:
        await papers.say(connection, KEYS, found, PaperField.NAME, Said.FORM)
    said = await kept(judged)
    assert said is not None
    assert said.said == {PaperField.NAME: Said.FORM}
    async with judged.read() as connection:
        row = (await connection.execute(select(tables.paper_judgements))).one()
    assert b"1234" not in row.look
    assert "刘玲".encode() not in row.reading


async def test_a_reading_of_a_dropped_file_is_void(judged: Database) -> None:
    async with judged.write() as connection:
        await papers.drop(connection, [PAPER.blob])
        assert not await papers.keep_reading(connection, KEYS, PAPER.blob, READ, NOW)
    assert await kept(judged) is None


async def test_an_erasure_leaves_nothing(judged: Database) -> None:
    async with judged.write() as connection:
        await papers.erase(connection, [WHOLE.id])
        count = select(func.count()).select_from(tables.paper_judgements)
        assert await connection.scalar(count) == 0
