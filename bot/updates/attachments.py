"""Before a step runs: the file that it asks for is fetched, kept and measured.

All outside any transaction. A file is fetched only where the person's state asks for one;
everywhere else it is left alone. Nobody can fill the store or keep us busy: what one person may
send is bounded, in all and by the hour.
"""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog

from bot.api.client import TOO_LARGE, ApiError, BotApi, Unreachable
from bot.core.backoff import Backoff
from bot.core.clocks import MonotonicClock
from bot.core.failpoints import Failpoint, FailpointHook, no_failpoint
from bot.media import photo, scan
from bot.media.pictures import UnreadablePicture
from handlers.registry import ROUTES
from handlers.routing import ExpectedFile
from handlers.update_context import Fetched, Picture, Scan
from states import state_groups
from states.exam import Exam, FileFormat
from states.photo import PhotoFacts
from states.records import IMAGE, PDF, PersonId
from states.state_groups import Staff
from states.texts import Problem
from storage.candidates import blobs
from storage.candidates.blobs import Blobs, StoredFile
from storage.engine.database import Database
from storage.updates import fsm
from storage.updates.inbox import ReceivedUpdate
from storage.updates.unit_of_work import UnitOfWorkStore, candidate_key, staff_key

DOWNLOAD_LIMIT = 20 * 1024 * 1024
"""Bytes that bots may download: https://core.telegram.org/bots/api#getfile."""
TRIES = 3
FIRST_RETRY = 1.0
LAST_RETRY = 2.0
"""Seconds before the last of the tries."""
MOST_BYTES = 200 * 1024 * 1024
"""Bytes of all files that are kept of a person: far more than any area asks for."""
MOST_AN_HOUR = 60
"""Files that are fetched of a person in an hour, refused ones too."""
HOUR = 3600.0
"""Seconds."""

log = structlog.get_logger("prepare")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file in a message. ``compressed``: sent as a picture, which the messenger makes smaller."""

    file_id: str
    size: int
    compressed: bool


def attachment_of(raw: dict[str, Any]) -> Attachment | None:
    """The file of a new message, the largest size of a picture; None for anything else."""
    message = raw.get("message") or {}
    if message.get("photo"):
        largest = max(message["photo"], key=lambda size: size["width"] * size["height"])
        return Attachment(largest["file_id"], largest.get("file_size", 0), compressed=True)
    if message.get("document"):
        document = message["document"]
        return Attachment(document["file_id"], document.get("file_size", 0), compressed=False)
    return None


class HourlyQuota:
    """How many files were fetched of whom in the hour before now; a restart begins anew."""

    def __init__(self) -> None:
        self._fetched: deque[tuple[float, PersonId]] = deque()
        self._counts: Counter[PersonId] = Counter()

    def note(self, owner: PersonId, now: float) -> None:
        """A file of this person is being fetched."""
        self._fetched.append((now, owner))
        self._counts[owner] += 1

    def count(self, owner: PersonId, now: float) -> int:
        """Files of this person; whatever is older is forgotten, whosever it was."""
        while self._fetched and now - self._fetched[0][0] > HOUR:
            _, forgotten = self._fetched.popleft()
            self._counts[forgotten] -= 1
            if not self._counts[forgotten]:
                del self._counts[forgotten]
        return self._counts[owner]

    @property
    def remembered(self) -> int:
        """How many people take memory."""
        return len(self._counts)


class AttachmentFetcher:
    """Fetches files for the steps that ask for them."""

    def __init__(
        self,
        api: BotApi,
        db: Database,
        work: UnitOfWorkStore,
        blobs: Blobs,
        exam: Exam,
        monotonic: MonotonicClock,
        failpoint: FailpointHook = no_failpoint,
    ) -> None:
        self._api = api
        self._db = db
        self._work = work
        self._blobs = blobs
        self._exam = exam
        self._monotonic = monotonic
        self._failpoint = failpoint
        self._quota = HourlyQuota()

    def expects_file(self, row: ReceivedUpdate) -> bool:
        """Whether the update carries a file at all."""
        return attachment_of(row.raw) is not None

    async def fetch(self, row: ReceivedUpdate, now: datetime) -> Fetched | None:
        """The message's file; why there is none; or None where none is asked for.

        Raises:
            Unavailable: the database is gone.
        """
        file, asked = attachment_of(row.raw), await self._who_is_asked(row)
        if file is None or asked is None:
            return None
        owner, wanted = asked
        if file.size > DOWNLOAD_LIMIT:
            return _too_large()
        if refused := await self._over_quota(owner):
            return refused
        await self._show_busy(row.queue_key)
        try:
            content = await self._download(file)
            made = self._picture if wanted is ExpectedFile.PHOTO else self._scan
            kept: Fetched = await made(owner, content, file, now)
        except UnreadablePicture as unreadable:
            return unreadable.reason
        except ApiError as error:
            is_large = error.code == TOO_LARGE or "too big" in error.description
            return _too_large() if is_large else _NOT_FETCHED[wanted]
        except Unreachable:
            return _NOT_FETCHED[wanted]
        self._failpoint(Failpoint.FILE_FETCHED)
        return kept

    async def _picture(
        self, owner: PersonId, content: bytes, file: Attachment, now: datetime
    ) -> Picture:
        """The photo as it came, and the portrait that can be made of it."""
        facts = await asyncio.to_thread(photo.measure, content)
        portrait = await self._portrait(content, facts)
        made = None
        if portrait is not None:
            size = await asyncio.to_thread(photo.measure, portrait)
            made = await self._keep(owner, "portrait", portrait, size, now)
        original = await self._keep(owner, "original", content, facts, now)
        return Picture(original, made, facts, file.compressed)

    async def _scan(
        self, owner: PersonId, content: bytes, _file: Attachment, now: datetime
    ) -> Scan:
        """The paper as it is kept: a picture upright and without what the camera wrote in it."""
        facts = await asyncio.to_thread(scan.measure, content)
        made = await asyncio.to_thread(scan.kept, content, facts)
        kind = PDF if facts.format is FileFormat.PDF else IMAGE
        # Of each exam its own: a paper that is removed from one must not be missing in another.
        name = await self._blobs.put(owner, made, self._exam.key)
        return Scan(StoredFile(name, owner, kind, len(made), now), facts)

    async def _who_is_asked(self, row: ReceivedUpdate) -> tuple[PersonId, ExpectedFile] | None:
        """The person, and what a step of their state wants a file for; None where none does."""
        key = fsm.row_key(candidate_key(row.bot_id, row.queue_key))
        other = fsm.row_key(staff_key(row.bot_id, row.queue_key))
        is_of_staff = row.queue_key in self._work.staff
        async with self._db.read_autocommit() as connection:
            records = await fsm.load(connection, [key, other] if is_of_staff else [key])
            if is_of_staff and state_groups.staff_state_of(records[other].state) is not Staff.idle:
                return None  # sent to that question, and none of the staff's takes a file
            routes = ROUTES[state_groups.state_of(records[key].state)]
            wanted = next(
                (route.expects_file for route in routes if route.expects_file is not None), None
            )
            if wanted is None:
                return None
            person = (await self._work.records(connection, [row.queue_key]))[row.queue_key].person
        return (person.id, wanted) if person else None

    async def _over_quota(self, owner: PersonId) -> Problem | None:
        """Why this person may send nothing more, for now or at all."""
        now = self._monotonic.now()
        if self._quota.count(owner, now) >= MOST_AN_HOUR:
            return Problem("problem-files-hour", {"limit": MOST_AN_HOUR})
        async with self._db.read_autocommit() as connection:
            weight = await blobs.weight(connection, owner)
        if weight >= MOST_BYTES:
            return Problem("problem-files-weight", {"limit": MOST_BYTES // 1024 // 1024})
        self._quota.note(owner, now)
        return None

    async def _show_busy(self, chat_id: int) -> None:
        try:
            params = {"chat_id": chat_id, "action": "upload_photo"}
            await self._api.call("sendChatAction", params)
        except (ApiError, Unreachable) as error:
            log.info("the busy sign was lost", error=str(error))

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
        """The portrait, where the picture is large enough to make one without enlarging."""
        rule = self._exam.photo
        if facts.width < rule.min_width or facts.height < rule.min_height:
            return None
        return await asyncio.to_thread(photo.portrait, content, rule)

    async def _keep(
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
