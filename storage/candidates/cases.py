"""Cases: questions that a site settles with a candidate outside the form."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from states.records import PersonId
from storage.engine.tables import cases, record_of


class CaseKind(StrEnum):
    """The question of a case."""

    NUMBER_TAKEN = "number-taken"


@dataclass(frozen=True, slots=True)
class Case:
    """A question for a site. ``number_hash`` is the keyed hash of the ID number in question."""

    id: int
    kind: CaseKind
    person_id: PersonId
    number_hash: str
    area: str
    site: str
    opened_at: datetime
    closed_at: datetime | None = None


async def open_case(connection: AsyncConnection, case: Case) -> bool:
    """Store a case; False if the person has an open case about the same number."""
    if await open_like(connection, case) is not None:
        return False
    await connection.execute(insert(cases), asdict(case))
    return True


async def open_like(connection: AsyncConnection, case: Case) -> Case | None:
    """Return the person's open case of the same kind and number, at any site."""
    for known in await of_person(connection, case.person_id):
        about = (known.kind, known.number_hash)
        if known.closed_at is None and about == (case.kind, case.number_hash):
            return known
    return None


async def of_person(connection: AsyncConnection, person_id: PersonId) -> list[Case]:
    """Return the cases of a person, oldest first."""
    query = select(cases).where(cases.c.person_id == person_id).order_by(cases.c.id)
    return [
        record_of(Case, row, kind=CaseKind(row.kind)) for row in await connection.execute(query)
    ]
