"""The messenger itself dies, alone or together with the bot; the chats are in its file."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest

from bot.sandbox.world import World
from tests.e2e.conversation import Candidate, straight, to_the_end
from tests.e2e.crowd import Crowd, Part, together
from tests.e2e.process_plans import SandboxPlan, SandboxResident
from tests.e2e.process_pool import PooledProcess, ProcessPool

PEOPLE = 3
KILLS = 3
WELCOMED = 3
"""Answers after which all buttons belong to their questions, so that a tap in doubt can be done
again, as people do it."""


def place_in_log(path: Path) -> int:
    """The last call that the sandbox has written down."""
    with closing(sqlite3.connect(path)) as db:
        return int(db.execute("SELECT max(seq) FROM calls").fetchone()[0])


@asynccontextmanager
async def cast(
    process_pool: ProcessPool, tmp_path: Path, database: str
) -> AsyncIterator[tuple[Crowd, PooledProcess, SandboxPlan]]:
    """A crowd, the sandbox that is up for them, and how to bring it up again."""
    parts = [
        Part(candidate, [*straight(candidate), *to_the_end()])
        for candidate in map(Candidate, range(1, PEOPLE + 1))
    ]
    people = tuple(SandboxResident(slug=part.slug, id=part.id) for part in parts)
    plan = SandboxPlan(path=tmp_path / "world.sqlite3", port=0, people=people)
    async with process_pool.runs(plan) as sandbox:
        port = int(sandbox.address.rpartition(":")[2])
        crowd = Crowd(parts, sandbox.address, tmp_path / "data", database)
        yield crowd, sandbox, plan.model_copy(update={"port": port})


@pytest.mark.parametrize("with_the_bot", [False, True], ids=["alone", "with the bot"])
async def test_the_sandbox_is_killed(
    with_the_bot: bool, process_pool: ProcessPool, tmp_path: Path, database: str
) -> None:
    deaths: list[int] = []
    async with cast(process_pool, tmp_path, database) as (crowd, first, plan):

        async def kills() -> None:
            sandbox, bot = first, await process_pool.starts(crowd.plan)
            await crowd.everybody_has_answers(WELCOMED)
            for _ in range(KILLS):
                await crowd.has_answers(crowd.answered + crowd.answers // 8)
                if with_the_bot:
                    await bot.kill()
                await sandbox.kill()
                deaths.append(place_in_log(plan.path))
                sandbox = await process_pool.starts(plan)
                await sandbox.ready()
                if with_the_bot:
                    bot = await process_pool.starts(crowd.plan)
            assert crowd.answered < crowd.answers
            await crowd.has_answers(crowd.answers)
            await crowd.settles()
            await bot.kill()
            await sandbox.kill()

        await together(crowd.plays(), kills)
    world = World(plan.path)
    await crowd.is_right(world.log(), deaths)
    assert world.complaints() == []
    world.close()
