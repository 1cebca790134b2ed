"""The roles of a connection, each with its own engine."""

from __future__ import annotations

from enum import Enum, auto
from typing import Any

READERS = 4


class ConnectionRole(Enum):
    """WRITE: transactions one by one. READ: queries on one snapshot.

    AUTOCOMMIT: each query by itself, without BEGIN and ROLLBACK: half the round trips.
    """

    WRITE = auto()
    READ = auto()
    AUTOCOMMIT = auto()

    @property
    def options(self) -> dict[str, Any]:
        """The options of ``create_async_engine`` for this role."""
        pool: dict[str, Any] = {
            "pool_size": 1 if self is ConnectionRole.WRITE else READERS,
            "max_overflow": 0,
        }
        if self is ConnectionRole.AUTOCOMMIT:
            return {**pool, "isolation_level": "AUTOCOMMIT", "skip_autocommit_rollback": True}
        return pool
