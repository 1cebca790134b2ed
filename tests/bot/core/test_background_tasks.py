"""Tasks beside the loops: none is forgotten, none fails unheard."""

from __future__ import annotations

import asyncio

import pytest

from bot.core.loops import BackgroundTasks
from tests.fakes.clocks import settle


async def test_a_failure_is_raised_to_whoever_watches() -> None:
    tasks = BackgroundTasks()

    async def fails() -> None:
        raise RuntimeError("a bug")

    tasks.start(fails())
    with pytest.raises(RuntimeError, match="a bug"):
        await tasks.watch()
    await tasks.close()


async def test_what_ended_well_or_was_cancelled_is_no_failure() -> None:
    tasks, done = BackgroundTasks(), []

    async def works() -> None:
        done.append(True)

    tasks.start(works())
    waiting = tasks.start(_for_ever())
    watch = asyncio.create_task(tasks.watch())
    await settle()
    waiting.cancel()
    await settle()
    assert done == [True]
    assert not watch.done()
    watch.cancel()
    await asyncio.gather(watch, return_exceptions=True)


async def test_closing_ends_what_still_runs() -> None:
    tasks = BackgroundTasks()
    running = [tasks.start(_for_ever()) for _ in range(3)]
    await settle()
    await tasks.close()
    assert all(task.cancelled() for task in running)


async def _for_ever() -> None:
    await asyncio.Event().wait()
