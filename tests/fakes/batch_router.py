"""The real router over a real database, in batches as the worker runs them.

Decisions are flushed; messages are rendered as the sender renders them.
"""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.updates.router import Dispatcher, build_application
from handlers.callback_data import DESK, Action, CallbackData, question_hash_of
from handlers.registry import STAFF_SCREENS
from handlers.rendering import Inline, Screen
from handlers.services import Services
from states.fsm_states import State
from states.step_result import EditScreen, ShowScreen
from storage.staff.access.staff_view import StaffViews
from storage.staff.cases.cards import APPLICATION
from storage.updates.inbox import ReceivedUpdate
from storage.updates.unit_of_work import UnitOfWork
from tests.factories import EXAM
from tests.fakes.router import TOKEN, TRANSLATIONS, OfflineBotApi
from tests.storage.process import BOT, StorageProcess
from tests.storage.staff_members import CONFIRMING, KEYS, PACE


@dataclass(slots=True)
class BatchRouter:
    """Acts go in as updates, at ``now``; what came of them is there to be read."""

    process: StorageProcess
    dispatcher: Dispatcher
    staff_views: StaffViews
    now: datetime = CONFIRMING
    ids: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def taps(self, who: int, data: str) -> dict[str, Any]:
        """A press with this callback data, forged or not."""
        number = next(self.ids)
        person = {"id": who, "is_bot": False, "first_name": "x"}
        chat = {"id": who, "type": "private"}
        message = {"message_id": 7, "date": 1764637200, "chat": chat, "text": "x"}
        query = {"id": str(number), "from": person, "chat_instance": "1", "message": message}
        return {"update_id": number, "callback_query": {**query, "data": data}}

    def presses(
        self, who: int, state: State, action: Action, value: str = "", *, about: int
    ) -> dict[str, Any]:
        """A button of a card."""
        mark = question_hash_of(state, {APPLICATION: str(about)})
        return self.taps(who, CallbackData(action, value, mark).pack())

    def goes(self, who: int, action: Action, value: str) -> dict[str, Any]:
        """A button of the staff that works anywhere."""
        return self.taps(who, CallbackData(action, value, DESK).pack())

    def says(self, who: int, text: str) -> dict[str, Any]:
        """Typed words or a command."""
        number = next(self.ids)
        person = {"id": who, "is_bot": False, "first_name": "x"}
        chat = {"id": who, "type": "private"}
        # The bot's answer to the message before lies between.
        body: dict[str, Any] = {"message_id": 2 * number, "date": 1764637200, "text": text}
        if text.startswith("/"):
            length = len(text.split()[0])
            body["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
        return {"update_id": number, "message": {**body, "from": person, "chat": chat}}

    async def run(self, *updates: dict[str, Any]) -> list[UnitOfWork]:
        """One batch; whoever touches what people share has a transaction alone."""
        arrived = self.now + timedelta(milliseconds=next(self.ids))
        received = await self.process.inbox.keep(self.process.inbox.number(BOT, updates, arrived))
        rows = [(row, self.now) for row in received]
        async with self.process.db.read_autocommit() as connection:
            units = await self.process.work.load(connection, rows)
        envelopes = [await self.dispatcher.dispatch(unit, None) for unit in units]
        for envelope in envelopes:
            if envelope.error is not None:
                raise envelope.error
        decided = [one.unit for one in envelopes if one.result is not None]
        async with self.process.db.write() as connection:
            await self.process.work.flush(connection, decided)
        alone = [await self._alone(one.unit.row) for one in envelopes if one.needs_exclusive]
        return [*decided, *alone]

    async def _alone(self, row: ReceivedUpdate) -> UnitOfWork:
        async with self.process.db.write() as connection:
            (unit,) = await self.process.work.load(connection, [(row, self.now)], exclusive=True)
            envelope = await self.dispatcher.dispatch(unit, None)
            if envelope.error is not None:
                raise envelope.error
            await self.process.work.flush(connection, [unit])
        return unit

    async def drawn(self, units: Sequence[UnitOfWork]) -> str:
        """All that the staff's screens of these say, with their leads, in one string."""
        said: list[str] = []
        for unit in units:
            for row in unit.outgoing:
                if (
                    not isinstance(row.effect, ShowScreen | EditScreen)
                    or row.effect.screen not in STAFF_SCREENS
                ):
                    continue
                async with self.staff_views.of(
                    row.chat_id, self.now, "zh-CN", row.effect.data
                ) as look:
                    said += _words(await STAFF_SCREENS[row.effect.screen](look))
                said += [TRANSLATIONS.html(lead, "zh-CN") for lead in row.effect.header_lines]
        return "\n".join(said)


def _words(screen: Screen) -> list[str]:
    flat = [
        line
        for paragraph in (*screen.text, *screen.spare)
        for line in (paragraph if isinstance(paragraph, tuple) else (paragraph,))
    ]
    labels = [button.label for row in screen.buttons for button in row]
    pieces = (
        one for line in flat for one in (line.pieces if isinstance(line, Inline) else (line,))
    )
    return [TRANSLATIONS.html(one, "zh-CN") for one in (*pieces, *labels)]


@asynccontextmanager
async def batch_router(process: StorageProcess) -> AsyncIterator[BatchRouter]:
    """Open a batch router on this process' database."""
    staff_views = StaffViews(process.db, KEYS, EXAM, BOT, timings=PACE)
    services = Services(
        label=TRANSLATIONS.label,
        exam=EXAM,
        keyring=KEYS,
        administrators=frozenset(),
        clock_offset=lambda: timedelta(0),
        clock_moves=False,
        timings=PACE,
    )
    address = "https://api.invalid"
    async with build_application(TOKEN, address, OfflineBotApi(TOKEN, address)) as application:
        dispatcher = Dispatcher(application, services, TRANSLATIONS, staff_views)
        yield BatchRouter(process, dispatcher, staff_views)
