"""Bill lines: the payments in an area's or a provider's file, each line checked by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from states.exam import PaymentWay
from states.payment.orders import Money, Source
from states.records import CURRENCY

Cell = str | int | float | datetime | None
"""The content of a cell of a table."""
Rows = list[tuple[int, Sequence[Cell]]]
"""The rows of a table with their numbers; the first has the headers."""
Titles = Mapping[str, Sequence[str]]
"""The headers of each column, in the files of areas and of providers.

``refund`` are the words by which a row tells of a refund, ``end`` those that begin the totals.
"""
_REMARK: Final = "#"
"""The beginning of a row that is none of the table: Alipay's bill has some above and below it."""
_NEEDED: Final = ("charge", "yuan", "at")
_TIMES: Final = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M")
_EXACT: Final = 10**15
"""A spreadsheet keeps 15 digits of a number: the end of a longer order number is lost."""
_MOST_YUAN: Final = Decimal(1_000_000)


class LineFault(StrEnum):
    """The faults of a line; the messages are ``line-KEY``."""

    COLUMNS = "columns"
    CHARGE = "charge"
    ROUNDED = "rounded"
    NAMED = "named"
    AMOUNT = "amount"
    TIME = "time"
    WAY = "way"
    TWICE = "twice"
    CODE = "code"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that cannot be imported; ``number`` counts from 1, the header included."""

    number: int
    fault: LineFault


@dataclass(frozen=True, slots=True)
class BillLine:
    """A payment in a file. ``code`` is an application's code where the area's platform names it."""

    number: int
    money: Money
    code: str = ""


def read_lines(
    table: Sequence[Sequence[Cell]], titles: Titles, zone: ZoneInfo, way: PaymentWay
) -> tuple[list[BillLine], list[BadLine]]:
    """Return the payments of a table and its bad lines; the first row has the headers.

    ``way`` is that of lines without one of their own. Refunds are left out (``refunded``).
    """
    rows = _rows(table, titles)
    places = _places(rows[0][1], titles) if rows else {}
    if any(name not in places for name in _NEEDED) or not {"code", "order"} & places.keys():
        return [], [BadLine(rows[0][0] if rows else 1, LineFault.COLUMNS)]
    good: list[BillLine] = []
    bad: list[BadLine] = []
    seen: set[tuple[PaymentWay, str]] = set()
    for number, cells in _lines(rows, places):
        if _is_refund(cells, titles):
            continue
        line = _line(number, cells, zone, way)
        if isinstance(line, BillLine):
            key = (line.money.way, line.money.charge)
            if key in seen:
                line = BadLine(number, LineFault.TWICE)
            seen.add(key)
        if isinstance(line, BadLine):
            bad.append(line)
        else:
            good.append(line)
    return good, bad


def refunded(table: Sequence[Sequence[Cell]], titles: Titles) -> dict[str, str]:
    """Return the order numbers of the charges that the rows of a bill say went back."""
    rows = _rows(table, titles)
    places = _places(rows[0][1], titles) if rows else {}
    back = [cells for _, cells in _lines(rows, places) if _is_refund(cells, titles)]
    return {_text(cells.get("charge")): _text(cells.get("order")) for cells in back}


def _rows(table: Sequence[Sequence[Cell]], titles: Titles) -> Rows:
    """Return header and rows with their numbers, without remarks, empty rows and totals."""
    rows: Rows = []
    for number, row in enumerate(table, 1):
        first = _text(row[0]) if row else ""
        if first in titles.get("end", ()):
            break
        if any(map(_text, row)) and not first.startswith(_REMARK):
            rows.append((number, row))
    return rows


def _lines(rows: Rows, places: Mapping[str, int]) -> Iterator[tuple[int, dict[str, Cell]]]:
    """Yield the rows below the header: their numbers, and their cells by column."""
    for number, row in rows[1:]:
        yield number, {name: row[at] if at < len(row) else None for name, at in places.items()}


def _is_refund(cells: Mapping[str, Cell], titles: Titles) -> bool:
    return _text(cells.get("kind")) in titles.get("refund", ())


def _places(header: Sequence[Cell], titles: Titles) -> dict[str, int]:
    names = {title.casefold(): name for name, some in titles.items() for title in some}
    found: dict[str, int] = {}
    for at, cell in enumerate(header):
        name = names.get(_text(cell).lstrip("\ufeff").casefold())
        if name is not None:
            found.setdefault(name, at)
    return found


def _line(
    number: int, cells: Mapping[str, Cell], zone: ZoneInfo, way: PaymentWay
) -> BillLine | BadLine:
    named = [cells.get(name) for name in ("charge", "code", "order")]
    if any(isinstance(one, int | float) and abs(one) >= _EXACT for one in named):
        return BadLine(number, LineFault.ROUNDED)
    charge, code, order = map(_text, named)
    if not charge or len(charge) > 200:
        return BadLine(number, LineFault.CHARGE)
    if not (code or order) or len(order) > 128:
        return BadLine(number, LineFault.NAMED)
    if stated := _text(cells.get("way")):
        if stated not in list(PaymentWay):
            return BadLine(number, LineFault.WAY)
        way = PaymentWay(stated)
    fen, at = _fen(cells.get("yuan")), _moment(cells.get("at"), zone)
    if fen is None:
        return BadLine(number, LineFault.AMOUNT)
    if at is None:
        return BadLine(number, LineFault.TIME)
    currency = _text(cells.get("currency")) or CURRENCY
    money = Money(way, charge, order or code, fen, currency[:3], at, Source.FILE)
    return BillLine(number, money, "" if order else code)


def _text(cell: Cell) -> str:
    """Return a cell as text; providers put a backquote before long numbers."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return "" if cell is None else str(cell).strip().lstrip("`").strip()


def _fen(cell: Cell) -> int | None:
    """Return whole fen of an amount in yuan; None for anything else."""
    typed = _text(cell).replace(",", "").removeprefix("¥").removesuffix("元").strip()
    try:
        yuan = Decimal(typed)
    except InvalidOperation:
        return None
    fen = yuan * 100
    is_amount = yuan.is_finite() and 0 < yuan < _MOST_YUAN and fen == fen.to_integral_value()
    return int(fen) if is_amount else None


def _moment(cell: Cell, zone: ZoneInfo) -> datetime | None:
    """Return a moment; one without an offset is of the exam's zone."""
    if isinstance(cell, datetime):
        return cell if cell.tzinfo else cell.replace(tzinfo=zone)
    typed = _text(cell)
    for pattern in _TIMES:
        try:
            return datetime.strptime(typed, pattern).replace(tzinfo=zone)
        except ValueError:
            continue
    try:
        moment = datetime.fromisoformat(typed)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
