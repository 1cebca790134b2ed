"""Refunds: one row a charge, with a fixed number at the provider."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from states.payment.orders import ChargeId
from states.payment.refunds import Refund, RefundState
from storage.engine import row_macs
from storage.engine.encryption import Keyring
from storage.engine.row_mapping import record_of, row_of
from storage.engine.tables import payment_refunds


async def add(connection: AsyncConnection, keyring: Keyring, refund: Refund) -> None:
    """Insert a new refund; a charge has one at most."""
    reason = keyring.encrypt(refund.reason.encode(), _place(refund.id))
    row = row_of(payment_refunds, refund, reason=reason, mac=None)
    bound = row_macs.bind(keyring, payment_refunds, row)
    await connection.execute(insert(payment_refunds), [bound])


async def of_charge(
    connection: AsyncConnection, keyring: Keyring, charge_id: ChargeId
) -> Refund | None:
    """Return the refund of a charge."""
    condition = payment_refunds.c.charge_id == charge_id
    return await _first(connection, keyring, condition)


async def of_charges(
    connection: AsyncConnection, keyring: Keyring, charge_ids: Sequence[ChargeId]
) -> dict[ChargeId, Refund]:
    """Return the refunds of these charges; one without a refund is absent."""
    condition = payment_refunds.c.charge_id.in_(charge_ids)
    rows = await connection.execute(select(payment_refunds).where(condition))
    found = [_of_row(keyring, row) for row in rows]
    return {refund.charge_id: refund for refund in found}


async def by_id(connection: AsyncConnection, keyring: Keyring, refund_id: int) -> Refund | None:
    """Return a refund. The caller has checked the reader's scope, or is no reader."""
    return await _first(connection, keyring, payment_refunds.c.id == refund_id)


async def change(
    connection: AsyncConnection,
    keyring: Keyring,
    refund: Refund,
    state: RefundState,
    *,
    agreed_by: int | None = None,
    done_at: datetime | None = None,
    receipt: str = "",
) -> bool:
    """Move a refund on; return False if it was no longer in the state of ``refund``."""
    given = {"agreed_by": agreed_by, "done_at": done_at, "receipt": receipt}
    values: dict[str, Any] = {"state": state} | {k: v for k, v in given.items() if v}
    as_read = (payment_refunds.c.id == refund.id, payment_refunds.c.state == refund.state)
    row = (await connection.execute(select(payment_refunds).where(*as_read))).first()
    if row is None:
        return False
    bound = row_macs.rebound(keyring, payment_refunds, row, values)
    statement = update(payment_refunds).where(*as_read)
    return (await connection.execute(statement.values(bound))).rowcount == 1


async def _first(
    connection: AsyncConnection, keyring: Keyring, condition: ColumnElement[bool]
) -> Refund | None:
    row = (await connection.execute(select(payment_refunds).where(condition))).first()
    return None if row is None else _of_row(keyring, row)


def _of_row(keyring: Keyring, row: Any) -> Refund:
    """Return a refund.

    Raises:
        RowChanged: the row was changed without the keys.
    """
    row_macs.check(keyring, payment_refunds, row)
    reason = keyring.decrypt(row.reason, _place(row.id)).decode()
    return record_of(Refund, row, reason=reason, state=RefundState(row.state))


def _place(refund_id: int) -> str:
    return f"payment_refunds/{refund_id}"
