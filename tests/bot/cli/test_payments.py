"""The files and reports of the command line: what is imported, what differs, what came in when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from bot.cli import payments
from bot.core.settings import Refused, Settings
from states.exam import PaymentWay
from states.payment.orders import Bucket, Money, Source
from states.records import Stage
from states.submissions.application_codes import code_of
from states.texts import Text
from storage.engine import installation
from storage.engine.ids import RowIds
from storage.payments import charges, settling
from storage.payments.settling import Ledger
from tests.bot.cli.test_lost_races import SECRETS
from tests.databases import opened
from tests.e2e import bot_settings
from tests.factories import EXAM
from tests.storage.staff_members import KEYS, come, waiting

pytestmark = pytest.mark.row("S24", "S25")

SUBJECTS = {"subjects": " ".join(one.code for one in EXAM.subjects)}
PAID = [
    replace(one, stage=Stage.APPROVED, answers={**one.answers, **SUBJECTS})
    for one in map(waiting, (1, 2, 3))
]
CODES = [code_of(one.id) for one in PAID]
HEADER = ["报名编号", "票据号", "金额", "支付时间"]
DUE = "260.00"
DAYS = ("2026-02-05 10:00:00", "2026-02-06 10:00:00")


@pytest_asyncio.fixture
async def settings(database: str, tmp_path: Path) -> Settings:
    """Three approved candidates of Qinghai, and no bot beside the commands."""
    known = bot_settings.at(tmp_path, database).model_copy(update={"secret_keys": SECRETS})
    async with opened(database) as db:
        await installation.bind_keys(db, KEYS)
        await come(db, *PAID)
    return known


def xlsx(file: Path, rows: Sequence[Sequence[object]]) -> Path:
    """Write a workbook."""
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in (HEADER, *rows):
        book.active.append(list(row))
    book.save(file)
    return file


def csv(file: Path, header: Sequence[str], rows: Sequence[Sequence[str]]) -> Path:
    """Write a CSV file."""
    file.write_text("".join(",".join(row) + "\n" for row in (header, *rows)), "utf-8")
    return file


async def kept(settings: Settings) -> dict[str, Bucket]:
    """The bucket of each charge."""
    async with opened(settings.database) as db, db.read() as connection:
        return {one.number: one.bucket for one in await charges.all_of(connection, KEYS)}


async def hears(settings: Settings, *money: Money) -> None:
    """Providers report money for orders that nobody has made."""
    async with opened(settings.database) as db, db.write() as connection:
        books = Ledger(connection, KEYS, EXAM, EXAM.windows.payment.opens, RowIds().next)
        for one in money:
            await settling.receive(books, one)


async def test_a_workbook_is_imported_whole_or_not_at_all_and_once(
    settings: Settings, tmp_path: Path
) -> None:
    good = [CODES[0], "PJ1", 260, DAYS[0]], [CODES[1], "PJ2", DUE, DAYS[1]]
    bad = [CODES[2], "PJ3", "一百", DAYS[1]], ["ZZZZ-ZZZ", "PJ4", DUE, DAYS[1]]
    file = xlsx(tmp_path / "bill.xlsx", [*good, bad[0]])
    with pytest.raises(Refused) as refused:
        await payments.import_file(settings, file, PaymentWay.DESKTOP)
    assert refused.value.more == (Text("line-amount", {"number": "4"}),)
    file = xlsx(tmp_path / "bill.xlsx", [*good, bad[1]])
    with pytest.raises(Refused) as refused:
        await payments.import_file(settings, file, PaymentWay.DESKTOP)
    assert refused.value.more == (Text("line-code", {"number": "4"}),)
    assert await kept(settings) == {}
    file = xlsx(tmp_path / "bill.xlsx", good)
    for known in (0, 2):
        (said,) = await payments.import_file(settings, file, PaymentWay.DESKTOP)
        assert (said.args["lines"], said.args["known"]) == (2, known)
    assert await kept(settings) == {"PJ1": Bucket.FEE, "PJ2": Bucket.FEE}


async def test_the_report_has_a_line_for_each_area_and_day_and_keeps_currencies_apart(
    settings: Settings, tmp_path: Path
) -> None:
    rows = [[CODES[0], "PJ1", DUE, DAYS[0]], [CODES[1], "PJ2", DUE, DAYS[1]]]
    rows.append([CODES[1], "PJ3", DUE, DAYS[1]])
    await payments.import_file(
        settings, csv(tmp_path / "bill.csv", HEADER, rows), PaymentWay.DESKTOP
    )
    at = EXAM.windows.payment.opens
    await hears(settings, Money(PaymentWay.WECHAT, "w1", "B1", 500, "USD", at, Source.QUERY))
    *lines, foreign, total = await payments.make_report(settings)
    days = [(line.args["area"], line.args["day"], line.args["total"]) for line in lines]
    assert days[-2:] == [("青海考区", "2026-02-05", "260"), ("青海考区", "2026-02-06", "520")]
    second = lines[-1].args
    assert (second["fee"], second["owed"], second["sent-back"]) == ("260", "260", "0")
    assert foreign.key == "cli-payments-foreign"
    assert foreign.args["money"] == Text("money-foreign", {"units": "500", "currency": "USD"})
    assert (total.args["count"], total.args["total"], total.args["owed"]) == ("3", "780", "260")


async def test_each_difference_from_a_providers_bill_is_named_by_its_numbers(
    settings: Settings, tmp_path: Path
) -> None:
    at = EXAM.windows.payment.opens
    reports = [
        Money(PaymentWay.WECHAT, f"w{n}", f"B{n}", 26_000, "CNY", at, Source.QUERY)
        for n in range(1, 5)
    ]
    await hears(settings, *reports)
    header = ["交易时间", "微信订单号", "商户订单号", "交易状态", "订单金额"]
    moments = [f"{(at + timedelta(hours=n)).astimezone(EXAM.tz):%Y-%m-%d %H:%M:%S}" for n in (0, 1)]
    file = csv(
        tmp_path / "bill.csv",
        header,
        [
            [f"`{moments[0]}", "`w1", "`B1", "`SUCCESS", "`260.00"],
            [f"`{moments[0]}", "`w2", "`B2", "`SUCCESS", "`259.00"],
            [f"`{moments[1]}", "`w9", "`B9", "`SUCCESS", "`260.00"],
            [f"`{moments[1]}", "`w4", "`B4", "`REFUND", "`0.00"],
            ["总交易单数", "订单总金额"],
        ],
    )
    told = await payments.find_differences(settings, file, PaymentWay.WECHAT)
    named = [(one.key.removeprefix("cli-payments-"), one.args["charge"]) for one in told]
    owed = [("owed", f"w{n}") for n in range(1, 5)]
    assert named == [
        *owed,
        ("other-amount", "w2"),
        ("unknown", "w9"),
        ("unbilled", "w3"),
        ("unbilled", "w4"),
        ("refunded", "w4"),
    ]
