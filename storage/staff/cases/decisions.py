"""Decisions of the desks on applications, from the decision to its effect.

The table allows one row a desk and revision: of two people who decide at once, one fails.
A decision takes effect at the end of its undo window (``effective_at``, UTC). Until then only its
row tells of it, and taking it back deletes the row. The scheduler applies due decisions.
A decision is void if its application was withdrawn or submitted anew meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any

from sqlalchemy import Select, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from states.exam import Exam
from states.process import lifecycle
from states.process.lifecycle import TransitionNotAllowed
from states.records import Application, ApplicationId, Person, Refusal
from states.staff.timings import StaffTimings
from states.staff_roles import DESK_BY_STAGE, Desk, RoleAssignment
from storage.audit import audit_log
from storage.audit.audit_log import AuditAction, AuditEntry
from storage.candidates import applications, people
from storage.candidates.applications import refusal_of_json, refusal_to_json
from storage.engine import jobs, row_macs
from storage.engine.encryption import Keyring
from storage.engine.jobs import JobKind
from storage.engine.row_mapping import part_of, record_of
from storage.engine.tables import applications as filed
from storage.engine.tables import claims, decisions
from storage.engine.tables import role_assignments as assignments_table
from storage.staff.access import role_assignments
from storage.staff.access.scopes import StaffAccess, active_ids
from storage.staff.cases import cards, spot_checks
from storage.staff.cases.cards import ShownMessage
from storage.staff.cases.claims import ClaimedCase


@dataclass(frozen=True, slots=True)
class Decision:
    """An approval, or a rejection with a ``refusal``, of the submission of its ``revision``.

    ``account`` is the decider's Telegram id, ``name`` the one that their colleagues read.
    """

    id: int
    application_id: ApplicationId
    revision: int
    desk: Desk
    assignment_id: int
    account: int
    name: str
    decided_at: datetime
    effective_at: datetime
    refusal: Refusal | None
    applied_at: datetime | None = None

    @property
    def is_definite(self) -> bool:
        """Return whether it refuses for good."""
        return self.refusal is not None and self.refusal.definite


@dataclass(frozen=True, slots=True)
class AppliedDecision:
    """A decision that took effect or was void.

    ``application`` is its state before the decision. ``notice`` is the candidate's screen, empty
    for a void decision. ``shown`` are the staff's messages to close.
    """

    decision: Decision
    person: Person
    application: Application
    notice: str
    shown: tuple[ShownMessage, ...]


async def decide(
    connection: AsyncConnection,
    keyring: Keyring,
    claimed: ClaimedCase,
    decision_id: int,
    refusal: Refusal | None,
    now: datetime,
    timings: StaffTimings,
) -> None:
    """Store a decision on a claimed case (``claims.read``) and end its claim.

    Raises:
        IntegrityError: a colleague has decided at the same moment.
    """
    application = claimed.application
    sealed = refusal and keyring.encrypt(refusal_to_json(refusal), _place(decision_id))
    row = {
        "id": decision_id,
        "application_id": application.id,
        "revision": application.revision,
        "desk": claimed.desk,
        "approving": refusal is None,
        "assignment_id": claimed.assignment.id,
        "decided_at": now,
        "effective_at": now + timings.undo,
        "applied_at": None,
        "refusal": sealed,
        "since": application.since,
    }
    await connection.execute(insert(decisions), row_macs.bind(keyring, decisions, row))
    await connection.execute(delete(claims).where(claims.c.application_id == application.id))
    await jobs.advance(connection, JobKind.DECISIONS, now + timings.undo)


async def take_back(staff: StaffAccess, application_id: ApplicationId) -> Decision | None:
    """Delete and return a decision of one of these roles; None if there is none to take back."""
    taken_back = (
        delete(decisions)
        .where(
            decisions.c.application_id == application_id,
            decisions.c.assignment_id.in_(active_ids(staff.assignments)),
            _WAITS,
            decisions.c.effective_at > staff.now,
        )
        .returning(decisions)
    )
    found = [*await staff.connection.execute(taken_back)]
    if not found:
        return None
    row = max(found, key=attrgetter("id"))
    by = next(one for one in staff.assignments if one.id == row.assignment_id)
    return _decision(staff.keyring, row, by)


async def reopen(
    connection: AsyncConnection, application_id: ApplicationId, revision: int, desk: Desk
) -> bool:
    """Delete the applied decision of a desk on a submission, so that the desk can decide again.

    Returns:
        Whether there was one.
    """
    deleted = delete(decisions).where(
        decisions.c.application_id == application_id,
        decisions.c.revision == revision,
        decisions.c.desk == desk,
        decisions.c.applied_at.is_not(None),
    )
    return (await connection.execute(deleted)).rowcount == 1


async def due(
    connection: AsyncConnection, until: datetime, most: int, but: Collection[int] = ()
) -> list[int]:
    """Return the ids of decisions that take effect by ``until``, oldest first, except ``but``."""
    query = (
        select(decisions.c.id)
        .where(_WAITS, decisions.c.effective_at <= until, decisions.c.id.not_in(but))
        .order_by(decisions.c.effective_at, decisions.c.id)
        .limit(most)
    )
    return list(await connection.scalars(query))


async def waiting(
    connection: AsyncConnection, keyring: Keyring, ids: Iterable[int]
) -> list[Decision]:
    """Return those of these decisions that have not taken effect, oldest first."""
    query = _ALL.where(decisions.c.id.in_(list(ids)), _WAITS)
    query = query.order_by(decisions.c.effective_at, decisions.c.id)
    return await _decisions(connection, keyring, query)


async def unapplied(
    connection: AsyncConnection, keyring: Keyring, application_id: ApplicationId
) -> Decision | None:
    """Return the decision on an application that has not taken effect."""
    query = _ALL.where(decisions.c.application_id == application_id, _WAITS)
    return next(iter(await _decisions(connection, keyring, query)), None)


async def next_due(connection: AsyncConnection, but: Collection[int] = ()) -> datetime | None:
    """Return the end of the next undo window, except those of ``but``."""
    query = select(func.min(decisions.c.effective_at)).where(_WAITS, decisions.c.id.not_in(but))
    found: datetime | None = await connection.scalar(query)
    return found


async def failed(connection: AsyncConnection) -> list[int]:
    """Return the decisions that failed, and whose own jobs will apply them."""
    return [int(key) for key in await jobs.keys(connection, JobKind.DECISION)]


async def person_of(connection: AsyncConnection, decision_id: int) -> int | None:
    """Return the candidate of a decision."""
    query = select(filed.c.person_id).join(decisions, decisions.c.application_id == filed.c.id)
    found: int | None = await connection.scalar(query.where(decisions.c.id == decision_id))
    return found


async def applied(connection: AsyncConnection, ids: Iterable[int], now: datetime) -> None:
    """Mark decisions as applied."""
    done = update(decisions).where(decisions.c.id.in_(list(ids)), _WAITS)
    await connection.execute(done.values(applied_at=now))


async def drop(connection: AsyncConnection, ids: Iterable[int]) -> None:
    """Delete decisions that were taken back or are void."""
    await connection.execute(delete(decisions).where(decisions.c.id.in_(list(ids))))


async def apply_decisions(
    connection: AsyncConnection,
    keyring: Keyring,
    exam: Exam,
    ids: Sequence[int],
    now: datetime,
    new_id: Callable[[], int],
) -> list[AppliedDecision]:
    """Move the applications of these decisions, drop void decisions, and audit both.

    Some of the decisions are drawn for a spot check.
    """
    if not ids:
        return []
    ended = await waiting(connection, keyring, ids)
    about = await applications.by_ids(connection, keyring, [one.application_id for one in ended])
    owners = await people.by_ids(connection, keyring, [one.person_id for one in about.values()])
    results: list[AppliedDecision] = []
    for decision in ended:
        before = about[decision.application_id]
        notice = await _move(connection, keyring, before, decision, exam)
        shown = tuple(await cards.shown(connection, before.id))
        await cards.forget(connection, shown)
        results.append(AppliedDecision(decision, owners[before.person_id], before, notice, shown))
    valid = {one.decision.id for one in results if one.notice}
    await applied(connection, valid, now)
    made = (
        (one.id, one.application_id, one.revision, one.desk, one.refusal is None, one.assignment_id)
        for one in ended
        if one.id in valid
    )
    await spot_checks.draw(connection, keyring, exam, made, now)
    await drop(connection, {one.id for one in ended} - valid)
    entries = [
        audit_entry(one.decision, one.application, now, new_id(), is_void=not one.notice)
        for one in results
    ]
    await audit_log.add(connection, keyring, entries)
    return results


async def _move(
    connection: AsyncConnection,
    keyring: Keyring,
    before: Application,
    decision: Decision,
    exam: Exam,
) -> str:
    """Move an application by a decision; return the notice screen, empty for a void decision."""
    if (transition := _transition(before, decision, exam)) is None:
        return ""
    after, notice = transition
    is_moved = await applications.save_transition(connection, keyring, before, after)
    return notice if is_moved else ""


def _transition(
    application: Application, decision: Decision, exam: Exam
) -> tuple[Application, str] | None:
    """Return the application after the decision, and the notice screen; None if it is void."""
    position = (application.revision, DESK_BY_STAGE.get(application.stage))
    if position != (decision.revision, decision.desk):
        return None
    try:
        return lifecycle.apply_decision(
            application, decision.desk, exam, decision.decided_at, refusal=decision.refusal
        )
    except TransitionNotAllowed:
        return None


def audit_entry(
    decision: Decision, application: Application, now: datetime, entry_id: int, *, is_void: bool
) -> AuditEntry:
    """Return an entry with the decider as its actor, although the scheduler applies it."""
    return AuditEntry(
        id=entry_id,
        at=now,
        actor=decision.account,
        action=AuditAction.DECISION_VOID if is_void else AuditAction.DECISION_APPLIED,
        person_id=application.person_id,
        application_id=application.id,
        detail=f"{decision.desk} {decision.revision}",
    )


async def of_applications(
    connection: AsyncConnection, keyring: Keyring, ids: Iterable[ApplicationId]
) -> list[Decision]:
    """Return the decisions on these applications that took effect, oldest first.

    The caller has checked the reader's scope.
    """
    query = _ALL.where(
        decisions.c.application_id.in_(list(ids)), decisions.c.applied_at.is_not(None)
    )
    return await _decisions(connection, keyring, query.order_by(decisions.c.id))


_WAITS = decisions.c.applied_at.is_(None)
"""The condition of a decision that has not taken effect."""
_ALL = select(decisions, assignments_table).join(
    assignments_table, assignments_table.c.id == decisions.c.assignment_id
)


async def _decisions(
    connection: AsyncConnection, keyring: Keyring, query: Select[Any]
) -> list[Decision]:
    found: list[Decision] = []
    for joined in await connection.execute(query):
        by = part_of(joined, assignments_table, len(decisions.columns))
        decider = role_assignments.of_row(keyring, by)
        found.append(_decision(keyring, part_of(joined, decisions), decider))
    return found


def _decision(keyring: Keyring, row: Any, decider: RoleAssignment) -> Decision:
    row_macs.check(keyring, decisions, row)
    refusal = row.refusal
    return record_of(
        Decision,
        row,
        desk=Desk(row.desk),
        account=decider.telegram_id,
        name=decider.name,
        refusal=refusal and refusal_of(keyring, row.id, refusal),
    )


def refusal_of(keyring: Keyring, decision_id: int, sealed: bytes) -> Refusal:
    """Return the refusal in the row of a decision."""
    return refusal_of_json(keyring.decrypt(sealed, _place(decision_id)))


def _place(decision_id: int) -> str:
    return f"verdicts/{decision_id}/refusal"
