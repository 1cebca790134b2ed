"""ReadPapers reads the papers that candidates upload, one at a time, and asks about differences.

A paper that was removed or exchanged meanwhile gets no reading. A message goes out only if a value
differs from the form, or if a page of a picture stands on its head. A paper of a request for a late
change stays as it was sent. It may differ in the answers to be changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from bot.core.open_storage import Storage
from bot.media.unreadable import UnreadablePicture
from bot.scheduler.scheduler import JobRun
from handlers.candidate.files import uploads
from handlers.paper_lines import CODE, DIFFERS, files_of
from states.changes.late_changes import named_keys
from states.exam import Exam
from states.papers.comparing import compare, differences, fields_of_answers
from states.papers.values import PaperField, PaperReading
from states.records import IMAGE, TURNED, MaterialFile, Person, PersonId, Records
from states.step_result import Priority, ShowScreen
from storage.candidates import blobs, late_changes, papers, people
from storage.candidates.blobs import BlobMissing, StoredFile
from storage.engine.database import Connection
from storage.engine.jobs import JobKind
from storage.updates.outbox import OutgoingMessage

UPSIDE_DOWN = 2
"""Quarter turns that put a page upright which stands on its head."""


class PaperReader(Protocol):
    """Reads papers, as ``MediaWorker`` does."""

    async def read(self, content: bytes, most: int, upright: int) -> PaperReading:
        """Read the first pages of a file; find the right way up of a few more."""

    async def turned(self, content: bytes, quarters: int) -> bytes:
        """Return a page turned by so many quarters, counterclockwise."""


@dataclass(frozen=True, slots=True)
class _Paper:
    """A file to read: whether it may be turned, and the values in which it differs on purpose."""

    file: MaterialFile
    may_turn: bool = True
    meant: frozenset[PaperField] = frozenset()


class ReadPapers:
    """Reads one paper, and offers it upright if it stands on its head."""

    kind = JobKind.PAPER

    def __init__(self, storage: Storage, exam: Exam, reader: PaperReader) -> None:
        self._storage = storage
        self._exam = exam
        self._reader = reader

    async def run(self, run: JobRun) -> None:
        """Read the file whose name begins with the job's key; nothing if it is gone."""
        records, rule = await self._records(run.job.person_id), self._exam.papers
        paper = await self._paper(records, run.job.key)
        if paper is None or records.person is None or not rule.reads:
            return
        try:
            content = await self._storage.blobs.get(paper.file.blob)
            reading = await self._reader.read(content, rule.most_read, rule.most_pages)
            copy = await self._upright(records.person, paper, reading, content, run)
        except BlobMissing:
            return
        except UnreadablePicture:
            reading, copy = PaperReading(), None
        async with run.write() as tx:
            keyring = self._storage.keyring
            if await papers.keep_reading(tx, keyring, paper.file.blob, reading, run.now):
                await self._tell(tx, records, paper, reading, copy, run)

    async def _tell(
        self,
        tx: Connection,
        records: Records,
        paper: _Paper,
        reading: PaperReading,
        copy: StoredFile | None,
        run: JobRun,
    ) -> None:
        """Offer the upright copy, and ask about a difference."""
        person, application, file = records.person, records.application, paper.file
        if person is None or application is None:
            return
        messages = []
        if copy is not None:
            await blobs.add(tx, copy)
            messages.append(self._offer(person, file, copy, reading, run))
        found = compare(reading, person, application, self._exam.papers.certainty)
        if any(one.field not in paper.meant for one in differences(found)):
            about = {uploads.FILE: file.blob[:CODE]}
            messages.append(self._message(person, DIFFERS, about, run))
        if messages:
            await self._storage.outbox.add(tx, messages)

    async def _upright(
        self, person: Person, paper: _Paper, reading: PaperReading, content: bytes, run: JobRun
    ) -> StoredFile | None:
        """Store an upright copy of a picture; None if it stands upright, or was offered before."""
        file = paper.file
        is_picture = paper.may_turn and file.kind == IMAGE
        quarters = reading.turns[0] if is_picture and reading.turns else 0
        if not quarters or (quarters != UPSIDE_DOWN and await self._was_offered(person, file)):
            return None
        copy = await self._reader.turned(content, quarters)
        name = await self._storage.blobs.put(person.id, copy, self._exam.key)
        return StoredFile(name, person.id, TURNED, len(copy), run.now)

    async def _was_offered(self, person: Person, file: MaterialFile) -> bool:
        """Return whether one of the copies that the upload of this very file offered is there.

        Files of an album get no such offer, and copies that nobody chose go.
        """
        async with self._storage.db.read_autocommit() as connection:
            known = await papers.of_person(connection, self._storage.keyring, person.id)
            files = await blobs.of_person(connection, person.id)
        offered = known[file.blob].offered if file.blob in known else ()
        return any(one.kind == TURNED and one.name in offered for one in files)

    def _offer(
        self,
        person: Person,
        file: MaterialFile,
        copy: StoredFile,
        reading: PaperReading,
        run: JobRun,
    ) -> OutgoingMessage:
        quarters = reading.turns[0]
        how = uploads.STANDS if quarters == UPSIDE_DOWN else uploads.ON_SIDE
        shown = {
            uploads.FILE: file.blob,
            uploads.FIRST: file.blob,
            uploads.SECOND: copy.name,
            uploads.KIND: how,
            uploads.QUARTERS: str(quarters),
        }
        return self._message(person, uploads.TURNED, shown, run)

    def _message(
        self, person: Person, screen: str, data: Mapping[str, str], run: JobRun
    ) -> OutgoingMessage:
        shown = ShowScreen(screen, data, priority=Priority.NOTICE)
        return self._storage.outgoing(person.telegram_id, shown, run.now, bot_id=person.bot_id)

    async def _paper(self, records: Records, key: str) -> _Paper | None:
        """Return the file whose name begins with this key: of the materials, or of a request."""
        application = records.application
        if application is None:
            return None
        if found := _named(key, (one for _, _, one in files_of(application))):
            return _Paper(found)
        async with self._storage.db.read_autocommit() as connection:
            asked = await late_changes.papers(connection, self._storage.keyring, application)
        found = _named(key, asked)
        meant = fields_of_answers(named_keys(application))
        return _Paper(found, may_turn=False, meant=meant) if found else None

    async def _records(self, person_id: int | None) -> Records:
        """Return the records of the job's person; empty ones after an erasure."""
        if person_id is None:
            return Records()
        storage, owner_id = self._storage, PersonId(person_id)
        async with storage.db.read_autocommit() as connection:
            owner = (await people.by_ids(connection, storage.keyring, [owner_id])).get(owner_id)
        return await storage.records(owner.telegram_id) if owner else Records()


def _named(key: str, files: Iterable[MaterialFile]) -> MaterialFile | None:
    """Return the file whose name begins with this key."""
    return next((one for one in files if one.blob.startswith(key)), None)
