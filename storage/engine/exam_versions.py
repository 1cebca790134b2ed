"""The versions of an exam's definition: the one in force, those before it, and one that waits.

The command line stores a version; the bot puts it in force at a start, or refuses it. An exam
without a row is as its files say.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.engine import row_macs
from storage.engine.encryption import Keyring
from storage.engine.row_mapping import record_of
from storage.engine.tables import exam_versions


class VersionState(StrEnum):
    """How far a version is. DROPPED: a later one came before the bot took it up."""

    WAITING = "waiting"
    IN_FORCE = "in-force"
    REPLACED = "replaced"
    REFUSED = "refused"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class ExamVersion:
    """One version; ``number`` counts from 1 and ``content`` is the definition as JSON.

    It replaces the version ``replaces``, or ``takes_back`` that one. The bot put it in force or
    refused it at ``taken_at``; ``why`` says why it refused.
    """

    id: int
    exam: str
    number: int
    state: VersionState
    content: str
    made_at: datetime
    replaces: int | None = None
    takes_back: int | None = None
    taken_at: datetime | None = None
    why: str = ""

    @property
    def audit_detail(self) -> str:
        """The number and the exam, as the audit keeps them."""
        return f"{self.number} {self.exam}"


async def all_of(connection: AsyncConnection, keyring: Keyring, exam: str) -> list[ExamVersion]:
    """Return the versions of an exam, oldest first."""
    query = select(exam_versions).where(exam_versions.c.exam == exam)
    rows = await connection.execute(query.order_by(exam_versions.c.number))
    return [_of_row(keyring, row) for row in rows]


async def in_state(
    connection: AsyncConnection, keyring: Keyring, exam: str, state: VersionState
) -> ExamVersion | None:
    """Return the newest version of an exam in this state."""
    query = select(exam_versions).where(
        exam_versions.c.exam == exam, exam_versions.c.state == state
    )
    rows = await connection.execute(query.order_by(exam_versions.c.number.desc()).limit(1))
    row = rows.first()
    return _of_row(keyring, row) if row is not None else None


async def last_settled(
    connection: AsyncConnection, keyring: Keyring, exam: str
) -> ExamVersion | None:
    """Return the version that the bot put in force or refused last."""
    query = select(exam_versions).where(
        exam_versions.c.exam == exam, exam_versions.c.taken_at.is_not(None)
    )
    order = (exam_versions.c.taken_at.desc(), exam_versions.c.number.desc())
    row = (await connection.execute(query.order_by(*order).limit(1))).first()
    return _of_row(keyring, row) if row is not None else None


async def is_waiting(connection: AsyncConnection, exam: str) -> bool:
    """Return whether a version waits for the bot."""
    query = select(exam_versions.c.id).where(
        exam_versions.c.exam == exam, exam_versions.c.state == VersionState.WAITING
    )
    return await connection.scalar(query.limit(1)) is not None


async def next_number(connection: AsyncConnection, exam: str) -> int:
    """Return the number of the next version."""
    query = select(func.max(exam_versions.c.number)).where(exam_versions.c.exam == exam)
    return (await connection.scalar(query) or 0) + 1


async def add(connection: AsyncConnection, keyring: Keyring, version: ExamVersion) -> None:
    """Store a version.

    Raises:
        IntegrityError: somebody stored one of this number at the same moment.
    """
    await connection.execute(insert(exam_versions), _as_row(keyring, version))


async def save(connection: AsyncConnection, keyring: Keyring, version: ExamVersion) -> None:
    """Store what became of a version that was read."""
    changed = update(exam_versions).where(exam_versions.c.id == version.id)
    await connection.execute(changed.values(_as_row(keyring, version)))


def _as_row(keyring: Keyring, version: ExamVersion) -> dict[str, object]:
    row = {name: getattr(version, name) for name in ExamVersion.__slots__}
    return row_macs.bind(keyring, exam_versions, row)


def _of_row(keyring: Keyring, row: object) -> ExamVersion:
    row_macs.check(keyring, exam_versions, row)
    return record_of(ExamVersion, row, state=VersionState(row.state))  # type: ignore[attr-defined]
