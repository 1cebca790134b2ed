"""Money that somebody moves with the database's own tools, without the keys: refused and named."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import text

from states.broadcasts.ledger import BroadcastState
from storage.audit import replay
from storage.broadcasts import broadcasts
from storage.engine.database import Database
from storage.engine.row_macs import RowChanged
from storage.payments import charges, orders, refunds, settling
from tests.storage.broadcasts.test_ledger import BROADCAST
from tests.storage.payments.test_settling import AREA, ORDER, PAID, Books
from tests.storage.process import BOT, keyring

pytestmark = pytest.mark.row("B13")

CHANGED = {
    "an order of another application": "UPDATE payment_orders SET application_id = 31337",
    "an order of a smaller amount": "UPDATE payment_orders SET amount = 1",
    "an order under another number": "UPDATE payment_orders SET number = 'B99'",
    "a charge for another application": "UPDATE payment_charges SET application_id = 31337",
    "a charge of a smaller amount": "UPDATE payment_charges SET amount = 1",
    "a charge that is owed back": "UPDATE payment_charges SET bucket = 'owed'",
    "a charge with another verdict": "UPDATE payment_charges SET verdict = 'fee-twice'",
    "a charge that was in time": "UPDATE payment_charges SET paid_at = heard_at, site = 'x'",
    "a refund of more": "UPDATE payment_refunds SET amount = 999999",
    "a refund that somebody has agreed to": "UPDATE payment_refunds SET agreed_by = 31337",
    "a refund that was sent": "UPDATE payment_refunds SET state = 'sent', receipt = 'x'",
    "an event of a smaller amount": "UPDATE payment_events SET amount = 1 WHERE amount > 1",
    "an event that was never seen": "UPDATE payment_events SET kind = 'sent-back'",
    "a broadcast to everybody": "UPDATE broadcasts SET audience = '{}'",
    "a broadcast by somebody else": "UPDATE broadcasts SET made_by = 31337",
    "a broadcast that is paid for": "UPDATE broadcasts SET paid = NOT paid",
}


@pytest.fixture
async def books(db: Database) -> Books:
    """A fee, money that came twice and is to be sent back, and a broadcast."""
    made = Books(db)
    await made.opens()
    await made.hears(PAID)
    await made.hears(replace(PAID, charge="c2"))
    async with db.write() as connection:
        ledger = made.at(connection)
        (owed,) = await charges.owed(connection, keyring(), [AREA], 0, 10)
        assert await settling.ask_refund(ledger, owed, "缴重了", 900) is not None
        await broadcasts.add(connection, keyring(), BROADCAST)
        await broadcasts.move(
            connection, BROADCAST.id, [BroadcastState.RUNNING], BroadcastState.PAUSED
        )
    return made


async def named(books: Books) -> set[str]:
    """The tables with a changed row."""
    async with books.db.read() as connection:
        found = await replay.differences(connection, keyring())
    return {one.table for one in found if one.kind is replay.Kind.CHANGED}


async def test_sound_books_have_no_changed_row(books: Books) -> None:
    assert await named(books) == set()


@pytest.mark.parametrize("what", CHANGED)
async def test_what_is_written_without_the_keys_is_refused_and_named(
    books: Books, what: str
) -> None:
    async with books.db.write() as connection:
        assert (await connection.execute(text(CHANGED[what]))).rowcount > 0
    table = CHANGED[what].split()[1]
    assert await named(books) == {table}
    with pytest.raises(RowChanged):
        await reads(books, table)


async def reads(books: Books, table: str) -> None:
    """The bot reads the rows of a table."""
    async with books.db.read() as connection:
        match table:
            case "payment_orders":
                await orders.by_id(connection, keyring(), ORDER.id)
            case "payment_charges":
                await charges.all_of(connection, keyring())
            case "payment_refunds":
                for charge in await charges.all_of(connection, keyring()):
                    await refunds.of_charge(connection, keyring(), charge.id)
            case "payment_events":
                await charges.events_of(connection, keyring(), ORDER.number)
            case "broadcasts":
                await broadcasts.of_id(connection, keyring(), BOT, BROADCAST.id)


@pytest.mark.parametrize(
    ("statement", "difference"),
    [
        ("DELETE FROM payment_refunds", replay.Kind.REFUNDS),
        ("DELETE FROM payment_refunds; DELETE FROM payment_charges", replay.Kind.CHARGES),
        ("UPDATE payment_charges SET application_id = NULL", replay.Kind.CHARGES),
    ],
)
async def test_money_that_somebody_takes_out_is_named(
    books: Books, statement: str, difference: replay.Kind
) -> None:
    """Its deletion leaves no row whose MAC is wrong; the audit knows that it came."""
    async with books.db.write() as connection:
        for one in statement.split(";"):
            assert (await connection.execute(text(one))).rowcount > 0
    async with books.db.read() as connection:
        found = await replay.differences(connection, keyring())
    assert difference in {one.kind for one in found}


async def test_sound_money_is_all_there(books: Books) -> None:
    async with books.db.read() as connection:
        found = await replay.differences(connection, keyring())
    assert {one.kind for one in found} & {replay.Kind.CHARGES, replay.Kind.REFUNDS} == set()
