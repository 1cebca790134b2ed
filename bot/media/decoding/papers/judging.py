"""The judgement of a paper: a look at each page, and turned copies of one that lies or leans."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import pypdfium2  # type: ignore[import-untyped]  # it has no types
from PIL import Image

from bot.media.decoding.papers import legibility
from bot.media.decoding.pictures import turned
from states.papers.checks import PageLook, PaperCheck, PaperRule, findings

SIDE: Final = 1600
"""px of the longest side of a page of a PDF that is judged or read."""
_LEFT, _RIGHT = 1, 3
"""Quarter turns."""


def look(page: Image.Image, side: float = 0.0) -> PageLook:
    """Return the look of an RGB page; ``side`` is the shorter side in px as it was sent."""
    measures = replace(legibility.measured(page), side=float(side))
    return PageLook(measures, legibility.fingerprint(page))


def pdf_looks(content: bytes, rule: PaperRule) -> tuple[PageLook, ...]:
    """Return the looks of the first pages of a PDF; none of one whose pages cannot be drawn."""
    return tuple(look(page) for page in pdf_pages(content, rule.most_pages))


def pdf_pages(content: bytes, most: int) -> Iterator[Image.Image]:
    """Draw the first pages of a PDF."""
    try:
        with pypdfium2.PdfDocument(content) as document:
            for number in range(min(most, len(document))):
                page = document[number]
                scale = SIDE / max(1.0, *page.get_size())
                if min(page.get_size()) * scale >= 1:
                    yield page.render(scale=scale).to_pil().convert("RGB")
    except pypdfium2.PdfiumError:
        return


def offered(page: Image.Image, seen: PageLook, rule: PaperRule) -> tuple[Image.Image, ...]:
    """Return copies to choose from: both quarter turns of a page that lies, a level one."""
    found = {one.check for one in findings((seen,), rule)}
    if PaperCheck.SIDEWAYS in found:
        return turned(page, _LEFT), turned(page, _RIGHT)
    if PaperCheck.SLANT in found:
        slant = seen.measures.slant
        level = page.rotate(slant, Image.Resampling.BICUBIC, expand=True, fillcolor="white")
        return (level,)
    return ()
