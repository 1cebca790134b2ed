"""The rules of a material's scans (guide, part 2).

The area's configuration sets formats and limits; the minimum of px is a rule of the project.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from states.exam.places import FileFormat, Material
from states.photo import KB
from states.records import Materials
from states.texts import Argument, Problem, Text

MIN_SIDE_PX: Final = 400
"""Minimum px of a picture's shorter side. With fewer, a printed A4 page is illegible; even a photo
that Telegram compressed has twice as many. No authority publishes such a rule."""


@dataclass(frozen=True, slots=True)
class ScanFacts:
    """Measures of a received scan.

    ``format`` is detected from the content. ``width`` and ``height`` are in px after the EXIF
    rotation, 0 in a PDF; ``pages`` is 1 in a picture; ``size`` is in bytes as sent.
    """

    format: FileFormat
    pages: int
    width: int
    height: int
    size: int


def check_scan(facts: ScanFacts, material: Material, have: int) -> tuple[Problem, ...]:
    """Return a problem for each rule of the material that one more scan breaks.

    ``have`` is the number of files stored of this material.
    """
    problems: list[Problem] = []
    if facts.format not in material.formats:
        formats: dict[str, Argument] = {
            "format": facts.format.value,
            "allowed": format_names(material),
            "example": material.formats[0].value,
        }
        problems.append(Problem("problem-scan-format", formats))
    if too_large := check_size(facts.size, material, is_pdf=facts.format is FileFormat.PDF):
        problems.append(too_large)
    if facts.format is not FileFormat.PDF and min(facts.width, facts.height) < MIN_SIDE_PX:
        pixels: dict[str, Argument] = {
            "width": facts.width,
            "height": facts.height,
            "limit": MIN_SIDE_PX,
        }
        problems.append(Problem("problem-scan-pixels", pixels))
    if have >= material.max_files:
        problems.append(Problem("problem-scan-full", {"limit": material.max_files}))
    return tuple(problems)


def check_size(size: int, material: Material, *, is_pdf: bool) -> Problem | None:
    """Return the problem of a file of so many bytes; it needs no look into the file."""
    if size <= material.max_kb * KB:
        return None
    # Round the size up and the limit down: "5 MB, at most 5 MB" would help nobody.
    args: dict[str, Argument] = {
        "size": _size_text(-(-size // KB), up=True),
        "limit": _size_text(material.max_kb, up=False),
        "remedy": Text("scan-remedy-pdf" if is_pdf else "scan-remedy-picture"),
    }
    return Problem("problem-scan-size", args)


def format_names(material: Material) -> str:
    """Return the allowed formats for people to read: ``JPG/PNG/PDF/HEIC``."""
    return "/".join(material.formats)


def _size_text(kb: int, *, up: bool) -> str:
    """Return a size for people to read, rounded up or down: ``800 KB``, ``5 MB``, ``5.1 MB``."""
    if kb < KB:
        return f"{kb} KB"
    tenths = -(-kb * 10 // KB) if up else kb * 10 // KB
    return f"{tenths / 10:g} MB"


def missing_materials(asked: Sequence[Material], have: Materials) -> tuple[Material, ...]:
    """Return the required materials that have no file."""
    return tuple(one for one in asked if one.required and not have.get(one.code))


def kinds_in_order(
    asked: Sequence[Material], have: Materials, scans: Sequence[ScanFacts]
) -> tuple[Material, ...]:
    """Return the kinds that scans without a kind may be, in the order of the list; () if unclear.

    They are offered, never taken. There are two scans or more, as many as required kinds are
    missing, or as many as kinds have no file; and each kind allows the format of its scan.
    """
    lacking = tuple(one for one in asked if not have.get(one.code))
    for kinds in (missing_materials(asked, have), lacking):
        if 1 < len(scans) == len(kinds) and all(
            scan.format in kind.formats for scan, kind in zip(scans, kinds, strict=True)
        ):
            return kinds
    return ()
