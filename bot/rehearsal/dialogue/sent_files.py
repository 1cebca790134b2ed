"""Files that an invented person sends: as the bot has fetched, measured and stored them."""

from __future__ import annotations

from datetime import datetime
from typing import Final, NamedTuple

from handlers.update_context import Picture, Scan
from states.exam import FileFormat, Material
from states.materials import ScanFacts
from states.photo import KB, PhotoFacts, PhotoRule
from states.records import IMAGE, PDF, PersonId
from storage.candidates.blobs import StoredFile

_PAPER: Final = (2000, 2800)
"""The size of a photographed page in px."""
_KB: Final = 100


class Owner(NamedTuple):
    """The person whose file it is, its name, and the moment at which it came."""

    person: PersonId
    name: str
    now: datetime


def picture(rule: PhotoRule, owner: Owner) -> Picture:
    """Return a photo as the exam's rule wants it."""
    size = KB * max(rule.min_kb + 1, 1)
    wide, high = rule.recommended_width, rule.recommended_height
    kept = StoredFile(owner.name, owner.person, "portrait", size, owner.now, wide, high)
    return Picture(kept, kept, PhotoFacts(rule.formats[0], wide, high, size, 1), compressed=False)


def scan(material: Material, owner: Owner) -> Scan:
    """Return a paper as its material wants it."""
    kind = material.formats[0]
    is_pdf, size = kind is FileFormat.PDF, min(_KB, material.max_kb) * KB
    wide, high = (0, 0) if is_pdf else _PAPER
    kept = StoredFile(owner.name, owner.person, PDF if is_pdf else IMAGE, size, owner.now)
    return Scan(kept, ScanFacts(kind, 1, wide, high, size))
