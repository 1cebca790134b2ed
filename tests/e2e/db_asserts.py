"""Read a bot's database through a connection of the test's own."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Column, select

from bot.core.settings import Settings
from states.records import Records
from storage.engine import tables
from storage.engine.encryption import Keyring
from storage.engine.ids import RowIds
from storage.engine.tables import InboxState, OutboxState
from storage.updates.outbox import Outbox
from storage.updates.unit_of_work import UnitOfWorkStore
from tests.databases import opened
from tests.e2e.person import BOT

ENDED: Final = frozenset({OutboxState.SENT, OutboxState.REPLACED, OutboxState.OVERTAKEN})
"""What becomes of the messages of a bot that died.

A question that was sent, and answered before the death, is not asked again; of two edits of one
message that wait, the later one replaces the other.
"""


@dataclass(frozen=True, slots=True)
class DatabaseSummary:
    """Rows by what became of them, deeds by who did them, and why messages were not sent."""

    inbox: Counter[InboxState]
    outbox: Counter[OutboxState]
    audit_entries: dict[int, Counter[str]]
    people: int
    applications: int
    files: int
    states: int
    blocked: int
    errors: Counter[str]


async def database_summary(settings: Settings) -> DatabaseSummary:
    """Count what lies in the database of a bot, running or not."""
    async with opened(settings.database) as db, db.read() as connection:

        async def column(of: Column[Any]) -> list[Any]:
            return [value for (value,) in await connection.execute(select(of))]

        audit_entries: dict[int, Counter[str]] = {}
        done = select(tables.audit.c.actor, tables.audit.c.action)
        for actor, action in await connection.execute(done):
            audit_entries.setdefault(actor, Counter())[action] += 1
        blocked = await column(tables.people.c.blocked_at)
        errors = await column(tables.outbox.c.error)
        return DatabaseSummary(
            inbox=Counter(map(InboxState, await column(tables.inbox.c.state))),
            outbox=Counter(map(OutboxState, await column(tables.outbox.c.state))),
            audit_entries=audit_entries,
            people=len(blocked),
            applications=len(await column(tables.applications.c.id)),
            files=len(await column(tables.blobs.c.name)),
            states=len(await column(tables.fsm.c.key)),
            blocked=len(blocked) - blocked.count(None),
            errors=Counter(error for error in errors if error is not None),
        )


async def is_settled(settings: Settings) -> bool:
    """Whether nothing waits to be done or sent."""
    async with opened(settings.database) as db, db.read() as connection:
        undone = select(tables.inbox.c.id).where(tables.inbox.c.state == InboxState.WAITING)
        states = (OutboxState.WAITING, OutboxState.CLAIMED)
        unsent = select(tables.outbox.c.id).where(tables.outbox.c.state.in_(states))
        return await connection.scalar(undone.union_all(unsent).limit(1)) is None


async def records(settings: Settings, exam: str, chat_id: int) -> Records:
    """The stored data of one person."""
    keyring = Keyring.of_file(settings.keys_file, create=False)
    async with opened(settings.database) as db, db.read() as connection:
        work = UnitOfWorkStore(db, keyring, Outbox(db, keyring), RowIds(), bot_id=BOT, exam=exam)
        return (await work.records(connection, [chat_id]))[chat_id]
