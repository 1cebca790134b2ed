"""Our bot as it runs, but for its pacing: ``python -m tests.bench.ours FOLDER ADDRESS [KEPT]``.

With ``KEPT`` seconds, what is over leaves the database that soon, and the clock ticks twice a
second, since a tick takes only so many rows. At SIGUSR1 it counts what it has in memory.
"""

from __future__ import annotations

import asyncio
import gc
import signal
import sys
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import structlog

from bot import exam_files
from bot.app import Options, running
from bot.ticker import Retention
from tests.stage import configured

COUNTS = "counts"
"""The file in the folder that gets a line at each SIGUSR1: tasks, and objects not of the start."""


async def live(data: Path, address: str, retention: Retention) -> None:
    """Run until SIGTERM."""
    me, loop = asyncio.current_task(), asyncio.get_running_loop()
    assert me is not None
    loop.add_signal_handler(signal.SIGTERM, me.cancel)
    loop.add_signal_handler(signal.SIGUSR1, _count, data / COUNTS)
    settings = configured.at(data)
    exam = exam_files.load(settings.exam)
    options = Options(pacing=False, retention=retention)
    async with running(settings, exam, address, options) as bot:
        await bot.stopped


def _count(file: Path) -> None:
    gc.collect()
    with file.open("a") as lines:
        print(len(asyncio.all_tasks()), len(gc.get_objects()), file=lines)


def main(folder: str, address: str, kept: str = "") -> None:
    """The process."""
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger("INFO"),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
    )
    soon = timedelta(seconds=float(kept or 0))
    retention = Retention(every=0.5, inbox=soon, outbox=soon) if kept else Retention()
    with suppress(asyncio.CancelledError):
        asyncio.run(live(Path(folder), address, retention))


if __name__ == "__main__":
    main(*sys.argv[1:])
