"""Decisions take effect: the applications move, all in the clock's one transaction.

A decision is judged by when it was made. What was taken back is not there any more; what was
withdrawn, or handed in anew, does not stand where it was decided, and the decision is void.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from states import lifecycle
from states.exam import Exam
from states.lifecycle import TransitionNotAllowed
from states.records import Application, Person
from states.staff import DESK_BY_STAGE
from storage.audit import audit_log
from storage.audit.audit_log import AuditAction, AuditEntry
from storage.candidates import applications, people
from storage.engine.encryption import Keyring
from storage.staff import cards, decisions
from storage.staff.cards import ShownMessage
from storage.staff.decisions import Decision


@dataclass(frozen=True, slots=True)
class AppliedDecision:
    """A decision that took effect, or was void.

    ``application`` is as it was; ``notice`` is the screen that tells its candidate, empty where the
    decision was void; ``shown`` are the messages of the staff that are to be closed.
    """

    decision: Decision
    person: Person
    application: Application
    notice: str
    shown: tuple[ShownMessage, ...]


async def apply_decisions(
    connection: AsyncConnection,
    keyring: Keyring,
    exam: Exam,
    ids: Sequence[int],
    now: datetime,
    new_id: Callable[[], int],
) -> list[AppliedDecision]:
    """Let these decisions take effect."""
    if not ids:
        return []
    due = await decisions.waiting(connection, keyring, ids)
    about = await applications.by_ids(connection, keyring, [one.application_id for one in due])
    whose = await people.by_ids(connection, keyring, [one.person_id for one in about.values()])
    settled: list[AppliedDecision] = []
    for one in due:
        application = about[one.application_id]
        moved = _moved(application, one, exam)
        stands = moved and await applications.save_transition(
            connection, keyring, application, moved[0]
        )
        notice = moved[1] if moved and stands else ""
        shown = tuple(await cards.shown(connection, application.id))
        await cards.forget(connection, application.id)
        settled.append(
            AppliedDecision(one, whose[application.person_id], application, notice, shown)
        )
    applied = {one.decision.id for one in settled if one.notice}
    await decisions.applied(connection, applied, now)
    await decisions.drop(connection, {one.id for one in due} - applied)
    await audit_log.add(connection, [_audit_entry(one, now, new_id()) for one in settled])
    return settled


def _moved(
    application: Application, decision: Decision, exam: Exam
) -> tuple[Application, str] | None:
    """What the decision makes of its application, and the notice of it; None where it is void."""
    stands = (application.revision, DESK_BY_STAGE.get(application.stage))
    if stands != (decision.revision, decision.desk):
        return None
    try:
        return lifecycle.apply_decision(
            application, decision.desk, exam, decision.decided_at, refusal=decision.refusal
        )
    except TransitionNotAllowed:
        return None


def _audit_entry(settled: AppliedDecision, now: datetime, entry_id: int) -> AuditEntry:
    """The line of the audit; it was the decider's deed, whenever it took effect."""
    decision, application = settled.decision, settled.application
    return AuditEntry(
        id=entry_id,
        at=now,
        actor=decision.account,
        action=AuditAction.DECISION_APPLIED if settled.notice else AuditAction.DECISION_VOID,
        person_id=application.person_id,
        application_id=application.id,
        detail=f"{decision.desk} {decision.revision}",
    )
