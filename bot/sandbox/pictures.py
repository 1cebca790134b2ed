"""What Telegram does to a picture that is sent as a photo: JPEG, no metadata, several sizes.

Telegram keeps at most 2560 px on the longest side and offers smaller copies of 90, 320, 800 and
1280 px; it does not say how strongly it compresses, quality 87 is close to what comes back.
"""

import io
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image, ImageOps, UnidentifiedImageError

from bot.sandbox.refusals import broken, happened

LARGEST_SIDE = 2560
SIDES = (90, 320, 800, 1280, LARGEST_SIDE)
QUALITY = 87
MOST_PIXELS_BOTH_SIDES = 10_000
"""Width and height together (https://core.telegram.org/bots/api#sendphoto)."""
WIDEST_RATIO = 20


@dataclass(frozen=True, slots=True)
class Rendition:
    """One size of a photo: JPEG bytes, and its width and height in px."""

    width: int
    height: int
    content: bytes


@lru_cache(maxsize=4)
def renditions(content: bytes) -> tuple[Rendition, ...]:
    """All sizes of a photo, smallest first; raises Refusal for what Telegram would not show."""
    try:
        with Image.open(io.BytesIO(content)) as image:
            _check_size(image.width, image.height)
            image.draft("RGB", (LARGEST_SIDE, LARGEST_SIDE))
            upright = ImageOps.exif_transpose(image)
            picture = _flattened(upright)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise happened("IMAGE_PROCESS_FAILED") from error
    longest = max(picture.size)
    sides = [side for side in SIDES if side < longest]
    sizes = [_rendition(picture, min(longest, LARGEST_SIDE))]
    sizes += [_rendition(picture, side) for side in reversed(sides) if side != LARGEST_SIDE]
    return tuple(reversed(sizes))


def _check_size(width: int, height: int) -> None:
    ratio = max(width, height) / max(1, min(width, height))
    if width + height > MOST_PIXELS_BOTH_SIDES or ratio > WIDEST_RATIO:
        raise broken("PHOTO_INVALID_DIMENSIONS")


def _flattened(image: Image.Image) -> Image.Image:
    """RGB on white: JPEG has no transparency."""
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        layer = image.convert("RGBA")
        white = Image.new("RGBA", layer.size, "white")
        return Image.alpha_composite(white, layer).convert("RGB")
    return image.convert("RGB")


def _rendition(picture: Image.Image, side: int) -> Rendition:
    copy = picture
    if max(picture.size) > side:
        scale = side / max(picture.size)
        size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
        copy = picture.resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0)
    buffer = io.BytesIO()
    copy.save(buffer, "JPEG", quality=QUALITY)
    return Rendition(copy.width, copy.height, buffer.getvalue())


@lru_cache(maxsize=1)
def sticker() -> bytes:
    """A picture that stands for any sticker: WEBP, 512 px square, one colour."""
    buffer = io.BytesIO()
    Image.new("RGBA", (512, 512), (64, 156, 255, 255)).save(buffer, "WEBP", quality=10)
    return buffer.getvalue()
