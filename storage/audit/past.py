"""The past as the audit tells it, for ``storage.audit.replay`` to compare with the tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row

from states.broadcasts.ledger import BroadcastState
from states.records import Stage
from states.staff_roles import DESK_BY_STAGE, STAGE_BY_DESK, Desk
from storage.audit.audit_log import AuditAction
from storage.engine.exam_versions import VersionState

_MOVES: Final[frozenset[str]] = frozenset(
    {
        AuditAction.SUBMITTED,
        AuditAction.DECISION_APPLIED,
        AuditAction.MARKED_PAID,
        AuditAction.UNMARKED_PAID,
        AuditAction.PAID,
        AuditAction.MONEY_ACCEPTED,
        AuditAction.APPROVAL_UNDONE,
        AuditAction.EXPIRED,
        AuditAction.REINSTATED,
        AuditAction.REOPENED,
        AuditAction.WITHDRAWN,
        AuditAction.NUMBER_RELEASED,
        AuditAction.ACCOUNT_CLOSED,
        AuditAction.LATE_CHANGE_OPENED,
        AuditAction.LATE_CHANGE_CLOSED,
    }
)
_UNDER_WAY: Final = (BroadcastState.PLANNING, BroadcastState.SCHEDULED, BroadcastState.RUNNING)
BROADCAST_ACTS: Final[Mapping[str, tuple[BroadcastState, ...]]] = {
    AuditAction.BROADCAST_BEGUN: _UNDER_WAY,
    AuditAction.BROADCAST_RESUMED: _UNDER_WAY,
    AuditAction.BROADCAST_PAUSED: (BroadcastState.PAUSED,),
    AuditAction.BROADCAST_CANCELLED: (BroadcastState.CANCELLED,),
    AuditAction.BROADCAST_ENDED: (BroadcastState.FINISHED, BroadcastState.CANCELLED),
}
"""The states in which a broadcast can be after its last act."""
_AFTER_APPROVAL: Final = {
    Desk.CONFIRMATION: {Stage.CONFIRMED},
    Desk.SITE_REVIEW: {Stage.SITE_APPROVED},
    Desk.AREA_REVIEW: {Stage.APPROVED, Stage.REGISTERED},
}
_AT_DESKS: Final = {*STAGE_BY_DESK.values()}
_VERSION_ACTS: Final[Mapping[str, VersionState]] = {
    AuditAction.EXAM_CHANGE_STORED: VersionState.WAITING,
    AuditAction.EXAM_CHANGED: VersionState.IN_FORCE,
    AuditAction.EXAM_CHANGE_REFUSED: VersionState.REFUSED,
    AuditAction.EXAM_CHANGE_DROPPED: VersionState.DROPPED,
}
_INSTEAD_OF: Final = {
    VersionState.WAITING: VersionState.DROPPED,
    VersionState.IN_FORCE: VersionState.REPLACED,
}
"""The states of which an exam has one version, and that of the version before it."""


def stages_after(move: tuple[str, str], approvals: dict[str, bool]) -> set[str]:
    """Return the stages to which the last transition of an application can have led."""
    action, detail = move
    match action:
        case AuditAction.SUBMITTED:
            return {*_AT_DESKS}
        case AuditAction.WITHDRAWN:
            return {Stage.DRAFT}
        case AuditAction.EXPIRED:
            return {Stage.EXPIRED}
        case AuditAction.DECISION_APPLIED if detail in approvals:
            desk = Desk(detail.split()[0])
            if approvals[detail]:
                return {*_AFTER_APPROVAL[desk]}
            is_first = desk is Desk.CONFIRMATION
            return {Stage.CONFIRM_REFUSED if is_first else Stage.REVIEW_REFUSED, Stage.REJECTED}
        case AuditAction.DECISION_APPLIED:
            return set()  # its decision has no row any more
    return {detail.split()[-1]}


@dataclass(slots=True)
class Past:
    """The past as the audit tells it: roles, groups, money, and each application's transitions."""

    granted: set[int] = field(default_factory=set)
    revoked: set[int] = field(default_factory=set)
    groups: dict[int, str] = field(default_factory=dict)
    erased: set[int] = field(default_factory=set)
    owners: dict[int, int] = field(default_factory=dict)
    revisions: dict[int, int] = field(default_factory=dict)
    moves: dict[int, tuple[str, str]] = field(default_factory=dict)
    decisions: Counter[int] = field(default_factory=Counter)
    charges: Counter[int] = field(default_factory=Counter)
    refunds: Counter[int] = field(default_factory=Counter)
    late_changes: Counter[int] = field(default_factory=Counter)
    applied: set[tuple[int, str]] = field(default_factory=set)
    broadcasts: dict[int, str] = field(default_factory=dict)
    versions: dict[str, dict[int, VersionState]] = field(default_factory=dict)
    """The versions of each exam; those of ``""`` are of entries that do not name it."""
    releases: list[tuple[datetime | str, str]] = field(default_factory=list)

    def apply(self, entry: Row[Any]) -> None:
        about, (first, *rest) = entry.application_id, (f"{entry.detail}".split() or [""])
        match entry.action:
            case AuditAction.ROLE_GRANTED if first.isdecimal():
                self.granted.add(int(first))
            case AuditAction.ROLE_REVOKED if first.isdecimal():
                self.revoked.add(int(first))
            case AuditAction.GROUP_BOUND:
                self.groups[int(first)] = " ".join(rest)
            case AuditAction.GROUP_RELEASED:
                self.groups.pop(int(first), None)
            case AuditAction.ERASED:
                self.erased.add(entry.person_id)
            case AuditAction.SUBMITTED:
                self.owners[about] = entry.person_id
                self.revisions[about] = int(first or 0)
            case AuditAction.IDENTITY_CORRECTED:
                self.revisions[about] = int(first or 0)
            case AuditAction.DECIDED:
                self.decisions[about] += 1
            case AuditAction.TAKEN_BACK | AuditAction.DECISION_VOID | AuditAction.REOPENED:
                self.decisions[about] -= 1
            case AuditAction.DECISION_APPLIED:
                self.applied.add((about, f"{entry.detail}"))
            case AuditAction.PAID | AuditAction.MONEY_OWED:
                self.charges[about or 0] += 1
            case AuditAction.REFUND_ASKED:
                self.refunds[about or 0] += 1
            case AuditAction.LATE_CHANGE_ASKED:
                self.late_changes[about] += 1
            case AuditAction.EXPIRY_RELEASED:
                self.releases.append((entry.at, f"{entry.detail}"))
        if entry.action == AuditAction.REOPENED:
            desk = DESK_BY_STAGE.get(Stage(rest[-1])) if rest else None
            self.applied.discard((about, f"{desk} {self.revisions.get(about, 0)}"))
        if entry.action in _VERSION_ACTS and first.isdecimal():
            self._change_exam(_VERSION_ACTS[entry.action], int(first), " ".join(rest))
        if entry.action in BROADCAST_ACTS and first.isdecimal():
            self.broadcasts[int(first)] = entry.action
        if entry.action in _MOVES and about is not None:
            self.moves[about] = (entry.action, f"{entry.detail}")

    def _change_exam(self, state: VersionState, number: int, exam: str) -> None:
        """Note what became of a version; the first change also keeps the one before it."""
        unnamed = self.versions.get("", {})
        is_new = state is VersionState.WAITING
        if exam and exam not in self.versions and number - is_new == max(unnamed, default=0):
            self.versions[exam] = self.versions.pop("")
        known = self.versions.setdefault(exam, {})
        if not known and number > 1:
            known[number - 1] = VersionState.IN_FORCE
        if state in _INSTEAD_OF:
            before = (one for one, was in known.items() if was is state)
            known |= dict.fromkeys(before, _INSTEAD_OF[state])
        known[number] = state
