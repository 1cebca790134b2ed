"""A decision of the outbox becomes one call of the Bot API, in the person's language."""

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
from states.process_steps import StepStatus
from states.records import Records
from states.state_groups import ALL, STAFF
from states.step_result import DeleteMessage, EditScreen, Effect, LeaveChat, ShowScreen
from storage.candidates.blobs import Blobs
from storage.data_export import DataExport
from storage.staff.staff_view import StaffViews

PHONE_COLUMNS = 38
"""What fits side by side on a phone's button row, a Chinese character counting as two."""


@dataclass(frozen=True, slots=True)
class ApiCall:
    """One call of the Bot API. ``files`` are uploads by parameter name."""

    method: str
    params: Mapping[str, Any]
    files: Mapping[str, bytes] = field(default_factory=dict)


class Renderer:
    """Draws screens. Everything personal comes from the records, at the time of sending.

    Args:
        dossier: everything that is kept of the person behind a private chat, for their export.
        staff: the screens of the staff, which are drawn from a look of the ``looks``.
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
        self._process = lru_cache(maxsize=128)(_draw_progress)

    async def call(
        self,
        effect: Effect,
        chat_id: int,
        records: Records,
        now: datetime,
        slot_message: int | None,
    ) -> ApiCall:
        """The call that carries out an act; ``slot_message`` is the message an edit changes.

        Raises:
            MissingWords, Missing, LookupError: words, picture or records are not there.
        """
        match effect:
            case DeleteMessage(message_id):
                return ApiCall("deleteMessage", {"chat_id": chat_id, "message_id": message_id})
            case LeaveChat(group):
                return ApiCall("leaveChat", {"chat_id": group})
            case ShowScreen() | EditScreen():
                return await self._message(effect, chat_id, records, now, slot_message)

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
        """The screen, and the language to say it in."""
        view = View(records, self._exam, now, effect.data)
        drawing = self._staff.get(effect.screen)
        if drawing is None or self._staff_views is None:
            return self._screens[effect.screen](view), view.locale
        async with self._staff_views.of(chat_id, now, view.locale, effect.data) as look:
            return await drawing(look), look.locale

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
        mark = self._question_hash(effect)
        made = ([self._button(b, mark, locale) for b in row] for row in screen.buttons if row)
        keyboard = [row for wide in made for row in _fitting(wide)]
        if screen.link is not None:
            keyboard.append([self._link(screen.link, locale)])
        return {"reply_markup": {"inline_keyboard": keyboard}}

    def _question_hash(self, effect: ShowScreen | EditScreen) -> str:
        """The mark of the question that a screen asks, or that of buttons which ask nothing."""
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

    def _button(self, button: Button, mark: str, locale: str) -> dict[str, str]:
        return {
            "text": self._translations.label(button.label, locale),
            "callback_data": button.callback.for_question(mark).pack(),
        }

    async def _file(
        self, document: Export | Paper, chat_id: int, now: datetime
    ) -> tuple[str, bytes]:
        """Name and content of a document; a person's papers are PDFs."""
        if isinstance(document, Paper):
            return f"{document.blob[:8]}.pdf", await self._blobs.get(document.blob)
        return export.file_name(self._exam, now), await self._export(chat_id, now)

    async def _export(self, chat_id: int, now: datetime) -> bytes:
        data_export = await self._data_export(chat_id)
        say = partial(self._translations.label, locale=data_export.person.locale)
        return export.export_file(data_export, self._exam, say, now)

    async def _picture(self, picture: Portrait | Process, locale: str) -> bytes:
        if isinstance(picture, Portrait):
            return await self._blobs.get(picture.blob)
        nodes = tuple(
            (self._translations.label(text, locale), mark) for text, mark in picture.nodes
        )
        title = self._translations.label(picture.title, locale)
        return await asyncio.to_thread(self._process, title, nodes)


def _fitting(row: list[dict[str, str]]) -> list[list[dict[str, str]]]:
    """The row, or a row for each of its buttons where a label would be cut off on a phone."""
    room = PHONE_COLUMNS // len(row)
    if len(row) == 1 or all(_columns(button["text"]) <= room for button in row):
        return [row]
    return [[button] for button in row]


@lru_cache(maxsize=4096)
def _columns(label: str) -> int:
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in label)


def _draw_progress(title: str, nodes: tuple[tuple[str, StepStatus], ...]) -> bytes:
    return progress_picture.draw([LabelledStep(label, mark) for label, mark in nodes], title)
