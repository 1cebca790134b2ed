"""``python -m tests.bench.soak``: whether anything grows that should not, over many updates.

New candidates come all the time, so that what is kept for each would be seen. What is done leaves
the database after seconds instead of days, so that pruning is part of the run. Bulk messages wait
and are sent meanwhile.
"""

from __future__ import annotations

import asyncio
import signal
import sqlite3
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from math import ceil
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

import aiohttp
from cyclopts import App
from uvicorn.loops.auto import auto_loop_factory

from bot.sandbox.serve import serving
from bot.sandbox.world import World
from states.step_result import Priority
from storage.engine.tables import OutboxState
from tests.bench.bots import Ours, Running, Stand
from tests.bench.bulk import chats, open_chats, plant
from tests.bench.crowd import Crowd
from tests.bench.judged import Judged
from tests.bench.measure import FIRST_ID
from tests.bench.ours import COUNTS
from tests.bench.rehearsal import rehearse
from tests.bench.script import Script
from tests.bench.table import markdown
from tests.e2e.process_pool_server import resident
from tests.e2e.wait import until_seen

BOT = Ours(kept=5.0)
GROWTH_MB = 16.0
"""How much memory may grow after the first quarter, when caches are full."""
ROWS = 20_000
"""How many rows inbox and outbox may each have: at 2,000 updates a second, twice what is kept."""
WAL_MB = 64.0
"""SQLite begins its log anew at 4 MB, when nobody reads (wal_autocheckpoint)."""
DEARER = 1.5
"""How much more an update may cost in the last quarter than in the second, by its median."""
_WAITING_BULK = f"state = '{OutboxState.WAITING}' AND priority = {Priority.BULK:d}"
COLUMNS = (
    "updates",
    "updates/s",
    "CPU, ms/update",
    "RSS, MB",
    "inbox",
    "outbox",
    "bulk waiting",
    "WAL, MB",
    "database, MB",
)
COUNTED = ("tasks", "objects")

app = App(name="python -m tests.bench.soak", version_flags=[])


@dataclass(frozen=True, slots=True)
class Sample:
    """What there was after so many updates: memory and files in MB, rows; updates a second and the
    bot's CPU in ms an update since the sample before. ``outbox`` counts without waiting ``bulk``.
    """

    updates: int
    per_second: float
    cpu: float
    memory: float
    inbox: int
    outbox: int
    bulk: int
    wal: float
    database: float

    def row(self) -> list[str]:
        """As the table shows it."""
        return [
            str(self.updates),
            f"{self.per_second:.0f}",
            f"{self.cpu:.2f}",
            f"{self.memory:.1f}",
            str(self.inbox),
            str(self.outbox),
            str(self.bulk),
            f"{self.wal:.1f}",
            f"{self.database:.1f}",
        ]


Soaked = tuple[list[Sample], list[list[str]]]
"""The samples, and the tasks and objects that the bot itself counted at each of them."""


@app.default
def soak(
    *, updates: int = 200_000, every: int = 10_000, at_once: int = 64, bulk: int = 200_000
) -> int:
    """Soak our bot; exit code 1 when something grew too much.

    Parameters
    ----------
    updates
        How many, at least.
    every
        After how many a sample is taken.
    at_once
        How many candidates are busy at once.
    bulk
        How many bulk messages wait at the start.
    """
    with (
        TemporaryDirectory(prefix="soak-") as folder,
        asyncio.Runner(loop_factory=auto_loop_factory()) as runner,
    ):
        samples, counts = runner.run(_run(Path(folder), updates, every, at_once, bulk))
    rows = [[*s.row(), *count] for s, count in zip(samples, counts, strict=True)]
    print(markdown((*COLUMNS, *COUNTED), rows), "", sep="\n")
    wrong = faults(samples)
    print(*(wrong or ["✓ nothing grew"]), sep="\n")
    return int(bool(wrong))


async def _run(folder: Path, updates: int, every: int, at_once: int, bulk: int) -> Soaked:
    (folder / "rehearsal").mkdir()
    script = (await rehearse(folder / "rehearsal")).script
    return await soaked(folder, script, updates, every, at_once, bulk)


async def soaked(
    folder: Path, script: Script, updates: int, every: int, at_once: int, bulk: int
) -> Soaked:
    """Send at least so many updates through our bot, started in this folder, beside bulk."""
    steps = len(script.steps)
    numbers = range(FIRST_ID, FIRST_ID + at_once * ceil(updates / (at_once * steps)))
    people = [resident(f"c{number}", number) for number in numbers]
    world = World(None, people=[*people, *chats()], pacing=False)
    crowd = Crowd(world, script)
    await plant(BOT.settings(folder), bulk)
    async with serving(world, reader=Judged()) as address, aiohttp.ClientSession() as http:
        await open_chats(http, address)
        stand = Stand(folder, address, script.write(folder / "script.json"), numbers)
        async with BOT.starts(stand) as running:
            file = BOT.settings(folder).database_file
            assert file is not None
            sampler = Sampler(running, file)
            last = len(people) * steps
            await crowd.plays(
                people,
                at_once,
                {n: partial(sampler.takes, n) for n in range(every, last + 1, every)},
            )
            counts = folder / COUNTS
            await until_seen(lambda: len(_lines(counts)) == len(sampler.samples))
    assert world.complaints() == []
    world.close()
    return sampler.samples, [line.split() for line in _lines(counts)]


class Sampler:
    """Looks at a bot that runs, from outside; the bot is told to count what it has in memory."""

    def __init__(self, running: Running, file: Path) -> None:
        self._bot = running.bot
        self._file = file
        self._log = file.with_name(f"{file.name}-wal")
        self._since = (0, perf_counter(), running.bot.cpu())
        self.samples: list[Sample] = []

    def takes(self, updates: int) -> None:
        """Take a sample after so many updates."""
        before, self._since = self._since, (updates, perf_counter(), self._bot.cpu())
        more, seconds, cpu = (now - then for now, then in zip(self._since, before, strict=True))
        with closing(sqlite3.connect(self._file)) as db:
            inbox, outbox, bulk = (
                db.execute(f"SELECT count(*) FROM {rows}").fetchone()[0]
                for rows in ("inbox", "outbox", f"outbox WHERE {_WAITING_BULK}")
            )
        self.samples.append(
            Sample(
                updates=updates,
                per_second=more / seconds,
                cpu=cpu / more * 1000,
                memory=self._bot.memory(),
                inbox=inbox,
                outbox=outbox - bulk,
                bulk=bulk,
                wal=_megabytes(self._log),
                database=_megabytes(self._file),
            )
        )
        self._bot.signals(signal.SIGUSR1)
        print(f"{updates} updates", file=sys.stderr, flush=True)


def faults(samples: Sequence[Sample]) -> list[str]:
    """What grew more than it may; the first quarter is for caches to fill."""
    quarter = len(samples) // 4
    settled = samples[quarter:]
    growth = max(sample.memory for sample in settled) - settled[0].memory
    second, last = (
        median(sample.cpu for sample in some)
        for some in (settled[: quarter or 1], samples[-quarter:])
    )
    measured = (
        ("CPU per update grew by a factor of", last / second, DEARER, ""),
        ("memory grew after the first quarter", growth, GROWTH_MB, "MB"),
        ("inbox", max(sample.inbox for sample in samples), ROWS, "rows"),
        ("outbox", max(sample.outbox for sample in samples), ROWS, "rows"),
        ("write-ahead log", max(sample.wal for sample in samples), WAL_MB, "MB"),
    )
    return [
        f"✗ {what}: {value:.3g} {unit}, at most {bound:.3g} {unit}"
        for what, value, bound, unit in measured
        if value > bound
    ]


def _megabytes(file: Path) -> float:
    return file.stat().st_size / 2**20 if file.exists() else 0.0


def _lines(file: Path) -> list[str]:
    return file.read_text().splitlines() if file.exists() else []


if __name__ == "__main__":
    sys.exit(app())
