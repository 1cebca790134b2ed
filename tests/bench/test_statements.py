"""What the database is asked: a batch costs the same whatever its size, an update alone little."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from bot.sandbox.world import World
from tests.bench import seeds
from tests.bench.crowd import Crowd
from tests.bench.rehearsal import Rehearsal
from tests.e2e.bot import EXAM, open_harness
from tests.e2e.process_pool_server import resident

FIRST_ID = 2000
ALONE = 14
"""Statements, those that begin a transaction among them."""
COMMITS = 1
"""That the update is kept, and its effect with the mark of the message before."""


@contextmanager
def counted() -> Iterator[Counter[str]]:
    """Statements and commits of every engine in this process."""
    seen: Counter[str] = Counter()

    def statement(*_: Any) -> None:
        seen["statements"] += 1

    def commit(_: Any) -> None:
        seen["commits"] += 1

    event.listen(Engine, "before_cursor_execute", statement)
    event.listen(Engine, "commit", commit)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", statement)
        event.remove(Engine, "commit", commit)


async def cost(
    rehearsal: Rehearsal, folder: Path, database: str, people: int, at_once: int
) -> tuple[float, float]:
    """Statements and commits an update, while so many fill in the form at once."""
    crowd = [resident(f"c{number}", FIRST_ID + number) for number in range(people)]
    world = World(None, people=crowd, pacing=False)
    async with open_harness(folder, database, world) as stage:
        await seeds.plant(stage.settings, EXAM, [one.id for one in crowd])
        await stage.starts()
        with counted() as seen:
            answers = await Crowd(world, rehearsal.script).plays(crowd, at_once)
        return seen["statements"] / len(answers), seen["commits"] / len(answers)


async def test_with_64_busy_an_update_costs_at_most_one_statement(
    rehearsal: Rehearsal, tmp_path: Path, database: str
) -> None:
    statements, commits = await cost(rehearsal, tmp_path, database, people=64, at_once=64)
    print(f"64 busy: {statements:.2f} statements and {commits:.2f} commits an update")
    assert statements <= 1


async def test_an_update_alone_costs_little(
    rehearsal: Rehearsal, tmp_path: Path, database: str
) -> None:
    statements, commits = await cost(rehearsal, tmp_path, database, people=4, at_once=1)
    print(f"alone: {statements:.2f} statements and {commits:.2f} commits an update")
    assert statements <= ALONE
    assert commits == pytest.approx(COMMITS, abs=0.1)  # the clock and the last marks have theirs
