"""Photo processing as Telegram does it: JPEG, no metadata, several sizes.

Telegram keeps at most 2560 px on the longest side, with copies of 90, 320, 800 and 1280 px. It
documents no compression; JPEG quality 87 comes close to its files.
"""

import io
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image, ImageOps, UnidentifiedImageError

from bot.sandbox.rules.refusals import bad_request, invalid_call

LARGEST_SIDE = 2560
SIDES = (90, 320, 800, 1280, LARGEST_SIDE)
QUALITY = 87
MAX_WIDTH_PLUS_HEIGHT = 10_000
"""px (https://core.telegram.org/bots/api#sendphoto)."""
MAX_RATIO = 20


@dataclass(frozen=True, slots=True)
class PhotoSize:
    """One size of a photo: JPEG bytes, and its width and height in px."""

    width: int
    height: int
    content: bytes


@lru_cache(maxsize=4)
def photo_sizes(content: bytes) -> tuple[PhotoSize, ...]:
    """Return all sizes of a photo, smallest first; raise Refusal for an unusable picture."""
    try:
        with Image.open(io.BytesIO(content)) as image:
            _check_size(image.width, image.height)
            image.draft("RGB", (LARGEST_SIDE, LARGEST_SIDE))
            upright = ImageOps.exif_transpose(image)
            picture = _flattened(upright)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise bad_request("IMAGE_PROCESS_FAILED") from error
    longest = max(picture.size)
    sides = [side for side in SIDES if side < longest]
    sizes = [_photo_size(picture, min(longest, LARGEST_SIDE))]
    sizes += [_photo_size(picture, side) for side in reversed(sides) if side != LARGEST_SIDE]
    return tuple(reversed(sizes))


def _check_size(width: int, height: int) -> None:
    ratio = max(width, height) / max(1, min(width, height))
    if width + height > MAX_WIDTH_PLUS_HEIGHT or ratio > MAX_RATIO:
        raise invalid_call("PHOTO_INVALID_DIMENSIONS")


def _flattened(image: Image.Image) -> Image.Image:
    """Return the picture as RGB on white: JPEG has no transparency."""
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        layer = image.convert("RGBA")
        white = Image.new("RGBA", layer.size, "white")
        return Image.alpha_composite(white, layer).convert("RGB")
    return image.convert("RGB")


def _photo_size(picture: Image.Image, side: int) -> PhotoSize:
    copy = picture
    if max(picture.size) > side:
        scale = side / max(picture.size)
        size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
        copy = picture.resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0)
    buffer = io.BytesIO()
    copy.save(buffer, "JPEG", quality=QUALITY)
    return PhotoSize(copy.width, copy.height, buffer.getvalue())


@lru_cache(maxsize=1)
def sticker() -> bytes:
    """Return a placeholder for any sticker: WEBP, 512 px square, one colour."""
    buffer = io.BytesIO()
    Image.new("RGBA", (512, 512), (64, 156, 255, 255)).save(buffer, "WEBP", quality=10)
    return buffer.getvalue()
