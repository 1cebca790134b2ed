"""The parts of a bot, made of what it has. Nothing is begun here: ``bot.app`` does that."""

from __future__ import annotations

import socket
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.arrows import Passing, undisturbed
from bot.client import BotApi
from bot.dispatch import Dispatcher, Runtime
from bot.forfeiting import Forfeiting
from bot.health import Health
from bot.intake import Intake, Source
from bot.limits import Limits
from bot.listener import Listener
from bot.metrics import Metrics
from bot.polling import Poller
from bot.prepare import Preparer
from bot.pump import BATCH, Pump
from bot.render import Renderer
from bot.sealing import Sealing
from bot.sender import Sender, Toasts
from bot.settings import SANDBOX_ADMINISTRATOR, Settings
from bot.settling import Settling
from bot.stores import Stores
from bot.tasks import Tasks
from bot.ticker import Retention, Ticker
from bot.times import Calendar, Machine
from bot.usual_times import UsualTimes
from bot.webhook import Webhook
from bot.words import Words
from handlers.context import Office
from handlers.registry import ANYWHERE, SCREENS, STAFF_COMMANDS, STAFF_SCREENS
from states.exam import Exam
from storage.chain import Chain
from storage.look import Looks


@dataclass(frozen=True, slots=True)
class Options:
    """What tests and measurements set otherwise."""

    batch: int = BATCH
    pacing: bool = True
    passing: Passing = undisturbed
    machine: Machine = field(default_factory=Machine)
    retention: Retention = field(default_factory=Retention)


@dataclass(frozen=True, slots=True)
class Basis:
    """What all parts of one bot are made from."""

    settings: Settings
    exam: Exam
    options: Options
    stores: Stores
    api: BotApi
    application: Runtime
    metrics: Metrics
    tasks: Tasks
    calendar: Calendar
    words: Words
    usual: UsualTimes
    office: Office


def office_of(
    settings: Settings, exam: Exam, stores: Stores, calendar: Calendar, usual: UsualTimes
) -> Office:
    """What every step may use; in the sandbox one of its people is an administrator."""
    own = {SANDBOX_ADMINISTRATOR} if settings.in_sandbox else set()
    return Office(
        exam=exam,
        keyring=stores.keyring,
        administrators=settings.administrators | own,
        clock_offset=lambda: calendar.offset,
        clock_moves=settings.in_sandbox,
        pace=settings.pace,
        usual=usual.of,
        invites_last=timedelta(hours=settings.invite_hours),
    )


def looks_of(basis: Basis) -> Looks:
    """What screens of the staff are drawn from, when they are asked and when they are sent."""
    return Looks(
        basis.stores.db,
        basis.stores.keyring,
        basis.exam,
        basis.stores.bot_id,
        bot=basis.application.bot.username,
        administrators=basis.office.administrators,
        pace=basis.office.pace,
    )


def sender_of(basis: Basis, looks: Looks) -> Sender:
    """The sender, and in it the renderer."""
    stores = basis.stores
    return Sender(
        basis.api,
        stores.outbox,
        Renderer(
            basis.words, basis.exam, stores.blobs, SCREENS, stores.dossier, STAFF_SCREENS, looks
        ),
        stores.records,
        Limits(pacing=basis.options.pacing),
        basis.calendar,
        basis.options.machine,
        basis.tasks,
        basis.options.passing,
        basis.metrics,
    )


def pump_of(basis: Basis, sender: Sender, looks: Looks) -> Pump:
    """The pump, with what it hands an update to."""
    machine = basis.options.machine
    return Pump(
        db=basis.stores.db,
        inbox=basis.stores.inbox,
        work=basis.stores.work,
        dispatcher=_dispatcher(basis, looks),
        preparer=_preparer(basis),
        sender=sender,
        toasts=Toasts(basis.api, machine, basis.tasks, basis.metrics),
        words=basis.words,
        calendar=basis.calendar,
        machine=machine,
        tasks=basis.tasks,
        administrators=basis.office.administrators,
        batch=basis.options.batch,
        passing=basis.options.passing,
        metrics=basis.metrics,
    )


def _dispatcher(basis: Basis, looks: Looks) -> Dispatcher:
    return Dispatcher(
        basis.application,
        basis.office,
        basis.words,
        SCREENS,
        ANYWHERE,
        STAFF_SCREENS,
        STAFF_COMMANDS,
        looks,
    )


def _preparer(basis: Basis) -> Preparer:
    stores, options = basis.stores, basis.options
    return Preparer(
        basis.api,
        stores.db,
        stores.work,
        stores.blobs,
        basis.exam,
        options.machine,
        options.passing,
    )


def intake_of(basis: Basis, pump: Pump, heard: datetime | None) -> Intake:
    """The intake; its time is the real one, for it is Telegram's updates that may be missed."""
    return Intake(
        basis.stores.inbox,
        basis.stores.bot_id,
        pump.keep,
        now=Calendar().now,
        heard=heard,
        passing=basis.options.passing,
        metrics=basis.metrics,
    )


def source_of(basis: Basis, intake: Intake) -> Source:
    """What the settings say: we are called, or we ask."""
    settings, machine = basis.settings, basis.options.machine
    if not settings.webhook_url:
        return Poller(basis.api, intake, machine)
    secret = basis.stores.keyring.hash("webhook", settings.token)
    return Webhook(basis.api, intake, machine, basis.tasks, url=settings.webhook_url, secret=secret)


def ticker_of(basis: Basis, sender: Sender, intake: Intake) -> Ticker:
    """The clock that ticks each half minute."""
    stores, options = basis.stores, basis.options
    return Ticker(
        db=stores.db,
        keyring=stores.keyring,
        inbox=stores.inbox,
        outbox=stores.outbox,
        blobs=stores.blobs,
        sender=sender,
        forfeiting=_forfeiting(basis, intake),
        sealing=_sealing(basis),
        exam=basis.exam,
        calendar=basis.calendar,
        machine=options.machine,
        heard=lambda: intake.heard,
        learn_roster=stores.work.learn_roster,
        passing=options.passing,
        retention=options.retention,
    )


def _forfeiting(basis: Basis, intake: Intake) -> Forfeiting:
    return Forfeiting(
        db=basis.stores.db,
        keyring=basis.stores.keyring,
        inbox=basis.stores.inbox,
        outbox=basis.stores.outbox,
        exam=basis.exam,
        calendar=basis.calendar,
        heard=lambda: intake.heard,
        bot_id=basis.stores.bot_id,
        administrators=basis.office.administrators,
    )


def _sealing(basis: Basis) -> Sealing:
    return Sealing(
        db=basis.stores.db,
        chain=Chain(basis.stores.db, basis.stores.keyring),
        inbox=basis.stores.inbox,
        outbox=basis.stores.outbox,
        exam=basis.exam,
        bot_id=basis.stores.bot_id,
        administrators=basis.office.administrators,
    )


def counter_of(basis: Basis, sender: Sender) -> Settling:
    """The clock at the counter."""
    return Settling(
        db=basis.stores.db,
        keyring=basis.stores.keyring,
        inbox=basis.stores.inbox,
        outbox=basis.stores.outbox,
        sender=sender,
        exam=basis.exam,
        bot_id=basis.stores.bot_id,
        calendar=basis.calendar,
        machine=basis.options.machine,
        pace=basis.office.pace,
        administrators=basis.office.administrators,
        passing=basis.options.passing,
    )


def listener_of(basis: Basis, door: socket.socket, source: Source, intake: Intake) -> Listener:
    """What answers at the door: the source's routes, health and metrics."""
    health = Health(
        db=basis.stores.db,
        heard=lambda: intake.heard,
        metrics=basis.metrics,
        exam=basis.exam.key,
        calendar=basis.calendar,
        machine=basis.options.machine,
        tasks=basis.tasks,
        coming=basis.stores.inbox.on_their_way,
    )
    return Listener(door, [*source.routes, *health.routes])
