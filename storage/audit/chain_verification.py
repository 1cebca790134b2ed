"""Verification of the audit's chain: the first broken place, and the kind of the break.

It streams one snapshot in constant memory, beside a running bot.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.audit.chain import AS_SEALED, BEGINNING, ChainHead, digest_of
from storage.engine.encryption import Keyring
from storage.engine.ids import LOWEST
from storage.engine.tables import audit, heads, seals

AT_ONCE = 1_000
SHORTEST = 16
"""The fewest hex digits of a digest to compare: 64 bits, and each guess needs the key."""

Link = Row[Any]
"""A seal joined with its row; the row's columns are None if the row is gone."""


class Flaw(StrEnum):
    """The kinds of a break."""

    EDITED = "edited"  # the row differs from the sealed row
    DELETED = "deleted"  # the row is gone, its seal exists
    REORDERED = "reordered"  # the place holds another row than the sealed one
    INSERTED = "inserted"  # a row with a forged seal: without it the chain fits
    SEAL = "seal"  # the row is intact, its seal was changed
    GAP = "gap"  # seals are missing, with or without their rows
    CUT = "cut"  # the chain ends before a known head
    HEAD = "head"  # the chain is consistent, but differs from that of the head


@dataclass(frozen=True, slots=True)
class Break:
    """The first broken place: ``seq``, up to ``last`` for missing seals, and the row's id."""

    flaw: Flaw
    seq: int
    audit_id: int | None = None
    last: int | None = None


@dataclass(frozen=True, slots=True)
class Verification:
    """The result: valid up to ``head``, the number of unsealed rows, and the first break."""

    head: ChainHead
    unsealed: int
    broken: Break | None = None


@dataclass(frozen=True, slots=True)
class Heads:
    """The known heads: the stored digests by seq, and one from outside the database."""

    kept: Mapping[int, str]
    outside: ChainHead | None = None

    @property
    def farthest(self) -> int:
        """The highest seq that the chain has reached."""
        return max([0, *self.kept, *([self.outside.seq] if self.outside else [])])

    def matches(self, seq: int, digest: str) -> list[bool]:
        """Return for each head at this place whether it has this digest."""
        found = [self.kept[seq] == digest] if seq in self.kept else []
        if self.outside and self.outside.seq == seq:
            found.append(digest.startswith(self.outside.digest))
        return found


async def verify_chain(
    connection: AsyncConnection, keyring: Keyring, outside: ChainHead | None = None
) -> Verification:
    """Follow the chain to its end or to the first break.

    Args:
        connection: of ``Database.read``, so that all rows are of one snapshot.
        outside: a head from the administrators' chat, its digest of ``SHORTEST`` digits or more. It
            shows a tail cut off with its stored heads, and a chain rebuilt with the keys.

    Raises:
        ValueError: the digest is shorter.
    """
    if outside and len(outside.digest) < SHORTEST:
        raise ValueError("the digest has too few digits")
    stored = await connection.execute(select(heads.c.seq, heads.c.digest))
    known = Heads({row.seq: row.digest for row in stored}, outside)
    head, broken = BEGINNING, None
    async for link in _links(connection):
        broken = await _break_at(connection, keyring, head.digest, head.seq + 1, link, known)
        if broken:
            break
        head = ChainHead(link.seq, link.digest)
    if broken is None and known.farthest > head.seq:
        broken = Break(Flaw.CUT, head.seq + 1, last=known.farthest)
    return Verification(head, await _unsealed(connection), broken)


async def _break_at(
    connection: AsyncConnection, keyring: Keyring, before: str, seq: int, link: Link, known: Heads
) -> Break | None:
    """Return the break at the link that should be ``seq`` and follow the digest ``before``."""
    if link.seq > seq:
        return Break(Flaw.GAP, seq, last=link.seq - 1)
    if link.seq < seq:  # 0 or less: not of our chain
        return Break(Flaw.INSERTED, link.seq, link.audit_id)
    if link.id is not None and digest_of(keyring, before, link) == link.digest:
        fits = all(known.matches(seq, link.digest))
        return None if fits else Break(Flaw.HEAD, seq, link.audit_id)
    flaw = await _flaw_beside(connection, keyring, before, link, known)
    return Break(flaw or await _flaw(connection, keyring, before, link), seq, link.audit_id)


async def _flaw_beside(
    connection: AsyncConnection, keyring: Keyring, before: str, link: Link, known: Heads
) -> Flaw | None:
    """Return the flaw of a wrong link as the next link or a head shows it."""
    if link.id is None:
        return None
    right = digest_of(keyring, before, link)
    if any(known.matches(link.seq, right)):
        return Flaw.SEAL
    following = (await connection.execute(_LINKS, {"after": link.seq, "most": 1})).first()
    if following is None or following.id is None:
        return None
    if following.digest in (right, digest_of(keyring, right, following)):
        return Flaw.SEAL
    if following.digest == digest_of(keyring, before, following):
        is_swapped = digest_of(keyring, following.digest, link) == link.digest
        return Flaw.REORDERED if is_swapped else Flaw.INSERTED
    return None


async def _flaw(connection: AsyncConnection, keyring: Keyring, before: str, link: Link) -> Flaw:
    """Search the whole audit for the row that belongs here, and return the flaw."""
    is_there = link.id is not None
    async for row in _rows(connection):
        fits = digest_of(keyring, before, row)
        if fits in (link.digest, row.digest):
            return Flaw.SEAL if row.seq is None else Flaw.REORDERED
        if digest_of(keyring, before, row, link.audit_id) == link.digest:
            return Flaw.REORDERED if is_there else Flaw.EDITED
    return Flaw.EDITED if is_there else Flaw.DELETED


async def _unsealed(connection: AsyncConnection) -> int:
    query = select(func.count()).select_from(_AUDIT_AND_SEALS).where(seals.c.seq.is_(None))
    return await connection.scalar(query) or 0


async def _links(connection: AsyncConnection) -> AsyncIterator[Link]:
    """Yield the chain in order, each link with its row."""
    after = LOWEST
    while links := (await connection.execute(_LINKS, {"after": after, "most": AT_ONCE})).all():
        for link in links:
            yield link
        after = links[-1].seq


async def _rows(connection: AsyncConnection) -> AsyncIterator[Row[Any]]:
    """Yield every row of the audit with its seal, if any."""
    after = LOWEST
    while rows := (await connection.execute(_ROWS, {"after": after})).all():
        for row in rows:
            yield row
        after = rows[-1].id


_SEAL = (seals.c.seq, seals.c.audit_id, seals.c.digest)
_LINKS = (
    select(*_SEAL, *AS_SEALED)
    .select_from(seals.outerjoin(audit, audit.c.id == seals.c.audit_id))
    .where(seals.c.seq > bindparam("after"))
    .order_by(seals.c.seq)
    .limit(bindparam("most"))
)
_AUDIT_AND_SEALS = audit.outerjoin(seals, seals.c.audit_id == audit.c.id)
_ROWS = (
    select(*_SEAL, *AS_SEALED)
    .select_from(_AUDIT_AND_SEALS)
    .where(audit.c.id > bindparam("after"))
    .order_by(audit.c.id)
    .limit(AT_ONCE)
)
