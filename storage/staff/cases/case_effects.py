"""The effects of agreed cases: a corrected identity, a released number, a moved account.

The scheduler applies them after the undo window, in one transaction. Both accounts have a mark
(``Person.open_case``), so that no batch of the worker holds an older version of their rows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncConnection

from states import eligibility
from states.exam import Exam
from states.form.fields import AnswerContext
from states.process import lifecycle
from states.process.lifecycle import Event
from states.records import Application, Person, PersonId, Records
from states.staff import cases as rules
from states.staff.cases import CaseKind, CaseOutcome, CaseProblem, IdentityChange
from states.staff.departures import Departure
from states.submissions.content import MAX_CHANGES, Submission, SubmittedContent, next_submission
from states.texts import Problem, Text
from storage.audit import audit_log
from storage.audit.audit_log import AuditAction, AuditEntry
from storage.candidates import applications, cases, erasure, papers, people, reminder_dates
from storage.candidates import submissions as stored
from storage.candidates.cases import Case
from storage.candidates.submissions import StoredSubmission
from storage.engine import tables
from storage.engine.encryption import Keyring
from storage.staff.cases import departures
from storage.staff.cases.departures import DepartedCase


@dataclass(frozen=True, slots=True)
class AppliedCase:
    """A decided case, and the accounts that hear of it.

    ``account`` is the candidate's, ``other_account`` the one that lost the account or the number;
    it reads in ``other_locale``. ``problem`` says why the case could not be agreed to any more.
    ``left`` is set where an application left its desk.
    """

    case: Case
    account: int
    other_account: int | None = None
    other_locale: str = ""
    problem: CaseProblem | None = None
    left: DepartedCase | None = None


@dataclass(frozen=True, slots=True)
class CaseParties:
    """The candidate of a case, their application, and the account that holds the number.

    ``submission`` is the newest one of an application that is submitted anew when it is corrected.
    """

    person: Person
    application: Application | None
    owner: Person | None
    owned: Application | None
    submission: Submission | None = None

    def problem(self, case: Case, keyring: Keyring) -> CaseProblem | None:
        """Return why the case cannot be agreed to now."""
        identity = self.person.identity
        typed = people.hash_number(keyring, identity.id_type, identity.id_number)
        has_begun = self.person.number_hash is not None or typed != case.number_hash
        if case.kind is not CaseKind.IDENTITY and has_begun:
            return CaseProblem.CHANGED
        if case.kind is CaseKind.IDENTITY and self._has_no_code_left:
            return CaseProblem.USED_UP
        is_other = self.owner is not None and self.owner.id != self.person.id
        owner = self.owner if is_other else None
        return rules.why_not_agreed(case.kind, owner, self.owned, is_other)

    @property
    def _has_no_code_left(self) -> bool:
        return self.submission is not None and self.submission.changes >= MAX_CHANGES


async def parties(
    connection: AsyncConnection, keyring: Keyring, exam: Exam, case: Case
) -> CaseParties:
    """Return the accounts that a case is about.

    Raises:
        LookupError: its candidate has erased their account.
    """
    found = await people.by_ids(connection, keyring, [case.person_id])
    person = found[case.person_id]
    owner_id = await people.owner_of(connection, case.number_hash)
    owner = None
    if owner_id is not None:
        owner = (await people.by_ids(connection, keyring, [owner_id])).get(owner_id)
    application = await _application(connection, keyring, exam, person.id)
    submission = None
    if application is not None and application.stage in rules.WAITING_CONTENT:
        submission = await stored.last(connection, keyring, application.id)
    return CaseParties(
        person,
        application,
        owner,
        await _application(connection, keyring, exam, owner_id) if owner_id else None,
        submission,
    )


async def _application(
    connection: AsyncConnection, keyring: Keyring, exam: Exam, person_id: PersonId
) -> Application | None:
    own = await applications.of_person(connection, keyring, person_id)
    return next((one for one in own if one.exam == exam.key), None)


@dataclass(frozen=True, slots=True)
class CaseEffects:
    """The effects of one decided case: the transaction, the moment and the decider."""

    connection: AsyncConnection
    keyring: Keyring
    exam: Exam
    now: datetime
    new_id: Callable[[], int]
    decider: int

    async def apply(self, case: Case) -> AppliedCase:
        """Apply the decision; a case that cannot be agreed to any more waits again."""
        both = await parties(self.connection, self.keyring, self.exam, case)
        problem = both.problem(case, self.keyring) if case.outcome is CaseOutcome.AGREED else None
        if problem is not None:
            await cases.save(self.connection, self.keyring, case.undecided)
            await self._audit(AuditAction.CASE_VOID, both.person.id, f"{case.kind}")
            return AppliedCase(case, both.person.telegram_id, problem=problem)
        closed = replace(case, closed_at=self.now)
        await cases.save(self.connection, self.keyring, closed)
        await self._audit(AuditAction.CASE_APPLIED, both.person.id, f"{case.kind} {case.outcome}")
        if case.outcome is CaseOutcome.DECLINED:
            return await self._decline(closed, both)
        match case.kind:
            case CaseKind.IDENTITY:
                return await self._correct(closed, both)
            case CaseKind.ACCOUNT_MOVED:
                return await self._move(closed, both)
        return await self._release(closed, both)

    async def _decline(self, case: Case, both: CaseParties) -> AppliedCase:
        unmarked = replace(both.person, open_case=None, correction=None)
        await people.save(self.connection, self.keyring, unmarked)
        await cases.end_contest(self.connection, self.keyring, case)
        await self._drop_proof(case)
        return AppliedCase(case, both.person.telegram_id)

    async def _correct(self, case: Case, both: CaseParties) -> AppliedCase:
        """Give the account the right items, and a current submission with them."""
        change = IdentityChange.parse(case.words)
        person = rules.corrected(both.person, change, case.number_hash)
        await people.save(self.connection, self.keyring, person)
        await self._drop_proof(case)
        application, left = both.application, None
        if application is not None and application.stage in rules.WAITING_CONTENT:
            left = await self._leave_desk(application, Departure.CORRECTED)
            await self._submit_again(person, application, both.submission)
        return AppliedCase(case, person.telegram_id, left=left)

    async def _submit_again(
        self, person: Person, application: Application, previous: Submission | None
    ) -> None:
        """Store a submission with the corrected identity: older prints are void."""
        context = AnswerContext.of(Records(person, application), self.exam, self.now)
        content = SubmittedContent.of(person, application, context)
        submission = next_submission(
            previous,
            content.hash(self.keyring.hash),
            self.now,
            Text("case-kind-identity"),
        )
        if isinstance(submission, Problem):
            raise ValueError("the changes of this application are used up")
        assessed = eligibility.at_submission(self.exam, application, context)
        added = StoredSubmission(application.id, submission, content, assessment=assessed)
        await stored.add(self.connection, self.keyring, [added])
        after = replace(application, revision=application.revision + 1)
        await applications.save_transition(self.connection, self.keyring, application, after)
        revision = str(after.revision)
        await self._audit(AuditAction.IDENTITY_CORRECTED, person.id, revision, application)

    async def _move(self, case: Case, both: CaseParties) -> AppliedCase:
        """Give the account to the candidate's Telegram account; their empty one goes."""
        owner, here = self._owner(both), both.person
        await cases.move(self.connection, self.keyring, here.id, owner.id)
        await erasure.erase(self.connection, [here.id])
        await people.save(self.connection, self.keyring, rules.moved(owner, here, self.now))
        await reminder_dates.look_again(self.connection, [owner.id], self.now)
        await self._audit(AuditAction.ACCOUNT_MOVED, owner.id, str(case.id))
        return AppliedCase(
            replace(case, person_id=owner.id), here.telegram_id, owner.telegram_id, owner.locale
        )

    async def _release(self, case: Case, both: CaseParties) -> AppliedCase:
        """Take the number from the other account, whose application returns to its candidate."""
        owner, application = self._owner(both), both.owned
        await people.save(self.connection, self.keyring, rules.released(owner))
        await people.save(self.connection, self.keyring, replace(both.person, open_case=None))
        about, left = (Event.RELEASE, self.exam, self.now), None
        if application is not None and lifecycle.is_allowed(application, *about):
            left = await self._leave_desk(application, Departure.RELEASED)
            after = lifecycle.apply_event(application, *about)
            await applications.save_transition(self.connection, self.keyring, application, after)
            await stored.withdraw(
                self.connection, self.keyring, application.id, application.revision, self.now
            )
            await self._audit(AuditAction.NUMBER_RELEASED, owner.id, after.stage, application)
        else:
            await self._audit(AuditAction.NUMBER_RELEASED, owner.id)
        account = both.person.telegram_id
        return AppliedCase(case, account, owner.telegram_id, owner.locale, left=left)

    async def _leave_desk(self, application: Application, why: Departure) -> DepartedCase:
        return await departures.depart(
            self.connection, self.keyring, application, why, self.now, self.new_id
        )

    def _owner(self, both: CaseParties) -> Person:
        if both.owner is None:
            raise LookupError("nobody has this number")
        return both.owner

    async def _drop_proof(self, case: Case) -> None:
        """Drop the scan of the document and its judgement: nobody needs them after the decision."""
        proof = IdentityChange.parse(case.words).proof if case.kind is CaseKind.IDENTITY else None
        if proof is not None:
            mine = tables.blobs.c.name == proof.blob
            await self.connection.execute(delete(tables.blobs).where(mine))
            await papers.drop(self.connection, [proof.blob])

    async def _audit(
        self,
        action: AuditAction,
        person_id: PersonId,
        detail: str = "",
        application: Application | None = None,
    ) -> None:
        """Audit with the decider as the actor, although the scheduler applies it."""
        about = application.id if application else None
        entry = AuditEntry(self.new_id(), self.now, self.decider, action, person_id, about, detail)
        await audit_log.add(self.connection, self.keyring, [entry])
