"""Merging two accounts of one person: one stays, the other is closed and keeps its content.

The scheduler applies it after the undo window, in one transaction. The account to be closed has a
silent mark by then. So no batch of the worker holds an older version of its row.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from states.exam import Exam
from states.process import lifecycle
from states.process.lifecycle import Event
from states.records import CLOSED, Application, Person, PersonId
from states.staff import cases as rules
from states.staff.cases import CaseOutcome, CaseProblem
from states.staff.departures import Departure
from storage.audit import audit_log
from storage.audit.audit_log import AuditAction, AuditEntry
from storage.candidates import applications, cases, people, submissions
from storage.candidates.cases import Case
from storage.engine.encryption import Keyring
from storage.staff.cases import departures
from storage.staff.cases.case_effects import AppliedCase
from storage.staff.cases.departures import DepartedCase


@dataclass(frozen=True, slots=True)
class Side:
    """One of two accounts, with its application for the exam."""

    person: Person
    application: Application | None


@dataclass(frozen=True, slots=True)
class Pair:
    """Both accounts of a duplicate."""

    first: Side
    second: Side

    def side(self, person_id: PersonId | None) -> Side:
        """Return the account of this person."""
        return self.first if self.first.person.id == person_id else self.second

    def other(self, person_id: PersonId | None) -> Side:
        """Return the account that is not this person's."""
        return self.second if self.first.person.id == person_id else self.first

    def problem(self, kept_id: PersonId) -> CaseProblem | None:
        """Return why the other account cannot be closed now."""
        closing = self.other(kept_id)
        kept = self.side(kept_id).application
        return rules.why_not_merged(kept, closing.person, closing.application)


async def pair_of(connection: AsyncConnection, keyring: Keyring, exam: Exam, case: Case) -> Pair:
    """Return both accounts of a duplicate.

    Raises:
        LookupError: one of them is gone.
    """
    ids = [one for one in (case.person_id, case.other_id) if one is not None]
    found = await people.by_ids(connection, keyring, ids)
    if len(found) < 2:
        raise LookupError("one of the accounts is gone")
    sides = []
    for number in ids:
        own = await applications.of_person(connection, keyring, number)
        application = next((one for one in own if one.exam == exam.key), None)
        sides.append(Side(found[number], application))
    return Pair(sides[0], sides[1])


async def mark(
    connection: AsyncConnection, keyring: Keyring, exam: Exam, case: Case, now: datetime
) -> None:
    """Mark the account that is to be closed: its own updates run alone from now on."""
    closing = (await pair_of(connection, keyring, exam, case)).side(case.closing_id).person
    marked = rules.marked(closing, rules.MERGING, case.area, case.site, now)
    await people.save(connection, keyring, marked)


async def unmark(connection: AsyncConnection, keyring: Keyring, case: Case) -> None:
    """Take the silent mark, or that of a closed account, from an account."""
    if case.closing_id is None:
        return
    known = await people.by_ids(connection, keyring, [case.closing_id])
    person = known.get(case.closing_id)
    if person is None or person.open_case is None:
        return
    if person.open_case.kind in (rules.MERGING, CLOSED):
        await people.save(connection, keyring, replace(person, open_case=None))


@dataclass(frozen=True, slots=True)
class MergeEffects:
    """The effects of one decided duplicate: the transaction, the moment and the decider."""

    connection: AsyncConnection
    keyring: Keyring
    exam: Exam
    now: datetime
    new_id: Callable[[], int]
    decider: int

    async def apply(self, case: Case) -> AppliedCase:
        """Close one account, or tell the two apart; a merge that became impossible waits again."""
        both = await pair_of(self.connection, self.keyring, self.exam, case)
        if case.outcome is CaseOutcome.DECLINED or case.kept_id is None:
            return await self._end(case, both)
        problem = both.problem(case.kept_id)
        if problem is not None:
            await unmark(self.connection, self.keyring, case)
            await cases.save(self.connection, self.keyring, case.unasked)
            await self._audit(AuditAction.CASE_VOID, f"{case.kind} {case.id}")
            return AppliedCase(case, both.first.person.telegram_id, problem=problem)
        left = await self._close(case, both.side(case.closing_id))
        return await self._end(case, both, left)

    async def _end(self, case: Case, both: Pair, left: DepartedCase | None = None) -> AppliedCase:
        closed = replace(case, closed_at=self.now)
        await cases.save(self.connection, self.keyring, closed)
        await self._audit(AuditAction.CASE_APPLIED, f"{case.kind} {case.id} {case.outcome}")
        kept, gone = both.side(case.kept_id).person, both.side(case.closing_id).person
        return AppliedCase(closed, kept.telegram_id, gone.telegram_id, gone.locale, left=left)

    async def _close(self, case: Case, side: Side) -> DepartedCase | None:
        """Mark the account as closed; its application returns to it, and stays as it is there."""
        connection, keyring, application = self.connection, self.keyring, side.application
        marked = rules.marked(side.person, CLOSED, case.area, case.site, self.now)
        await people.save(connection, keyring, marked)
        about = (Event.RELEASE, self.exam, self.now)
        if application is None or not lifecycle.is_allowed(application, *about):
            await self._audit(AuditAction.ACCOUNT_CLOSED, str(case.id), side.person)
            return None
        after = lifecycle.apply_event(application, *about)
        await applications.save_transition(connection, keyring, application, after)
        await submissions.withdraw(
            connection, keyring, application.id, application.revision, self.now
        )
        await self._audit(AuditAction.ACCOUNT_CLOSED, after.stage, side.person, application)
        return await departures.depart(
            connection, keyring, application, Departure.MERGED, self.now, self.new_id
        )

    async def _audit(
        self,
        action: AuditAction,
        detail: str,
        person: Person | None = None,
        application: Application | None = None,
    ) -> None:
        """Audit with the decider as the actor, although the scheduler applies it."""
        of = person.id if person else None
        about = application.id if application else None
        entry = AuditEntry(self.new_id(), self.now, self.decider, action, of, about, detail)
        await audit_log.add(self.connection, self.keyring, [entry])
