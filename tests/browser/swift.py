"""A sandbox with its page, and a bot, both without Telegram's rate limits, for long journeys.

The scheduler ticks twice a second: a decision takes effect as soon as its undo window is over.

``python -m tests.browser.swift FOLDER`` prints the address once the bot runs. With ``--approved``
both reviews of one candidate are passed, in an area that takes the fee in the chat.
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
from bot.core.open_storage import open_storage
from bot.sandbox import serve
from bot.sandbox.world import World
from states.records import Stage
from storage.candidates import applications, people
from storage.engine import tables
from tests import factories
from tests.browser.driver import PEOPLE
from tests.e2e import bot_settings
from tests.e2e.bot import EXAM, FAST

SWIFT = replace(FAST, tick_seconds=0.5)
AREA = "beijing"


async def _plant(data: Path) -> None:
    """Store Ling with an approved application."""
    person = factories.person(telegram_id=PEOPLE["ling"], education=(factories.education(),))
    reviewed_at = EXAM.windows.review.opens
    approved = factories.application(
        AREA,
        stage=Stage.APPROVED,
        answers=factories.answers(AREA),
        revision=1,
        submitted_at=reviewed_at,
        since=reviewed_at,
    )
    settings = bot_settings.at(data, database="")
    async with open_storage(settings, EXAM) as storage, storage.db.write() as connection:
        row = people.as_row(storage.keyring, person)
        await connection.execute(tables.people.insert(), row)
        row = applications.as_row(storage.keyring, approved)
        await connection.execute(tables.applications.insert(), row)


def _bot(data: Path, address: str) -> None:
    """Run the bot in a thread until the process ends."""

    async def run() -> None:
        async with build(bot_settings.at(data, database=""), EXAM, address, SWIFT) as bot:
            print(address, flush=True)
            await bot.stopped

    asyncio.run(run())


def main(data: Path, *options: str) -> None:
    """Run sandbox and bot until SIGTERM."""
    if "--approved" in options:
        asyncio.run(_plant(data))

    def begin(address: str) -> None:
        Thread(target=_bot, args=(data, address), daemon=True).start()

    with patch.object(serve, "World", partial(World, pacing=False)):
        serve.serve(None, "127.0.0.1", 0, page=True, ready=begin)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
