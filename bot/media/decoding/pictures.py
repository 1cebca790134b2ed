"""Photos and scans: pictures opened without trust, turned upright, and put on white."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from PIL import Image, ImageCms

from bot.media.decoding import structure
from bot.media.file_formats import format_of
from bot.media.unreadable import UnreadablePicture
from states.texts import Problem

MAX_PIXELS: Final = 40_000_000
MAX_WHOLE_PIXELS: Final = 24_000_000
"""The limit of a picture that lies whole in memory: 4 bytes a pixel in Pillow, up to 6 in libjpeg
for a progressive JPEG."""

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
"""EXIF 2.32 §4.6.4 A: the turn that makes a picture upright, by its orientation."""
_SIDEWAYS: Final = frozenset({5, 6, 7, 8})
_QUARTERS: Final = (
    None,
    Image.Transpose.ROTATE_90,
    Image.Transpose.ROTATE_180,
    Image.Transpose.ROTATE_270,
)
_SRGB: Final = ImageCms.createProfile("sRGB")

# Errors of Pillow and libheif on broken files; they have no common class.
_BROKEN: Final = (
    OSError,
    SyntaxError,
    ValueError,
    LookupError,
    TypeError,
    EOFError,
    OverflowError,
    RuntimeError,  # libheif's
    struct.error,
    zlib.error,
)
_BOMB: Final = (Image.DecompressionBombError, Image.DecompressionBombWarning)


@dataclass(frozen=True, slots=True)
class PictureProblems:
    """The problems of unreadable pictures, one set for photos and one for scans.

    ``pixels_many`` is the key of a problem with the ``limit``, in megapixels.
    """

    unknown: Problem
    broken: Problem
    pixels_many: str

    def too_large(self, limit: int) -> UnreadablePicture:
        """Return the error of a picture with more pixels than ``limit``."""
        return UnreadablePicture(Problem(self.pixels_many, {"limit": limit // 1_000_000}))

    @contextmanager
    def on_failure(self, reason: Problem | None = None) -> Iterator[None]:
        """Turn an error of a reader into ``UnreadablePicture``: ``broken``, or this reason."""
        try:
            yield
        except _BOMB as error:
            raise self.too_large(MAX_PIXELS) from error
        except _BROKEN as error:
            raise UnreadablePicture(reason or self.broken) from error


def opened(content: bytes, formats: tuple[str, ...], problems: PictureProblems) -> Image.Image:
    """Open a picture of these formats (Pillow's names); decode nothing yet.

    Raises ``UnreadablePicture``: another format, more than 40 megapixels (24 for a picture that
    lies whole in memory), or more segments, scans, chunks or blocks than honest files have.
    """
    if not structure.is_sound(content, format_of(content) or ""):
        raise UnreadablePicture(problems.broken)
    with problems.on_failure(problems.unknown):
        image = Image.open(BytesIO(content), formats=formats)
    is_streamed = image.format in ("JPEG", "MPO") and "progressive" not in image.info
    limit = MAX_PIXELS if is_streamed else MAX_WHOLE_PIXELS
    if image.width * image.height > limit:
        raise problems.too_large(limit)
    return image


def frames(image: Image.Image) -> int:
    """Return the number of pictures in a file; a film or preview behind a JPEG is none."""
    return 1 if image.format in ("JPEG", "MPO") else int(getattr(image, "n_frames", 1))


def orientation(image: Image.Image) -> int:
    """Return the EXIF orientation: 1 to 8, 1 for upright, also where the EXIF block is damaged."""
    try:
        held = image.getexif().get(_ORIENTATION)
        return held if held in _TURNS else 1
    except _BROKEN:
        return 1


def seen(size: tuple[int, int], held: int) -> tuple[int, int]:
    """Return the visible width and height of a picture stored in this size."""
    width, height = size
    return (height, width) if held in _SIDEWAYS else (width, height)


def upright(image: Image.Image, held: int) -> Image.Image:
    """Return the picture upright."""
    turn = _TURNS.get(held)
    return image if turn is None else image.transpose(turn)


def turned(image: Image.Image, quarters: int) -> Image.Image:
    """Return the picture turned by so many quarters, counterclockwise."""
    turn = _QUARTERS[quarters % 4]
    return image if turn is None else image.transpose(turn)


def on_white(image: Image.Image) -> Image.Image:
    """Return the picture in RGB, white where it was transparent."""
    if image.mode.startswith("I"):
        # Pillow would cut 16 bits of grey off at 255 instead of scaling them.
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("RGB")
    if not image.has_transparency_data:
        return image if image.mode == "RGB" else image.convert("RGB")
    layer = image if image.mode == "RGBA" else image.convert("RGBA")
    white = Image.new("RGB", layer.size, "white")
    white.paste(layer, mask=layer)
    return white


def opaque(image: Image.Image) -> Image.Image:
    """Return the picture without transparency, in a mode that its profile fits."""
    is_plain = image.mode in ("RGB", "L", "CMYK") and not image.has_transparency_data
    return image if is_plain else on_white(image)


def in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Convert colours from the file's profile, such as Display P3 or a printer's CMYK, to sRGB."""
    if not profile:
        return on_white(image)
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        if "sRGB" in ImageCms.getProfileDescription(source):
            return on_white(image)
        converted = ImageCms.profileToProfile(image, source, _SRGB, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError):
        return on_white(image)  # an unreadable profile is ignored
    return converted or on_white(image)


def as_jpeg(image: Image.Image, quality: int) -> bytes:
    """Return a JPEG without EXIF, profile or comment."""
    out = BytesIO()
    # Pillow copies the original's comment unless it gets another.
    image.save(out, "JPEG", quality=quality, subsampling=0 if quality == 100 else -1, comment=b"")
    return out.getvalue()
