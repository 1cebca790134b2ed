"""A picture that somebody sent: measured without trusting it, and made into a portrait.

Both functions work in memory on the caller's thread and take tens of milliseconds for a phone's
photo: call them off the event loop.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from math import ceil
from typing import Final

from PIL import Image, ImageCms

from states.photo import FORMATS, KB, PhotoFacts, PhotoRule, portrait_box
from states.texts import Problem

MAX_PIXELS: Final = 40_000_000
MAX_WHOLE_PIXELS: Final = 24_000_000
"""The limit where a picture lies in memory whole, whatever is asked of it: in Pillow 4 bytes a
pixel for all but JPEG, in libjpeg up to 6 for a progressive one."""
MAX_SCANS: Final = 64
"""Scans of a JPEG; encoders make about 10, and each may cost a pass over the whole picture."""

_QUALITIES: Final = (88, 94, 97, 100)
_ORIENTATION: Final = 0x0112
_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""EXIF 2.32 §4.6.4 A: the turn that undoes how the camera was held."""
_SIDEWAYS: Final = frozenset({5, 6, 7, 8})
_SRGB: Final = ImageCms.createProfile("sRGB")

# What Pillow's readers raise on files that are not what they say; there is no common class.
_BROKEN: Final = (
    OSError,
    SyntaxError,
    ValueError,
    LookupError,
    TypeError,
    EOFError,
    OverflowError,
    struct.error,
    zlib.error,
)
_BOMB: Final = (Image.DecompressionBombError, Image.DecompressionBombWarning)


class Unreadable(Exception):
    """The content is no picture that we can open; ``reason`` is what to say to the sender."""

    def __init__(self, reason: Problem) -> None:
        """Keep the reason; its key is the exception's message."""
        super().__init__(reason.key)
        self.reason = reason


def measure(content: bytes) -> PhotoFacts:
    """Format by content, size as seen and number of frames of a picture.

    The whole file is read through, so that a truncated one is found. Raises ``Unreadable``: not a
    picture, a format that we do not read (HEIC and others are named), more than 40 megapixels, 24
    where it would lie in memory whole (known from the header, before anything is decoded), or
    truncated.
    """
    image = _opened(content)
    with _refusing("problem-photo-broken"):
        frames = 1 if image.format in ("JPEG", "MPO") else int(getattr(image, "n_frames", 1))
        width, height = _seen(image.size, _orientation(image))
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
    with _refusing("problem-photo-broken"):
        fitted = _fitted(_upright(image, rule), rule)
    profile = image.info.get("icc_profile")
    if profile and image.mode == "RGB":
        fitted = _in_srgb(fitted, profile)
    return _encoded(fitted, rule)


@contextmanager
def _refusing(key: str) -> Iterator[None]:
    """Turn what Pillow says of a bad file into a refusal with this key."""
    try:
        yield
    except _BOMB as error:
        raise Unreadable(_too_many_pixels(MAX_PIXELS)) from error
    except _BROKEN as error:
        raise Unreadable(Problem(key)) from error


def _opened(content: bytes) -> Image.Image:
    """The picture with its header read and nothing decoded."""
    foreign = _foreign_format(content)
    if foreign:
        raise Unreadable(foreign)
    with _refusing("problem-photo-unknown"):
        image = Image.open(BytesIO(content), formats=FORMATS)
    is_progressive = "progressive" in image.info
    is_streamed = image.format in ("JPEG", "MPO") and not is_progressive
    limit = MAX_PIXELS if is_streamed else MAX_WHOLE_PIXELS
    if image.width * image.height > limit:
        raise Unreadable(_too_many_pixels(limit))
    if is_progressive and content.count(b"\xff\xda") > MAX_SCANS:
        raise Unreadable(Problem("problem-photo-broken"))
    return image


def _too_many_pixels(limit: int) -> Problem:
    return Problem("problem-photo-pixels-many", {"limit": limit // 1_000_000})


def _foreign_format(content: bytes) -> Problem | None:
    """The refusal of a known format that we do not read, recognised by its first bytes."""
    brand = content[8:12] if content[4:8] == b"ftyp" else b""
    if brand in (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"):
        return Problem("problem-photo-heic")
    if brand in (b"avif", b"avis"):
        return _not_read("AVIF")
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        # Opening one allocates its whole canvas, up to 1 GB, before its size can be asked.
        return _not_read("WebP")
    if content[:4] in (b"II*\0", b"MM\0*"):
        return _not_read("TIFF")
    if content[:5] == b"%PDF-":
        return _not_read("PDF")
    return None


def _not_read(name: str) -> Problem:
    return Problem("problem-photo-foreign", {"format": name})


def _orientation(image: Image.Image) -> int:
    return int(image.getexif().get(_ORIENTATION, 1))


def _seen(size: tuple[int, int], orientation: int) -> tuple[int, int]:
    width, height = size
    return (height, width) if orientation in _SIDEWAYS else (width, height)


def _upright(image: Image.Image, rule: PhotoRule) -> Image.Image:
    """The picture as it is seen; a JPEG is decoded no larger than the portrait needs."""
    orientation = _orientation(image)
    image.draft("RGB", _needed(image.size, orientation, rule))
    image.load()
    plain = _on_white(image)
    turn = _TURNS.get(orientation)
    return plain if turn is None else plain.transpose(turn)


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


def _needed(size: tuple[int, int], orientation: int, rule: PhotoRule) -> tuple[int, int]:
    """The smallest size to decode, as stored, whose portrait still has the recommended size."""
    width, height = _seen(size, orientation)
    left, top, right, bottom = portrait_box(width, height, rule)
    scale = _scale(right - left, bottom - top, rule)
    return _seen((ceil(width * scale), ceil(height * scale)), orientation)


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):
        # 16 bits of grey, which Pillow would cut off at 255 instead of scaling them.
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("RGB")
    if not image.has_transparency_data:
        return image if image.mode == "RGB" else image.convert("RGB")
    layer = image if image.mode == "RGBA" else image.convert("RGBA")
    white = Image.new("RGB", layer.size, "white")
    white.paste(layer, mask=layer)
    return white


def _in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """Colours as the camera meant them: phones photograph in Display P3, forms print sRGB."""
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        if "sRGB" in ImageCms.getProfileDescription(source):
            return image
        converted = ImageCms.profileToProfile(image, source, _SRGB, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError):
        return image  # a profile that nobody can read says nothing
    return converted or image


def _encoded(image: Image.Image, rule: PhotoRule) -> bytes:
    """The first quality whose weight meets the rule."""
    content = b""
    for quality in _QUALITIES:
        out = BytesIO()
        image.save(out, "JPEG", quality=quality, subsampling=0 if quality == 100 else -1)
        content = out.getvalue()
        if len(content) >= rule.min_kb * KB:
            return content
    raise Unreadable(
        Problem("problem-photo-empty", {"kb": len(content) // KB, "min_kb": rule.min_kb})
    )
