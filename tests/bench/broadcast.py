"""A broadcast at Telegram's real limits, beside other bots: ``python -m tests.bench.broadcast``.

Each bot writes to the same people through a sandbox of its own that keeps the limits. While ours
does, a few people talk with it, so that what a broadcast adds to a reply is seen as well.
"""

from __future__ import annotations

import asyncio
import sys
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import aiohttp

from bot.sandbox.serve import serving
from bot.sandbox.world import World
from bot.sandbox.world.chats import ChatState
from states.broadcasts.audience import Audience, Dimension
from states.broadcasts.ledger import BroadcastState, Outcome
from states.broadcasts.message import BroadcastMessage
from states.staff_roles import Scope
from storage.broadcasts import broadcasts, ledger
from storage.broadcasts.broadcasts import Broadcast
from storage.engine.encryption import Keyring
from storage.engine.jobs import JobKind, Jobs, StoredJob
from tests.bench import seeds
from tests.bench.budgets import Verdict
from tests.bench.bulk import PATIENCE, TALKERS, percentile, talk
from tests.bench.processes import started
from tests.databases import opened
from tests.e2e import bot_settings, scenes
from tests.e2e.bot import EXAM
from tests.e2e.person import BOT, Person
from tests.e2e.process_pool_server import resident

PEOPLE = 3_000
FIRST, FIRST_TALKER = 50_000, 2_000
TEXT = "群发的内容"
PER_SECOND = 30.0
SHARE = 0.97
LATER_MS = 100.0
LONGEST = 900.0
LOOK = 1.0
"""Seconds that a broadcast may take, and between two looks at it."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """What came of one bot's broadcast, by Telegram's side of it."""

    name: str
    seconds: float
    reached: int
    lost: int
    twice: int
    too_fast: int
    others: int

    @property
    def rate(self) -> float:
        """Messages a second from its first to its last; ``others`` are replies meanwhile."""
        return (self.reached + self.others - 1) / self.seconds if self.seconds else 0.0

    def __str__(self) -> str:
        return (
            f"| {self.name} | {self.seconds:.1f} s | {self.rate:.2f} ({self.others} replies) | "
            f"{self.rate / PER_SECOND:.1%} | {self.too_fast} | {self.lost} | {self.twice} |"
        )


def _world(people: int, talkers: int = 0) -> World:
    residents = [resident(f"b{n}", n) for n in range(FIRST, FIRST + people)]
    residents += [resident(f"t{n}", FIRST_TALKER + n) for n in range(talkers)]
    world = World(None, people=residents)
    for one in range(FIRST, FIRST + people):
        world.chats.keep_state(one, ChatState(started=True))
    return world


def _delivered(name: str, world: World, people: int) -> Delivered:
    log = [one for one in world.log() if one.method in ("sendMessage", "sendPhoto")]
    calls = [one for one in log if one.params.get("text") == TEXT]
    arrived = [one for one in calls if one.ok]
    each = Counter(one.chat_id for one in arrived)
    moments = [one.at for one in arrived]
    first, last = min(moments, default=0.0), max(moments, default=0.0)
    others = sum(one.ok and first < one.at < last for one in log) - sum(
        first < at < last for at in moments
    )
    too_fast = sum(not one.ok and one.result_or_error.get("error_code") == 429 for one in calls)
    return Delivered(
        name,
        last - first,
        len(each),
        people - len(each),
        sum(count > 1 for count in each.values()),
        too_fast,
        others,
    )


async def _peer(name: str, module: str, folder: Path, people: int) -> Delivered:
    world = _world(people)
    async with serving(world) as address:
        arguments = [address, str(FIRST), str(people), TEXT]
        command = [sys.executable, "-m", f"tests.bench.peers.{module}", *arguments]
        process = await asyncio.create_subprocess_exec(*command)
        await asyncio.wait_for(process.wait(), LONGEST)
    return _delivered(name, world, people)


async def _ours(folder: Path, people: int) -> tuple[Delivered, list[float], list[float]]:
    """Return the broadcast, and the times of replies before and beside it, in ms."""
    world, settings = _world(people, TALKERS), bot_settings.at(folder, "")
    await seeds.plant(settings, EXAM, range(FIRST, FIRST + people))
    async with serving(world) as address, aiohttp.ClientSession() as http:
        command = [sys.executable, "-m", "tests.bench.ours", str(folder), address, "--paced"]
        async with started(command, folder / "log"):
            talkers = [Person(http, address, f"t{n}", PATIENCE) for n in range(TALKERS)]
            for one in talkers:
                await scenes.meets_the_bot(one)
            quiet = await talk(talkers)
            await _begin(settings.database, Keyring.of_file(settings.keys_file, create=False))

            async def has_begun() -> bool:
                return any(one.params.get("text") == TEXT for one in world.log())

            await _until(has_begun, PATIENCE)
            busy = await talk(talkers)
            await _until(lambda: _is_finished(settings.database), LONGEST)
    return _delivered("baoming", world, people), quiet, busy


async def _begin(database: str, keyring: Keyring) -> None:
    now = EXAM.windows.registration.opens
    audience = Audience({Dimension.AREA: (seeds.AREA,)}, (Scope(),))
    message = BroadcastMessage({"zh-CN": (TEXT,)})
    begun = Broadcast(1, BOT, EXAM.key, FIRST, now, BroadcastState.PLANNING, audience, message)
    async with opened(database) as db, db.write() as connection:
        await broadcasts.add(connection, keyring, begun)
        job = StoredJob(JobKind.BROADCAST, "1", now)
        await Jobs(db, keyring).enqueue(connection, [job])


async def _until(condition: Callable[[], Awaitable[bool]], seconds: float) -> None:
    """Look now and then, since a look costs the bots of the same machine."""
    for _ in range(int(seconds / LOOK)):
        if await condition():
            return
        await asyncio.sleep(LOOK)
    raise TimeoutError


async def _is_finished(database: str) -> bool:
    async with opened(database) as db, db.read() as connection:
        counts = await ledger.counts(connection, 1)
    return counts.total > 0 and counts.open == 0 and counts[Outcome.SENT] > 0


async def compared(folder: Path, people: int) -> list[Verdict]:
    """Run all bots one after another, print the table, and return the verdicts on ours."""
    ours, quiet, busy = await _ours(folder / "ours", people)
    found = [
        ours,
        await _peer("python-telegram-bot, AIORateLimiter", "broadcast_on_ptb", folder, people),
        await _peer("aiogram, sleeps", "broadcast_on_aiogram", folder, people),
    ]
    print("| bot | time | a second | of 30/s | 429s | lost | twice |")
    print("|---|---|---|---|---|---|---|")
    print(*found, sep="\n")
    for name, times in (("before", quiet), ("beside", busy)):
        shown = [f"p{share} {percentile(times, share):.1f} ms" for share in (50, 99)]
        print(f"{len(times)} replies {name} our broadcast: {', '.join(shown)}")
    added = percentile(busy, 99) - percentile(quiet, 99)
    return [
        Verdict(
            "the share of 30/s that is left unused",
            1 - ours.rate / PER_SECOND,
            1 - SHARE,
            gates=True,
        ),
        Verdict("429s of our making", ours.too_fast, 0, gates=True),
        Verdict("people who were lost", ours.lost, 0, gates=True),
        Verdict("people who got it twice", ours.twice, 0, gates=True),
        Verdict("the broadcast adds to the p99 of replies", added, LATER_MS, " ms", gates=True),
    ]


def main(arguments: Sequence[str]) -> int:
    """Print the comparison; return 1 if a verdict fails."""
    parser = ArgumentParser()
    parser.add_argument("--people", type=int, default=PEOPLE)
    given = parser.parse_args(arguments)
    with TemporaryDirectory() as folder:
        (Path(folder) / "ours").mkdir()
        found = asyncio.run(compared(Path(folder), given.people))
    print(*found, sep="\n")
    return int(any(not one.is_met for one in found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
