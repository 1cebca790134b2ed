"""A bot that is killed in each act of a person, and answers the act in its next life."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from tests.e2e.bot import Harness
from tests.e2e.person import Person
from tests.e2e.process_plans import BotPlan, KillPoint
from tests.e2e.process_pool import PooledProcess, ProcessPool


@dataclass(slots=True)
class DyingBot:
    """A bot of which the life that answers one act is killed in the next."""

    pool: ProcessPool
    plan: BotPlan
    blow: KillPoint
    harness: Harness
    life: PooledProcess | None = None

    async def lives(self) -> PooledProcess:
        """Return the process that runs, started if none does."""
        if self.life is None or not self.life.alive:
            self.life = await self.pool.starts(self.plan)
            await self.life.ready()
        return self.life

    async def dies(self, who: Person, act: Awaitable[object], answer: str) -> None:
        """Kill the bot in this act; the next life answers it."""
        life = await self.lives()
        await life.kill_at(self.blow)
        await act
        await life.wait_until_dead()
        assert life.was_killed_at_failpoint, answer
        await self.lives()
        await who.reads(answer)
        await self.harness.settles()

    async def ends(self) -> None:
        """Kill the life that runs."""
        if self.life is not None:
            await self.life.kill()


@asynccontextmanager
async def dying_bot(
    pool: ProcessPool, plan: BotPlan, blow: KillPoint, harness: Harness
) -> AsyncIterator[DyingBot]:
    """Yield a bot whose last life ends with the block."""
    bot = DyingBot(pool, plan, blow, harness)
    try:
        yield bot
    finally:
        await bot.ends()
