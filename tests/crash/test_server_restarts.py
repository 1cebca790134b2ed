"""The PostgreSQL server is killed and comes back, again and again, while the bot runs on."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.e2e.conversation import Candidate, straight, to_the_end
from tests.e2e.crowd import Part, gathered, together
from tests.e2e.process_pool import ProcessPool
from tests.postgres import Server

PEOPLE = 8
RESTARTS = 5


async def test_a_server_killed_in_the_middle_of_a_crowd_costs_nothing(
    process_pool: ProcessPool, tmp_path: Path, careful_server: Server, careful_database: str
) -> None:
    """Not even a message twice: the bot has not died, and knows what it has sent."""
    parts = [
        Part(candidate, [*straight(candidate), *to_the_end()])
        for candidate in map(Candidate, range(1, PEOPLE + 1))
    ]
    async with gathered(parts, tmp_path, careful_database) as (crowd, world):

        async def restarts() -> None:
            async with process_pool.runs(crowd.plan) as bot:
                for moment in range(1, RESTARTS + 1):
                    await crowd.has_answers(crowd.answers * moment // (RESTARTS + 1))
                    await asyncio.to_thread(careful_server.restart)
                assert crowd.answered < crowd.answers
                await crowd.has_answers(crowd.answers)
                await crowd.settles()
                assert bot.alive

        await together(crowd.plays(), restarts)
        assert await crowd.is_right(world.log()) == 0
        assert world.complaints() == []
