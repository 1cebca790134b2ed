"""What one chat has waiting is folded: who writes 10,000 messages gets no 10,000 answers."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from states.fsm_states import Account, Home
from states.step_result import DeleteMessage, Effect, Priority, ShowScreen
from states.texts import Text
from storage.engine import tables
from storage.engine.tables import OutboxState
from storage.updates.folding import FOLDED_FROM, fold, fold_chat
from storage.updates.fsm import SqlStorage, TableRecords, candidate_key
from storage.updates.outbox import OutgoingMessage
from tests.storage.process import BOT, LING, NOW, StorageProcess, kept

pytestmark = pytest.mark.row("C2")

NAME, MENU = str(Account.name.state), str(Home.menu.state)


def row(number: int, effect: Effect) -> OutgoingMessage:
    """A message to Ling."""
    return OutgoingMessage(number, f"s{number}", BOT, LING, effect, NOW)


def asks(
    number: int, *lines: str, closes: int | None = None, screen: str = NAME
) -> OutgoingMessage:
    """A question under these lines."""
    header = tuple(Text(line) for line in lines)
    return row(number, ShowScreen(screen, {}, header, closes=closes))


def test_few_messages_stay_as_they_are() -> None:
    rows = [asks(n, "unknown-early") for n in range(FOLDED_FROM)]
    assert fold(rows, ()).replaced == []


def test_of_repeated_answers_the_last_is_sent_and_it_takes_the_buttons_of_the_first() -> None:
    rows = [asks(n, "unknown-early", closes=n - 1) for n in range(100, 1_100)]
    folded = fold(rows, {100})
    assert folded.replaced == [*range(101, 1_099)]
    (last,) = folded.changed
    assert isinstance(last.effect, ShowScreen)
    assert (last.id, last.effect.closes) == (1_099, 100)


def test_what_was_said_once_is_said() -> None:
    rows = [
        *(asks(n, "unknown-early", closes=n - 1) for n in range(10, 20)),
        asks(20, "submitted", closes=19, screen=MENU),
        *(asks(n, "unknown-kind", closes=n - 1, screen=MENU) for n in range(21, 40)),
        row(40, ShowScreen("help")),
        row(41, ShowScreen("help")),
        row(42, ShowScreen("news", priority=Priority.NOTICE, slot="news")),
    ]
    folded = fold(rows, ())
    left = [one.id for one in rows if one.id not in folded.replaced]
    assert left == [19, 20, 39, 41, 42]
    closes = {
        one.id: one.effect.closes for one in folded.changed if isinstance(one.effect, ShowScreen)
    }
    assert closes == {19: 9, 39: 20}, "20 takes those of 19 anyway"


def test_numbers_leave_the_chat_together() -> None:
    rows = [row(n, DeleteMessage(n)) for n in range(1, 251)]
    folded = fold(rows, ())
    changed = [one.effect for one in folded.changed]
    sizes = [1 + len(one.others) for one in changed if isinstance(one, DeleteMessage)]
    assert sizes == [100, 100, 50]
    gone = {one.message_id for one in changed if isinstance(one, DeleteMessage)}
    others = {n for one in changed if isinstance(one, DeleteMessage) for n in one.others}
    assert gone | others == {*range(1, 251)}
    assert len(folded.replaced) == 247


async def test_a_chats_pile_is_folded_in_the_table(process: StorageProcess, database: str) -> None:
    rows = [asks(n, "unknown-early", closes=n - 1) for n in range(100, 2_600)]
    other = replace(asks(9_000, "unknown-early"), chat_id=LING + 1)
    async with process.db.write() as connection:
        await process.outbox.add(connection, [*rows, other])
    assert await fold_chat(process.outbox, LING, NOW, {100}) == 2_498
    waiting = await process.outbox.waiting(NOW)
    assert [one.id for one in waiting] == [100, 2_599, 9_000]
    (last,) = [one.effect for one in waiting if one.id == 2_599]
    assert isinstance(last, ShowScreen)
    assert last.closes == 100
    states = await kept(database, select(tables.outbox.c.state, tables.outbox.c.effect.is_(None)))
    assert states.count((OutboxState.REPLACED, True)) == 2_498


# --- a question that a crash left ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "later", "is_answered"),
    [(NAME, True, False), (MENU, True, True), (MENU, False, False)],
    ids=["still open", "answered, the next one waits", "answered, nothing waits"],
)
async def test_an_answered_question_is_not_asked_again(
    process: StorageProcess, at: str, later: bool, is_answered: bool
) -> None:
    states = SqlStorage(TableRecords(process.db))
    await states.set_state(candidate_key(BOT, LING), at)
    rows = [asks(5), *([asks(6, screen=MENU)] if later else [])]
    async with process.db.write() as connection:
        await process.outbox.add(connection, rows)
    assert await process.outbox.is_answered(rows[0]) is is_answered
    question = rows[0].effect
    assert isinstance(question, ShowScreen)
    assert await process.outbox.is_open(rows[0], question) is (at == NAME)
