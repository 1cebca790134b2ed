"""The composition root: everything is made here, once, and handed to who needs it."""

from __future__ import annotations

import asyncio
import gc
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from typing import Any

import structlog
from telegram.error import TelegramError
from telegram.ext import Application, ApplicationBuilder, ContextTypes, ExtBot

from bot.arrows import Passing, undisturbed
from bot.client import ApiError, BotApi, Unreachable
from bot.dispatch import Dispatcher, StateRouter
from bot.forfeiting import Forfeiting
from bot.health import Health
from bot.intake import Intake, Source
from bot.limits import Limits
from bot.listener import CannotListen, Listener, listening
from bot.meters import Meters
from bot.polling import Poller
from bot.prepare import Preparer
from bot.pump import BATCH, Pump
from bot.render import Renderer
from bot.sealing import Sealing
from bot.sender import Sender, Toasts
from bot.settings import SANDBOX_ADMINISTRATOR, Settings
from bot.settling import Settling
from bot.stores import DroppedCodes, OldSchema, Stores, opened
from bot.tasks import Tasks
from bot.ticker import Retention, Ticker
from bot.times import Calendar, Machine
from bot.usual_times import UsualTimes
from bot.webhook import Webhook
from bot.words import Words
from handlers.context import Context, Office
from handlers.table import (
    ANYWHERE,
    ROUTES,
    SCREENS,
    STAFF_COMMANDS,
    STAFF_ROUTES,
    STAFF_SCREENS,
    STRANGERS,
)
from states.exam import Exam
from states.texts import Text
from storage import facts
from storage.chain import Chain
from storage.db import Unavailable
from storage.facts import Fact, WrongKeys
from storage.look import Looks
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
    CannotListen,
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
    counter: Settling
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
    token, meters = settings.token, Meters()
    line = BotApi(token, api_url, settings.telegram_proxy or None, meters)
    async with (
        opened(settings, exam, bot_id=int(token.partition(":")[0])) as stores,
        _reached(line, options.machine) as api,
        ptb_application(token, api_url, api) as application,
        listening(settings.listens_at) if settings.listens_at else nullcontext() as door,
    ):
        bot = await _composed(settings, exam, options, stores, api, application, door, meters)
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
    door: socket.socket | None,
    meters: Meters,
) -> Running:
    """All parts, wired and started."""
    machine, passing, tasks = options.machine, options.passing, Tasks()
    words = Words.load(exam.tz)
    calendar = await _calendar(settings, exam, stores)
    usual = UsualTimes(stores.db, exam, machine)
    office = replace(_office(settings, exam, stores, calendar), usual=usual.of)
    stores.work.roster.always = office.administrators
    await stores.work.learn_roster()
    await _remember_name(stores, application.bot.username)
    looks = Looks(
        stores.db,
        stores.keyring,
        exam,
        stores.bot_id,
        bot=application.bot.username,
        administrators=office.administrators,
        pace=office.pace,
    )
    sender = Sender(
        api,
        stores.outbox,
        Renderer(words, exam, stores.blobs, SCREENS, stores.dossier, STAFF_SCREENS, looks),
        stores.records,
        Limits(pacing=options.pacing),
        calendar,
        machine,
        tasks,
        passing,
        meters,
    )
    pump = Pump(
        db=stores.db,
        inbox=stores.inbox,
        work=stores.work,
        dispatcher=Dispatcher(
            application, office, words, SCREENS, ANYWHERE, STAFF_SCREENS, STAFF_COMMANDS, looks
        ),
        preparer=Preparer(api, stores.db, stores.work, stores.blobs, exam, machine, passing),
        sender=sender,
        toasts=Toasts(api, machine, tasks, meters),
        words=words,
        calendar=calendar,
        machine=machine,
        tasks=tasks,
        administrators=office.administrators,
        batch=options.batch,
        passing=passing,
        meters=meters,
    )
    intake = Intake(
        stores.inbox,
        stores.bot_id,
        pump.keep,
        now=Calendar().now,
        heard=await stores.heard(),
        passing=passing,
        meters=meters,
    )
    ticker = Ticker(
        db=stores.db,
        keyring=stores.keyring,
        inbox=stores.inbox,
        outbox=stores.outbox,
        blobs=stores.blobs,
        sender=sender,
        forfeiting=Forfeiting(
            db=stores.db,
            keyring=stores.keyring,
            inbox=stores.inbox,
            outbox=stores.outbox,
            exam=exam,
            calendar=calendar,
            heard=lambda: intake.heard,
            bot_id=stores.bot_id,
            administrators=office.administrators,
        ),
        sealing=_sealing(stores, exam, office.administrators),
        exam=exam,
        calendar=calendar,
        machine=machine,
        heard=lambda: intake.heard,
        learn_roster=stores.work.learn_roster,
        passing=passing,
        retention=options.retention,
    )
    counter = Settling(
        db=stores.db,
        keyring=stores.keyring,
        inbox=stores.inbox,
        outbox=stores.outbox,
        sender=sender,
        exam=exam,
        bot_id=stores.bot_id,
        calendar=calendar,
        machine=machine,
        pace=office.pace,
        passing=passing,
    )
    source: Source = Poller(api, intake, machine)
    if settings.webhook_url:
        secret = stores.keyring.hash("webhook", settings.token)
        source = Webhook(api, intake, machine, tasks, url=settings.webhook_url, secret=secret)
    await _patiently(source.begin, machine)
    undone = await stores.inbox.recover()
    await sender.recover()
    pump.put(undone)
    await _introduce(api, words)
    # Collections would go over all the imported modules, again and again, while people wait; and
    # over every update on its way, when most of them are about to be forgotten by themselves.
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS)
    loops = [
        source.run,
        pump.run,
        ticker.run,
        usual.run,
        counter.run,
        stores.lock.keep,
        tasks.watch,
    ]
    if door is not None:
        health = Health(
            db=stores.db,
            heard=lambda: intake.heard,
            meters=meters,
            exam=exam.key,
            calendar=calendar,
            machine=machine,
            tasks=tasks,
        )
        loops.append(Listener(door, [*source.routes, *health.routes]).run)
    stopped = asyncio.create_task(_together(tasks, loops))
    return Running(stores, calendar, pump, sender, ticker, counter, stopped)


async def _remember_name(stores: Stores, username: str) -> None:
    """For links that are made where no bot runs."""
    if await facts.read(stores.db, Fact.USERNAME) != username:
        async with stores.db.write() as connection:
            await facts.write(connection, Fact.USERNAME, username)


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
        pace=settings.pace,
        invites_last=timedelta(hours=settings.invite_hours),
    )


def _sealing(stores: Stores, exam: Exam, administrators: frozenset[int]) -> Sealing:
    return Sealing(
        db=stores.db,
        chain=Chain(stores.db, stores.keyring),
        inbox=stores.inbox,
        outbox=stores.outbox,
        exam=exam,
        bot_id=stores.bot_id,
        administrators=administrators,
    )


@asynccontextmanager
async def _reached(api: BotApi, machine: Machine) -> AsyncIterator[BotApi]:
    """The way to Telegram, once it is open; a network that is down is waited for."""
    await api.initialize()
    try:
        await _patiently(partial(api.call, "getMe"), machine)
        yield api
    finally:
        await api.shutdown()


async def _patiently(call: Callable[[], Awaitable[Any]], machine: Machine) -> None:
    """A call that the start depends on, again and again until the network lets it through."""
    while True:
        try:
            await call()
            return
        except Unreachable as error:
            log.warning("telegram cannot be reached; trying again", reason=str(error))
            await machine.sleep(PATIENCE)
        except ApiError as error:
            if error.retry_after is None:
                raise
            log.warning("telegram wants us to wait", seconds=error.retry_after)
            await machine.sleep(error.retry_after)


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
    application.add_handler(StateRouter({**ROUTES, **STAFF_ROUTES}, STRANGERS))
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


async def _together(tasks: Tasks, loops: Iterable[Callable[[], Coroutine[Any, Any, None]]]) -> None:
    """All loops until one fails, which none should; then nothing of them is left running."""
    try:
        async with asyncio.TaskGroup() as group:
            for loop in loops:
                group.create_task(loop())
    except ExceptionGroup as failed:
        if (lost := failed.subgroup(SecondPump)) is not None:
            raise lost.exceptions[0] from None  # no bug of ours, so its message says it all
        raise
    finally:
        await tasks.close()
