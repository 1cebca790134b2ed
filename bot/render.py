"""A decision of the outbox becomes one call of the Bot API, in the person's language."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache, partial
from typing import Any
from unicodedata import east_asian_width

from bot.documents import export
from bot.media import process
from bot.words import Words
from handlers.buttons import ANYWHERE, DESK, Button, Link, mark_of
from handlers.screens import (
    Drawing,
    Export,
    Paper,
    Paragraph,
    Portrait,
    Process,
    Screen,
    StaffScreens,
    View,
)
from states.exam import Exam
from states.groups import ALL, STAFF
from states.outcome import Act, Edit, Erase, Leave, Say
from states.progress import Mark, Node
from states.records import Records
from storage.blobs import Blobs
from storage.dossier import Dossier
from storage.look import Looks

PHONE_COLUMNS = 38
"""What fits side by side on a phone's button row, a Chinese character counting as two."""


@dataclass(frozen=True, slots=True)
class Call:
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
        words: Words,
        exam: Exam,
        blobs: Blobs,
        screens: Mapping[str, Drawing],
        dossier: Callable[[int], Awaitable[Dossier]],
        staff: StaffScreens | None = None,
        looks: Looks | None = None,
    ) -> None:
        self._words = words
        self._exam = exam
        self._blobs = blobs
        self._screens = screens
        self._dossier = dossier
        self._staff = staff or {}
        self._looks = looks
        self._process = lru_cache(maxsize=128)(_draw_process)

    async def call(
        self, act: Act, chat_id: int, records: Records, now: datetime, slot_message: int | None
    ) -> Call:
        """The call that carries out an act; ``slot_message`` is the message an edit changes.

        Raises:
            MissingWords, Missing, LookupError: words, picture or records are not there.
        """
        match act:
            case Erase(message_id):
                return Call("deleteMessage", {"chat_id": chat_id, "message_id": message_id})
            case Leave(group):
                return Call("leaveChat", {"chat_id": group})
            case Say() | Edit():
                return await self._message(act, chat_id, records, now, slot_message)

    async def _message(
        self, act: Say | Edit, chat_id: int, records: Records, now: datetime, edited: int | None
    ) -> Call:
        screen, locale = await self._drawn(act, chat_id, records, now)
        text = self._text((*act.leads, *screen.text), locale)
        params = {"chat_id": chat_id, "parse_mode": "HTML"} | self._markup(screen, act, locale)
        if screen.picture is not None:
            picture = await self._picture(screen.picture, locale)
            return Call("sendPhoto", {**params, "caption": text}, {"photo": picture})
        if screen.document is not None:
            name, content = await self._file(screen.document, chat_id, now)
            document = {"document": f"attach://{name}", "caption": text}
            return Call("sendDocument", {**params, **document}, {name: content})
        if isinstance(act, Edit) and edited is not None:
            return Call("editMessageText", {**params, "text": text, "message_id": edited})
        return Call("sendMessage", {**params, "text": text})

    async def _drawn(
        self, act: Say | Edit, chat_id: int, records: Records, now: datetime
    ) -> tuple[Screen, str]:
        """The screen, and the language to say it in."""
        view = View(records, self._exam, now, act.at)
        drawing = self._staff.get(act.screen)
        if drawing is None or self._looks is None:
            return self._screens[act.screen](view), view.locale
        async with self._looks.of(chat_id, now, view.locale, act.at) as look:
            return await drawing(look), look.locale

    def _text(self, paragraphs: tuple[Paragraph, ...], locale: str) -> str:
        return "\n\n".join(
            "\n".join(self._words.html(line, locale) for line in paragraph)
            if isinstance(paragraph, tuple)
            else self._words.html(paragraph, locale)
            for paragraph in paragraphs
        )

    def _markup(self, screen: Screen, act: Say | Edit, locale: str) -> dict[str, Any]:
        if not screen.buttons and screen.link is None:
            return {}
        mark = self._mark(act)
        made = ([self._button(b, mark, locale) for b in row] for row in screen.buttons if row)
        keyboard = [row for wide in made for row in _fitting(wide)]
        if screen.link is not None:
            keyboard.append([self._link(screen.link, locale)])
        return {"reply_markup": {"inline_keyboard": keyboard}}

    def _mark(self, act: Say | Edit) -> str:
        """The mark of the question that a screen asks, or that of buttons which ask nothing."""
        state = ALL.get(act.screen) or STAFF.get(act.screen)
        if state is not None:
            return mark_of(state, act.at)
        return DESK if act.screen in self._staff else ANYWHERE

    def _link(self, link: Link, locale: str) -> dict[str, str]:
        bot = self._looks.bot if self._looks else ""
        return {
            "text": self._words.label(link.label, locale),
            "url": f"https://t.me/{bot}?start={link.payload}",
        }

    def _button(self, button: Button, mark: str, locale: str) -> dict[str, str]:
        return {
            "text": self._words.label(button.label, locale),
            "callback_data": button.press.marked(mark).pack(),
        }

    async def _file(
        self, document: Export | Paper, chat_id: int, now: datetime
    ) -> tuple[str, bytes]:
        """Name and content of a document; a person's papers are PDFs."""
        if isinstance(document, Paper):
            return f"{document.blob[:8]}.pdf", await self._blobs.get(document.blob)
        return export.named(self._exam, now), await self._export(chat_id, now)

    async def _export(self, chat_id: int, now: datetime) -> bytes:
        dossier = await self._dossier(chat_id)
        say = partial(self._words.label, locale=dossier.person.locale)
        return export.made(dossier, self._exam, say, now)

    async def _picture(self, picture: Portrait | Process, locale: str) -> bytes:
        if isinstance(picture, Portrait):
            return await self._blobs.get(picture.blob)
        nodes = tuple((self._words.label(text, locale), mark) for text, mark in picture.nodes)
        title = self._words.label(picture.title, locale)
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


def _draw_process(title: str, nodes: tuple[tuple[str, Mark], ...]) -> bytes:
    return process.draw([Node(label, mark) for label, mark in nodes], title)
