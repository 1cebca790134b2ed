"""Files as they come to a step: fetched, kept and measured."""

from __future__ import annotations

from handlers.update_context import Picture, Scan
from states.exam import FileFormat
from states.materials import ScanFacts
from states.photo import PhotoFacts
from states.records import IMAGE, PDF
from storage.candidates.blobs import StoredFile
from tests.handlers.people import OPEN, PORTRAIT


def photographed() -> Picture:
    """A photo as the rule wants it."""
    kept = StoredFile(PORTRAIT, 65, "portrait", 60_000, OPEN)
    return Picture(kept, kept, PhotoFacts("JPEG", 900, 1200, 90_000, 1), compressed=False)


def scanned(number: int, format: FileFormat = FileFormat.JPG) -> Scan:
    """A paper as every material may be, each number another one."""
    kind = PDF if format is FileFormat.PDF else IMAGE
    kept = StoredFile(f"{number:08x}{0:056x}", 65, kind, 90_000, OPEN)
    return Scan(kept, ScanFacts(format, 1, 1500, 2000, 100_000))
