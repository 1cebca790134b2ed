"""Pieces of papers with lines below them, and pages side by side: drawn by the media worker."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final, Protocol

from bot.delivery.i18n import Translations
from bot.media.job_wire import DrawnCrop
from bot.media.media_worker import WorkerUnavailable
from bot.media.unreadable import UnreadablePicture
from handlers.rendering import ComparedPages, PaperCrops
from storage.candidates.blobs import BlobMissing, Blobs

SECONDS: Final = 10.0
"""The longest seconds for a drawing; the text goes out alone then."""


class PaperDrawer(Protocol):
    """Draws papers, as ``MediaWorker`` does."""

    async def crops(self, content: bytes, rows: Sequence[DrawnCrop]) -> bytes:
        """Return a JPEG of pieces of a paper."""

    async def beside(self, first: bytes, second: bytes, labels: Sequence[str]) -> bytes:
        """Return a JPEG of two pages side by side."""


class PaperPictures:
    """Draws the candidates' papers in the reader's language."""

    def __init__(self, drawer: PaperDrawer, blobs: Blobs, translations: Translations) -> None:
        self._drawer = drawer
        self._blobs = blobs
        self._translations = translations

    async def draw(self, picture: PaperCrops | ComparedPages, locale: str) -> bytes | None:
        """Return the drawn picture; None if a file is gone, or the worker away or too slow."""
        label = self._translations.label
        try:
            async with asyncio.timeout(SECONDS):
                if isinstance(picture, ComparedPages):
                    first = await self._blobs.get(picture.first)
                    second = await self._blobs.get(picture.second)
                    labels = [label(one, locale) for one in picture.labels]
                    return await self._drawer.beside(first, second, labels)
                rows = [
                    DrawnCrop(
                        one.page,
                        one.box,
                        tuple(label(line, locale) for line in one.lines),
                        one.is_fault,
                        picture.turns_of(one.page),
                    )
                    for one in picture.crops
                ]
                return await self._drawer.crops(await self._blobs.get(picture.blob), rows)
        except (TimeoutError, UnreadablePicture, WorkerUnavailable, BlobMissing):
            return None
