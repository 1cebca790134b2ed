"""The migration to the digests of people: a job for each who has submitted brings theirs."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select, text

from bot.scheduler.desks.likeness import LikenessSearch
from states.records import ApplicationId, Stage
from storage.engine import schema, tables
from storage.engine.database import Database
from storage.engine.jobs import JobKind
from tests.bot.storages import storage_over
from tests.factories import EXAM
from tests.fakes.jobs import run_due
from tests.storage.people import FILLED, OTHER, WHOLE, file_in, keep
from tests.storage.process import NOW, keyring

pytestmark = pytest.mark.row("B16")


async def test_older_people_get_their_digests_by_a_job_and_drafts_none(db: Database) -> None:
    draft = replace(
        FILLED, id=ApplicationId(FILLED.id + 64), person_id=OTHER.id, stage=Stage.DRAFT, revision=0
    )
    await keep(db, WHOLE, replace(OTHER, number_hash=None))
    await file_in(db, FILLED, replace(draft, submitted_at=None))
    await schema.migrate(db, "0016")
    await schema.migrate(db, keyring=keyring())
    storage = storage_over(db, keyring())
    waiting = await storage.jobs.next([JobKind.LIKENESS], 10)
    assert [(one.key, one.person_id) for one in waiting] == [(str(WHOLE.id), WHOLE.id)]
    assert waiting[0].run_at == FILLED.submitted_at
    assert await run_due(storage, LikenessSearch(storage, EXAM), NOW) == 1
    async with db.read() as connection:
        rows = await connection.execute(select(tables.identity_digests.c.kind))
        assert {kind for (kind,) in rows} == {"number", "born"}
    await schema.migrate(db, "0016")
    async with db.read() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM jobs WHERE kind='likeness'")) == 0
    await schema.migrate(db, keyring=keyring())
