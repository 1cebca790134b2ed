"""What a bot has kept, read through a connection of the test's own."""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass

from bot.settings import Settings
from states.records import Records
from storage.db import Database
from storage.outbox import Outbox
from storage.secrets import Keyring
from storage.tables import InboxState, OutboxState
from storage.unit import Work
from tests.stage.person import BOT


@dataclass(frozen=True, slots=True)
class Kept:
    """Rows by what became of them, deeds by who did them, and why messages were not sent."""

    inbox: Counter[InboxState]
    outbox: Counter[OutboxState]
    deeds: dict[int, Counter[str]]
    people: int
    applications: int
    files: int
    blocked: int
    errors: Counter[str]

    @property
    def is_settled(self) -> bool:
        """Whether nothing waits to be done or sent."""
        return not self.inbox[InboxState.WAITING] and not self.outbox[OutboxState.WAITING]


def kept(settings: Settings) -> Kept:
    """Count what lies in the database of a bot, running or not."""
    with closing(sqlite3.connect(settings.folder / "bot.sqlite3")) as db:
        deeds: dict[int, Counter[str]] = {}
        for actor, act in db.execute("SELECT actor, deed FROM audit"):
            deeds.setdefault(actor, Counter())[act] += 1
        return Kept(
            inbox=Counter(InboxState(state) for (state,) in db.execute("SELECT state FROM inbox")),
            outbox=Counter(
                OutboxState(state) for (state,) in db.execute("SELECT state FROM outbox")
            ),
            deeds=deeds,
            people=db.execute("SELECT count(*) FROM people").fetchone()[0],
            applications=db.execute("SELECT count(*) FROM applications").fetchone()[0],
            files=db.execute("SELECT count(*) FROM blobs").fetchone()[0],
            blocked=db.execute("SELECT count(blocked_at) FROM people").fetchone()[0],
            errors=Counter(
                error for (error,) in db.execute("SELECT error FROM outbox WHERE error IS NOT NULL")
            ),
        )


async def records(settings: Settings, exam: str, chat_id: int) -> Records:
    """What is known of one person."""
    db = Database(settings.database)
    keyring = Keyring.of_file(settings.keys_file, create=False)
    work = Work(db, keyring, Outbox(db, keyring), bot_id=BOT, exam=exam)
    try:
        async with db.read() as connection:
            return (await work.records(connection, [chat_id]))[chat_id]
    finally:
        await db.close()
