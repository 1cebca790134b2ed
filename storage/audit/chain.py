"""The audit's chain: every row sealed by a keyed hash over itself and the seal before it.

Whoever has the database but not the keys cannot make a seal; so nothing that was sealed can be
changed, taken out, put in or moved without ``storage.audit.audit_log.verification`` finding it. What the chain has
grown to (its head) is kept once a day and told to the administrators; a tail that is cut off is
missed by the head that names it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import Row, String, bindparam, func, select, type_coerce
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.engine.database import Database
from storage.engine.encryption import Keyring
from storage.engine.ids import LOWEST
from storage.engine.tables import audit, heads, seals

AGE = timedelta(seconds=10)
"""How long ago something was done before it is sealed. Pump and clock commit in an order of their
own; after this the ids of the chain rise almost everywhere. Nothing depends on it."""
AT_ONCE = 5_000
"""Rows that one run seals; at a run every half minute that keeps up with 14 million a day."""
LOOKED_OVER_EVERY = timedelta(hours=1)
"""How often the whole audit is looked over for rows that came late."""

AS_SEALED = (
    audit.c.id,
    type_coerce(audit.c.at, String).label("at"),  # as it lies there: an edit may be no moment
    audit.c.actor,
    audit.c.action,
    audit.c.person_id,
    audit.c.application_id,
    audit.c.detail,
)
"""What of a row is sealed: all of it."""

Sealable = Row[Any]
"""A row of the columns above, perhaps with others."""


@dataclass(frozen=True, slots=True)
class ChainHead:
    """How far the chain goes (``seq``, dense from 1), and the digest there, 64 hex digits."""

    seq: int
    digest: str


@dataclass(frozen=True, slots=True)
class KeptHead:
    """A head as it was kept and told, and when."""

    head: ChainHead
    at: datetime


BEGINNING = ChainHead(0, "")
"""The head of a chain without a link."""


def digest_of(keyring: Keyring, previous: str, row: Sealable, audit_id: int | None = None) -> str:
    """The digest of a row that follows a digest; ``audit_id`` in place of its own id, if given."""
    its_id = row.id if audit_id is None else audit_id
    values = [its_id, _moment(row.at), row.actor, row.action]
    values += [row.person_id, row.application_id, row.detail]
    # SQLite keeps in a column whatever it is given; what JSON cannot say is never what we wrote.
    return keyring.hash("audit", previous, orjson.dumps(values, default=repr))


def _moment(value: object) -> object:
    """The same words for the same moment, however the database returns it."""
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
    """Seals what the audit has to be sealed.

    What holds: a row that is committed is sealed exactly once, after everything that was sealed
    before; the order of the chain is that of ``seq``. Mostly it is the order of the ids, too. A row
    that comes late (its update waited for hours, its transaction took longer than ``AGE``) is
    sealed after rows of higher ids: within a run or two if its id is above those of the last look
    over everything, else by the next such look, at a start or within the hour. Until a row is
    sealed, nothing but the database's own access rules protects it.
    """

    def __init__(self, db: Database, keyring: Keyring) -> None:
        self._db = db
        self._keyring = keyring
        self._above = LOWEST
        self._looked_over_at: datetime | None = None

    async def seal(self, now: datetime) -> ChainHead | None:
        """Seal what is older than ``AGE``, lowest ids first, ``AT_ONCE`` at most; the new head.

        None if nothing is new, or a second clock was quicker. Three statements that read, and two
        more, in one transaction that writes, where something is to be sealed.

        Raises:
            Unavailable: the database is gone or locked, or another clock seals; nothing was sealed.
        """
        last = self._looked_over_at
        all_over = last is None or now - last >= LOOKED_OVER_EVERY
        async with self._db.read() as connection:
            head = await newest(connection)
            highest = await connection.scalar(select(func.max(seals.c.audit_id)))
            asked = {"above": LOWEST if all_over else self._above, "before": now - AGE}
            rows = (await connection.execute(_UNSEALED, asked)).all()
        if rows:
            links = self._links(head, rows)
            async with self._db.write() as connection:
                if await newest(connection) != head:
                    return None
                await connection.execute(seals.insert(), links)
            head = ChainHead(links[-1]["seq"], links[-1]["digest"])
        if all_over and len(rows) < AT_ONCE:
            # Not the highest of this run: younger rows, not sealed yet, may lie below it.
            self._above, self._looked_over_at = LOWEST if highest is None else highest, now
        return head if rows else None

    def _links(self, head: ChainHead, rows: Sequence[Sealable]) -> list[dict[str, Any]]:
        links, digest = [], head.digest
        for seq, row in enumerate(rows, start=head.seq + 1):
            digest = digest_of(self._keyring, digest, row)
            links.append({"seq": seq, "audit_id": row.id, "digest": digest})
        return links


_UNSEALED = (
    select(*AS_SEALED)
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
    """How far the chain goes; ``BEGINNING`` before anything is sealed."""
    query = select(seals.c.seq, seals.c.digest).order_by(seals.c.seq.desc()).limit(1)
    row = (await connection.execute(query)).first()
    return ChainHead(row.seq, row.digest) if row else BEGINNING


async def last_kept(connection: AsyncConnection) -> KeptHead | None:
    """The newest head that was kept."""
    row = (await connection.execute(select(heads).order_by(heads.c.seq.desc()).limit(1))).first()
    return KeptHead(ChainHead(row.seq, row.digest), row.at) if row else None


async def keep(connection: AsyncConnection, head: ChainHead, at: datetime) -> None:
    """Keep a head, to be told to the administrators in the same transaction."""
    await connection.execute(heads.insert().values(seq=head.seq, digest=head.digest, at=at))
