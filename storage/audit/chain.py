"""The audit's hash chain: each seal is a keyed hash of a row and the previous seal.

Without the keys nobody can make a seal. So ``storage.audit.chain_verification`` finds every
changed, deleted, inserted or moved row. The bot stores the chain's head daily and sends it to the
administrators. A head beyond the chain's end shows that the tail is missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import Row, String, bindparam, func, select, type_coerce
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.engine import row_macs
from storage.engine.database import Database
from storage.engine.encryption import Keyring
from storage.engine.ids import LOWEST
from storage.engine.tables import audit, heads, seals

AGE = timedelta(seconds=10)
"""The age at which a row is sealed. Worker and scheduler commit independently; after this time most
ids rise along the chain. Correctness does not depend on it.
"""
AT_ONCE = 5_000
"""The rows that one run seals: with a run every 30 s, 14 million a day."""
FULL_SCAN_EVERY = timedelta(hours=1)
"""The interval between two scans of the whole audit for rows that came late."""

AS_SEALED = (
    audit.c.id,
    type_coerce(audit.c.at, String).label("at"),  # a forged value may be no moment
    audit.c.actor,
    audit.c.action,
    audit.c.person_id,
    audit.c.application_id,
    audit.c.detail,
)
"""The sealed columns: the whole row."""

Sealable = Row[Any]
"""A row with at least the columns of ``AS_SEALED``."""


@dataclass(frozen=True, slots=True)
class ChainHead:
    """The end of the chain: ``seq`` (dense from 1) and its digest of 64 hex digits."""

    seq: int
    digest: str


@dataclass(frozen=True, slots=True)
class KeptHead:
    """A stored head and the time of its message to the administrators."""

    head: ChainHead
    at: datetime


BEGINNING = ChainHead(0, "")
"""The head of an empty chain."""


def digest_of(keyring: Keyring, previous: str, row: Sealable, audit_id: int | None = None) -> str:
    """Return the digest of a row after ``previous``; ``audit_id`` replaces the row's own id."""
    its_id = row.id if audit_id is None else audit_id
    values = [its_id, _moment(row.at), row.actor, row.action]
    values += [row.person_id, row.application_id, row.detail]
    # A SQLite column holds any type, so a forged row may have values that JSON does not.
    return keyring.hash("audit", previous, orjson.dumps(values, default=repr))


def is_genuine(keyring: Keyring, row: Sealable) -> bool:
    """Return whether a row was written with the keys; it has its MAC beside ``AS_SEALED``."""
    values = {name: getattr(row, name) for name in row_macs.BOUND[audit]["mac"]}
    return row_macs.is_right(keyring, audit, {**values, "at": _moment(row.at), "mac": row.mac})


def _moment(value: object) -> object:
    """Return one text for a moment, whichever type the database returns."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return value
    if not isinstance(value, datetime):
        return value
    aware = value if value.tzinfo else value.replace(tzinfo=UTC)
    return aware.astimezone(UTC).isoformat(timespec="microseconds")


class Chain:
    """The writer of the seals.

    Every committed row gets one seal, after all earlier seals. The order of the chain is that of
    ``seq``, and mostly that of the ids. A late row follows rows of higher ids: its update waited
    for hours, or its transaction took longer than ``AGE``. The next run seals it, or the next full
    scan: at the start and hourly. Only the database's access rights protect an unsealed row.
    """

    def __init__(self, db: Database, keyring: Keyring) -> None:
        self._db = db
        self._keyring = keyring
        self._above = LOWEST
        self._full_scan_at: datetime | None = None

    async def seal(self, now: datetime) -> ChainHead | None:
        """Seal rows older than ``AGE``, lowest ids first, up to ``AT_ONCE``; return the new head.

        A row without its MAC is never sealed, and ``audit verify`` names it.
        Returns None without new rows, or if another process was faster. It takes three reading
        statements, and two more in a writing transaction if there are rows.

        Raises:
            Unavailable: the database is gone or locked; no row was sealed.
        """
        last = self._full_scan_at
        is_full = last is None or now - last >= FULL_SCAN_EVERY
        async with self._db.read() as connection:
            head = await newest(connection)
            highest = await connection.scalar(select(func.max(seals.c.audit_id)))
            rows, is_all = await self._unsealed(
                connection, LOWEST if is_full else self._above, now - AGE
            )
        if rows:
            links = self._links(head, rows)
            async with self._db.write() as connection:
                if await newest(connection) != head:
                    return None
                await connection.execute(seals.insert(), links)
            head = ChainHead(links[-1]["seq"], links[-1]["digest"])
        if is_full and is_all:
            # The highest id of an earlier run: unsealed younger rows may lie below this run's.
            self._above, self._full_scan_at = LOWEST if highest is None else highest, now
        return head if rows else None

    async def _unsealed(
        self, connection: AsyncConnection, above: int, before: datetime
    ) -> tuple[list[Sealable], bool]:
        """Return the genuine unsealed rows above an id, and whether there are no more."""
        found: list[Sealable] = []
        while len(found) < AT_ONCE:
            parameters = {"above": above, "before": before}
            rows = (await connection.execute(_UNSEALED, parameters)).all()
            found += [row for row in rows if is_genuine(self._keyring, row)]
            if len(rows) < AT_ONCE:
                return found, True
            above = rows[-1].id
        return found[:AT_ONCE], False

    def _links(self, head: ChainHead, rows: Sequence[Sealable]) -> list[dict[str, Any]]:
        links, digest = [], head.digest
        for seq, row in enumerate(rows, start=head.seq + 1):
            digest = digest_of(self._keyring, digest, row)
            links.append({"seq": seq, "audit_id": row.id, "digest": digest})
        return links


_UNSEALED = (
    select(*AS_SEALED, audit.c.mac)
    .select_from(audit.outerjoin(seals, seals.c.audit_id == audit.c.id))
    .where(
        seals.c.seq.is_(None),
        audit.c.id > bindparam("above"),
        audit.c.at <= bindparam("before", type_=audit.c.at.type),
    )
    .order_by(audit.c.id)
    .limit(AT_ONCE)
)


async def newest(connection: AsyncConnection) -> ChainHead:
    """Return the head of the chain; ``BEGINNING`` for an empty one."""
    query = select(seals.c.seq, seals.c.digest).order_by(seals.c.seq.desc()).limit(1)
    row = (await connection.execute(query)).first()
    return ChainHead(row.seq, row.digest) if row else BEGINNING


async def last_kept(connection: AsyncConnection) -> KeptHead | None:
    """Return the newest stored head."""
    row = (await connection.execute(select(heads).order_by(heads.c.seq.desc()).limit(1))).first()
    return KeptHead(ChainHead(row.seq, row.digest), row.at) if row else None


async def keep(connection: AsyncConnection, head: ChainHead, at: datetime) -> None:
    """Store a head in the transaction of its message to the administrators."""
    await connection.execute(heads.insert().values(seq=head.seq, digest=head.digest, at=at))
