"""The bots that are compared, and how each is started on a stand of its own."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter
from typing import Protocol

from bot.core import exam_files
from bot.core.settings import Settings
from tests import postgres
from tests.bench import redis_server, seeds
from tests.bench.processes import ROOT, Process, started
from tests.e2e import bot_settings

PARTS = "parts.json"
"""The file in the folder that says at the end where the CPU went."""


@dataclass(frozen=True, slots=True)
class Stand:
    """What a bot is given: an empty folder, a server's address, the script, and who will come."""

    folder: Path
    address: str
    script: Path
    people: Sequence[int]

    @property
    def log(self) -> Path:
        """What the bot says."""
        return self.folder / "bot.log"


@dataclass(frozen=True, slots=True)
class Running:
    """A bot's process, and that of the server it keeps its data in, if it has one."""

    bot: Process
    server: Process | None = None


class Bot(Protocol):
    """One row of the table."""

    @property
    def name(self) -> str:
        """What ``--only`` calls it."""
        ...

    @property
    def title(self) -> str:
        """What the table calls it."""
        ...

    def starts(self, stand: Stand) -> AbstractAsyncContextManager[Running]:
        """Start it; it is ended with the block."""
        ...


@dataclass(frozen=True, slots=True)
class Ours:
    """Our bot, with people in its database who stand at the form's first question.

    ``kept``: seconds that what is over stays in the database, where that is not the usual;
    ``database``: its URL, where it is not a SQLite file in the bot's folder; ``parts``: whether it
    counts where its CPU goes; ``checkout``: the tree whose bot runs, where it is not this one.
    """

    name: str = "ours"
    title: str = "ours (SQLite)"
    kept: float | None = None
    database: str = ""
    parts: bool = False
    checkout: Path = ROOT

    def settings(self, folder: Path) -> Settings:
        """The settings it runs with."""
        return bot_settings.at(folder, self.database)

    @asynccontextmanager
    async def starts(self, stand: Stand) -> AsyncIterator[Running]:
        """Start it."""
        settings = self.settings(stand.folder)
        await seeds.plant(settings, exam_files.load(settings.exam), stand.people)
        command = _module("ours", str(stand.folder), stand.address, f"--database={self.database}")
        if self.kept is not None:
            command += [f"--kept={self.kept}"]
        if self.parts:
            command += [f"--parts={stand.folder / PARTS}"]
        async with started(command, stand.log, self.checkout) as process:
            yield Running(process)


@dataclass(frozen=True, slots=True)
class OursOnPostgreSQL:
    """The same bot on a server of its own, which waits for its disk as in operation."""

    name: str = "postgresql"
    title: str = "ours (PostgreSQL)"

    @asynccontextmanager
    async def starts(self, stand: Stand) -> AsyncIterator[Running]:
        """Start both."""
        with postgres.serving({}) as server:
            process = Process(server.pid, perf_counter(), server.log)
            ours = replace(OURS, database=server.create("bench"))
            async with ours.starts(stand) as running:
                yield replace(running, server=process)


@dataclass(frozen=True, slots=True)
class Peer:
    """A bot of one file below ``peers``; one with Redis gets a server of its own."""

    name: str
    title: str
    module: str
    redis: bool = False

    @property
    def file(self) -> Path:
        """The whole bot."""
        return Path(__file__).parent / "peers" / f"{self.module}.py"

    @asynccontextmanager
    async def starts(self, stand: Stand) -> AsyncIterator[Running]:
        """Start it."""
        command = _module(f"peers.{self.module}", stand.address, str(stand.script))
        if not self.redis:
            async with started([*command, str(stand.folder)], stand.log) as process:
                yield Running(process)
            return
        async with (
            redis_server.started_in(stand.folder) as (server, url),
            started([*command, url], stand.log) as process,
        ):
            yield Running(process, server)


def _module(name: str, *arguments: str) -> list[str]:
    return [sys.executable, "-m", f"tests.bench.{name}", *arguments]


OURS = Ours()
OTHER = Ours("other", "ours (other checkout)")
MEMORY = Peer("memory", "aiogram, MemoryStorage", "on_aiogram")
ON_POSTGRESQL = OursOnPostgreSQL()
BOTS: tuple[Bot, ...] = (
    OURS,
    ON_POSTGRESQL,
    MEMORY,
    Peer("redis", "aiogram, RedisStorage", "on_aiogram", redis=True),
    Peer("ptb", "python-telegram-bot, PicklePersistence", "on_ptb"),
)
"""All that are compared; ratios are to ``MEMORY``."""
