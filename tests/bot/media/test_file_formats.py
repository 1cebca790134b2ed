"""Formats are told by content: what is read, what is named, what nobody knows."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.media.file_formats import format_of, is_sequence
from tests import photos

SMALL = photos.face(30, 40)
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def zipped(name: str) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w") as folder:
        folder.writestr("[Content_Types].xml", "")
        folder.writestr(name, "")
    return out.getvalue()


def branded(major: bytes, *others: bytes) -> bytes:
    """The first box of a HEIC, an AVIF or a film."""
    size = 16 + 4 * len(others)
    return size.to_bytes(4, "big") + b"ftyp" + major + b"\0\0\0\0" + b"".join(others)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (photos.encoded(SMALL), "JPG"),
        (photos.encoded(SMALL, "MPO", save_all=True, append_images=[SMALL]), "JPG"),
        (photos.encoded(SMALL, "PNG"), "PNG"),
        (photos.encoded(SMALL, "GIF"), "GIF"),
        (photos.encoded(SMALL, "BMP"), "BMP"),
        (photos.encoded(SMALL, "TIFF"), "TIFF"),
        (b"MM\0*\0\0\0\x08", "TIFF"),
        (photos.encoded(SMALL, "WEBP"), "WebP"),
        (photos.encoded(SMALL, "PDF"), "PDF"),
        (b"\r\n" * 300 + b"%PDF-1.4", "PDF"),
        (photos.heic_header(), "HEIC"),
        (branded(b"mif1", b"miaf", b"heic"), "HEIC"),
        (branded(b"hevc", b"msf1"), "HEIC"),
        (branded(b"avif", b"mif1"), "AVIF"),
        (branded(b"mif1", b"miaf", b"avif"), "AVIF"),
        (branded(b"isom", b"mp42"), "MP4"),
        (branded(b"qt  "), "MOV"),
        (zipped("word/document.xml"), "DOCX"),
        (zipped("xl/workbook.xml"), "XLSX"),
        (zipped("ppt/presentation.xml"), "PPTX"),
        (zipped("OFD.xml"), "OFD"),
        (zipped("anything.txt"), "ZIP"),
        (COMPOUND + bytes(500) + "WordDocument".encode("utf-16-le"), "DOC"),
        (COMPOUND + bytes(500) + "Workbook".encode("utf-16-le"), "XLS"),
        (b"Rar!\x1a\x07\x01\0", "RAR"),
    ],
)
def test_a_format_is_named(content: bytes, name: str) -> None:
    assert format_of(content) == name


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xd8", b"BMW", COMPOUND, "我的证件".encode(), b" " * 1024 + b"%PDF-1.4"]
)
def test_what_nobody_knows_has_no_name(content: bytes) -> None:
    assert format_of(content) is None


@pytest.mark.parametrize(("major", "moves"), [(b"heic", False), (b"hevc", True), (b"msf1", True)])
def test_a_heic_says_whether_it_moves(major: bytes, moves: bool) -> None:
    assert is_sequence(branded(major, b"mif1")) is moves


@given(st.binary(max_size=64))
def test_anything_can_be_asked(content: bytes) -> None:
    assert format_of(content) is None or len(content) >= 3
    assert not is_sequence(content) or format_of(content) in ("HEIC", "AVIF")
