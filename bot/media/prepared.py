"""The results of the media worker's jobs, as both sides know them; they need no decoder."""

from __future__ import annotations

from dataclasses import dataclass

from states.materials import ScanFacts
from states.photo import PhotoFacts


@dataclass(frozen=True, slots=True)
class PreparedPhoto:
    """A measured photo and its portrait: measures and a JPEG; None and empty if there is none."""

    photo: PhotoFacts
    portrait: PhotoFacts | None
    content: bytes


@dataclass(frozen=True, slots=True)
class PreparedScan:
    """A measured scan and the content to store."""

    facts: ScanFacts
    content: bytes
