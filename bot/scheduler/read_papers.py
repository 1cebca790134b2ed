"""ReadPapers reads the papers that candidates upload, one at a time, and asks about differences.

A paper that was removed or exchanged meanwhile gets no reading. A message goes out only if a value
of the paper differs from the form.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.core.open_storage import Storage
from bot.media.unreadable import UnreadablePicture
from bot.scheduler.scheduler import JobRun
from handlers.candidate.compare_papers import DIFFERS
from handlers.candidate.uploads import FILE
from handlers.paper_lines import CODE, files_of
from states.exam import Exam
from states.papers.comparing import compare, differences
from states.papers.values import PaperReading
from states.records import Person, PersonId, Records
from states.step_result import Priority, ShowScreen
from storage.candidates import papers, people
from storage.candidates.blobs import BlobMissing
from storage.engine.jobs import JobKind
from storage.updates.outbox import OutgoingMessage

Read = Callable[[bytes, int], Awaitable[PaperReading]]


class ReadPapers:
    """Reads one paper.

    Args:
        read: reads the first pages of a stored file (``MediaWorker.read``).
    """

    kind = JobKind.PAPER

    def __init__(self, storage: Storage, exam: Exam, read: Read) -> None:
        self._storage = storage
        self._exam = exam
        self._read = read

    async def run(self, run: JobRun) -> None:
        """Read the file whose name begins with the job's key; nothing if it is gone."""
        records = await self._records(run.job.person_id)
        blob = _blob(records, run.job.key)
        if blob is None or not self._exam.papers.reads:
            return
        try:
            content = await self._storage.blobs.get(blob)
            reading = await self._read(content, self._exam.papers.most_pages)
        except BlobMissing:
            return
        except UnreadablePicture:
            reading = PaperReading()
        async with run.write() as tx:
            is_kept = await papers.keep_reading(tx, self._storage.keyring, blob, reading, run.now)
            person, application = records.person, records.application
            if not is_kept or person is None or application is None:
                return
            found = compare(reading, person, application, self._exam.papers.certainty)
            if differences(found):
                await self._storage.outbox.add(tx, [self._message(person, blob, run)])

    def _message(self, person: Person, blob: str, run: JobRun) -> OutgoingMessage:
        shown = ShowScreen(DIFFERS, {FILE: blob[:CODE]}, priority=Priority.NOTICE)
        return self._storage.outgoing(person.telegram_id, shown, run.now, bot_id=person.bot_id)

    async def _records(self, person_id: int | None) -> Records:
        """Return the records of the job's person; empty ones after an erasure."""
        if person_id is None:
            return Records()
        storage, owner_id = self._storage, PersonId(person_id)
        async with storage.db.read_autocommit() as connection:
            owner = (await people.by_ids(connection, storage.keyring, [owner_id])).get(owner_id)
        return await storage.records(owner.telegram_id) if owner else Records()


def _blob(records: Records, key: str) -> str | None:
    """Return the name of the present application's file that begins with this key."""
    application = records.application
    files = files_of(application) if application is not None else ()
    return next((one.blob for _, _, one in files if one.blob.startswith(key)), None)
