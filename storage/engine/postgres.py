"""PostgreSQL: a server that may be remote, may restart, and may serve others too."""

from __future__ import annotations

import re

from sqlalchemy import URL, ExceptionContext, event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from storage.engine.connection_roles import ConnectionRole
from storage.engine.trouble_causes import Cause

CONNECT_SECONDS = 5.0
STATEMENTS_KEPT = 500
"""Prepared statements of a connection: an IN over 1 to 64 people is 64 of them."""

_EVERY_SESSION = {
    "application_name": "baoming",
    "jit": "off",  # our statements are small: compiling one takes longer than it saves
    # A session of a lost machine frees its locks after 10 s + 3 tries 5 s apart.
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
}
_WRITER = {
    "default_transaction_isolation": "serializable",
    # Telegram gets its acknowledgement on this commit, whatever the server's default.
    "synchronous_commit": "on",
}
_READER = {
    "default_transaction_isolation": "repeatable read",
    "default_transaction_read_only": "on",
}


def normalized(url: URL) -> URL:
    """Return the URL for asyncpg; hosting providers give ``postgres://…?sslmode=require``."""
    if "sslmode" in url.query:
        url = url.difference_update_query(["sslmode"]).update_query_dict(
            {"ssl": url.query["sslmode"]}
        )
    return url.set(drivername="postgresql+asyncpg")


def engine(
    url: URL, role: ConnectionRole, *, busy_ms: int, time_limit: float | None
) -> AsyncEngine:
    """Return the engine of a role: writes are serializable, reads see one snapshot.

    One connection writes, as on SQLite, so its transactions never conflict with each other. The
    isolation level covers other processes.

    Args:
        busy_ms: the longest wait for a locked row or table, in milliseconds.
        time_limit: the longest statement, in seconds; None for no limit.
    """
    settings = {
        **_EVERY_SESSION,
        **(_WRITER if role is ConnectionRole.WRITE else _READER),
        "lock_timeout": str(busy_ms),
    }
    made = create_async_engine(
        normalized(url),
        hide_parameters=True,  # a traceback must not show a person's data
        **role.options,
        connect_args={
            "timeout": CONNECT_SECONDS,
            "command_timeout": time_limit,
            "server_settings": settings,
            "prepared_statement_cache_size": STATEMENTS_KEPT,
        },
    )

    @event.listens_for(made.sync_engine, "checkout")
    def check(_connection: object, record: ConnectionPoolEntry, _proxy: object) -> None:
        # The driver knows already that the server is gone: no round trip.
        driver = record.driver_connection
        if driver is not None and driver.is_closed():
            raise DisconnectionError

    return made


CONFLICT = "40"
"""The class of serialization failures and deadlocks: the transaction was rolled back."""
_TROUBLE = (
    *("08", "53", "57", "58"),  # connection, resources, operator, system
    *("28", "3D"),  # authorization, unknown database
    CONFLICT,
    *("25006", "25P03", "55P03"),  # read-only standby, idle transaction, lock not available
)
"""SQLSTATE codes and classes of errors that are not the statement's fault.

https://www.postgresql.org/docs/current/errcodes-appendix.html
"""


_CAUSES = {
    "08": Cause.UNREACHABLE,
    "25006": Cause.READ_ONLY,
    "28": Cause.LOGIN,
    "3D": Cause.NO_DATABASE,
    "53100": Cause.FULL,
    "53300": Cause.CROWDED,
    "55P03": Cause.LOCKED,
    "57P": Cause.RESTARTING,
    "58030": Cause.DISK,
}


def cause_of(error: BaseException) -> Cause:
    """Return the cause of a trouble, by its SQLSTATE."""
    if isinstance(error, OSError):
        return Cause.UNREACHABLE
    sqlstate: str = getattr(error, "sqlstate", None) or ""
    found = (cause for begin, cause in _CAUSES.items() if sqlstate.startswith(begin))
    return next(found, Cause.OTHER)


def hide_values(context: ExceptionContext) -> None:
    """Take the values out of an error: DETAIL names those of the row that a constraint refuses."""
    errors = [context.original_exception, context.sqlalchemy_exception]
    errors += [one.__cause__ for one in errors if one is not None]
    for error in errors:
        if error is not None:
            error.args = tuple(_DETAIL.sub("", f"{arg}") for arg in error.args)
            if getattr(error, "detail", None):
                setattr(error, "detail", None)  # noqa: B010 - of asyncpg's errors alone


_DETAIL = re.compile(r"\s*DETAIL:.*", re.DOTALL)


def is_trouble(context: ExceptionContext) -> bool:
    """Return whether the server, the network or a lock caused an error, not the statement."""
    error = context.original_exception
    if isinstance(error, OSError):  # includes TimeoutError: an answer may still arrive
        context.is_disconnect = True
    sqlstate: str | None = getattr(error, "sqlstate", None)
    gone = isinstance(error, Exception) and context.is_disconnect
    return gone or (sqlstate is not None and sqlstate.startswith(_TROUBLE))
