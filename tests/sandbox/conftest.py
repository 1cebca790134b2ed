"""A world with a manual clock, served over loopback."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any

import aiohttp
import pytest

from bot.sandbox.serve import serving
from bot.sandbox.world import World
from bot.sandbox.world.people import PEOPLE, Person
from tests.sandbox.caller import Caller


class MovedClock:
    """A clock in Unix seconds that stands still until `forward`."""

    def __init__(self) -> None:
        self.now = 1_790_000_000.0

    def __call__(self) -> float:
        return self.now

    def forward(self, seconds: float) -> None:
        """Advance the clock by `seconds`."""
        self.now += seconds


class Watched:
    """A wrapper of a coroutine function with the events `began` and `ended`."""

    def __init__(self, wait: Callable[..., Awaitable[Any]]) -> None:
        self._wait = wait
        self.began = asyncio.Event()
        self.ended = asyncio.Event()

    async def __call__(self, *args: Any) -> Any:
        # The wrapped function begins to wait without a switch to another task.
        self.began.set()
        try:
            return await self._wait(*args)
        finally:
            self.ended.set()


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock()


@pytest.fixture
def world(clock: MovedClock) -> Iterator[World]:
    world = World(None, clock=clock, pacing=False)
    yield world
    world.close()


@pytest.fixture
def ling() -> Person:
    return PEOPLE[0]


@pytest.fixture
def chen() -> Person:
    return PEOPLE[1]


@pytest.fixture
async def bot(world: World) -> AsyncIterator[Caller]:
    """Return a client of the served world."""
    async with serving(world) as base, aiohttp.ClientSession() as session:
        yield Caller(session, base)
