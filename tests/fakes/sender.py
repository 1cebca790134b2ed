"""A sender with a fake Telegram that answers as planned, and an outbox in memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Container, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.api.client import BotApi
from bot.core.runtime import BackgroundTasks, Clocks
from bot.delivery.attempts import DeliveryAttempts
from bot.delivery.pacing import RateLimits, Turns
from bot.delivery.renderer import Renderer
from bot.delivery.sender import Sender
from handlers.rendering import RenderScreen, Screen, View
from states.records import Records
from states.step_result import EditScreen, Effect, Priority, ShowScreen
from storage.candidates.blobs import Blobs
from storage.data_export import DataExport
from storage.engine.database import Database, Unavailable
from storage.updates.outbox import DeliveryResult, Outbox, OutgoingMessage
from tests.bot.people import EXAM, KEYRING, LING, TRANSLATIONS
from tests.fakes.clocks import START, FakeMonotonicClock, FakeWallClock, settle


class FakeTelegram(BotApi):
    """Telegram's side: remembers the calls, and answers by what is planned for a text.

    ``changed`` are the messages that were edited.
    """

    def __init__(self) -> None:
        super().__init__("4242:line", "http://127.0.0.1:9")
        self.sent: list[tuple[str, int, str]] = []
        self.changed: list[int] = []
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
        time_limit: float = 30.0,
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
            if method == "editMessageText":
                self.changed.append(params["message_id"])
            if method == "sendMediaGroup":
                return [{"message_id": len(self.sent) + n} for n in range(len(params["media"]))]
            return {"message_id": len(self.sent)}
        finally:
            self.busy[chat] -= 1

    @property
    def texts(self) -> list[str]:
        """The texts that arrived, in order."""
        return [text for _method, _chat, text in self.sent]


class InstantBlobs(Blobs):
    """Every file is there at once, with its own name as its content."""

    async def get(self, name: str) -> bytes:
        return name.encode()


class FakeOutbox(Outbox):
    """The table of messages, in memory. ``gone`` is how many more claims fail."""

    def __init__(self, db: Database) -> None:
        super().__init__(db, KEYRING)
        self.rows: list[OutgoingMessage] = []
        self.claimed: list[int] = []
        self.held: dict[int, datetime] = {}
        self.slots: dict[str, int] = {}
        self.message_ids: dict[int, int] = {}
        self.answered: set[int] = set()
        self.closed: set[int] = set()
        self.deleted: set[int] = set()
        self.gone = 0
        self.reads = self.rows_read = self.claims = 0

    async def due(
        self,
        now: datetime,
        priority: Priority,
        limit: int,
        without: Collection[int] = (),
        known: Container[int] = (),
    ) -> tuple[list[OutgoingMessage], bool]:
        self.reads += 1
        rows = [
            row
            for row in self.rows
            if row.priority is priority
            and row.id not in self.claimed
            and row.chat_id not in without
            and (row.not_before or START) <= now
        ]
        rows.sort(key=lambda row: (row.not_before or START, row.id))
        read = rows[:limit]
        self.rows_read += len(read)
        return [row for row in read if row.id not in known], len(read) < limit

    async def next_due(self, now: datetime) -> datetime | None:
        return min(
            (r.not_before for r in self.rows if r.not_before and r.not_before > now), default=None
        )

    async def waiting_of(self, chat_id: int, now: datetime, most: int) -> list[OutgoingMessage]:
        rows = [one for one in self.rows if one.chat_id == chat_id and one.id not in self.claimed]
        return [one for one in rows if (one.not_before or START) <= now][:most]

    async def replace(
        self, replaced: Sequence[int], changed: Sequence[OutgoingMessage], now: datetime
    ) -> None:
        new = {one.id: one for one in changed}
        self.rows = [new.get(one.id, one) for one in self.rows if one.id not in replaced]

    async def is_answered(self, row: OutgoingMessage) -> bool:
        return row.id in self.answered

    async def is_open(self, row: OutgoingMessage, question: ShowScreen | EditScreen) -> bool:
        return row.id not in self.closed

    async def message_of(self, row_id: int) -> int | None:
        return self.message_ids.get(row_id)

    async def is_deleted(self, row_id: int) -> bool:
        return row_id in self.deleted

    async def is_group_wanted(self, bot_id: int, chat_id: int, now: datetime) -> bool:
        return False

    async def release(self, row_id: int) -> None:
        self.claimed = [one for one in self.claimed if one != row_id]

    async def claim(self, row_ids: Collection[int]) -> set[int]:
        if self.gone:
            self.gone -= 1
            raise Unavailable("locked")
        self.claims += 1
        found = {row.id for row in self.rows}.intersection(row_ids)
        self.claimed += found
        return found

    async def recover_claimed(self) -> int:
        return 0

    async def messages(self, bot_id: int, chat_id: int, names: Sequence[str]) -> list[int]:
        return [self.slots[name] for name in names if name in self.slots]

    async def hold(self, chat_id: int, until: datetime) -> None:
        self.held[chat_id] = until

    async def holds(self) -> dict[int, datetime]:
        return self.held


class TableSender(Sender):
    """A sender whose rows are in the table before they are handed over, as after a commit."""

    table: FakeOutbox

    def submit(self, rows: Iterable[OutgoingMessage], records: Records | None = None) -> None:
        rows = list(rows)
        known = {row.id for row in self.table.rows}
        self.table.rows += [row for row in rows if row.id not in known]
        super().submit(rows, records)

    def results_committed(self, results: Sequence[DeliveryResult]) -> None:
        over = {result.row.id for result in results}
        self.table.rows = [row for row in self.table.rows if row.id not in over]
        super().results_committed(results)


@dataclass(slots=True)
class SenderHarness:
    """A sender with everything around it."""

    sender: TableSender
    api: FakeTelegram
    outbox: FakeOutbox
    monotonic: FakeMonotonicClock
    tasks: BackgroundTasks
    screens: dict[str, RenderScreen]
    marks: list[DeliveryResult] = field(default_factory=list)
    unreadable: int = 0

    async def commit(self) -> list[DeliveryResult]:
        """Commit the results that wait, as the worker does, and report them."""
        marks = self.sender.take_results()
        self.marks += marks
        self.sender.results_committed(marks)
        await settle()
        return marks

    async def until_sent(self, seconds: float = 0) -> None:
        """Let so much time pass, committing whenever marks wait."""
        await self.monotonic.forward(seconds)
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
    return Screen((view.data["n"],))


def _draw_badly(_view: View) -> Screen:
    raise LookupError("no application")


async def _exports_nothing(chat_id: int) -> DataExport:
    raise LookupError(chat_id)


def draw_apology(_view: View) -> Screen:
    """Draw the replacement of a message that cannot be rendered."""
    return Screen(("sorry",))


@asynccontextmanager
async def sender_harness(folder: Path) -> AsyncIterator[SenderHarness]:
    """A sender and all around it, for a while."""
    monotonic, api, tasks = FakeMonotonicClock(), FakeTelegram(), BackgroundTasks()
    db = Database(f"sqlite+aiosqlite:///{folder / 'unused.sqlite3'}")
    outbox = FakeOutbox(db)
    screens: dict[str, RenderScreen] = {"plain": _draw, "broken": _draw_badly}
    renderer = Renderer(
        TRANSLATIONS, EXAM, InstantBlobs.at("memory://", KEYRING), screens, _exports_nothing
    )
    made: list[SenderHarness] = []

    async def read(chat_id: int) -> Records:
        return await made[0].read(chat_id)

    limits, clocks = RateLimits(), Clocks(FakeWallClock(monotonic), monotonic)
    turns = Turns(limits, monotonic, tasks)
    attempts = DeliveryAttempts(api, outbox, renderer, read, turns, clocks)
    sender = TableSender(attempts, outbox, turns, clocks, tasks)
    sender.table = outbox
    sender.pull()
    await settle()
    made.append(SenderHarness(sender, api, outbox, monotonic, tasks, screens))
    try:
        yield made[0]
    finally:
        await tasks.close()
        await db.close()


def row(
    number: int,
    chat: int = LING,
    *,
    effect: Effect | None = None,
    priority: Priority = Priority.REPLY,
    not_before: datetime | None = None,
    expires_at: datetime | None = None,
) -> OutgoingMessage:
    """A message that says its own number."""
    return OutgoingMessage(
        id=number,
        dedup=f"u{number}",
        bot_id=4242,
        chat_id=chat,
        effect=effect or ShowScreen("plain", {"n": str(number)}, priority=priority),
        made_at=START,
        not_before=not_before,
        expires_at=expires_at,
    )


def rows(*numbers: int, chat: int = LING) -> Sequence[OutgoingMessage]:
    """Messages of these numbers."""
    return [row(number, chat) for number in numbers]
