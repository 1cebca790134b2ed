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

from states.records import PersonId
from states.staff.reach import OutOfReach
from states.step_result import DeleteMessage, EditScreen, Effect, LeaveChat, Priority, ShowScreen
from states.texts import Argument, Problem, Text
from storage.candidates import people
from storage.engine import tables
from storage.engine.tables import OutboxState
from storage.updates.outbox import (
    DeliveryResult,
    OutgoingMessage,
    effect_of_json,
    effect_to_json,
)
from tests.databases import lying
from tests.storage.process import (
    BOT,
    LING,
    MING,
    NOW,
    PERSON,
    StorageProcess,
    kept,
    keyring,
    started_process,
)

LATER = NOW + timedelta(minutes=1)


def row(number: int = 1, effect: Effect | None = None, **more: Any) -> OutgoingMessage:
    fields: dict[str, Any] = {"chat_id": LING, "made_at": NOW} | more
    return OutgoingMessage(
        number, f"u{number}", BOT, effect=effect or ShowScreen("Home:menu"), **fields
    )


async def add(process: StorageProcess, *rows: OutgoingMessage) -> None:
    async with process.db.write() as connection:
        await process.outbox.add(connection, rows)


async def mark(process: StorageProcess, *marks: DeliveryResult) -> None:
    async with process.db.write() as connection:
        await process.outbox.save_results(connection, marks)


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
ACTS: st.SearchStrategy[Effect] = st.one_of(
    st.builds(ShowScreen, WORDS, AT, LEADS, st.none() | WORDS, PRIORITIES),
    st.builds(EditScreen, WORDS, st.none() | WORDS, AT, LEADS, PRIORITIES),
    st.builds(EditScreen, WORDS, st.none(), AT, LEADS, PRIORITIES, st.integers(1, 2**53)),
    st.builds(DeleteMessage, st.integers(1, 2**53)),
    st.builds(LeaveChat, st.integers(-(2**53), -1)),
)


def kinds(text: Argument) -> list[object]:
    """The types in a text, down to its last argument: equality alone takes True for 1."""
    if not isinstance(text, Text):
        return [type(text)]
    return [type(text), *(kind for value in text.args.values() for kind in kinds(value))]


@given(ACTS)
def test_an_act_is_read_as_it_was_written(effect: Effect) -> None:
    read = effect_of_json(effect_to_json(effect))
    assert read == effect
    assert type(read) is type(effect)
    if isinstance(effect, ShowScreen | EditScreen) and isinstance(read, ShowScreen | EditScreen):
        assert [kinds(lead) for lead in read.header_lines] == [
            kinds(lead) for lead in effect.header_lines
        ]
        assert type(read.priority) is Priority


def test_moments_and_days_stay_what_they_are() -> None:
    args: dict[str, Argument] = {
        "day": date(2025, 12, 2),
        "moment": datetime(2025, 12, 2, tzinfo=UTC),
    }
    read = effect_of_json(
        effect_to_json(ShowScreen("x", header_lines=(Text("outer", {"in": Text("inner", args)}),)))
    )
    assert isinstance(read, ShowScreen)
    inner = read.header_lines[0].args["in"]
    assert isinstance(inner, Text)
    assert {name: type(value) for name, value in inner.args.items()} == {
        "day": date,
        "moment": datetime,
    }


# --- adding --------------------------------------------------------------------------------------


async def test_what_is_added_waits_as_it_was(process: StorageProcess) -> None:
    rows = [
        row(1, ShowScreen("Form:asking", {"field": "employer"}, (Problem("problem-text-short"),))),
        row(2, EditScreen("todo", "status", priority=Priority.NOTICE), expires_at=LATER),
        row(3, DeleteMessage(7)),
        row(4, LeaveChat(-5), chat_id=-5),
    ]
    await add(process, *rows)
    assert await process.outbox.waiting(NOW) == rows


async def test_one_decision_is_one_row(process: StorageProcess) -> None:
    first = row(1)
    await add(process, first, replace(row(2), dedup=first.dedup))
    await add(process, replace(row(3), dedup=first.dedup), row(4))
    assert [waiting.id for waiting in await process.outbox.waiting(NOW)] == [1, 4]


async def test_an_id_that_is_used_twice_is_no_silence(process: StorageProcess) -> None:
    await add(process, row(1))
    with pytest.raises(IntegrityError):
        await add(process, replace(row(1), dedup="another"))


async def test_nothing_to_add_or_to_mark_is_no_fault(process: StorageProcess) -> None:
    await add(process)
    await mark(process)
    assert await process.outbox.waiting(NOW) == []


async def test_what_is_to_be_said_cannot_be_read_in_the_file(
    process: StorageProcess, database: str
) -> None:
    await add(process, row(1, ShowScreen("Account:confirm", header_lines=(Text("secret-words"),))))
    assert b"secret-words" not in await lying(database)
    assert b"Account:confirm" not in await lying(database)


async def test_rows_are_those_of_their_act() -> None:
    assert row(1, DeleteMessage(7)).priority is Priority.REPLY
    assert row(1, DeleteMessage(7)).slot is None
    said = row(1, ShowScreen("x", slot="status", priority=Priority.BULK))
    assert (said.priority, said.slot) == (Priority.BULK, "status")


# --- waiting -------------------------------------------------------------------------------------


async def test_rows_wait_in_the_order_they_were_made_until_their_time(
    process: StorageProcess,
) -> None:
    await add(process, row(3), row(1), row(2, not_before=LATER), row(4, not_before=NOW))
    assert [waiting.id for waiting in await process.outbox.waiting(NOW)] == [1, 3, 4]
    assert [waiting.id for waiting in await process.outbox.waiting(LATER)] == [1, 2, 3, 4]
    assert [waiting.id for waiting in await process.outbox.waiting(LATER, after=2)] == [3, 4]


async def test_what_is_over_waits_no_more_even_after_a_restart(database: str) -> None:
    async with started_process(database) as before:
        await add(before, row(1), row(2), row(3))
        await mark(before, DeliveryResult(row(1), OutboxState.SENT, NOW, message_id=9))
        await mark(before, DeliveryResult(row(3), OutboxState.FAILED, NOW, error="400"))
    async with started_process(database) as after:
        assert [waiting.id for waiting in await after.outbox.waiting(NOW)] == [2]


# --- marks ---------------------------------------------------------------------------------------


async def test_a_mark_says_what_became_of_it_and_empties_it(
    process: StorageProcess, database: str
) -> None:
    await add(process, row(1), row(2), row(3))
    await mark(
        process,
        DeliveryResult(row(1, attempts=1), OutboxState.SENT, LATER, message_id=9),
        DeliveryResult(row(2, attempts=3), OutboxState.FAILED, LATER, error="400"),
    )
    t = tables.outbox.c
    query = select(t.id, t.state, t.message_id, t.error, t.attempts, t.done_at, t.effect.is_(None))
    assert await kept(database, query.order_by(t.id)) == [
        (1, OutboxState.SENT, 9, None, 1, LATER, True),
        (2, OutboxState.FAILED, None, "400", 3, LATER, True),
        (3, OutboxState.WAITING, None, None, 0, None, False),
    ]


async def test_a_slot_names_its_newest_message(process: StorageProcess) -> None:
    status, card = ShowScreen("todo", slot="status"), ShowScreen("card", slot="card:5")
    rows = [row(1, status), row(2, status), row(3, card), row(4), row(5, status, chat_id=MING)]
    await add(process, *rows)
    assert await process.outbox.newest(BOT, LING, "status") is None
    await mark(
        process, *(DeliveryResult(r, OutboxState.SENT, NOW, message_id=r.id * 10) for r in rows)
    )
    assert await process.outbox.newest(BOT, LING, "status") == 20
    assert await process.outbox.newest(BOT, LING, "card:5") == 30
    assert await process.outbox.newest(BOT, MING, "status") == 50
    assert await process.outbox.newest(BOT + 1, LING, "status") is None


async def test_the_slot_of_an_album_leads_to_all_its_messages_and_no_others(
    process: StorageProcess, database: str
) -> None:
    album, next_album = (row(n, ShowScreen("album", slot=f"paper:5:{n}")) for n in (1, 10))
    await add(process, album, next_album)
    await mark(
        process,
        DeliveryResult(album, OutboxState.SENT, NOW, message_id=20, others=(21, 23)),
        DeliveryResult(next_album, OutboxState.SENT, NOW, message_id=30),
    )
    assert await process.outbox.album(BOT, LING, "paper:5:1") == [20, 21, 23]
    assert await process.outbox.newest(BOT, LING, "paper:5:1") == 20
    deletion = row(11, DeleteMessage(slot="paper:5:1"))
    await add(process, deletion)
    await mark(process, DeliveryResult(deletion, OutboxState.SENT, NOW))
    assert await kept(database, select(tables.slots.c.message_id)) == [(30,)]


async def test_messages_to_delete_together_are_stored_together(process: StorageProcess) -> None:
    deletion = row(1, DeleteMessage(20, others=(21, 23)))
    await add(process, deletion)
    assert await process.outbox.waiting(NOW) == [deletion]


async def test_an_edit_of_the_very_message_is_in_no_slot(
    process: StorageProcess, database: str
) -> None:
    edit = row(1, EditScreen("Form:asking", data={"field": "subjects"}, message_id=77))
    await add(process, edit)
    assert await process.outbox.waiting(NOW) == [edit]
    assert await kept(database, select(tables.outbox.c.slot)) == [(None,)]
    await mark(process, DeliveryResult(edit, OutboxState.SENT, NOW, message_id=77))
    assert await kept(database, select(tables.slots)) == []


async def test_a_message_that_was_not_made_is_in_no_slot(process: StorageProcess) -> None:
    status = row(1, ShowScreen("todo", slot="status"))
    await add(process, status)
    await mark(process, DeliveryResult(status, OutboxState.FAILED, NOW, error="400"))
    assert await process.outbox.newest(BOT, LING, "status") is None


@pytest.mark.parametrize(
    ("error", "blocked"), [(OutOfReach.BLOCKED, LATER), ("400", None), (None, None)]
)
async def test_who_blocked_the_bot_is_marked_and_nobody_else(
    process: StorageProcess, database: str, error: str | None, blocked: datetime | None
) -> None:
    others = [
        replace(PERSON, id=PersonId(128), telegram_id=MING),
        replace(PERSON, id=PersonId(192), bot_id=BOT + 1),
    ]
    async with process.db.write() as connection:
        everybody = [people.as_row(keyring(), person) for person in (PERSON, *others)]
        await connection.execute(insert(tables.people), everybody)
    await add(process, row(1))
    await mark(process, DeliveryResult(row(1), OutboxState.FAILED, LATER, error=error))
    query = select(tables.people.c.blocked_at).order_by(tables.people.c.id)
    assert await kept(database, query) == [(blocked,), (None,), (None,)]


# --- bulk ----------------------------------------------------------------------------------------


async def test_bulk_that_a_crash_caught_is_unknown_and_never_repeated(database: str) -> None:
    bulk = ShowScreen("broadcast", priority=Priority.BULK)
    async with started_process(database) as before:
        await add(before, row(1, bulk), row(2, bulk), row(3, bulk))
        await before.outbox.claim([1, 2])
        await mark(before, DeliveryResult(row(1, bulk), OutboxState.SENT, NOW, message_id=9))
    async with started_process(database) as after:
        assert await after.outbox.recover_claimed() == 1
        assert await after.outbox.recover_claimed() == 0
        assert [waiting.id for waiting in await after.outbox.waiting(LATER)] == [3]
    assert await states(database) == {
        1: OutboxState.SENT,
        2: OutboxState.UNKNOWN,
        3: OutboxState.WAITING,
    }
    assert await kept(
        database, select(tables.outbox.c.id).where(tables.outbox.c.effect.is_not(None))
    ) == [(3,)]


async def test_what_is_over_cannot_be_claimed(process: StorageProcess, database: str) -> None:
    await add(process, row(1))
    await mark(process, DeliveryResult(row(1), OutboxState.SENT, NOW, message_id=9))
    assert await process.outbox.claim([1]) == set()
    assert await states(database) == {1: OutboxState.SENT}


async def test_pruning_drops_only_what_was_over_long_ago(
    process: StorageProcess, database: str
) -> None:
    old = NOW - timedelta(days=31)
    await add(process, *(row(number, made_at=old) for number in (1, 2, 3)), row(4))
    await mark(process, *(DeliveryResult(row(number), OutboxState.SENT, NOW) for number in (1, 4)))
    await process.outbox.claim([2])
    await process.outbox.prune(NOW - timedelta(days=30))
    assert sorted(await states(database)) == [2, 3, 4]


async def test_pruning_looks_at_the_oldest_rows_only(
    process: StorageProcess, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.updates.outbox.PRUNED_AT_ONCE", 2)
    await add(process, *(row(number) for number in (1, 2, 3)))
    await mark(
        process, *(DeliveryResult(row(number), OutboxState.SENT, NOW) for number in (1, 2, 3))
    )
    later = NOW + timedelta(days=1)
    assert await process.outbox.prune(later) == 2
    assert list(await states(database)) == [3]
    assert await process.outbox.prune(later) == 1
    assert await process.outbox.prune(later) == 0
    assert await states(database) == {}


async def test_messages_that_wait_do_not_stop_the_pruning_of_others(
    process: StorageProcess, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.updates.outbox.PRUNED_AT_ONCE", 2)
    await add(process, *(row(number) for number in (1, 2, 3)))
    await mark(process, DeliveryResult(row(3), OutboxState.SENT, NOW))
    assert await process.outbox.prune(NOW + timedelta(days=1)) == 1
    assert sorted(await states(database)) == [1, 2]


async def test_answers_of_a_chat_are_read_in_their_order_whenever_each_act_was(
    process: StorageProcess,
) -> None:
    """Telegram gives a text's time in whole seconds, and a tap has the time of its arrival."""
    first, second = row(1), replace(row(2), made_at=NOW - timedelta(seconds=1))
    await add(process, first, second)
    found, _ = await process.outbox.due(NOW, first.priority, 10)
    assert [one.id for one in found] == [first.id, second.id]
