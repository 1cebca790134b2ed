"""A scan of a paper that somebody sent: measured without trusting it, and made fit to be kept.

Both functions work on the caller's thread and take tenths of a second: call them off the event
loop.
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
    on_white,
    opened,
    orientation,
    seen,
    upright,
)
from states.exam.places import FileFormat
from states.materials import ScanFacts
from states.texts import Problem

MAX_SIDE: Final = 3000
"""px of the longest side that is kept: A4 at 250 dots an inch, where small print is clear."""
MAX_HEIC_PIXELS: Final = 25_000_000
"""A HEIC lies in memory whole, three times over; an iPhone's photo has 5712×4284 px."""

_QUALITY: Final = 88
_PILLOW: Final = {FileFormat.JPG: "JPEG", FileFormat.PNG: "PNG"}
_REFUSALS: Final = PictureProblems(
    unknown=Problem("problem-scan-unknown"),
    broken=Problem("problem-scan-broken"),
    pixels_many="problem-scan-pixels-many",
)


def measure(content: bytes) -> ScanFacts:
    """Format by content, number of pages and size as seen of a scan.

    The whole file is read through, so that a truncated one is found. Raises ``Unreadable``: an
    empty file, a format that we do not read (named where it is known), a picture or a PDF that is
    broken, several pictures in one file, more than 40 megapixels (25 in a HEIC, 24 in a PNG), or
    what ``pdf.pages`` refuses.
    """
    kind = _format(content)
    if kind is FileFormat.PDF:
        return ScanFacts(kind, pdf.pages(content), 0, 0, len(content))
    image = _opened(content, kind)
    with _REFUSALS.unless_read():
        # A phone's JPEG has a preview behind it; that is no second picture to anybody.
        several = kind is FileFormat.PNG and int(getattr(image, "n_frames", 1)) > 1
        width, height = seen(image.size, orientation(image))
        if kind is FileFormat.JPG:
            image.draft("RGB", (1, 1))  # it is read to its end all the same, at an eighth
        image.load()
    if several:
        raise _several()
    return ScanFacts(kind, 1, width, height, len(content))


def kept(content: bytes, facts: ScanFacts) -> bytes:
    """What is to be stored of a scan with these facts: a PDF as it came, a picture as a JPEG.

    The JPEG is upright, on white, in sRGB, of at most 3000 px and never enlarged; it says nothing
    of the camera, the place or the time. Raises ``Unreadable`` as ``measure`` does.
    """
    if facts.format is FileFormat.PDF:
        return content
    image = _opened(content, facts.format)
    with _REFUSALS.unless_read():
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
        raise UnreadablePicture(_REFUSALS.unknown)
    if found not in FileFormat.__members__:
        raise UnreadablePicture(Problem("problem-scan-foreign", {"format": found}))
    return FileFormat[found]


def _opened(content: bytes, kind: FileFormat) -> Image.Image:
    """The picture with its header read; a HEIC, whose pixels no part can do without, decoded."""
    if kind is not FileFormat.HEIC:
        return opened(content, (_PILLOW[kind],), _REFUSALS)
    # Not registered with Pillow, so that nothing else begins to read HEIC.
    if is_sequence(content):
        raise _several()
    with _REFUSALS.unless_read():
        file = open_heif(content)
        width, height = file.size
    if width * height > MAX_HEIC_PIXELS:
        raise _REFUSALS.too_large(MAX_HEIC_PIXELS)
    if len(file) > 1:
        raise _several()
    with _REFUSALS.unless_read():
        image: Image.Image = file.to_pillow()  # turned as the file says
        return image


def _several() -> UnreadablePicture:
    return UnreadablePicture(Problem("problem-scan-several"))


def _needed(size: tuple[int, int]) -> tuple[int, int]:
    """The size to keep: in proportion, rounded up, no side above ``MAX_SIDE``."""
    width, height = size
    longest = max(width, height, MAX_SIDE)
    return -(-width * MAX_SIDE // longest), -(-height * MAX_SIDE // longest)


def _opaque(image: Image.Image) -> Image.Image:
    """The picture in a mode whose profile still means something, without transparency."""
    is_plain = image.mode in ("RGB", "L", "CMYK") and not image.has_transparency_data
    return image if is_plain else on_white(image)


def _shrunk(image: Image.Image) -> Image.Image:
    size = _needed(image.size)
    return image if size == image.size else image.resize(size, Image.Resampling.BICUBIC)
