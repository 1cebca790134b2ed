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

from bot.arrows import Arrow, Passing, undisturbed
from bot.backoff import Backoff
from bot.client import TOO_LARGE, ApiError, BotApi, Unreachable
from bot.media import photo, scan
from bot.media.pictures import Unreadable
from bot.times import Machine
from handlers.context import Fetched, Picture, Scan
from handlers.registry import ROUTES
from handlers.route import Wanted
from states import groups
from states.exam import Exam, FileFormat
from states.groups import Staff
from states.photo import PhotoFacts
from states.records import IMAGE, PDF, PersonId
from states.texts import Problem
from storage import blobs, fsm
from storage.blobs import Blobs, Kept
from storage.db import Database
from storage.inbox import Received
from storage.unit import Work, candidate_key, staff_key

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
class Attached:
    """A file in a message. ``compressed``: sent as a picture, which the messenger makes smaller."""

    file_id: str
    size: int
    compressed: bool


def attached(raw: dict[str, Any]) -> Attached | None:
    """The file of a new message, the largest size of a picture; None for anything else."""
    message = raw.get("message") or {}
    if message.get("photo"):
        largest = max(message["photo"], key=lambda size: size["width"] * size["height"])
        return Attached(largest["file_id"], largest.get("file_size", 0), compressed=True)
    if message.get("document"):
        document = message["document"]
        return Attached(document["file_id"], document.get("file_size", 0), compressed=False)
    return None


class LastHour:
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


class Preparer:
    """Fetches files for the steps that ask for them."""

    def __init__(
        self,
        api: BotApi,
        db: Database,
        work: Work,
        blobs: Blobs,
        exam: Exam,
        machine: Machine,
        passing: Passing = undisturbed,
    ) -> None:
        self._api = api
        self._db = db
        self._work = work
        self._blobs = blobs
        self._exam = exam
        self._machine = machine
        self._passing = passing
        self._last_hour = LastHour()

    def concerns(self, row: Received) -> bool:
        """Whether the update carries a file at all."""
        return attached(row.raw) is not None

    async def prepare(self, row: Received, now: datetime) -> Fetched | None:
        """The message's file; why there is none; or None where none is asked for.

        Raises:
            Unavailable: the database is gone.
        """
        file, asked = attached(row.raw), await self._who_is_asked(row)
        if file is None or asked is None:
            return None
        owner, wanted = asked
        if file.size > DOWNLOAD_LIMIT:
            return _too_large()
        if refused := await self._over_quota(owner):
            return refused
        await self._show_busy(row.lane)
        try:
            content = await self._fetch(file)
            made = self._picture if wanted is Wanted.PHOTO else self._scan
            kept: Fetched = await made(owner, content, file, now)
        except Unreadable as unreadable:
            return unreadable.reason
        except ApiError as error:
            is_large = error.code == TOO_LARGE or "too big" in error.description
            return _too_large() if is_large else _NOT_FETCHED[wanted]
        except Unreachable:
            return _NOT_FETCHED[wanted]
        self._passing(Arrow.PREPARED)
        return kept

    async def _picture(
        self, owner: PersonId, content: bytes, file: Attached, now: datetime
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

    async def _scan(self, owner: PersonId, content: bytes, _file: Attached, now: datetime) -> Scan:
        """The paper as it is kept: a picture upright and without what the camera wrote in it."""
        facts = await asyncio.to_thread(scan.measure, content)
        made = await asyncio.to_thread(scan.kept, content, facts)
        kind = PDF if facts.format is FileFormat.PDF else IMAGE
        # Of each exam its own: a paper that is removed from one must not be missing in another.
        name = await self._blobs.put(owner, made, self._exam.key)
        return Scan(Kept(name, owner, kind, len(made), now), facts)

    async def _who_is_asked(self, row: Received) -> tuple[PersonId, Wanted] | None:
        """The person, and what a step of their state wants a file for; None where none does."""
        key = fsm.row_key(candidate_key(row.bot_id, row.lane))
        other = fsm.row_key(staff_key(row.bot_id, row.lane))
        is_of_staff = row.lane in self._work.roster
        async with self._db.glance() as connection:
            records = await fsm.load(connection, [key, other] if is_of_staff else [key])
            if is_of_staff and groups.staff_of(records[other].state) is not Staff.idle:
                return None  # sent to that question, and none of the staff's takes a file
            routes = ROUTES[groups.of(records[key].state)]
            wanted = next((route.wants for route in routes if route.wants is not None), None)
            if wanted is None:
                return None
            person = (await self._work.records(connection, [row.lane]))[row.lane].person
        return (person.id, wanted) if person else None

    async def _over_quota(self, owner: PersonId) -> Problem | None:
        """Why this person may send nothing more, for now or at all."""
        now = self._machine.now()
        if self._last_hour.count(owner, now) >= MOST_AN_HOUR:
            return Problem("problem-files-hour", {"limit": MOST_AN_HOUR})
        async with self._db.glance() as connection:
            weight = await blobs.weight(connection, owner)
        if weight >= MOST_BYTES:
            return Problem("problem-files-weight", {"limit": MOST_BYTES // 1024 // 1024})
        self._last_hour.note(owner, now)
        return None

    async def _show_busy(self, chat_id: int) -> None:
        try:
            params = {"chat_id": chat_id, "action": "upload_photo"}
            await self._api.call("sendChatAction", params)
        except (ApiError, Unreachable) as error:
            log.info("the busy sign was lost", error=str(error))

    async def _fetch(self, file: Attached) -> bytes:
        backoff = Backoff(FIRST_RETRY, LAST_RETRY)
        for tried in range(1, TRIES + 1):
            try:
                found = await self._api.call("getFile", {"file_id": file.file_id})
                return await self._api.download(found["file_path"], DOWNLOAD_LIMIT)
            except Unreachable:
                if tried == TRIES:
                    raise
                await self._machine.sleep(backoff.next())
        raise AssertionError("unreachable: the last try returns or raises")

    async def _portrait(self, content: bytes, facts: PhotoFacts) -> bytes | None:
        """The portrait, where the picture is large enough to make one without enlarging."""
        rule = self._exam.photo
        if facts.width < rule.min_width or facts.height < rule.min_height:
            return None
        return await asyncio.to_thread(photo.portrait, content, rule)

    async def _keep(
        self, owner: PersonId, kind: str, content: bytes, facts: PhotoFacts, now: datetime
    ) -> Kept:
        name = await self._blobs.put(owner, content)
        return Kept(name, owner, kind, len(content), now, facts.width, facts.height)


def _too_large() -> Problem:
    return Problem("problem-file-large", {"limit": DOWNLOAD_LIMIT // 1024 // 1024})


_NOT_FETCHED = {
    Wanted.PHOTO: Problem("photo-not-fetched"),
    Wanted.SCAN: Problem("scan-not-fetched"),
}
