"""The wire of the media worker: messages and results, as both sides know them; no decoder.

A message has the sizes of its JSON header and of its content, then both. The server's first bytes
to a job's socket are the id of the child.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, Final

from states.materials import ScanFacts
from states.photo import PhotoFacts

FILE_JOB: Final = b"j"
FORM_JOB: Final = b"f"
"""What the bot sends with a job's socket: a file needs a child of its own, a form does not."""
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
class PreparedPhoto:
    """A measured photo and its portrait: measures and a JPEG; None and empty if there is none."""

    photo: PhotoFacts
    portrait: PhotoFacts | None
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
    """A measured scan and the content to store."""

    facts: ScanFacts
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
