"""``baoming payments`` imports files of payments, and reports what came in and what differs.

The commands work beside a running bot, which sends the messages within half a minute.
"""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path

from cyclopts import App

from bot.cli import console
from bot.cli.writable_database import WritableDatabase, writable_database
from bot.core.settings import Refused, Settings, load_settings
from bot.payments import bill_files
from bot.payments.bill_files import UnreadableBill
from states.exam import PaymentWay
from states.payment import ledger
from states.payment.bill_lines import BadLine, BillLine, Cell, read_lines, refunded
from states.payment.orders import Bucket, Charge, amount_text, yuan
from states.records import CURRENCY
from states.texts import Argument, Text
from storage.audit.audit_log import AuditAction
from storage.engine.database import Connection
from storage.payments import charges, importing
from storage.payments.settling import Ledger, Settled
from storage.updates.outbox import Outbox, OutgoingMessage

AT_ONCE = 100
"""Lines of one transaction, so that the bot's own never wait for long."""

app = App(name="payments")


@app.command(name="import")
def take(file: Path, *, way: PaymentWay = PaymentWay.DESKTOP) -> int:
    """导入考区平台或支付方的账单，CSV 或 XLSX · import payments from a CSV or XLSX file.

    Parameters
    ----------
    file
        账单文件 · the file.
    way
        没有写方式的行算哪一种 · the way of lines that name none.
    """
    return _print(console.run(partial(import_file, load_settings(), file, way)))


@app.command
def report() -> int:
    """按考区和日期汇总收款 · the money by area and day."""
    return _print(asyncio.run(make_report(load_settings())))


@app.command
def differences(file: Path | None = None, *, way: PaymentWay = PaymentWay.DESKTOP) -> int:
    """列出应退的钱；给了账单就逐笔核对 · money owed back; with a bill, what differs from it.

    Parameters
    ----------
    file
        账单文件，可不写 · the bill, if there is one.
    way
        账单属于哪一种方式 · the way of the bill.
    """
    return _print(asyncio.run(find_differences(load_settings(), file, way)))


async def import_file(settings: Settings, file: Path, way: PaymentWay) -> list[Text]:
    """Import a file if every line is good; a second time it has no effect.

    Raises:
        Refused: a line is bad, and each is named; or file or database cannot be used.
    """
    async with writable_database(settings) as opened:
        lines = _lines(opened, _table(file), way)
        async with opened.db.read() as connection:
            bad = await importing.check(connection, opened.keyring, opened.exam, lines)
        if bad:
            raise _refused(bad)
        outbox = Outbox(opened.db, opened.keyring)
        done: Counter[Bucket] = Counter()
        known = 0
        for first in range(0, len(lines), AT_ONCE):
            batch = lines[first : first + AT_ONCE]
            new = await opened.writes(partial(_settle, opened, outbox, batch, way))
            known += len(batch) - len(new)
            done.update(one.charge.bucket for one in new)
    counts = {"fee": done[Bucket.FEE], "owed": done[Bucket.OWED], "known": known}
    return [Text("cli-payments-imported", {"lines": len(lines), **counts})]


async def _settle(
    opened: WritableDatabase,
    outbox: Outbox,
    batch: Sequence[BillLine],
    way: PaymentWay,
    connection: Connection,
) -> list[Settled]:
    """Settle lines in one transaction; return those that were new."""
    books = Ledger(connection, opened.keyring, opened.exam, opened.now, opened.ids.next)
    settled = [await importing.settle(books, line) for line in batch]
    new = [one for one in settled if one is not None]
    await outbox.add(connection, [m for one in new for m in _messages(opened, one)])
    if new:
        await opened.record(connection, AuditAction.PAYMENTS_IMPORTED, f"{len(new)} {way}")
    return new


def _table(file: Path) -> list[list[Cell]]:
    try:
        return bill_files.read(file)
    except UnreadableBill as error:
        raise Refused(Text("cli-payments-unreadable", {"reason": str(error)}), code=2) from None


def _lines(opened: WritableDatabase, table: list[list[Cell]], way: PaymentWay) -> list[BillLine]:
    lines, bad = read_lines(table, bill_files.titles(), opened.exam.tz, way)
    if bad:
        raise _refused(bad)
    return lines


def _refused(bad: list[BadLine]) -> Refused:
    named = (Text(f"line-{one.fault}", {"number": str(one.number)}) for one in bad)
    return Refused(Text("cli-payments-bad-lines", {"count": len(bad)}), *named)


def _messages(opened: WritableDatabase, settled: Settled) -> list[OutgoingMessage]:
    if settled.account is None or settled.notice is None:
        return []
    return [
        OutgoingMessage(
            opened.ids.next(),
            settled.dedup,
            opened.bot_id,
            settled.account,
            settled.notice,
            opened.now,
        )
    ]


async def make_report(settings: Settings) -> list[Text]:
    """Return a line for each area and day of the payment, in the exam's zone, and the sum.

    Raises:
        Refused: the database cannot be read.
    """
    async with writable_database(settings) as opened, opened.db.read() as connection:
        found = await charges.all_of(connection, opened.keyring)
    by_day: defaultdict[tuple[str, date], list[Charge]] = defaultdict(list)
    for charge in found:
        by_day[charge.area, opened.exam.today(charge.paid_at)].append(charge)
    lines = []
    for (code, day), some in sorted(by_day.items()):
        area = opened.exam.area(code)
        name = area.name if area else code or "—"
        lines.append(Text("cli-payments-day", {"area": name, "day": str(day), **_sums(some)}))
    foreign = [_difference("foreign", one) for one in found if one.currency != CURRENCY]
    return [*lines, *foreign, Text("cli-payments-sum", _sums(found))]


def _sums(found: list[Charge]) -> dict[str, str]:
    fen = ledger.sums(found)
    return {
        "count": str(sum(one.currency == CURRENCY for one in found)),
        "total": yuan(sum(fen.values())),
        **{bucket.name.lower().replace("_", "-"): yuan(fen[bucket]) for bucket in Bucket},
    }


async def find_differences(settings: Settings, file: Path | None, way: PaymentWay) -> list[Text]:
    """Return each charge that is owed back, and each difference from a bill by its numbers.

    Raises:
        Refused: file or database cannot be used.
    """
    async with writable_database(settings) as opened:
        table = _table(file) if file is not None else []
        lines = _lines(opened, table, way) if file is not None else []
        async with opened.db.read() as connection:
            found = await charges.all_of(connection, opened.keyring)
    told = [_difference("owed", one) for one in found if one.bucket is Bucket.OWED]
    back = refunded(table, bill_files.titles())
    told += [*_against(found, lines, way), *_against_refunds(found, back, way)]
    return told or [Text("cli-payments-no-difference")]


def _difference(kind: str, charge: Charge, billed: int | None = None) -> Text:
    expected = billed if billed is not None else charge.expected
    args: dict[str, Argument] = {
        "order": charge.order,
        "charge": charge.number,
        "money": amount_text(charge.amount, charge.currency),
        "expected": yuan(expected) if expected is not None else "—",
        "verdict": Text(f"money-why-{charge.verdict}"),
    }
    return Text(f"cli-payments-{kind}", args)


def _against(found: list[Charge], lines: list[BillLine], way: PaymentWay) -> list[Text]:
    billed = {line.money.charge: line.money for line in lines}
    ours = {charge.number: charge for charge in found if charge.way is way}
    told = []
    for number, money in billed.items():
        known = ours.get(number)
        if known is None:
            shown = amount_text(money.amount, money.currency)
            args: dict[str, Argument] = {"order": money.order, "charge": number, "money": shown}
            told.append(Text("cli-payments-unknown", args))
        elif (known.amount, known.currency) != (money.amount, money.currency):
            told.append(_difference("other-amount", known, money.amount))
    if billed:
        first, last = (f(m.at for m in billed.values()) for f in (min, max))
        told += [
            _difference("unbilled", charge)
            for number, charge in ours.items()
            if number not in billed and first <= charge.paid_at <= last
        ]
    return told


def _against_refunds(
    found: list[Charge], back: Mapping[str, str], way: PaymentWay
) -> Iterator[Text]:
    """Yield the refunds of a bill that nobody has noted here."""
    ours = {charge.number: charge for charge in found if charge.way is way}
    for number, order in back.items():
        known = ours.get(number)
        if known is None or known.bucket is not Bucket.SENT_BACK:
            here = amount_text(known.amount, known.currency) if known else "—"
            args: dict[str, Argument] = {"order": order, "charge": number, "money": here}
            yield Text("cli-payments-refunded", args)


def _print(texts: list[Text]) -> int:
    for text in texts:
        print(console.localized(text))
    return 0
