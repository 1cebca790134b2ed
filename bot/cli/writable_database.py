"""The database of the settings for a command that writes beside a running bot."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from bot.cli import console
from bot.core.database import has_database, open_database
from bot.core.exam_in_force import exam_in_force
from bot.core.runtime import WallClock
from bot.core.settings import Refused, Settings
from states.exam import BadExam, Exam
from states.staff_roles import CLI_ACCOUNT
from states.texts import Text
from storage.audit import audit_log
from storage.audit.audit_log import AuditAction, AuditEntry
from storage.engine import installation
from storage.engine.database import Conflict, Connection, Database
from storage.engine.encryption import Keyring
from storage.engine.ids import RowIds
from storage.engine.installation import Fact

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class WritableDatabase:
    """The open database, its keyring, new ids, and the time that rules judge by."""

    db: Database
    keyring: Keyring
    ids: RowIds
    exam: Exam
    bot_id: int
    now: datetime

    async def record(self, connection: Connection, action: AuditAction, detail: str) -> None:
        """Add an audit entry of the command line, in the transaction of its action."""
        entry = AuditEntry(self.ids.next(), self.now, CLI_ACCOUNT, action, detail=detail)
        await audit_log.add(connection, self.keyring, [entry])

    async def writes(self, work: Callable[[Connection], Awaitable[T]]) -> T:
        """Return what the work returns in its own transaction; again if somebody was faster.

        Raises:
            Conflict: somebody was faster each time.
        """
        for _ in range(console.TRIES - 1):
            try:
                async with self.db.write() as connection:
                    return await work(connection)
            except Conflict:
                continue
        async with self.db.write() as connection:
            return await work(connection)


@asynccontextmanager
async def writable_database(settings: Settings) -> AsyncIterator[WritableDatabase]:
    """Open the database of a bot, running or not, for a command that changes it.

    Raises:
        Refused: no bot was ever started, or the database cannot be used.
    """
    if not has_database(settings):
        raise Refused(Text("cli-staff-never-started"))
    of_files, bot_id = console.exam(settings), settings.bot_id
    async with open_database(settings) as opened:
        moved = (
            await installation.read(opened.db, Fact.CLOCK_OFFSET) if settings.in_sandbox else None
        )
        now = WallClock(timedelta(seconds=int(moved or 0))).now()
        async with opened.db.read() as connection:
            ids = await RowIds.of_command(connection)
            exam = await _in_force(connection, opened.keyring, of_files)
        yield WritableDatabase(opened.db, opened.keyring, ids, exam, bot_id, now)


async def _in_force(connection: Connection, keyring: Keyring, of_files: Exam) -> Exam:
    """Return the exam in force.

    Raises:
        Refused: this program no longer understands the stored definition.
    """
    try:
        return await exam_in_force(connection, keyring, of_files)
    except BadExam as error:
        raise Refused(Text("cli-bad-exam"), *error.texts, code=2) from None
