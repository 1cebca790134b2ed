"""Ids of rows: made in memory, ordered by time, without a limit for an update or a writer.

A row id has 63 bits: 41 of milliseconds since 2026 (up to the year 2095), 10 of the writer, 12 of
a counter. So the bot and commands beside it write without a query and without a conflict.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final, Self

from sqlalchemy import Column, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.engine import installation, tables
from storage.engine.installation import Fact

HIGHEST = 2**63 - 1
"""The largest value of a BIGINT column."""
LOWEST = -(2**63)
"""The smallest value of a BIGINT column."""
BOT: Final = 0
"""The writer that is the bot; a command takes a random one above it."""
_COUNTER_BITS: Final = 12
_WRITER_BITS: Final = 10
_LAST_COUNT: Final = 2**_COUNTER_BITS - 1
_MILLISECOND: Final = _WRITER_BITS + _COUNTER_BITS
"""The bits below the milliseconds."""
_EPOCH: Final = datetime(2026, 1, 1, tzinfo=UTC)

_WITH_ROW_IDS: Final = (
    tables.inbox,
    tables.outbox,
    tables.audit,
    tables.people,
    tables.cases,
    tables.late_changes,
    tables.role_assignments,
    tables.invites,
    tables.decisions,
    tables.second_looks,
    tables.notes,
    tables.broadcasts,
    tables.calls,
    tables.payment_orders,
    tables.payment_charges,
    tables.payment_refunds,
    tables.payment_events,
    tables.exam_versions,
)
"""The tables whose ids ``RowIds.next`` gives."""


def _real_milliseconds() -> int:
    """Return the real time, which the sandbox's moved clock does not change."""
    return time.time_ns() // 1_000_000 - int(_EPOCH.timestamp()) * 1000


def milliseconds_of(row_id: int) -> int:
    """Return when a row id was made, in milliseconds since the beginning of 2026."""
    return row_id >> _MILLISECOND


def moment_of(row_id: int) -> datetime:
    """Return when a row id was made: real time, in whole milliseconds."""
    return _EPOCH + timedelta(milliseconds=milliseconds_of(row_id))


def first_at(moment: datetime) -> int:
    """Return the lowest row id that can be made at a moment (real time)."""
    return int((moment - _EPOCH) / timedelta(milliseconds=1)) << _MILLISECOND


class RowIds:
    """Gives ids that rise, also while the machine's clock stands or goes back.

    A full millisecond borrows from the next one. Applications have small ids of their own, since
    people say them aloud as codes.

    Args:
        writer: 0 to 1,023; two processes of one millisecond need two writers.
        above: all row ids are higher than this one.
        above_application: all application ids are higher than this one.
    """

    def __init__(
        self,
        writer: int = BOT,
        *,
        above: int = 0,
        above_application: int = 0,
        milliseconds: Callable[[], int] = _real_milliseconds,
    ) -> None:
        self._writer = writer
        self._application = above_application
        self._milliseconds = milliseconds
        self._at, self._count = above >> _MILLISECOND, _LAST_COUNT

    @classmethod
    async def after_stored(cls, connection: AsyncConnection, writer: int = BOT) -> Self:
        """Return a generator whose ids no stored row has, and no erased application had.

        An erasure leaves a fact, and one of an earlier version the audit, which outlives it.
        """
        erased = int(await installation.read_within(connection, Fact.LAST_APPLICATION) or 0)
        applications = (tables.applications.c.id, tables.audit.c.application_id)
        return cls(
            writer,
            above=await _highest(connection, *(table.c.id for table in _WITH_ROW_IDS)),
            above_application=max(erased, await _highest(connection, *applications)),
        )

    @classmethod
    async def of_command(cls, connection: AsyncConnection) -> Self:
        """Return a generator for a command that writes beside a running bot."""
        return await cls.after_stored(connection, random.randrange(BOT + 1, 2**_WRITER_BITS))

    def next(self) -> int:
        """Return a row id above all earlier ones of this generator."""
        now = self._milliseconds()
        if now > self._at:
            self._at, self._count = now, 0
        elif self._count < _LAST_COUNT:
            self._count += 1
        else:
            self._at, self._count = self._at + 1, 0
        return self._at << _MILLISECOND | self._writer << _COUNTER_BITS | self._count

    def made_within(self, span: timedelta) -> int:
        """Return the lowest row id that was made in the last ``span`` of real time."""
        return max(self._milliseconds() - span // timedelta(milliseconds=1), 0) << _MILLISECOND

    @property
    def last_application(self) -> int:
        """The newest application id, in use or not."""
        return self._application

    def next_application(self) -> int:
        """Return the application id after the last one; the bot alone makes applications."""
        self._application += 1
        return self._application


async def _highest(connection: AsyncConnection, *columns: Column[int]) -> int:
    """Return the highest value of indexed columns, in one statement; 0 without a row."""
    query = select(*(select(func.max(column)).scalar_subquery() for column in columns))
    return max((one or 0 for one in (await connection.execute(query)).one()), default=0)
