"""The audit: actor, action and time with ids and codes only, in the action's own transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from states.staff_roles import Role
from storage.engine import row_macs
from storage.engine.encryption import Keyring
from storage.engine.row_mapping import record_of, row_of
from storage.engine.tables import audit, role_assignments


class AuditAction(StrEnum):
    """The actions that the audit records for good."""

    CONSENTED = "consented"
    IDENTITY_CONFIRMED = "identity-confirmed"
    TERMS_AGREED = "terms-agreed"
    PHOTO_CONFIRMED = "photo-confirmed"
    PAPER_TURNED = "paper-turned"
    PAPER_SAID = "paper-said"
    NUMBER_TAKEN = "number-taken"
    CASE_OPENED = "case-opened"
    RECORD_KEPT = "record-kept"
    RECORD_VERIFIED = "record-verified"
    MATERIALS_DONE = "materials-done"
    SUBMITTED = "submitted"
    WITHDRAWN = "withdrawn"
    AREA_CHANGED = "area-changed"
    AREA_RESTORED = "area-restored"
    INVITED = "invited"
    INVITE_OPENED = "invite-opened"
    INVITE_REFUSED = "invite-refused"
    ROLE_GRANTED = "seated"
    ROLE_REVOKED = "seat-revoked"
    GROUP_BOUND = "group-bound"
    GROUP_RELEASED = "group-released"
    DENIED = "denied"
    CASE_TAKEN = "case-taken"
    CASE_RETURNED = "case-returned"
    CASE_NOTED = "case-noted"
    PHOTO_OPINION = "photo-opinion"
    DECIDED = "decided"
    TAKEN_BACK = "taken-back"
    SECOND_LOOK_ASKED = "second-look-asked"
    SECOND_LOOK_DECLINED = "second-look-declined"
    SECOND_LOOK_TAKEN_BACK = "second-look-taken-back"
    SPOT_CHECK_TAKEN = "spot-check-taken"
    SPOT_CHECK_ANSWERED = "spot-check-answered"
    SPOT_CHECK_SETTLED = "spot-check-settled"
    SPOT_CHECK_UNDONE = "spot-check-undone"
    DECISION_APPLIED = "decision-applied"
    DECISION_VOID = "decision-void"
    MARKED_PAID = "marked-paid"
    UNMARKED_PAID = "unmarked-paid"
    REOPENED = "reopened"
    PAID = "paid"
    MONEY_OWED = "money-owed"
    MONEY_ACCEPTED = "money-accepted"
    REFUND_ASKED = "refund-asked"
    REFUND_AGREED = "refund-agreed"
    REFUNDED = "refunded"
    APPROVAL_UNDONE = "approval-undone"
    CASE_CLOSED = "case-closed"
    CASE_SEEN = "case-seen"
    CASE_DECIDED = "case-decided"
    CASE_UNDONE = "case-undone"
    CASE_APPLIED = "case-applied"
    CASE_VOID = "case-void"
    MERGE_ASKED = "merge-asked"
    MERGE_DECLINED = "merge-declined"
    MERGE_TAKEN_BACK = "merge-taken-back"
    ACCOUNT_CLOSED = "account-closed"
    ACCOUNT_REOPENED = "account-reopened"
    IDENTITY_CORRECTED = "identity-corrected"
    NUMBER_RELEASED = "number-released"
    ACCOUNT_MOVED = "account-moved"
    PAYMENTS_IMPORTED = "payments-imported"
    LATE_CHANGE_ASKED = "late-change-asked"
    LATE_CHANGE_SEEN = "late-change-seen"
    LATE_CHANGE_OPENED = "late-change-opened"
    LATE_CHANGE_DECLINED = "late-change-declined"
    LATE_CHANGE_ENDED = "late-change-ended"
    LATE_CHANGE_CLOSED = "late-change-closed"
    SEARCHED = "searched"
    HISTORY_SEEN = "history-seen"
    PRINT_VERIFIED = "print-verified"
    EXPIRED = "given-up"
    REINSTATED = "reinstated"
    EXPIRY_RELEASED = "forfeits-released"
    JOB_RETRIED = "job-retried"
    BROADCAST_BEGUN = "broadcast-begun"
    BROADCAST_PAUSED = "broadcast-paused"
    BROADCAST_RESUMED = "broadcast-resumed"
    BROADCAST_CANCELLED = "broadcast-cancelled"
    BROADCAST_ENDED = "broadcast-ended"
    CALLED = "called"
    LIST_SEEN = "list-seen"
    LIST_TAKEN = "list-taken"
    CLOCK_MOVED = "clock-moved"
    KEY_ROTATED = "key-rotated"
    EXAM_CHANGE_STORED = "exam-change-stored"
    EXAM_CHANGED = "exam-changed"
    EXAM_CHANGE_REFUSED = "exam-change-refused"
    EXAM_CHANGE_DROPPED = "exam-change-dropped"
    EXPORTED = "exported"
    ERASED = "erased"


_KNOWN = {action.value: action for action in AuditAction}
_ROLES = frozenset(role.value for role in Role)
CLOCK = 0
"""The actor of scheduled actions."""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One action. ``actor`` is a Telegram id; ``detail`` is a code or a version, never a name.

    ``action`` is a plain text where a forged row has one that this version does not know.
    """

    id: int
    at: datetime
    actor: int
    action: AuditAction | str
    person_id: int | None = None
    application_id: int | None = None
    detail: str = ""

    @property
    def label(self) -> str:
        """The key of the action's text."""
        return f"deed-{self.action}" if isinstance(self.action, AuditAction) else "deed-unknown"


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """An action and its actor's roles then; candidates and the bot itself have none."""

    entry: AuditEntry
    roles: tuple[Role, ...] = ()


async def count(
    connection: AsyncConnection, actor: int, action: AuditAction, since: datetime
) -> int:
    """Count an account's actions of one kind since a moment, in any of its roles."""
    query = (
        select(func.count())
        .select_from(audit)
        .where(audit.c.actor == actor, audit.c.action == action, audit.c.at > since)
    )
    return await connection.scalar(query) or 0


async def add(connection: AsyncConnection, keyring: Keyring, entries: Sequence[AuditEntry]) -> None:
    """Add entries in the transaction of their actions."""
    if entries:
        await connection.execute(insert(audit), [as_row(keyring, entry) for entry in entries])


async def of_person(connection: AsyncConnection, person_id: int) -> list[AuditEntry]:
    """Return the actions by or on a person, oldest first."""
    return await _entries(connection, audit.c.person_id == person_id)


async def of_application(connection: AsyncConnection, application_id: int) -> list[AuditEntry]:
    """Return the actions on an application, oldest first."""
    return await _entries(connection, audit.c.application_id == application_id)


async def history_of(connection: AsyncConnection, application_id: int) -> list[HistoryEntry]:
    """Return the history of an application, oldest first, also of an erased one: 2 queries."""
    entries = await of_application(connection, application_id)
    names = ("telegram_id", "role", "granted_at", "revoked_at")
    query = (
        select(*(role_assignments.c[name] for name in names))
        .where(role_assignments.c.telegram_id.in_({entry.actor for entry in entries}))
        .order_by(role_assignments.c.id)
    )
    held = (await connection.execute(query)).all() if entries else ()

    def roles(entry: AuditEntry) -> tuple[Role, ...]:
        active = (
            Role(assignment.role)
            for assignment in held
            if assignment.telegram_id == entry.actor
            and assignment.role in _ROLES
            and assignment.granted_at <= entry.at
            and (assignment.revoked_at is None or entry.at < assignment.revoked_at)
        )
        return tuple(dict.fromkeys(active))

    return [HistoryEntry(entry, roles(entry)) for entry in entries]


async def _entries(connection: AsyncConnection, which: ColumnElement[bool]) -> list[AuditEntry]:
    query = select(audit).where(which).order_by(audit.c.id)
    return [
        record_of(AuditEntry, row, action=_KNOWN.get(row.action, row.action))
        for row in await connection.execute(query)
    ]


def as_row(keyring: Keyring, entry: AuditEntry) -> dict[str, Any]:
    """Return an entry as a row of its table."""
    return row_macs.bind(keyring, audit, row_of(audit, entry, mac=None))
