"""A sandbox and a bot in this process, and the people who talk with it over HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path

import aiohttp

from bot.app import Options, RunningBot, build
from bot.core import exam_files
from bot.core.runtime import RestartWanted
from bot.core.settings import Settings
from bot.sandbox.serve import serving
from bot.sandbox.world import World
from states.exam import Exam
from states.exam.sampling import SpotCheckRules
from tests.e2e import bot_settings
from tests.e2e.db_asserts import is_settled
from tests.e2e.person import PATIENCE, Person
from tests.e2e.wait import until

EXAM = exam_files.load("health-2026").model_copy(update={"spot_checks": SpotCheckRules()})
FAST = Options(pacing=False, reading_time=timedelta(0))


class Harness:
    """A sandbox, its address, and the bot while it runs."""

    def __init__(
        self, world: World, address: str, http: aiohttp.ClientSession, settings: Settings
    ) -> None:
        self.world = world
        self.address = address
        self.http = http
        self.settings = settings
        self.exam = EXAM
        self.options = FAST
        self._bot: AsyncExitStack | None = None
        self._running: RunningBot | None = None

    @property
    def bot(self) -> RunningBot:
        """The bot that runs now."""
        assert self._running is not None, "no bot runs"
        return self._running

    def person(self, slug: str, time_limit: float = PATIENCE) -> Person:
        """A resident of the world."""
        return Person(self.http, self.address, slug, time_limit)

    async def starts(self, exam: Exam | None = None, options: Options | None = None) -> RunningBot:
        """Start the bot, on the data of the one before if there was one."""
        self.exam, self.options = exam or self.exam, options or self.options
        stack = AsyncExitStack()
        self._running = await stack.enter_async_context(
            build(self.settings, self.exam, self.address, self.options)
        )
        self._bot = stack
        return self._running

    async def fault(self, kind: str, **more: object) -> None:
        """Have something go wrong: see ``bot.sandbox.world.faults``."""
        url = f"{self.address}/sandbox/faults"
        async with self.http.post(url, json={"kind": kind, **more}) as response:
            assert response.status == 200, await response.text()

    async def settles(self) -> None:
        """Wait until nothing is left to be fetched, done or sent."""

        async def is_quiet() -> bool:
            return not len(self.world.updates) and await is_settled(self.settings)

        await until(is_quiet)

    async def stops(self) -> None:
        """Stop the bot; none of its loops may have ended by itself."""
        if self._bot is not None:
            stack, self._bot = self._bot, None
            fell_over = self.bot.stopped.done()
            await stack.aclose()
            self._running = None
            assert not fell_over, "one of the bot's loops ended"

    async def restarts(self) -> RunningBot:
        """Wait until the bot ends by itself for a changed exam, and start it again."""
        await asyncio.wait([self.bot.stopped], timeout=PATIENCE)
        assert isinstance(self.bot.stopped.exception(), RestartWanted)
        assert self._bot is not None
        await self._bot.aclose()
        return await self.starts()


@asynccontextmanager
async def open_harness(
    data: Path,
    database: str,
    world: World | None = None,
    *,
    methods: frozenset[str] | None = None,
    bot_token: str = "",
) -> AsyncIterator[Harness]:
    """Open a sandbox without a bot yet; at the end it must have no complaints."""
    world = world or World(None, pacing=False)
    async with serving(world, methods=methods) as address, aiohttp.ClientSession() as http:
        harness = Harness(world, address, http, bot_settings.at(data, database, bot_token))
        try:
            yield harness
        finally:
            await harness.stops()
        assert world.complaints() == []
    world.close()
