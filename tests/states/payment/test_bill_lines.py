"""Lines of a bill: what is a payment, and by which number and reason the others are named."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from states.exam import PaymentWay
from states.payment.bill_lines import BadLine, BillLine, Cell, LineFault, read_lines
from states.payment.orders import Money, Source

pytestmark = pytest.mark.row("S25")

TITLES = {
    "code": ["报名编号", "code"],
    "order": ["商户订单号"],
    "charge": ["交易号", "微信订单号"],
    "yuan": ["金额"],
    "at": ["支付时间"],
    "way": ["方式"],
}
ZONE = ZoneInfo("Asia/Shanghai")
HEADER: list[Cell] = ["报名编号", "交易号", "金额", "支付时间", "方式"]
GOOD: list[Cell] = ["6A1B2C", "R-1", "260.00", "2026-02-05 14:20:00", ""]
AT = datetime(2026, 2, 5, 6, 20, tzinfo=UTC)


def lines(*rows: list[Cell], header: list[Cell] | None = None) -> list[BillLine | BadLine]:
    """What is read of rows below a header."""
    good, bad = read_lines([header or HEADER, *rows], TITLES, ZONE, PaymentWay.DESKTOP)
    return sorted([*good, *bad], key=lambda one: one.number)


def changed(**cells: Cell) -> list[Cell]:
    """The good row with other cells."""
    at = {"code": 0, "charge": 1, "yuan": 2, "at": 3, "way": 4}
    row = list(GOOD)
    for name, cell in cells.items():
        row[at[name]] = cell
    return row


def test_a_line_becomes_money_of_its_code() -> None:
    (line,) = lines(GOOD)
    money = Money(PaymentWay.DESKTOP, "R-1", "6A1B2C", 26_000, "CNY", AT, Source.FILE)
    assert line == BillLine(2, money, "6A1B2C")


def test_a_providers_bill_names_its_order() -> None:
    header: list[Cell] = ["\ufeff商户订单号", "微信订单号", "金额", "支付时间"]
    (line,) = lines(["`B10", "`4200001234", "¥1,260.00元", "2026/2/5 14:20"], header=header)
    money = Money(PaymentWay.DESKTOP, "4200001234", "B10", 126_000, "CNY", AT, Source.FILE)
    assert line == BillLine(2, money)


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (changed(charge=""), LineFault.CHARGE),
        (changed(charge="1" * 201), LineFault.CHARGE),
        (changed(code=None), LineFault.NAMED),
        (changed(charge=4.2000012342026e27), LineFault.ROUNDED),
        (changed(charge=10**15), LineFault.ROUNDED),
        (changed(code=1e15), LineFault.ROUNDED),
        (changed(yuan="260.001"), LineFault.AMOUNT),
        (changed(yuan=0.1 + 0.2), LineFault.AMOUNT),
        (changed(yuan="0"), LineFault.AMOUNT),
        (changed(yuan="-260"), LineFault.AMOUNT),
        (changed(yuan="NaN"), LineFault.AMOUNT),
        (changed(yuan="1e9"), LineFault.AMOUNT),
        (changed(yuan="贰佰陆拾"), LineFault.AMOUNT),
        (changed(yuan=None), LineFault.AMOUNT),
        (changed(at="5.2.2026"), LineFault.TIME),
        (changed(at="2026-02-30 10:00:00"), LineFault.TIME),
        (changed(at=46058.5), LineFault.TIME),
        (changed(way="现金"), LineFault.WAY),
        (GOOD[:2], LineFault.AMOUNT),
    ],
)
def test_a_bad_line_is_named_by_number_and_reason(row: list[Cell], fault: LineFault) -> None:
    assert lines(changed(charge="R-0"), row)[1] == BadLine(3, fault)


@pytest.mark.parametrize(
    ("cells", "fen"),
    [
        ({"yuan": 260}, 26_000),
        ({"yuan": 61.1}, 6_110),
        ({"yuan": " 61.10 元 "}, 6_110),
        ({"charge": 123_456_789_012_345}, 26_000),
        ({"at": datetime.fromisoformat("2026-02-05T14:20")}, 26_000),
        ({"at": "2026-02-05T06:20:00Z"}, 26_000),
    ],
)
def test_spreadsheets_write_numbers_and_moments_in_their_way(
    cells: dict[str, Cell], fen: int
) -> None:
    (line,) = lines(changed(**cells))
    assert isinstance(line, BillLine)
    assert (line.money.amount, line.money.at) == (fen, AT)


def test_a_charge_counts_once_a_way_and_empty_rows_count_for_nothing() -> None:
    found = lines(GOOD, [None, "", None, "  ", None], GOOD, changed(way="wechat"))
    assert [type(one).__name__ for one in found] == ["BillLine", "BadLine", "BillLine"]
    assert found[1] == BadLine(4, LineFault.TWICE)


@pytest.mark.parametrize("missing", ["交易号", "金额", "支付时间", "报名编号"])
def test_a_table_without_a_column_is_no_bill(missing: str) -> None:
    header: list[Cell] = ["?" if one == missing else one for one in HEADER]
    assert lines(GOOD, header=header) == [BadLine(1, LineFault.COLUMNS)]
    assert read_lines([], TITLES, ZONE, PaymentWay.WECHAT) == ([], [BadLine(1, LineFault.COLUMNS)])
