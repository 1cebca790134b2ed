"""Tables as files: no cell becomes a formula, many rows cost flat memory, a PDF is made of them."""

from __future__ import annotations

import csv
import tracemalloc
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, date, datetime
from io import BytesIO, StringIO
from xml.etree import ElementTree
from zipfile import ZipFile
from zoneinfo import ZoneInfo

import pytest

from bot.documents import sheets
from bot.documents.sheets import MOST_PRINTED
from handlers.rendering import Cell, Sheet, SheetFormat
from states.texts import Text
from storage.staff.access.staff_view import StaffView

HOSTILE = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x")']
MANY = 20_000
MOST_MB = 25.0
TZ = ZoneInfo("Asia/Shanghai")


def plain(text: Text | str) -> str:
    """The key of a text, or the string itself."""
    return text.key if isinstance(text, Text) else text


async def made(file_format: SheetFormat, rows: Sequence[Sequence[Cell]], again: int = 1) -> bytes:
    """The file of these rows, repeated."""

    async def batches(_view: StaffView | None = None) -> AsyncIterator[Sequence[Sequence[Cell]]]:
        for _ in range(again):
            yield rows

    title, columns = Text("title"), (Text("first"), Text("second"))
    sheet = Sheet("name", title, file_format, columns, batches)
    return await sheets.file_of(sheet, batches(), plain, TZ)


async def test_no_cell_of_a_csv_begins_like_a_formula() -> None:
    content = await made(SheetFormat.CSV, [(one, 5) for one in HOSTILE])
    head, *rows = csv.reader(StringIO(content.decode("utf-8-sig"), newline=""))
    assert head == ["first", "second"]
    assert [row[0] for row in rows] == [f"'{one}" for one in HOSTILE]
    assert {row[1] for row in rows} == {"5"}


async def test_no_cell_of_an_xlsx_is_a_formula_or_a_link() -> None:
    content = await made(SheetFormat.XLSX, [(one, 5) for one in HOSTILE])
    with ZipFile(BytesIO(content)) as book:
        page = book.read("xl/worksheets/sheet1.xml").decode()
        assert not [name for name in book.namelist() if "rels" in name and "sheet" in name]
    assert "<f>" not in page
    texts = [
        "".join(one.itertext())
        for one in ElementTree.fromstring(page).iter()
        if one.tag.endswith("}t")
    ]
    assert texts == ["first", "second", *HOSTILE]


async def test_moments_are_those_of_the_zone_and_empty_cells_stay_empty() -> None:
    moment = datetime(2025, 12, 1, 16, 30, tzinfo=UTC)
    rows: list[tuple[Cell, ...]] = [(moment, date(2025, 12, 1)), (None, Text("word"))]
    content = (await made(SheetFormat.CSV, rows)).decode("utf-8-sig")
    assert "2025-12-02 00:30,2025-12-01" in content
    assert ",word" in content


@pytest.mark.parametrize("file_format", [SheetFormat.XLSX, SheetFormat.CSV])
async def test_many_rows_cost_flat_memory(file_format: SheetFormat) -> None:
    await made(file_format, [("warm", 1)])
    tracemalloc.start()
    content = await made(file_format, [("刘玲", n) for n in range(100)], MANY // 100)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak / 1e6 < MOST_MB
    assert len(content) > MANY


async def test_a_pdf_has_the_first_rows_and_no_markup_of_people() -> None:
    rows = [("#panic[x] *bold* $x$", "刘玲")] * 3
    assert (await made(SheetFormat.PDF, rows)).startswith(b"%PDF")
    assert (await made(SheetFormat.PDF, rows, MOST_PRINTED)).startswith(b"%PDF")
