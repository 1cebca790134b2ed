"""The doctor checks an installation: one Finding a line, each with its remedy."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bot.api.client import ApiError, BotApi, Unreachable
from bot.core import exam_files
from bot.core.database import (
    DroppedCodes,
    check_codes,
    check_keys,
    check_not_emptied,
    check_schema,
    connect,
    has_database,
    read_keys,
)
from bot.core.exam_in_force import exam_in_force
from bot.core.failures import file_trouble
from bot.core.runtime import WallClock
from bot.core.settings import Refused, Settings
from bot.media.media_worker import MediaWorker, WorkerUnavailable
from bot.payments.keys import key_files, load_cashiers
from states.exam import BadExam
from states.texts import Argument, Text
from storage.engine import schema
from storage.engine.database import Database
from storage.updates import backlog

LOW_DISK = 1_000_000_000
"""Bytes: a day's log takes less; photos of 100,000 people take more."""

OTHERS = 0o077
OTHERS_ENTER = 0o011
"""Bits of a mode: the rights of group and others, and their right to enter a folder."""
MANY_WAITING = 100
"""Updates that wait at Telegram: a healthy bot leaves fewer there."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One checked thing: ``fine`` or not, and a sentence about it."""

    fine: bool
    text: Text


async def examine(settings: Settings) -> list[Finding]:
    """Check everything that stops a start or endangers data."""
    findings = [*_exam(settings), _disk(settings.folder), *_modes(settings), await _media()]
    findings += [finding async for finding in _data(settings)]
    if not settings.in_sandbox:
        findings += _payments(settings)
        findings += await _telegram(settings)
    return findings


def _exam(settings: Settings) -> list[Finding]:
    try:
        exam = exam_files.load(settings.exam)
    except BadExam as error:
        return [Finding(False, Text("doctor-exam-bad", {"reason": one})) for one in error.texts]
    if exam.sample and not settings.in_sandbox:
        return [Finding(False, Text("doctor-exam-sample", {"name": exam.name}))]
    return [Finding(True, Text("doctor-exam", {"name": exam.name}))]


def _payments(settings: Settings) -> list[Finding]:
    """Check the keys of payments, and that each area that takes the fee here can do so."""
    try:
        exam = exam_files.load(settings.exam)
        load_cashiers(settings, WallClock().now)
    except BadExam:
        return []  # the first finding names it
    except Refused as refused:
        return [Finding(False, refused.text)]
    connected = settings.connected_ways
    ways = ", ".join(sorted(connected))
    findings = [Finding(True, Text("doctor-ways", {"ways": ways}))] if ways else []
    if exam.sample:
        return findings  # the first finding says so
    here = exam.with_ways(connected)
    unused = [a.name for a, b in zip(exam.areas, here.areas, strict=True) if a.ways and not b.ways]
    sample = [area.name for area in here.areas if area.ways and area.fee.sample]
    if unused:
        findings.append(Finding(False, Text("doctor-ways-unused", {"areas": "、".join(unused)})))
    if sample:
        findings.append(Finding(False, Text("doctor-ways-sample", {"areas": "、".join(sample)})))
    return findings


def _disk(place: Path) -> Finding:
    existing = next(folder for folder in (place, *place.absolute().parents) if folder.exists())
    free = shutil.disk_usage(existing).free
    is_low = free <= LOW_DISK
    known = {"free": f"{free / 1e9:.1f}", "is-low": "yes" if is_low else "no"}
    return Finding(not is_low, Text("doctor-disk", known))


def _modes(settings: Settings) -> list[Finding]:
    """Check that no other account of this computer can read the data."""
    blobs = settings.blobs
    kept = [settings.folder, settings.keys_file, settings.database_file]
    kept += [blobs] if isinstance(blobs, Path) else []
    kept += key_files(settings)
    try:
        there = [one.absolute() for one in kept if one is not None and one.exists()]
        exposed = [str(one) for one in there if _is_exposed(one)]
    except OSError as error:
        return [Finding(False, file_trouble(error))]
    if exposed:
        return [Finding(False, Text("doctor-exposed", {"places": " ".join(exposed)}))]
    return [Finding(True, Text("doctor-private"))] if there else []


def _is_exposed(place: Path) -> bool:
    """Return whether others have rights there, and can enter every folder above."""
    can_enter = all(folder.stat().st_mode & OTHERS_ENTER for folder in place.parents)
    return bool(place.stat().st_mode & OTHERS) and can_enter


async def _media() -> Finding:
    """Check that the media worker starts; what stops it stands in its own output."""
    async with aclosing(MediaWorker()) as worker:
        try:
            await worker.start()
        except WorkerUnavailable as error:
            return Finding(False, Text("doctor-media-bad", {"reason": str(error)}))
    return Finding(True, Text("doctor-media"))


async def _data(settings: Settings) -> AsyncIterator[Finding]:
    try:
        is_new = not has_database(settings)
        if settings.secret_keys or settings.keys_file.exists():
            read_keys(settings)  # else the first start makes them
        if not settings.secret_keys and not settings.in_sandbox:
            yield Finding(False, Text("doctor-keys-beside", {"file": str(settings.keys_file)}))
        if is_new:
            yield Finding(True, Text("doctor-no-database", {"file": str(settings.database_file)}))
            return
        async with connect(settings.database) as db:
            if not db.is_sqlite:
                yield await _server(db)
            if not await schema.present(db):
                check_not_emptied(settings)
                yield Finding(True, Text("doctor-empty"))
                return
            yield Finding(True, await check_schema(db))
            keyring = await check_keys(db, settings)
            yield Finding(True, Text("doctor-keys"))
            await backlog.probe_write(db)
            yield Finding(True, Text("doctor-writable"))
            of_files = exam_files.load(settings.exam)
            async with db.read() as connection:
                exam = await exam_in_force(connection, keyring, of_files)
            await check_codes(db, exam)
            if exam != of_files:
                yield Finding(False, Text("doctor-exam-differs", {"setting": settings.exam}))
    except BadExam:
        return  # the first finding names it
    except DroppedCodes as dropped:
        yield Finding(False, Text("doctor-dropped-codes", dropped.text.args))
    except Refused as refused:
        yield Finding(False, refused.text)
    except OSError as error:
        yield Finding(False, file_trouble(error))


async def _server(db: Database) -> Finding:
    """Check that a commit outlives a loss of the server's power."""
    found = await schema.durability(db)
    unsafe = [name for name in ("fsync", "full_page_writes") if found[name] == "off"]
    if unsafe:
        return Finding(False, Text("doctor-server-unsafe", {"settings": ", ".join(unsafe)}))
    return Finding(True, Text("doctor-server", found))


async def _telegram(settings: Settings) -> list[Finding]:
    api = BotApi(
        settings.bot_token,
        settings.bot_api_url,
        settings.telegram_proxy or None,
        http_client=settings.http_client,
    )
    clock = WallClock()
    api.tell_time = clock.measure
    await api.initialize()
    try:
        me = await api.call("getMe")
        info = await api.call("getWebhookInfo")
    except (ApiError, Unreachable) as error:
        code = error.code if isinstance(error, ApiError) else 0
        known: dict[str, Argument] = {"reason": str(error), "code": code}
        return [Finding(False, Text("doctor-telegram-bad", known))]
    finally:
        await api.shutdown()
    found = Finding(True, Text("doctor-telegram", {"name": me["username"]}))
    return [found, *_clock(clock), *_delivery(settings, info)]


def _clock(clock: WallClock) -> Iterator[Finding]:
    """Name a clock that is not Telegram's: deadlines and reminders go by it."""
    if clock.is_wrong:
        minutes = f"{clock.lead / timedelta(minutes=1):+.0f}"
        yield Finding(False, Text("doctor-clock", {"minutes": minutes}))


def _delivery(settings: Settings, info: Mapping[str, Any]) -> Iterator[Finding]:
    """Check where Telegram delivers updates, and its last delivery error.

    https://core.telegram.org/bots/api#webhookinfo
    """
    present, waiting = str(info.get("url", "")), int(info.get("pending_update_count", 0))
    if present and not settings.webhook_url:
        yield Finding(False, Text("doctor-webhook-set", {"host": _host(present)}))
    elif present and present != settings.webhook_url:
        yield Finding(False, Text("doctor-webhook-other", {"host": _host(present)}))
    elif not present and settings.webhook_url:
        yield Finding(True, Text("doctor-webhook-missing"))  # the first start sets it
    if info.get("last_error_message"):
        at = datetime.fromtimestamp(info.get("last_error_date", 0), UTC)
        reason = str(info["last_error_message"])
        yield Finding(False, Text("doctor-webhook-error", {"reason": reason, "at": at}))
    yield Finding(waiting <= MANY_WAITING, Text("doctor-waiting", {"count": waiting}))


def _host(address: str) -> str:
    """Return the host alone: a path may be a secret."""
    return urlsplit(address).hostname or "?"
