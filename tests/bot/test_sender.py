"""What was decided is sent: in order, once, again where that helps, and never in another's way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.client import ApiError, BotApi, Unreachable
from bot.limits import Limits
from bot.render import Renderer
from bot.sender import Sender, Toasts
from bot.tasks import Tasks
from bot.words import Words
from handlers.screens import Drawing, Screen, View
from states.outcome import Act, Edit, Erase, Priority, Say
from states.records import Records
from storage.blobs import Blobs
from storage.db import Database, Unavailable
from storage.dossier import Dossier
from storage.outbox import FORBIDDEN, Outbox, Outgoing, Sent
from storage.secrets import Keyring
from storage.tables import OutboxState
from tests.bot.clockwork import START, Clockwork, Dated, settle
from tests.handlers.candidates import EXAM

LING, CHEN = 1001, 1002
KEYRING = Keyring(b"l" * 32, {"k1": b"s" * 32})


class Line(BotApi):
    """Telegram's side: remembers the calls, and answers by what is planned for a text."""

    def __init__(self) -> None:
        super().__init__("4242:line", "http://127.0.0.1:9")
        self.sent: list[tuple[str, int, str]] = []
        self.planned: dict[str, list[Exception]] = {}
        self.gate: asyncio.Event | None = None
        self.busy: dict[int, int] = {}
        self.most = 0

    async def call(
        self,
        method: str,
        params: Mapping[str, Any] | None = None,
        *,
        files: Mapping[str, bytes] | None = None,
        patience: float = 30.0,
    ) -> Any:
        params = params or {}
        chat = params.get("chat_id", 0)
        text = params.get("text", str(params.get("message_id", "")))
        self.busy[chat] = self.busy.get(chat, 0) + 1
        self.most = max(self.most, self.busy[chat])
        try:
            if self.gate is not None:
                await self.gate.wait()
            if self.planned.get(text):
                raise self.planned[text].pop(0)
            self.sent.append((method, chat, text))
            return {"message_id": len(self.sent)}
        finally:
            self.busy[chat] -= 1

    @property
    def texts(self) -> list[str]:
        """What arrived, in order."""
        return [text for _method, _chat, text in self.sent]


class Table(Outbox):
    """The table of messages, in memory. ``gone`` is how many more claims fail."""

    def __init__(self, db: Database) -> None:
        super().__init__(db, KEYRING)
        self.rows: list[Outgoing] = []
        self.claimed: list[int] = []
        self.held: dict[int, datetime] = {}
        self.slots: dict[str, int] = {}
        self.gone = 0

    async def waiting(self, now: datetime, *, after: int = 0) -> list[Outgoing]:
        return [row for row in self.rows if row.id > after]

    async def claim(self, row_ids: Iterable[int]) -> None:
        if self.gone:
            self.gone -= 1
            raise Unavailable("locked")
        self.claimed += row_ids

    async def own_up(self) -> int:
        return 0

    async def newest(self, bot_id: int, chat_id: int, slot: str) -> int | None:
        return self.slots.get(slot)

    async def hold(self, chat_id: int, until: datetime) -> None:
        self.held[chat_id] = until

    async def holds(self) -> dict[int, datetime]:
        return self.held


@dataclass(slots=True)
class Office:
    """A sender with everything around it."""

    sender: Sender
    line: Line
    table: Table
    machine: Clockwork
    tasks: Tasks
    screens: dict[str, Drawing]
    marks: list[Sent] = field(default_factory=list)
    unreadable: int = 0

    async def commit(self) -> list[Sent]:
        """What the pump does: write the marks that wait, and say so."""
        marks = self.sender.take_marks()
        self.marks += marks
        self.sender.marked(marks)
        await settle()
        return marks

    async def until_sent(self, seconds: float = 0) -> None:
        """Let so much time pass, committing whenever marks wait."""
        await self.machine.forward(seconds)
        while await self.commit():
            pass

    def became(self) -> dict[int, str]:
        """By row, what became of it."""
        return {mark.row.id: mark.state for mark in self.marks}

    async def read(self, _chat_id: int) -> Records:
        """The records of somebody; the database is away now and then."""
        if self.unreadable:
            self.unreadable -= 1
            raise Unavailable("locked")
        return Records()


def _draw(view: View) -> Screen:
    return Screen((view.at["n"],))


def _draw_badly(_view: View) -> Screen:
    raise LookupError("no application")


async def _exports_nothing(chat_id: int) -> Dossier:
    raise LookupError(chat_id)


def _draw_apology(_view: View) -> Screen:
    return Screen(("sorry",))


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    machine, line, tasks = Clockwork(), Line(), Tasks()
    db = Database(f"sqlite+aiosqlite:///{tmp_path / 'unused.sqlite3'}")
    table = Table(db)
    words = Words.load(EXAM.tz)
    screens: dict[str, Drawing] = {"plain": _draw, "broken": _draw_badly}
    renderer = Renderer(words, EXAM, Blobs.at("memory://", KEYRING), screens, _exports_nothing)
    made: list[Office] = []

    async def read(chat_id: int) -> Records:
        return await made[0].read(chat_id)

    sender = Sender(line, table, renderer, read, Limits(), Dated(machine), machine, tasks)
    made.append(Office(sender, line, table, machine, tasks, screens))
    yield made[0]
    await tasks.close()
    await db.close()


def row(
    number: int,
    chat: int = LING,
    *,
    act: Act | None = None,
    priority: Priority = Priority.REPLY,
    not_before: datetime | None = None,
    expires_at: datetime | None = None,
) -> Outgoing:
    """A message that says its own number."""
    return Outgoing(
        id=number,
        dedup=f"u{number}",
        bot_id=4242,
        chat_id=chat,
        act=act or Say("plain", {"n": str(number)}, priority=priority),
        made_at=START,
        not_before=not_before,
        expires_at=expires_at,
    )


def rows(*numbers: int, chat: int = LING) -> Sequence[Outgoing]:
    return [row(number, chat) for number in numbers]


# --- order ---------------------------------------------------------------------------------------


async def test_a_chat_gets_its_messages_in_the_order_they_were_made(office: Office) -> None:
    office.sender.submit([row(2), row(1), row(3)])
    await office.until_sent()
    assert office.line.texts == ["1", "2", "3"]
    assert office.line.most == 1
    assert set(office.became().values()) == {OutboxState.SENT}


async def test_the_next_row_of_a_chat_waits_for_the_mark_of_the_one_before(office: Office) -> None:
    office.sender.submit(rows(1, 2))
    await settle()
    assert office.line.texts == ["1"]
    assert office.sender.marks_wanted
    await office.commit()
    assert office.line.texts == ["1", "2"]


async def test_a_commit_that_failed_keeps_the_next_row_back(office: Office) -> None:
    office.sender.submit(rows(1, 2))
    await settle()
    office.sender.give_back(office.sender.take_marks())
    await settle()
    assert office.line.texts == ["1"]
    assert office.sender.has_marks
    assert [mark.row.id for mark in await office.commit()] == [1]
    assert office.line.texts == ["1", "2"]


async def test_one_chat_waits_for_no_other(office: Office) -> None:
    office.line.planned["1"] = [Unreachable("ClientOSError")]
    office.sender.submit([row(1, LING), row(2, CHEN)])
    await settle()
    assert office.line.texts == ["2"]


async def test_replies_go_before_notices_before_bulk(office: Office) -> None:
    office.line.gate = asyncio.Event()
    office.sender.submit([row(1)])
    await settle()
    priorities = (Priority.BULK, Priority.NOTICE, Priority.REPLY)
    office.sender.submit([row(n, priority=p) for n, p in zip((2, 3, 4), priorities, strict=True)])
    office.line.gate.set()
    await office.until_sent()
    assert office.line.texts == ["1", "4", "3", "2"]


async def test_a_row_that_is_on_its_way_is_not_sent_again(office: Office) -> None:
    office.sender.submit(rows(1))
    office.sender.submit(rows(1))
    office.table.rows = list(rows(1))
    await office.sender.catch_up()
    await settle()
    await office.sender.catch_up()
    await office.until_sent()
    assert office.line.texts == ["1"]


async def test_what_a_crash_left_in_the_table_is_sent(office: Office) -> None:
    office.table.rows = list(rows(5, 4))
    await office.sender.recover()
    await office.until_sent()
    assert office.line.texts == ["4", "5"]


# --- pace ----------------------------------------------------------------------------------------


async def test_five_replies_go_at_once_and_then_one_a_second(office: Office) -> None:
    office.sender.submit(rows(*range(1, 9)))
    await office.until_sent()
    assert len(office.line.sent) == 5
    for count in (6, 7, 8):
        await office.until_sent(1.0)
        assert len(office.line.sent) == count


async def test_a_429_is_waited_out_and_remembered(office: Office) -> None:
    office.line.planned["1"] = [ApiError(429, "Too Many Requests", 30)]
    office.sender.submit([row(1), row(2, CHEN), row(3, CHEN, priority=Priority.NOTICE)])
    await office.until_sent(29.5)
    assert office.line.texts == ["2"]
    assert office.table.held == {LING: START + timedelta(seconds=30)}
    await office.until_sent(1)
    assert sorted(office.line.texts) == ["1", "2", "3"]


async def test_a_429_from_before_a_restart_still_holds(office: Office) -> None:
    office.table.held = {LING: START + timedelta(seconds=20)}
    office.table.rows = list(rows(1))
    await office.sender.recover()
    await office.until_sent(19)
    assert office.line.texts == []
    await office.until_sent(2)
    assert office.line.texts == ["1"]


async def test_a_row_waits_for_its_time(office: Office) -> None:
    office.sender.submit([row(1, not_before=START + timedelta(seconds=90)), row(2)])
    await office.until_sent(89)
    assert office.line.texts == ["2"]
    await office.until_sent(2)
    assert office.line.texts == ["2", "1"]


# --- trouble -------------------------------------------------------------------------------------


async def test_trouble_is_retried_with_back_off_doubling_up_to_a_minute(office: Office) -> None:
    office.line.planned["1"] = [Unreachable("HTTP 502")] * 9
    office.sender.submit(rows(1))
    await office.until_sent(400)
    waits = [seconds for seconds in office.machine.slept if seconds >= 1]
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert office.line.texts == ["1"]
    assert office.marks[0].row.attempts == 10


REFUSALS = {
    "400": (400, "Bad Request: can't parse entities", "400"),
    "404": (404, "Not Found: method not found", "404"),
    "blocked": (403, "Forbidden: bot was blocked by the user", FORBIDDEN),
}


@pytest.mark.parametrize(("code", "words", "error"), REFUSALS.values(), ids=REFUSALS.keys())
async def test_a_refusal_ends_its_row_and_later_rows_go_on(
    office: Office, code: int, words: str, error: str
) -> None:
    office.line.planned["1"] = [ApiError(code, words)]
    office.sender.submit(rows(1, 2))
    await office.until_sent(5)
    assert office.line.texts == ["2"]
    assert office.became() == {1: OutboxState.FAILED, 2: OutboxState.SENT}
    assert office.marks[0].error == error


async def test_a_message_that_cannot_be_made_fails_alone(office: Office) -> None:
    office.sender.submit([row(1, act=Say("broken")), row(2, act=Say("unheard of")), row(3)])
    await office.until_sent()
    assert office.line.texts == ["3"]
    assert office.became() == {
        1: OutboxState.FAILED,
        2: OutboxState.FAILED,
        3: OutboxState.SENT,
    }
    # The apology has no words here either, and that is what the mark says in the end.
    assert [mark.error for mark in office.marks[:2]] == ["KeyError", "KeyError"]


async def test_a_row_that_is_too_late_is_not_sent(office: Office) -> None:
    office.line.planned["1"] = [Unreachable("HTTP 502")] * 5
    late = row(2, expires_at=START + timedelta(seconds=10))
    office.sender.submit([row(1), late, row(3)])
    await office.until_sent(60)
    assert office.line.texts == ["1", "3"]
    assert office.became()[2] == OutboxState.EXPIRED


async def test_records_that_cannot_be_read_now_are_read_later(office: Office) -> None:
    office.unreadable = 2
    office.sender.submit(rows(1))
    await office.until_sent(0.5)
    assert office.line.texts == []
    await office.until_sent(5)
    assert office.line.texts == ["1"]


# --- edits ---------------------------------------------------------------------------------------


async def test_an_edit_changes_the_newest_message_of_its_slot(office: Office) -> None:
    office.table.slots["status"] = 77
    office.sender.submit([row(1, act=Edit("plain", "status", {"n": "new"}))])
    await office.until_sent()
    assert office.line.sent == [("editMessageText", LING, "new")]
    assert office.marks[0].state is OutboxState.SENT


async def test_an_edit_without_a_message_is_sent_anew(office: Office) -> None:
    office.sender.submit([row(1, act=Edit("plain", "status", {"n": "new"}))])
    await office.until_sent()
    assert office.line.sent == [("sendMessage", LING, "new")]


async def test_an_edit_that_changes_nothing_is_a_success(office: Office) -> None:
    office.table.slots["status"] = 77
    words = "Bad Request: message is not modified: specified new message content…"
    office.line.planned["same"] = [ApiError(400, words)]
    office.sender.submit([row(1, act=Edit("plain", "status", {"n": "same"})), row(2)])
    await office.until_sent()
    assert office.became() == {1: OutboxState.SENT, 2: OutboxState.SENT}
    assert office.marks[0].message_id == 77


async def test_a_newer_edit_of_a_message_replaces_one_that_still_waits(office: Office) -> None:
    office.table.slots["status"] = 77
    office.line.gate = asyncio.Event()
    edits = [row(n, act=Edit("plain", "status", {"n": str(n)})) for n in (2, 3, 4)]
    office.sender.submit([row(1), *edits, row(5)])
    office.line.gate.set()
    await office.until_sent(5)
    assert office.line.texts == ["1", "4", "5"]
    replaced = dict.fromkeys((2, 3), OutboxState.REPLACED)
    assert office.became() == replaced | dict.fromkeys((1, 4, 5), OutboxState.SENT)


@pytest.mark.parametrize("priority", [Priority.NOTICE, Priority.BULK])
async def test_who_waits_for_nothing_gets_no_apology(office: Office, priority: Priority) -> None:
    office.screens["apology"] = _draw_apology
    office.sender.submit([row(1, act=Say("broken", priority=priority)), row(2)])
    await office.until_sent()
    assert office.line.texts == ["2"]
    assert office.became()[1] == OutboxState.FAILED


async def test_who_waits_for_a_message_that_cannot_be_made_gets_an_apology(office: Office) -> None:
    office.screens["apology"] = _draw_apology
    office.sender.submit([row(1, act=Say("broken"))])
    await office.until_sent()
    assert office.line.texts == ["sorry"]


async def test_a_message_that_vanished_is_sent_anew(office: Office) -> None:
    office.table.slots["status"] = 77
    office.line.planned["new"] = [ApiError(400, "Bad Request: message to edit not found")]
    office.sender.submit([row(1, act=Edit("plain", "status", {"n": "new"}))])
    await office.until_sent(5)
    assert office.line.sent == [("sendMessage", LING, "new")]
    (mark,) = office.marks
    assert (mark.state, mark.message_id, mark.row.slot) == (OutboxState.SENT, 1, "status")


async def test_a_message_that_cannot_be_erased_stops_nothing(office: Office) -> None:
    words = "Bad Request: message can't be deleted for everyone"
    office.line.planned["9"] = [ApiError(400, words)]
    office.sender.submit([row(1, act=Erase(9)), row(2)])
    await office.until_sent()
    assert office.line.texts == ["2"]


# --- bulk ----------------------------------------------------------------------------------------


async def test_bulk_is_claimed_before_it_goes_and_replies_are_not(office: Office) -> None:
    office.line.gate = asyncio.Event()
    office.sender.submit([row(1), row(2, CHEN, priority=Priority.BULK)])
    await settle()
    assert office.table.claimed == [2]
    assert office.line.texts == []
    office.line.gate.set()
    await office.until_sent()
    assert sorted(office.line.texts) == ["1", "2"]


async def test_bulk_that_cannot_be_claimed_waits_and_goes_later(office: Office) -> None:
    office.table.gone = 2
    office.sender.submit([row(1, priority=Priority.BULK)])
    await office.until_sent(0.5)
    assert office.line.texts == []
    await office.until_sent(5)
    assert office.line.texts == ["1"]
    assert office.became() == {1: OutboxState.SENT}


# --- answers to buttons --------------------------------------------------------------------------


async def test_a_button_is_answered_at_once_with_a_word_or_without(office: Office) -> None:
    toasts = Toasts(office.line, office.machine, office.tasks)
    toasts.answer("5", "已提交", office.machine.now())
    toasts.answer("6", None, office.machine.now())
    await settle()
    assert office.line.sent == [
        ("answerCallbackQuery", 0, "已提交"),
        ("answerCallbackQuery", 0, ""),
    ]


async def test_a_button_is_not_answered_when_nobody_sees_it_any_more(office: Office) -> None:
    toasts = Toasts(office.line, office.machine, office.tasks)
    since = office.machine.now()
    await office.machine.forward(Toasts.LIFETIME + 1)
    toasts.answer("5", "已提交", since)
    await settle()
    assert office.line.sent == []


@pytest.mark.parametrize("error", [ApiError(400, "query is too old"), Unreachable("HTTP 502")])
async def test_an_answer_that_is_lost_troubles_nobody(office: Office, error: Exception) -> None:
    toasts = Toasts(office.line, office.machine, office.tasks)
    office.line.planned["已提交"] = [error]
    toasts.answer("5", "已提交", office.machine.now())
    await settle()
    toasts.answer("6", "好", office.machine.now())
    await settle()
    assert office.line.texts == ["好"]
