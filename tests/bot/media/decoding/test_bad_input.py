"""Files that lie, break or bloat, on both ways in: a sentence or a result, and the next file goes.

One worker takes all of them, so that each one is followed by others.
"""

from __future__ import annotations

import resource
import struct
import zlib
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from io import BytesIO
from typing import Final

import pytest
import pytest_asyncio
from PIL import Image

from bot.media.media_worker import MediaWorker
from bot.media.unreadable import UnreadablePicture
from states.papers.checks import PaperRule
from states.photo import PhotoRule, check_photo
from tests import photos, scans
from tests.fakes.router import TRANSLATIONS

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.row("B5", "B7")]

RULE: Final = PhotoRule(("JPEG",), 420, 600, 50, 1500, 2000, "invented")
PAPERS: Final = PaperRule()
TAKEN: Final = "taken"
OWN_MB: Final = 64
"""MB that the bot's own process may gain; it decodes nothing."""


def _sized_jpeg(width: int, height: int) -> bytes:
    """A JPEG whose header says this size."""
    content = bytearray(photos.encoded(photos.face(150, 200)))
    at = content.index(b"\xff\xc0") + 5
    content[at : at + 4] = struct.pack(">HH", height, width)
    return bytes(content)


def _damaged_exif() -> bytes:
    """A JPEG with an EXIF block whose offsets lead nowhere."""
    block = b"Exif\0\0MM\0*\xff\xff\xff\xf0" + b"\xee" * 40
    segment = b"\xff\xe1" + struct.pack(">H", len(block) + 2) + block
    return photos.parted(photos.jpeg(), segment)


def _flood(count: int = 200_000) -> bytes:
    """A JPEG of so many empty segments."""
    return photos.parted(photos.jpeg(), b"\xff\xe1\x00\x02" * count)


def _deep() -> bytes:
    """A PNG of 16 bits a sample."""
    image = photos.face(750, 1000).convert("L").convert("I;16")
    out = BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def _cmyk(profile: bytes | None) -> bytes:
    out = BytesIO()
    photos.face(750, 1000).convert("CMYK").save(out, "JPEG", quality=95, icc_profile=profile)
    return photos.padded(out.getvalue())


def _polyglot() -> bytes:
    """A JPEG that is a ZIP as well, with a script inside."""
    return photos.jpeg() + b"PK\3\4" + b"<script>alert(1)</script>" * 4 + b"PK\5\6" + bytes(18)


def _pdf_and_jpeg() -> bytes:
    """A JPEG in whose first bytes stands the header of a PDF."""
    comment = b"%PDF-1.7 "
    segment = b"\xff\xfe" + struct.pack(">H", len(comment) + 2) + comment
    return photos.parted(photos.jpeg(), segment)


def _text_bomb() -> bytes:
    """A PNG with 64 MB of compressed text."""
    whole = photos.encoded(photos.face(750, 1000), "PNG")
    data = b"a\0\0" + zlib.compress(bytes(64 << 20), 9)
    chunk = struct.pack(">I", len(data)) + b"zTXt" + data
    chunk += struct.pack(">I", zlib.crc32(b"zTXt" + data))
    return whole[:33] + chunk + whole[33:]


TABLE: Final[dict[str, tuple[Callable[[], bytes], str, str]]] = {
    "empty": (lambda: b"", "problem-photo-unknown", "problem-scan-empty"),
    "words": (lambda: b"just words", "problem-photo-unknown", "problem-scan-unknown"),
    "truncated": (photos.truncated_jpeg, "problem-photo-broken", "problem-scan-broken"),
    "PNG bomb": (
        lambda: photos.bomb_png(30_000, 30_000),
        "problem-photo-pixels-many",
        "problem-scan-pixels-many",
    ),
    "JPEG of 30,000 × 30,000": (
        lambda: _sized_jpeg(30_000, 30_000),
        "problem-photo-pixels-many",
        "problem-scan-pixels-many",
    ),
    "1 × 1": (
        lambda: photos.encoded(Image.new("RGB", (1, 1))),
        "problem-photo-small",
        TAKEN,
    ),
    "CMYK without a profile": (lambda: _cmyk(None), TAKEN, TAKEN),
    "CMYK with a profile": (lambda: _cmyk(photos.cmyk_profile()), TAKEN, TAKEN),
    "CMYK with a broken profile": (lambda: _cmyk(b"no profile at all"), TAKEN, TAKEN),
    "16 bit": (_deep, "problem-photo-format", TAKEN),
    "animated GIF": (
        photos.animated_gif,
        "problem-photo-animated",
        "problem-scan-foreign",
    ),
    "text bomb": (_text_bomb, "problem-photo-unknown", "problem-scan-unknown"),
    "JPEG and ZIP": (_polyglot, TAKEN, TAKEN),
    "JPEG with the header of a PDF": (_pdf_and_jpeg, TAKEN, TAKEN),
    "flood of segments": (_flood, "problem-photo-broken", "problem-scan-broken"),
    "damaged EXIF": (_damaged_exif, TAKEN, TAKEN),
    "HEIC header": (photos.heic_header, "problem-photo-heic", "problem-scan-broken"),
    "locked PDF": (
        scans.locked_pdf,
        "problem-photo-foreign",
        "problem-scan-pdf-locked",
    ),
    "PDF of 500 pages": (
        lambda: scans.pdf(500),
        "problem-photo-foreign",
        "problem-scan-pdf-pages",
    ),
    "XFA": (scans.xfa_pdf, "problem-photo-foreign", "problem-scan-pdf-form"),
    "PDF bomb": (scans.bomb_pdf, "problem-photo-foreign", "problem-scan-pdf-broken"),
    "PDF that runs": (lambda: scans.running_pdf("script"), "problem-photo-foreign", TAKEN),
}
"""The file, and what becomes of it as a photo and as a paper."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def worker() -> AsyncIterator[MediaWorker]:
    async with aclosing(MediaWorker()) as made:
        yield made


async def as_photo(worker: MediaWorker, content: bytes) -> str:
    """What becomes of a photo: ``TAKEN`` or the key of the first problem, which has its words."""
    try:
        made = await worker.photo(content, RULE)
    except UnreadablePicture as refused:
        TRANSLATIONS.html(refused.reason, "zh-CN")
        return refused.reason.key
    problems = check_photo(made.photo, RULE, compressed=False)
    return problems[0].key if problems else TAKEN


async def as_paper(worker: MediaWorker, content: bytes) -> str:
    """What becomes of a paper."""
    try:
        await worker.scan(content, PAPERS)
    except UnreadablePicture as refused:
        TRANSLATIONS.html(refused.reason, "zh-CN")
        return refused.reason.key
    return TAKEN


@pytest.mark.parametrize(("make", "photo", "paper"), TABLE.values(), ids=TABLE.keys())
async def test_a_bad_file_gets_a_sentence_and_the_next_one_is_prepared(
    worker: MediaWorker, make: Callable[[], bytes], photo: str, paper: str
) -> None:
    content = make()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert (await as_photo(worker, content), await as_paper(worker, content)) == (photo, paper)
    gained = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    assert gained < OWN_MB
    good = await worker.scan(photos.encoded(photos.face(450, 600)), PAPERS)
    assert good.facts.width == 450
