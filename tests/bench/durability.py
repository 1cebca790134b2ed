"""Whether what is measured is durable: asked of the connections of a bot that runs.

An update is acknowledged on a commit that has reached the disk, and takes effect once however often
it is delivered, since the database refuses the second row.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from bot.stores import Stores
from storage import tables
from storage.db import Database

FULL = 2
"""https://www.sqlite.org/pragma.html#pragma_synchronous: each commit is synced to the disk."""
WAL = "wal"


@dataclass(frozen=True, slots=True)
class Durability:
    """What a writer's connection says of itself, and what became of updates that came again."""

    synchronous: int
    journal: str
    refused: bool
    effects_stayed: bool

    @property
    def holds(self) -> bool:
        """Whether all of it is as it is promised."""
        on_disk = (self.synchronous, self.journal) == (FULL, WAL)
        return on_disk and self.refused and self.effects_stayed

    def __str__(self) -> str:
        refused = "refused" if self.refused else "TAKEN TWICE"
        stayed = "no effect" if self.effects_stayed else "AN EFFECT"
        return (
            f"{'✓' if self.holds else '✗'} durable: synchronous={self.synchronous}, "
            f"journal_mode={self.journal}; the same update again: {refused}, with {stayed}"
        )


@dataclass(frozen=True, slots=True)
class Effects:
    """Everything that one person's updates have left in the database."""

    updates: tuple[Any, ...]
    calls: tuple[Any, ...]
    deeds: tuple[Any, ...]
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
                    select(tables.inbox).where(tables.inbox.c.lane == person),
                    select(tables.outbox).where(tables.outbox.c.chat_id == person),
                    select(tables.audit).where(tables.audit.c.actor == person),
                    application,
                )
            ]
        return cls(*found)


async def pragmas(db: Database) -> tuple[int, str]:
    """``synchronous`` and ``journal_mode`` of a connection that writes."""
    async with db.write() as connection:
        level = (await connection.exec_driver_sql("PRAGMA synchronous")).scalar_one()
        mode = (await connection.exec_driver_sql("PRAGMA journal_mode")).scalar_one()
    return int(level), str(mode)


async def is_refused(stores: Stores, person: int) -> bool:
    """Whether the database takes no update of this person a second time."""
    known = select(tables.inbox.c.update_id).where(tables.inbox.c.lane == person)
    async with stores.db.read() as connection:
        ids = list(await connection.scalars(known))
    again = [{"update_id": number, "message": {"from": {"id": person}}} for number in ids]
    return (
        bool(ids)
        and await stores.inbox.keep(stores.inbox.number(stores.bot_id, again, datetime.now(UTC)))
        == []
    )
