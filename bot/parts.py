"""The parts of a bot, made of what it has. Nothing is begun here: ``bot.app`` does that."""

from __future__ import annotations

import socket
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.api.client import BotApi
from bot.api.rate_limits import RateLimits
from bot.core.background_tasks import BackgroundTasks
from bot.core.clocks import MonotonicClock, WallClock
from bot.core.failpoints import FailpointHook, no_failpoint
from bot.core.metrics import Metrics
from bot.core.open_storage import Storage
from bot.core.settings import SANDBOX_ADMINISTRATOR, Settings
from bot.delivery.i18n import Translations
from bot.delivery.renderer import Renderer
from bot.delivery.sender import CallbackAnswers, Sender
from bot.ops.health import Health
from bot.ops.http_server import HttpServer
from bot.scheduler.audit_seal import AuditSealing
from bot.scheduler.decisions import DecisionApplier
from bot.scheduler.expiry import Expiry
from bot.scheduler.scheduler import Retention, Scheduler
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
from storage.audit.chain import Chain
from storage.staff.staff_view import StaffViews


@dataclass(frozen=True, slots=True)
class Options:
    """What tests and measurements set otherwise."""

    batch: int = BATCH
    pacing: bool = True
    failpoint: FailpointHook = no_failpoint
    monotonic: MonotonicClock = field(default_factory=MonotonicClock)
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
    stores = basis.storage
    return Sender(
        basis.api,
        stores.outbox,
        Renderer(
            basis.translations,
            basis.exam,
            stores.blobs,
            SCREENS,
            stores.data_export,
            STAFF_SCREENS,
            staff_views,
        ),
        stores.records,
        RateLimits(pacing=basis.options.pacing),
        basis.wall_clock,
        basis.options.monotonic,
        basis.tasks,
        basis.options.failpoint,
        basis.metrics,
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
    stores, options = basis.storage, basis.options
    return Scheduler(
        db=stores.db,
        keyring=stores.keyring,
        inbox=stores.inbox,
        outbox=stores.outbox,
        blobs=stores.blobs,
        sender=sender,
        forfeiting=_forfeiting(basis, intake),
        sealing=_sealing(basis),
        exam=basis.exam,
        wall_clock=basis.wall_clock,
        monotonic=options.monotonic,
        heard=lambda: intake.synced_until,
        refresh_staff=stores.units.refresh_staff,
        failpoint=options.failpoint,
        retention=options.retention,
    )


def _forfeiting(basis: Basis, intake: Intake) -> Expiry:
    return Expiry(
        db=basis.storage.db,
        keyring=basis.storage.keyring,
        inbox=basis.storage.inbox,
        outbox=basis.storage.outbox,
        exam=basis.exam,
        wall_clock=basis.wall_clock,
        synced_until=lambda: intake.synced_until,
        bot_id=basis.storage.bot_id,
        administrators=basis.services.administrators,
    )


def _sealing(basis: Basis) -> AuditSealing:
    return AuditSealing(
        db=basis.storage.db,
        chain=Chain(basis.storage.db, basis.storage.keyring),
        inbox=basis.storage.inbox,
        outbox=basis.storage.outbox,
        exam=basis.exam,
        bot_id=basis.storage.bot_id,
        administrators=basis.services.administrators,
    )


def counter_of(basis: Basis, sender: Sender) -> DecisionApplier:
    """The clock at the counter."""
    return DecisionApplier(
        db=basis.storage.db,
        keyring=basis.storage.keyring,
        inbox=basis.storage.inbox,
        outbox=basis.storage.outbox,
        sender=sender,
        exam=basis.exam,
        bot_id=basis.storage.bot_id,
        wall_clock=basis.wall_clock,
        monotonic=basis.options.monotonic,
        timings=basis.services.timings,
        administrators=basis.services.administrators,
        failpoint=basis.options.failpoint,
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
        coming=basis.storage.inbox.uncommitted_since,
    )
    return HttpServer(door, [*source.routes, *health.routes])
