"""Charges: the money that came in, one row for each number of a provider, and their events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, insert, or_, select, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from states.exam import PaymentWay
from states.payment.orders import Bucket, Charge, ChargeId, Money, Source
from states.payment.verdicts import Verdict
from states.records import CURRENCY, ApplicationId
from states.staff_roles import Role, RoleAssignment
from storage.engine import row_macs
from storage.engine.encryption import Keyring
from storage.engine.row_mapping import record_of, row_of
from storage.engine.tables import payment_charges, payment_events

PAYMENT_ROLES = frozenset({Role.AREA_REVIEWER, Role.ADMINISTRATOR})
"""The roles that see money and send it back."""


class EventKind(StrEnum):
    """The kinds of events about an order or a charge. Events are only ever added."""

    MADE = "made"
    ASKED = "asked"
    CHECKOUT = "checkout"
    CLOSED = "closed"
    RECEIVED = "received"
    ACCEPTED = "accepted"
    UNDONE = "undone"
    REFUND_ASKED = "refund-asked"
    REFUND_AGREED = "refund-agreed"
    REFUND_REFUSED = "refund-refused"
    SENT_BACK = "sent-back"


@dataclass(frozen=True, slots=True)
class PaymentEvent:
    """One event. ``order`` is an order number; ``at`` the provider's time, ``detail`` a code."""

    id: int
    kind: EventKind
    order: str
    at: datetime
    heard_at: datetime
    charge_id: ChargeId | None = None
    amount: int | None = None
    detail: str = ""


async def note(connection: AsyncConnection, keyring: Keyring, event: PaymentEvent) -> None:
    """Add an event."""
    row = row_macs.bind(keyring, payment_events, row_of(payment_events, event, mac=None))
    await connection.execute(insert(payment_events), row)


async def events_of(
    connection: AsyncConnection, keyring: Keyring, order: str
) -> list[PaymentEvent]:
    """Return the events of an order, oldest first.

    Raises:
        RowChanged: a row was changed without the keys.
    """
    query = select(payment_events).where(payment_events.c.order == order)
    rows = [*await connection.execute(query.order_by(payment_events.c.id))]
    for row in rows:
        row_macs.check(keyring, payment_events, row)
    return [record_of(PaymentEvent, row, kind=EventKind(row.kind)) for row in rows]


async def known(connection: AsyncConnection, keyring: Keyring, money: Money) -> Charge | None:
    """Return the charge of this money, if the bot has heard of it before."""
    columns = payment_charges.c
    same = (columns.way == money.way, columns.number == money.charge)
    return next(iter(await _read(connection, keyring, and_(*same))), None)


async def add(connection: AsyncConnection, keyring: Keyring, charge: Charge) -> None:
    """Insert a new charge."""
    await connection.execute(insert(payment_charges), [_as_row(keyring, charge)])


async def move(
    connection: AsyncConnection, keyring: Keyring, before: Charge, after: Charge
) -> bool:
    """Change bucket and verdict; return False if the charge is not in the bucket of ``before``."""
    statement = update(payment_charges).where(
        payment_charges.c.id == before.id, payment_charges.c.bucket == before.bucket
    )
    bound = _as_row(keyring, after)
    values = {"bucket": after.bucket, "verdict": after.verdict, "mac": bound["mac"]}
    return (await connection.execute(statement.values(values))).rowcount == 1


async def of_application(
    connection: AsyncConnection, keyring: Keyring, application_id: ApplicationId
) -> tuple[Charge, ...]:
    """Return the money that came in for an application, oldest first."""
    found = await _read(connection, keyring, payment_charges.c.application_id == application_id)
    return tuple(found)


async def by_id(
    connection: AsyncConnection, keyring: Keyring, charge_id: ChargeId
) -> Charge | None:
    """Return a charge. The caller has checked the reader's scope, or is no reader."""
    return next(iter(await _read(connection, keyring, payment_charges.c.id == charge_id)), None)


async def seen_by(
    connection: AsyncConnection,
    keyring: Keyring,
    assignments: Sequence[RoleAssignment],
    charge_id: ChargeId,
) -> Charge | None:
    """Return a charge within the scope of these roles; None outside it."""
    condition = and_(payment_charges.c.id == charge_id, covered(assignments))
    return next(iter(await _read(connection, keyring, condition)), None)


async def owed(
    connection: AsyncConnection,
    keyring: Keyring,
    assignments: Sequence[RoleAssignment],
    first: int,
    most: int,
) -> list[Charge]:
    """Return a part of the money that is owed back in this scope, the oldest first.

    Args:
        first: the index of the part's first charge, from 0.
        most: the charges of a part.
    """
    query = select(payment_charges).where(_is_owed(assignments)).order_by(payment_charges.c.id)
    rows = await connection.execute(query.offset(first).limit(most))
    return [_of_row(keyring, row) for row in rows]


async def count_owed(connection: AsyncConnection, assignments: Sequence[RoleAssignment]) -> int:
    """Return how many charges are owed back in this scope."""
    return await connection.scalar(select(func.count()).where(_is_owed(assignments))) or 0


def _is_owed(assignments: Sequence[RoleAssignment]) -> ColumnElement[bool]:
    return and_(payment_charges.c.bucket == Bucket.OWED, covered(assignments))


async def totals(
    connection: AsyncConnection, assignments: Sequence[RoleAssignment]
) -> dict[Bucket, tuple[int, int]]:
    """Return how many charges and how many fen each bucket has in this scope.

    Money of other currencies is counted by ``foreign``.
    """
    columns = payment_charges.c
    query = (
        select(columns.bucket, func.count(), func.sum(columns.amount))
        .where(covered(assignments), columns.currency == CURRENCY)
        .group_by(columns.bucket)
    )
    return {Bucket(row[0]): (row[1], int(row[2])) for row in await connection.execute(query)}


async def foreign(connection: AsyncConnection, assignments: Sequence[RoleAssignment]) -> int:
    """Return how many charges of other currencies this scope has: no sum counts them."""
    condition = and_(payment_charges.c.currency != CURRENCY, covered(assignments))
    return await connection.scalar(select(func.count()).where(condition)) or 0


async def in_bucket(connection: AsyncConnection, keyring: Keyring, bucket: Bucket) -> list[Charge]:
    """Return every charge of a bucket, for a report."""
    return await _read(connection, keyring, payment_charges.c.bucket == bucket)


async def all_of(connection: AsyncConnection, keyring: Keyring) -> list[Charge]:
    """Return every charge, for a report."""
    return await _read(connection, keyring, true())


def covered(assignments: Sequence[RoleAssignment]) -> ColumnElement[bool]:
    """Match the charges that these roles see. Money without an application has no area."""
    scopes = [
        one.scope for one in assignments if one.revoked_at is None and one.role in PAYMENT_ROLES
    ]
    columns = payment_charges.c
    return or_(
        false(),
        *(
            and_(
                columns.area == scope.area if scope.area else true(),
                columns.site == scope.site if scope.site else true(),
            )
            for scope in scopes
        ),
    )


async def _read(
    connection: AsyncConnection, keyring: Keyring, condition: ColumnElement[bool]
) -> list[Charge]:
    query = select(payment_charges).where(condition).order_by(payment_charges.c.id)
    return [_of_row(keyring, row) for row in await connection.execute(query)]


def _as_row(keyring: Keyring, charge: Charge) -> dict[str, Any]:
    return row_macs.bind(keyring, payment_charges, row_of(payment_charges, charge, mac=None))


def _of_row(keyring: Keyring, row: Any) -> Charge:
    """Return a charge.

    Raises:
        RowChanged: the row was changed without the keys.
    """
    row_macs.check(keyring, payment_charges, row)
    return record_of(
        Charge,
        row,
        way=PaymentWay(row.way),
        source=Source(row.source),
        verdict=Verdict(row.verdict),
        bucket=Bucket(row.bucket),
    )
