"""Renderer makes one Bot API call of an outbox row's effect, in the person's language."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import field, replace
from datetime import datetime
from functools import lru_cache, partial
from typing import Any, Final
from unicodedata import east_asian_width

from bot.delivery.i18n import Translations, without_markup
from bot.delivery.paper_pictures import PaperPictures
from bot.delivery.photo_pictures import PhotoPictures
from bot.documents import export, sheets
from bot.documents.calendar_file import NAME, calendar_file
from bot.media import bar_chart, progress_picture, qr_code, send_as_file
from bot.media.bar_chart import LabelledBar
from bot.media.media_worker import WorkerUnavailable
from bot.media.progress_picture import LabelledStep
from bot.media.unreadable import UnreadablePicture
from handlers.callback_data import ANYWHERE, DESK, Button, Link, question_hash_of
from handlers.rendering import (
    AlbumItem,
    CalendarFile,
    Chart,
    Code,
    ComparedPages,
    ComparedPhotos,
    Export,
    Inline,
    Invoice,
    Line,
    MarkedPhoto,
    Overtaken,
    Paper,
    PaperCrops,
    Paragraph,
    Picture,
    Portrait,
    RenderReadingScreen,
    RenderScreen,
    Screen,
    SendAsFile,
    Sheet,
    StaffScreens,
    View,
)
from states.broadcasts.message import FileKind
from states.exam import Exam
from states.fsm_states import ALL, STAFF
from states.records import Records
from states.step_result import DeleteMessage, EditScreen, Effect, LeaveChat, Priority, ShowScreen
from states.values import dataclass
from storage.candidates.blobs import Blobs
from storage.data_export import DataExport, NobodyKnown
from storage.engine.tables import MOST_OF_AN_ALBUM
from storage.staff.access.staff_view import StaffViews

MAX_TEXT: Final = 4096
"""The length of a text after its entities: https://core.telegram.org/bots/api#sendmessage."""
MAX_TITLE: Final = 32
MAX_DESCRIPTION: Final = 255
"""Characters of an invoice: https://core.telegram.org/bots/api#sendinvoice."""
START_OF_COPIES: Final = "pay"
"""The start parameter of an invoice: a forwarded copy opens the chat with the bot instead."""
PAGES_SECONDS: Final = 5.0
"""The longest seconds for the pages of a PDF, which is else sent as it is."""
PagesReader = Callable[[bytes, int, Sequence[int]], Awaitable[list[bytes]]]
_Upload = tuple[str, str, bytes, str]
"""The kind, the name, the content and the caption of an album's item."""
_NOT_IN_NAMES: Final = re.compile(r"[^\w（）()]+")
PHONE_COLUMNS = 38
"""The columns of a button row on a phone; a Chinese character takes two."""


THREAD = "message_thread_id"
NO_PREVIEW = {"link_preview_options": {"is_disabled": True}}
"""Telegram fetches no page that somebody's words name."""


@dataclass(frozen=True, slots=True)
class ApiCall:
    """One call of the Bot API. ``files`` are uploads by parameter name.

    ``above`` is a call that has to be made before, for a picture above the message.
    """

    method: str
    params: Mapping[str, Any]
    files: Mapping[str, bytes] = field(default_factory=dict)
    above: ApiCall | None = None

    def in_thread(self, thread: int) -> ApiCall:
        """Return the call with the topic of a new message; an edit stays where it is."""
        if not self.method.startswith("send"):
            return self
        above = self.above.in_thread(thread) if self.above else None
        return replace(self, params={**self.params, THREAD: thread}, above=above)


class Renderer:
    """Renders screens. Everything personal comes from the records, at the time of sending.

    Args:
        data_export: reads everything about the person of a private chat.
        staff: the screens of the staff, rendered from a StaffView of ``staff_views``.
        pages: draws the pages of a PDF, at most so many, upright (``MediaWorker.pages``).
        reading: the screens of candidates that read the database.
        provider_token: the provider of Telegram invoices.
        photos: draws on photos; without it they are sent plain.
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
        pages: PagesReader | None = None,
        reading: Mapping[str, RenderReadingScreen] | None = None,
        provider_token: str = "",
        photos: PhotoPictures | None = None,
        papers: PaperPictures | None = None,
    ) -> None:
        self._translations = translations
        self._exam = exam
        self._blobs = blobs
        self._screens = screens
        self._data_export = data_export
        self._staff = staff or {}
        self._staff_views = staff_views
        self._pages = pages
        self._reading = reading or {}
        self._provider_token = provider_token
        self._photos = photos
        self._papers = papers
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
            case DeleteMessage(message_id, _, others):
                if others:
                    ids = [message_id, *others]
                    return ApiCall("deleteMessages", {"chat_id": chat_id, "message_ids": ids})
                return ApiCall("deleteMessage", {"chat_id": chat_id, "message_id": message_id})
            case LeaveChat(group):
                return ApiCall("leaveChat", {"chat_id": group})
            case ShowScreen() | EditScreen():
                call = await self._message(effect, chat_id, records, now, edited)
                return call if effect.thread is None else call.in_thread(effect.thread)

    async def _message(
        self,
        effect: ShowScreen | EditScreen,
        chat_id: int,
        records: Records,
        now: datetime,
        edited: int | None,
    ) -> ApiCall:
        screen, locale = await self._rendered(effect, chat_id, records, now)
        if screen.album:
            return await self._album(screen.album, chat_id, locale, now)
        text, is_whole = self._fitting(effect, screen, locale)
        if screen.more is not None and not is_whole:
            screen = replace(screen, buttons=((screen.more,), *screen.buttons))
        params = {"chat_id": chat_id, "parse_mode": "HTML"} | self._markup(screen, effect, locale)
        if effect.priority is Priority.PAID:
            params["allow_paid_broadcast"] = True
        if screen.attached is not None:
            method = "sendPhoto" if screen.attached.kind is FileKind.PHOTO else "sendDocument"
            file = {str(screen.attached.kind): screen.attached.file_id}
            return ApiCall(method, {**params, **file, "caption": text})
        if screen.invoice is not None:
            return self._invoice(screen.invoice, text, chat_id, locale)
        if screen.picture is not None:
            picture = await self._picture(screen.picture, locale)
            if picture is None:
                return ApiCall("sendMessage", {**params, "text": text, **NO_PREVIEW})
            return ApiCall("sendPhoto", {**params, "caption": text}, {"photo": picture})
        if screen.document is not None:
            name, content = await self._file(screen.document, effect, chat_id, locale, now)
            document = {"document": f"attach://{name}", "caption": text}
            return ApiCall("sendDocument", {**params, **document}, {name: content})
        if isinstance(effect, EditScreen) and edited is not None:
            where = {"message_id": edited, **NO_PREVIEW}
            return ApiCall("editMessageText", {**params, "text": text, **where})
        above = await self._album([screen.above], chat_id, locale, now) if screen.above else None
        return ApiCall("sendMessage", {**params, "text": text, **NO_PREVIEW}, above=above)

    def _invoice(self, invoice: Invoice, text: str, chat_id: int, locale: str) -> ApiCall:
        """Return the call of an invoice. Its text is plain; forwarded copies cannot be paid."""
        title = self._translations.label(invoice.title, locale)
        params = {
            "chat_id": chat_id,
            "title": title[:MAX_TITLE],
            "description": without_markup(text)[:MAX_DESCRIPTION],
            "payload": invoice.order,
            "provider_token": self._provider_token,
            "currency": invoice.currency,
            "prices": [{"label": title, "amount": invoice.amount}],
            "start_parameter": START_OF_COPIES,
        }
        return ApiCall("sendInvoice", params)

    async def _rendered(
        self, effect: ShowScreen | EditScreen, chat_id: int, records: Records, now: datetime
    ) -> tuple[Screen, str]:
        """Return the screen and its language."""
        view = View(records, self._exam, now, effect.data)
        render_reading = self._reading.get(effect.screen)
        if render_reading is not None and self._staff_views is not None:
            async with self._staff_views.db.read_autocommit() as connection:
                screen = await render_reading(view, connection, self._staff_views.keyring)
            return screen, view.locale
        render_staff = self._staff.get(effect.screen)
        if render_staff is None or self._staff_views is None:
            return self._screens[effect.screen](view), view.locale
        async with self._staff_views.of(chat_id, now, view.locale, effect.data) as staff_view:
            return await render_staff(staff_view), staff_view.locale

    def _fitting(
        self, effect: ShowScreen | EditScreen, screen: Screen, locale: str
    ) -> tuple[str, bool]:
        """Return the text with as much of ``spare`` as fits, and whether it has all of it."""
        text = self._text((*effect.header_lines, *screen.text), locale)
        for paragraph in screen.spare:
            longer = f"{text}\n\n{self._text((paragraph,), locale)}"
            if text_length(longer) > MAX_TEXT:
                return text, False
            text = longer
        return text, True

    async def _album(
        self, album: Sequence[AlbumItem], chat_id: int, locale: str, now: datetime
    ) -> ApiCall:
        """Return the call of an album; of one item, that of a picture or a document."""
        media: list[dict[str, str]] = []
        files: dict[str, bytes] = {}
        for kind, name, content, caption in await self._page_pictures(album, locale) or [
            await self._album_item(number, one, locale) for number, one in enumerate(album)
        ]:
            name = f"{len(files)}-{name}" if name in files else name
            files[name] = content
            shown = {"caption": caption, "parse_mode": "HTML"}
            media.append({"type": kind, "media": f"attach://{name}", **shown})
        if len(media) > 1:
            return ApiCall("sendMediaGroup", {"chat_id": chat_id, "media": media}, files)
        (only,) = media
        params = {"chat_id": chat_id, only.pop("type"): only.pop("media"), **only}
        return ApiCall("sendDocument" if "document" in params else "sendPhoto", params, files)

    async def _album_item(self, number: int, item: AlbumItem, locale: str) -> _Upload:
        caption = self._translations.html(item.caption, locale)
        if isinstance(item.content, Portrait):
            return "photo", f"{number}", await self._blobs.get(item.content.blob), caption
        return "document", *await self._paper(item.content, locale), caption

    async def _page_pictures(self, album: Sequence[AlbumItem], locale: str) -> list[_Upload]:
        """Return the pages of an album of PDFs as pictures; none if they are too many or fail."""
        found: list[_Upload] = []
        for item in album:
            paper = item.content
            if self._pages is None or not isinstance(paper, Paper) or paper.original:
                return []
            content, most = await self._blobs.get(paper.blob), MOST_OF_AN_ALBUM - len(found)
            try:
                async with asyncio.timeout(PAGES_SECONDS):
                    pages = await self._pages(content, most, paper.turns)
            except (TimeoutError, UnreadablePicture, WorkerUnavailable):
                return []
            if not pages:
                return []
            caption = self._translations.html(item.caption, locale)
            found += [("photo", f"{len(found) + n}", page, caption) for n, page in enumerate(pages)]
        return found

    def _text(self, paragraphs: tuple[Paragraph, ...], locale: str) -> str:
        return "\n\n".join(
            "\n".join(self._line(line, locale) for line in paragraph)
            if isinstance(paragraph, tuple)
            else self._line(paragraph, locale)
            for paragraph in paragraphs
        )

    def _line(self, line: Line, locale: str) -> str:
        pieces = line.pieces if isinstance(line, Inline) else (line,)
        return "".join(self._translations.html(one, locale) for one in pieces)

    def _markup(
        self, screen: Screen, effect: ShowScreen | EditScreen, locale: str
    ) -> dict[str, Any]:
        if not screen.buttons and screen.link is None and screen.url is None:
            return {}
        question = self._question_hash(effect)
        rows = ([self._button(b, question, locale) for b in row] for row in screen.buttons if row)
        keyboard = [fitting for row in rows for fitting in _fit(row)]
        if screen.url is not None:
            label, url = screen.url
            keyboard.insert(0, [{"text": self._translations.label(label, locale), "url": url}])
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
        shown = {
            "text": self._translations.label(button.label, locale),
            "callback_data": button.callback.pack(question),
        }
        # https://core.telegram.org/bots/api#inlinekeyboardbutton
        return shown | {"style": "primary"} if button.is_main else shown

    async def _file(
        self,
        document: Export | Paper | Sheet | CalendarFile,
        effect: ShowScreen | EditScreen,
        chat_id: int,
        locale: str,
        now: datetime,
    ) -> tuple[str, bytes]:
        """Return name and content of a document; a person's papers are PDFs."""
        if isinstance(document, Paper):
            return await self._paper(document, locale)
        if isinstance(document, CalendarFile):
            place = self._translations.label(document.place or "", locale)
            localize = partial(self._translations.label, locale=locale)
            return NAME, calendar_file(document.events, document.title, place, localize, now)
        if isinstance(document, Sheet):
            return await self._sheet(document, effect, chat_id, locale, now)
        try:
            data_export = await self._data_export(chat_id)
        except NobodyKnown:  # erased after they had asked for it
            raise Overtaken from None
        localize = partial(self._translations.label, locale=data_export.person.locale)
        content = export.export_file(data_export, self._exam, localize, now)
        return export.file_name(self._exam, now), content

    async def _sheet(
        self,
        sheet: Sheet,
        effect: ShowScreen | EditScreen,
        chat_id: int,
        locale: str,
        now: datetime,
    ) -> tuple[str, bytes]:
        """Return a table as a file; its rows are read with the reader's present roles.

        Raises:
            LookupError: there is no reader of tables.
        """
        if self._staff_views is None:
            raise LookupError("nobody reads tables here")
        localize = partial(self._translations.label, locale=locale)
        async with self._staff_views.of(chat_id, now, locale, effect.data) as view:
            content = await sheets.file_of(sheet, sheet.rows(view), localize, self._exam.tz)
        day = self._exam.today(now).isoformat()
        return f"{sheet.name}-{day}.{sheet.format}", content

    async def _paper(self, paper: Paper, locale: str) -> tuple[str, bytes]:
        label = self._translations.label(paper.name, locale) if paper.name else ""
        name = _NOT_IN_NAMES.sub("-", label) or paper.blob[:8]
        return f"{name}.pdf", await self._blobs.get(paper.blob)

    async def _picture(self, picture: Picture, locale: str) -> bytes | None:
        """Return a picture; None if it cannot be drawn now, and the text goes alone."""
        if isinstance(picture, Portrait):
            return await self._blobs.get(picture.blob)
        if isinstance(picture, MarkedPhoto | ComparedPhotos):
            if self._photos is not None:
                return await self._photos.draw(picture, locale)
            return await self._blobs.get(picture.blob)
        if isinstance(picture, PaperCrops | ComparedPages):
            return await self._papers.draw(picture, locale) if self._papers is not None else None
        if isinstance(picture, SendAsFile):
            words = [self._translations.label(one, locale) for one in picture.steps]
            heading = self._translations.label(picture.title, locale)
            return await asyncio.to_thread(send_as_file.draw, heading, words)
        if isinstance(picture, Chart):
            bars = [
                LabelledBar(
                    self._translations.label(one.label, locale), one.value, one.begins_group
                )
                for one in picture.bars
            ]
            heading = self._translations.label(picture.title, locale)
            return await asyncio.to_thread(bar_chart.draw, bars, heading)
        if isinstance(picture, Code):
            return await asyncio.to_thread(qr_code.draw, picture.link)
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


def text_length(text: str) -> int:
    """Return the length of an HTML text after its parsing, in UTF-16 code units."""
    return len(without_markup(text).encode("utf-16-le")) // 2


@lru_cache(maxsize=4096)
def _columns(label: str) -> int:
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in label)
