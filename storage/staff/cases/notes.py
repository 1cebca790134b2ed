"""Encrypted notes of the staff on an application; a candidate gets them in the data export only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from states.records import ApplicationId
from states.staff_roles import RoleAssignment
from storage.engine import row_macs
from storage.engine.encryption import Keyring
from storage.engine.row_mapping import part_of, record_of
from storage.engine.tables import notes
from storage.engine.tables import role_assignments as assignments_table
from storage.staff.access import role_assignments


@dataclass(frozen=True, slots=True)
class Note:
    """A note; ``account`` is its author's Telegram id, ``name`` the one that colleagues read."""

    id: int
    application_id: ApplicationId
    assignment_id: int
    account: int
    name: str
    at: datetime
    words: str


async def add(
    connection: AsyncConnection,
    keyring: Keyring,
    application_id: ApplicationId,
    assignment: RoleAssignment,
    note_id: int,
    words: str,
    at: datetime,
) -> None:
    """Add a note to an application. The caller has checked that the role may write one."""
    row = {
        "id": note_id,
        "application_id": application_id,
        "assignment_id": assignment.id,
        "at": at,
        "words": keyring.encrypt(words.encode(), _place(note_id)),
    }
    await connection.execute(insert(notes), row_macs.bind(keyring, notes, row))


async def of_applications(
    connection: AsyncConnection, keyring: Keyring, ids: Iterable[ApplicationId]
) -> list[Note]:
    """Return the notes on these applications, oldest first. The caller has checked the scope.

    Raises:
        RowChanged: somebody changed a note without the keys.
    """
    query = (
        select(notes, assignments_table)
        .join(assignments_table, assignments_table.c.id == notes.c.assignment_id)
        .where(notes.c.application_id.in_(list(ids)))
        .order_by(notes.c.id)
    )
    return [_note(keyring, row) for row in await connection.execute(query)]


def _note(keyring: Keyring, joined: Row[Any]) -> Note:
    row = part_of(joined, notes)
    row_macs.check(keyring, notes, row)
    by = role_assignments.of_row(keyring, part_of(joined, assignments_table, len(notes.columns)))
    words = keyring.decrypt(row.words, _place(row.id)).decode()
    return record_of(Note, row, account=by.telegram_id, name=by.name, words=words)


def _place(note_id: int) -> str:
    return f"notes/{note_id}"
