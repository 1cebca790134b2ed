"""All stored data of one person, as an export for that person."""

from __future__ import annotations

from dataclasses import dataclass

from states.changes.late_changes import ChangeRequest
from states.payment.orders import Charge
from states.records import Application, Person
from states.staff.cases import CaseKind
from states.staff_roles import RoleAssignment
from storage.audit import audit_log
from storage.audit.audit_log import AuditAction, AuditEntry
from storage.candidates import (
    applications,
    blobs,
    cases,
    late_changes,
    papers,
    people,
    submissions,
)
from storage.candidates.blobs import StoredFile
from storage.candidates.cases import Case
from storage.candidates.papers import PaperJudgement
from storage.candidates.submissions import StoredSubmission
from storage.engine.database import Database
from storage.engine.encryption import Keyring
from storage.payments import charges
from storage.staff.access import role_assignments
from storage.staff.cases import decisions, notes
from storage.staff.cases.decisions import Decision
from storage.staff.cases.notes import Note


@dataclass(frozen=True, slots=True)
class DataExport:
    """The person's records, the audit about them, and the staff's decisions and notes on them.

    ``assignments`` are the roles that they hold or held among the staff.
    """

    person: Person
    applications: tuple[Application, ...] = ()
    files: tuple[StoredFile, ...] = ()
    cases: tuple[Case, ...] = ()
    audit_entries: tuple[AuditEntry, ...] = ()
    decisions: tuple[Decision, ...] = ()
    notes: tuple[Note, ...] = ()
    assignments: tuple[RoleAssignment, ...] = ()
    submissions: tuple[StoredSubmission, ...] = ()
    charges: tuple[Charge, ...] = ()
    late_changes: tuple[ChangeRequest, ...] = ()
    papers: tuple[PaperJudgement, ...] = ()


class NobodyKnown(LookupError):
    """An account has no person, or none any more."""


async def read(db: Database, keyring: Keyring, bot_id: int, telegram_id: int) -> DataExport:
    """Read the export of the person behind a Telegram account.

    Raises:
        NobodyKnown: the account is unknown.
        Unavailable: the database is gone.
    """
    async with db.read() as connection:
        known = await people.load(connection, keyring, bot_id, [telegram_id])
        if telegram_id not in known:
            raise NobodyKnown("nobody is known there")
        person = known[telegram_id]
        filed = tuple(await applications.of_person(connection, keyring, person.id))
        ids = [one.id for one in filed]
        return DataExport(
            person,
            filed,
            tuple(await blobs.of_person(connection, person.id)),
            tuple(_known(await cases.of_person(connection, keyring, person.id))),
            tuple(_told(await audit_log.of_person(connection, person.id))),
            tuple(await decisions.of_applications(connection, keyring, ids)),
            tuple(await notes.of_applications(connection, keyring, ids)),
            await role_assignments.ever_of_account(connection, keyring, bot_id, telegram_id),
            tuple(await submissions.of_applications(connection, keyring, ids)),
            tuple(
                [
                    one
                    for own in ids
                    for one in await charges.of_application(connection, keyring, own)
                ]
            ),
            tuple(
                await late_changes.of_applications(
                    connection, keyring, {one.id: one for one in filed}
                )
            ),
            tuple((await papers.of_person(connection, keyring, person.id)).values()),
        )


def _known(found: list[Case]) -> list[Case]:
    """Return cases as their candidate knows them: a decision within its undo window is none yet.

    Pairs of accounts that may be one person's are left out: they are about two people.
    """
    own = [one for one in found if one.kind is not CaseKind.DUPLICATE]
    return [one if one.closed_at is not None else one.undecided for one in own]


def _told(entries: list[AuditEntry]) -> list[AuditEntry]:
    """Leave out what was decided and has no effect, or none yet: a candidate never hears of it."""
    return [one for one in entries if one.action not in _UNTOLD]


_UNTOLD = (
    AuditAction.DECIDED,
    AuditAction.TAKEN_BACK,
    AuditAction.DECISION_VOID,
    AuditAction.SECOND_LOOK_ASKED,
    AuditAction.SECOND_LOOK_DECLINED,
    AuditAction.SECOND_LOOK_TAKEN_BACK,
    AuditAction.SPOT_CHECK_TAKEN,
    AuditAction.SPOT_CHECK_ANSWERED,
    AuditAction.SPOT_CHECK_SETTLED,
    AuditAction.SPOT_CHECK_UNDONE,
)
