"""Strangers who only say "hi": after pruning the database is as large as before, in every table.

``make soak`` runs it with 100,000 strangers, three times one after another.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.core.runtime import WallClock
from bot.scheduler.cleanup import PRUNINGS, Pruning, Retention
from storage.engine import tables
from storage.engine.installation import Fact
from storage.engine.tables import InboxState, OutboxState
from storage.updates.inbox import PRUNED_AT_ONCE
from storage.updates.outbox import DeliveryResult
from tests.e2e.wait import until
from tests.fakes import router as offline
from tests.fakes.attachments import NOW
from tests.fakes.jobs import run_job
from tests.fakes.whole_worker import Works, works

pytestmark = pytest.mark.row("C2")
STRANGERS = int(os.environ.get("STRANGERS", "1000"))
RESULTS_AT_ONCE = 5_000


async def rows(made: Works) -> dict[str, int]:
    """The rows of each table."""
    async with made.desk.db.read() as connection:
        return {
            name: await connection.scalar(select(func.count()).select_from(table)) or 0
            for name, table in tables.metadata.tables.items()
        }


async def pages(made: Works) -> int:
    """The pages of the file that are in use."""
    async with made.desk.db.read() as connection:
        used = await connection.exec_driver_sql("PRAGMA page_count")
        free = await connection.exec_driver_sql("PRAGMA freelist_count")
        return int(used.scalar_one()) - int(free.scalar_one())


async def is_done(made: Works) -> bool:
    """Whether no update waits."""
    waiting = select(func.count()).where(tables.inbox.c.state == InboxState.WAITING)
    async with made.desk.db.read() as connection:
        return not await connection.scalar(waiting)


async def come(made: Works, first: int) -> None:
    """Strangers say "hi", and each gets an answer."""
    async with made.started() as intake:
        for start in range(first, first + STRANGERS, 100):
            said = [
                {"update_id": number, **offline.says(NOW, "hi", 50_000 + number)}
                for number in range(start, start + 100)
            ]
            await intake.take(said)
        await until(partial(is_done, made), 600)
        sent = [
            DeliveryResult(row, OutboxState.SENT, NOW, message_id=number)
            for number, row in enumerate(made.post.handed)
        ]
        for start in range(0, len(sent), RESULTS_AT_ONCE):
            async with made.desk.db.write() as connection:
                results = sent[start : start + RESULTS_AT_ONCE]
                await made.storage.units.flush(connection, [], results)


async def prunes(made: Works) -> None:
    """The pruning of a month later."""
    later = datetime.now(UTC) + timedelta(days=40)
    job = Pruning(made.storage, WallClock(), Retention())
    async with made.desk.db.write() as connection:
        known = tables.facts.c.key == Fact.PRUNED_AT
        await connection.execute(tables.facts.delete().where(known))
    for _ in range(5 + STRANGERS * 3 // (PRUNINGS * PRUNED_AT_ONCE)):
        await run_job(made.storage, job, later)


async def test_strangers_leave_nothing(tmp_path: Path) -> None:
    async with works(tmp_path) as made:
        await prunes(made)
        before, sizes = await rows(made), []
        for number in range(3):
            await come(made, 1_000 + number * STRANGERS)
            assert (await rows(made))["people"] == before["people"] + STRANGERS
            with_them = await pages(made)
            await prunes(made)
            assert await rows(made) == before
            sizes.append(await pages(made))
            print(f"{STRANGERS} strangers: {with_them} pages with them, {sizes[-1]} after them")
        assert sizes[-1] <= sizes[0] + 2, sizes
