"""The bot's own router for a rehearsal: it dispatches updates without a line to Telegram."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Final

from bot.api.client import BotApi
from bot.core.open_storage import Storage
from bot.delivery.i18n import Translations, load_phrasebook, load_replies
from bot.rehearsal.played_storage import BOT
from bot.updates.router import Dispatcher, build_application
from handlers.services import Services
from states.exam import Exam
from storage.staff.access.staff_view import StaffViews

TOKEN: Final = f"{BOT}:rehearsal"
ADDRESS: Final = "https://api.invalid"
NAME: Final = "rehearsal_bot"


@asynccontextmanager
async def offline_dispatcher(exam: Exam, storage: Storage) -> AsyncIterator[Dispatcher]:
    """Open the router of this exam over a storage; the bot knows itself, and calls nobody."""
    translations = Translations.load(exam.tz)
    services = Services(
        exam=exam,
        keyring=storage.keyring,
        administrators=frozenset(),
        clock_offset=timedelta,
        clock_moves=False,
        label=translations.label,
        phrasebook=load_phrasebook(),
        replies=load_replies(),
    )
    staff_views = StaffViews(storage.db, storage.keyring, exam, BOT)
    api = BotApi(TOKEN, ADDRESS)
    api.me = {"id": BOT, "is_bot": True, "first_name": NAME, "username": NAME}
    async with build_application(TOKEN, ADDRESS, api) as application:
        yield Dispatcher(application, services, translations, staff_views)
