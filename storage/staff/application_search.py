"""Search for an application by its code, an ID number or a full name, within the reader's scope."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sqlalchemy import ColumnElement, and_, select

from states.identity import IdType, normalize_number
from states.records import Application, ApplicationId, PersonId, Stage
from states.staff_roles import Scope
from states.submissions.application_codes import id_of
from storage.audit import audit_log
from storage.audit.audit_log import AuditEntry
from storage.candidates import applications
from storage.candidates.people import hash_name, hash_number
from storage.engine.tables import applications as filed
from storage.engine.tables import people
from storage.staff.access.scopes import OutOfScope, StaffAccess, covered, is_claimed, to_decide

MOST: Final = 10
"""The most hits of a search. The staff tell namesakes beyond it apart by ID number."""


class SearchKey(StrEnum):
    """The kind of text that a search matched."""

    CODE = "code"
    NUMBER = "number"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class FoundApplication:
    """The stage and place of an application that was submitted, without personal data.

    ``waits``: it waits for the reader's decision.
    """

    id: ApplicationId
    stage: Stage
    is_claimed: bool
    waits: bool
    scope: Scope

    @property
    def is_withdrawn(self) -> bool:
        """Whether its candidate has withdrawn it."""
        return self.stage is Stage.DRAFT

    @property
    def stage_key(self) -> str:
        """The stage as the texts ``stage-KEY`` name it: a draft was withdrawn."""
        return "withdrawn" if self.is_withdrawn else str(self.stage)


async def find(staff: StaffAccess, typed: str) -> tuple[SearchKey, list[ApplicationId]]:
    """Search by code, else by ID number, else by name; return the kind of match and the hits."""
    code = id_of(typed)
    if code is not None:
        found = await _ids(staff, filed.c.id == code)
        if found:
            return SearchKey.CODE, found
    number = normalize_number(typed)
    hashes = [hash_number(staff.keyring, kind, number) for kind in IdType]
    found = await _ids(staff, _whose(people.c.number_hash.in_(hashes)))
    if found:
        return SearchKey.NUMBER, found
    name = _whose(people.c.name_hash == hash_name(staff.keyring, typed))
    return SearchKey.NAME, await _ids(staff, name)


async def outlines(staff: StaffAccess, ids: Sequence[ApplicationId]) -> list[FoundApplication]:
    """Return the stages of those of the exam's applications that the roles cover.

    Applications that were never submitted stay out; withdrawn ones stay in.
    """
    facts = (is_claimed(staff.now - staff.timings.idle), to_decide(staff.assignments))
    query = (
        select(filed.c.id, filed.c.stage, *facts, filed.c.area, filed.c.site, filed.c.point)
        .where(filed.c.id.in_(ids), _of_reader(staff), filed.c.revision > 0)
        .order_by(filed.c.id)
    )
    return [
        FoundApplication(
            ApplicationId(number), Stage(stage), bool(held), bool(waits), Scope(*codes)
        )
        for number, stage, held, waits, *codes in await staff.connection.execute(query)
    ]


async def read(staff: StaffAccess, wanted: ApplicationId) -> Application:
    """Return an application within the scope of these roles.

    Raises:
        OutOfScope: none of the roles covers it, or it does not exist.
    """
    if not await outlines(staff, [wanted]):
        raise OutOfScope
    return (await applications.by_ids(staff.connection, staff.keyring, [wanted]))[wanted]


async def of_person(staff: StaffAccess, person_id: PersonId) -> FoundApplication | None:
    """Return a person's application for the exam, within the scope of these roles."""
    return (await of_people(staff, [person_id])).get(person_id)


async def of_people(
    staff: StaffAccess, ids: Collection[PersonId]
) -> dict[PersonId, FoundApplication]:
    """Return the applications of these people for the exam, within the scope of these roles."""
    query = select(filed.c.id, filed.c.person_id).where(
        filed.c.person_id.in_(ids), _of_reader(staff)
    )
    owners = {
        ApplicationId(number): PersonId(person)
        for number, person in await staff.connection.execute(query)
    }
    return {owners[one.id]: one for one in await outlines(staff, [*owners])}


async def audit_entries(staff: StaffAccess, wanted: ApplicationId) -> list[AuditEntry]:
    """Return an application's audit, oldest first; nothing outside the scope."""
    if not await outlines(staff, [wanted]):
        return []
    return await audit_log.of_application(staff.connection, wanted)


async def _ids(staff: StaffAccess, clue: ColumnElement[bool]) -> list[ApplicationId]:
    query = (
        select(filed.c.id)
        .where(_of_reader(staff), clue, filed.c.revision > 0)
        .order_by(filed.c.id)
        .limit(MOST)
    )
    return [ApplicationId(found) for found in await staff.connection.scalars(query)]


def _of_reader(staff: StaffAccess) -> ColumnElement[bool]:
    """Match the exam's applications that the roles cover; places of two years share their codes."""
    return and_(filed.c.exam == staff.exam.key, covered(staff.assignments))


def _whose(clue: ColumnElement[bool]) -> ColumnElement[bool]:
    return filed.c.person_id.in_(select(people.c.id).where(clue))
