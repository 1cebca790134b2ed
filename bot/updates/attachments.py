"""Attachments: the file of a message is downloaded, measured and stored before its step runs.

No transaction is open meanwhile. The bot downloads a file only if the person's state expects one,
and only within the person's quota (``bot.updates.upload_quota``).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog

from bot.api.client import TOO_LARGE, ApiError, BotApi, Unreachable
from bot.core.loops import Backoff, Failpoint, FailpointHook, MonotonicClock, no_failpoint
from bot.core.open_storage import Storage
from bot.media import photo, scan
from bot.media.pictures import UnreadablePicture
from bot.updates.upload_quota import UploadQuota
from handlers.registry import ROUTES
from handlers.routing import ExpectedFile
from handlers.update_context import Fetched, Picture, Scan
from states import state_groups
from states.exam import Exam, FileFormat
from states.photo import PhotoFacts
from states.records import IMAGE, PDF, PersonId
from states.state_groups import Staff
from states.texts import Problem
from storage.candidates.blobs import StoredFile
from storage.engine.database import Unavailable
from storage.updates import fsm
from storage.updates.fsm import candidate_key, staff_key
from storage.updates.inbox import ReceivedUpdate

DOWNLOAD_LIMIT = 20 * 1024 * 1024
"""Bytes that a bot may download: https://core.telegram.org/bots/api#getfile."""
ATTEMPTS = 3
"""The most attempts of one update, those that ended the process included."""
TRIES = 3
"""The most tries of one download."""
FIRST_RETRY = 1.0
LAST_RETRY = 2.0
"""Seconds before the last try."""

log = structlog.get_logger("attachments")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file in a message. ``compressed``: the client sent it as a photo and made it smaller."""

    file_id: str
    size: int
    compressed: bool


def attachment_of(raw: dict[str, Any]) -> Attachment | None:
    """Return the file of a new message, the largest size of a photo; None if it has none.

    No code has validated the update yet: a malformed file counts as none, and the step fails.
    """
    match raw.get("message"):
        case {"photo": [_, *_] as sizes}:
            largest = max(sizes, key=_pixels)
            return _attachment(largest, compressed=True)
        case {"document": document}:
            return _attachment(document, compressed=False)
    return None


def _pixels(size: object) -> int:
    match size:
        case {"width": int(width), "height": int(height)}:
            return width * height
    return 0


def _attachment(file: object, *, compressed: bool) -> Attachment | None:
    match file:
        case {"file_id": str(file_id), "file_size": int(size)}:
            return Attachment(file_id, size, compressed)
        case {"file_id": str(file_id)}:
            return Attachment(file_id, 0, compressed)
    return None


class AttemptsUsedUp(Exception):
    """Each attempt to prepare the update's file has ended the process."""


class Turns:
    """Files are prepared side by side, or one of them alone, in the order in which they come."""

    def __init__(self) -> None:
        self._order = asyncio.Lock()
        self._idle = asyncio.Event()
        self._idle.set()
        self._running = 0

    @asynccontextmanager
    async def take(self, *, alone: bool) -> AsyncIterator[None]:
        """Wait for a turn; it ends with the block."""
        async with self._order:
            if alone:
                await self._idle.wait()
                yield
                return
            self._running += 1
            self._idle.clear()
        try:
            yield
        finally:
            self._running -= 1
            if not self._running:
                self._idle.set()


class AttachmentFetcher:
    """Fetches the files that steps expect.

    The inbox counts an attempt before it begins, since a file may end the process. A file with an
    earlier attempt is prepared alone: it costs the others no attempt, and they cost it none.
    """

    def __init__(
        self,
        api: BotApi,
        storage: Storage,
        exam: Exam,
        monotonic: MonotonicClock,
        failpoint: FailpointHook = no_failpoint,
    ) -> None:
        self._api = api
        self._db = storage.db
        self._inbox = storage.inbox
        self._units = storage.units
        self._blobs = storage.blobs
        self._exam = exam
        self._monotonic = monotonic
        self._failpoint = failpoint
        self._quota = UploadQuota(storage.db, monotonic)
        self._turns = Turns()

    def expects_file(self, row: ReceivedUpdate) -> bool:
        """Return whether the update carries a file, expected or not."""
        return attachment_of(row.raw) is not None

    async def fetch(self, row: ReceivedUpdate, now: datetime) -> Fetched | None:
        """Return the message's stored file, or the reason why there is none.

        Returns:
            None if the person's state expects no file.

        Raises:
            Unavailable: the database or the store of the files cannot be reached.
            AttemptsUsedUp: the update has ended the process too often.
        """
        file, expected = attachment_of(row.raw), await self._expected(row)
        if file is None or expected is None:
            return None
        owner, kind = expected
        if file.size > DOWNLOAD_LIMIT:
            return _too_large()
        if refused := await self._quota.exceeded(owner):
            return refused
        async with self._turns.take(alone=row.attempts > 0):
            return await self._attempt(row, owner, kind, file, now)

    async def _attempt(
        self,
        row: ReceivedUpdate,
        owner: PersonId,
        kind: ExpectedFile,
        file: Attachment,
        now: datetime,
    ) -> Fetched:
        """Count an attempt, make it, and take the count back unless the update is at fault."""
        if row.attempts >= ATTEMPTS:
            raise AttemptsUsedUp(f"{row.attempts} attempts")
        await self._inbox.count_attempts(row, row.attempts + 1)
        try:
            fetched = await self._prepare(row, owner, kind, file, now)
        except (Unavailable, asyncio.CancelledError):
            await self._take_back(row)
            raise
        await self._take_back(row)
        self._quota.note(owner)
        if not isinstance(fetched, Problem):
            self._failpoint(Failpoint.FILE_FETCHED)
        return fetched

    async def _take_back(self, row: ReceivedUpdate) -> None:
        with suppress(Unavailable):  # one attempt fewer, then
            await self._inbox.count_attempts(row, row.attempts)

    async def _prepare(
        self,
        row: ReceivedUpdate,
        owner: PersonId,
        kind: ExpectedFile,
        file: Attachment,
        now: datetime,
    ) -> Fetched:
        await self._show_busy(row.queue_key)
        try:
            content = await self._download(file)
            store = self._store_picture if kind is ExpectedFile.PHOTO else self._store_scan
            return await store(owner, content, file, now)
        except UnreadablePicture as unreadable:
            return unreadable.reason
        except ApiError as error:
            is_large = error.code == TOO_LARGE or "too big" in error.description
            return _too_large() if is_large else _NOT_FETCHED[kind]
        except Unreachable:
            return _NOT_FETCHED[kind]

    async def _store_picture(
        self, owner: PersonId, content: bytes, file: Attachment, now: datetime
    ) -> Picture:
        """Store the photo as received, and the portrait if one can be made from it."""
        facts = await asyncio.to_thread(photo.measure, content)
        portrait = None
        if (made := await self._portrait(content, facts)) is not None:
            size = await asyncio.to_thread(photo.measure, made)
            portrait = await self._store(owner, "portrait", made, size, now)
        original = await self._store(owner, "original", content, facts, now)
        return Picture(original, portrait, facts, file.compressed)

    async def _store_scan(
        self, owner: PersonId, content: bytes, _file: Attachment, now: datetime
    ) -> Scan:
        """Store the scan; of a picture, an upright copy without the camera's metadata."""
        facts = await asyncio.to_thread(scan.measure, content)
        made = await asyncio.to_thread(scan.kept, content, facts)
        kind = PDF if facts.format is FileFormat.PDF else IMAGE
        # Each exam has its own copy: removing a scan from one exam leaves the other's.
        name = await self._blobs.put(owner, made, self._exam.key)
        return Scan(StoredFile(name, owner, kind, len(made), now), facts)

    async def _expected(self, row: ReceivedUpdate) -> tuple[PersonId, ExpectedFile] | None:
        """Return the person and the kind of file that their state expects; None for no file."""
        key = fsm.row_key(candidate_key(row.bot_id, row.queue_key))
        key_as_staff = fsm.row_key(staff_key(row.bot_id, row.queue_key))
        is_staff = row.queue_key in self._units.staff
        async with self._db.read_autocommit() as connection:
            records = await fsm.load(connection, [key, key_as_staff] if is_staff else [key])
            if is_staff:
                staff_state = state_groups.staff_state_of(records[key_as_staff].state)
                if staff_state is not Staff.idle:
                    return None  # the file answers an open staff question, and none takes a file
            routes = ROUTES[state_groups.state_of(records[key].state)]
            kind = next((r.expects_file for r in routes if r.expects_file is not None), None)
            if kind is None:
                return None
            person = (await self._units.records(connection, [row.queue_key]))[row.queue_key].person
        return (person.id, kind) if person else None

    async def _show_busy(self, chat_id: int) -> None:
        try:
            params = {"chat_id": chat_id, "action": "upload_photo"}
            await self._api.call("sendChatAction", params)
        except (ApiError, Unreachable) as error:
            log.info("the chat action failed", error=str(error))

    async def _download(self, file: Attachment) -> bytes:
        backoff = Backoff(FIRST_RETRY, LAST_RETRY)
        for tried in range(1, TRIES + 1):
            try:
                found = await self._api.call("getFile", {"file_id": file.file_id})
                return await self._api.download(found["file_path"], DOWNLOAD_LIMIT)
            except Unreachable:
                if tried == TRIES:
                    raise
                await self._monotonic.sleep(backoff.next())
        raise AssertionError("unreachable: the last try returns or raises")

    async def _portrait(self, content: bytes, facts: PhotoFacts) -> bytes | None:
        """Return the portrait; None if the photo is too small to make one without enlarging."""
        rule = self._exam.photo
        if facts.width < rule.min_width or facts.height < rule.min_height:
            return None
        return await asyncio.to_thread(photo.portrait, content, rule)

    async def _store(
        self, owner: PersonId, kind: str, content: bytes, facts: PhotoFacts, now: datetime
    ) -> StoredFile:
        name = await self._blobs.put(owner, content)
        return StoredFile(name, owner, kind, len(content), now, facts.width, facts.height)


def _too_large() -> Problem:
    return Problem("problem-file-large", {"limit": DOWNLOAD_LIMIT // 1024 // 1024})


_NOT_FETCHED = {
    ExpectedFile.PHOTO: Problem("photo-not-fetched"),
    ExpectedFile.SCAN: Problem("scan-not-fetched"),
}
