"""Twenty deaths at random in one long day of thirty candidates."""

from __future__ import annotations

from pathlib import Path
from random import Random

from bot.core.runtime import Failpoint
from storage.engine.tables import InboxState
from tests.e2e.conversation import Candidate, to_the_end, winding
from tests.e2e.crowd import Crowd, Part, gathered, together
from tests.e2e.db_asserts import database_summary
from tests.e2e.process_plans import KillPoint
from tests.e2e.process_pool import ProcessPool

PEOPLE = 30
KILLS = 20
UPDATES = 1000
SEED = 20260101
SELDOM = (
    Failpoint.FILE_FETCHED,
    Failpoint.CLAIMED,
    Failpoint.JOB_DUE,
    Failpoint.JOB_DONE,
    Failpoint.MONEY_HEARD,
    Failpoint.MONEY_SETTLED,
)
ANYWHERE = [arrow for arrow in Failpoint if arrow not in SELDOM]
"""Arrows that are passed all the time."""


def parts() -> list[Part]:
    """Everybody winds their way to the photo; every fifth has one, and hands in."""
    return [
        Part(candidate, [*winding(candidate), *(() if candidate.number % 5 else to_the_end())])
        for candidate in map(Candidate, range(1, PEOPLE + 1))
    ]


async def kills_at_random(crowd: Crowd, process_pool: ProcessPool, random: Random) -> int:
    """Kill a bot, start the next, and again; the moments lie anywhere in the day."""
    moments = sorted(random.sample(range(crowd.answers * 9 // 10), KILLS))
    deaths = 0
    for moment in moments:
        async with process_pool.runs(crowd.plan) as child:
            await crowd.has_answers(moment)
            if random.random() < 0.5:
                blow = KillPoint(arrow=random.choice(ANYWHERE), count=random.randint(1, 3))
                await child.kill_at(blow)
                await child.wait_until_dead()
                assert child.was_killed_at_failpoint
            else:
                await child.kill()
            deaths += 1
    return deaths


async def test_twenty_deaths_and_a_thousand_updates(
    process_pool: ProcessPool, tmp_path: Path, database: str
) -> None:
    async with gathered(parts(), tmp_path, database) as (crowd, world):

        async def day() -> None:
            assert await kills_at_random(crowd, process_pool, Random(SEED)) == KILLS
            assert crowd.answered < crowd.answers
            async with process_pool.runs(crowd.plan):
                await crowd.has_answers(crowd.answers)
                await crowd.settles()

        await together(crowd.plays(), day)
        repeats = await crowd.is_right(world.log())
        assert repeats <= KILLS * PEOPLE
        assert world.complaints() == []
    done = (await database_summary(crowd.settings)).inbox[InboxState.DONE]
    assert done == crowd.effects >= UPDATES
    print(f"{KILLS} deaths, {done} updates, {repeats} messages twice")
