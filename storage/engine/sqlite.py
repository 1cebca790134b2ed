"""SQLite: a file, one writer at a time, and readers over the same write-ahead log."""

from __future__ import annotations

from typing import Any

from sqlalchemy import URL, Connection, ExceptionContext, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from storage.engine import aiosqlite_cursor
from storage.engine.connection_roles import ConnectionRole

_SIGNS = ("locked", "unable to open", "disk i/o", "disk is full", "connection", "readonly")
"""What SQLite says when nothing is wrong with the statement."""


def engine(url: URL, use: ConnectionRole, *, busy_ms: int) -> AsyncEngine:
    """The engine of one use.

    ``synchronous=FULL``: updates are acknowledged on that commit.

    Args:
        busy_ms: how long a locked file is waited for, in milliseconds.
    """
    made = create_async_engine(
        url, connect_args={"async_creator_fn": aiosqlite_cursor.connect}, **use.options
    )

    @event.listens_for(made.sync_engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        # The driver's own transaction handling begins too late for BEGIN IMMEDIATE.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={busy_ms}")
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    if begin := _BEGIN.get(use):

        @event.listens_for(made.sync_engine, "begin")
        def start(connection: Connection) -> None:
            connection.exec_driver_sql(begin)

    return made


_BEGIN = {ConnectionRole.WRITE: "BEGIN IMMEDIATE", ConnectionRole.READ: "BEGIN"}


def is_trouble(context: ExceptionContext) -> bool:
    """Whether an error is of the file or a lock, and not of the statement."""
    if not isinstance(context.sqlalchemy_exception, DBAPIError):
        return False
    text = str(context.original_exception).lower()
    return context.is_disconnect or any(sign in text for sign in _SIGNS)
