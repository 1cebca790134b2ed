"""A world with a clock that tests move, served over loopback."""

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
    """Seconds since 1970, standing still until moved."""

    def __init__(self) -> None:
        self.now = 1_790_000_000.0

    def __call__(self) -> float:
        return self.now

    def forward(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds


class Watched:
    """A coroutine function in disguise: tells when a call to it began and when one ended."""

    def __init__(self, wait: Callable[..., Awaitable[Any]]) -> None:
        self._wait = wait
        self.began = asyncio.Event()
        self.ended = asyncio.Event()

    async def __call__(self, *args: Any) -> Any:
        # Nothing else runs between this and the moment at which the real one begins to wait.
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
    """The bot's line to the world."""
    async with serving(world) as base, aiohttp.ClientSession() as session:
        yield Caller(session, base)
