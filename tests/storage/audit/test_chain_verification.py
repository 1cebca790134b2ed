"""Whatever is done to the audit behind the bot's back is found, and called by its name."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Table, delete, select, text, update

from storage.audit import audit_log, chain, chain_verification
from storage.audit.chain import Chain, ChainHead
from storage.audit.chain_verification import SHORTEST, Break, Flaw
from storage.engine import tables
from storage.engine.database import Database
from tests.storage.audit_entries import (
    LATER,
    action,
    broken,
    digests,
    forget,
    head,
    inspected,
    note,
    sealed,
)
from tests.storage.process import NOW, keyring

pytestmark = pytest.mark.row("B13")

COUNT = 7
PLACES = [1, 4, COUNT]
"""First, in the middle, last."""
AUDIT, SEALS, HEADS = tables.audit, tables.seals, tables.heads


def row_of(seq: int) -> int:
    """The id of the row that ``sealed`` seals there."""
    return 64 * seq


async def change(db: Database, table: Table, key: int, **values: Any) -> None:
    """Change one row, as somebody with the database's password does."""
    of = next(iter(table.primary_key)) == key
    async with db.write() as connection:
        await connection.execute(update(table).where(of).values(**values))


async def remove(db: Database, table: Table, *keys: int) -> None:
    """Remove rows."""
    of = next(iter(table.primary_key)).in_(keys)
    async with db.write() as connection:
        await connection.execute(delete(table).where(of))


async def exchange(db: Database, table: Table, one: int, other: int, *columns: str) -> None:
    """Exchange what stands in these columns of two rows; the key itself too, if it is named."""
    key = next(iter(table.primary_key))
    async with db.write() as connection:
        query = select(table).where(key.in_([one, other])).order_by(key)
        names = [one.key for one in table.columns]
        first, second = (
            dict(zip(names, row, strict=True)) for row in await connection.execute(query)
        )
        for column in columns:
            first[column], second[column] = second[column], first[column]
        await connection.execute(delete(table).where(key.in_([one, other])))
        await connection.execute(table.insert(), [first, second])


# --- rows ----------------------------------------------------------------------------------------

EDITS: dict[str, Any] = {
    "at": NOW - timedelta(days=1),
    "actor": 1002,
    "action": "withdrawn",
    "person_id": 128,
    "application_id": 129,
    "detail": "another",
}


@pytest.mark.parametrize("seq", PLACES)
@pytest.mark.parametrize("column", EDITS)
async def test_an_edit_of_any_column_is_found(db: Database, column: str, seq: int) -> None:
    await sealed(db, COUNT)
    await change(db, AUDIT, row_of(seq), **{column: EDITS[column]})
    assert await broken(db) == Break(Flaw.EDITED, seq, row_of(seq))


@pytest.mark.parametrize("column", ["person_id", "application_id"])
async def test_nobody_is_another_than_somebody(db: Database, column: str) -> None:
    await sealed(db, COUNT)
    await change(db, AUDIT, row_of(4), **{column: None})
    assert await broken(db) == Break(Flaw.EDITED, 4, row_of(4))


async def test_the_smallest_edit_of_a_moment_is_found(db: Database) -> None:
    await sealed(db, COUNT)
    async with db.read() as connection:
        at = await connection.scalar(select(AUDIT.c.at).where(AUDIT.c.id == row_of(4)))
    assert at is not None
    await change(db, AUDIT, row_of(4), at=at + timedelta(microseconds=1))
    assert await broken(db) == Break(Flaw.EDITED, 4, row_of(4))


@pytest.mark.parametrize(
    "to", ["at = 'yesterday'", "at = 5", "actor = 'Ling'", "detail = x'00ff'", "deed = 7.5"]
)
async def test_what_is_not_even_of_the_columns_kind_is_found(sqlite_database: str, to: str) -> None:
    """SQLite keeps anything in any column."""
    db = Database(sqlite_database)
    await sealed(db, COUNT)
    async with db.write() as connection:
        await connection.execute(text(f"UPDATE audit SET {to} WHERE id = {row_of(4)}"))
    assert await broken(db) == Break(Flaw.EDITED, 4, row_of(4))
    await db.close()


@pytest.mark.parametrize("seq", PLACES)
async def test_a_row_under_another_id_is_an_edited_one(db: Database, seq: int) -> None:
    await sealed(db, COUNT)
    await change(db, AUDIT, row_of(seq), id=row_of(seq) + 1)
    assert await broken(db) == Break(Flaw.EDITED, seq, row_of(seq))


@pytest.mark.parametrize("seq", PLACES)
async def test_a_row_that_is_gone_is_found(db: Database, seq: int) -> None:
    await sealed(db, COUNT)
    await remove(db, AUDIT, row_of(seq))
    assert await broken(db) == Break(Flaw.DELETED, seq, row_of(seq))


CONTENT = ("at", "detail")
"""All in which the rows of ``sealed`` differ but their ids."""


@pytest.mark.parametrize(("one", "other"), [(1, 2), (1, COUNT), (3, 5), (COUNT - 1, COUNT)])
@pytest.mark.parametrize("columns", [CONTENT, ("id",)], ids=["what they say", "their ids"])
async def test_two_rows_that_were_exchanged_are_found(
    db: Database, one: int, other: int, columns: tuple[str, ...]
) -> None:
    await sealed(db, COUNT)
    await exchange(db, AUDIT, row_of(one), row_of(other), *columns)
    assert await broken(db) == Break(Flaw.REORDERED, one, row_of(one))


async def test_all_rows_gone_is_the_first_row_gone(db: Database) -> None:
    await sealed(db, COUNT)
    await remove(db, AUDIT, *map(row_of, range(1, COUNT + 1)))
    assert await broken(db) == Break(Flaw.DELETED, 1, row_of(1))


async def test_the_first_of_several_is_named(db: Database) -> None:
    await sealed(db, COUNT)
    await remove(db, AUDIT, row_of(6))
    await change(db, AUDIT, row_of(3), detail="another")
    assert await broken(db) == Break(Flaw.EDITED, 3, row_of(3))


# --- seals ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("seq", [1, 4, COUNT - 1])
async def test_an_edited_digest_is_found(db: Database, seq: int) -> None:
    await sealed(db, COUNT)
    await change(db, SEALS, seq, digest="0" * 64)
    assert await broken(db) == Break(Flaw.SEAL, seq, row_of(seq))


async def test_at_the_very_end_only_a_head_tells_an_edited_seal_from_an_edited_row(
    db: Database,
) -> None:
    await sealed(db, COUNT)
    at_the_end = await head(db)
    await change(db, SEALS, COUNT, digest="0" * 64)
    assert await broken(db) == Break(Flaw.EDITED, COUNT, row_of(COUNT))
    for digits in (SHORTEST, 64):
        told = ChainHead(COUNT, at_the_end.digest[:digits])
        assert await broken(db, told) == Break(Flaw.SEAL, COUNT, row_of(COUNT))


@pytest.mark.parametrize(("one", "other"), [(1, 2), (2, 5), (COUNT - 1, COUNT)])
async def test_exchanged_digests_are_found(db: Database, one: int, other: int) -> None:
    await sealed(db, COUNT)
    await exchange(db, SEALS, one, other, "digest")
    assert await broken(db) == Break(Flaw.SEAL, one, row_of(one))


@pytest.mark.parametrize(("one", "other"), [(1, 2), (2, 5), (COUNT - 1, COUNT)])
@pytest.mark.parametrize("columns", [("seq",), ("audit_id",)], ids=["seals", "their rows"])
async def test_exchanged_places_are_found(
    db: Database, one: int, other: int, columns: tuple[str, ...]
) -> None:
    await sealed(db, COUNT)
    await exchange(db, SEALS, one, other, *columns)
    assert await broken(db) == Break(Flaw.REORDERED, one, row_of(other))


@pytest.mark.parametrize("seq", PLACES)
async def test_a_seal_that_points_elsewhere_is_found(db: Database, seq: int) -> None:
    await sealed(db, COUNT)
    await note(db, [action(9999)])
    for elsewhere in (9998, 9999):
        await change(db, SEALS, seq, audit_id=elsewhere)
        assert await broken(db) == Break(Flaw.SEAL, seq, elsewhere)


@pytest.mark.parametrize("seqs", [(1,), (4,), (3, 4, 5)])
@pytest.mark.parametrize("with_rows", [True, False])
async def test_links_that_were_taken_out_are_found(
    db: Database, seqs: tuple[int, ...], with_rows: bool
) -> None:
    await sealed(db, COUNT)
    await remove(db, SEALS, *seqs)
    if with_rows:
        await remove(db, AUDIT, *map(row_of, seqs))
    assert await broken(db) == Break(Flaw.GAP, seqs[0], last=seqs[-1])


async def test_links_taken_out_and_the_rest_counted_anew_are_found(db: Database) -> None:
    await sealed(db, COUNT)
    await remove(db, SEALS, 4)
    await remove(db, AUDIT, row_of(4))
    for seq in range(5, COUNT + 1):
        await change(db, SEALS, seq, seq=seq - 1)
    assert await broken(db) == Break(Flaw.EDITED, 4, row_of(5))


@pytest.mark.parametrize("seq", [1, 4])
async def test_a_row_put_in_with_a_forged_seal_is_found(db: Database, seq: int) -> None:
    await sealed(db, COUNT)
    for one in range(COUNT, seq - 1, -1):
        await change(db, SEALS, one, seq=one + 1)
    await note(db, [action(9999)])
    await add_seal(db, seq, 9999)
    assert await broken(db) == Break(Flaw.INSERTED, seq, 9999)


async def add_seal(db: Database, seq: int, audit_id: int) -> None:
    """Add a seal that was made without the key."""
    forged = {"seq": seq, "audit_id": audit_id, "digest": "f" * 64}
    async with db.write() as connection:
        await connection.execute(SEALS.insert(), [forged])


async def test_a_seal_before_the_first_is_a_forged_one(db: Database) -> None:
    await sealed(db, COUNT)
    await add_seal(db, 0, 9999)
    assert await broken(db) == Break(Flaw.INSERTED, 0, 9999)


async def test_a_row_put_at_the_end_with_a_forged_seal_is_found_also_when_more_was_sealed(
    db: Database,
) -> None:
    await sealed(db, COUNT)
    await note(db, [action(9999)])
    await add_seal(db, COUNT + 1, 9999)
    found = Break(Flaw.EDITED, COUNT + 1, 9999)
    assert await broken(db) == found
    await note(db, [action(10_000)])
    await Chain(db, keyring()).seal(LATER)
    assert await broken(db) == found


# --- the tail, and heads -------------------------------------------------------------------------


async def kept_head(db: Database) -> ChainHead:
    """The present head, kept as the clock does it."""
    now = await head(db)
    async with db.write() as connection:
        await chain.keep(connection, now, LATER)
    return now


async def cut(db: Database, seqs: range, *, rows: bool = True) -> None:
    """Remove the seals of a tail, and its rows unless said otherwise."""
    await remove(db, SEALS, *seqs)
    if rows:
        await remove(db, AUDIT, *map(row_of, seqs))


TAIL = range(5, COUNT + 1)


@pytest.mark.parametrize("rows", [True, False])
async def test_a_tail_that_was_cut_off_is_missed_by_the_head_that_was_kept(
    db: Database, rows: bool
) -> None:
    await sealed(db, COUNT)
    await kept_head(db)
    await cut(db, TAIL, rows=rows)
    assert await broken(db) == Break(Flaw.CUT, 5, last=COUNT)
    assert (await inspected(db)).unsealed == (0 if rows else len(TAIL))


async def test_a_tail_cut_off_with_its_heads_is_missed_by_one_from_outside(db: Database) -> None:
    await sealed(db, COUNT)
    outside = await kept_head(db)
    await cut(db, TAIL)
    await remove(db, HEADS, COUNT)
    assert await broken(db) is None, "nothing that is left tells of it"
    assert await broken(db, outside) == Break(Flaw.CUT, 5, last=COUNT)


async def test_an_empty_chain_is_missed_by_one_from_outside(db: Database) -> None:
    await sealed(db, COUNT)
    outside = await kept_head(db)
    await forget(db)
    assert await broken(db, outside) == Break(Flaw.CUT, 1, last=COUNT)


async def test_a_tail_that_grew_again_after_a_cut_is_not_the_one_of_the_head(db: Database) -> None:
    """The bot itself seals what is put there instead."""
    await sealed(db, COUNT)
    outside = await kept_head(db)
    await cut(db, TAIL)
    await remove(db, HEADS, COUNT)
    await note(db, (action(row_of(seq), LATER - timedelta(hours=1)) for seq in TAIL))
    await Chain(db, keyring()).seal(LATER)
    assert await broken(db) is None
    assert await broken(db, outside) == Break(Flaw.HEAD, COUNT, row_of(COUNT))


async def test_seals_taken_off_the_end_come_back_the_same_if_the_rows_are(db: Database) -> None:
    await sealed(db, COUNT)
    await kept_head(db)
    before = await digests(db)
    await cut(db, TAIL, rows=False)
    await Chain(db, keyring()).seal(LATER)
    assert await digests(db) == before
    assert await broken(db) is None


@pytest.mark.parametrize("digits", [0, 1, SHORTEST, 63])
async def test_a_head_that_was_edited_is_found(db: Database, digits: int) -> None:
    """Also one that was only shortened: nobody copied it by hand."""
    await sealed(db, COUNT)
    kept = await kept_head(db)
    for digest in ("0" * 64, kept.digest[:digits]):
        await change(db, HEADS, COUNT, digest=digest)
        assert await broken(db) == Break(Flaw.HEAD, COUNT, row_of(COUNT))


@pytest.mark.parametrize("digits", [SHORTEST, 64])
async def test_a_head_from_outside_may_be_shortened(db: Database, digits: int) -> None:
    await sealed(db, COUNT)
    known = (await digests(db))[3]
    assert await broken(db, ChainHead(4, known[:digits])) is None
    other = ChainHead(4, "0" * digits)
    assert await broken(db, other) == Break(Flaw.HEAD, 4, row_of(4))


async def test_a_head_shortened_to_next_to_nothing_proves_nothing(db: Database) -> None:
    await sealed(db, COUNT)
    known = (await digests(db))[3]
    with pytest.raises(ValueError, match="too few"):
        await inspected(db, ChainHead(4, known[: SHORTEST - 1]))


# --- whatever else -------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 2, 3, 10])
async def test_it_is_read_in_pieces(
    db: Database, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chain_verification, "AT_ONCE", 3)
    monkeypatch.setattr(chain_verification, "_ROWS", chain_verification._ROWS.limit(3))
    await sealed(db, count)
    found = await inspected(db)
    assert (found.head.seq, found.broken) == (count, None)
    await change(db, AUDIT, row_of(count), id=10_000)
    assert await broken(db) == Break(Flaw.EDITED, count, row_of(count))


async def test_an_inspection_is_of_one_moment_while_the_bot_goes_on(
    db: Database, second_db: Database
) -> None:
    await sealed(db, COUNT)
    async with db.read() as connection:
        first = await chain_verification.verify_chain(connection, keyring())
        await note(second_db, [action(9999)])
        await Chain(second_db, keyring()).seal(LATER)
        assert await chain_verification.verify_chain(connection, keyring()) == first
    assert (await inspected(db)).head.seq == COUNT + 1


async def rows_of(db: Database) -> list[list[Any]]:
    """All three tables."""
    async with db.read() as connection:
        return [
            list(await connection.execute(select(table).order_by(*table.primary_key)))
            for table in (AUDIT, SEALS, HEADS)
        ]


@settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(seed=st.integers(0, 2**32), effects=st.integers(1, 4))
async def test_whatever_is_tampered_with_is_found(db: Database, seed: int, effects: int) -> None:
    """Against a head from outside, anything at all; the first place is not after the first act."""
    await forget(db)
    await sealed(db, COUNT)
    outside, before = await kept_head(db), await rows_of(db)
    chance = random.Random(seed)
    for _ in range(effects):
        await tamper(db, chance)
    found = await broken(db, outside)
    assert (found is None) == (await rows_of(db) == before)


async def tamper(db: Database, chance: random.Random) -> None:
    """One act of somebody who has the database and not the keys."""
    seq, other = chance.sample(range(1, COUNT + 1), 2)
    async with db.read() as connection:
        ids = list(await connection.scalars(select(AUDIT.c.id)))
        seqs = list(await connection.scalars(select(SEALS.c.seq)))
    column = chance.choice(list(EDITS))
    match chance.randrange(6):
        case 0:
            await change(db, AUDIT, row_of(seq), **{column: EDITS[column]})
        case 1:
            await remove(db, AUDIT, row_of(seq))
        case 2:
            await remove(db, SEALS, seq)
        case 3:
            await change(db, SEALS, seq, digest=f"{chance.randrange(10)}" * 64)
        case 4 if {row_of(seq), row_of(other)} <= set(ids):
            await exchange(db, AUDIT, row_of(seq), row_of(other), chance.choice([*EDITS, "id"]))
        case 5 if {seq, other} <= set(seqs):
            of_seals = chance.choice(["seq", "audit_id", "digest"])
            await exchange(db, SEALS, seq, other, of_seals)


async def test_the_history_is_kept_of_one_who_was_erased(db: Database) -> None:
    """An erasure removes people and applications; the audit has neither name nor number."""
    await sealed(db, 2)
    async with db.read() as connection:
        kept = await audit_log.of_person(connection, 64)
    assert [entry.detail for entry in kept] == ["64", "128"]
