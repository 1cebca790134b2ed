"""Invented people, updates and keys for the tests of the storage room."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Select

from states.records import Person, PersonId
from states.step_result import ShowScreen
from storage.engine.database import Database
from storage.engine.encryption import Keyring
from storage.engine.ids import RowIds
from storage.updates.inbox import Inbox, ReceivedUpdate
from storage.updates.outbox import Outbox
from storage.updates.unit_of_work import UnitOfWork, UnitOfWorkStore
from tests.databases import opened

BOT = 4242
LING, MING = 1001, 1002
EXAM = "health-2026"
NOW = datetime(2025, 12, 2, 1, 0, tzinfo=UTC)
NAME = "刘玲"
PERSON = Person(PersonId(64), BOT, LING, locale="zh-CN")


def keyring(*names: str) -> Keyring:
    """The keys of these ids (one, if none is named), the same each time."""
    return Keyring(b"l" * 32, {name: name.encode() * 16 for name in names or ("k1",)})


def message(update_id: int, telegram_id: int = LING, text: str = "/start") -> dict[str, Any]:
    """An update with a message of this person in their private chat."""
    person = {"id": telegram_id, "is_bot": False, "first_name": NAME}
    chat = {"id": telegram_id, "type": "private"}
    body = {"message_id": update_id, "date": 1764637200, "from": person, "chat": chat, "text": text}
    return {"update_id": update_id, "message": body}


@dataclass(frozen=True, slots=True)
class StorageProcess:
    """A database with all that writes into it, as one process has it."""

    db: Database
    inbox: Inbox
    outbox: Outbox
    work: UnitOfWorkStore

    async def unit(self, update_id: int = 1, telegram_id: int = LING) -> UnitOfWork:
        """A unit of work over an update that was just received."""
        (unit,) = await self.units([message(update_id, telegram_id)])
        return unit

    async def units(self, updates: Iterable[dict[str, Any]]) -> list[UnitOfWork]:
        """The units of one batch over updates that were just received."""
        received = await self.inbox.keep(self.inbox.number(BOT, list(updates), NOW))
        return await self.load(received)

    async def load(self, received: Iterable[ReceivedUpdate]) -> list[UnitOfWork]:
        """The units of one batch."""
        async with self.db.read() as connection:
            return await self.work.load(connection, [(row, NOW) for row in received])

    async def flush(self, *units: UnitOfWork) -> None:
        """The commit of a batch."""
        async with self.db.write() as connection:
            await self.work.flush(connection, units)

    async def erase(self, update_id: int, telegram_id: int) -> None:
        """A person erases their data and is told so."""
        raw = message(update_id, telegram_id)
        received = await self.inbox.keep(self.inbox.number(BOT, [raw], NOW))
        async with self.db.write() as connection:
            rows = [(row, NOW) for row in received]
            (unit,) = await self.work.load(connection, rows, exclusive=True)
            unit.erase()
            unit.enqueue(ShowScreen("erased"), chat_id=telegram_id)
            await self.work.flush(connection, [unit])


@asynccontextmanager
async def started_process(url: str, *keys: str) -> AsyncIterator[StorageProcess]:
    """A process that has just started on the database."""
    async with opened(url) as db:
        async with db.read() as connection:
            ids = await RowIds.after_stored(connection)
        outbox = Outbox(db, keyring(*keys))
        work = UnitOfWorkStore(db, keyring(*keys), outbox, ids, bot_id=BOT, exam=EXAM)
        yield StorageProcess(db, Inbox(db, keyring(*keys), ids), outbox, work)


async def kept(url: str, query: Select[Any]) -> list[Any]:
    """Return the rows that a second connection reads."""
    async with opened(url) as db, db.read() as connection:
        return list(await connection.execute(query))
