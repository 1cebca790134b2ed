"""Lines of a bill: what is a payment, and by which number and reason the others are named."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.payments.bill_files import titles
from states.exam import PaymentWay
from states.payment.bill_lines import BadLine, BillLine, Cell, LineFault, read_lines, refunded
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
SHIPPED = titles()
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


WECHAT_TITLES = (
    "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,"
    "付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,"
    "退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注"
)
"""The header of WeChat Pay's bill of all trades."""
ALIPAY_TITLES = (
    "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,"
    "对方账户,订单金额（元）,商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,"
    "商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,卡消费金额（元）,"
    "退款批次号/请求号,服务费（元）,分润（元）,备注"
)


def billed(header: str, mark: str = "", **cells: str) -> list[Cell]:
    """A row of a provider's bill."""
    return [mark + cells.get(title.removesuffix("（元）"), "") for title in header.split(",")]


def test_wechats_own_bill_is_read_without_its_refunds_and_totals() -> None:
    paid = {"交易时间": "2026-02-05 14:20:00", "微信订单号": "4200001234", "商户订单号": "B10"}
    money = {"货币种类": "CNY", "应结订单金额": "250.00", "订单金额": "260.00"}
    table: list[list[Cell]] = [
        [*WECHAT_TITLES.split(",")],
        billed(WECHAT_TITLES, "`", **paid, **money, 交易状态="SUCCESS"),
        billed(WECHAT_TITLES, "`", **paid, 订单金额="0.00", 退款金额="260.00", 交易状态="REFUND"),
        ["总交易单数", "应结订单总金额", "退款总金额"],
        ["`2", "`250.00", "`260.00"],
    ]
    expected = Money(PaymentWay.WECHAT, "4200001234", "B10", 26_000, "CNY", AT, Source.FILE)
    assert read_lines(table, SHIPPED, ZONE, PaymentWay.WECHAT) == ([BillLine(2, expected)], [])
    assert refunded(table, SHIPPED) == {"4200001234": "B10"}


def test_alipays_own_bill_is_read_between_its_remarks() -> None:
    paid = {
        "支付宝交易号": "2026020522001\t",
        "商户订单号": "B10\t",
        "完成时间": "2026-02-05 14:20:00",
    }
    table: list[list[Cell]] = [
        ["#支付宝业务明细查询"],
        ["#账号：[20880000010000000156]"],
        [
            "#-----------------------------------------业务明细列表------------------------------------"
        ],
        [*ALIPAY_TITLES.split(",")],
        billed(ALIPAY_TITLES, **paid, 订单金额="260.00", 业务类型="交易"),
        billed(ALIPAY_TITLES, **paid, 订单金额="-260.00", 业务类型="退款"),
        billed(ALIPAY_TITLES, **paid, 订单金额="二百六", 业务类型="交易"),
        [
            "#-----------------------------------------业务明细列表结束--------------------------------"
        ],
        ["#交易合计：1笔，商家实收共260.00元，商家优惠共0.00元"],
    ]
    expected = Money(PaymentWay.ALIPAY, "2026020522001", "B10", 26_000, "CNY", AT, Source.FILE)
    good, bad = read_lines(table, SHIPPED, ZONE, PaymentWay.ALIPAY)
    assert good == [BillLine(5, expected)]
    assert bad == [BadLine(7, LineFault.AMOUNT)]
    assert refunded(table, SHIPPED) == {"2026020522001": "B10"}
