"""Our bot as it runs, but for its pacing: ``python -m tests.bench.ours FOLDER ADDRESS``.

With ``--kept`` seconds, what is over leaves the database that soon, and the clock ticks twice a
second, since a tick takes only so many rows. At SIGUSR1 it counts what it has in memory.
"""
# ruff: noqa: E402

from __future__ import annotations

import asyncio
import gc
import signal
import sys
from argparse import ArgumentParser
from contextlib import nullcontext, suppress
from datetime import timedelta
from pathlib import Path

import structlog
import uvloop

from bot.core.lean_aiogram import import_aiogram

import_aiogram()  # before the bot, as ``baoming run`` does

from bot.app import Options, build
from bot.core import exam_files
from bot.core.settings import Settings
from bot.scheduler.cleanup import Retention
from tests.bench.parts import counted
from tests.e2e import bot_settings

COUNTS = "counts"
"""The file in the folder that gets a line at each SIGUSR1: tasks, and objects not of the start."""


async def live(settings: Settings, address: str, options: Options, parts: Path | None) -> None:
    """Run until SIGTERM."""
    me, loop = asyncio.current_task(), asyncio.get_running_loop()
    assert me is not None
    loop.add_signal_handler(signal.SIGTERM, me.cancel)
    loop.add_signal_handler(signal.SIGUSR1, _count, settings.data_dir / COUNTS)
    async with build(settings, exam_files.load(settings.exam), address, options) as bot:
        with counted(parts) if parts else nullcontext():
            await bot.stopped


def _count(file: Path) -> None:
    gc.collect()
    with file.open("a") as lines:
        print(len(asyncio.all_tasks()), len(gc.get_objects()), file=lines)


def _options(kept: float | None, paced: bool) -> Options:
    if kept is None:
        return Options(pacing=paced)
    soon = timedelta(seconds=kept)
    return Options(pacing=False, tick_seconds=0.5, retention=Retention(inbox=soon, outbox=soon))


def main() -> None:
    """The process."""
    parser = ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("address")
    parser.add_argument("--kept", type=float)
    parser.add_argument("--paced", action="store_true", help="keep Telegram's limits")
    parser.add_argument("--parts", type=Path, help="a file for what the CPU is used for")
    parser.add_argument("--database", default="", help="its URL, where it is not a file below")
    given = parser.parse_args()
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger("INFO"),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
    )
    settings = bot_settings.at(given.folder, given.database)
    options = _options(given.kept, given.paced)
    with suppress(asyncio.CancelledError):
        uvloop.run(live(settings, given.address, options, given.parts))


if __name__ == "__main__":
    main()
