"""The fit of a picture to the rule's proportion and the recommended size."""

from __future__ import annotations

from math import ceil

from PIL import Image

from states.photo import PhotoRule, portrait_box

Box = tuple[int, int, int, int]


def fitted(image: Image.Image, rule: PhotoRule, box: Box | None = None) -> Image.Image:
    """Return the part with the rule's proportion, at most of the recommended size.

    ``box`` is another part of that proportion than the middle.
    """
    box = box or portrait_box(*image.size, rule)
    width, height = box[2] - box[0], box[3] - box[1]
    scale = scale_of(width, height, rule)
    if scale == 1:
        return image.crop(box)
    # Rounded up: one pixel short could be one pixel below the rule.
    size = (
        min(ceil(width * scale), rule.recommended_width),
        min(ceil(height * scale), rule.recommended_height),
    )
    # Bicubic: a JPEG is at most halved here, and Lanczos costs half as much again for no gain.
    return image.resize(size, Image.Resampling.BICUBIC, box=box)


def scale_of(width: int, height: int, rule: PhotoRule) -> float:
    """Return the factor of the size, at most 1: a portrait is never enlarged."""
    return min(1.0, rule.recommended_width / width, rule.recommended_height / height)
