"""A sandbox with its page and a bot in it, neither of which waits for Telegram's limits.

For journeys so long that one message a second would be most of them.
``python -m tests.browser.swift FOLDER`` prints the address once the bot runs.
"""

from __future__ import annotations

import asyncio
import sys
from functools import partial
from pathlib import Path
from threading import Thread
from unittest.mock import patch

from bot.app import build
from bot.sandbox import serve
from bot.sandbox.world import World
from tests.e2e import bot_settings
from tests.e2e.bot import EXAM, FAST


def _bot(data: Path, address: str) -> None:
    """The bot in a thread of its own, until the process ends."""

    async def run() -> None:
        async with build(bot_settings.at(data, database=""), EXAM, address, FAST) as bot:
            print(address, flush=True)
            await bot.stopped

    asyncio.run(run())


def main(data: Path) -> None:
    """Sandbox and bot, until SIGTERM."""

    def begin(address: str) -> None:
        Thread(target=_bot, args=(data, address), daemon=True).start()

    with patch.object(serve, "World", partial(World, pacing=False)):
        serve.serve(None, "127.0.0.1", 0, page=True, ready=begin)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
