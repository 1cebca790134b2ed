"""Labelled pictures of certificates: as phones and scanners make them, and with planted faults."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from random import Random
from typing import Final

import numpy as np
from PIL import Image, ImageEnhance, ImageFilter

from states.papers.checks import PaperCheck
from tests.bench.papers.certificates import KINDS, Facts

_DESKS: Final = ((122, 88, 60), (70, 74, 80), (206, 198, 184), (40, 52, 66))


@dataclass(frozen=True, slots=True)
class Page:
    """A picture of a certificate, and the fault that was planted in it."""

    kind: str
    facts: Facts
    content: bytes
    fault: str | None = None


def pages(good: int, each: int) -> Iterator[Page]:
    """Make good pictures, and so many of each fault."""
    for seed in range(good):
        yield _page(seed, None)
    for number, fault in enumerate(FAULTS):
        for seed in range(each):
            yield _page(10_000 * (number + 1) + seed, fault)


def _page(seed: int, fault: str | None) -> Page:
    kind = [*KINDS][seed % len(KINDS)]
    facts = Facts.invented(seed)
    return Page(kind, facts, pictured(KINDS[kind](facts, seed), seed, fault), fault)


def pictured(sheet: Image.Image, seed: int, fault: str | None = None) -> bytes:
    """Take a picture of a sheet, as a JPEG; a fault of ``FAULTS`` may be planted."""
    chance = Random(seed)
    by_scanner = chance.random() < 0.4
    longest = chance.randint(1500, 2600)
    image = sheet.resize(
        [round(side * longest / max(sheet.size)) for side in sheet.size], Image.Resampling.BICUBIC
    )
    if not by_scanner:
        image = _on_a_desk(image, chance)
    image = image.rotate(
        chance.uniform(-1.3, 1.3), Image.Resampling.BICUBIC, fillcolor=_corner(image)
    )
    if fault == "cut":
        image = _cut(image, chance)
    image = ImageEnhance.Brightness(image).enhance(chance.uniform(0.86, 1.04))
    if not by_scanner:
        image = _shaded(image, chance)
    image = image.filter(ImageFilter.GaussianBlur(chance.uniform(0, 0.7)))
    if fault is not None and fault != "cut":
        image = FAULTS[fault][0](image, chance)
    grain, shape = chance.uniform(0, 3), (image.height, image.width, 1)
    noise = np.random.default_rng(seed).normal(0, grain, shape)
    pixels = np.clip(np.asarray(image, np.float32) + noise, 0, 255).astype(np.uint8)
    out = BytesIO()
    Image.fromarray(pixels).save(out, "JPEG", quality=chance.randint(72, 92))
    return out.getvalue()


def _corner(image: Image.Image) -> tuple[int, ...]:
    found = image.getpixel((2, 2))
    return found if isinstance(found, tuple) else (255, 255, 255)


def _on_a_desk(image: Image.Image, chance: Random) -> Image.Image:
    """Lay a sheet on a desk, of which the picture shows a little."""
    margin = round(chance.uniform(0.01, 0.05) * image.width)
    size = (image.width + 2 * margin, image.height + 2 * margin)
    grain = Image.effect_noise((size[0] // 8, size[1] // 2), 28).resize(size).convert("RGB")
    desk = Image.blend(Image.new("RGB", size, chance.choice(_DESKS)), grain, 0.15)
    desk.paste(image, (margin, margin))
    return desk


def _shaded(image: Image.Image, chance: Random) -> Image.Image:
    """Let the light fall from one side."""
    slope = np.linspace(1, chance.uniform(0.78, 1), image.width, dtype=np.float32)
    slope = slope if chance.random() < 0.5 else slope[::-1]
    pixels = np.asarray(image, np.float32) * slope[None, :, None]
    return Image.fromarray(pixels.astype(np.uint8))


def _cut(image: Image.Image, chance: Random) -> Image.Image:
    """Cut a side off, through the print."""
    width, height = image.size
    part = chance.uniform(0.33, 0.45)
    side = chance.choice(["left", "right"])
    left = round(width * part) if side == "left" else 0
    right = width - round(width * part) if side == "right" else width
    return image.crop((left, 0, right, height))


def _blurred(image: Image.Image, chance: Random) -> Image.Image:
    return image.filter(ImageFilter.GaussianBlur(max(image.size) / 2000 * chance.uniform(3.5, 7)))


def _dark(image: Image.Image, chance: Random) -> Image.Image:
    return ImageEnhance.Brightness(image).enhance(chance.uniform(0.15, 0.4))


def _small(image: Image.Image, chance: Random) -> Image.Image:
    longest = chance.randint(620, 820)
    size = [round(side * longest / max(image.size)) for side in image.size]
    return image.resize(size, Image.Resampling.BICUBIC)


def _sideways(image: Image.Image, chance: Random) -> Image.Image:
    turn = chance.choice([Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_270])
    return image.transpose(turn)


def _slanted(image: Image.Image, chance: Random) -> Image.Image:
    angle = chance.choice([-1, 1]) * chance.uniform(6, 14)
    return image.rotate(angle, Image.Resampling.BICUBIC, expand=True, fillcolor=_corner(image))


def _as_it_is(image: Image.Image, _chance: Random) -> Image.Image:
    return image


FAULTS: Final[Mapping[str, tuple[Callable[[Image.Image, Random], Image.Image], PaperCheck]]] = {
    "blur": (_blurred, PaperCheck.SHARPNESS),
    "dark": (_dark, PaperCheck.LIGHT),
    "cut": (_as_it_is, PaperCheck.CUT),
    "too small": (_small, PaperCheck.SIDE),
    "sideways": (_sideways, PaperCheck.SIDEWAYS),
    "slant": (_slanted, PaperCheck.SLANT),
}
