"""Attachments: the file of a message is downloaded, measured and stored before its step runs.

No transaction is open meanwhile. The bot downloads a file only if the person's state expects one,
and only within the person's quota (``bot.updates.upload_quota``).
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog

from bot.api.client import TOO_LARGE, ApiError, BotApi, Unreachable
from bot.core.open_storage import Storage
from bot.core.runtime import Backoff, Failpoint, FailpointHook, MonotonicClock, no_failpoint
from bot.media.file_formats import format_of
from bot.media.job_wire import PreparedScan
from bot.media.media_worker import MediaWorker
from bot.media.places import Places
from bot.media.unreadable import UnreadablePicture
from bot.updates.upload_quota import UploadQuota
from handlers.registry import ROUTES, STAFF_ROUTES
from handlers.routing import ExpectedFile, Route
from handlers.update_context import Fetched, JudgedPortrait, Picture, ReadCodes, Scan
from states import fsm_states
from states.changes import late_changes
from states.exam import Exam, FileFormat, Material
from states.fsm_states import Staff, State
from states.materials import check_size
from states.papers.checks import is_same_page
from states.photo import PhotoFacts
from states.records import IMAGE, PDF, TURNED, PersonId, Records
from states.texts import Problem
from storage.candidates import blobs, papers
from storage.candidates.blobs import StoredFile
from storage.candidates.papers import PaperJudgement
from storage.engine.database import Unavailable
from storage.updates import fsm
from storage.updates.fsm import candidate_key, staff_key
from storage.updates.inbox import ReceivedUpdate

DOWNLOAD_LIMIT = 20 * 1024 * 1024
"""Bytes that a bot may download: https://core.telegram.org/bots/api#getfile."""
FILES = 6
"""Files that lie in memory at a time, being downloaded, prepared or stored; further ones wait."""
MOST_OFFERED = 6
"""Turned copies of earlier pages that a person may still choose; older ones are dropped."""
ATTEMPTS = 3
"""The most attempts of one update, those that ended the process included."""
TRIES = 3
"""The most tries of one download."""
FIRST_RETRY = 1.0
LAST_RETRY = 2.0
"""Seconds before the last try."""
LONGEST_ASKED = 60.0
"""The most seconds that a file waits for the end of a 429."""

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
        case {"chat": {"type": str(kind)}} if kind != "private":
            return None  # a picture in a group is nobody's answer
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


@dataclass(frozen=True, slots=True)
class Expected:
    """The file that a person's state expects: its owner, its kind, the material of a scan.

    ``material`` is the most generous one while the person has not chosen yet.
    """

    owner: PersonId
    kind: ExpectedFile
    material: Material | None


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
        media: MediaWorker,
        monotonic: MonotonicClock,
        failpoint: FailpointHook = no_failpoint,
    ) -> None:
        self._api = api
        self._db = storage.db
        self._inbox = storage.inbox
        self._units = storage.units
        self._blobs = storage.blobs
        self._keyring = storage.keyring
        self._exam = exam
        self._media = media
        self._monotonic = monotonic
        self._failpoint = failpoint
        self._quota = UploadQuota(storage.db, monotonic)
        self._places = Places(FILES)

    def has_file(self, row: ReceivedUpdate) -> bool:
        """Return whether the update has a file, whether a step expects one or not."""
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
        if file.size > DOWNLOAD_LIMIT:
            return _too_large()
        if refused := await self._quota.exceeded(expected.owner):
            return refused
        async with self._places.take(alone=row.attempts > 0):
            return await self._attempt(row, expected, file, now)

    async def _attempt(
        self,
        row: ReceivedUpdate,
        expected: Expected,
        file: Attachment,
        now: datetime,
    ) -> Fetched:
        """Count an attempt and make it; take the count back if storage or a stop ended it.

        The commit of the update's effect ends a count that stays. A file whose earlier attempt
        ended the process, and which is prepared now, was not the reason: it costs no further
        attempt, however often the process ends before the commit.
        """
        if row.attempts >= ATTEMPTS:
            raise AttemptsUsedUp(f"{row.attempts} attempts")
        await self._inbox.count_attempts(row, row.attempts + 1)
        try:
            fetched = await self._prepare(row, expected, file, now)
        except (Unavailable, asyncio.CancelledError):
            await self._take_back(row)
            raise
        if row.attempts:
            await self._take_back(row)
        self._quota.note(expected.owner)
        if not isinstance(fetched, Problem):
            self._failpoint(Failpoint.FILE_FETCHED)
        return fetched

    async def _take_back(self, row: ReceivedUpdate) -> None:
        """Forget the running attempt, unless storage is gone: then there is one fewer."""
        with suppress(Unavailable):
            await self._inbox.count_attempts(row, row.attempts)

    async def _prepare(
        self,
        row: ReceivedUpdate,
        expected: Expected,
        file: Attachment,
        now: datetime,
    ) -> Fetched:
        await self._show_busy(row.queue_key)
        try:
            content = await self._download(file)
            if expected.kind is ExpectedFile.CODE:
                return await self._read_codes(content)
            store = self._store_picture if expected.kind is ExpectedFile.PHOTO else self._store_scan
            return await store(expected, content, file, now)
        except UnreadablePicture as unreadable:
            return unreadable.reason
        except ApiError as error:
            is_large = error.code == TOO_LARGE or "too big" in error.description
            return _too_large() if is_large else _NOT_FETCHED[expected.kind]
        except Unreachable:
            return _NOT_FETCHED[expected.kind]

    async def _read_codes(self, content: bytes) -> ReadCodes:
        """Read the QR codes; a file that nobody can read has none."""
        try:
            return ReadCodes(await self._media.codes(content))
        except UnreadablePicture:
            return ReadCodes()

    async def _store_picture(
        self, expected: Expected, content: bytes, file: Attachment, now: datetime
    ) -> Picture:
        """Store the photo as received, its portrait if it keeps the rule, and a mended one."""
        made = await self._media.photo(content, self._exam.photo)
        owner, portrait, mended = expected.owner, None, None
        if made.portrait is not None:
            jpeg = made.portrait_content
            portrait = await self._store(owner, "portrait", jpeg, made.portrait, now)
        if made.mended is not None:
            better = made.mended
            kept = await self._store(owner, "portrait", made.mended_content, better.facts, now)
            mended = JudgedPortrait(kept, better.measures, better.fingerprint)
        original = await self._store(owner, "original", content, made.photo, now)
        measured = (made.measures, made.fingerprint, mended)
        return Picture(original, portrait, made.photo, file.compressed, *measured)

    async def _store_scan(
        self, expected: Expected, content: bytes, _file: Attachment, now: datetime
    ) -> Scan:
        """Store the scan, judged; of a picture, an upright copy without the camera's metadata.

        Raises:
            UnreadablePicture: it is too large, which needs no look into it, or cannot be taken.
        """
        if expected.material is not None:
            is_pdf = format_of(content) == FileFormat.PDF
            too_large = check_size(len(content), expected.material, is_pdf=is_pdf)
            if too_large is not None:
                raise UnreadablePicture(too_large)
        made = await self._media.scan(content, self._exam.papers)
        kind = PDF if made.facts.format is FileFormat.PDF else IMAGE
        # Each use has its own copy: removing a scan from one leaves the others'.
        use = f"{self._exam.key} paper" if expected.kind is ExpectedFile.PAPER else self._exam.key
        name = await self._blobs.put(expected.owner, made.own_content, use)
        kept = StoredFile(name, expected.owner, kind, len(made.own_content), now)
        turned = tuple(
            [
                StoredFile(
                    await self._blobs.put(expected.owner, one, use),
                    expected.owner,
                    TURNED,
                    len(one),
                    now,
                )
                for one in made.turned_contents
            ]
        )
        async with self._db.read_autocommit() as connection:
            known = await papers.of_person(connection, self._keyring, expected.owner)
            files = await blobs.of_person(connection, expected.owner)
        fresh = {one.name for one in turned}
        offered = [f.name for f in files if f.kind == TURNED and f.name not in fresh]
        untaken = tuple(offered[:-MOST_OFFERED])
        return Scan(kept, made.facts, made.pages, turned, untaken, self._alike(kept, made, known))

    def _alike(
        self, kept: StoredFile, made: PreparedScan, known: Mapping[str, PaperJudgement]
    ) -> tuple[str, ...]:
        """Return the owner's other files that show a page of this one."""
        return tuple(
            blob
            for blob, judgement in known.items()
            if blob != kept.name
            and any(
                is_same_page(one.fingerprint, page.fingerprint, self._exam.papers)
                for one in judgement.pages
                for page in made.pages
            )
        )

    async def _expected(self, row: ReceivedUpdate) -> Expected | None:
        """Return the file that the person's state expects; None for no file."""
        key = fsm.row_key(candidate_key(row.bot_id, row.queue_key))
        key_as_staff = fsm.row_key(staff_key(row.bot_id, row.queue_key))
        is_staff = row.queue_key in self._units.staff
        async with self._db.read_autocommit() as connection:
            records = await fsm.load(connection, [key, key_as_staff] if is_staff else [key])
            if is_staff:
                staff_state = fsm_states.staff_state_of(records[key_as_staff].state)
                if staff_state is not Staff.idle:  # the file answers the open staff question
                    return _of_staff(row, staff_state)
            kind = _kind(ROUTES[fsm_states.state_of(records[key].state)])
            found = (await self._units.records(connection, [row.queue_key]))[row.queue_key]
        if found.person is None:
            return _of_staff(row, Staff.idle) if is_staff else None
        if kind is None:
            return None
        if kind is ExpectedFile.PAPER:
            area = found.application.area if found.application else ""
            papers = late_changes.papers_of(self._exam.late_changes_in(area))
            return Expected(found.person.id, kind, papers)
        return Expected(
            found.person.id, kind, self._material(found, records[key].data.get("material"))
        )

    def _material(self, records: Records, code: object) -> Material | None:
        """Return the material of this code in the person's area, else the most generous one."""
        area = self._exam.area(records.application.area) if records.application else None
        asked = area.materials if area else ()
        most = max(asked, key=lambda one: one.max_kb, default=None)
        return next((one for one in asked if one.code == code), most)

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
            except (ApiError, Unreachable) as error:
                asked = _seconds_asked(error)
                if tried == TRIES or asked is None or asked > LONGEST_ASKED:
                    raise
                await self._monotonic.sleep(backoff.next(asked))
        raise AssertionError("unreachable: the last try returns or raises")

    async def _store(
        self, owner: PersonId, kind: str, content: bytes, facts: PhotoFacts, now: datetime
    ) -> StoredFile:
        name = await self._blobs.put(owner, content)
        return StoredFile(name, owner, kind, len(content), now, facts.width, facts.height)


def _seconds_asked(error: ApiError | Unreachable) -> float | None:
    """Return how long Telegram asks to wait before the next try; None if it helps nothing."""
    if isinstance(error, Unreachable):
        return 0.0
    return error.retry_after or 0.0 if error.code == 429 else None


def _kind(routes: Sequence[Route]) -> ExpectedFile | None:
    return next((one.expects_file for one in routes if one.expects_file is not None), None)


def _of_staff(row: ReceivedUpdate, state: State) -> Expected | None:
    """Return what a state of the staff expects; the quota counts an account by its negative id."""
    kind = _kind(STAFF_ROUTES[state])
    return None if kind is None else Expected(PersonId(-row.queue_key), kind, None)


def _too_large() -> Problem:
    return Problem("problem-file-large", {"limit": DOWNLOAD_LIMIT // 1024 // 1024})


_NOT_FETCHED = {
    ExpectedFile.PHOTO: Problem("photo-not-fetched"),
    ExpectedFile.SCAN: Problem("scan-not-fetched"),
    ExpectedFile.PAPER: Problem("scan-not-fetched"),
    ExpectedFile.CODE: Problem("scan-not-fetched"),
}
