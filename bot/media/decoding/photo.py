"""A candidate's photo: measured without trust, and made into a portrait.

The functions take tens of milliseconds for a phone's photo, and run in the media worker.
"""

from __future__ import annotations

from math import ceil
from typing import Final

from PIL import Image

from bot.media.decoding.fitting import fitted, scale_of
from bot.media.decoding.judging import judge
from bot.media.decoding.judging.fingerprint import fingerprint
from bot.media.decoding.pictures import (
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
from bot.media.file_formats import format_of
from bot.media.job_wire import MendedPhoto, PreparedPhoto
from bot.media.unreadable import UnreadablePicture
from states.photo import FORMATS, KB, PhotoFacts, PhotoRule, check_photo, portrait_box
from states.texts import Problem

_QUALITIES: Final = (88, 94, 97, 100)
_LOWER_QUALITIES: Final = (88, 82, 76, 70)
_SCALES: Final = (1.0, 0.85, 0.7, 0.6, 0.5, 0.4)
_READ: Final = frozenset({"JPG", "PNG", "GIF", "BMP"})
_PROBLEMS: Final = PictureProblems(
    unknown=Problem("problem-photo-unknown"),
    broken=Problem("problem-photo-broken"),
    pixels_many="problem-photo-pixels-many",
)


def prepare(content: bytes, rule: PhotoRule) -> PreparedPhoto:
    """Measure a photo, make its portrait unless it breaks the rule, and mend what may be mended.

    Raises ``UnreadablePicture`` as ``measure`` and ``portrait`` do.
    """
    image = _opened(content)
    with _PROBLEMS.on_failure():
        facts = _facts(image, content)
        if facts.frames > 1:
            image.load()
            return PreparedPhoto(facts, None, b"")
        whole = _upright(image, rule)
        judged = judge.judged(whole, image.info.get("icc_profile"), rule)
    if check_photo(facts, rule, compressed=False):
        return PreparedPhoto(facts, None, b"", judged.measures)
    with _PROBLEMS.on_failure():
        made = _encoded(judged.portrait, rule)
        mended, better = _mended(judged, rule)
    return PreparedPhoto(
        facts,
        _made(judged.portrait, made),
        made + better,
        judged.measures,
        fingerprint(judged.portrait),
        mended,
    )


def _mended(judged: judge.Judged, rule: PhotoRule) -> tuple[MendedPhoto | None, bytes]:
    """Return the mended portrait, if mending leaves fewer faults and meets the rule's KB."""
    better = judge.mended(judged, rule)
    if better is None:
        return None, b""
    try:
        made = _encoded(better.portrait, rule)
    except UnreadablePicture:
        return None, b""
    facts, of_copy = _made(better.portrait, made), fingerprint(better.portrait)
    return MendedPhoto(facts, better.measures, of_copy, len(made)), made


def _facts(image: Image.Image, content: bytes) -> PhotoFacts:
    """Return the facts that a picture's header tells."""
    width, height = seen(image.size, orientation(image))
    # A phone's photo with a preview behind it is an MPO to Pillow, and a JPEG to everybody else.
    kind = "JPEG" if image.format == "MPO" else str(image.format)
    return PhotoFacts(kind, width, height, len(content), frames(image))


def _made(image: Image.Image, content: bytes) -> PhotoFacts:
    """Return the facts of a JPEG that was made of this picture."""
    return PhotoFacts("JPEG", *image.size, len(content), 1)


def measure(content: bytes) -> PhotoFacts:
    """Return format, visible size in px, size in bytes and number of frames of a picture.

    The function decodes the whole file. Raises ``UnreadablePicture``: no picture, an unsupported
    format (the problem names it), truncated, or too many pixels (40 megapixels, 24 for a picture
    that Pillow holds whole; both by the header).
    """
    image = _opened(content)
    with _PROBLEMS.on_failure():
        facts = _facts(image, content)
        image.draft("RGB", (1, 1))  # Pillow still reads a JPEG to its end, at an eighth
        image.load()
    return facts


def portrait(content: bytes, rule: PhotoRule) -> bytes:
    """Return a JPEG of the rule's proportion: upright, on white, without EXIF, in sRGB.

    The JPEG has at most the recommended size, is never enlarged, and weighs what the rule asks.
    Raises ``UnreadablePicture`` as ``measure`` does, and for a picture so empty that the best
    quality weighs less.
    """
    image = _opened(content)
    with _PROBLEMS.on_failure():
        made = fitted(_upright(image, rule), rule)
        return _encoded(in_srgb(made, image.info.get("icc_profile")), rule)


def shown(content: bytes, rule: PhotoRule) -> Image.Image:
    """Return the picture as its portrait shows it, even if it breaks the rule.

    Raises ``UnreadablePicture`` as ``measure`` does.
    """
    image = _opened(content)
    with _PROBLEMS.on_failure():
        made = fitted(_upright(image, rule), rule)
        return in_srgb(made, image.info.get("icc_profile"))


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


def _needed(size: tuple[int, int], held: int, rule: PhotoRule) -> tuple[int, int]:
    """Return the least stored size whose portrait still has the recommended size."""
    width, height = seen(size, held)
    left, top, right, bottom = portrait_box(width, height, rule)
    scale = scale_of(right - left, bottom - top, rule)
    return seen((ceil(width * scale), ceil(height * scale)), held)


def _encoded(image: Image.Image, rule: PhotoRule) -> bytes:
    """Return the JPEG of the first quality that meets the rule's KB; smaller if all weigh more."""
    content = b""
    for quality in _QUALITIES:
        content = as_jpeg(image, quality)
        if len(content) >= rule.least_size:
            break
    else:
        raise UnreadablePicture(
            Problem("problem-photo-empty", {"kb": len(content) // KB, "min_kb": rule.min_kb})
        )
    return content if _is_light(content, rule) else _lighter(image, rule)


def _is_light(content: bytes, rule: PhotoRule) -> bool:
    return rule.most_size is None or len(content) <= rule.most_size


def _lighter(image: Image.Image, rule: PhotoRule) -> bytes:
    """Return a JPEG within the rule's KB: of a lower quality, then of fewer px.

    Raises ``UnreadablePicture``: none is light enough and still has the rule's px and KB.
    """
    content = b""
    for scale in _SCALES:
        size = (round(image.width * scale), round(image.height * scale))
        if size[0] < rule.least_width or size[1] < rule.least_height:
            break
        small = image if scale == 1 else image.resize(size, Image.Resampling.BICUBIC)
        for quality in _LOWER_QUALITIES:
            content = as_jpeg(small, quality)
            if rule.least_size <= len(content) and _is_light(content, rule):
                return content
    raise UnreadablePicture(
        Problem("problem-photo-heavy", {"kb": len(content) // KB, "max_kb": rule.max_kb or 0})
    )
