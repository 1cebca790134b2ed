"""Orders: one row each; at most one of an application is open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from states.exam import PaymentWay
from states.payment.orders import OPEN, Order, OrderId, OrderState
from states.records import ApplicationId
from storage.engine import row_macs
from storage.engine.encryption import Keyring
from storage.engine.row_mapping import record_of, row_of
from storage.engine.tables import payment_orders


async def add(connection: AsyncConnection, keyring: Keyring, order: Order) -> None:
    """Insert a new order."""
    await connection.execute(insert(payment_orders), _as_row(keyring, order))


async def by_number(connection: AsyncConnection, keyring: Keyring, number: str) -> Order | None:
    """Return the order of this number; None if it is not ours."""
    return next(iter(await _read(connection, keyring, payment_orders.c.number == number)), None)


async def by_id(connection: AsyncConnection, keyring: Keyring, order_id: OrderId) -> Order | None:
    """Return the order of this id."""
    return next(iter(await _read(connection, keyring, payment_orders.c.id == order_id)), None)


async def of_application(
    connection: AsyncConnection, keyring: Keyring, application_id: ApplicationId
) -> list[Order]:
    """Return all orders of an application, oldest first."""
    return await _read(connection, keyring, payment_orders.c.application_id == application_id)


async def of_applications(
    connection: AsyncConnection, keyring: Keyring, ids: Sequence[ApplicationId]
) -> dict[ApplicationId, list[Order]]:
    """Return all orders of these applications; one without orders is absent."""
    found: dict[ApplicationId, list[Order]] = {}
    for order in await _read(connection, keyring, payment_orders.c.application_id.in_(ids)):
        found.setdefault(order.application_id, []).append(order)
    return found


async def open_of(
    connection: AsyncConnection, keyring: Keyring, application_id: ApplicationId
) -> list[Order]:
    """Return the open orders of an application: one, or none."""
    is_open = payment_orders.c.state.in_(OPEN)
    mine = payment_orders.c.application_id == application_id
    return await _read(connection, keyring, mine & is_open)


async def made_since(
    connection: AsyncConnection, application_id: ApplicationId, since: datetime
) -> int:
    """Count the orders of an application that were made since a moment."""
    mine = (payment_orders.c.application_id == application_id, payment_orders.c.made_at > since)
    return await connection.scalar(select(func.count()).where(*mine)) or 0


async def change(
    connection: AsyncConnection,
    keyring: Keyring,
    order: Order,
    state: OrderState,
    *,
    ended_at: datetime | None = None,
    link: str = "",
) -> bool:
    """Move an open order on; return False if it was no longer as it was read."""
    values: dict[str, Any] = {"state": state}
    if ended_at is not None:
        values["ended_at"] = ended_at
    if link:
        values["link"] = keyring.encrypt(link.encode(), _place(order.id, "link"))
    statement = update(payment_orders).where(
        payment_orders.c.id == order.id, payment_orders.c.state == order.state
    )
    return (await connection.execute(statement.values(values))).rowcount == 1


async def close_at(connection: AsyncConnection, order: Order, at: datetime) -> None:
    """Let an open order end at this moment, earlier than it would."""
    is_open = payment_orders.c.state.in_(OPEN)
    statement = update(payment_orders).where(payment_orders.c.id == order.id, is_open)
    await connection.execute(statement.values(closes_at=at))


async def _read(
    connection: AsyncConnection, keyring: Keyring, condition: ColumnElement[bool]
) -> list[Order]:
    query = select(payment_orders).where(condition).order_by(payment_orders.c.id)
    return [_of_row(keyring, row) for row in await connection.execute(query)]


def _as_row(keyring: Keyring, order: Order) -> dict[str, Any]:
    link = order.link and keyring.encrypt(order.link.encode(), _place(order.id, "link"))
    payer = keyring.encrypt(order.payer.encode(), _place(order.id, "payer"))
    row = row_of(payment_orders, order, payer=payer, link=link or None, mac=None)
    return row_macs.bind(keyring, payment_orders, row)


def _of_row(keyring: Keyring, row: Any) -> Order:
    row_macs.check(keyring, payment_orders, row)
    link = keyring.decrypt(row.link, _place(row.id, "link")).decode() if row.link else ""
    return record_of(
        Order,
        row,
        way=PaymentWay(row.way),
        state=OrderState(row.state),
        payer=keyring.decrypt(row.payer, _place(row.id, "payer")).decode(),
        link=link,
    )


def _place(order_id: int, part: str) -> str:
    return f"payment_orders/{order_id}/{part}"
