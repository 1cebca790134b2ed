"""Bulk messages are claimed before they are sent: a death leaves some unknown, none doubled."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from bot.core.runtime import Failpoint
from bot.delivery.puller import ROOM
from bot.sandbox.world import World
from bot.sandbox.world.people import PEOPLE
from states.step_result import Priority, ShowScreen
from storage.engine.encryption import Keyring
from storage.engine.tables import OutboxState
from storage.updates.outbox import Outbox, OutgoingMessage
from tests.databases import opened
from tests.e2e import call_log, scenes
from tests.e2e.bot import EXAM, FAST, Harness, open_harness
from tests.e2e.db_asserts import database_summary
from tests.e2e.person import BOT
from tests.e2e.process_plans import BotPlan, KillPoint
from tests.e2e.process_pool import ProcessPool

EACH = 3
SLOW = 5.0
"""Seconds of a call whose result is not committed yet, also on a busy machine."""
TITLE = "报名助手"


async def add_bulk(harness: Harness, chats: list[int]) -> None:
    """Put bulk messages into the outbox, as a broadcast will."""
    keyring = Keyring.of_file(harness.settings.keys_file, create=False)
    rows = [
        OutgoingMessage(
            number * 1000 + chat % 1000,
            f"bulk:{chat}:{number}",
            BOT,
            chat,
            ShowScreen("help", priority=Priority.BULK),
            EXAM.windows.registration.opens,
        )
        for number in range(1, EACH + 1)
        for chat in chats
    ]
    async with opened(harness.settings.database) as db, db.write() as connection:
        await Outbox(db, keyring).add(connection, rows)


@pytest.mark.parametrize("moment", [Failpoint.CLAIMED, Failpoint.SENT, Failpoint.RESULT_COMMITTED])
async def test_claimed_messages_are_unknown_after_a_death_and_none_is_doubled(
    moment: Failpoint, process_pool: ProcessPool, tmp_path: Path, database: str
) -> None:
    world = World(None, pacing=False)
    told = [resident for resident in PEOPLE if resident.slug in ("ling", "chen", "site")]
    async with open_harness(tmp_path, database, world) as harness:
        await harness.starts(options=FAST)
        for resident in told:
            await scenes.meets_the_bot(harness.person(resident.slug))
        await harness.stops()
        before = Counter(
            {one.id: len(call_log.delivered_messages(world.log(), one.id)) for one in told}
        )
        await add_bulk(harness, [resident.id for resident in told])
        plan = BotPlan(data=tmp_path, database=database, address=harness.address, exam=EXAM)
        if moment is Failpoint.RESULT_COMMITTED:  # one call is under way at the death
            world.faults.add("delay", method="sendMessage", chat_id=told[0].id, seconds=SLOW)
        await process_pool.kills(plan, KillPoint(arrow=moment))
        async with process_pool.runs(plan):
            await harness.settles()
        log = world.log()
    outbox = (await database_summary(harness.settings)).outbox
    bulk_sent = sum(len(call_log.delivered_messages(log, one.id)) - before[one.id] for one in told)
    assert 0 < outbox[OutboxState.UNKNOWN] <= ROOM[Priority.BULK]
    assert not outbox[OutboxState.WAITING] + outbox[OutboxState.CLAIMED]
    assert bulk_sent <= EACH * len(told)
    known = EACH * len(told) - outbox[OutboxState.UNKNOWN]
    assert known <= bulk_sent <= known + (len(told) if moment is not Failpoint.CLAIMED else 0)
