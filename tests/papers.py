"""Pictures of certificates of the stories' candidate, drawn as the bench draws them."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from io import BytesIO
from typing import Final

from PIL import Image, ImageFilter

from bot.media.decoding.pictures import turned
from tests.bench.papers.certificates import KINDS, Facts
from tests.e2e import scenes

LING: Final = replace(
    Facts.invented(1),
    name=scenes.NAME,
    sex="女",
    born="1990-03-07",
    id_number=scenes.NUMBER,
    school=scenes.SCHOOL,
    major="临床医学",
    level="bachelor",
    enrolled="2007-09-01",
    graduated="2012-07-01",
    certificate=scenes.CERTIFICATE,
)
"""What the stories' candidate answers in the form."""


@cache
def paper(kind: str = "graduation", seed: int = 3, **changed: str) -> bytes:
    """A JPEG of a paper of hers; some facts may be others."""
    return jpeg(KINDS[kind](replace(LING, **changed), seed))


def blurred(kind: str = "graduation") -> bytes:
    """A paper of hers, out of focus."""
    return jpeg(KINDS[kind](LING, 3).filter(ImageFilter.GaussianBlur(7)))


def lying(kind: str = "graduation") -> bytes:
    """A paper of hers, lying on its side."""
    return jpeg(turned(KINDS[kind](LING, 3), 1))


def upside_down(**changed: str) -> bytes:
    """Her diploma, standing on its head; some facts may be others."""
    return jpeg(turned(diploma(**changed), 2))


def leaning_upside_down() -> bytes:
    """Her diploma, on its head and 9° off the level."""
    turn, paper = Image.Resampling.BICUBIC, "#f6f2f2"
    return jpeg(turned(diploma(), 2).rotate(-9, turn, expand=True, fillcolor=paper))


def diploma(**changed: str) -> Image.Image:
    """Her diploma; some facts may be others."""
    return KINDS["graduation"](replace(LING, **changed), 3)


def pdf(*pages: Image.Image) -> bytes:
    """A PDF of pictures, one a page, as a scanner makes it."""
    first, *others = [one.convert("RGB") for one in pages]
    out = BytesIO()
    first.save(out, "PDF", resolution=200.0, save_all=True, append_images=others, quality=85)
    return out.getvalue()


def jpeg(image: Image.Image, quality: int = 85) -> bytes:
    """The picture as a JPEG."""
    out = BytesIO()
    image.convert("RGB").save(out, "JPEG", quality=quality)
    return out.getvalue()
