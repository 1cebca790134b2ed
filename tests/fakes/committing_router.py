"""The dispatcher over a database of its own: updates of several people, each committed."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.delivery.renderer import ApiCall, Renderer
from handlers.registry import SCREENS, STAFF_SCREENS
from states.step_result import Effect, ShowScreen
from storage.candidates.blobs import Blobs
from storage.data_export import DataExport
from storage.engine.database import Database
from storage.engine.ids import RowIds
from storage.staff.access.staff_view import StaffViews
from storage.updates.inbox import Inbox
from storage.updates.outbox import Outbox
from storage.updates.unit_of_work import UnitOfWork, UnitOfWorkStore
from tests.fakes.router import (
    ADMINISTRATOR,
    KEYRING,
    TRANSLATIONS,
    OfflineRouter,
    offline_router,
    presses,
    says,
)
from tests.handlers.people import BOT, EXAM, OPEN


@dataclass(slots=True)
class CommittingRouter:
    """Dispatch updates of candidates and staff, and commit each; no network."""

    router: OfflineRouter
    work: UnitOfWorkStore
    inbox: Inbox
    renderer: Renderer
    staff_views: StaffViews
    numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def db(self) -> Database:
        """The database of all that is committed."""
        return self.router.db

    async def sends(self, body: Mapping[str, Any]) -> list[tuple[int, Effect]]:
        """One update, committed: what is to be done in which chat."""
        update = {**body, "update_id": next(self.numbers)}
        (row,) = await self.inbox.keep(self.inbox.number(BOT, [update], OPEN))
        async with self.router.db.read_autocommit() as connection:
            (unit,) = await self.work.load(connection, [(row, OPEN)])
        envelope = await self.router.dispatcher.dispatch(unit, None)
        async with self.router.db.write() as connection:
            if envelope.needs_exclusive:
                (unit,) = await self.work.load(connection, [(row, OPEN)], exclusive=True)
                envelope = await self.router.dispatcher.dispatch(unit, None)
            if envelope.error is not None:
                raise envelope.error
            await self.work.flush(connection, [unit])
        return _done(unit)

    async def says(self, who: int, text: str) -> list[tuple[int, Effect]]:
        """Somebody types in their private chat."""
        return await self.sends(says(OPEN, text, who))

    async def presses(self, who: int, data: str) -> list[tuple[int, Effect]]:
        """Somebody taps, or forges, a button of this data in their private chat."""
        return await self.sends(presses(OPEN, data, who))

    async def shows(self, chat: int, effect: Effect) -> ApiCall:
        """The call that carries out an act now."""
        records = await self._records(chat)
        return await self.renderer.call(effect, chat, records[chat], OPEN, None)

    async def _records(self, chat: int) -> Mapping[int, Any]:
        async with self.router.db.read_autocommit() as connection:
            return await self.work.records(connection, [chat])


def _done(unit: UnitOfWork) -> list[tuple[int, Effect]]:
    return [(row.chat_id, row.effect) for row in unit.outgoing]


def screens(done: list[tuple[int, Effect]]) -> list[tuple[int, str]]:
    """In which chat which screen is said."""
    return [(chat, effect.screen) for chat, effect in done if isinstance(effect, ShowScreen)]


async def _exports_nothing(_chat_id: int) -> DataExport:
    raise LookupError("nobody exports here")


@asynccontextmanager
async def committing_router(folder: Path) -> AsyncIterator[CommittingRouter]:
    """Open a router that commits, with one administrator of the settings."""
    async with offline_router(folder) as made:
        outbox, inbox = Outbox(made.db, KEYRING), Inbox(made.db, KEYRING, RowIds())
        await inbox.recover()
        work = UnitOfWorkStore(made.db, KEYRING, outbox, RowIds(), bot_id=BOT, exam=EXAM.key)
        work.staff.administrators = frozenset({ADMINISTRATOR})
        staff_views = StaffViews(
            made.db, KEYRING, EXAM, BOT, "baoming_bot", frozenset({ADMINISTRATOR})
        )
        blobs = Blobs.at("memory://", KEYRING)
        renderer = Renderer(
            TRANSLATIONS, EXAM, blobs, SCREENS, _exports_nothing, STAFF_SCREENS, staff_views
        )
        yield CommittingRouter(made, work, inbox, renderer, staff_views)
