"""Cases: what a site has to settle with a candidate outside the form."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from states.records import PersonId
from storage.engine.tables import cases


class CaseKind(StrEnum):
    """What is to be settled."""

    NUMBER_TAKEN = "number-taken"


@dataclass(frozen=True, slots=True)
class Case:
    """Something to be settled at a site. ``number_hash`` is of the ID number in question."""

    id: int
    kind: CaseKind
    person_id: PersonId
    number_hash: str
    area: str
    site: str
    opened_at: datetime
    closed_at: datetime | None = None


async def open_case(connection: AsyncConnection, case: Case) -> bool:
    """Keep a case; False where one of this person about this number is open already."""
    if await open_like(connection, case) is not None:
        return False
    await connection.execute(insert(cases), asdict(case))
    return True


async def open_like(connection: AsyncConnection, case: Case) -> Case | None:
    """The open case of the same person about the same number, wherever it is to be settled."""
    for known in await of_person(connection, case.person_id):
        about = (known.kind, known.number_hash)
        if known.closed_at is None and about == (case.kind, case.number_hash):
            return known
    return None


async def of_person(connection: AsyncConnection, person_id: PersonId) -> list[Case]:
    """The cases of a person, oldest first."""
    query = select(cases).where(cases.c.person_id == person_id).order_by(cases.c.id)
    return [
        Case(
            id=row.id,
            kind=CaseKind(row.kind),
            person_id=PersonId(row.person_id),
            number_hash=row.number_hash,
            area=row.area,
            site=row.site,
            opened_at=row.opened_at,
            closed_at=row.closed_at,
        )
        for row in await connection.execute(query)
    ]
