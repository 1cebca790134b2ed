"""Kill the bot again and again during broadcasts, and compare the ledger with what arrived.

``python -m tests.crash.broadcast_kills 1000`` runs so many deaths; the default tests run a few.
"""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from sqlalchemy import select

from bot.core.runtime import Failpoint
from bot.sandbox.world import World
from states.broadcasts.audience import Audience
from states.broadcasts.ledger import BroadcastState, Outcome
from states.broadcasts.message import BroadcastMessage
from states.staff_roles import Scope
from storage.broadcasts import broadcasts
from storage.broadcasts.broadcasts import Broadcast
from storage.engine import tables
from storage.engine.encryption import Keyring
from storage.engine.jobs import JobKind, Jobs, StoredJob
from tests.bench import seeds
from tests.databases import opened
from tests.e2e import call_log
from tests.e2e.bot import EXAM, FAST, Harness, open_harness
from tests.e2e.person import BOT
from tests.e2e.process_plans import BotPlan, KillPoint
from tests.e2e.process_pool import PooledProcess, ProcessPool, open_process_pool
from tests.e2e.process_pool_server import resident
from tests.e2e.wait import until

PEOPLE = 40
FIRST = 3_000
ARROWS = (
    (Failpoint.CLAIMED, ""),
    (Failpoint.SENT, ""),
    (Failpoint.SENT, ""),
    (Failpoint.RESULT_COMMITTED, ""),
    (Failpoint.JOB_DUE, JobKind.BROADCAST),
    (Failpoint.JOB_DONE, JobKind.BROADCAST),
)


@dataclass(slots=True)
class Tally:
    """What came of all broadcasts. ``in_flight`` counts the calls that a death cut off at most."""

    kills: int = 0
    broadcasts: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    twice: int = 0
    wrong: list[str] = field(default_factory=list)


async def killed(
    pool: ProcessPool, folder: Path, database: str, kills: int, random: Random
) -> Tally:
    """Run broadcasts one after another until so many deaths are over."""
    people = [resident(f"r{number}", FIRST + number) for number in range(PEOPLE)]
    world = World(None, people=people, pacing=False)
    tally = Tally()
    async with open_harness(folder, database, world) as harness:
        await seeds.plant(harness.settings, EXAM, [one.id for one in people])
        for one in people:
            await harness.person(one.slug).says("/start")
        await harness.starts(options=FAST)
        await harness.settles()
        await harness.stops()
        plan = BotPlan(data=folder, database=database, address=harness.address, exam=EXAM)
        while tally.kills < kills:
            tally.broadcasts += 1
            await _begin(harness, tally.broadcasts)
            await _die_until_finished(pool, harness, plan, tally, kills, random)
            await _compare(harness, world, tally)
    return tally


def _text(number: int) -> str:
    return f"第{number}次群发的内容"


async def _begin(harness: Harness, number: int) -> None:
    keyring = Keyring.of_file(harness.settings.keys_file, create=False)
    message = BroadcastMessage({"zh-CN": (_text(number),)})
    audience, now = Audience(scopes=(Scope(),)), EXAM.windows.registration.opens
    begun = Broadcast(number, BOT, EXAM.key, FIRST, now, BroadcastState.PLANNING, audience, message)
    async with opened(harness.settings.database) as db, db.write() as connection:
        await broadcasts.add(connection, keyring, begun)
        job = StoredJob(JobKind.BROADCAST, str(number), now)
        await Jobs(db, keyring).enqueue(connection, [job])


async def _die_until_finished(
    pool: ProcessPool, harness: Harness, plan: BotPlan, tally: Tally, kills: int, random: Random
) -> None:
    """Start bots that die at a random moment, then one that lives, until the end."""
    while tally.kills < kills and not await _is_finished(harness, tally.broadcasts):
        arrow, detail = random.choice(ARROWS)
        blow = KillPoint(arrow=arrow, detail=detail, count=random.randint(1, 4))
        child = await pool.starts(plan.model_copy(update={"blow": blow}))
        await _ends(child, harness, tally.broadcasts)
        await child.kill()
        tally.kills += 1
    if not await _is_finished(harness, tally.broadcasts):
        async with pool.runs(plan):
            await until(lambda: _is_finished(harness, tally.broadcasts))


async def _ends(child: PooledProcess, harness: Harness, number: int) -> None:
    """Wait until a bot is dead, or a broadcast is finished."""

    async def is_over() -> bool:
        return not child.alive or await _is_finished(harness, number)

    await until(is_over)


async def _is_finished(harness: Harness, number: int) -> bool:
    query = select(tables.broadcasts.c.state).where(tables.broadcasts.c.id == number)
    async with opened(harness.settings.database) as db, db.read() as connection:
        return await connection.scalar(query) == BroadcastState.FINISHED


async def _compare(harness: Harness, world: World, tally: Tally) -> None:
    """Compare the ledger of the last broadcast with the messages that arrived."""
    number, ledger = tally.broadcasts, tables.broadcast_recipients
    query = select(ledger.c.person_id, ledger.c.outcome).where(ledger.c.broadcast_id == number)
    async with opened(harness.settings.database) as db, db.read() as connection:
        outcome = {row[0]: row[1] for row in await connection.execute(query)}
    log = world.log()
    for account in range(FIRST, FIRST + PEOPLE):
        messages = call_log.delivered_messages(log, account)
        arrived = sum(_text(number) in one.text for one in messages)
        came = outcome.get(account, "missing")
        tally.outcomes[came] += 1
        tally.twice += arrived > 1
        if not (
            (came == Outcome.SENT and arrived == 1) or (came == Outcome.UNKNOWN and arrived <= 1)
        ):
            tally.wrong.append(f"{number}: {account} {came}, arrived {arrived}")


def main() -> None:
    """Run so many deaths and print the tally."""
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    with TemporaryDirectory() as folder, open_process_pool(Path(folder) / "log") as pool:
        tally = asyncio.run(killed(pool, Path(folder) / "data", "", kills, Random(20260101)))
    print(f"{tally.kills} deaths in {tally.broadcasts} broadcasts: {dict(tally.outcomes)}")
    print(f"sent twice: {tally.twice}, wrong: {tally.wrong}")
    sys.exit(bool(tally.twice or tally.wrong))


if __name__ == "__main__":
    main()
