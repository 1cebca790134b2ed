"""Renderer makes one Bot API call of an outbox row's effect, in the person's language."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache, partial
from typing import Any
from unicodedata import east_asian_width

from bot.delivery.i18n import Translations
from bot.documents import export
from bot.media import progress_picture
from bot.media.progress_picture import LabelledStep
from handlers.callback_data import ANYWHERE, DESK, Button, Link, question_hash_of
from handlers.rendering import (
    Export,
    Paper,
    Paragraph,
    Portrait,
    Process,
    RenderScreen,
    Screen,
    StaffScreens,
    View,
)
from states.exam import Exam
from states.records import Records
from states.state_groups import ALL, STAFF
from states.step_result import DeleteMessage, EditScreen, Effect, LeaveChat, ShowScreen
from storage.candidates.blobs import Blobs
from storage.data_export import DataExport
from storage.staff.staff_view import StaffViews

PHONE_COLUMNS = 38
"""The columns of a button row on a phone; a Chinese character takes two."""


@dataclass(frozen=True, slots=True)
class ApiCall:
    """One call of the Bot API. ``files`` are uploads by parameter name."""

    method: str
    params: Mapping[str, Any]
    files: Mapping[str, bytes] = field(default_factory=dict)


class Renderer:
    """Renders screens. Everything personal comes from the records, at the time of sending.

    Args:
        data_export: reads everything about the person of a private chat.
        staff: the screens of the staff, rendered from a StaffView of ``staff_views``.
    """

    def __init__(
        self,
        translations: Translations,
        exam: Exam,
        blobs: Blobs,
        screens: Mapping[str, RenderScreen],
        data_export: Callable[[int], Awaitable[DataExport]],
        staff: StaffScreens | None = None,
        staff_views: StaffViews | None = None,
    ) -> None:
        self._translations = translations
        self._exam = exam
        self._blobs = blobs
        self._screens = screens
        self._data_export = data_export
        self._staff = staff or {}
        self._staff_views = staff_views
        self._progress = lru_cache(maxsize=128)(progress_picture.draw)

    async def call(
        self,
        effect: Effect,
        chat_id: int,
        records: Records,
        now: datetime,
        edited: int | None,
    ) -> ApiCall:
        """Return the call of an effect; ``edited`` is the id of an effect's message.

        Raises:
            MissingTranslation, BlobMissing, LookupError: a text, a file or records are missing.
        """
        match effect:
            case DeleteMessage(message_id):
                deleted = edited if message_id is None else message_id
                return ApiCall("deleteMessage", {"chat_id": chat_id, "message_id": deleted})
            case LeaveChat(group):
                return ApiCall("leaveChat", {"chat_id": group})
            case ShowScreen() | EditScreen():
                return await self._message(effect, chat_id, records, now, edited)

    async def _message(
        self,
        effect: ShowScreen | EditScreen,
        chat_id: int,
        records: Records,
        now: datetime,
        edited: int | None,
    ) -> ApiCall:
        screen, locale = await self._rendered(effect, chat_id, records, now)
        text = self._text((*effect.header_lines, *screen.text), locale)
        params = {"chat_id": chat_id, "parse_mode": "HTML"} | self._markup(screen, effect, locale)
        if screen.picture is not None:
            picture = await self._picture(screen.picture, locale)
            return ApiCall("sendPhoto", {**params, "caption": text}, {"photo": picture})
        if screen.document is not None:
            name, content = await self._file(screen.document, chat_id, now)
            document = {"document": f"attach://{name}", "caption": text}
            return ApiCall("sendDocument", {**params, **document}, {name: content})
        if isinstance(effect, EditScreen) and edited is not None:
            return ApiCall("editMessageText", {**params, "text": text, "message_id": edited})
        return ApiCall("sendMessage", {**params, "text": text})

    async def _rendered(
        self, effect: ShowScreen | EditScreen, chat_id: int, records: Records, now: datetime
    ) -> tuple[Screen, str]:
        """Return the screen and its language."""
        view = View(records, self._exam, now, effect.data)
        render_staff = self._staff.get(effect.screen)
        if render_staff is None or self._staff_views is None:
            return self._screens[effect.screen](view), view.locale
        async with self._staff_views.of(chat_id, now, view.locale, effect.data) as staff_view:
            return await render_staff(staff_view), staff_view.locale

    def _text(self, paragraphs: tuple[Paragraph, ...], locale: str) -> str:
        return "\n\n".join(
            "\n".join(self._translations.html(line, locale) for line in paragraph)
            if isinstance(paragraph, tuple)
            else self._translations.html(paragraph, locale)
            for paragraph in paragraphs
        )

    def _markup(
        self, screen: Screen, effect: ShowScreen | EditScreen, locale: str
    ) -> dict[str, Any]:
        if not screen.buttons and screen.link is None:
            return {}
        question = self._question_hash(effect)
        rows = ([self._button(b, question, locale) for b in row] for row in screen.buttons if row)
        keyboard = [fitting for row in rows for fitting in _fit(row)]
        if screen.link is not None:
            keyboard.append([self._link(screen.link, locale)])
        return {"reply_markup": {"inline_keyboard": keyboard}}

    def _question_hash(self, effect: ShowScreen | EditScreen) -> str:
        """Return the question_hash of a screen's state, or DESK or ANYWHERE without a question."""
        state = ALL.get(effect.screen) or STAFF.get(effect.screen)
        if state is not None:
            return question_hash_of(state, effect.data)
        return DESK if effect.screen in self._staff else ANYWHERE

    def _link(self, link: Link, locale: str) -> dict[str, str]:
        bot = self._staff_views.bot if self._staff_views else ""
        return {
            "text": self._translations.label(link.label, locale),
            "url": f"https://t.me/{bot}?start={link.payload}",
        }

    def _button(self, button: Button, question: str, locale: str) -> dict[str, str]:
        return {
            "text": self._translations.label(button.label, locale),
            "callback_data": button.callback.for_question(question).pack(),
        }

    async def _file(
        self, document: Export | Paper, chat_id: int, now: datetime
    ) -> tuple[str, bytes]:
        """Return name and content of a document; a person's papers are PDFs."""
        if isinstance(document, Paper):
            return f"{document.blob[:8]}.pdf", await self._blobs.get(document.blob)
        data_export = await self._data_export(chat_id)
        localize = partial(self._translations.label, locale=data_export.person.locale)
        content = export.export_file(data_export, self._exam, localize, now)
        return export.file_name(self._exam, now), content

    async def _picture(self, picture: Portrait | Process, locale: str) -> bytes:
        if isinstance(picture, Portrait):
            return await self._blobs.get(picture.blob)
        nodes = tuple(
            LabelledStep(self._translations.label(text, locale), status)
            for text, status in picture.nodes
        )
        title = self._translations.label(picture.title, locale)
        return await asyncio.to_thread(self._progress, nodes, title)


def _fit(row: list[dict[str, str]]) -> list[list[dict[str, str]]]:
    """Return the row, or one row a button if a phone would cut a label off."""
    room = PHONE_COLUMNS // len(row)
    if len(row) == 1 or all(_columns(button["text"]) <= room for button in row):
        return [row]
    return [[button] for button in row]


@lru_cache(maxsize=4096)
def _columns(label: str) -> int:
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in label)
