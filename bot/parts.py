"""The parts of a bot, made of what it has. Nothing is begun here: ``bot.app`` does that."""

from __future__ import annotations

import socket
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.api.client import BotApi
from bot.api.rate_limits import RateLimits
from bot.core.background_tasks import BackgroundTasks
from bot.core.clocks import Clocks, MonotonicClock, WallClock
from bot.core.failpoints import FailpointHook, no_failpoint
from bot.core.metrics import Metrics
from bot.core.open_storage import Storage
from bot.core.settings import SANDBOX_ADMINISTRATOR, Settings
from bot.delivery.attempts import DeliveryAttempts
from bot.delivery.callback_answers import CallbackAnswers
from bot.delivery.i18n import Translations
from bot.delivery.renderer import Renderer
from bot.delivery.sender import Sender
from bot.ops.health import Health
from bot.ops.http_server import HttpServer
from bot.scheduler.audit_seal import AuditSealing
from bot.scheduler.cleanup import Cleanup, Retention
from bot.scheduler.decisions import DecisionApplier
from bot.scheduler.expiry import Expiry
from bot.scheduler.reminders import DeadlineReminders, OpeningNotices
from bot.scheduler.scheduler import EVERY, Scheduler
from bot.scheduler.staff_digest import StaffDigest
from bot.scheduler.wait_times import WaitTimeCache
from bot.updates.attachments import AttachmentFetcher
from bot.updates.intake import Intake, UpdateSource
from bot.updates.polling import Poller
from bot.updates.router import Dispatcher, Runtime
from bot.updates.webhook import Webhook
from bot.updates.worker import BATCH, UpdateWorker
from handlers.registry import ANYWHERE, SCREENS, STAFF_COMMANDS, STAFF_SCREENS
from handlers.update_context import Services
from states.exam import Exam
from storage.staff.staff_view import StaffViews


@dataclass(frozen=True, slots=True)
class Options:
    """What tests and measurements set otherwise."""

    batch: int = BATCH
    pacing: bool = True
    failpoint: FailpointHook = no_failpoint
    monotonic: MonotonicClock = field(default_factory=MonotonicClock)
    tick_seconds: float = EVERY
    retention: Retention = field(default_factory=Retention)


@dataclass(frozen=True, slots=True)
class Basis:
    """What all parts of one bot are made from."""

    settings: Settings
    exam: Exam
    options: Options
    storage: Storage
    api: BotApi
    application: Runtime
    metrics: Metrics
    tasks: BackgroundTasks
    wall_clock: WallClock
    translations: Translations
    wait_times: WaitTimeCache
    services: Services


def office_of(
    settings: Settings,
    exam: Exam,
    storage: Storage,
    wall_clock: WallClock,
    wait_times: WaitTimeCache,
) -> Services:
    """What every step may use; in the sandbox one of its people is an administrator."""
    own = {SANDBOX_ADMINISTRATOR} if settings.in_sandbox else set()
    return Services(
        exam=exam,
        keyring=storage.keyring,
        administrators=settings.administrators | own,
        clock_offset=lambda: wall_clock.offset,
        clock_moves=settings.in_sandbox,
        timings=settings.timings,
        wait_times=wait_times.of,
        invites_last=timedelta(hours=settings.invite_hours),
    )


def looks_of(basis: Basis) -> StaffViews:
    """What screens of the staff are drawn from, when they are asked and when they are sent."""
    return StaffViews(
        basis.storage.db,
        basis.storage.keyring,
        basis.exam,
        basis.storage.bot_id,
        bot=basis.application.bot.username,
        administrators=basis.services.administrators,
        timings=basis.services.timings,
    )


def sender_of(basis: Basis, staff_views: StaffViews) -> Sender:
    """The sender, and in it the renderer."""
    storage, options = basis.storage, basis.options
    limits = RateLimits(pacing=options.pacing)
    clocks = Clocks(basis.wall_clock, options.monotonic)
    renderer = Renderer(
        basis.translations,
        basis.exam,
        storage.blobs,
        SCREENS,
        storage.data_export,
        STAFF_SCREENS,
        staff_views,
    )
    attempts = DeliveryAttempts(
        basis.api, storage.outbox, renderer, storage.records, limits, clocks, options.failpoint
    )
    return Sender(
        attempts, storage.outbox, limits, clocks, basis.tasks, options.failpoint, basis.metrics
    )


def pump_of(basis: Basis, sender: Sender, staff_views: StaffViews) -> UpdateWorker:
    """The pump, with what it hands an update to."""
    monotonic = basis.options.monotonic
    return UpdateWorker(
        db=basis.storage.db,
        inbox=basis.storage.inbox,
        work=basis.storage.units,
        dispatcher=_dispatcher(basis, staff_views),
        attachments=_preparer(basis),
        sender=sender,
        callback_answers=CallbackAnswers(basis.api, monotonic, basis.tasks, basis.metrics),
        translations=basis.translations,
        wall_clock=basis.wall_clock,
        monotonic=monotonic,
        tasks=basis.tasks,
        administrators=basis.services.administrators,
        batch=basis.options.batch,
        failpoint=basis.options.failpoint,
        metrics=basis.metrics,
    )


def _dispatcher(basis: Basis, staff_views: StaffViews) -> Dispatcher:
    return Dispatcher(
        basis.application,
        basis.services,
        basis.translations,
        SCREENS,
        ANYWHERE,
        STAFF_SCREENS,
        STAFF_COMMANDS,
        staff_views,
    )


def _preparer(basis: Basis) -> AttachmentFetcher:
    stores, options = basis.storage, basis.options
    return AttachmentFetcher(
        basis.api,
        stores.db,
        stores.units,
        stores.blobs,
        basis.exam,
        options.monotonic,
        options.failpoint,
    )


def intake_of(basis: Basis, pump: UpdateWorker, heard: datetime | None) -> Intake:
    """The intake; its time is the real one, for it is Telegram's updates that may be missed."""
    return Intake(
        basis.storage.inbox,
        basis.storage.bot_id,
        pump.keep,
        now=WallClock().now,
        synced_until=heard,
        failpoint=basis.options.failpoint,
        metrics=basis.metrics,
    )


def source_of(basis: Basis, intake: Intake) -> UpdateSource:
    """What the settings say: we are called, or we ask."""
    settings, monotonic = basis.settings, basis.options.monotonic
    if not settings.webhook_url:
        return Poller(basis.api, intake, monotonic)
    secret = basis.storage.keyring.hash("webhook", settings.token)
    return Webhook(
        basis.api, intake, monotonic, basis.tasks, url=settings.webhook_url, secret=secret
    )


def ticker_of(basis: Basis, sender: Sender, intake: Intake) -> Scheduler:
    """The clock that ticks each half minute."""
    storage, options, exam = basis.storage, basis.options, basis.exam
    administrators = basis.services.administrators

    def synced_until() -> datetime | None:
        return intake.synced_until

    reminders = DeadlineReminders(storage, exam)
    return Scheduler(
        [
            OpeningNotices(storage, exam, synced_until),
            Expiry(storage, reminders, exam, basis.wall_clock, synced_until, administrators),
            AuditSealing(storage, exam, administrators),
        ],
        Cleanup(storage, basis.wall_clock, options.retention),
        sender,
        storage.units.refresh_staff,
        Clocks(basis.wall_clock, options.monotonic),
        options.tick_seconds,
        options.failpoint,
    )


def counter_of(basis: Basis, sender: Sender) -> DecisionApplier:
    """The clock at the counter."""
    storage, timings = basis.storage, basis.services.timings
    return DecisionApplier(
        storage,
        sender,
        StaffDigest(storage, basis.exam, timings.news),
        basis.exam,
        Clocks(basis.wall_clock, basis.options.monotonic),
        timings,
        basis.services.administrators,
        basis.options.failpoint,
    )


def listener_of(
    basis: Basis, door: socket.socket, source: UpdateSource, intake: Intake
) -> HttpServer:
    """What answers at the door: the source's routes, health and metrics."""
    health = Health(
        db=basis.storage.db,
        synced_until=lambda: intake.synced_until,
        metrics=basis.metrics,
        exam=basis.exam.key,
        wall_clock=basis.wall_clock,
        monotonic=basis.options.monotonic,
        tasks=basis.tasks,
        coming=basis.storage.inbox.on_their_way,
    )
    return HttpServer(door, [*source.routes, *health.routes])
