"""Reads the QR codes in a picture or a PDF that somebody sent, such as a photo of a printed form.

It runs in the media worker only; a picture is opened with the care of a scan.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pypdfium2  # type: ignore[import-untyped]  # it has no types
import zxingcpp
from PIL import Image

from bot.media.decoding import paper_scan
from bot.media.decoding.pictures import opaque
from bot.media.file_formats import format_of
from bot.media.job_wire import FoundCodes
from bot.media.unreadable import UnreadablePicture
from states.exam.places import FileFormat

MAX_SIDE: Final = 3000
"""px of the longest side that is read: a module of a code on A4 then has more than enough."""
SMALL_SIDE: Final = 1600
"""px of a picture that is also tried at twice its size: its modules have about 2 px."""
MAX_PAGES: Final = 4
"""Pages of a PDF that are looked at: a printed form has one or two."""
PAGE_SCALE: Final = 200 / 72
"""200 dpi; a PDF's unit is 1/72 inch."""
MAX_TEXT: Final = 500
MAX_CODES: Final = 8


def read(content: bytes) -> FoundCodes:
    """Return the texts of the QR codes, each once; none where there is none.

    Raises ``UnreadablePicture``: the file is no picture and no PDF, broken, or too large.
    """
    found: dict[str, None] = {}
    for picture in _pictures(content):
        found |= dict.fromkeys(_codes(picture))
    return FoundCodes(tuple(text for text in found if len(text) <= MAX_TEXT)[:MAX_CODES], b"")


def _pictures(content: bytes) -> Iterator[Image.Image]:
    """Yield the picture, or the first pages of a PDF, in grey."""
    if format_of(content) == FileFormat.PDF:
        yield from _pages(content)
        return
    with paper_scan.opened_scan(content, "L", (MAX_SIDE, MAX_SIDE)) as image:
        grey = opaque(image).convert("L")
    grey.thumbnail((MAX_SIDE, MAX_SIDE))
    yield grey


def _pages(content: bytes) -> Iterator[Image.Image]:
    try:
        with pypdfium2.PdfDocument(content) as document:
            for number in range(min(len(document), MAX_PAGES)):
                page = document[number]
                longest = max(page.get_size()) or 1.0
                scale = min(PAGE_SCALE, MAX_SIDE / longest)
                yield page.render(scale=scale, grayscale=True).to_pil().convert("L")
    except pypdfium2.PdfiumError as error:
        raise UnreadablePicture(paper_scan.BROKEN_PDF) from error


def _codes(picture: Image.Image) -> list[str]:
    """Return the texts; a small picture without a code is looked at once more, enlarged."""
    # Made anew for each picture: one that outlives the interpreter is reported as a leak.
    formats = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    found = zxingcpp.read_barcodes(picture, formats=formats)
    if not found and max(picture.size) <= SMALL_SIDE:
        width, height = picture.size
        twice = picture.resize((2 * width, 2 * height), Image.Resampling.BILINEAR)
        found = zxingcpp.read_barcodes(twice, formats=formats)
    return [one.text for one in found]
