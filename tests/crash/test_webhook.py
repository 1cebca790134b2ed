"""Signal 9 while Telegram is calling: what was answered is kept, what was not is called again.

https://core.telegram.org/bots/api#setwebhook: a call that is not answered with 2xx is repeated.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.core.runtime import Failpoint
from tests.e2e.conversation import Candidate, straight, to_the_end
from tests.e2e.crowd import Part, gathered, together
from tests.e2e.process_plans import KillPoint
from tests.e2e.process_pool import ProcessPool
from tests.e2e.reverse_proxy import reverse_proxy

PEOPLE = 3
KILLS = 3


@pytest.mark.parametrize(
    "arrow", [Failpoint.RECEIVED, Failpoint.COMMITTED_TO_INBOX, Failpoint.COMMITTED]
)
async def test_a_bot_that_is_killed_while_it_is_called_goes_on(
    arrow: Failpoint, process_pool: ProcessPool, tmp_path: Path, database: str
) -> None:
    parts = [
        Part(candidate, [*straight(candidate), *to_the_end()])
        for candidate in map(Candidate, range(1, PEOPLE + 1))
    ]
    async with gathered(parts, tmp_path, database) as (crowd, world), reverse_proxy() as front:
        plan = crowd.plan.model_copy(update={"webhook": front.settings})

        async def kills() -> None:
            for life in range(KILLS):
                await process_pool.kills(plan, KillPoint(arrow=arrow, count=4 + life))
            async with process_pool.runs(plan):
                await crowd.has_answers(crowd.answers)
                await crowd.settles()

        await together(crowd.plays(), kills)
        await crowd.is_right(world.log())
        assert world.complaints() == []
        assert len(world.updates) == 0
    if arrow is not Failpoint.COMMITTED:  # by then the call has its answer
        assert front.statuses.count(502) >= KILLS
