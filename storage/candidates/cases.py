"""Cases: questions that a site settles with a candidate outside the form."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, insert, select, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from states.records import PersonId
from storage.engine.encryption import Keyring
from storage.engine.tables import cases, record_of


class CaseKind(StrEnum):
    """The question of a case."""

    NUMBER_TAKEN = "number-taken"
    PAYMENT = "payment"


@dataclass(frozen=True, slots=True)
class Case:
    """A question for a site or an area.

    ``number_hash`` is the keyed hash of the ID number in question; a payment's case has none, and
    ``words`` as its proof.
    """

    id: int
    kind: CaseKind
    person_id: PersonId
    number_hash: str
    area: str
    site: str
    opened_at: datetime
    closed_at: datetime | None = None
    words: str = ""


async def open_case(connection: AsyncConnection, keyring: Keyring, case: Case) -> bool:
    """Store a case; False if the person has an open case about the same number."""
    if await open_like(connection, keyring, case) is not None:
        return False
    words = case.words and keyring.encrypt(case.words.encode(), _place(case.id))
    await connection.execute(insert(cases), asdict(case) | {"words": words or None})
    return True


async def open_like(connection: AsyncConnection, keyring: Keyring, case: Case) -> Case | None:
    """Return the person's open case of the same kind and number, at any site."""
    for known in await of_person(connection, keyring, case.person_id):
        about = (known.kind, known.number_hash)
        if known.closed_at is None and about == (case.kind, case.number_hash):
            return known
    return None


async def of_person(
    connection: AsyncConnection, keyring: Keyring, person_id: PersonId
) -> list[Case]:
    """Return the cases of a person, oldest first."""
    query = select(cases).where(cases.c.person_id == person_id).order_by(cases.c.id)
    return [_of_row(keyring, row) for row in await connection.execute(query)]


async def open_payments(
    connection: AsyncConnection, keyring: Keyring, person_ids: Collection[PersonId]
) -> list[Case]:
    """Return the open cases of these people who say that they have paid, oldest first."""
    query = select(cases).where(_is_open_payment(), cases.c.person_id.in_(person_ids))
    return [_of_row(keyring, row) for row in await connection.execute(query.order_by(cases.c.id))]


async def open_payments_of(
    connection: AsyncConnection, keyring: Keyring, areas: Collection[str], most: int
) -> list[Case]:
    """Return the oldest such cases of these areas; ``""`` stands for all areas."""
    everywhere = true() if "" in areas else cases.c.area.in_(areas)
    query = select(cases).where(_is_open_payment(), everywhere).order_by(cases.c.id).limit(most)
    return [_of_row(keyring, row) for row in await connection.execute(query)]


async def close_payment(connection: AsyncConnection, person_id: PersonId, now: datetime) -> bool:
    """Close a person's case about a payment; return False if there was none."""
    statement = update(cases).where(_is_open_payment(), cases.c.person_id == person_id)
    return (await connection.execute(statement.values(closed_at=now))).rowcount > 0


def _is_open_payment() -> ColumnElement[bool]:
    return and_(cases.c.kind == CaseKind.PAYMENT, cases.c.closed_at.is_(None))


def _of_row(keyring: Keyring, row: Any) -> Case:
    words = keyring.decrypt(row.words, _place(row.id)).decode() if row.words else ""
    return record_of(Case, row, kind=CaseKind(row.kind), words=words)


def _place(case_id: int) -> str:
    return f"cases/{case_id}"
