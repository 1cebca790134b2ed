"""LikenessSearch looks for other accounts of a person, right after each submission."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from bot.core.open_storage import Storage
from bot.scheduler.scheduler import JobRun
from handlers.candidate.case_desk.place_of_case import news_job
from states.exam import Exam
from states.records import PersonId
from storage.audit import audit_log
from storage.audit.audit_log import CLOCK, AuditAction, AuditEntry
from storage.candidates import applications, likeness, people
from storage.candidates.cases import Case
from storage.engine.database import Connection
from storage.engine.jobs import JobKind

FRESH: Final = timedelta(days=1)
"""The staff are told of cases about a submission so young; older ones stand in the list."""


class LikenessSearch:
    """Notes the digests of one person, opens a case for each likely pair, and tells the staff."""

    kind = JobKind.LIKENESS

    def __init__(self, storage: Storage, exam: Exam) -> None:
        self._storage = storage
        self._exam = exam

    async def run(self, run: JobRun) -> None:
        """Search for the person of the key; nothing for one who was erased."""
        storage, person_id = self._storage, PersonId(int(run.job.key))
        async with run.write() as tx:
            person = (await people.by_ids(tx, storage.keyring, [person_id])).get(person_id)
            if person is None:
                return
            new_id = storage.ids.next
            opened = await likeness.open_cases(
                tx, storage.keyring, self._exam, person, run.now, new_id
            )
            await audit_log.add(tx, storage.keyring, [*self._entries(opened, run.now)])
            if opened and await self._is_fresh(tx, person_id, run.now):
                # One message, however many pairs: the desk lists them all.
                await storage.jobs.enqueue(tx, [news_job(opened[0], run.now)])

    def _entries(self, opened: Iterable[Case], now: datetime) -> Iterable[AuditEntry]:
        """Yield the audit entries, about no person: a candidate never reads of a suspicion."""
        for case in opened:
            detail = f"{case.kind} {case.id}"
            new_id = self._storage.ids.next()
            yield AuditEntry(new_id, now, CLOCK, AuditAction.CASE_OPENED, detail=detail)

    async def _is_fresh(self, tx: Connection, person_id: PersonId, now: datetime) -> bool:
        own = await applications.of_person(tx, self._storage.keyring, person_id)
        return any(one.submitted_at and one.submitted_at > now - FRESH for one in own)
