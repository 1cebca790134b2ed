"""The causes of a database's troubles that an operator can mend."""

from __future__ import annotations

from enum import StrEnum


class Cause(StrEnum):
    """Why a database takes no statement; ``doctor-data-bad`` has the remedy of each."""

    LOCKED = "locked"  # another process holds a lock
    READ_ONLY = "read-only"
    FULL = "full"
    CLOSED = "closed"  # the file cannot be opened
    DISK = "disk"  # SQLite says so on a full one, too
    UNREACHABLE = "unreachable"  # no connection to the server
    LOGIN = "login"
    NO_DATABASE = "no-database"
    CROWDED = "crowded"  # too many connections
    RESTARTING = "restarting"
    OTHER = "other"
