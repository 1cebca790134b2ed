"""Bill files: CSV of three encodings, XLSX, and what is no table."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from bot.payments import bill_files
from bot.payments.bill_files import UnreadableBill, read

pytestmark = pytest.mark.row("S25")

HEADER = ["报名编号", "交易号", "金额", "支付时间"]
LINE = ["6A1B2C", "R-1", "260.00", "2026-02-05 14:20:00"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_is_read_in_the_encodings_of_excel(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "bill.csv"
    file.write_bytes("\r\n".join(",".join(row) for row in (HEADER, LINE)).encode(encoding))
    assert read(file) == [HEADER, LINE]


def test_a_cell_may_hold_commas_and_line_ends(tmp_path: Path) -> None:
    file = tmp_path / "bill.csv"
    file.write_text('a,"b,c\nd\u2028e"\nf,g\n', encoding="utf-8")
    assert read(file) == [["a", "b,c\nd\u2028e"], ["f", "g"]]


def test_an_xlsx_is_read_with_its_numbers_and_moments(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    file, moment = tmp_path / "bill.XLSX", datetime.fromisoformat("2026-02-05T14:20")
    book = openpyxl.Workbook()
    book.active.append(HEADER)
    book.active.append(["6A1B2C", 12345, 61.1, moment])
    book.active.append([None, "=1+1", True, None])
    book.create_sheet("notes").append(["not read"])
    book.save(file)
    assert read(file) == [
        HEADER,
        ["6A1B2C", 12345, 61.1, moment],
        [None, None, True, None],  # a formula that no program has calculated has no value
    ]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bill.xlsx", b"PK\x03\x04 and no more"),
        ("bill.xlsx", b"a,b"),
        ("bill.csv", b"\xff\xff\xff"),
        ("bill.csv", b'a,"' + b"x" * 200_000),
    ],
)
def test_what_is_no_table_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(UnreadableBill):
        read(file)
    with pytest.raises(FileNotFoundError):
        read(tmp_path / "missing.csv")


def test_a_table_that_is_too_large_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "bill.csv"
    file.write_text("a\n" * 11)
    monkeypatch.setattr(bill_files, "MOST_LINES", 10)
    with pytest.raises(UnreadableBill, match="lines"):
        read(file)
    monkeypatch.setattr(bill_files, "LARGEST", 20)
    with pytest.raises(UnreadableBill, match="large"):
        read(file)
