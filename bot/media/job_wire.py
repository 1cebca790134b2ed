"""The wire of the media worker: messages and results, as both sides know them; no decoder.

A message has the sizes of its JSON header and of its content, then both. The server's first bytes
to a job's socket are the id of the child.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Any, Final

from states.materials import ScanFacts
from states.papers.checks import PageLook
from states.papers.values import PaperReading
from states.photo import PhotoFacts
from states.photo.checks import NOT_MEASURED, PhotoMeasures

FILE_JOB: Final = b"j"
PHOTO_JOB: Final = b"p"
FORM_JOB: Final = b"f"
READ_JOB: Final = b"r"
"""Signs that come with a job's socket: a file needs a child of its own, a form does not. Before the
first photo the server loads the model of faces, and before the first paper those of print."""
PID_SIZE: Final = 4
SIZES: Final = 4 + 4
"""Bytes of the two sizes in front of a message."""


def message_head(header: Mapping[str, Any], content: bytes) -> bytes:
    """Return the bytes in front of a message's content."""
    text = json.dumps(header).encode()
    return len(text).to_bytes(4, "big") + len(content).to_bytes(4, "big") + text


def sizes_of(sizes: bytes) -> tuple[int, int]:
    """Return the sizes of header and content, in bytes."""
    return int.from_bytes(sizes[:4], "big"), int.from_bytes(sizes[4:], "big")


@dataclass(frozen=True, slots=True)
class MendedPhoto:
    """A portrait that the bot has mended: measures, fingerprint, and the number of its bytes."""

    facts: PhotoFacts
    measures: PhotoMeasures
    fingerprint: int
    size: int


@dataclass(frozen=True, slots=True)
class PreparedPhoto:
    """A measured photo, its portrait and perhaps a mended one.

    ``content`` is the portrait's JPEG, then the mended one's; empty if the photo breaks the rule.
    ``measures`` and ``fingerprint`` are the portrait's.
    """

    photo: PhotoFacts
    portrait: PhotoFacts | None
    content: bytes
    measures: PhotoMeasures = NOT_MEASURED
    fingerprint: int = 0
    mended: MendedPhoto | None = None

    @property
    def portrait_content(self) -> bytes:
        """The JPEG of the portrait."""
        return self.content[: len(self.content) - (self.mended.size if self.mended else 0)]

    @property
    def mended_content(self) -> bytes:
        """The JPEG of the mended portrait; empty without one."""
        return self.content[len(self.portrait_content) :]


@dataclass(frozen=True, slots=True)
class DrawnMark:
    """A mark of ``handlers.rendering.PhotoMark`` with its label in the reader's language."""

    shape: str
    at: tuple[float, ...]
    label: str
    is_fault: bool


@dataclass(frozen=True, slots=True)
class DrawnPhoto:
    """A JPEG of a photo with marks, or of two photos."""

    content: bytes


@dataclass(frozen=True, slots=True)
class RenderedPages:
    """The pages of a PDF as JPEGs, one after the other; none of a PDF with too many pages."""

    sizes: tuple[int, ...]
    content: bytes

    @property
    def pictures(self) -> list[bytes]:
        """The JPEG of each page."""
        ends = [*accumulate(self.sizes)]
        starts = (0, *ends)
        return [self.content[start:end] for start, end in zip(starts, ends, strict=False)]


@dataclass(frozen=True, slots=True)
class PreparedScan:
    """A measured scan and the content to store, then perhaps turned copies of so many bytes."""

    facts: ScanFacts
    content: bytes
    pages: tuple[PageLook, ...] = ()
    turned: tuple[int, ...] = ()

    @property
    def own_content(self) -> bytes:
        """The content to store of the scan itself."""
        return self.content[: len(self.content) - sum(self.turned)]

    @property
    def turned_contents(self) -> list[bytes]:
        """The JPEG of each turned copy."""
        ends = [*accumulate(self.turned, initial=len(self.own_content))]
        return [self.content[start:end] for start, end in pairwise(ends)]


@dataclass(frozen=True, slots=True)
class TurnedPage:
    """A JPEG of a page that was put upright."""

    content: bytes


@dataclass(frozen=True, slots=True)
class DrawnCrop:
    """A crop of a paper with the lines below it; ``box`` is in parts of the page, or empty.

    ``turns`` are the quarter turns, counterclockwise, that put the page upright.
    """

    page: int
    box: tuple[float, ...]
    lines: tuple[str, ...]
    is_fault: bool
    turns: int = 0


@dataclass(frozen=True, slots=True)
class ReadPaper:
    """A reading of a paper; ``content`` is empty."""

    reading: PaperReading
    content: bytes


@dataclass(frozen=True, slots=True)
class FoundCodes:
    """The texts of the QR codes in a picture; ``content`` is empty."""

    texts: tuple[str, ...]
    content: bytes


@dataclass(frozen=True, slots=True)
class PrintedPdf:
    """A printed form as a PDF, and the characters that stand in it as code points in boxes."""

    boxes: tuple[str, ...]
    content: bytes
