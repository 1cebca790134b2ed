"""aiogram's FSM storage on our table.

``SqlStorage`` implements aiogram's contract on one of two stores. ``LoadedRecords`` holds the
records of a unit of work, which writes them in its own commit; the update worker uses it.
``TableRecords`` commits each change by itself, for any other aiogram program.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field, fields
from functools import lru_cache
from typing import Any, Protocol

import orjson
from aiogram.exceptions import DataNotDictLikeError
from aiogram.fsm.state import State
from aiogram.fsm.storage.base import BaseStorage, StateType, StorageKey
from sqlalchemy import bindparam, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.engine import tables
from storage.engine.database import Database
from storage.staff.access import staff_groups


@dataclass(slots=True)
class FsmRecord:
    """The state and data of a storage key; ``changed`` marks it for the next ``flush``."""

    state: str | None = None
    data: dict[str, Any] = field(default_factory=dict)
    changed: bool = False

    @property
    def empty(self) -> bool:
        """Whether the record has neither state nor data, so that it needs no row."""
        return self.state is None and not self.data


_KEY_FIELDS = tuple(field.name for field in fields(StorageKey))


@lru_cache(maxsize=4096)  # each update asks several times
def row_key(key: StorageKey) -> str:
    """Return the primary key of a storage key's row: its fields as a JSON list.

    aiogram's own key builder joins the fields with colons and omits empty ones. There a thread of
    one chat and a business connection of another could share a row.
    """
    return orjson.dumps([getattr(key, name) for name in _KEY_FIELDS]).decode()


@lru_cache(maxsize=4096)
def candidate_key(bot_id: int, telegram_id: int) -> StorageKey:
    """Return the storage key of a person as a candidate: their private chat."""
    return StorageKey(bot_id=bot_id, chat_id=telegram_id, user_id=telegram_id)


@lru_cache(maxsize=4096)
def staff_key(bot_id: int, telegram_id: int) -> StorageKey:
    """Return the storage key of the same person as one of the staff."""
    return StorageKey(bot_id=bot_id, chat_id=telegram_id, user_id=telegram_id, destiny="staff")


@dataclass(slots=True)
class StaffCache:
    """The accounts whose staff FSM record the worker loads.

    It grants nothing: each step asks the database for the roles. An extra account costs nothing.
    An account added by the command line is missing until the next refresh.
    ``former`` accounts have revoked assignments only. ``groups`` are the bound groups: most of what
    is written there costs no row.
    """

    administrators: frozenset[int] = frozenset()
    active: set[int] = field(default_factory=set)
    former: set[int] = field(default_factory=set)
    groups: set[int] = field(default_factory=set)

    def __contains__(self, telegram_id: object) -> bool:
        return telegram_id in self.active or telegram_id in self.administrators

    async def refresh(self, connection: AsyncConnection, bot_id: int) -> None:
        """Read the accounts with active and with revoked assignments."""
        columns = tables.role_assignments.c
        query = select(columns.telegram_id, columns.revoked_at.is_(None))
        found = [*await connection.execute(query.where(columns.bot_id == bot_id))]
        self.active = {account for account, is_active in found if is_active}
        self.former = {account for account, _ in found} - self.active
        self.groups = {one.chat_id for one in await staff_groups.bound(connection, bot_id)}


class RecordStore(Protocol):
    """A store of records by storage key."""

    async def read(self, key: StorageKey) -> FsmRecord:
        """Return the record of a key; an empty one if the store has none."""
        ...

    def change(self, key: StorageKey) -> AbstractAsyncContextManager[FsmRecord]:
        """Open a record; the store keeps the changes that the block makes to it."""
        ...


class SqlStorage(BaseStorage):
    """aiogram's storage on a ``RecordStore``."""

    def __init__(self, records: RecordStore) -> None:
        self._records = records

    async def set_state(self, key: StorageKey, state: StateType = None) -> None:
        async with self._records.change(key) as record:
            record.state = state.state if isinstance(state, State) else state

    async def get_state(self, key: StorageKey) -> str | None:
        return (await self._records.read(key)).state

    async def set_data(self, key: StorageKey, data: Mapping[str, Any]) -> None:
        copied = _copied(data)
        async with self._records.change(key) as record:
            record.data = copied

    async def get_data(self, key: StorageKey) -> dict[str, Any]:
        return _copied((await self._records.read(key)).data)

    async def update_data(self, key: StorageKey, data: Mapping[str, Any]) -> dict[str, Any]:
        copied = _copied(data)
        async with self._records.change(key) as record:
            record.data = record.data | copied
        return _copied(record.data)

    async def close(self) -> None:
        """Do nothing: the opener of the database closes it."""


def _copied(data: Mapping[str, Any]) -> dict[str, Any]:
    """Copy data through JSON, so that unserializable data fails here and not in a commit."""
    if not isinstance(data, Mapping):
        raise DataNotDictLikeError(f"data must be a mapping, not {type(data).__name__}")
    copied: dict[str, Any] = orjson.loads(orjson.dumps(dict(data)))
    return copied


class LoadedRecords:
    """The records that a unit of work has loaded; any other key is a KeyError."""

    def __init__(self, records: Mapping[str, FsmRecord]) -> None:
        self.records = dict(records)

    async def read(self, key: StorageKey) -> FsmRecord:
        return self.records[row_key(key)]

    @asynccontextmanager
    async def change(self, key: StorageKey) -> AsyncIterator[FsmRecord]:
        record = self.records[row_key(key)]
        yield record
        record.changed = True


class TableRecords:
    """The records of the table; each change is a transaction."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def read(self, key: StorageKey) -> FsmRecord:
        async with self._db.read() as connection:
            return (await load(connection, [row_key(key)]))[row_key(key)]

    @asynccontextmanager
    async def change(self, key: StorageKey) -> AsyncIterator[FsmRecord]:
        async with self._db.write() as connection:
            loaded = LoadedRecords(await load(connection, [row_key(key)]))
            async with loaded.change(key) as record:
                yield record
            await flush(self._db, connection, loaded.records)


async def load(connection: AsyncConnection, keys: Iterable[str]) -> dict[str, FsmRecord]:
    """Return the records of these row keys, empty ones for keys without a row: 1 query."""
    records = {key: FsmRecord() for key in keys}
    for key, state, data in await connection.execute(_OF_KEYS, {"keys": list(records)}):
        records[key] = FsmRecord(state, orjson.loads(data))
    return records


_OF_KEYS = select(tables.fsm).where(tables.fsm.c.key.in_(bindparam("keys", expanding=True)))


async def forget(connection: AsyncConnection, key: StorageKey) -> None:
    """Delete the record of a conversation whose account belongs to somebody else now."""
    await connection.execute(delete(tables.fsm).where(tables.fsm.c.key == row_key(key)))


async def accounts_with_chat(
    connection: AsyncConnection, bot_id: int, accounts: Iterable[int]
) -> list[int]:
    """Return those of these accounts that ever wrote to the bot: nobody else has a chat with it."""
    keys = {row_key(of(bot_id, one)): one for one in accounts for of in (candidate_key, staff_key)}
    found = await connection.execute(_OF_KEYS, {"keys": list(keys)})
    return sorted({keys[row.key] for row in found})


async def flush(
    db: Database, connection: AsyncConnection, records: Mapping[str, FsmRecord]
) -> None:
    """Write the changed records: 1 statement for rows to keep, 1 for rows to delete."""
    changed = {key: record for key, record in records.items() if record.changed}
    rows = [
        {"key": key, "state": record.state, "data": orjson.dumps(record.data).decode()}
        for key, record in changed.items()
        if not record.empty
    ]
    if rows:
        await connection.execute(db.upsert(tables.fsm), rows)
    emptied = [key for key, record in changed.items() if record.empty]
    if emptied:
        await connection.execute(delete(tables.fsm).where(tables.fsm.c.key.in_(emptied)))
