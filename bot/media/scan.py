"""A candidate's scan of a paper: measured without trust, and reduced for storage.

Both functions take tenths of a second: call them off the event loop.
"""

from __future__ import annotations

from typing import Final

from pi_heif import open_heif  # type: ignore[import-untyped]
from PIL import Image

from bot.media import pdf
from bot.media.formats import format_of, is_sequence
from bot.media.pictures import (
    PictureProblems,
    UnreadablePicture,
    as_jpeg,
    in_srgb,
    measured,
    on_white,
    opened,
    orientation,
    upright,
)
from states.exam.places import FileFormat
from states.materials import ScanFacts
from states.texts import Problem

MAX_SIDE: Final = 3000
"""px of the longest stored side: A4 at 250 dots an inch, with legible small print."""
MAX_HEIC_PIXELS: Final = 25_000_000
"""A HEIC lies in memory three times; an iPhone's photo has 5712×4284 px."""

_QUALITY: Final = 88
_PILLOW: Final = {FileFormat.JPG: "JPEG", FileFormat.PNG: "PNG"}
_PROBLEMS: Final = PictureProblems(
    unknown=Problem("problem-scan-unknown"),
    broken=Problem("problem-scan-broken"),
    pixels_many="problem-scan-pixels-many",
)


def measure(content: bytes) -> ScanFacts:
    """Return format, number of pages, visible size in px and size in bytes of a scan.

    The function decodes the whole file and so finds a truncated one. Raises ``UnreadablePicture``:
    empty, an unsupported format (the problem names a known one), broken, several pictures in one
    file, more than 40 megapixels (25 in a HEIC, 24 in a PNG), or a PDF that ``pdf.pages`` refuses.
    """
    kind = _format(content)
    if kind is FileFormat.PDF:
        return ScanFacts(kind, pdf.pages(content), 0, 0, len(content))
    image = _opened(content, kind)
    with _PROBLEMS.on_failure():
        frames, width, height = measured(image)
    if frames > 1:
        raise _several()
    return ScanFacts(kind, 1, width, height, len(content))


def kept(content: bytes, facts: ScanFacts) -> bytes:
    """Return the content to store of a scan with these facts: a PDF unchanged, a picture as JPEG.

    The JPEG is upright, on white, in sRGB, of at most 3000 px and never enlarged; it has no EXIF.
    Raises ``UnreadablePicture`` as ``measure`` does.
    """
    if facts.format is FileFormat.PDF:
        return content
    image = _opened(content, facts.format)
    with _PROBLEMS.on_failure():
        held = orientation(image)
        image.draft("RGB", _needed(image.size))
        image.load()
        small = _shrunk(_opaque(image))
        profile = image.info.get("icc_profile")
        coloured = in_srgb(small, profile) if profile else small
        return as_jpeg(upright(on_white(coloured), held), _QUALITY)


def _format(content: bytes) -> FileFormat:
    if not content:
        raise UnreadablePicture(Problem("problem-scan-empty"))
    found = format_of(content)
    if found is None:
        raise UnreadablePicture(_PROBLEMS.unknown)
    if found not in FileFormat.__members__:
        raise UnreadablePicture(Problem("problem-scan-foreign", {"format": found}))
    return FileFormat[found]


def _opened(content: bytes, kind: FileFormat) -> Image.Image:
    """Open a picture; only a HEIC is decoded at once."""
    if kind is not FileFormat.HEIC:
        return opened(content, (_PILLOW[kind],), _PROBLEMS)
    # HEIC is not registered with Pillow: no other part reads it.
    if is_sequence(content):
        raise _several()
    with _PROBLEMS.on_failure():
        file = open_heif(content)
        width, height = file.size
    if width * height > MAX_HEIC_PIXELS:
        raise _PROBLEMS.too_large(MAX_HEIC_PIXELS)
    if len(file) > 1:
        raise _several()
    with _PROBLEMS.on_failure():
        image: Image.Image = file.to_pillow()  # libheif has turned it upright
        return image


def _several() -> UnreadablePicture:
    return UnreadablePicture(Problem("problem-scan-several"))


def _needed(size: tuple[int, int]) -> tuple[int, int]:
    """Return the size to store: in proportion, rounded up, no side above ``MAX_SIDE``."""
    width, height = size
    longest = max(width, height, MAX_SIDE)
    return -(-width * MAX_SIDE // longest), -(-height * MAX_SIDE // longest)


def _opaque(image: Image.Image) -> Image.Image:
    """Return the picture without transparency, in a mode that its profile fits."""
    is_plain = image.mode in ("RGB", "L", "CMYK") and not image.has_transparency_data
    return image if is_plain else on_white(image)


def _shrunk(image: Image.Image) -> Image.Image:
    size = _needed(image.size)
    return image if size == image.size else image.resize(size, Image.Resampling.BICUBIC)
