"""Signal 9 at each arrow of the design's picture, again and again, and nothing is lost or doubled.

https://core.telegram.org/bots/api#getupdates: an update is forgotten once a higher offset is
asked for; and there is no way to tell Telegram that a message is the same as the one before.
"""

from __future__ import annotations

from pathlib import Path
from statistics import median

import pytest

from bot.core.runtime import Failpoint
from tests.e2e import call_log
from tests.e2e.conversation import Candidate, straight, to_the_end
from tests.e2e.crowd import Part, gathered, together
from tests.e2e.process_plans import KillPoint
from tests.e2e.process_pool import ProcessPool

PEOPLE = 3
KILLS = 3
QUICK = 0.5
"""Seconds in which a bot has to be up again."""

# How many passes a life lasts: a batch passes most arrows once, each message those of the sender.
PASSES = {
    Failpoint.FILE_FETCHED: 1,
    Failpoint.JOB_DUE: 1,
    Failpoint.JOB_DONE: 1,
    Failpoint.SENT: 7,
    Failpoint.RESULT_COMMITTED: 7,
}
FEW = 4
ELSEWHERE = (Failpoint.CLAIMED, Failpoint.MONEY_HEARD, Failpoint.MONEY_SETTLED)
"""Passed when bulk waits (`test_bulk`), and by a provider's notification (`test_callbacks`)."""


@pytest.mark.parametrize("arrow", [arrow for arrow in Failpoint if arrow not in ELSEWHERE])
async def test_a_bot_killed_at_an_arrow_goes_on(
    arrow: Failpoint, process_pool: ProcessPool, tmp_path: Path, database: str
) -> None:
    parts = [
        Part(candidate, [*straight(candidate), *to_the_end()])
        for candidate in map(Candidate, range(1, PEOPLE + 1))
    ]
    starts: list[float] = []

    async with gathered(parts, tmp_path, database) as (crowd, world):

        async def kills() -> None:
            for life in range(KILLS):
                blow = KillPoint(arrow=arrow, count=PASSES.get(arrow, FEW + life))
                await process_pool.kills(crowd.plan, blow)
            async with process_pool.runs(crowd.plan) as last:
                assert last.took is not None
                starts.append(last.took)
                await crowd.has_answers(crowd.answers)
                await crowd.settles()

        await together(crowd.plays(), kills)
        log = world.log()
        repeats = await crowd.is_right(log)
        repeats += call_log.erased_twice(log) + call_log.edited_twice(log)
        if arrow is Failpoint.SENT:  # the one place where a death must be heard twice
            assert repeats >= KILLS
        assert world.complaints() == []


@pytest.mark.measured
async def test_a_bot_is_up_again_in_no_time(
    process_pool: ProcessPool, tmp_path: Path, database: str
) -> None:
    async with gathered([], tmp_path, database) as (crowd, _):
        took = []
        for _ in range(6):
            async with process_pool.runs(crowd.plan) as child:
                assert child.took is not None
                took.append(child.took)
    print(f"starts, the first with its migrations: {[f'{seconds:.2f}' for seconds in took]} s")
    assert median(took) < QUICK
