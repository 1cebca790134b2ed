"""Replay of the audit against the tables: each difference between what was done and what is stored.

A MAC shows a row that was changed without the keys. It does not show a deleted row, nor an earlier
version of a row that somebody put back. The audit does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Row, Table, bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from states.records import Stage
from states.staff_roles import STAGE_BY_DESK, Desk
from storage.audit import chain
from storage.audit.audit_log import AuditAction
from storage.engine import row_macs, tables
from storage.engine.encryption import Keyring
from storage.engine.ids import LOWEST
from storage.engine.tables import InboxState, OutboxState, audit, seals

WITHOUT_CONTENT: Final = {
    tables.inbox: tables.inbox.c.state == InboxState.WAITING,
    tables.outbox: tables.outbox.c.state.in_([OutboxState.WAITING, OutboxState.CLAIMED]),
}
"""The rows with a MAC in tables whose other rows have lost their content."""


class Kind(StrEnum):
    """The kinds of a difference."""

    CHANGED = "changed"  # a row does not have its MAC
    FORGED = "forged"  # an unsealed row of the audit was written without the keys
    ROLE = "role"  # a role that the audit does not know, or that it knows as revoked
    ROLE_GONE = "role-gone"  # a granted role without a row, or revoked without an entry
    STAGE = "stage"  # an application's stage is not where its last transition led
    SUBMISSIONS = "submissions"  # an application's revision is not its last submission
    APPLICATION_GONE = "application-gone"  # it was submitted, never erased, and has no row
    SECOND_LOOK = "second-look"  # refused for good, and nobody else agreed
    DECISIONS = "decisions"  # an application has more or fewer decisions than were made
    GROUP = "group"  # a group with another scope than it was bound to, or bound by nobody


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference: the table and the id of the row."""

    kind: Kind
    table: str
    row_id: int


async def differences(connection: AsyncConnection, keyring: Keyring) -> list[Difference]:
    """Return every difference between the audit and the tables.

    Args:
        connection: of ``Database.read``, so that all rows are of one snapshot.
    """
    past, forged = _Past(), set()
    async for entry in _entries(connection):
        if chain.is_genuine(keyring, entry):
            past.apply(entry)
        elif entry.seq is None:  # the chain names a sealed one
            forged.add(entry.id)
    return [
        *[one async for one in _changed(connection, keyring)],
        *_named(Kind.FORGED, audit, forged),
        *await _roles(connection, past),
        *await _applications(connection, past),
        *await _groups(connection, past),
    ]


@dataclass(slots=True)
class _Past:
    """What the audit tells: roles, groups, and each application's transitions."""

    granted: set[int] = field(default_factory=set)
    revoked: set[int] = field(default_factory=set)
    groups: dict[int, str] = field(default_factory=dict)
    erased: set[int] = field(default_factory=set)
    owners: dict[int, int] = field(default_factory=dict)
    revisions: dict[int, int] = field(default_factory=dict)
    moves: dict[int, tuple[str, str]] = field(default_factory=dict)
    decisions: Counter[int] = field(default_factory=Counter)

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
        if entry.action in _MOVES and about is not None:
            self.moves[about] = (entry.action, f"{entry.detail}")


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
_AFTER_APPROVAL: Final = {
    Desk.CONFIRMATION: {Stage.CONFIRMED},
    Desk.SITE_REVIEW: {Stage.SITE_APPROVED},
    Desk.AREA_REVIEW: {Stage.APPROVED, Stage.REGISTERED},
}
_AT_DESKS: Final = {*STAGE_BY_DESK.values()}


def _stages(move: tuple[str, str], approvals: dict[str, bool]) -> set[str]:
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


async def _changed(connection: AsyncConnection, keyring: Keyring) -> AsyncIterator[Difference]:
    for table in row_macs.BOUND:
        if table is audit:
            continue
        async for row in row_macs.rows_of(connection, table, WITHOUT_CONTENT.get(table)):
            if not row_macs.is_right(keyring, table, row_macs.as_mapping(table, row)):
                yield Difference(Kind.CHANGED, table.name, row.id)


async def _entries(connection: AsyncConnection) -> AsyncIterator[Row[Any]]:
    """Yield the audit in the order of its ids, each row with its MAC and its place in the chain."""
    after = LOWEST
    while rows := (await connection.execute(_ENTRIES, {"after": after})).all():
        for row in rows:
            yield row
        after = rows[-1].id


_ENTRIES: Final = (
    select(*chain.AS_SEALED, audit.c.mac, seals.c.seq)
    .select_from(audit.outerjoin(seals, seals.c.audit_id == audit.c.id))
    .where(audit.c.id > bindparam("after"))
    .order_by(audit.c.id)
    .limit(row_macs.AT_ONCE)
)


async def _roles(connection: AsyncConnection, past: _Past) -> list[Difference]:
    table = tables.role_assignments
    query = select(table.c.id, table.c.revoked_at.is_(None))
    stored = {number: bool(is_active) for number, is_active in await connection.execute(query)}
    active = {number for number, is_active in stored.items() if is_active}
    wrong = (stored.keys() - past.granted) | (active & past.revoked)
    gone = past.granted - stored.keys() | (stored.keys() - active - past.revoked)
    return _named(Kind.ROLE, table, wrong) + _named(Kind.ROLE_GONE, table, gone - wrong)


async def _applications(connection: AsyncConnection, past: _Past) -> list[Difference]:
    table, decisions = tables.applications, tables.decisions
    made: Counter[int] = Counter()
    approvals: dict[int, dict[str, bool]] = {}
    query = select(
        *(decisions.c[name] for name in ("application_id", "desk", "revision", "approving"))
    )
    for about, desk, revision, is_approval in await connection.execute(query):
        made[about] += 1
        approvals.setdefault(about, {})[f"{desk} {revision}"] = bool(is_approval)
    found: dict[Kind, set[int]] = {kind: set() for kind in Kind}
    stored: set[int] = set()
    seconded = await _seconded(connection)
    query_stages = select(table.c.id, table.c.stage, table.c.revision)
    for number, stage, revision in await connection.execute(query_stages):
        stored.add(number)
        move = past.moves.get(number)
        right = {Stage.DRAFT} if move is None else _stages(move, approvals.get(number, {}))
        if stage not in right:
            found[Kind.STAGE].add(number)
        if revision != past.revisions.get(number, 0):
            found[Kind.SUBMISSIONS].add(number)
        if made[number] != past.decisions[number]:
            found[Kind.DECISIONS].add(number)
        if stage == Stage.REJECTED and number not in seconded:
            found[Kind.SECOND_LOOK].add(number)
    gone = past.revisions.keys() - stored
    found[Kind.APPLICATION_GONE] = {one for one in gone if past.owners[one] not in past.erased}
    return [one for kind, ids in found.items() for one in _named(kind, table, ids)]


async def _seconded(connection: AsyncConnection) -> set[int]:
    """Return the applications of which two accounts agreed on a definite refusal."""
    looks, first, second = (
        tables.second_looks,
        tables.role_assignments.alias(),
        tables.role_assignments.alias(),
    )
    query = (
        select(looks.c.application_id)
        .join(first, first.c.id == looks.c.assignment_id)
        .join(second, second.c.id == looks.c.ended_by)
        .where(looks.c.outcome == "agreed", first.c.telegram_id != second.c.telegram_id)
    )
    return {*await connection.scalars(query)}


async def _groups(connection: AsyncConnection, past: _Past) -> list[Difference]:
    table, scope = tables.groups, ("area", "site", "point")
    query = select(table.c.chat_id, *(table.c[name] for name in scope))
    stored = {
        chat: "/".join(filter(None, codes)) for chat, *codes in await connection.execute(query)
    }
    wrong = {chat for chat, codes in stored.items() if past.groups.get(chat) != codes}
    return _named(Kind.GROUP, table, wrong | (past.groups.keys() - stored.keys()))


def _named(kind: Kind, table: Table, ids: set[int]) -> list[Difference]:
    return [Difference(kind, table.name, one) for one in sorted(ids)]
