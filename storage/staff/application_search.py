"""Looking for an application: by its code, an ID number or a whole name; only within the scope."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.ext.asyncio import AsyncConnection

from states.codes import id_of
from states.identity import IdType, normalize_number
from states.records import Application, ApplicationId, Stage
from states.staff import RoleAssignment
from storage.audit import audit_log
from storage.audit.audit_log import AuditEntry
from storage.candidates import applications
from storage.candidates.people import hash_name, hash_number
from storage.engine.encryption import Keyring
from storage.engine.tables import applications as filed
from storage.engine.tables import claims, people
from storage.staff.scopes import OutOfScope, covered

MOST: Final = 10
"""Hits that are shown; people of one name beyond that are told apart by their number."""


class SearchKey(StrEnum):
    """By what somebody looked."""

    CODE = "code"
    NUMBER = "number"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class FoundApplication:
    """Where an application stands: nothing of whose it is."""

    id: ApplicationId
    stage: Stage
    is_held: bool


async def find(
    connection: AsyncConnection,
    keyring: Keyring,
    exam: str,
    by: Sequence[RoleAssignment],
    typed: str,
) -> tuple[SearchKey, list[ApplicationId]]:
    """What these seats cover and these words mean: a code, else an ID number, else a name."""
    code = id_of(typed)
    if code is not None:
        found = await _ids(connection, exam, by, filed.c.id == code)
        if found:
            return SearchKey.CODE, found
    number = normalize_number(typed)
    hashes = [hash_number(keyring, kind, number) for kind in IdType]
    found = await _ids(connection, exam, by, _whose(people.c.number_hash.in_(hashes)))
    if found:
        return SearchKey.NUMBER, found
    name = _whose(people.c.name_hash == hash_name(keyring, typed))
    return SearchKey.NAME, await _ids(connection, exam, by, name)


async def outlines(
    connection: AsyncConnection, by: Sequence[RoleAssignment], ids: Sequence[ApplicationId]
) -> list[FoundApplication]:
    """Where these stand, as far as the seats cover them; what was never handed in is nobody's."""
    held = exists().where(claims.c.application_id == filed.c.id)
    query = (
        select(filed.c.id, filed.c.stage, held.label("held"))
        .where(filed.c.id.in_(ids), covered(by), filed.c.revision > 0)
        .order_by(filed.c.id)
    )
    return [
        FoundApplication(ApplicationId(row.id), Stage(row.stage), row.held)
        for row in await connection.execute(query)
    ]


async def read(
    connection: AsyncConnection,
    keyring: Keyring,
    by: Sequence[RoleAssignment],
    wanted: ApplicationId,
) -> Application:
    """An application that the seats cover.

    Raises:
        OutOfScope: they do not, or there is none.
    """
    if not await outlines(connection, by, [wanted]):
        raise OutOfScope
    return (await applications.by_ids(connection, keyring, [wanted]))[wanted]


async def audit_entries(
    connection: AsyncConnection, by: Sequence[RoleAssignment], wanted: ApplicationId
) -> list[AuditEntry]:
    """What was done about an application that the seats cover, oldest first; else nothing."""
    if not await outlines(connection, by, [wanted]):
        return []
    return await audit_log.of_application(connection, wanted)


async def _ids(
    connection: AsyncConnection, exam: str, by: Sequence[RoleAssignment], clue: ColumnElement[bool]
) -> list[ApplicationId]:
    query = (
        select(filed.c.id)
        .where(filed.c.exam == exam, clue, covered(by), filed.c.stage != Stage.DRAFT)
        .order_by(filed.c.id)
        .limit(MOST)
    )
    return [ApplicationId(found) for found in await connection.scalars(query)]


def _whose(clue: ColumnElement[bool]) -> ColumnElement[bool]:
    return filed.c.person_id.in_(select(people.c.id).where(clue))
