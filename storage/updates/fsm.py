"""aiogram's finite-state machine, kept in our tables.

``SqlStorage`` is one class with two shelves behind it: ``Loaded`` holds the rows of one unit of
work, read before and written with it in its one commit (the pump), ``Table`` commits each change
by itself (anything else that speaks aiogram).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
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


@dataclass(slots=True)
class FsmRecord:
    """One key's state and data. ``changed`` says whether it has to be written."""

    state: str | None = None
    data: dict[str, Any] = field(default_factory=dict)
    changed: bool = False

    @property
    def empty(self) -> bool:
        """Whether there is nothing to keep, so that the row goes."""
        return self.state is None and not self.data


_KEY_FIELDS = tuple(field.name for field in fields(StorageKey))


@lru_cache(maxsize=4096)  # asked for several times an update
def row_key(key: StorageKey) -> str:
    """The primary key of the row that keeps this storage key: its parts as a JSON list.

    aiogram's own key builder joins the parts with colons and leaves out what is empty, so that a
    thread of one chat and a business connection of another could be the same row.
    """
    return orjson.dumps([getattr(key, name) for name in _KEY_FIELDS]).decode()


class RecordStore(Protocol):
    """Where records lie between two calls."""

    async def read(self, key: StorageKey) -> FsmRecord:
        """The record as it stands; an empty one where nothing is kept."""
        ...

    async def change(self, key: StorageKey, alter: Callable[[FsmRecord], None]) -> FsmRecord:
        """The record as ``alter`` leaves it, kept."""
        ...


class SqlStorage(BaseStorage):
    """The five methods of aiogram's contract over a shelf."""

    def __init__(self, shelf: RecordStore) -> None:
        self._shelf = shelf

    async def set_state(self, key: StorageKey, state: StateType = None) -> None:
        name = state.state if isinstance(state, State) else state

        def alter(record: FsmRecord) -> None:
            record.state = name

        await self._shelf.change(key, alter)

    async def get_state(self, key: StorageKey) -> str | None:
        return (await self._shelf.read(key)).state

    async def set_data(self, key: StorageKey, data: Mapping[str, Any]) -> None:
        copied = _copied(data)

        def alter(record: FsmRecord) -> None:
            record.data = copied

        await self._shelf.change(key, alter)

    async def get_data(self, key: StorageKey) -> dict[str, Any]:
        return _copied((await self._shelf.read(key)).data)

    async def update_data(self, key: StorageKey, data: Mapping[str, Any]) -> dict[str, Any]:
        copied = _copied(data)

        def alter(record: FsmRecord) -> None:
            record.data = record.data | copied

        return _copied((await self._shelf.change(key, alter)).data)

    async def close(self) -> None:
        """Nothing to close: the database belongs to whoever opened it."""


def _copied(data: Mapping[str, Any]) -> dict[str, Any]:
    """A copy all the way down, which a caller's later changes do not reach; made by way of JSON,
    so that what cannot be kept is refused here and not in everybody's commit.
    """
    if not isinstance(data, Mapping):
        raise DataNotDictLikeError(f"data must be a mapping, not {type(data).__name__}")
    copied: dict[str, Any] = orjson.loads(orjson.dumps(dict(data)))
    return copied


class LoadedRecords:
    """The records that one unit of work has read; a key it has not read is refused."""

    def __init__(self, records: Mapping[str, FsmRecord]) -> None:
        self.records = dict(records)

    async def read(self, key: StorageKey) -> FsmRecord:
        return self.records[row_key(key)]

    async def change(self, key: StorageKey, alter: Callable[[FsmRecord], None]) -> FsmRecord:
        record = self.records[row_key(key)]
        alter(record)
        record.changed = True
        return record


class TableRecords:
    """Each change a transaction of its own."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def read(self, key: StorageKey) -> FsmRecord:
        async with self._db.read() as connection:
            return (await load(connection, [row_key(key)]))[row_key(key)]

    async def change(self, key: StorageKey, alter: Callable[[FsmRecord], None]) -> FsmRecord:
        async with self._db.write() as connection:
            records = await load(connection, [row_key(key)])
            record = records[row_key(key)]
            alter(record)
            record.changed = True
            await flush(self._db, connection, records)
            return record


async def load(connection: AsyncConnection, keys: Iterable[str]) -> dict[str, FsmRecord]:
    """The records of these row keys, in one query; empty ones where nothing is kept."""
    records = {key: FsmRecord() for key in keys}
    for key, state, data in await connection.execute(_OF_KEYS, {"keys": list(records)}):
        records[key] = FsmRecord(state, orjson.loads(data))
    return records


_OF_KEYS = select(tables.fsm).where(tables.fsm.c.key.in_(bindparam("keys", expanding=True)))


async def flush(
    db: Database, connection: AsyncConnection, records: Mapping[str, FsmRecord]
) -> None:
    """Write what changed: one statement for the rows that stay, one for those that go."""
    changed = {key: record for key, record in records.items() if record.changed}
    kept = [
        {"key": key, "state": record.state, "data": orjson.dumps(record.data).decode()}
        for key, record in changed.items()
        if not record.empty
    ]
    if kept:
        await connection.execute(db.upsert(tables.fsm), kept)
    gone = [key for key, record in changed.items() if record.empty]
    if gone:
        await connection.execute(delete(tables.fsm).where(tables.fsm.c.key.in_(gone)))
