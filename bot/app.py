"""The composition root: everything is made here, once, and handed to who needs it."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import structlog
from telegram.error import TelegramError
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
from bot.stores import DroppedCodes, OldSchema, Stores, opened
from bot.tasks import Tasks
from bot.ticker import Retention, Ticker
from bot.times import Calendar, Machine
from bot.words import Words
from handlers.context import Context, Office
from handlers.table import ANYWHERE, ROUTES, SCREENS, STRANGERS
from states.exam import Exam
from states.texts import Text
from storage.db import Unavailable
from storage.facts import WrongKeys
from storage.pump_lock import SecondPump
from storage.secrets import BadKeys, WrongKey

COMMANDS = (
    "start",
    "status",
    "help",
    "back",
    "cancel",
    "language",
    "profile",
    "export",
    "erase",
)
REFUSALS = (
    OldSchema,
    SecondPump,
    WrongKeys,
    WrongKey,
    BadKeys,
    DroppedCodes,
    Unavailable,
    ApiError,
    TelegramError,
)
"""Why a start is refused; the message says it."""

PATIENCE = 5.0
"""Seconds between two tries to reach Telegram at the start."""

YOUNG_OBJECTS = 10_000
"""New objects after which the youngest are looked through for cycles; Python's own is 700."""

Runtime = Application[Any, Context, Any, Any, Any, Any]

log = structlog.get_logger("app")


@dataclass(frozen=True, slots=True)
class Options:
    """What tests and measurements set otherwise."""

    batch: int = BATCH
    pacing: bool = True
    passing: Passing = undisturbed
    machine: Machine = field(default_factory=Machine)
    retention: Retention = field(default_factory=Retention)


@dataclass(frozen=True, slots=True)
class Running:
    """A bot that runs. ``stopped`` ends only when one of its loops fails, and raises why."""

    stores: Stores
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
        REFUSALS: it must not start, or Telegram did not say who we are; the message says why.
    """
    options = options or Options()
    token = settings.bot_token or SANDBOX_TOKEN
    async with (
        opened(settings, exam, bot_id=int(token.partition(":")[0])) as stores,
        _reached(BotApi(token, api_url, settings.telegram_proxy or None), options.machine) as api,
        ptb_application(token, api_url, api) as application,
    ):
        bot = await _composed(settings, exam, options, stores, api, application)
        try:
            yield bot
        finally:
            bot.stopped.cancel()
            await asyncio.gather(bot.stopped, return_exceptions=True)
            await bot.pump.finish()


async def _composed(
    settings: Settings,
    exam: Exam,
    options: Options,
    stores: Stores,
    api: BotApi,
    application: Runtime,
) -> Running:
    """All parts, wired and started."""
    machine, passing, tasks = options.machine, options.passing, Tasks()
    words = Words.load(exam.tz)
    calendar = await _calendar(settings, exam, stores)
    office = _office(settings, exam, stores, calendar)
    sender = Sender(
        api,
        stores.outbox,
        Renderer(words, exam, stores.blobs, SCREENS, stores.dossier),
        stores.records,
        Limits(pacing=options.pacing),
        calendar,
        machine,
        tasks,
        passing,
    )
    pump = Pump(
        db=stores.db,
        inbox=stores.inbox,
        work=stores.work,
        dispatcher=Dispatcher(application, office, words, SCREENS, ANYWHERE),
        preparer=Preparer(api, stores.db, stores.work, stores.blobs, exam, machine, passing),
        sender=sender,
        toasts=Toasts(api, machine, tasks),
        words=words,
        calendar=calendar,
        machine=machine,
        tasks=tasks,
        administrators=office.administrators,
        batch=options.batch,
        passing=passing,
    )
    poller = Poller(
        api,
        stores.inbox,
        application.bot.id,
        pump.put,
        machine,
        now=Calendar().now,
        heard=await stores.heard(),
        passing=passing,
    )
    ticker = Ticker(
        db=stores.db,
        keyring=stores.keyring,
        inbox=stores.inbox,
        outbox=stores.outbox,
        blobs=stores.blobs,
        sender=sender,
        exam=exam,
        calendar=calendar,
        machine=machine,
        heard=lambda: poller.heard,
        passing=passing,
        retention=options.retention,
    )
    undone = await stores.inbox.recover()
    await sender.recover()
    pump.put(undone)
    await _introduce(api, words)
    # Collections would go over all the imported modules, again and again, while people wait; and
    # over every update on its way, when most of them are about to be forgotten by themselves.
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS)
    tasks.start(stores.lock.keep())
    stopped = asyncio.create_task(_together(tasks, poller, pump, ticker))
    return Running(stores, calendar, pump, sender, ticker, stopped)


async def _calendar(settings: Settings, exam: Exam, stores: Stores) -> Calendar:
    real = Calendar()
    if not settings.in_sandbox:
        return real
    return Calendar(await stores.clock_offset(exam, real.now()))


def _office(settings: Settings, exam: Exam, stores: Stores, calendar: Calendar) -> Office:
    own = {SANDBOX_ADMINISTRATOR} if settings.in_sandbox else set()
    return Office(
        exam=exam,
        keyring=stores.keyring,
        administrators=settings.administrators | own,
        clock_offset=lambda: calendar.offset,
        clock_moves=settings.in_sandbox,
    )


@asynccontextmanager
async def _reached(api: BotApi, machine: Machine) -> AsyncIterator[BotApi]:
    """The way to Telegram, once it is open; a network that is down is waited for."""
    await api.initialize()
    try:
        while True:
            try:
                await api.call("getMe")
                break
            except Unreachable as error:
                log.warning("telegram cannot be reached; trying again", reason=str(error))
                await machine.sleep(PATIENCE)
        yield api
    finally:
        await api.shutdown()


@asynccontextmanager
async def ptb_application(token: str, api_url: str, api: BotApi) -> AsyncIterator[Runtime]:
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
    application.add_handler(StateRouter(ROUTES, STRANGERS))
    async with application:
        yield application


async def _introduce(api: BotApi, words: Words) -> None:
    """Names the commands in Telegram's menu; a server that cannot is no reason not to start."""
    for locale in words.locales:
        commands = [
            {"command": name, "description": words.label(Text(f"command-{name}"), locale)}
            for name in COMMANDS
        ]
        params = {"commands": commands, "language_code": locale[:2]}
        try:
            await api.call("setMyCommands", params)
        except (ApiError, Unreachable) as error:
            log.warning("the command menu could not be set", error=str(error))


async def _together(tasks: Tasks, poller: Poller, pump: Pump, ticker: Ticker) -> None:
    """All loops until one fails, which none should; then nothing of them is left running."""
    try:
        async with asyncio.TaskGroup() as group:
            for loop in (poller.run, pump.run, ticker.run, tasks.watch):
                group.create_task(loop())
    except ExceptionGroup as failed:
        if (lost := failed.subgroup(SecondPump)) is not None:
            raise lost.exceptions[0] from None  # no bug of ours, so its message says it all
        raise
    finally:
        await tasks.close()
