"""A candidate's PDF: its number of pages, and its pages without anything that runs.

A PDF of 5 KB can make PDFium allocate 4 GB, and a bug in PDFium ends the process: the functions
run in the media worker only.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from io import BytesIO
from typing import Final

import pypdfium2  # type: ignore[import-untyped]  # it has no types
from PIL import Image
from pypdfium2 import raw

from bot.media.decoding.pictures import as_jpeg, turned
from bot.media.unreadable import UnreadablePicture
from states.texts import Problem

MAX_PAGES: Final = 30
"""A rule of this bot: a reviewer looks at every page."""

PAGE_SIDE: Final = 1800
"""px of the longest side of a page's picture: A4 at 150 dots an inch."""
MAX_RATIO: Final = 20
"""The largest ratio of a photo's sides: https://core.telegram.org/bots/api#sendphoto."""
QUALITY: Final = 85

_END_WITHIN: Final = 1024
"""The last bytes, in which ``%%EOF`` should stand: ISO 32000-1, annex H.3, note 18."""
_TABLE_AT: Final = re.compile(rb"startxref\s+(\d{1,10})(?!\d)")
_OBJECT: Final = re.compile(rb"\d+\s+\d+\s+obj\b")
_TABLE: Final = re.compile(rb"\s*(xref|\d+\s+\d+\s+obj)\b")
_RUNS: Final = re.compile(
    rb"/(?:JS|JavaScript|Launch|OpenAction|AA|EmbeddedFiles?|FileAttachment|Filespec|RichMedia|XFA"
    rb"|Rendition|Movie|Sound|SubmitForm|ImportData|GoToE|GoToR|URI"
    rb"|ObjStm"  # compressed objects may hold any of these
    rb"|[^\s/<>()\[\]{}%]*#[0-9A-Fa-f]{2})"  # and so may a name that is written in codes
    rb"(?![A-Za-z])"
)
"""ISO 32000-1 §12.6.4 and §7.11: actions, and files inside the file."""


def read(content: bytes) -> tuple[int, bytes]:
    """Return the number of pages, 1 to ``MAX_PAGES``, and the PDF to store.

    A PDF in which nothing can run is stored as it came. Of another one its pages are printed into a
    new PDF: filled fields and remarks become part of the page; scripts, actions, links and attached
    files stay behind.

    Raises ``UnreadablePicture``: the PDF is truncated, broken, locked, without a page, has too many
    pages, or is a form (XFA) that only Adobe's programs show.
    """
    # PDFium repairs a truncated file, so its end is checked here.
    if not _is_whole(content):
        raise UnreadablePicture(_BROKEN)
    try:
        with pypdfium2.PdfDocument(content) as document:
            pages = _checked_pages(document)
            return pages, _printed(document) if _RUNS.search(content) else content
    except pypdfium2.PdfiumError as error:
        code = getattr(error, "err_code", None)
        locked = code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY)
        raise UnreadablePicture(_LOCKED if locked else _BROKEN) from error


_BROKEN: Final = Problem("problem-scan-pdf-broken")
_LOCKED: Final = Problem("problem-scan-pdf-locked")


def pictures(content: bytes, most: int, turns: Sequence[int] = ()) -> list[bytes]:
    """Return each page of a stored PDF as a JPEG with a longest side of ``PAGE_SIDE`` px.

    ``turns`` are the quarter turns, counterclockwise, that put the first pages upright. A PDF with
    more than ``most`` pages gives nothing, nor does one with a page that Telegram takes for no
    photo.

    Raises ``UnreadablePicture``: PDFium cannot open it or draw a page.
    """
    try:
        with pypdfium2.PdfDocument(content) as document:
            sizes = [document.get_page_size(number) for number in range(len(document))]
            if len(sizes) > most or any(not 0 < max(one) <= MAX_RATIO * min(one) for one in sizes):
                return []
            upright = [*turns, *[0] * len(sizes)]
            return [
                as_jpeg(turned(_drawn(page, PAGE_SIDE / max(size)), turn), QUALITY)
                for page, size, turn in zip(document, sizes, upright, strict=False)
            ]
    except pypdfium2.PdfiumError as error:
        raise UnreadablePicture(_BROKEN) from error


def _drawn(page: pypdfium2.PdfPage, scale: float) -> Image.Image:
    drawn: Image.Image = page.render(scale=scale).to_pil().convert("RGB")
    return drawn


def _is_whole(content: bytes) -> bool:
    """Return whether nothing is cut off: the mark of the end is there, or the last table.

    Some makers leave ``%%EOF`` out or write more behind it. No object may follow the last table: a
    PDF for the web has one at its beginning.
    """
    if b"%%EOF" in content.rstrip(b"\0\r\n\t ")[-_END_WITHIN:]:
        return True
    last = content.rfind(b"startxref")
    found = _TABLE_AT.match(content, last) if last >= 0 else None
    if found is None or _OBJECT.search(content, found.end()):
        return False
    header = max(content.find(b"%PDF-"), 0)
    return any(_TABLE.match(content, int(found[1]) + shift) for shift in {0, header})


def _checked_pages(document: pypdfium2.PdfDocument) -> int:
    pages = len(document)
    if document.get_formtype() == raw.FORMTYPE_XFA_FULL:
        raise UnreadablePicture(Problem("problem-scan-pdf-form"))
    if pages > MAX_PAGES:
        raise UnreadablePicture(
            Problem("problem-scan-pdf-pages", {"pages": pages, "limit": MAX_PAGES})
        )
    for page in range(pages):
        document.get_page_size(page)
    if pages == 0:  # PDFium calls most of these broken
        raise UnreadablePicture(_BROKEN)
    return pages


def _printed(document: pypdfium2.PdfDocument) -> bytes:
    """Return a PDF of the pages' contents alone."""
    if document.get_formtype() != raw.FORMTYPE_NONE:
        document.init_forms()  # it draws the values of fields that have no appearance yet
    with pypdfium2.PdfDocument.new() as printed:
        for number in range(len(document)):
            page = document[number]
            raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY)
            shown = document.page_as_xobject(number, printed)
            fresh = printed.new_page(page.get_width(), page.get_height())
            fresh.insert_obj(shown.as_pageobject())
            fresh.gen_content()
        out = BytesIO()
        printed.save(out)
    return out.getvalue()
