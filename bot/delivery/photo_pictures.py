"""Photos with marks, and photos side by side: drawn by the media worker when they are sent."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final, Protocol

from bot.delivery.i18n import Translations
from bot.media.job_wire import DrawnMark
from bot.media.media_worker import WorkerUnavailable
from bot.media.unreadable import UnreadablePicture
from handlers.rendering import ComparedPhotos, MarkedPhoto
from states.photo import PhotoRule
from storage.candidates.blobs import Blobs

SECONDS: Final = 10.0
"""The longest seconds for a drawing; the photo is else sent without marks."""


class PhotoDrawer(Protocol):
    """Draws on photos, as ``MediaWorker`` does."""

    async def marked(
        self, content: bytes, rule: PhotoRule, marks: Sequence[DrawnMark], legend: Sequence[str]
    ) -> bytes:
        """Return a JPEG of a photo with marks."""

    async def compared(
        self, first: bytes, second: bytes, rule: PhotoRule, labels: Sequence[str]
    ) -> bytes:
        """Return a JPEG of two photos side by side."""


class PhotoPictures:
    """Draws the candidates' photos in the reader's language."""

    def __init__(
        self, drawer: PhotoDrawer, blobs: Blobs, rule: PhotoRule, translations: Translations
    ) -> None:
        self._drawer = drawer
        self._blobs = blobs
        self._rule = rule
        self._translations = translations

    async def draw(self, picture: MarkedPhoto | ComparedPhotos, locale: str) -> bytes:
        """Return the drawn picture; the plain photo if the worker is away or too slow.

        Raises:
            BlobMissing: the photo is gone.
        """
        plain = await self._blobs.get(picture.blob)
        try:
            async with asyncio.timeout(SECONDS):
                if isinstance(picture, MarkedPhoto):
                    return await self._marked(picture, plain, locale)
                first = await self._blobs.get(picture.first)
                labels = [self._translations.label(one, locale) for one in picture.labels]
                return await self._drawer.compared(first, plain, self._rule, labels)
        except (TimeoutError, UnreadablePicture, WorkerUnavailable):
            return plain

    async def _marked(self, picture: MarkedPhoto, plain: bytes, locale: str) -> bytes:
        label = self._translations.label
        marks = [
            DrawnMark(one.shape, one.at, label(one.label, locale), one.is_fault)
            for one in picture.marks
        ]
        legend = [label(one, locale) for one in picture.legend]
        return await self._drawer.marked(plain, self._rule, marks, legend)
