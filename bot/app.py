"""The composition root: everything is made, begun and ended here, once."""

from __future__ import annotations

import asyncio
import gc
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from typing import Any

import structlog
from telegram.error import TelegramError
from telegram.ext import ApplicationBuilder, ContextTypes, ExtBot

from bot.api.client import ApiError, BotApi, Unreachable
from bot.core.background_tasks import BackgroundTasks
from bot.core.backoff import Backoff
from bot.core.clocks import MonotonicClock, WallClock
from bot.core.metrics import Metrics
from bot.core.open_storage import Storage, open_storage
from bot.core.refused import Refused
from bot.core.settings import Settings
from bot.delivery.command_menus import CommandMenus
from bot.delivery.i18n import Translations
from bot.delivery.sender import Sender
from bot.ops import sandbox_staff
from bot.ops.http_server import CannotListen, bind
from bot.parts import (
    Basis,
    Options,
    counter_of,
    intake_of,
    listener_of,
    looks_of,
    office_of,
    pump_of,
    sender_of,
    source_of,
    ticker_of,
)
from bot.scheduler.decisions import DecisionApplier
from bot.scheduler.scheduler import Scheduler
from bot.scheduler.wait_times import WaitTimeCache
from bot.updates.intake import UpdateSource
from bot.updates.router import Runtime, StateRouter
from bot.updates.worker import UpdateWorker
from handlers.registry import ROUTES, STAFF_ROUTES, STRANGERS
from handlers.update_context import Context
from states.exam import Exam
from storage.engine import installation
from storage.engine.database import Unavailable
from storage.engine.encryption import WrongKey
from storage.engine.installation import Fact
from storage.engine.instance_lock import AlreadyRunning

REFUSALS = (
    Refused,
    AlreadyRunning,
    WrongKey,
    Unavailable,
    CannotListen,
    ApiError,
    TelegramError,
)
"""Why a start is refused; the message says it."""

PATIENCE = 5.0
"""The most seconds between two tries to reach Telegram at the start."""

PATIENCE_JITTER = 0.2
"""By so much of it a try may come sooner: bots that start together do not try together."""

YOUNG_OBJECTS = 10_000
"""New objects after which the youngest are looked through for cycles; Python's own is 700."""

log = structlog.get_logger("app")


@dataclass(frozen=True, slots=True)
class Running:
    """A bot that runs. ``stopped`` ends only when one of its loops fails, and raises why."""

    storage: Storage
    wall_clock: WallClock
    pump: UpdateWorker
    sender: Sender
    ticker: Scheduler
    counter: DecisionApplier
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
    token, metrics = settings.token, Metrics()
    line = BotApi(token, api_url, settings.telegram_proxy or None, metrics)
    async with (
        open_storage(settings, exam, bot_id=int(token.partition(":")[0])) as stores,
        _reached(line, options.monotonic) as api,
        ptb_application(token, api_url, api) as application,
        bind(settings.listens_at) if settings.listens_at else nullcontext() as door,
    ):
        basis = await _basis(settings, exam, options, stores, api, application, metrics)
        bot = await _composed(basis, door)
        try:
            yield bot
        finally:
            bot.stopped.cancel()
            await asyncio.gather(bot.stopped, return_exceptions=True)
            await bot.pump.finish()


async def _basis(
    settings: Settings,
    exam: Exam,
    options: Options,
    storage: Storage,
    api: BotApi,
    application: Runtime,
    metrics: Metrics,
) -> Basis:
    """What the parts are made from; who is of the staff is known by then."""
    wall_clock = await _wall_clock(settings, exam, storage)
    usual = WaitTimeCache(storage.db, exam, options.monotonic)
    services = office_of(settings, exam, storage, wall_clock, usual)
    storage.units.staff.always = services.administrators
    await storage.units.refresh_staff()
    await sandbox_staff.assign_roles(settings, exam, storage, wall_clock.now())
    await _remember_name(storage, application.bot.username)
    return Basis(
        settings=settings,
        exam=exam,
        options=options,
        storage=storage,
        api=api,
        application=application,
        metrics=metrics,
        tasks=BackgroundTasks(),
        wall_clock=wall_clock,
        translations=Translations.load(exam.tz),
        wait_times=usual,
        services=services,
    )


async def _composed(basis: Basis, door: socket.socket | None) -> Running:
    """All parts, wired and started."""
    staff_views, stores, tasks = looks_of(basis), basis.storage, basis.tasks
    sender = sender_of(basis, staff_views)
    pump = pump_of(basis, sender, staff_views)
    intake = intake_of(basis, pump, await stores.synced_until())
    source = source_of(basis, intake)
    ticker, counter = ticker_of(basis, sender, intake), counter_of(basis, sender)
    menus = CommandMenus(basis.api, basis.translations, stores.units.staff, basis.options.monotonic)
    await _woken(basis, source, sender, pump)
    _settled()
    loops = [source.run, pump.run, ticker.run, basis.wait_times.run, counter.run]
    loops += [stores.lock.keep, tasks.watch, menus.run]
    if door is not None:
        loops.append(listener_of(basis, door, source, intake).run)
    stopped = asyncio.create_task(_together(tasks, loops))
    return Running(stores, basis.wall_clock, pump, sender, ticker, counter, stopped)


async def _woken(basis: Basis, source: UpdateSource, sender: Sender, pump: UpdateWorker) -> None:
    """Telegram knows how we hear from it; what was left undone is taken up again."""
    await _patiently(source.begin, basis.options.monotonic)
    undone = await basis.storage.inbox.recover()
    await sender.recover()
    pump.put(undone)


def _settled() -> None:
    """What lives as long as the bot is made."""
    # Collections would go over all the imported modules, again and again, while people wait; and
    # over every update on its way, when most of them are about to be forgotten by themselves.
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS)


async def _remember_name(storage: Storage, username: str) -> None:
    """For links that are made where no bot runs."""
    if await installation.read(storage.db, Fact.USERNAME) != username:
        async with storage.db.write() as connection:
            await installation.write(connection, Fact.USERNAME, username)


async def _wall_clock(settings: Settings, exam: Exam, storage: Storage) -> WallClock:
    real = WallClock()
    if not settings.in_sandbox:
        return real
    return WallClock(await storage.clock_offset(exam, real.now()))


@asynccontextmanager
async def _reached(api: BotApi, monotonic: MonotonicClock) -> AsyncIterator[BotApi]:
    """The way to Telegram, once it is open; a network that is down is waited for."""
    await api.initialize()
    try:
        await _patiently(partial(api.call, "getMe"), monotonic)
        yield api
    finally:
        await api.shutdown()


async def _patiently(call: Callable[[], Awaitable[Any]], monotonic: MonotonicClock) -> None:
    """A call that the start depends on, again and again until the network lets it through."""
    backoff = Backoff(PATIENCE, PATIENCE, jitter=PATIENCE_JITTER)
    while True:
        try:
            await call()
            return
        except Unreachable as error:
            log.warning("telegram cannot be reached; trying again", reason=str(error))
            await monotonic.sleep(backoff.next())
        except ApiError as error:
            if error.retry_after is None:
                raise
            log.warning("telegram wants us to wait", seconds=error.retry_after)
            await monotonic.sleep(error.retry_after)


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


async def _together(
    tasks: BackgroundTasks, loops: Iterable[Callable[[], Coroutine[Any, Any, None]]]
) -> None:
    """All loops until one fails, which none should; then nothing of them is left running."""
    try:
        async with asyncio.TaskGroup() as group:
            for loop in loops:
                group.create_task(loop())
    except ExceptionGroup as failed:
        if (lost := failed.subgroup(AlreadyRunning)) is not None:
            raise lost.exceptions[0] from None  # no bug of ours, so its message says it all
        raise
    finally:
        await tasks.close()
