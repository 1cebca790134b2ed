"""Cases: questions that the staff settle with a candidate outside the form (``states.staff``)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, insert, or_, select, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from states.records import PersonId
from states.staff.cases import CONTESTED, DESK_KINDS, CaseKind, CaseOutcome
from states.staff_roles import Scope
from storage.candidates import people
from storage.engine import row_macs
from storage.engine.encryption import Keyring
from storage.engine.row_mapping import record_of, row_of
from storage.engine.tables import cases


@dataclass(frozen=True, slots=True)
class Case:
    """A question for a site or an area.

    ``number_hash`` is the keyed hash of the ID number in question; a payment's case has none.
    ``words`` are its proof, or the correction that the candidate applies for. The assignment
    ``decided_by`` decided; the decision takes effect at ``effective_at``, and ``answer`` is the
    reason that the candidate reads.

    A duplicate is about two accounts, the second being ``other_id``; its ``words`` are what they
    have alike. The assignment ``asked_by`` asks to close the one that is not ``kept_id``.
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
    outcome: CaseOutcome | None = None
    decided_by: int | None = None
    decided_at: datetime | None = None
    effective_at: datetime | None = None
    answer: str = ""
    other_id: PersonId | None = None
    kept_id: PersonId | None = None
    asked_by: int | None = None
    asked_at: datetime | None = None

    @property
    def closing_id(self) -> PersonId | None:
        """The account of a duplicate that is to be closed, or was."""
        if self.kept_id is None:
            return None
        return self.person_id if self.kept_id == self.other_id else self.other_id

    @property
    def unasked(self) -> Case:
        """The duplicate as it waited before somebody asked to merge."""
        return replace(self.undecided, kept_id=None, asked_by=None, asked_at=None)

    @property
    def undecided(self) -> Case:
        """The case as it waited before its decision."""
        return replace(
            self, outcome=None, decided_by=None, decided_at=None, effective_at=None, answer=""
        )


async def open_case(connection: AsyncConnection, keyring: Keyring, case: Case) -> bool:
    """Store a case; False if the person has an open case about the same number."""
    if await open_like(connection, keyring, case) is not None:
        return False
    await connection.execute(insert(cases), _as_row(keyring, case))
    return True


async def add(connection: AsyncConnection, keyring: Keyring, case: Case) -> None:
    """Store a case that the bot itself has opened."""
    await connection.execute(insert(cases), _as_row(keyring, case))


async def duplicates_of(
    connection: AsyncConnection, keyring: Keyring, person_id: PersonId
) -> list[Case]:
    """Return the duplicates that a person is one of, whatever became of them, oldest first."""
    either = or_(cases.c.person_id == person_id, cases.c.other_id == person_id)
    return await _cases(connection, keyring, and_(cases.c.kind == CaseKind.DUPLICATE, either))


async def open_like(connection: AsyncConnection, keyring: Keyring, case: Case) -> Case | None:
    """Return the person's open case of the same kind and number, at any site."""
    about = (cases.c.kind == case.kind, cases.c.number_hash == case.number_hash)
    mine = and_(cases.c.person_id == case.person_id, cases.c.closed_at.is_(None), *about)
    return next(iter(await _cases(connection, keyring, mine, 1)), None)


async def payments_since(connection: AsyncConnection, person_id: PersonId, since: datetime) -> int:
    """Count how often a person has said since a moment that they have paid."""
    said = and_(cases.c.kind == CaseKind.PAYMENT, cases.c.opened_at > since)
    query = select(func.count()).where(cases.c.person_id == person_id, said)
    return await connection.scalar(query) or 0


async def of_person(
    connection: AsyncConnection, keyring: Keyring, person_id: PersonId
) -> list[Case]:
    """Return the cases of a person, oldest first."""
    return await _cases(connection, keyring, cases.c.person_id == person_id)


async def of_id(connection: AsyncConnection, keyring: Keyring, case_id: int) -> Case | None:
    """Return one case. The caller checks the reader's scope."""
    found = await _cases(connection, keyring, cases.c.id == case_id)
    return found[0] if found else None


async def save(connection: AsyncConnection, keyring: Keyring, case: Case) -> None:
    """Update a case."""
    row = _as_row(keyring, case)
    await connection.execute(update(cases).where(cases.c.id == case.id).values(row))


async def contesting(connection: AsyncConnection, number_hash: str, but: int) -> bool:
    """Return whether another open case is about the account with this number."""
    kinds = (CaseKind.NUMBER_TAKEN, CaseKind.ACCOUNT_MOVED)
    open_ones = and_(cases.c.closed_at.is_(None), cases.c.id != but, cases.c.kind.in_(kinds))
    query = select(func.count()).where(open_ones, cases.c.number_hash == number_hash)
    return bool(await connection.scalar(query))


async def end_contest(connection: AsyncConnection, keyring: Keyring, case: Case) -> None:
    """Take the mark of the account that holds a case's number, unless another case is about it."""
    owner_id = await people.owner_of(connection, case.number_hash)
    if owner_id is None or owner_id == case.person_id:
        return
    owner = (await people.by_ids(connection, keyring, [owner_id]))[owner_id]
    is_contested = owner.open_case is not None and owner.open_case.kind == CONTESTED
    if is_contested and not await contesting(connection, case.number_hash, case.id):
        await people.save(connection, keyring, replace(owner, open_case=None))


async def waiting(
    connection: AsyncConnection, keyring: Keyring, scopes: Sequence[Scope], first: int, most: int
) -> list[Case]:
    """Return a part of the undecided cases of the cases desk in these scopes, the oldest first.

    Hints at second accounts come last: nobody waits for them.
    """
    is_hint = cases.c.kind == CaseKind.DUPLICATE
    return await _cases(connection, keyring, _waits(scopes), most, first, is_hint)


async def count_waiting(
    connection: AsyncConnection, scopes: Sequence[Scope], *, without: CaseKind | None = None
) -> int:
    """Count them, except those of one kind."""
    query = select(func.count()).where(_waits(scopes), cases.c.kind != (without or ""))
    found: int | None = await connection.scalar(query)
    return found or 0


async def waiting_places(connection: AsyncConnection) -> list[tuple[str, str, datetime]]:
    """Return area, site and the oldest opening of the undecided cases of the cases desk."""
    query = select(cases.c.area, cases.c.site, func.min(cases.c.opened_at))
    rows = await connection.execute(
        query.where(_waits((Scope(),))).group_by(cases.c.area, cases.c.site)
    )
    return [(row[0], row[1], row[2]) for row in rows]


async def oldest_waiting(connection: AsyncConnection, scopes: Sequence[Scope]) -> datetime | None:
    """Return when the oldest undecided case in these scopes was opened."""
    found: datetime | None = await connection.scalar(
        select(func.min(cases.c.opened_at)).where(_waits(scopes))
    )
    return found


def _lies_in(scopes: Sequence[Scope]) -> ColumnElement[bool]:
    places = [
        and_(
            cases.c.area == one.area if one.area else true(),
            cases.c.site == one.site if one.site else true(),
        )
        for one in scopes
    ]
    return or_(false(), *places)


def _waits(scopes: Sequence[Scope]) -> ColumnElement[bool]:
    return and_(
        cases.c.closed_at.is_(None),
        cases.c.outcome.is_(None),
        cases.c.kind.in_({*DESK_KINDS, CaseKind.DUPLICATE}),
        _lies_in(scopes),
    )


async def move(
    connection: AsyncConnection, keyring: Keyring, from_person: PersonId, to: PersonId
) -> None:
    """Give the cases of one person to another, whose account takes that person's place."""
    for one in await of_person(connection, keyring, from_person):
        if one.kind is not CaseKind.DUPLICATE:
            await save(connection, keyring, replace(one, person_id=to))


async def open_payments(
    connection: AsyncConnection, keyring: Keyring, person_ids: Collection[PersonId]
) -> list[Case]:
    """Return the open cases of these people who say that they have paid, oldest first."""
    mine = and_(open_payment(), cases.c.person_id.in_(person_ids))
    return await _cases(connection, keyring, mine)


async def open_payments_of(
    connection: AsyncConnection, keyring: Keyring, scopes: Sequence[Scope], first: int, most: int
) -> list[Case]:
    """Return a part of such cases in these scopes, the oldest first."""
    mine = and_(open_payment(), _lies_in(scopes))
    return await _cases(connection, keyring, mine, most, first)


async def count_payments(
    connection: AsyncConnection, scopes: Sequence[Scope]
) -> tuple[int, datetime | None]:
    """Return how many such cases lie in these scopes, and when the oldest was opened."""
    query = select(func.count(), func.min(cases.c.opened_at))
    row = (await connection.execute(query.where(open_payment(), _lies_in(scopes)))).one()
    return row[0], row[1]


async def payment_places(connection: AsyncConnection) -> list[tuple[str, str, datetime]]:
    """Return area, site and the oldest opening of such cases."""
    query = select(cases.c.area, cases.c.site, func.min(cases.c.opened_at))
    rows = await connection.execute(
        query.where(open_payment()).group_by(cases.c.area, cases.c.site)
    )
    return [(row[0], row[1], row[2]) for row in rows]


async def close_payment(
    connection: AsyncConnection, keyring: Keyring, person_id: PersonId, now: datetime
) -> bool:
    """Close a person's case about a payment; return False if there was none."""
    found = await open_payments(connection, keyring, [person_id])
    for one in found:
        await save(connection, keyring, replace(one, closed_at=now))
    return bool(found)


def open_payment() -> ColumnElement[bool]:
    """Return the condition of a claim of payment that the area has not decided."""
    return and_(cases.c.kind == CaseKind.PAYMENT, cases.c.closed_at.is_(None))


async def _cases(
    connection: AsyncConnection,
    keyring: Keyring,
    which: ColumnElement[bool],
    most: int | None = None,
    first: int = 0,
    *before: ColumnElement[bool],
) -> list[Case]:
    query = select(cases).where(which).order_by(*before, cases.c.id).offset(first).limit(most)
    return [_of_row(keyring, row) for row in await connection.execute(query)]


def _as_row(keyring: Keyring, case: Case) -> dict[str, Any]:
    place, answer_place = _place(case.id), f"{_place(case.id)}/answer"
    row = row_of(
        cases,
        case,
        words=keyring.encrypt(case.words.encode(), place) if case.words else None,
        answer=keyring.encrypt(case.answer.encode(), answer_place) if case.answer else None,
        mac=None,
    )
    return row_macs.bind(keyring, cases, row)


def _of_row(keyring: Keyring, row: Any) -> Case:
    row_macs.check(keyring, cases, row)
    place, answer_place = _place(row.id), f"{_place(row.id)}/answer"
    return record_of(
        Case,
        row,
        kind=CaseKind(row.kind),
        outcome=CaseOutcome(row.outcome) if row.outcome else None,
        words=keyring.decrypt(row.words, place).decode() if row.words else "",
        answer=keyring.decrypt(row.answer, answer_place).decode() if row.answer else "",
    )


def _place(case_id: int) -> str:
    return f"cases/{case_id}"
