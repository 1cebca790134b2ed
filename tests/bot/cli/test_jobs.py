"""Jobs from the command line, beside a bot that runs."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select, update

from bot.cli import jobs
from bot.core.settings import Refused
from storage.engine import tables
from storage.engine.jobs import JobKind
from storage.engine.tables import JobState
from tests.bot.people import TRANSLATIONS
from tests.databases import opened
from tests.e2e.bot import open_harness
from tests.e2e.db_asserts import database_summary


async def test_a_job_that_was_set_aside_is_started_again_beside_a_running_bot(
    tmp_path: Path, database: str
) -> None:
    mine = tables.jobs.c.kind == JobKind.DIGEST
    async with open_harness(tmp_path, database) as stage:
        await stage.starts()
        await stage.bot.scheduler.tick()
        with pytest.raises(Refused, match="cli-jobs-no-job"):
            await jobs.retry_jobs(stage.settings, JobKind.DIGEST, None)
        aside = {"state": JobState.SET_ASIDE, "attempts": 6, "error": "ValueError"}
        async with opened(database) as db, db.write() as connection:
            await connection.execute(update(tables.jobs).where(mine).values(aside))
        listed = [TRANSLATIONS.label(text, "en") for text in await jobs.list_jobs(stage.settings)]
        (line,) = [line for line in listed if line.startswith("digest")]
        assert "set aside" in line
        assert line.endswith("attempts: 6  ValueError")
        (told,) = await jobs.retry_jobs(stage.settings, JobKind.DIGEST, "")
        assert told.key == "cli-jobs-retried"
        await stage.bot.scheduler.tick()
        async with opened(database) as db, db.read() as connection:
            (row,) = await connection.execute(select(tables.jobs).where(mine))
        assert (row.state, row.attempts, row.error) == (JobState.WAITING, 0, None)
        assert (await database_summary(stage.settings)).audit_entries[0]["job-retried"] == 1
