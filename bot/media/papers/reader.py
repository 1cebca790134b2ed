"""A paper that is read: its pages become text, and the text the values that are known."""

from __future__ import annotations

from collections.abc import Iterator

from PIL import Image

from bot.media.file_formats import format_of
from bot.media.job_wire import ReadPaper
from bot.media.papers import judging
from bot.media.papers.models import models
from bot.media.papers.problems import PROBLEMS
from bot.media.papers.text_reader import read_page
from bot.media.pictures import opened
from states.papers.values import PaperReading, reading_of


def read(content: bytes, most: int) -> ReadPaper:
    """Read the first pages of a stored paper; nothing is read without the extra ``ocr``.

    Raises ``UnreadablePicture``: the file cannot be opened.
    """
    networks = models()
    if networks is None:
        return ReadPaper(PaperReading(), b"")
    pages, turned = [], False
    for page in _pages(content, most):
        text, turns = read_page(page, networks)
        pages.append(text)
        turned = turned or turns != 0
    return ReadPaper(reading_of(pages, turned=turned), b"")


def _pages(content: bytes, most: int) -> Iterator[Image.Image]:
    if format_of(content) == "PDF":
        yield from judging.pdf_pages(content, most)
        return
    image = opened(content, ("JPEG",), PROBLEMS)
    with PROBLEMS.on_failure():
        yield image.convert("RGB")
