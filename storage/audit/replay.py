"""Replay of the audit against the tables: each difference between what was done and what is stored.

A MAC shows a row that was changed without the keys. It does not show a deleted row, nor an earlier
version of a row that somebody put back. The audit does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Executable, Row, Table, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from states.broadcasts.ledger import BroadcastState
from states.records import Stage
from storage.audit import chain
from storage.audit.past import BROADCAST_ACTS, Past, stages_after
from storage.engine import installation, row_macs, tables
from storage.engine.encryption import Keyring
from storage.engine.ids import LOWEST
from storage.engine.installation import Fact
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
    APPLIED = "applied"  # a decision that is told, or waits, and by the audit does not
    CHARGES = "charges"  # an application has less money than was heard of; 0 for money of nobody
    REFUNDS = "refunds"  # an application has fewer refunds than were asked for
    LATE_CHANGES = "late-changes"  # an application has more or fewer requests than were made
    BROADCAST = "broadcast"  # a broadcast that nobody began or resumed, or that somebody deleted
    RELEASED = "released"  # deadlines were released, and no administrator did it
    EXAM = "exam"  # a version of an exam that nobody stored, put in force or dropped, or none
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
    past, forged = Past(), set()
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
        *await _money(connection, past),
        *await _late_changes(connection, past),
        *await _broadcasts(connection, past),
        *await _releases(connection, past),
        *await _exam_versions(connection, past),
    ]


async def _changed(connection: AsyncConnection, keyring: Keyring) -> AsyncIterator[Difference]:
    for table in row_macs.BOUND:
        if table is audit:
            continue
        async for row in row_macs.rows_of(connection, table, WITHOUT_CONTENT.get(table)):
            if not row_macs.is_right(keyring, table, row_macs.as_mapping(table, row)):
                yield Difference(Kind.CHANGED, table.name, row_macs.id_of(table, row))


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


async def _roles(connection: AsyncConnection, past: Past) -> list[Difference]:
    table = tables.role_assignments
    query = select(table.c.id, table.c.revoked_at.is_(None))
    stored = {number: bool(is_active) for number, is_active in await connection.execute(query)}
    active = {number for number, is_active in stored.items() if is_active}
    wrong = (stored.keys() - past.granted) | (active & past.revoked)
    gone = past.granted - stored.keys() | (stored.keys() - active - past.revoked)
    return _named(Kind.ROLE, table, wrong) + _named(Kind.ROLE_GONE, table, gone - wrong)


async def _applications(connection: AsyncConnection, past: Past) -> list[Difference]:
    table, decisions = tables.applications, tables.decisions
    made: Counter[int] = Counter()
    approvals: dict[int, dict[str, bool]] = {}
    found: dict[Kind, set[int]] = {kind: set() for kind in Kind}
    names = ("application_id", "desk", "revision", "approving")
    is_applied = decisions.c.applied_at.is_not(None).label("is_applied")
    query = select(*(decisions.c[name] for name in names), is_applied)
    for row in await connection.execute(query):
        about, which = row.application_id, f"{row.desk} {row.revision}"
        made[about] += 1
        approvals.setdefault(about, {})[which] = bool(row.approving)
        if bool(row.is_applied) is not ((about, which) in past.applied):
            found[Kind.APPLIED].add(about)
    stored: set[int] = set()
    seconded = await _seconded(connection)
    numbers = select(tables.submissions.c.application_id, func.max(tables.submissions.c.number))
    newest = await connection.execute(numbers.group_by(tables.submissions.c.application_id))
    submitted: dict[int, int] = dict(map(tuple, newest))
    query_stages = select(table.c.id, table.c.stage, table.c.revision)
    for number, stage, revision in await connection.execute(query_stages):
        stored.add(number)
        move = past.moves.get(number)
        right = {Stage.DRAFT} if move is None else stages_after(move, approvals.get(number, {}))
        if stage not in right:
            found[Kind.STAGE].add(number)
        if not revision == past.revisions.get(number, 0) == submitted.get(number, 0):
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


async def _groups(connection: AsyncConnection, past: Past) -> list[Difference]:
    table, scope = tables.groups, ("area", "site", "point")
    query = select(table.c.chat_id, *(table.c[name] for name in scope))
    stored = {
        chat: "/".join(filter(None, codes)) for chat, *codes in await connection.execute(query)
    }
    wrong = {chat for chat, codes in stored.items() if past.groups.get(chat) != codes}
    return _named(Kind.GROUP, table, wrong | (past.groups.keys() - stored.keys()))


async def _money(connection: AsyncConnection, past: Past) -> list[Difference]:
    """Money is never deleted: what was heard of and asked for has its rows."""
    charges, refunds = tables.payment_charges, tables.payment_refunds
    about = func.coalesce(charges.c.application_id, 0)
    heard = await _counted(connection, select(about, func.count()).group_by(about))
    asked = await _counted(
        connection,
        select(about, func.count())
        .select_from(refunds.join(charges, charges.c.id == refunds.c.charge_id))
        .group_by(about),
    )
    return _fewer(Kind.CHARGES, heard, past.charges) + _fewer(Kind.REFUNDS, asked, past.refunds)


def _fewer(kind: Kind, stored: Mapping[int, int], told: Counter[int]) -> list[Difference]:
    """Name applications with fewer rows than were told; 0 if the sum alone is too small.

    The audit does not name the application of money that came after an erasure, and the row does.
    """
    gone = {one for one, count in told.items() if one and stored.get(one, 0) < count}
    if not gone and sum(stored.values()) < told.total():
        gone = {0}
    return _named(kind, tables.applications, gone)


async def _late_changes(connection: AsyncConnection, past: Past) -> list[Difference]:
    table = tables.late_changes
    query = select(tables.applications.c.id, func.count(table.c.id)).select_from(
        tables.applications.outerjoin(table, table.c.application_id == tables.applications.c.id)
    )
    stored = await _counted(connection, query.group_by(tables.applications.c.id))
    wrong = {one for one, count in stored.items() if count != past.late_changes[one]}
    return _named(Kind.LATE_CHANGES, tables.applications, wrong)


async def _broadcasts(connection: AsyncConnection, past: Past) -> list[Difference]:
    table = tables.broadcasts
    states = dict(map(tuple, await connection.execute(select(table.c.id, table.c.state))))
    wrong = {
        number
        for number, state in states.items()
        if state not in BROADCAST_ACTS.get(past.broadcasts.get(number, ""), _NOT_BEGUN)
    }
    return _named(Kind.BROADCAST, table, wrong | (past.broadcasts.keys() - states.keys()))


_NOT_BEGUN: Final = (BroadcastState.DRAFT, BroadcastState.CANCELLED)
"""The states of a broadcast that nobody has confirmed."""


async def _exam_versions(connection: AsyncConnection, past: Past) -> list[Difference]:
    """Deadlines and conditions are those of a version; without one those of the files."""
    table = tables.exam_versions
    query = select(table.c.exam, table.c.number, table.c.state)
    stored = {(exam, number): state for exam, number, state in await connection.execute(query)}
    told = {
        (exam, number): state for exam, of in past.versions.items() for number, state in of.items()
    }
    for exam, number in stored:
        if exam not in past.versions and ("", number) in told:  # of an older version's entries
            told[exam, number] = told.pop(("", number))
    wrong = {one for one in stored.keys() | told.keys() if stored.get(one) != told.get(one)}
    return _named(Kind.EXAM, table, {number for _, number in wrong})


async def _releases(connection: AsyncConnection, past: Past) -> list[Difference]:
    """A moment up to which deadlines are released is one that an administrator released.

    Entries of older versions do not name it; it is no later than they are.
    """
    found = []
    for number, fact in enumerate((Fact.RELEASED, Fact.UNPAID_RELEASED)):
        value = await installation.read_within(connection, fact)
        if value is None or any(_allows(at, detail, fact, value) for at, detail in past.releases):
            continue
        found.append(Difference(Kind.RELEASED, tables.facts.name, number))
    return found


def _allows(at: datetime | str, detail: str, fact: Fact, value: str) -> bool:
    named, _, rest = detail.partition(" ")
    if named in (Fact.RELEASED, Fact.UNPAID_RELEASED):
        return named == fact and rest.split(" ")[0] == value
    try:
        return _moment(value) <= _moment(at) + _LATER
    except ValueError:  # written by hand
        return False


def _moment(value: datetime | str) -> datetime:
    """Return a moment of a fact, or of an entry as it is sealed: SQLite has texts in UTC."""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


_LATER: Final = timedelta(hours=1)
"""A message that waited for the bot is older than the count that it releases."""


async def _counted(connection: AsyncConnection, query: Executable) -> dict[int, int]:
    return dict(map(tuple, await connection.execute(query)))


def _named(kind: Kind, table: Table, ids: set[int]) -> list[Difference]:
    return [Difference(kind, table.name, one) for one in sorted(ids)]
