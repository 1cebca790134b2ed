"""A paper that is read: its pages become text, and the text the values that are known."""

from __future__ import annotations

from collections.abc import Iterator

from PIL import Image

from bot.media.decoding.papers import judging
from bot.media.decoding.papers.models import models
from bot.media.decoding.papers.problems import PROBLEMS
from bot.media.decoding.papers.text_reader import read_page, standing
from bot.media.decoding.pictures import opened
from bot.media.file_formats import format_of
from bot.media.job_wire import ReadPaper
from states.papers.values import PaperReading, reading_of


def read(content: bytes, most: int, upright: int = 0) -> ReadPaper:
    """Read the first pages of a stored paper; nothing is read without the extra ``ocr``.

    Of the pages behind them, up to page ``upright``, only the right way up is found.

    Raises ``UnreadablePicture``: the file cannot be opened.
    """
    networks = models()
    if networks is None:
        return ReadPaper(PaperReading(), b"")
    texts, turns = [], []
    for number, page in enumerate(_pages(content, max(most, upright))):
        if number < most:
            text, turn = read_page(page, networks)
            texts.append(text)
        else:
            turn = standing(page, networks).sure_turns
        turns.append(turn)
    return ReadPaper(reading_of(texts, turns), b"")


def _pages(content: bytes, most: int) -> Iterator[Image.Image]:
    if format_of(content) == "PDF":
        yield from judging.pdf_pages(content, most)
        return
    image = opened(content, ("JPEG",), PROBLEMS)
    with PROBLEMS.on_failure():
        yield image.convert("RGB")
