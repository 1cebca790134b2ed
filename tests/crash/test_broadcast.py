"""A bot that dies during broadcasts: nobody gets one twice, and every recipient has an outcome."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from bot.delivery.puller import ROOM
from states.broadcasts.ledger import Outcome
from states.step_result import Priority
from tests.crash.broadcast_kills import PEOPLE, killed
from tests.e2e.process_pool import ProcessPool

pytestmark = pytest.mark.row("B4")
KILLS = 12


async def test_dead_bots_send_nothing_twice_and_lose_nobody(
    process_pool: ProcessPool, tmp_path: Path, database: str
) -> None:
    tally = await killed(process_pool, tmp_path, database, KILLS, Random(20260101))
    assert tally.twice == 0
    assert tally.wrong == []
    assert sum(tally.outcomes.values()) == PEOPLE * tally.broadcasts
    assert tally.outcomes[Outcome.SENT] > 0
    assert tally.outcomes[Outcome.UNKNOWN] <= tally.kills * ROOM[Priority.BULK]
    print(f"{tally.kills} deaths, {tally.broadcasts} broadcasts: {dict(tally.outcomes)}")
