"""A sandbox with its page, and a bot, both without Telegram's rate limits, for long journeys.

The scheduler ticks twice a second: a decision takes effect as soon as its undo window is over.

``python -m tests.browser.swift FOLDER`` prints the address once the bot runs.
"""

from __future__ import annotations

import asyncio
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Thread
from unittest.mock import patch

from bot.app import build
from bot.sandbox import serve
from bot.sandbox.world import World
from tests.e2e import bot_settings
from tests.e2e.bot import EXAM, FAST

SWIFT = replace(FAST, tick_seconds=0.5)


def _bot(data: Path, address: str) -> None:
    """Run the bot in a thread until the process ends."""

    async def run() -> None:
        async with build(bot_settings.at(data, database=""), EXAM, address, SWIFT) as bot:
            print(address, flush=True)
            await bot.stopped

    asyncio.run(run())


def main(data: Path) -> None:
    """Run sandbox and bot until SIGTERM."""

    def begin(address: str) -> None:
        Thread(target=_bot, args=(data, address), daemon=True).start()

    with patch.object(serve, "World", partial(World, pacing=False)):
        serve.serve(None, "127.0.0.1", 0, page=True, ready=begin)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
