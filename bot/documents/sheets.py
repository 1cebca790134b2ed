"""Tables as files: XLSX and CSV row by row, and a PDF for printing by Typst.

No cell becomes a formula: XLSX cells are strings, and in CSV an apostrophe stands before a sign
that begins one (https://owasp.org/www-community/attacks/CSV_Injection).
"""

from __future__ import annotations

import asyncio
import csv
import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import ExitStack
from datetime import date, datetime
from functools import cache
from importlib import resources
from io import StringIO
from tempfile import TemporaryDirectory, TemporaryFile
from threading import Lock
from typing import IO, Final, Protocol
from zoneinfo import ZoneInfo

import typst
from xlsxwriter import Workbook

from bot.documents import print_fonts
from handlers.rendering import Cell, Sheet, SheetFormat
from states.texts import Text

MOST_PRINTED: Final = 500
"""The most rows of a PDF, about 20 pages; the other formats take all."""
_WIDTH: Final = 18
"""The width of an XLSX column, in characters."""
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")

_ONE_AT_A_TIME: Final = Lock()
"""Typst's compiler is used by one thread at a time."""

Localize = Callable[[Text | str], str]
Batches = AsyncIterator[Sequence[Sequence[Cell]]]


class TableWriter(Protocol):
    """Writes the rows of a table one by one."""

    def row(self, cells: Sequence[str | int]) -> None:
        """Write a row."""

    def content(self) -> bytes:
        """Return the file."""


async def file_of(sheet: Sheet, batches: Batches, localize: Localize, tz: ZoneInfo) -> bytes:
    """Return a table as a file; a thread writes each batch, so that the bot goes on meanwhile."""
    writers: dict[SheetFormat, Callable[[], TableWriter]] = {
        SheetFormat.XLSX: XlsxTable,
        SheetFormat.CSV: CsvTable,
        SheetFormat.PDF: lambda: PdfTable(localize(sheet.title)),
    }
    table = writers[sheet.format]()
    table.row([localize(one) for one in sheet.columns])
    async for batch in batches:
        await asyncio.to_thread(_write, table, batch, localize, tz)
    return await asyncio.to_thread(table.content)


def _write(
    table: TableWriter, batch: Sequence[Sequence[Cell]], localize: Localize, tz: ZoneInfo
) -> None:
    for cells in batch:
        table.row([_plain(one, localize, tz) for one in cells])


def _plain(cell: Cell, localize: Localize, tz: ZoneInfo) -> str | int:
    match cell:
        case None:
            return ""
        case datetime():
            return cell.astimezone(tz).strftime("%Y-%m-%d %H:%M")
        case date():
            return cell.isoformat()
        case int():
            return cell
    return localize(cell)


class XlsxTable:
    """An XLSX workbook; finished rows lie in a temporary file, not in memory."""

    def __init__(self) -> None:
        self._open = ExitStack()
        folder = self._open.enter_context(TemporaryDirectory())
        self._file: IO[bytes] = self._open.enter_context(TemporaryFile())  # noqa: SIM115
        options = {"constant_memory": True, "tmpdir": folder, "in_memory": False}
        self._book = Workbook(self._file, options)
        self._sheet = self._book.add_worksheet()
        self._bold = self._book.add_format({"bold": True})
        self._sheet.freeze_panes(1, 0)
        self._rows = 0

    def row(self, cells: Sequence[str | int]) -> None:
        """Write a row; the first has the headings."""
        if not self._rows:
            self._sheet.set_column(0, len(cells) - 1, _WIDTH)
        for column, cell in enumerate(cells):
            if isinstance(cell, int):
                self._sheet.write_number(self._rows, column, cell)
            else:
                look = None if self._rows else self._bold
                self._sheet.write_string(self._rows, column, cell, look)
        self._rows += 1

    def content(self) -> bytes:
        """Return the workbook."""
        with self._open:
            self._book.close()
            self._file.seek(0)
            return self._file.read()


class CsvTable:
    """A CSV file for spreadsheets: UTF-8 with a byte order mark (RFC 4180)."""

    def __init__(self) -> None:
        self._text = StringIO()
        self._writer = csv.writer(self._text)

    def row(self, cells: Sequence[str | int]) -> None:
        """Write a row."""
        self._writer.writerow([harmless(one) if isinstance(one, str) else one for one in cells])

    def content(self) -> bytes:
        """Return the file."""
        return self._text.getvalue().encode("utf-8-sig")


class PdfTable:
    """A list to print: A4 across, the headings on each page, room to write at the right."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._rows: list[list[str]] = []

    def row(self, cells: Sequence[str | int]) -> None:
        """Add a row; the first has the headings, and those after ``MOST_PRINTED`` are left out."""
        if len(self._rows) <= MOST_PRINTED:
            self._rows.append([str(one) for one in cells])

    def content(self) -> bytes:
        """Return the PDF.

        Raises:
            typst.TypstError: the template is at fault.
        """
        data = json.dumps({"title": self._title, "rows": self._rows})
        with _ONE_AT_A_TIME:
            made = _compiler().compile(input=_template(), format="pdf", sys_inputs={"table": data})
        if not isinstance(made, bytes):
            raise TypeError("Typst made no single file")
        return made


def harmless(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula.

    >>> harmless("=1+1"), harmless("13800138000")
    ("'=1+1", '13800138000')
    """
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


@cache
def _template() -> bytes:
    return (resources.files("bot.documents") / "table.typ").read_bytes()


@cache
def _compiler() -> typst.Compiler:
    return typst.Compiler(font_paths=print_fonts.fonts(), ignore_system_fonts=True)
