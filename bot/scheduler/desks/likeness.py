"""LikenessSearch looks for other accounts of a person, right after each submission."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from bot.core.open_storage import Storage
from bot.scheduler.scheduler import JobRun
from handlers.candidate.case_desk import place_of_case
from states.exam import Exam
from states.records import Person, PersonId
from states.staff import cases as rules
from states.staff_roles import Scope
from storage.audit import audit_log
from storage.audit.audit_log import CLOCK, AuditAction, AuditEntry
from storage.candidates import applications, likeness, people
from storage.candidates.cases import Case
from storage.engine.database import Connection
from storage.engine.jobs import JobKind
from storage.staff.access import role_assignments
from storage.updates.outbox import OutgoingMessage

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
                await storage.outbox.add(tx, await self._news(tx, opened[0], person))

    def _entries(self, opened: Iterable[Case], now: datetime) -> Iterable[AuditEntry]:
        """Yield the audit entries, about no person: a candidate never reads of a suspicion."""
        for case in opened:
            detail = f"{case.kind} {case.id}"
            new_id = self._storage.ids.next()
            yield AuditEntry(new_id, now, CLOCK, AuditAction.CASE_OPENED, detail=detail)

    async def _is_fresh(self, tx: Connection, person_id: PersonId, now: datetime) -> bool:
        own = await applications.of_person(tx, self._storage.keyring, person_id)
        return any(one.submitted_at and one.submitted_at > now - FRESH for one in own)

    async def _news(self, tx: Connection, case: Case, person: Person) -> list[OutgoingMessage]:
        """Return the messages to those who can decide, except to the candidates themselves."""
        storage, known = self._storage, case.other_id
        active = await role_assignments.within(tx, storage.keyring, person.bot_id, Scope(case.area))
        deciding = [one for one in active if rules.can_decide([one], case.area, case.site)]
        other = (await people.by_ids(tx, storage.keyring, [known] if known else [])).values()
        parties = {person.telegram_id, *(one.telegram_id for one in other)}
        accounts = {one.telegram_id for one in deciding} - parties
        news = place_of_case.news_of(case)
        return storage.outgoing_to_each(sorted(accounts), news, case.opened_at, f"alike:{case.id}")
