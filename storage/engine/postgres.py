"""PostgreSQL: a server that may be far away, may restart, and may serve others at the same time."""

from __future__ import annotations

from sqlalchemy import URL, ExceptionContext, event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from storage.engine.connection_roles import ConnectionRole

CONNECT_SECONDS = 5.0
STATEMENTS_KEPT = 500
"""Prepared statements a connection: an IN over 1 to 64 people is as many of them."""

_EVERY_SESSION = {
    "application_name": "baoming",
    "jit": "off",  # small statements only: compiling one takes longer than it saves
    # A session whose machine is gone must not hold its locks for hours; seconds, and tries.
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
}
_WRITER = {
    "default_transaction_isolation": "serializable",
    # Whatever the server's own default is: updates are acknowledged on that commit.
    "synchronous_commit": "on",
}
_READER = {
    "default_transaction_isolation": "repeatable read",
    "default_transaction_read_only": "on",
}


def normal(url: URL) -> URL:
    """The URL as asyncpg wants it; hosters give ``postgres://…?sslmode=require``."""
    if "sslmode" in url.query:
        url = url.difference_update_query(["sslmode"]).update_query_dict(
            {"ssl": url.query["sslmode"]}
        )
    return url.set(drivername="postgresql+asyncpg")


def engine(url: URL, use: ConnectionRole, *, busy_ms: int, time_limit: float | None) -> AsyncEngine:
    """The engine of one use: who writes is serializable, who reads sees one moment.

    One writer, as on SQLite: its transactions never fail for each other's sake, and against
    another process the server keeps the promise that they are as if one after the other.

    Args:
        busy_ms: how long a locked row or table is waited for, in milliseconds.
        patience: how long a statement may take, in seconds; None is for ever.
    """
    settings = {
        **_EVERY_SESSION,
        **(_WRITER if use is ConnectionRole.WRITE else _READER),
        "lock_timeout": str(busy_ms),
    }
    made = create_async_engine(
        url,
        **use.options,
        connect_args={
            "timeout": CONNECT_SECONDS,
            "command_timeout": time_limit,
            "server_settings": settings,
            "prepared_statement_cache_size": STATEMENTS_KEPT,
        },
    )

    @event.listens_for(made.sync_engine, "checkout")
    def look(_connection: object, record: ConnectionPoolEntry, _proxy: object) -> None:
        # The driver has heard of a server's end already, so this asks nobody.
        driver = record.driver_connection
        if driver is not None and driver.is_closed():
            raise DisconnectionError

    return made


_TROUBLE = (
    *("08", "53", "57", "58"),  # connection, resources, operator, system
    *("28", "3D"),  # who may connect, and to which database
    "40",  # serialization failures and deadlocks
    *("25006", "25P03", "55P03"),  # a standby, a transaction left idle, a lock not to be had
)
"""SQLSTATEs, whole or their class, when nothing is wrong with the statement.

https://www.postgresql.org/docs/current/errcodes-appendix.html
"""


def is_trouble(context: ExceptionContext) -> bool:
    """Whether an error is of the server, the way to it or a lock, and not of the statement."""
    error = context.original_exception
    if isinstance(error, OSError):  # TimeoutError is one: an answer may still be on its way
        context.is_disconnect = True
    sqlstate: str | None = getattr(error, "sqlstate", None)
    gone = isinstance(error, Exception) and context.is_disconnect
    return gone or (sqlstate is not None and sqlstate.startswith(_TROUBLE))
