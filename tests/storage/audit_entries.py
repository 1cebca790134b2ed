"""An audit with a chain: deeds of invented people, sealed and then tampered with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from storage.audit import audit_log, chain, chain_verification
from storage.audit.audit_log import AuditAction, AuditEntry
from storage.audit.chain import AGE, Chain, ChainHead
from storage.audit.chain_verification import Break, Verification
from storage.engine import tables
from storage.engine.database import Database
from storage.engine.encryption import Keyring
from tests.storage.process import LING, NOW, keyring

SECOND = timedelta(seconds=1)
LATER = NOW + timedelta(days=1)
"""When every deed below is old enough to be sealed."""


def action(number: int, at: datetime = NOW) -> AuditEntry:
    """A deed of Ling's with this id."""
    return AuditEntry(number, at, LING, AuditAction.SUBMITTED, 64, 65, f"{number}")


async def note(db: Database, entries: Iterable[AuditEntry], keys: Keyring | None = None) -> None:
    """Write these entries."""
    rows = [audit_log.as_row(keys or keyring(), entry) for entry in entries]
    if rows:
        async with db.write() as connection:
            await connection.execute(tables.audit.insert(), rows)


async def forget(db: Database) -> None:
    """Begin with an empty audit again."""
    async with db.write() as connection:
        for table in (tables.heads, tables.seals, tables.audit):
            await connection.execute(table.delete())


async def sealed(db: Database, count: int) -> Chain:
    """The chain over deeds of the ids 64, 128, … one second apart, all sealed."""
    await note(db, (action(64 * n, NOW + n * SECOND) for n in range(1, count + 1)))
    made = Chain(db, keyring())
    await made.seal(NOW + count * SECOND + AGE)
    return made


async def head(db: Database) -> ChainHead:
    """How far the chain goes."""
    async with db.read() as connection:
        return await chain.newest(connection)


async def links(db: Database) -> list[tuple[int, int]]:
    """The chain as it lies there: seq and the row's id."""
    query = select(tables.seals.c.seq, tables.seals.c.audit_id).order_by(tables.seals.c.seq)
    async with db.read() as connection:
        return [(seq, audit_id) for seq, audit_id in await connection.execute(query)]


async def digests(db: Database) -> Sequence[str]:
    """All digests, in order."""
    async with db.read() as connection:
        query = select(tables.seals.c.digest).order_by(tables.seals.c.seq)
        return (await connection.scalars(query)).all()


async def inspected(db: Database, outside: ChainHead | None = None) -> Verification:
    """Return the findings of an inspection."""
    async with db.read() as connection:
        return await chain_verification.verify_chain(connection, keyring(), outside)


async def broken(db: Database, outside: ChainHead | None = None) -> Break | None:
    """The first break that an inspection finds."""
    return (await inspected(db, outside)).broken
