"""What a connection is for: it decides which promises its engine has to make."""

from __future__ import annotations

from enum import Enum, auto
from typing import Any

READERS = 4


class ConnectionRole(Enum):
    """WRITE: one transaction after the other. READ: several queries see one moment.

    GLANCE: each query for itself, without a transaction around it: half the ways to the database.
    """

    WRITE = auto()
    READ = auto()
    AUTOCOMMIT = auto()

    @property
    def options(self) -> dict[str, Any]:
        """How SQLAlchemy is to make an engine for this."""
        bounds: dict[str, Any] = {
            "pool_size": 1 if self is ConnectionRole.WRITE else READERS,
            "max_overflow": 0,
        }
        if self is ConnectionRole.AUTOCOMMIT:
            return {**bounds, "isolation_level": "AUTOCOMMIT", "skip_autocommit_rollback": True}
        return bounds
