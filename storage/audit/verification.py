"""Whether the audit is what was sealed; and if not, where it first differs, and how.

It streams: memory stays the same however long the audit is, and one moment is looked at, so that
a bot may go on beside it.
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
"""Hex digits of a digest that are enough to compare with: 64 bits, and each guess needs the key."""

Link = Row[Any]
"""A seal with the row that it is for (whose columns are None where the row is gone)."""


class Flaw(StrEnum):
    """What can be wrong at a place of the chain."""

    EDITED = "edited"  # the row is not what was sealed there
    DELETED = "deleted"  # the row is gone, its seal is there
    REORDERED = "reordered"  # another row stands there than was sealed there
    INSERTED = "inserted"  # a row with a forged seal: without it the chain fits
    SEAL = "seal"  # the row is right, its seal was changed
    GAP = "gap"  # seals were taken out, with or without their rows
    CUT = "cut"  # the chain ends before a head that was told
    HEAD = "head"  # the chain is sound in itself, but is not the one that the head was of


@dataclass(frozen=True, slots=True)
class Break:
    """The first place that is wrong: ``seq``, to ``last`` for what is missing, and the row's id.

    ``audit_id`` is None where it is not known any more.
    """

    flaw: Flaw
    seq: int
    audit_id: int | None = None
    last: int | None = None


@dataclass(frozen=True, slots=True)
class Verification:
    """What was found: sound up to ``head``, so many rows not sealed yet, the first break if any."""

    head: ChainHead
    unsealed: int
    broken: Break | None = None


@dataclass(frozen=True, slots=True)
class Heads:
    """The heads that are known: those that were kept, by seq, and perhaps one from outside."""

    kept: Mapping[int, str]
    outside: ChainHead | None = None

    @property
    def farthest(self) -> int:
        """How far the chain has been at least."""
        return max([0, *self.kept, *([self.outside.seq] if self.outside else [])])

    def agreeing(self, seq: int, digest: str) -> list[bool]:
        """Of each head at this place, whether it names this digest."""
        told = [self.kept[seq] == digest] if seq in self.kept else []
        if self.outside and self.outside.seq == seq:
            told.append(digest.startswith(self.outside.digest))
        return told


async def verify_chain(
    connection: AsyncConnection, keyring: Keyring, outside: ChainHead | None = None
) -> Verification:
    """Follow the chain from its beginning to its end, or to the first place that is wrong.

    Args:
        connection: of ``Database.read``, so that all of it is of one moment.
        outside: a head from outside the database, such as one that was told in the chat; its
            digest may be shortened to ``SHORTEST`` digits. It shows a tail that was cut off with
            the heads that were kept of it, and a chain that was made anew with the keys.

    Raises:
        ValueError: that digest is shorter.
    """
    if outside and len(outside.digest) < SHORTEST:
        raise ValueError("too few digits of a digest prove nothing")
    told = Heads(await _kept(connection), outside)
    head, broken = BEGINNING, None
    async for link in _links(connection):
        broken = await _break_at(connection, keyring, head.digest, head.seq + 1, link, told)
        if broken:
            break
        head = ChainHead(link.seq, link.digest)
    if broken is None and told.farthest > head.seq:
        broken = Break(Flaw.CUT, head.seq + 1, last=told.farthest)
    return Verification(head, await _unsealed(connection), broken)


async def _kept(connection: AsyncConnection) -> dict[int, str]:
    rows = await connection.execute(select(heads.c.seq, heads.c.digest))
    return {row.seq: row.digest for row in rows}


async def _break_at(
    connection: AsyncConnection, keyring: Keyring, before: str, seq: int, link: Link, told: Heads
) -> Break | None:
    """What is wrong with the link that ought to be ``seq`` and follow the digest ``before``."""
    if link.seq > seq:
        return Break(Flaw.GAP, seq, last=link.seq - 1)
    if link.seq < seq:  # 0 or less: nothing of ours
        return Break(Flaw.INSERTED, link.seq, link.audit_id)
    if link.id is not None and digest_of(keyring, before, link) == link.digest:
        fits = all(told.agreeing(seq, link.digest))
        return None if fits else Break(Flaw.HEAD, seq, link.audit_id)
    flaw = await _flaw_beside(connection, keyring, before, link, told)
    return Break(flaw or await _flaw(connection, keyring, before, link), seq, link.audit_id)


async def _flaw_beside(
    connection: AsyncConnection, keyring: Keyring, before: str, link: Link, told: Heads
) -> Flaw | None:
    """What the next link, or a head, says of a link that does not fit."""
    if link.id is None:
        return None
    right = digest_of(keyring, before, link)
    if any(told.agreeing(link.seq, right)):
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
    """What became of the row that belongs here: it is looked for everywhere."""
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
    """The chain in order, each link with its row."""
    after = LOWEST
    while links := (await connection.execute(_LINKS, {"after": after, "most": AT_ONCE})).all():
        for link in links:
            yield link
        after = links[-1].seq


async def _rows(connection: AsyncConnection) -> AsyncIterator[Row[Any]]:
    """Every row of the audit, with its seal if it has one."""
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
