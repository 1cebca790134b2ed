"""The job that reads papers: which pages are offered upright, and of which copies it knows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from bot.core.open_storage import Storage
from bot.scheduler.read_papers import ReadPapers
from handlers.candidate.files import uploads
from states.papers.values import PaperReading
from states.records import IMAGE, TURNED, Application, MaterialFile, Person
from states.step_result import ShowScreen
from storage.candidates import applications, papers, people
from storage.candidates.blobs import StoredFile
from storage.candidates.papers import PaperJudgement
from storage.engine import tables
from storage.engine.database import Database
from storage.engine.jobs import JobKind, StoredJob
from storage.updates.outbox import effect_of_json
from tests.bot.people import EXAM, KEYRING, OPEN, application, person
from tests.bot.storages import storage_over
from tests.fakes.jobs import run_due

pytestmark = [pytest.mark.asyncio, pytest.mark.row("B7")]

LIES = PaperReading(turns=(1,))
LATER = OPEN + timedelta(seconds=5)


@dataclass
class FakeReader:
    """Reads the same in every file."""

    reading: PaperReading
    turned_by: list[int] = field(default_factory=list)

    async def read(self, content: bytes, most: int, upright: int) -> PaperReading:
        """Return what a test says."""
        del content, most, upright
        return self.reading

    async def turned(self, content: bytes, quarters: int) -> bytes:
        """Return other bytes."""
        self.turned_by.append(quarters)
        return b"turned " + content


@dataclass
class Pile:
    """The papers of one person, all kept at one moment, as an album is."""

    storage: Storage
    owner: Person
    filed: Application
    reader: FakeReader

    async def lies(self, content: bytes, *copies: bytes, offered: Sequence[bytes] = ()) -> str:
        """A page that lies, with these copies in the store, of which some were offered."""
        blob = await self.storage.blobs.put(self.owner.id, content)
        names = {one: await self.storage.blobs.put(self.owner.id, one) for one in copies}
        told = tuple([await self.storage.blobs.put(self.owner.id, one) for one in offered])
        judged = PaperJudgement(blob, self.owner.id, OPEN, offered=told)
        rows = [(blob, IMAGE), *((name, TURNED) for name in names.values())]
        self.filed = replace(
            self.filed,
            materials={
                **self.filed.materials,
                content.decode(): (MaterialFile(blob, IMAGE, 1),),
            },
        )
        async with self.storage.db.write() as tx:
            for name, kind in rows:
                stored = StoredFile(name, self.owner.id, kind, 1, OPEN)
                row = {c.name: getattr(stored, c.name) for c in tables.blobs.c}
                await tx.execute(insert(tables.blobs), row)
            row = papers.as_row(self.storage.keyring, judged)
            await tx.execute(insert(tables.paper_judgements), row)
            found = applications.as_row(self.storage.keyring, self.filed)
            await tx.execute(self.storage.db.upsert(tables.applications), [found])
            key = blob[: uploads.KEY]
            job = StoredJob(JobKind.PAPER, key, OPEN, person_id=self.owner.id)
            await self.storage.jobs.enqueue(tx, [job])
        return blob

    async def offers(self) -> list[str]:
        """Read all; return the files that were offered upright."""
        await run_due(self.storage, ReadPapers(self.storage, EXAM, self.reader), LATER)
        async with self.storage.db.read() as connection:
            rows = await connection.scalars(select(tables.outbox.c.effect))
            effects = [effect_of_json(KEYRING.decrypt(row, "outbox")) for row in rows]
        shown = [one for one in effects if isinstance(one, ShowScreen)]
        return [one.data[uploads.FILE] for one in shown if one.screen == uploads.TURNED]


@pytest.fixture
async def pile(db: Database) -> Pile:
    """Nothing but the person."""
    storage = storage_over(db, KEYRING)
    owner, filed = person("zh-CN"), application()
    async with db.write() as tx:
        await tx.execute(db.upsert(tables.people), [people.as_row(KEYRING, owner)])
    return Pile(storage, owner, filed, FakeReader(LIES))


async def test_a_page_is_offered_although_another_one_of_that_moment_was(pile: Pile) -> None:
    await pile.lies(b"one", b"left", b"right", offered=(b"left", b"right"))
    other = await pile.lies(b"two")
    assert await pile.offers() == [other]
    assert pile.reader.turned_by == [1]


async def test_a_page_is_offered_again_once_its_copies_are_gone(pile: Pile) -> None:
    old = await pile.lies(b"one", offered=(b"left", b"right"))
    assert await pile.offers() == [old]


async def test_a_page_on_its_head_is_offered_even_beside_a_level_copy(pile: Pile) -> None:
    pile.reader.reading = PaperReading(turns=(2,))
    leans = await pile.lies(b"one", b"level", offered=(b"level",))
    assert await pile.offers() == [leans]
