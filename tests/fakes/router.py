"""The real dispatcher over units in memory: PTB's application without a line to Telegram."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy.ext.asyncio import AsyncConnection
from telegram.request import BaseRequest, RequestData

from bot.api.client import BotApi
from bot.delivery.i18n import Translations, load_phrasebook, load_replies
from bot.updates.conversations import ASIDE, ASKED, LAST_ACTION, LIVE
from bot.updates.router import Dispatcher, Runtime, build_application
from handlers.callback_data import Button, question_hash_of
from handlers.registry import SCREENS
from handlers.rendering import Screen, View
from handlers.services import Services
from handlers.update_context import Envelope, Fetched
from states import fsm_states
from states.progress.next_step import Position
from states.records import Person
from states.step_result import EditScreen, ShowScreen, StepResult
from storage.candidates import people
from storage.engine import schema, tables
from storage.engine.database import Database
from storage.engine.encryption import Keyring
from storage.engine.ids import RowIds
from storage.staff.access.staff_view import StaffViews
from storage.updates.fsm import FsmRecord, LoadedRecords, candidate_key, row_key
from storage.updates.inbox import ReceivedUpdate
from storage.updates.unit_of_work import UnitOfWork
from tests.handlers.people import BOT, EXAM, LING, Standing

TOKEN = f"{BOT}:offline"
ADMINISTRATOR = 1000
KEYRING = Keyring(b"l" * 32, {"k1": b"s" * 32})
TRANSLATIONS = Translations.load(EXAM.tz)
_ME = {"id": BOT, "is_bot": True, "first_name": "Baoming", "username": "baoming_bot"}


class OfflineBotApi(BotApi):
    """A line that is not plugged in: it knows who we are, and any other call is a failure."""

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        assert url.endswith("/getMe"), f"a step called {url}"
        return 200, orjson.dumps({"ok": True, "result": _ME})


@dataclass(slots=True)
class After:
    """How an update left its person: the envelope, and where and what they are now."""

    envelope: Envelope
    standing: Standing
    was: str
    asked: str = ""
    aside: str = ""

    @property
    def outcome(self) -> StepResult:
        """The step's result; a step that failed fails the test with its own error."""
        if self.envelope.error is not None:
            raise self.envelope.error
        assert self.envelope.result is not None
        return self.envelope.result

    @property
    def said(self) -> list[ShowScreen | EditScreen]:
        """The screens that are shown in the person's chat."""
        assert self.outcome is not None
        unit = self.envelope.unit
        own = [row.effect for row in unit.outgoing if row.chat_id == unit.row.queue_key]
        return [effect for effect in own if isinstance(effect, ShowScreen | EditScreen)]

    @property
    def header_lines(self) -> list[str]:
        """The keys of what stands above them."""
        return [lead.key for effect in self.said for lead in effect.header_lines]


@dataclass(slots=True)
class OfflineRouter:
    """Sends updates through the dispatcher; each is one unit, flushed nowhere."""

    dispatcher: Dispatcher
    db: Database
    ids: itertools.count[int] = field(default_factory=lambda: itertools.count(1))
    row_ids: RowIds = field(default_factory=RowIds)

    async def sends(
        self,
        standing: Standing,
        body: Mapping[str, Any],
        *,
        file: Fetched | None = None,
        was: str = "",
        asked: str = "",
        aside: str = "",
        sender: int = LING,
    ) -> After:
        """One update of the person who stands there, and what came of it."""
        row = ReceivedUpdate(next(self.ids), BOT, next(self.ids), sender, standing.now, dict(body))
        row.raw["update_id"] = row.update_id
        unit = self._unit(row, standing, was, asked, aside)
        envelope = await self.dispatcher.dispatch(unit, file)
        if envelope.needs_exclusive:
            async with self.db.write() as connection:
                await self._known(connection, standing.records.person)
                unit = self._unit(row, standing, was, asked, aside, connection)
                envelope = await self.dispatcher.dispatch(unit, file)
        return self._after(envelope, standing)

    def _unit(
        self,
        row: ReceivedUpdate,
        standing: Standing,
        was: str,
        asked: str,
        aside: str,
        tx: AsyncConnection | None = None,
    ) -> UnitOfWork:
        key = row_key(candidate_key(BOT, row.queue_key))
        stranger = standing.records.person is None
        at = dict(standing.position.data) | ({LAST_ACTION: was} if was else {})
        at |= ({ASKED: asked} if asked else {}) | ({ASIDE: aside} if aside else {})
        record = FsmRecord(None if stranger else standing.position.state.state, at)
        return UnitOfWork(
            row=row,
            now=standing.now,
            before=standing.records,
            fsm=LoadedRecords({key: record}),
            ids=self.row_ids,
            _tx=tx,
        )

    async def _known(self, connection: AsyncConnection, known: Person | None) -> None:
        """Rows refer to people, so there is one of everybody; nobody else's number or account."""
        if known is not None:
            alone = replace(known, telegram_id=known.id, number_hash=None)
            row = people.as_row(KEYRING, alone)
            await connection.execute(self.db.insert(tables.people).on_conflict_do_nothing(), row)

    def _after(self, envelope: Envelope, standing: Standing) -> After:
        unit = envelope.unit
        (record,) = unit.fsm.records.values()
        data = dict(record.data)
        was, asked = data.pop(LAST_ACTION, ""), data.pop(ASKED, "")
        data.pop(LIVE, None)
        aside = data.pop(ASIDE, "")
        place = Position(fsm_states.state_of(record.state), data)
        return After(envelope, Standing(place, unit.records, standing.now), was, asked, aside)


@asynccontextmanager
async def offline_router(
    folder: Path, clock_offset: timedelta = timedelta(0)
) -> AsyncIterator[OfflineRouter]:
    """A dispatcher without network; a database stands by for steps that run alone."""
    db = Database(f"sqlite+aiosqlite:///{folder / 'offline.sqlite3'}")
    try:
        await schema.migrate(db)
        services = Services(
            exam=EXAM,
            keyring=KEYRING,
            administrators=frozenset({ADMINISTRATOR}),
            clock_offset=lambda: clock_offset,
            clock_moves=True,
            label=TRANSLATIONS.label,
            phrasebook=load_phrasebook(),
            replies=load_replies(),
        )
        address = "https://api.invalid"
        api = OfflineBotApi(TOKEN, address)
        async with build_application(TOKEN, address, api) as application:
            yield OfflineRouter(_dispatcher(application, services, db), db)
    finally:
        await db.close()


def _dispatcher(application: Runtime, services: Services, db: Database) -> Dispatcher:
    staff_views = StaffViews(db, KEYRING, EXAM, BOT, administrators=services.administrators)
    return Dispatcher(application, services, TRANSLATIONS, staff_views)


def screen_of(standing: Standing, name: str | None = None) -> Screen:
    """The screen that a person looks at who stands there; or the one of this name."""
    view = View(standing.records, EXAM, standing.now, standing.position.data)
    return SCREENS[name or standing.position.state.state or ""](view)


def buttons_of(standing: Standing) -> list[Button]:
    """The buttons of that screen, in reading order."""
    return [button for row in screen_of(standing).buttons for button in row]


# --- updates, as Telegram writes them ------------------------------------------------------------


def _from(sender: int) -> dict[str, Any]:
    return {"id": sender, "is_bot": False, "first_name": "Ling"}


def message(now: datetime, sender: int = LING, **content: Any) -> dict[str, Any]:
    """A message in the private chat."""
    return {
        "message": {
            "message_id": 7,
            "date": int(now.timestamp()),
            "chat": {"id": sender, "type": "private", "first_name": "Ling"},
            "from": _from(sender),
            **content,
        }
    }


def says(now: datetime, text: str, sender: int = LING) -> dict[str, Any]:
    """Typed words; a command is marked as one, as Telegram does."""
    if not text.startswith("/"):
        return message(now, sender, text=text)
    entity = {"type": "bot_command", "offset": 0, "length": len(text.split()[0])}
    return message(now, sender, text=text, entities=[entity])


def presses(now: datetime, data: str, sender: int = LING) -> dict[str, Any]:
    """A tapped button under a message of ours."""
    shown = message(now, sender, text="…")["message"]
    shown["from"] = {**_ME}
    return {
        "callback_query": {
            "id": "5",
            "from": _from(sender),
            "chat_instance": "9",
            "message": shown,
            "data": data,
        }
    }


def taps(standing: Standing, button: Button) -> dict[str, Any]:
    """A tap on this button of the present question."""
    mark = question_hash_of(standing.position.state, standing.position.data)
    return presses(standing.now, button.callback.pack(mark))


def picture(now: datetime, album: str = "") -> dict[str, Any]:
    """A picture, in the two sizes that Telegram makes; perhaps one of an album."""
    sizes = [
        {"file_id": f"f{w}", "file_unique_id": f"u{w}", "width": w, "height": w, "file_size": w}
        for w in (90, 800)
    ]
    together: dict[str, Any] = {"media_group_id": album} if album else {}
    return message(now, photo=sizes, **together)


def document(now: datetime) -> dict[str, Any]:
    """A file."""
    sent = {"file_id": "d", "file_unique_id": "u", "file_name": "paper.pdf", "file_size": 90_000}
    return message(now, document=sent)


def voice(now: datetime) -> dict[str, Any]:
    """A voice message."""
    return message(now, voice={"file_id": "v", "file_unique_id": "u", "duration": 3})


def contact(now: datetime, number: str = "8613800138000", of: int | None = LING) -> dict[str, Any]:
    """A contact; one's own by default. Telegram writes the number with and without its plus."""
    card = {"phone_number": number, "first_name": "Ling"} | ({"user_id": of} if of else {})
    return message(now, contact=card)


def sticker(now: datetime) -> dict[str, Any]:
    """A sticker."""
    drawn = {
        "file_id": "s",
        "file_unique_id": "u",
        "type": "regular",
        "width": 512,
        "height": 512,
        "is_animated": False,
        "is_video": False,
    }
    return message(now, sticker=drawn)


def edited(now: datetime, text: str) -> dict[str, Any]:
    """An earlier message, changed."""
    body = message(now, text=text)["message"]
    return {"edited_message": {**body, "edit_date": body["date"] + 1}}
