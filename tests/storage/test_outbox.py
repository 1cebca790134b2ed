"""Messages to be: what is kept of them, and what becomes of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from states.outcome import Act, Edit, Erase, Leave, Priority, Say
from states.records import PersonId
from states.texts import Argument, Problem, Text
from storage import people, tables
from storage.outbox import FORBIDDEN, Outgoing, Sent, act_of_json, act_to_json
from storage.tables import OutboxState
from tests.databases import lying
from tests.storage.made import BOT, LING, MING, NOW, PERSON, Office, kept, keyring, started

LATER = NOW + timedelta(minutes=1)


def row(number: int = 1, act: Act | None = None, **more: Any) -> Outgoing:
    fields: dict[str, Any] = {"chat_id": LING, "made_at": NOW} | more
    return Outgoing(number, f"u{number}", BOT, act=act or Say("Home:menu"), **fields)


async def add(office: Office, *rows: Outgoing) -> None:
    async with office.db.write() as connection:
        await office.outbox.add(connection, rows)


async def mark(office: Office, *marks: Sent) -> None:
    async with office.db.write() as connection:
        await office.outbox.mark(connection, marks)


async def states(database: str) -> dict[int, str]:
    rows = await kept(database, select(tables.outbox.c.id, tables.outbox.c.state))
    return dict(tuple(row) for row in rows)


# --- acts ----------------------------------------------------------------------------------------

WORDS = st.text(max_size=8)
ZONES = st.sampled_from([UTC, timezone(timedelta(hours=8)), timezone(timedelta(hours=-3.5))])
PLAIN: st.SearchStrategy[Argument] = st.one_of(
    WORDS,
    st.integers(-(2**53), 2**53),
    st.dates(),
    st.datetimes(timezones=st.none() | ZONES),
)


def texts(arguments: st.SearchStrategy[Argument]) -> st.SearchStrategy[Text]:
    of = st.dictionaries(WORDS, arguments, max_size=3)
    return st.builds(Text, WORDS, of) | st.builds(Problem, WORDS, of)


TEXTS = texts(st.recursive(PLAIN, texts, max_leaves=4))
LEADS = st.lists(TEXTS, max_size=3).map(tuple)
AT = st.dictionaries(WORDS, WORDS, max_size=3)
PRIORITIES = st.sampled_from(Priority)
ACTS: st.SearchStrategy[Act] = st.one_of(
    st.builds(Say, WORDS, AT, LEADS, st.none() | WORDS, PRIORITIES),
    st.builds(Edit, WORDS, st.none() | WORDS, AT, LEADS, PRIORITIES),
    st.builds(Edit, WORDS, st.none(), AT, LEADS, PRIORITIES, st.integers(1, 2**53)),
    st.builds(Erase, st.integers(1, 2**53)),
    st.builds(Leave, st.integers(-(2**53), -1)),
)


def kinds(text: Argument) -> list[object]:
    """The types in a text, down to its last argument: equality alone takes True for 1."""
    if not isinstance(text, Text):
        return [type(text)]
    return [type(text), *(kind for value in text.args.values() for kind in kinds(value))]


@given(ACTS)
def test_an_act_is_read_as_it_was_written(act: Act) -> None:
    read = act_of_json(act_to_json(act))
    assert read == act
    assert type(read) is type(act)
    if isinstance(act, Say | Edit) and isinstance(read, Say | Edit):
        assert [kinds(lead) for lead in read.leads] == [kinds(lead) for lead in act.leads]
        assert type(read.priority) is Priority


def test_moments_and_days_stay_what_they_are() -> None:
    args: dict[str, Argument] = {
        "day": date(2025, 12, 2),
        "moment": datetime(2025, 12, 2, tzinfo=UTC),
    }
    read = act_of_json(act_to_json(Say("x", leads=(Text("outer", {"in": Text("inner", args)}),))))
    assert isinstance(read, Say)
    inner = read.leads[0].args["in"]
    assert isinstance(inner, Text)
    assert {name: type(value) for name, value in inner.args.items()} == {
        "day": date,
        "moment": datetime,
    }


# --- adding --------------------------------------------------------------------------------------


async def test_what_is_added_waits_as_it_was(office: Office) -> None:
    rows = [
        row(1, Say("Form:asking", {"field": "employer"}, (Problem("problem-text-short"),))),
        row(2, Edit("todo", "status", priority=Priority.NOTICE), expires_at=LATER),
        row(3, Erase(7)),
        row(4, Leave(-5), chat_id=-5),
    ]
    await add(office, *rows)
    assert await office.outbox.waiting(NOW) == rows


async def test_one_decision_is_one_row(office: Office) -> None:
    first = row(1)
    await add(office, first, replace(row(2), dedup=first.dedup))
    await add(office, replace(row(3), dedup=first.dedup), row(4))
    assert [waiting.id for waiting in await office.outbox.waiting(NOW)] == [1, 4]


async def test_an_id_that_is_used_twice_is_no_silence(office: Office) -> None:
    await add(office, row(1))
    with pytest.raises(IntegrityError):
        await add(office, replace(row(1), dedup="another"))


async def test_nothing_to_add_or_to_mark_is_no_fault(office: Office) -> None:
    await add(office)
    await mark(office)
    assert await office.outbox.waiting(NOW) == []


async def test_what_is_to_be_said_cannot_be_read_in_the_file(office: Office, database: str) -> None:
    await add(office, row(1, Say("Account:confirm", leads=(Text("secret-words"),))))
    assert b"secret-words" not in await lying(database)
    assert b"Account:confirm" not in await lying(database)


async def test_rows_are_those_of_their_act() -> None:
    assert row(1, Erase(7)).priority is Priority.REPLY
    assert row(1, Erase(7)).slot is None
    said = row(1, Say("x", slot="status", priority=Priority.BULK))
    assert (said.priority, said.slot) == (Priority.BULK, "status")


# --- waiting -------------------------------------------------------------------------------------


async def test_rows_wait_in_the_order_they_were_made_until_their_time(office: Office) -> None:
    await add(office, row(3), row(1), row(2, not_before=LATER), row(4, not_before=NOW))
    assert [waiting.id for waiting in await office.outbox.waiting(NOW)] == [1, 3, 4]
    assert [waiting.id for waiting in await office.outbox.waiting(LATER)] == [1, 2, 3, 4]
    assert [waiting.id for waiting in await office.outbox.waiting(LATER, after=2)] == [3, 4]


async def test_what_is_over_waits_no_more_even_after_a_restart(database: str) -> None:
    async with started(database) as before:
        await add(before, row(1), row(2), row(3))
        await mark(before, Sent(row(1), OutboxState.SENT, NOW, message_id=9))
        await mark(before, Sent(row(3), OutboxState.FAILED, NOW, error="400"))
    async with started(database) as after:
        assert [waiting.id for waiting in await after.outbox.waiting(NOW)] == [2]


# --- marks ---------------------------------------------------------------------------------------


async def test_a_mark_says_what_became_of_it_and_empties_it(office: Office, database: str) -> None:
    await add(office, row(1), row(2), row(3))
    await mark(
        office,
        Sent(row(1, attempts=1), OutboxState.SENT, LATER, message_id=9),
        Sent(row(2, attempts=3), OutboxState.FAILED, LATER, error="400"),
    )
    t = tables.outbox.c
    query = select(t.id, t.state, t.message_id, t.error, t.attempts, t.done_at, t.act.is_(None))
    assert await kept(database, query.order_by(t.id)) == [
        (1, OutboxState.SENT, 9, None, 1, LATER, True),
        (2, OutboxState.FAILED, None, "400", 3, LATER, True),
        (3, OutboxState.WAITING, None, None, 0, None, False),
    ]


async def test_a_slot_names_its_newest_message(office: Office) -> None:
    status, card = Say("todo", slot="status"), Say("card", slot="card:5")
    rows = [row(1, status), row(2, status), row(3, card), row(4), row(5, status, chat_id=MING)]
    await add(office, *rows)
    assert await office.outbox.newest(BOT, LING, "status") is None
    await mark(office, *(Sent(r, OutboxState.SENT, NOW, message_id=r.id * 10) for r in rows))
    assert await office.outbox.newest(BOT, LING, "status") == 20
    assert await office.outbox.newest(BOT, LING, "card:5") == 30
    assert await office.outbox.newest(BOT, MING, "status") == 50
    assert await office.outbox.newest(BOT + 1, LING, "status") is None


async def test_an_edit_of_the_very_message_is_in_no_slot(office: Office, database: str) -> None:
    edit = row(1, Edit("Form:asking", at={"field": "subjects"}, message_id=77))
    await add(office, edit)
    assert await office.outbox.waiting(NOW) == [edit]
    assert await kept(database, select(tables.outbox.c.slot)) == [(None,)]
    await mark(office, Sent(edit, OutboxState.SENT, NOW, message_id=77))
    assert await kept(database, select(tables.slots)) == []


async def test_a_message_that_was_not_made_is_in_no_slot(office: Office) -> None:
    status = row(1, Say("todo", slot="status"))
    await add(office, status)
    await mark(office, Sent(status, OutboxState.FAILED, NOW, error="400"))
    assert await office.outbox.newest(BOT, LING, "status") is None


@pytest.mark.parametrize(("error", "blocked"), [(FORBIDDEN, LATER), ("400", None), (None, None)])
async def test_who_blocked_the_bot_is_marked_and_nobody_else(
    office: Office, database: str, error: str | None, blocked: datetime | None
) -> None:
    others = [
        replace(PERSON, id=PersonId(128), telegram_id=MING),
        replace(PERSON, id=PersonId(192), bot_id=BOT + 1),
    ]
    async with office.db.write() as connection:
        everybody = [people.as_row(keyring(), person) for person in (PERSON, *others)]
        await connection.execute(insert(tables.people), everybody)
    await add(office, row(1))
    await mark(office, Sent(row(1), OutboxState.FAILED, LATER, error=error))
    query = select(tables.people.c.blocked_at).order_by(tables.people.c.id)
    assert await kept(database, query) == [(blocked,), (None,), (None,)]


# --- bulk ----------------------------------------------------------------------------------------


async def test_bulk_that_a_crash_caught_is_unknown_and_never_repeated(database: str) -> None:
    bulk = Say("broadcast", priority=Priority.BULK)
    async with started(database) as before:
        await add(before, row(1, bulk), row(2, bulk), row(3, bulk))
        await before.outbox.claim([1, 2])
        await mark(before, Sent(row(1, bulk), OutboxState.SENT, NOW, message_id=9))
    async with started(database) as after:
        assert await after.outbox.own_up() == 1
        assert await after.outbox.own_up() == 0
        assert [waiting.id for waiting in await after.outbox.waiting(LATER)] == [3]
    assert await states(database) == {
        1: OutboxState.SENT,
        2: OutboxState.UNKNOWN,
        3: OutboxState.WAITING,
    }
    assert await kept(
        database, select(tables.outbox.c.id).where(tables.outbox.c.act.is_not(None))
    ) == [(3,)]


async def test_what_is_over_cannot_be_claimed(office: Office, database: str) -> None:
    await add(office, row(1))
    await mark(office, Sent(row(1), OutboxState.SENT, NOW, message_id=9))
    await office.outbox.claim([1])
    assert await states(database) == {1: OutboxState.SENT}


async def test_pruning_drops_only_what_was_over_long_ago(office: Office, database: str) -> None:
    old = NOW - timedelta(days=31)
    await add(office, *(row(number, made_at=old) for number in (1, 2, 3)), row(4))
    await mark(office, *(Sent(row(number), OutboxState.SENT, NOW) for number in (1, 4)))
    await office.outbox.claim([2])
    await office.outbox.prune(NOW - timedelta(days=30))
    assert sorted(await states(database)) == [2, 3, 4]


async def test_pruning_looks_at_the_oldest_rows_only(
    office: Office, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.outbox.PRUNED_AT_ONCE", 2)
    await add(office, *(row(number) for number in (1, 2, 3)))
    await mark(office, *(Sent(row(number), OutboxState.SENT, NOW) for number in (1, 2, 3)))
    later = NOW + timedelta(days=1)
    assert await office.outbox.prune(later) == 2
    assert list(await states(database)) == [3]
    assert await office.outbox.prune(later) == 1
    assert await office.outbox.prune(later) == 0
    assert await states(database) == {}
