"""The cost of waiting bulk messages for others: replies, notices and memory, at Telegram's pace.

In this process, the same people talk before the bulk messages wait and while they wait.
In a process of its own, the bot's peak memory beside them.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import quantiles
from time import perf_counter, process_time

import aiohttp

from bot.app import tune_garbage_collector
from bot.core.open_storage import open_storage
from bot.core.settings import Settings
from bot.sandbox.serve import serving
from bot.sandbox.world import World
from bot.sandbox.world.people import Person as Resident
from states.step_result import Priority, ShowScreen
from storage.updates.outbox import Outbox, OutgoingMessage
from tests.bench.budgets import Verdict
from tests.bench.processes import started
from tests.e2e import bot_settings, scenes
from tests.e2e.bot import EXAM, FAST, Harness, open_harness
from tests.e2e.person import Person
from tests.e2e.process_pool_server import resident

WAITING = (20_000, 100_000)
"""Bulk messages that wait: beside people who talk, and beside the bot's memory."""
CHATS = 100
TALKERS = 8
REPLIES = 25
"""Replies of each talker, before the bulk messages and beside them."""
APART = 1.2
"""Seconds between two texts of a talker: Telegram allows a chat one message a second."""
NOTICES = 10
LATER_MS, NOTICE_S, PEAK_MB = 100.0, 2.0, 320.0
"""The most that bulk adds to the p99 of replies, that a notice takes, and the bot's peak."""
WATCHED = 30.0
"""Seconds of the bot beside the most waiting messages."""
FIRST_CHAT, FIRST_TALKER = 50_000, 2_000
MADE_AT = datetime(2025, 12, 1, tzinfo=UTC)
"""Before the morning on which a new sandbox opens."""
AT_ONCE = 5_000
PATIENCE = 60.0


async def compared(talk: Path, memory: Path) -> list[Verdict]:
    """Measure everything in two empty folders; the verdicts, each of which fails the run."""
    return [*await _beside_talkers(talk), await _memory(memory)]


# --- people who talk -----------------------------------------------------------------------------


async def _beside_talkers(folder: Path) -> list[Verdict]:
    talkers = [resident(f"t{number}", FIRST_TALKER + number) for number in range(TALKERS)]
    world = World(None, people=[*talkers, *chats()])
    async with open_harness(folder, "", world) as harness:
        await harness.starts(options=replace(FAST, pacing=True))
        people = [harness.person(one.slug, PATIENCE) for one in talkers]
        for person in people:
            await scenes.meets_the_bot(person)
        await open_chats(harness.http, harness.address)
        await harness.settles()
        quiet = await talk(people)
        await _seed(harness.bot.storage.outbox, harness, WAITING[0])
        harness.bot.sender.pull()
        await asyncio.sleep(2)
        began, cpu = perf_counter(), process_time()
        busy, notices = await asyncio.gather(talk(people), _notices(harness))
        each = (process_time() - cpu) / (perf_counter() - began)
        print(f"beside {WAITING[0]:,} bulk messages: {harness.bot.sender.held} rows held,")
        print(f"{each:.0%} of a core for bot, sandbox and people together")
        for name, times in (("without", quiet), ("with", busy)):
            shown = [f"p{share} {percentile(times, share):.1f} ms" for share in (50, 99)]
            print(f"{len(times)} replies {name} them: {', '.join(shown)}")
    added = percentile(busy, 99) - percentile(quiet, 99)
    return [
        Verdict("bulk adds to the p99 of replies", added, LATER_MS, " ms", gates=True),
        Verdict("the slowest notice beside bulk", max(notices), NOTICE_S, " s", gates=True),
    ]


async def talk(people: Sequence[Person]) -> list[float]:
    """Time replies, in ms."""
    tune_garbage_collector()  # of the sandbox, whose pauses would count as the bot's
    times = await asyncio.gather(*(_talker(one, number) for number, one in enumerate(people)))
    return [one for own in times for one in own]


async def _talker(person: Person, number: int) -> list[float]:
    await asyncio.sleep(number * APART / TALKERS)
    times = []
    for _ in range(REPLIES):
        began = perf_counter()
        await person.says("/help")
        await person.sees("/status")
        times.append((perf_counter() - began) * 1000)
        await asyncio.sleep(max(0.0, began + APART - perf_counter()))
    return times


async def _notices(harness: Harness) -> list[float]:
    """Time notices to chats that also wait for bulk messages, in seconds from their commit."""
    times, outbox = [], harness.bot.storage.outbox
    for number in range(NOTICES):
        await asyncio.sleep(1)
        chat = FIRST_CHAT + CHATS - 1 - number
        person = harness.person(f"b{chat}", PATIENCE)
        await _add(outbox, harness, [_row(harness, chat, "status", Priority.NOTICE)])
        began = perf_counter()
        harness.bot.sender.pull()
        await person.sees("您还没有报名")  # of all that this chat gets, only the notice says it
        times.append(perf_counter() - began)
    return times


# --- memory --------------------------------------------------------------------------------------


async def _memory(folder: Path) -> Verdict:
    world = World(None, people=chats())
    await plant(bot_settings.at(folder, ""), WAITING[1])
    async with serving(world) as address, aiohttp.ClientSession() as http:
        await open_chats(http, address)
        first_chat = Person(http, address, f"b{FIRST_CHAT}", PATIENCE)
        command = [sys.executable, "-m", "tests.bench.ours", str(folder), address, "--paced"]
        async with started(command, folder / "log") as bot:
            await first_chat.sees("请选择语言")
            before = bot.cpu()
            await asyncio.sleep(WATCHED)
            cpu, peak = (bot.cpu() - before) / WATCHED, bot.peak()
    print(f"beside {WAITING[1]:,} bulk messages, 30 a second sent: {cpu:.0%} of a core")
    return Verdict("the bot's peak memory", peak, PEAK_MB, " MB", gates=True)


# --- rows ----------------------------------------------------------------------------------------


async def plant(settings: Settings, count: int) -> None:
    """Let so many bulk messages wait in a database that nobody has open."""
    async with open_storage(settings, EXAM) as storage:
        for first in range(0, count, AT_ONCE):
            numbers = range(first, min(first + AT_ONCE, count))
            async with storage.db.write() as connection:
                await storage.outbox.add(connection, [_bulk(storage.bot_id, n) for n in numbers])


def chats() -> list[Resident]:
    """Return those who get the bulk messages, and say nothing."""
    return [resident(f"b{chat}", chat) for chat in range(FIRST_CHAT, FIRST_CHAT + CHATS)]


async def open_chats(http: aiohttp.ClientSession, address: str) -> None:
    """Let everybody write first: a bot writes to nobody who never did."""
    for chat in chats():
        await Person(http, address, chat.slug).says("/start")


async def _seed(outbox: Outbox, harness: Harness, count: int) -> None:
    rows = [_bulk(harness.settings.bot_id, number) for number in range(count)]
    await _add(outbox, harness, rows)


async def _add(outbox: Outbox, harness: Harness, rows: Sequence[OutgoingMessage]) -> None:
    async with harness.bot.storage.db.write() as connection:
        await outbox.add(connection, rows)


def _bulk(bot_id: int, number: int) -> OutgoingMessage:
    return OutgoingMessage(
        1 + number,
        f"bulk{number}",
        bot_id,
        FIRST_CHAT + number % CHATS,
        ShowScreen("help", priority=Priority.BULK),
        MADE_AT,
    )


def _row(harness: Harness, chat: int, screen: str, priority: Priority) -> OutgoingMessage:
    number = harness.bot.storage.ids.next()
    effect = ShowScreen(screen, priority=priority)
    return OutgoingMessage(number, f"n{number}", harness.settings.bot_id, chat, effect, MADE_AT)


def percentile(times: list[float], share: int) -> float:
    return quantiles(times, n=100)[share - 1]
