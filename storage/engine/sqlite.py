"""SQLite: a file with one writer at a time, and readers on the same write-ahead log."""

from __future__ import annotations

from typing import Any

from sqlalchemy import URL, Connection, ExceptionContext, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from storage.engine import aiosqlite_cursor
from storage.engine.connection_roles import ConnectionRole

_TROUBLE_TEXTS = ("locked", "unable to open", "disk i/o", "disk is full", "connection", "readonly")
"""Parts of SQLite's messages about errors that are not the statement's fault."""


def engine(url: URL, role: ConnectionRole, *, busy_ms: int) -> AsyncEngine:
    """Return the engine of a role.

    Telegram gets its acknowledgement on a commit, so ``synchronous`` is FULL.

    Args:
        busy_ms: the longest wait for a locked file, in milliseconds.
    """
    made = create_async_engine(
        url, connect_args={"async_creator_fn": aiosqlite_cursor.connect}, **role.options
    )

    @event.listens_for(made.sync_engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        # The driver's own transactions begin too late for BEGIN IMMEDIATE.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={busy_ms}")
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    if begin := _BEGIN.get(role):

        @event.listens_for(made.sync_engine, "begin")
        def start(connection: Connection) -> None:
            connection.exec_driver_sql(begin)

    return made


_BEGIN = {ConnectionRole.WRITE: "BEGIN IMMEDIATE", ConnectionRole.READ: "BEGIN"}


def is_trouble(context: ExceptionContext) -> bool:
    """Return whether the file or a lock caused an error, not the statement."""
    if not isinstance(context.sqlalchemy_exception, DBAPIError):
        return False
    text = str(context.original_exception).lower()
    return context.is_disconnect or any(part in text for part in _TROUBLE_TEXTS)
