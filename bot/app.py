"""The composition root: everything is made here, once, and handed to who needs it."""

from __future__ import annotations

import asyncio
import fcntl
import gc
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import structlog
from telegram.ext import Application, ApplicationBuilder, ContextTypes, ExtBot

from bot.arrows import Passing, undisturbed
from bot.client import ApiError, BotApi, Unreachable
from bot.dispatch import Dispatcher, StateRouter
from bot.limits import Limits
from bot.polling import Poller
from bot.prepare import Preparer
from bot.pump import BATCH, Pump
from bot.render import Renderer
from bot.sender import Sender, Toasts
from bot.settings import SANDBOX_ADMINISTRATOR, SANDBOX_TOKEN, Settings
from bot.ticker import Ticker
from bot.times import Calendar, Machine
from bot.words import Words
from handlers.context import Context, Office
from handlers.table import ROUTES, SCREENS
from states.exam import Exam
from states.records import Records
from states.texts import Text
from storage import facts, people, schema
from storage.blobs import Blobs
from storage.db import Database
from storage.facts import Fact, WrongKeys
from storage.inbox import Inbox
from storage.outbox import Outbox
from storage.secrets import BadKeys, Keyring
from storage.unit import Work

COMMANDS = ("start", "status", "help", "back", "cancel", "language")

log = structlog.get_logger("app")


class OldSchema(Exception):
    """The database is older or newer than the code; nothing was started."""


class SecondPump(Exception):
    """Another process pumps this database already."""


REFUSALS = (OldSchema, SecondPump, WrongKeys, BadKeys, ApiError, Unreachable)
"""Why a start is refused; the message says it."""


@dataclass(frozen=True, slots=True)
class Options:
    """What tests and measurements set otherwise."""

    batch: int = BATCH
    pacing: bool = True
    passing: Passing = undisturbed
    machine: Machine = field(default_factory=Machine)


@dataclass(frozen=True, slots=True)
class Running:
    """A bot that runs. ``stopped`` ends when one of its loops does, which they never should."""

    db: Database
    inbox: Inbox
    outbox: Outbox
    work: Work
    calendar: Calendar
    pump: Pump
    sender: Sender
    ticker: Ticker
    stopped: asyncio.Task[None]


@asynccontextmanager
async def running(
    settings: Settings, exam: Exam, api_url: str, options: Options | None = None
) -> AsyncIterator[Running]:
    """Start the bot; it stops when the block ends. What is undone then stays in the database.

    Raises:
        OldSchema, SecondPump, WrongKeys, BadKeys: it must not start; the message says why.
        ApiError, Unreachable: Telegram did not say who we are.
    """
    options = options or Options()
    async with AsyncExitStack() as stack:
        settings.place.mkdir(parents=True, exist_ok=True)
        stack.enter_context(only_pump(settings.place))
        keyring = _keys(settings)
        db = Database(settings.database)
        stack.push_async_callback(db.close)
        await _check_schema(db, settings)
        await facts.check_keys(db, keyring)
        token = settings.bot_token or SANDBOX_TOKEN
        api = BotApi(token, api_url, settings.telegram_proxy or None)
        await api.initialize()
        stack.push_async_callback(api.shutdown)
        bot = _Bot(settings, exam, options, keyring, db, api)
        application = await stack.enter_async_context(_application(token, api_url, api))
        yield await bot.start(stack, application)


@dataclass(slots=True)
class _Bot:
    settings: Settings
    exam: Exam
    options: Options
    keyring: Keyring
    db: Database
    api: BotApi

    async def start(
        self, stack: AsyncExitStack, application: Application[Any, Context, Any, Any, Any, Any]
    ) -> Running:
        bot_id = application.bot.id
        machine, passing = self.options.machine, self.options.passing
        calendar = Calendar(await self._offset())
        words = Words.load(self.exam.tz)
        inbox, outbox = Inbox(self.db, self.keyring), Outbox(self.db, self.keyring)
        blobs = Blobs.at(self.settings.blobs, self.keyring)
        work = Work(self.db, self.keyring, outbox, bot_id=bot_id, exam=self.exam.key)
        limits = Limits(pacing=self.options.pacing)
        renderer = Renderer(words, self.exam, blobs, SCREENS)
        sender = Sender(
            self.api, outbox, renderer, self._reader(work), limits, calendar, machine, passing
        )
        pump = Pump(
            db=self.db,
            inbox=inbox,
            work=work,
            dispatcher=Dispatcher(application, self._office(calendar), words, SCREENS),
            preparer=Preparer(self.api, self.db, work, blobs, self.exam.photo, machine, passing),
            sender=sender,
            toasts=Toasts(self.api, machine),
            words=words,
            calendar=calendar,
            machine=machine,
            administrators=self._administrators,
            batch=self.options.batch,
            passing=passing,
        )
        heard = await facts.read(self.db, Fact.HEARD)
        poller = Poller(
            self.api,
            inbox,
            bot_id,
            pump.put,
            machine,
            now=Calendar().now,
            heard=datetime.fromisoformat(heard) if heard else None,
            passing=passing,
        )
        ticker = Ticker(
            db=self.db,
            keyring=self.keyring,
            inbox=inbox,
            outbox=outbox,
            sender=sender,
            exam=self.exam,
            calendar=calendar,
            machine=machine,
            heard=lambda: poller.heard,
            passing=passing,
        )
        undone = await inbox.recover()
        await sender.recover()
        pump.put(undone)
        stack.push_async_callback(sender.close)
        stack.push_async_callback(pump.close)
        await self._introduce(words)
        # Collections over the imported modules cost a tenth of a second under load.
        gc.collect()
        gc.freeze()
        stopped = asyncio.create_task(_together(poller, pump, ticker))
        stack.push_async_callback(_cancel, stopped)
        return Running(self.db, inbox, outbox, work, calendar, pump, sender, ticker, stopped)

    async def _offset(self) -> timedelta:
        """The sandbox opens on the first day of registration and goes on from there."""
        if not self.settings.in_sandbox:
            return timedelta(0)
        known = await facts.read(self.db, Fact.CLOCK_OFFSET)
        if known is not None:
            return timedelta(seconds=int(known))
        first_morning = self.exam.windows.registration.opens + timedelta(hours=9)
        offset = int((first_morning - Calendar().now()).total_seconds())
        async with self.db.write() as connection:
            await facts.write(connection, Fact.CLOCK_OFFSET, str(offset))
        return timedelta(seconds=offset)

    @property
    def _administrators(self) -> frozenset[int]:
        sandbox = {SANDBOX_ADMINISTRATOR} if self.settings.in_sandbox else set()
        return self.settings.administrators | sandbox

    def _office(self, calendar: Calendar) -> Office:
        return Office(
            exam=self.exam,
            hash_number=lambda kind, number: people.number_hash(self.keyring, kind, number),
            administrators=self._administrators,
            clock_offset=lambda: calendar.offset,
            clock_moves=self.settings.in_sandbox,
        )

    def _reader(self, work: Work) -> Any:
        async def read(chat_id: int) -> Records:
            async with self.db.read() as connection:
                return (await work.records(connection, [chat_id]))[chat_id]

        return read

    async def _introduce(self, words: Words) -> None:
        """Names the commands in Telegram's menu; a server that cannot is no reason not to start."""
        for locale in words.locales:
            commands = [
                {"command": name, "description": words.label(Text(f"command-{name}"), locale)}
                for name in COMMANDS
            ]
            params = {"commands": commands, "language_code": locale[:2]}
            try:
                await self.api.call("setMyCommands", params)
            except (ApiError, Unreachable) as error:
                log.warning("the command menu could not be set", error=str(error))


@asynccontextmanager
async def _application(
    token: str, api_url: str, api: BotApi
) -> AsyncIterator[Application[Any, Context, Any, Any, Any, Any]]:
    """PTB's application: only its matching is used, so no updater, no jobs, no persistence."""
    bot = ExtBot(
        token,
        base_url=f"{api_url.rstrip('/')}/bot",
        base_file_url=f"{api_url.rstrip('/')}/file/bot",
        request=api,
        get_updates_request=api,
    )
    application = (
        ApplicationBuilder()
        .bot(bot)
        .updater(None)
        .job_queue(None)
        .context_types(ContextTypes(context=Context))
        .build()
    )
    application.add_handler(StateRouter(ROUTES))
    async with application:
        yield application


async def _together(poller: Poller, pump: Pump, ticker: Ticker) -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(poller.run())
        group.create_task(pump.run())
        group.create_task(ticker.run())


async def _cancel(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def _keys(settings: Settings) -> Keyring:
    if settings.secret_keys:
        return Keyring.parse(settings.secret_keys)
    return Keyring.of_file(settings.keys_file, create=True)


async def _check_schema(db: Database, settings: Settings) -> None:
    """The sandbox migrates itself, and so does an empty database; an old one is refused."""
    present = await schema.present(db)
    if present == schema.wanted():
        return
    if present and not settings.in_sandbox:
        raise OldSchema(f"the database is at {present}, the code wants {schema.wanted()}")
    await schema.migrate(db)


@contextmanager
def only_pump(place: Path) -> Iterator[None]:
    """One pump a database; commands of the CLI work beside it.

    Raises:
        SecondPump: another process pumps this place.
    """
    path = place / "pump.lock"
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SecondPump(f"another process holds {path}") from None
        yield
