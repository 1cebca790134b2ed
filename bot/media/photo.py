"""A candidate's photo: measured without trust, and made into a portrait.

The functions take tens of milliseconds for a phone's photo, and run in the media worker.
"""

from __future__ import annotations

from math import ceil
from typing import Final

from PIL import Image

from bot.media.file_formats import format_of
from bot.media.job_wire import PreparedPhoto
from bot.media.pictures import (
    PictureProblems,
    as_jpeg,
    frames,
    in_srgb,
    opaque,
    opened,
    orientation,
    seen,
    upright,
)
from bot.media.unreadable import UnreadablePicture
from states.photo import FORMATS, KB, PhotoFacts, PhotoRule, check_photo, portrait_box
from states.texts import Problem

_QUALITIES: Final = (88, 94, 97, 100)
_READ: Final = frozenset({"JPG", "PNG", "GIF", "BMP"})
_PROBLEMS: Final = PictureProblems(
    unknown=Problem("problem-photo-unknown"),
    broken=Problem("problem-photo-broken"),
    pixels_many="problem-photo-pixels-many",
)


def prepare(content: bytes, rule: PhotoRule) -> PreparedPhoto:
    """Measure a photo and make its portrait, unless the photo breaks the rule.

    Raises ``UnreadablePicture`` as ``measure`` and ``portrait`` do.
    """
    facts = measure(content)
    if check_photo(facts, rule, compressed=False):
        return PreparedPhoto(facts, None, b"")
    made = portrait(content, rule)
    return PreparedPhoto(facts, measure(made), made)


def measure(content: bytes) -> PhotoFacts:
    """Return format, visible size in px, size in bytes and number of frames of a picture.

    The function decodes the whole file. Raises ``UnreadablePicture``: no picture, an unsupported
    format (the problem names it), truncated, or too many pixels (40 megapixels, 24 for a picture
    that Pillow holds whole; both by the header).
    """
    image = _opened(content)
    with _PROBLEMS.on_failure():
        count = frames(image)
        width, height = seen(image.size, orientation(image))
        image.draft("RGB", (1, 1))  # Pillow still reads a JPEG to its end, at an eighth
        image.load()
    # A phone's photo with a preview behind it is an MPO to Pillow, and a JPEG to everybody else.
    kind = "JPEG" if image.format == "MPO" else str(image.format)
    return PhotoFacts(kind, width, height, len(content), count)


def portrait(content: bytes, rule: PhotoRule) -> bytes:
    """Return a JPEG of the rule's proportion: upright, on white, without EXIF, in sRGB.

    The JPEG has at most the recommended size, is never enlarged, and weighs at least the rule's KB.
    Raises ``UnreadablePicture`` as ``measure`` does, and for a picture so empty that the best
    quality weighs less.
    """
    image = _opened(content)
    with _PROBLEMS.on_failure():
        fitted = _fitted(_upright(image, rule), rule)
        return _encoded(in_srgb(fitted, image.info.get("icc_profile")), rule)


def _opened(content: bytes) -> Image.Image:
    """Open a picture; decode nothing yet."""
    # Pillow gets no other formats: opening a WebP allocates its whole canvas, up to 1 GB.
    found = format_of(content)
    if found == "HEIC":
        raise UnreadablePicture(Problem("problem-photo-heic"))
    if found and found not in _READ:
        raise UnreadablePicture(Problem("problem-photo-foreign", {"format": found}))
    return opened(content, FORMATS, _PROBLEMS)


def _upright(image: Image.Image, rule: PhotoRule) -> Image.Image:
    """Return the picture upright; a JPEG is decoded no larger than the portrait needs."""
    held = orientation(image)
    image.draft("RGB", _needed(image.size, held, rule))
    image.load()
    return upright(opaque(image), held)


def _fitted(image: Image.Image, rule: PhotoRule) -> Image.Image:
    """Return the part with the rule's proportion, at most of the recommended size."""
    box = portrait_box(*image.size, rule)
    width, height = box[2] - box[0], box[3] - box[1]
    scale = _scale(width, height, rule)
    if scale == 1:
        return image.crop(box)
    # Rounded up: one pixel short could be one pixel below the rule.
    size = (
        min(ceil(width * scale), rule.recommended_width),
        min(ceil(height * scale), rule.recommended_height),
    )
    # Bicubic: a JPEG is at most halved here, and Lanczos costs half as much again for no gain.
    return image.resize(size, Image.Resampling.BICUBIC, box=box)


def _scale(width: int, height: int, rule: PhotoRule) -> float:
    """Return the factor of the size, at most 1: a portrait is never enlarged."""
    return min(1.0, rule.recommended_width / width, rule.recommended_height / height)


def _needed(size: tuple[int, int], held: int, rule: PhotoRule) -> tuple[int, int]:
    """Return the least stored size whose portrait still has the recommended size."""
    width, height = seen(size, held)
    left, top, right, bottom = portrait_box(width, height, rule)
    scale = _scale(right - left, bottom - top, rule)
    return seen((ceil(width * scale), ceil(height * scale)), held)


def _encoded(image: Image.Image, rule: PhotoRule) -> bytes:
    """Return the JPEG of the first quality that meets the rule's KB."""
    content = b""
    for quality in _QUALITIES:
        content = as_jpeg(image, quality)
        if len(content) >= rule.min_kb * KB:
            return content
    raise UnreadablePicture(
        Problem("problem-photo-empty", {"kb": len(content) // KB, "min_kb": rule.min_kb})
    )
