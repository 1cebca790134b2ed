"""Judgements of papers: encrypted, read once, and gone with their file or their person."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from pydantic import TypeAdapter
from sqlalchemy import func, select

from states.papers.checks import PageLook, PaperMeasures
from states.papers.values import PaperField, PaperKind, PaperReading, ReadValue
from storage.candidates import papers
from storage.candidates.papers import PaperJudgement, Said
from storage.engine import row_macs, tables
from storage.engine.database import Database
from tests.storage.people import WHOLE, keep
from tests.storage.process import NOW, keyring

pytestmark = pytest.mark.row("B7")

KEYS = keyring()
LOOK = PageLook(PaperMeasures(side=1234.5), "ab" * 128)
PAPER = PaperJudgement("a" * 64, WHOLE.id, NOW, (LOOK,), count=12, offered=("f" * 64,))
READ = PaperReading(
    PaperKind.IDENTITY,
    (ReadValue(PaperField.NAME, "刘玲", 0.99, 0, (0.1, 0.2, 0.3, 0.4)),),
    (0, 2),
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


async def test_a_judgement_of_the_first_release_has_no_number_of_pages(judged: Database) -> None:
    pages = TypeAdapter(tuple[PageLook, ...]).dump_json((LOOK,))
    read = {"reading": {"kind": "identity", "values": [], "turned": True}, "said": {}}
    place = f"paper_judgements/{PAPER.blob}"
    old = {
        "look": KEYS.encrypt(pages, place),
        "reading": KEYS.encrypt(json.dumps(read).encode(), f"{place}/reading"),
        "read_at": NOW,
    }
    async with judged.write() as connection:
        row = (await connection.execute(select(tables.paper_judgements))).one()
        bound = row_macs.as_mapping(tables.paper_judgements, row) | old
        row_macs.bind(KEYS, tables.paper_judgements, bound)  # the migration gives it its MAC
        await connection.execute(tables.paper_judgements.update().values(bound))
    found = await kept(judged)
    assert found is not None
    assert (found.pages, found.count, found.reading.turns) == ((LOOK,), 0, ())
    assert found.offered == ()


async def test_the_turns_of_the_files_of_an_album_are_read_at_once(judged: Database) -> None:
    async with judged.write() as connection:
        assert await papers.turns(connection, KEYS, [PAPER.blob]) == {}
        assert await papers.keep_reading(connection, KEYS, PAPER.blob, READ, NOW)
        known = await papers.turns(connection, KEYS, [PAPER.blob, "b" * 64])
    assert known == {PAPER.blob: (0, 2)}


async def test_a_copy_keeps_the_reading_of_its_file(judged: Database) -> None:
    copy = replace(
        PAPER, blob="c" * 64, read_at=NOW, reading=READ, said={PaperField.NAME: Said.FORM}
    )
    async with judged.write() as connection:
        await connection.execute(tables.paper_judgements.insert(), [papers.as_row(KEYS, copy)])
        assert (await papers.of_person(connection, KEYS, WHOLE.id))[copy.blob] == copy


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
