"""Our bot as it runs, but for its pacing: ``python -m tests.bench.ours FOLDER ADDRESS``."""

from __future__ import annotations

import asyncio
import signal
import sys
from contextlib import suppress
from pathlib import Path

import structlog
import uvloop

from bot import exam_files
from bot.app import Options, running
from tests.stage import configured


async def live(data: Path, address: str) -> None:
    """Run until SIGTERM."""
    me = asyncio.current_task()
    assert me is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, me.cancel)
    settings = configured.at(data)
    exam = exam_files.load(settings.exam)
    async with running(settings, exam, address, Options(pacing=False)) as bot:
        await bot.stopped


def main() -> None:
    """The process."""
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger("INFO"),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
    )
    with suppress(asyncio.CancelledError):
        uvloop.run(live(Path(sys.argv[1]), sys.argv[2]))


if __name__ == "__main__":
    main()
