"""The database of the settings for a command that writes beside a running bot."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.cli import console
from bot.core.database import has_database, open_database
from bot.core.runtime import WallClock
from bot.core.settings import Refused, Settings
from states.exam import Exam
from states.texts import Text
from storage.audit import cli_entries
from storage.engine import installation
from storage.engine.database import Database
from storage.engine.encryption import Keyring
from storage.engine.installation import Fact


@dataclass(frozen=True, slots=True)
class WritableDatabase:
    """The open database, its keyring, and the time that rules judge by."""

    db: Database
    keyring: Keyring
    exam: Exam
    bot_id: int
    now: datetime


@asynccontextmanager
async def writable_database(settings: Settings) -> AsyncIterator[WritableDatabase]:
    """Open the database of a bot, running or not, for a command that changes it.

    Raises:
        Refused: no bot was ever started, the database cannot be used, or it has no id left.
    """
    if not has_database(settings):
        raise Refused(Text("cli-staff-never-started"))
    exam, bot_id = console.exam(settings), settings.bot_id
    async with open_database(settings) as opened:
        moved = (
            await installation.read(opened.db, Fact.CLOCK_OFFSET) if settings.in_sandbox else None
        )
        now = WallClock(timedelta(seconds=int(moved or 0))).now()
        try:
            yield WritableDatabase(opened.db, opened.keyring, exam, bot_id, now)
        except cli_entries.NoRoom:
            raise Refused(Text("cli-staff-later")) from None
