"""Units that were worked on, and what their commit cost and left."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import event, func, select

from states.fsm_states import Account
from states.step_result import DeleteMessage, ShowScreen
from storage.audit.audit_log import AuditAction
from storage.candidates.blobs import StoredFile
from storage.engine import tables
from storage.engine.database import Database
from storage.updates.fsm import SqlStorage, candidate_key
from storage.updates.unit_of_work import UnitOfWork
from tests.storage.process import (
    BOT,
    EXAM,
    LING,
    NOW,
    StorageProcess,
    kept,
    message,
)

NUMBERS = [1, 2, 64]


_BEFORE_TABLE = {"SELECT": "FROM", "INSERT": "INTO", "UPDATE": "UPDATE", "DELETE": "FROM"}


@asynccontextmanager
async def statements(db: Database) -> AsyncIterator[list[str]]:
    """Yield the writer's statements: the verb and the table, without transactions."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        verb = statement.partition(" ")[0]
        if verb in _BEFORE_TABLE:
            table = re.search(rf"{_BEFORE_TABLE[verb]}\s+(\w+)", statement)
            seen.append(f"{verb} {table[1]}" if table else statement)

    event.listen(db.writer.sync_engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.writer.sync_engine, "before_cursor_execute", note)


async def busy(unit: UnitOfWork) -> None:
    """A step that leaves something in every table."""
    person = unit.new_person(unit.row.queue_key)
    unit.new_application(person, EXAM)
    await SqlStorage(unit.fsm).set_state(candidate_key(BOT, unit.row.queue_key), Account.name)
    unit.files.append(StoredFile(f"{unit.row.id:064}", person.id, "portrait", 7, NOW))
    unit.audit(AuditAction.CONSENTED, "v1")
    unit.enqueue(ShowScreen("Account:name", slot="status"), chat_id=unit.row.queue_key)
    unit.enqueue(DeleteMessage(1), chat_id=unit.row.queue_key)


async def batch(process: StorageProcess, count: int) -> list[UnitOfWork]:
    """The units of so many people's first updates."""
    return await process.units([message(number, LING + number) for number in range(count)])


async def counts(database: str) -> dict[str, int]:
    """How many rows lie in each table."""
    found = {}
    for table in tables.metadata.sorted_tables:
        ((number,),) = await kept(database, select(func.count()).select_from(table))
        found[table.name] = number
    return found
