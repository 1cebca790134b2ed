"""Importing: the lines of a file are checked together, and settled only if all are good."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from states.exam import Exam, PaymentWay
from states.payment.bill_lines import BadLine, BillLine, LineFault
from states.payment.orders import Order, OrderId, OrderState, amount_due
from states.records import Application
from states.submissions.application_codes import code_of, id_of
from storage.candidates import applications
from storage.engine.encryption import Keyring
from storage.payments import charges, settling
from storage.payments.settling import Ledger, Settled


async def check(
    connection: AsyncConnection, keyring: Keyring, exam: Exam, lines: Sequence[BillLine]
) -> list[BadLine]:
    """Return the lines that name no application, or differ from what is known of their charge."""
    bad = []
    for line in lines:
        known = await charges.known(connection, keyring, line.money)
        if known is not None and known.amount != line.money.amount:
            bad.append(BadLine(line.number, LineFault.CONFLICT))
        elif line.code and await _application(connection, keyring, exam, line) is None:
            bad.append(BadLine(line.number, LineFault.CODE))
    return bad


async def settle(ledger: Ledger, line: BillLine) -> Settled | None:
    """Settle a checked line; None where its money is known already."""
    if not line.code:
        return await settling.receive(ledger, line.money)
    found = await _application(ledger.connection, ledger.keyring, ledger.exam, line)
    if found is None:
        return await settling.receive(ledger, line.money)
    money = replace(line.money, order=code_of(found.id))
    return await settling.receive(ledger, money, _implied(found, ledger.exam, money.at))


def _implied(application: Application, exam: Exam, at: datetime) -> Order:
    """Return the order that an area's own platform stands for; it has no row."""
    return Order(
        OrderId(0),
        code_of(application.id),
        application.id,
        application.person_id,
        application.revision,
        PaymentWay.DESKTOP,
        amount_due(application, exam),
        at,
        at,
        OrderState.CLOSED,
    )


async def _application(
    connection: AsyncConnection, keyring: Keyring, exam: Exam, line: BillLine
) -> Application | None:
    wanted = id_of(line.code)
    if wanted is None:
        return None
    found = (await applications.by_ids(connection, keyring, [wanted])).get(wanted)
    return found if found is not None and found.exam == exam.key else None
