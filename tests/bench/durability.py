"""Whether what is measured is durable: asked of the connections of a bot that runs.

An update is acknowledged on a commit that has reached the disk, and takes effect once however often
it is delivered, since the database refuses the second row.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from bot.core.open_storage import Storage
from storage.engine import tables
from storage.engine.database import Database

ON_SQLITE = {"synchronous": "2", "journal_mode": "wal"}
"""https://www.sqlite.org/pragma.html#pragma_synchronous: 2 is FULL, each commit is synced."""
ON_POSTGRESQL = {"synchronous_commit": "on", "fsync": "on", "full_page_writes": "on"}
"""https://www.postgresql.org/docs/current/runtime-config-wal.html"""


@dataclass(frozen=True, slots=True)
class Durability:
    """What a writer's connection says of itself, and what became of updates that came again."""

    said: Mapping[str, str]
    refused: bool
    effects_stayed: bool

    @property
    def holds(self) -> bool:
        """Whether all of it is as it is promised."""
        on_disk = self.said in (ON_SQLITE, ON_POSTGRESQL)
        return on_disk and self.refused and self.effects_stayed

    def __str__(self) -> str:
        said = ", ".join(f"{name}={value}" for name, value in self.said.items())
        refused = "refused" if self.refused else "TAKEN TWICE"
        stayed = "no effect" if self.effects_stayed else "AN EFFECT"
        sign = "✓" if self.holds else "✗"
        return f"{sign} durable: {said}; the same update again: {refused}, with {stayed}"


@dataclass(frozen=True, slots=True)
class Effects:
    """Everything that one person's updates have left in the database."""

    updates: tuple[Any, ...]
    calls: tuple[Any, ...]
    audit_entries: tuple[Any, ...]
    answers: tuple[Any, ...]

    @classmethod
    async def of(cls, db: Database, person: int) -> Effects:
        """What lies there now."""
        mine = tables.people.c.telegram_id == person
        application = select(tables.applications).join(tables.people).where(mine)
        async with db.read() as connection:
            found = [
                tuple(await connection.execute(query))
                for query in (
                    select(tables.inbox).where(tables.inbox.c.queue_key == person),
                    select(tables.outbox).where(tables.outbox.c.chat_id == person),
                    select(tables.audit).where(tables.audit.c.actor == person),
                    application,
                )
            ]
        return cls(*found)


async def settings_of(db: Database) -> Mapping[str, str]:
    """What a connection that writes says of how it keeps a commit."""
    ask, names = ("PRAGMA", ON_SQLITE) if db.is_sqlite else ("SHOW", ON_POSTGRESQL)
    async with db.write() as connection:
        return {
            name: str((await connection.exec_driver_sql(f"{ask} {name}")).scalar_one())
            for name in names
        }


async def is_refused(storage: Storage, person: int) -> bool:
    """Whether the database takes no update of this person a second time."""
    known = select(tables.inbox.c.update_id).where(tables.inbox.c.queue_key == person)
    async with storage.db.read() as connection:
        ids = list(await connection.scalars(known))
    again = [{"update_id": number, "message": {"from": {"id": person}}} for number in ids]
    return (
        bool(ids)
        and await storage.inbox.keep(storage.inbox.number(storage.bot_id, again, datetime.now(UTC)))
        == []
    )
