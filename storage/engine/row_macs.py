"""MACs of rows: what gives power, or says who somebody is, changes only with the keys.

A MAC is a keyed hash over the columns of ``BOUND``, encrypted ones included. The key is the look-up
key, which never changes and lies outside the database. An older version of a row has a right MAC,
too: ``storage.audit.replay`` finds it by the audit.
"""

from __future__ import annotations

import hmac
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from operator import attrgetter
from typing import Any, Final

import orjson
from sqlalchemy import ColumnElement, Row, Table, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.engine import tables
from storage.engine.encryption import Keyring, WrongKey

_SCOPE: Final = ("area", "site", "point")
BOUND: Final[Mapping[Table, Mapping[str, tuple[str, ...]]]] = {
    tables.people: {
        "mac": (
            *("id", "bot_id", "telegram_id", "consent", "consented_at"),
            *("identity", "number_hash", "name_hash", "photo"),
        )
    },
    tables.applications: {
        "mac": (
            *("id", "person_id", "exam", *_SCOPE, "specialty", "agreed", "agreed_at"),
            *("answers", "form_version", "photo", "materials", "former", "uploaded_at"),
        ),
        # A transition changes these, and a candidate's answer keeps them.
        "stage_mac": (
            *("id", "person_id", "exam", "stage", "revision"),
            *("submitted_at", "since", "refusal", "expired_from", "bill", "change"),
        ),
    },
    tables.late_changes: {
        "mac": (
            *("id", "application_id", "number", "state", "content", "asked_at"),
            *("account", "decided_at", "until", "words", "ended_at"),
        )
    },
    tables.role_assignments: {
        "mac": (
            *("id", "bot_id", "telegram_id", "role", *_SCOPE, "name"),
            *("granted_by", "granted_at", "revoked_at"),
        )
    },
    tables.invites: {
        "mac": (
            *("id", "token_hash", "bot_id", "role", *_SCOPE, "made_by", "made_at", "expires_at"),
            *("opened_by", "opened_name", "opened_at", "ended_at"),
        )
    },
    tables.decisions: {
        "mac": (
            *("id", "application_id", "revision", "desk", "approving", "assignment_id"),
            *("decided_at", "effective_at", "refusal", "since"),
        )
    },
    tables.cases: {
        "mac": (
            *("id", "kind", "person_id", "number_hash", "area", "site", "opened_at", "closed_at"),
            *("words", "outcome", "decided_by", "decided_at", "effective_at", "answer"),
            *("other_id", "kept_id", "asked_by", "asked_at"),
        )
    },
    tables.spot_checks: {
        "mac": (
            *("id", "application_id", "revision", "desk", "approving", "first_id", "drawn_at"),
            *("second_id", "second_approving", "second_at", "second_words"),
            *("third_id", "third_approving", "third_at", "third_words"),
        )
    },
    tables.second_looks: {
        "mac": (
            *("id", "application_id", "revision", "desk", "assignment_id"),
            *("asked_at", "draft", "outcome", "ended_by", "ended_at"),
        )
    },
    tables.submissions: {
        # The content is encrypted for its place, and has this hash.
        "mac": (
            *("application_id", "number", "changes", "content_hash", "at", "withdrawn_at"),
            "assessment",
        )
    },
    tables.photo_judgements: {
        "mac": ("blob", "person_id", "at", "is_mended", "is_compressed", "verdicts", "content")
    },
    tables.photo_opinions: {
        "mac": ("application_id", "blob", "assignment_id", "at", "was_fine", "verdicts")
    },
    tables.paper_judgements: {"mac": ("blob", "person_id", "at", "look", "read_at", "reading")},
    tables.notes: {"mac": ("id", "application_id", "assignment_id", "at", "words")},
    tables.payment_orders: {
        # State, end and link change with each answer of the provider; they move no money.
        "mac": (
            *("id", "number", "application_id", "person_id", "revision", "way", "amount"),
            *("currency", "made_at", "payer"),
        )
    },
    tables.payment_charges: {
        "mac": (
            *("id", "way", "number", "order", "application_id", "area", "site", "amount"),
            *("expected", "currency", "paid_at", "heard_at", "source", "verdict", "bucket"),
        )
    },
    tables.payment_refunds: {
        "mac": (
            *("id", "number", "charge_id", "amount", "reason", "state", "asked_by", "asked_at"),
            *("agreed_by", "done_at", "receipt"),
        )
    },
    tables.payment_events: {
        "mac": ("id", "order", "charge_id", "kind", "at", "heard_at", "amount", "detail")
    },
    tables.broadcasts: {
        "mac": ("id", "bot_id", "exam", "made_by", "made_at", "audience", "message", "is_paid")
    },
    tables.exam_versions: {
        "mac": (
            *("id", "exam", "number", "state", "content", "replaces", "takes_back"),
            *("made_at", "taken_at", "why"),
        )
    },
    tables.inbox: {"mac": ("id", "bot_id", "update_id", "queue_key", "received_at", "raw")},
    tables.outbox: {
        "mac": ("id", "dedup", "bot_id", "chat_id", "priority", "effect", "slot", "expires_at")
    },
    tables.audit: {"mac": ("id", "at", "actor", "action", "person_id", "application_id", "detail")},
}
"""The bound columns by the column of their MAC. A new column that gives power is added here."""

ADDED: Final[Mapping[tuple[Table, str], int]] = {
    (tables.applications, "stage_mac"): 1,
    (tables.cases, "mac"): 4,
    (tables.submissions, "mac"): 1,
}
"""How many of a MAC's last columns came after ``SINCE``.

Empty ones at the end are left out, so that older MACs stay right.
"""
SINCE: Final = "0009"
"""The first version of the schema with MACs."""
LATER: Final[Mapping[Table, str]] = {
    **dict.fromkeys(
        (
            tables.payment_orders,
            tables.payment_charges,
            tables.payment_refunds,
            tables.broadcasts,
        ),
        "0011",
    ),
    tables.cases: "0014",
    **dict.fromkeys(
        (
            tables.submissions,
            tables.photo_judgements,
            tables.photo_opinions,
            tables.payment_events,
        ),
        "0016",
    ),
    **dict.fromkeys((tables.notes, tables.paper_judgements), "0020"),
}
"""The first version of tables that got their MACs later."""
IDS: Final[Mapping[Table, str]] = {
    tables.submissions: "application_id",
    tables.photo_judgements: "person_id",
    tables.photo_opinions: "application_id",
    tables.paper_judgements: "person_id",
}
"""The column that names a row of a table whose key is not one number."""
AT_ONCE: Final = 500


class RowChanged(WrongKey):
    """A row was changed without the keys."""

    def __init__(self, table: Table, row_id: object) -> None:
        super().__init__(f"{table.name} {row_id} was changed without the keys")
        self.table = table.name
        self.row_id = row_id


def bind(keyring: Keyring, table: Table, row: dict[str, Any]) -> dict[str, Any]:
    """Add the MACs to a row that is to be written, and return it."""
    for name, columns in BOUND[table].items():
        row[name] = _mac(keyring, table, name, map(row.get, columns))
    return row


def check(keyring: Keyring, table: Table, row: Any) -> None:
    """Check the MACs of a row that was read, whose attributes are the columns.

    Raises:
        RowChanged: one of them is not that of the row.
    """
    for name, columns in _attributes(table):
        if not _is_equal(getattr(row, name), _mac(keyring, table, name, columns(row))):
            raise RowChanged(table, id_of(table, row))


def rebound(
    keyring: Keyring, table: Table, row: Row[Any], changed: Mapping[str, Any]
) -> dict[str, Any]:
    """Return a row that was read with some columns changed, and its MACs.

    Raises:
        RowChanged: the row was changed without the keys, and gets no right MAC here.
    """
    check(keyring, table, row)
    return bind(keyring, table, {**as_mapping(table, row), **changed})


def is_sound(keyring: Keyring, table: Table, row: Any) -> bool:
    """Return whether a row that was read has its MACs: for rows that only count."""
    return is_right(keyring, table, as_mapping(table, row))


def id_of(table: Table, row: Any) -> int:
    """Return the number that names a row."""
    number: int = getattr(row, IDS.get(table, "id"))
    return number


def is_right(keyring: Keyring, table: Table, row: Mapping[str, Any]) -> bool:
    """Return whether a row by its columns has its MACs."""
    right = bind(keyring, table, dict(row))
    return all(_is_equal(row[name], right[name]) for name in BOUND[table])


def as_mapping(table: Table, row: Any) -> dict[str, Any]:
    """Return a row that was read by the columns of its table."""
    return {column.key: getattr(row, column.key) for column in table.columns}


async def bind_all(connection: AsyncConnection, keyring: Keyring, before: str) -> None:
    """Give the rows their MACs that have none in the version ``before``.

    It runs in the transaction of the migration, so nobody can write rows of such a version later.
    """
    for table, macs in BOUND.items():
        if before >= LATER.get(table, SINCE):
            continue
        async for row in rows_of(connection, table):
            bound = bind(keyring, table, as_mapping(table, row))
            key = [column == getattr(row, column.key) for column in table.primary_key.columns]
            statement = update(table).where(*key)
            await connection.execute(statement.values({name: bound[name] for name in macs}))


async def rows_of(
    connection: AsyncConnection, table: Table, which: ColumnElement[bool] | None = None
) -> AsyncIterator[Row[Any]]:
    """Yield the rows of a table in the order of its primary key, some at a time."""
    key = [*table.primary_key.columns]
    after: tuple[Any, ...] | None = None
    while True:
        query = select(table).order_by(*key).limit(AT_ONCE)
        if which is not None:
            query = query.where(which)
        if after is not None:
            query = query.where(tuple_(*key) > tuple_(*after))
        rows = (await connection.execute(query)).all()
        for row in rows:
            yield row
        if len(rows) < AT_ONCE:
            return
        after = tuple(getattr(rows[-1], column.key) for column in key)


@cache
def _attributes(table: Table) -> list[tuple[str, Callable[[object], Sequence[Any]]]]:
    """Return for each MAC of a table its name, and what gets its columns from a row."""
    return [(name, attrgetter(*columns)) for name, columns in BOUND[table].items()]


def _is_equal(mac: object, right: str) -> bool:
    return hmac.compare_digest(f"{mac}", right)


def _mac(keyring: Keyring, table: Table, name: str, values: Iterable[Any]) -> str:
    plain = [value if type(value) in _SAME else _plain(value) for value in values]
    for _ in range(ADDED.get((table, name), 0)):
        if plain[-1] is None:
            plain.pop()
    return keyring.hash(f"row {table.name} {name}", orjson.dumps(plain, default=repr))


_SAME: Final = frozenset({str, int, bool, type(None)})
"""The types of values that both databases return alike."""


def _plain(value: Any) -> Any:
    """Return one value for both databases: they return moments and bytes of their own."""
    if isinstance(value, datetime):
        aware = value if value.tzinfo else value.replace(tzinfo=UTC)
        return aware.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, bytes | memoryview):
        return value.hex()
    return value
