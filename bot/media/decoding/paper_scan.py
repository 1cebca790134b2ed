"""A candidate's scan of a paper: measured without trust, and reduced for storage.

It takes tenths of a second, and runs in the media worker.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from pi_heif import open_heif  # type: ignore[import-untyped]
from PIL import Image

from bot.media.decoding import pdf, structure
from bot.media.decoding.papers import judging
from bot.media.decoding.papers.problems import PROBLEMS
from bot.media.decoding.pictures import (
    as_jpeg,
    frames,
    in_srgb,
    opaque,
    opened,
    orientation,
    seen,
    turned,
    upright,
)
from bot.media.file_formats import format_of, is_sequence
from bot.media.job_wire import PreparedScan, TurnedPage
from bot.media.unreadable import UnreadablePicture
from states.exam.places import FileFormat
from states.materials import ScanFacts
from states.papers.checks import PaperRule
from states.texts import Problem

MAX_SIDE: Final = 3000
"""px of the longest stored side: A4 at 250 dots an inch, with legible small print."""
MAX_HEIC_PIXELS: Final = 25_000_000
"""A HEIC lies in memory three times; an iPhone's photo has 5712×4284 px."""

_QUALITY: Final = 88
_PILLOW: Final = {FileFormat.JPG: "JPEG", FileFormat.PNG: "PNG"}
BROKEN_PDF: Final = Problem("problem-scan-pdf-broken")


def prepare(content: bytes, rule: PaperRule | None = None) -> PreparedScan:
    """Measure a scan, and make the content to store: of a PDF that runs nothing, the same bytes.

    With a rule the pages are judged, and a picture that lies or leans gets turned copies.

    A picture becomes a JPEG: upright, on white, in sRGB, of at most 3000 px and never enlarged,
    without EXIF. The function decodes the whole picture and so finds a truncated one.

    Raises ``UnreadablePicture``: empty, an unsupported format (the problem names a known one),
    broken, several pictures in one file, more than 40 megapixels (25 in a HEIC, 24 in a PNG), or a
    PDF that ``pdf.read`` refuses.
    """
    kind = _format(content)
    if kind is FileFormat.PDF:
        pages, shown = pdf.read(content)
        looks = judging.pdf_looks(shown, rule) if rule else ()
        return PreparedScan(ScanFacts(kind, pages, 0, 0, len(content)), shown, looks)
    image = _opened(content, kind)
    with PROBLEMS.on_failure():
        if frames(image) > 1:
            raise _several()
        held = orientation(image)
        width, height = seen(image.size, held)
        image.draft("RGB", _needed(image.size))
        image.load()
        small = in_srgb(_shrunk(opaque(image)), image.info.get("icc_profile"))
        page = upright(small, held)
        made = as_jpeg(page, _QUALITY)
    facts = ScanFacts(kind, 1, width, height, len(content))
    if rule is None:
        return PreparedScan(facts, made)
    look = judging.look(page, min(width, height))
    copies = [as_jpeg(one, _QUALITY) for one in judging.offered(page, look, rule)]
    return PreparedScan(facts, b"".join((made, *copies)), (look,), tuple(map(len, copies)))


def turned_copy(content: bytes, quarters: int) -> TurnedPage:
    """Return a stored picture turned by so many quarters, counterclockwise.

    Raises ``UnreadablePicture``: it cannot be opened.
    """
    image = opened(content, ("JPEG",), PROBLEMS)
    with PROBLEMS.on_failure():
        return TurnedPage(as_jpeg(turned(image.convert("RGB"), quarters), _QUALITY))


@contextmanager
def opened_scan(content: bytes, mode: str, wanted: tuple[int, int]) -> Iterator[Image.Image]:
    """Open a picture for a reader; a large JPEG may come smaller, but not below ``wanted`` px.

    Raises ``UnreadablePicture`` as ``prepare``, also for an error of the block's own decoding.
    """
    image = _opened(content, _format(content))
    with PROBLEMS.on_failure():
        image.draft(mode, wanted)
        image.load()
        yield image


def _format(content: bytes) -> FileFormat:
    if not content:
        raise UnreadablePicture(Problem("problem-scan-empty"))
    found = format_of(content)
    if found is None:
        raise UnreadablePicture(PROBLEMS.unknown)
    if found not in FileFormat.__members__:
        raise UnreadablePicture(Problem("problem-scan-foreign", {"format": found}))
    return FileFormat[found]


def _opened(content: bytes, kind: FileFormat) -> Image.Image:
    """Open a picture; only a HEIC is decoded at once."""
    if kind is not FileFormat.HEIC:
        return opened(content, (_PILLOW[kind],), PROBLEMS)
    # HEIC is not registered with Pillow: no other part reads it.
    if is_sequence(content):
        raise _several()
    if not structure.is_sound(content, kind):
        raise UnreadablePicture(PROBLEMS.broken)
    with PROBLEMS.on_failure():
        file = open_heif(content)
        width, height = file.size
    if width * height > MAX_HEIC_PIXELS:
        raise PROBLEMS.too_large(MAX_HEIC_PIXELS)
    if len(file) > 1 and not structure.is_one_scene(content):
        raise _several()
    with PROBLEMS.on_failure():
        image: Image.Image = file.to_pillow()  # the primary picture; libheif has turned it upright
        return image


def _several() -> UnreadablePicture:
    return UnreadablePicture(Problem("problem-scan-several"))


def _needed(size: tuple[int, int]) -> tuple[int, int]:
    """Return the size to store: in proportion, rounded up, no side above ``MAX_SIDE``."""
    width, height = size
    longest = max(width, height, MAX_SIDE)
    return -(-width * MAX_SIDE // longest), -(-height * MAX_SIDE // longest)


def _shrunk(image: Image.Image) -> Image.Image:
    size = _needed(image.size)
    return image if size == image.size else image.resize(size, Image.Resampling.BICUBIC)
