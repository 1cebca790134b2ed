"""One round of one bot: a fresh process, a fresh world, the sizes one after another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path
from statistics import quantiles
from time import perf_counter, process_time, time

from bot.sandbox.serve import serving
from bot.sandbox.world import World
from bot.sandbox.world.people import Person
from tests.bench.bots import Bot, Running, Stand
from tests.bench.crowd import Crowd, Otherwise, Silent, Size
from tests.bench.judged import Judged
from tests.bench.script import Script
from tests.e2e.process_pool_server import resident

FIRST_ID = 10_000


@dataclass(frozen=True, slots=True)
class Figures:
    """What one bot cost at one size in one round.

    CPU in ms per update: of the bot with its threads and children, of the server that keeps its
    data if it has one, and of the driver with the sandbox; latencies in ms; memory in MB.
    """

    updates: int
    cpu: float
    server_cpu: float | None
    driver_cpu: float
    per_second: float
    p50: float
    p99: float
    peak: float
    pss: float


@dataclass(frozen=True, slots=True)
class Round:
    """All figures of one bot in one round; ``start`` in seconds, from exec to the first answer."""

    start: float
    sizes: Mapping[int, Figures]


@dataclass(frozen=True, slots=True)
class Reading:
    """Clocks at one moment, in seconds."""

    now: float
    bot: float
    server: float
    driver: float

    @classmethod
    def of(cls, running: Running) -> Reading:
        """Read them all."""
        server = running.server.cpu() if running.server else 0.0
        return cls(perf_counter(), running.bot.cpu(), server, process_time())


async def play(bot: Bot, script: Script, sizes: Sequence[Size], folder: Path) -> Round:
    """Start the bot in this empty folder, and send a crowd of each size through the dialogue."""
    numbers = count(FIRST_ID)
    first, *crowds = (
        [resident(f"c{number}", number) for number in islice(numbers, people)]
        for people in (1, *(size.people for size in sizes))
    )
    everybody = [person for crowd in (first, *crowds) for person in crowd]
    now = time()  # stands still: a bot that answers a button after 15 s is to be measured as well
    world = World(None, people=everybody, pacing=False, clock=lambda: now)
    crowd = Crowd(world, script)
    figures = {}
    async with serving(world, reader=Judged()) as address:
        stand = Stand(
            folder, address, script.write(folder / "script.json"), [p.id for p in everybody]
        )
        async with bot.starts(stand) as running:
            answered: list[float] = []
            try:
                await crowd.plays(first, 1, {1: lambda: answered.append(perf_counter())})
                for size, people in zip(sizes, crowds, strict=True):
                    figures[size.at_once] = await _measured(crowd, size, people, running, script)
            except (Otherwise, Silent) as error:
                error.add_note(f"{bot.title} says: {stand.log.read_text()[-2000:]}")
                raise
    assert world.complaints() == []
    world.close()
    return Round(answered[0] - running.bot.born, figures)


async def _measured(
    crowd: Crowd, size: Size, people: Sequence[Person], running: Running, script: Script
) -> Figures:
    readings: list[Reading] = []
    last = size.people * len(script.steps)
    running.bot.forget_peak()
    answers = await crowd.plays(
        people,
        size.at_once,
        dict.fromkeys((size.warm_up, last), lambda: readings.append(Reading.of(running))),
    )
    before, after = readings
    counted = answers[size.warm_up :]
    each = 1000 / len(counted)
    cuts = quantiles(counted, n=100)
    return Figures(
        updates=len(counted),
        cpu=(after.bot - before.bot) * each,
        server_cpu=(after.server - before.server) * each if running.server else None,
        driver_cpu=(after.driver - before.driver) * each,
        per_second=len(counted) / (after.now - before.now),
        p50=cuts[49] * 1000,
        p99=cuts[98] * 1000,
        peak=running.bot.peak(),
        pss=running.bot.shared_out(),
    )
