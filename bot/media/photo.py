"""A picture that somebody sent: measured without trusting it, and made into a portrait.

Both functions work in memory on the caller's thread and take tens of milliseconds for a phone's
photo: call them off the event loop.
"""

from __future__ import annotations

from math import ceil
from typing import Final

from PIL import Image

from bot.media.formats import format_of
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
from states.photo import FORMATS, KB, PhotoFacts, PhotoRule, portrait_box
from states.texts import Problem

__all__ = ["UnreadablePicture", "measure", "portrait"]

_QUALITIES: Final = (88, 94, 97, 100)
_READ: Final = frozenset({"JPG", "PNG", "GIF", "BMP"})
_REFUSALS: Final = PictureProblems(
    unknown=Problem("problem-photo-unknown"),
    broken=Problem("problem-photo-broken"),
    pixels_many="problem-photo-pixels-many",
)


def measure(content: bytes) -> PhotoFacts:
    """Format by content, size as seen and number of frames of a picture.

    The whole file is read through, so that a truncated one is found. Raises ``Unreadable``: not a
    picture, a format that we do not read (HEIC and others are named), more than 40 megapixels, 24
    where it would lie in memory whole (known from the header, before anything is decoded), or
    truncated.
    """
    image = _opened(content)
    with _REFUSALS.unless_read():
        frames = 1 if image.format in ("JPEG", "MPO") else int(getattr(image, "n_frames", 1))
        width, height = seen(image.size, orientation(image))
        image.draft("RGB", (1, 1))  # a JPEG is read to its end all the same, at an eighth
        image.load()
    # Phones put a preview behind the photo and call the pair MPO; it is a JPEG to everybody else.
    kind = "JPEG" if image.format == "MPO" else str(image.format)
    return PhotoFacts(kind, width, height, len(content), frames)


def portrait(content: bytes, rule: PhotoRule) -> bytes:
    """A JPEG of the rule's proportion: upright, on white, without EXIF, in sRGB.

    It is at most the recommended size, never larger than the original, and weighs at least the
    rule's KB. Raises ``Unreadable`` as ``measure`` does, and where the picture is so empty that
    the best quality does not reach the KB.
    """
    image = _opened(content)
    with _REFUSALS.unless_read():
        fitted = _fitted(_upright(image, rule), rule)
    profile = image.info.get("icc_profile")
    if profile and image.mode == "RGB":
        fitted = in_srgb(fitted, profile)
    return _encoded(fitted, rule)


def _opened(content: bytes) -> Image.Image:
    """The picture with its header read and nothing decoded."""
    # Pillow is not let near others: opening a WebP allocates its whole canvas, up to 1 GB.
    found = format_of(content)
    if found == "HEIC":
        raise UnreadablePicture(Problem("problem-photo-heic"))
    if found and found not in _READ:
        raise UnreadablePicture(Problem("problem-photo-foreign", {"format": found}))
    return opened(content, FORMATS, _REFUSALS)


def _upright(image: Image.Image, rule: PhotoRule) -> Image.Image:
    """The picture as it is seen; a JPEG is decoded no larger than the portrait needs."""
    held = orientation(image)
    image.draft("RGB", _needed(image.size, held, rule))
    image.load()
    return upright(on_white(image), held)


def _fitted(image: Image.Image, rule: PhotoRule) -> Image.Image:
    """The part with the rule's proportion, at most of the recommended size."""
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
    # Bicubic: a JPEG is at most halved here, where Lanczos costs half as much again to no gain.
    return image.resize(size, Image.Resampling.BICUBIC, box=box)


def _scale(width: int, height: int, rule: PhotoRule) -> float:
    """How much smaller the part has to become; 1 at most, since nothing is enlarged."""
    return min(1.0, rule.recommended_width / width, rule.recommended_height / height)


def _needed(size: tuple[int, int], held: int, rule: PhotoRule) -> tuple[int, int]:
    """The smallest size to decode, as stored, whose portrait still has the recommended size."""
    width, height = seen(size, held)
    left, top, right, bottom = portrait_box(width, height, rule)
    scale = _scale(right - left, bottom - top, rule)
    return seen((ceil(width * scale), ceil(height * scale)), held)


def _encoded(image: Image.Image, rule: PhotoRule) -> bytes:
    """The first quality whose weight meets the rule."""
    content = b""
    for quality in _QUALITIES:
        content = as_jpeg(image, quality)
        if len(content) >= rule.min_kb * KB:
            return content
    raise UnreadablePicture(
        Problem("problem-photo-empty", {"kb": len(content) // KB, "min_kb": rule.min_kb})
    )
