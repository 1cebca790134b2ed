"""Bill files: tables of payments, CSV or XLSX, as rows of cells."""

from __future__ import annotations

import csv
import io
import tomllib
from datetime import datetime
from importlib import resources
from pathlib import Path
from typing import Final

from states.payment.bill_lines import Cell, Titles

MOST_LINES: Final = 200_000
MOST_COLUMNS: Final = 60
LARGEST: Final = 64 * 1024 * 1024


class UnreadableBill(Exception):
    """The file is no table: its message is for the operator."""


def titles() -> Titles:
    """Return the headers that files may have, beside the locales."""
    file = resources.files("bot") / "locales" / "bill_columns.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


def read(file: Path) -> list[list[Cell]]:
    """Return the rows of a CSV file (UTF-8 or GB 18030) or of the first sheet of an XLSX file.

    Raises:
        UnreadableBill: it is no table, or too large.
        OSError: there is no such file, or it may not be read.
    """
    try:
        if file.stat().st_size > LARGEST:
            raise UnreadableBill("too large")
        rows = _xlsx(file) if file.suffix.lower() == ".xlsx" else _csv(file)
    except (UnicodeDecodeError, csv.Error) as error:
        raise UnreadableBill(type(error).__name__) from None
    if len(rows) > MOST_LINES:
        raise UnreadableBill("too many lines")
    return rows


def _csv(file: Path) -> list[list[Cell]]:
    content = file.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030")
    return [list(row[:MOST_COLUMNS]) for row in csv.reader(io.StringIO(text, newline=""))]


def _xlsx(file: Path) -> list[list[Cell]]:
    try:
        import openpyxl
    except ImportError:
        raise UnreadableBill("openpyxl is not installed: pip install '.[payments]'") from None
    try:
        book = openpyxl.load_workbook(file, read_only=True, data_only=True)
        sheet = book.worksheets[0]
        rows = [
            [_cell(cell) for cell in row[:MOST_COLUMNS]]
            for row in sheet.iter_rows(values_only=True, max_row=MOST_LINES + 1)
        ]
        book.close()
    except Exception as error:  # of a file that is no workbook: zip, XML, keys
        raise UnreadableBill(type(error).__name__) from None
    return rows


def _cell(value: object) -> Cell:
    if isinstance(value, str | int | float | datetime) or value is None:
        return value
    return str(value)
