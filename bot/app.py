"""The composition root: ``build`` makes every part of a bot, starts it and stops it."""

from __future__ import annotations

import asyncio
import gc
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from telegram.error import TelegramError

from bot.api.client import ApiError, BotApi
from bot.core.metrics import Metrics
from bot.core.open_storage import Storage, open_storage
from bot.core.runtime import (
    BackgroundTasks,
    Clocks,
    FailpointHook,
    MonotonicClock,
    WallClock,
    no_failpoint,
)
from bot.core.settings import SANDBOX_ADMINISTRATOR, Refused, Settings
from bot.delivery.attempts import DeliveryAttempts
from bot.delivery.command_menus import CommandMenus
from bot.delivery.i18n import Translations, load_phrasebook, load_replies
from bot.delivery.pacing import RateLimits, Turns
from bot.delivery.paper_pictures import PaperPictures
from bot.delivery.photo_pictures import PhotoPictures
from bot.delivery.renderer import Renderer
from bot.delivery.sender import CallbackAnswers, Sender
from bot.media.media_worker import MediaWorker
from bot.ops import sandbox_staff
from bot.ops.health import Health
from bot.ops.http_server import CannotListen, HttpServer, bind
from bot.ops.start import connected, opened, until_available
from bot.payments.callbacks import Callbacks
from bot.payments.keys import load_cashiers
from bot.payments.pre_checkout import PreCheckout
from bot.payments.receiving import Receiver
from bot.scheduler.audit_seal import AuditSealing
from bot.scheduler.broadcasts import BroadcastJob
from bot.scheduler.cleanup import BlobSweep, Pruning, Retention
from bot.scheduler.conflict_alert import ConflictAlert
from bot.scheduler.desks.apply_cases import CaseDecisions
from bot.scheduler.desks.apply_decisions import DecisionApplier, FailedDecision
from bot.scheduler.desks.idle_claims import IdleClaims
from bot.scheduler.desks.late_changes import LateChanges
from bot.scheduler.desks.likeness import LikenessSearch
from bot.scheduler.desks.staff_digest import StaffDigest
from bot.scheduler.exam_watch import ExamWatch
from bot.scheduler.expiry import Expiry
from bot.scheduler.payments import Cashiers, Differences, OrderJob, RefundJob
from bot.scheduler.print_forms import PrintForms
from bot.scheduler.read_papers import ReadPapers
from bot.scheduler.reminders import ClosingNotices, OpeningNotices, Reminders
from bot.scheduler.reseal import KeyRotation
from bot.scheduler.scheduler import EVERY, EachTick, Job, Scheduler
from bot.scheduler.wait_times import WaitTimeCache
from bot.updates.attachments import AttachmentFetcher
from bot.updates.completion import UpdateCompletion
from bot.updates.flood_gate import FloodGate
from bot.updates.intake import Intake, UpdateSource
from bot.updates.polling import Poller
from bot.updates.queue_per_person import UpdateQueue
from bot.updates.router import Dispatcher, build_application
from bot.updates.webhook import Webhook
from bot.updates.worker import UpdateWorker
from handlers.registry import READING_SCREENS, SCREENS, STAFF_SCREENS
from handlers.services import Services
from states.exam import Exam
from states.texts import Explained, Text
from storage.engine.database import Damaged, Unavailable
from storage.engine.encryption import WrongKey
from storage.engine.instance_lock import AlreadyRunning, DatabaseMoved
from storage.engine.jobs import JobKind
from storage.staff.access.staff_view import StaffViews

REFUSALS = (
    Refused,
    AlreadyRunning,
    DatabaseMoved,
    Damaged,
    WrongKey,
    Unavailable,
    CannotListen,
    ApiError,
    TelegramError,
)
"""The errors of a refused start; each message is for the operator."""
YOUNG_OBJECTS = 10_000
"""New objects that start a collection of the youngest generation; Python's default is 700."""


def refusal(error: Exception) -> Text:
    """Return why the bot does not start or stopped, and the remedy, for the operator."""
    match error:
        case Explained():
            return error.text
        case Unavailable():
            return Text("doctor-data-bad", {"reason": str(error), "cause": error.cause})
        case ApiError():
            return Text("cli-telegram-refused", {"code": error.code, "reason": error.description})
        case _:
            return Text("cli-refused", {"reason": str(error)})


@dataclass(frozen=True, slots=True)
class Options:
    """Values that only tests, benchmarks and the sandbox change.

    In less than ``reading_time`` nobody sees a question and types an answer. ``token`` is that of
    a sandbox that was just started; else the settings have it.
    """

    pacing: bool = True
    reading_time: timedelta = timedelta(seconds=0.3)
    failpoint: FailpointHook = no_failpoint
    monotonic: MonotonicClock = field(default_factory=MonotonicClock)
    tick_seconds: float = EVERY
    retention: Retention = field(default_factory=Retention)
    token: str = ""


@dataclass(frozen=True, slots=True)
class RunningBot:
    """A bot that runs with the ``exam`` in force.

    ``is_exam_changed``: the definition in force is not that of the files.
    ``stopped`` ends only when one of the bot's loops raises, and raises too: ``RestartWanted`` if a
    changed exam waits.
    """

    exam: Exam
    is_exam_changed: bool
    storage: Storage
    clocks: Clocks
    queue: UpdateQueue
    sender: Sender
    scheduler: Scheduler
    stopped: asyncio.Task[None]


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of one bot that several builders use."""

    options: Options
    services: Services
    storage: Storage
    clocks: Clocks
    api: BotApi
    translations: Translations
    metrics: Metrics
    tasks: BackgroundTasks


@asynccontextmanager
async def build(
    settings: Settings, exam: Exam, api_url: str, options: Options | None = None
) -> AsyncIterator[RunningBot]:
    """Build and start a bot; stop it when the block ends. The next start takes up open work.

    A start waits for a database and a Telegram that are away.

    The exam in force counts, and a change that waits comes in force now; ``exam`` is the files'.

    Raises:
        REFUSALS: the bot must not start, or Telegram refused ``getMe``.
    """
    options, metrics = options or Options(), Metrics()
    cashiers = load_cashiers(settings, WallClock().now)
    proxy = settings.telegram_proxy or None
    token = options.token or settings.token
    api = BotApi(token, api_url, proxy, metrics, http_client=settings.http_client)
    wait = partial(until_available, monotonic=options.monotonic)
    async with (
        opened(partial(open_storage, settings, exam), options.monotonic) as storage,
        connected(api, options.monotonic),
        build_application(token, api_url, api) as application,
        bind(settings.listens_at) if settings.listens_at else nullcontext() as listener,
        aclosing(MediaWorker(metrics)) as media,
    ):
        of_files = exam
        if storage.taken_up is not None:
            exam = storage.taken_up.exam
        is_exam_changed = exam != of_files
        exam = exam.with_ways(settings.connected_ways)
        exam = exam.with_reader(reads=media.reads)
        wall_clock = WallClock()
        if settings.in_sandbox:
            offset = await wait(partial(storage.clock_offset, exam, wall_clock.now()))
            wall_clock = WallClock(offset)
        clocks = Clocks(wall_clock, options.monotonic)
        api.tell_time = wall_clock.measure
        wait_times = WaitTimeCache(storage.db, exam)
        translations = Translations.load(exam.tz)
        services = build_services(
            settings, options, exam, storage, clocks, wait_times, translations
        )
        storage.units.staff.administrators = services.administrators
        await wait(storage.units.refresh_staff)
        now = clocks.wall.now()
        await wait(partial(sandbox_staff.assign_roles, settings, exam, storage, now))
        await wait(partial(storage.remember_username, application.bot.username))
        tasks = BackgroundTasks()
        parts = Parts(options, services, storage, clocks, api, translations, metrics, tasks)

        staff_views = build_staff_views(parts, application.bot.username)
        sender = build_sender(parts, staff_views, media, settings.provider_token)
        attachments = AttachmentFetcher(
            api, storage, exam, media, clocks.monotonic, options.failpoint
        )
        queue = UpdateQueue(attachments, clocks, tasks)
        dispatcher = Dispatcher(application, services, translations, staff_views)
        worker = build_worker(parts, queue, dispatcher, sender)
        intake = build_intake(parts, queue, sender, await wait(storage.synced_until))
        source = build_source(settings, parts, intake)
        printing = PrintForms(
            storage, exam, media.form, translations.label, application.bot.username
        )
        reading = ReadPapers(storage, exam, media)
        conflict = ConflictAlert(
            storage,
            exam,
            clocks.wall,
            services.administrators,
            lambda: source.conflict.is_on,
        )
        exam_watch = ExamWatch(storage, exam, services.administrators)
        in_worker: list[Job] = [printing, reading]
        scheduler = build_scheduler(
            parts, sender, intake, wait_times, in_worker, cashiers, conflict, exam_watch
        )
        menus = CommandMenus(api, translations, storage.units.staff, clocks.monotonic, exam)

        await wait(source.begin)
        waiting = await wait(storage.inbox.recover)
        await wait(sender.recover)
        queue.put(waiting)
        tune_garbage_collector()
        loops = [source.run, worker.run, scheduler.run, storage.lock.keep, tasks.watch, menus.run]
        loops.append(exam_watch.restart)
        if listener is not None:
            callbacks = build_callbacks(parts, sender, cashiers)
            server = build_http_server(settings, parts, listener, source, intake, callbacks, sender)
            loops.append(server.run)
        stopped = asyncio.create_task(tasks.run(loops))
        try:
            yield RunningBot(
                exam, is_exam_changed, storage, clocks, queue, sender, scheduler, stopped
            )
        finally:
            await sender.stop()
            stopped.cancel()
            await asyncio.gather(stopped, return_exceptions=True)
            await worker.finish()


def build_services(
    settings: Settings,
    options: Options,
    exam: Exam,
    storage: Storage,
    clocks: Clocks,
    wait_times: WaitTimeCache,
    translations: Translations,
) -> Services:
    """Build the values that every step may use; the sandbox adds an administrator of its own."""
    own = {SANDBOX_ADMINISTRATOR} if settings.in_sandbox else set()
    return Services(
        exam=exam,
        keyring=storage.keyring,
        administrators=settings.administrators | own,
        clock_offset=lambda: clocks.wall.offset,
        clock_moves=settings.in_sandbox,
        timings=settings.timings,
        wait_times=wait_times.of,
        invites_last=timedelta(hours=settings.invite_hours),
        label=translations.label,
        real_now=lambda: clocks.wall.now() - clocks.wall.offset,
        ahead=lambda: clocks.wall.ahead,
        # Programs play the people of the sandbox, and answer at once.
        reading_time=timedelta(0) if settings.in_sandbox else options.reading_time,
        paid_broadcasts=settings.paid_broadcasts,
        phrasebook=load_phrasebook(),
        replies=load_replies(),
    )


def build_staff_views(parts: Parts, username: str) -> StaffViews:
    """Build the reader of the staff's screens, for the dispatcher and for the renderer."""
    return StaffViews(
        parts.storage.db,
        parts.storage.keyring,
        parts.services.exam,
        parts.storage.bot_id,
        bot=username,
        administrators=parts.services.administrators,
        timings=parts.services.timings,
        paid_broadcasts=parts.services.paid_broadcasts,
    )


def build_sender(
    parts: Parts, staff_views: StaffViews, media: MediaWorker, provider_token: str
) -> Sender:
    """Build the sender with its attempts and their renderer."""
    storage = parts.storage
    renderer = Renderer(
        parts.translations,
        parts.services.exam,
        storage.blobs,
        SCREENS,
        storage.data_export,
        STAFF_SCREENS,
        staff_views,
        media.pages,
        READING_SCREENS,
        provider_token,
        PhotoPictures(media, storage.blobs, parts.services.exam.photo, parts.translations),
        PaperPictures(media, storage.blobs, parts.translations),
    )
    limits = RateLimits(pacing=parts.options.pacing)
    turns = Turns(limits, parts.clocks.monotonic, parts.tasks)
    attempts = DeliveryAttempts(
        parts.api,
        storage.outbox,
        renderer,
        storage.records,
        turns,
        parts.clocks,
        parts.options.failpoint,
    )
    return Sender(
        attempts,
        storage.outbox,
        turns,
        parts.clocks,
        parts.tasks,
        parts.options.failpoint,
        parts.metrics,
    )


def build_worker(
    parts: Parts, queue: UpdateQueue, dispatcher: Dispatcher, sender: Sender
) -> UpdateWorker:
    """Build the worker, and the completion that its updates end with."""
    storage, clocks, metrics = parts.storage, parts.clocks, parts.metrics
    completion = UpdateCompletion(
        storage,
        queue,
        sender,
        CallbackAnswers(parts.api, clocks.monotonic, parts.tasks, metrics),
        parts.translations,
        clocks,
        parts.services.administrators,
        metrics,
    )
    return UpdateWorker(
        storage, queue, dispatcher, sender, completion, clocks, metrics, parts.options.failpoint
    )


def build_intake(
    parts: Parts, queue: UpdateQueue, sender: Sender, synced_until: datetime | None
) -> Intake:
    """Build the intake; it runs on real time even in the sandbox, as Telegram's updates do."""
    gate = FloodGate(parts.storage, parts.clocks.wall, parts.tasks, queue.waiting, sender.pull)
    return Intake(
        parts.storage.inbox,
        parts.storage.bot_id,
        queue.put_uncommitted,
        now=WallClock().now,
        synced_until=synced_until,
        failpoint=parts.options.failpoint,
        metrics=parts.metrics,
        answer_checkout=build_pre_checkout(parts).begin_answer,
        admits=gate.admits,
        is_bound=lambda chat: chat in parts.storage.units.staff.groups,
        is_staff=lambda account: account in parts.storage.units.staff,
    )


def build_pre_checkout(parts: Parts) -> PreCheckout:
    """Build what answers Telegram before a payment."""
    storage, wall = parts.storage, parts.clocks.wall
    return PreCheckout(
        parts.api,
        storage.db,
        storage.keyring,
        parts.services.exam,
        parts.translations,
        parts.tasks,
        wall.now,
    )


def build_source(settings: Settings, parts: Parts, intake: Intake) -> UpdateSource:
    """Build the webhook if the settings have its URL, else the poller."""
    monotonic = parts.clocks.monotonic
    if not settings.webhook_url:
        return Poller(parts.api, intake, monotonic)
    secret = parts.storage.keyring.hash("webhook", settings.token)
    return Webhook(
        parts.api, intake, monotonic, parts.tasks, url=settings.webhook_url, secret=secret
    )


def build_scheduler(
    parts: Parts,
    sender: Sender,
    intake: Intake,
    wait_times: WaitTimeCache,
    in_worker: Sequence[Job],
    cashiers: Cashiers,
    conflict: ConflictAlert,
    exam_watch: ExamWatch,
) -> Scheduler:
    """Build the scheduler with every kind of job."""
    storage, exam, wall = parts.storage, parts.services.exam, parts.clocks.wall
    administrators, timings = parts.services.administrators, parts.services.timings

    def synced_until() -> datetime | None:
        return intake.synced_until

    async def remember_synced() -> None:
        await storage.remember_synced(intake.synced_until)
        await conflict.tell()

    decision_applier = DecisionApplier(storage, exam, wall, administrators)
    periodic: list[Job] = [
        decision_applier,
        IdleClaims(storage, timings),
        StaffDigest(storage, exam, timings),
        OpeningNotices(storage, exam),
        ClosingNotices(storage, exam, wall, synced_until),
        Reminders(storage, exam),
        Expiry(storage, exam, wall, synced_until, administrators),
        exam_watch,
        AuditSealing(storage, exam, administrators),
        EachTick(JobKind.INTAKE, remember_synced),
        EachTick(JobKind.STAFF, storage.units.refresh_staff),
        EachTick(JobKind.WAIT_TIMES, wait_times.refresh, every=timedelta(hours=1)),
        Pruning(storage, wall, parts.options.retention),
        BlobSweep(storage, wall),
        Differences(storage, exam, administrators),
    ]
    one_off: list[Job] = [
        FailedDecision(storage, decision_applier),
        CaseDecisions(storage, exam, timings),
        LikenessSearch(storage, exam),
        KeyRotation(storage),
        *in_worker,
        BroadcastJob(storage, exam),
        LateChanges(storage, exam, wall, synced_until, timings),
        OrderJob(storage, exam, cashiers, parts.translations, administrators),
        RefundJob(storage, exam, cashiers, administrators),
    ]
    return Scheduler(
        periodic,
        one_off,
        storage,
        sender,
        Clocks(wall),  # runs follow the wall clock, whose seconds are real
        administrators,
        parts.options.tick_seconds,
        parts.options.failpoint,
    )


def build_callbacks(parts: Parts, sender: Sender, cashiers: Cashiers) -> Callbacks:
    """Build the endpoints of the providers of payments."""
    receiver = Receiver(parts.storage, parts.services.exam)
    now, failpoint = parts.clocks.wall.now, parts.options.failpoint
    return Callbacks(cashiers.values(), receiver, now, sender.pull, parts.metrics, failpoint)


def build_http_server(
    settings: Settings,
    parts: Parts,
    listener: socket.socket,
    source: UpdateSource,
    intake: Intake,
    callbacks: Callbacks,
    sender: Sender,
) -> HttpServer:
    """Build the HTTP server: the routes of webhook and providers, health and metrics."""
    health = Health(
        db=parts.storage.db,
        synced_until=lambda: intake.synced_until,
        metrics=parts.metrics,
        exam=parts.services.exam.key,
        wall_clock=parts.clocks.wall,
        monotonic=parts.clocks.monotonic,
        tasks=parts.tasks,
        coming=parts.storage.inbox.uncommitted_since,
        is_in_conflict=lambda: source.conflict.is_on,
        paced=sender.paced,
        hosts=settings.health_hosts,
    )
    return HttpServer(listener, [*source.routes, *callbacks.routes, *health.routes])


def tune_garbage_collector() -> None:
    """Keep what a start made out of every collection, and collect young objects less often.

    A full collection would stop the event loop for a quarter of a second. Most updates in progress
    are freed before they count as young.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS)
