"""Health counts trouble to the second, and answers in time whatever the database does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.routing import Router

from bot.core.metrics import Metrics
from bot.core.runtime import BackgroundTasks, WallClock
from bot.ops import health
from bot.ops.health import DEAD_FOR, DECISION_WAITS, MESSAGE_WAITS, SILENT, UPDATE_WAITS, Health
from storage.engine import installation, schema, tables
from storage.engine.database import Database, Unavailable
from storage.engine.ids import RowIds
from storage.engine.installation import Fact
from storage.engine.tables import InboxState, JobState
from storage.updates import backlog
from storage.updates.backlog import JOB_WAITS
from storage.updates.inbox import Inbox, finish
from storage.updates.outbox import Outbox
from tests.bot.people import KEYRING
from tests.fakes.clocks import START, FakeMonotonicClock, FakeWallClock
from tests.fakes.sender import row


class Moody(Database):
    """A database that hangs or is gone when a test says so. ``asked``: how often to write."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.answers = asyncio.Event()
        self.answers.set()
        self.gone = False
        self.asked = 0

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        self.asked += 1
        await self.answers.wait()
        if self.gone:
            raise Unavailable("locked")
        async with super().write() as connection:
            yield connection


@dataclass(slots=True)
class Ward:
    """A health check, and what it looks at."""

    db: Moody
    monotonic: FakeMonotonicClock
    inbox: Inbox
    tasks: BackgroundTasks
    http: httpx.AsyncClient
    wall_clock: WallClock
    heard: datetime | None = None

    async def troubles(self) -> list[str]:
        """Return the troubles that the answer names; its status must agree."""
        answer = await self.http.get("/healthz")
        said: dict[str, Any] = answer.json()
        assert answer.status_code == (503 if said["troubles"] else 200)
        assert said["status"] == ("troubled" if said["troubles"] else "ok")
        return list(said["troubles"])

    async def after(self, seconds: float) -> list[str]:
        """Return the troubles so many seconds later, if Telegram answers meanwhile."""
        await self.monotonic.forward(seconds)
        self.heard = FakeWallClock(self.monotonic).now()
        return await self.troubles()

    async def receives(self, number: int, became: InboxState = InboxState.WAITING) -> None:
        """An update that came in at the start."""
        (kept,) = await self.inbox.keep(self.inbox.number(4242, [{"update_id": number}], START))
        if became is not InboxState.WAITING:
            async with self.db.write() as connection:
                await finish(connection, [kept.id], became)

    async def decides(self, number: int, not_before: datetime | None = None) -> None:
        """A message that was decided on at the start."""
        async with self.db.write() as connection:
            rows = [row(number, not_before=not_before)]
            await Outbox(self.db, KEYRING).add(connection, rows)


@pytest.fixture
async def ward(tmp_path: Path) -> AsyncIterator[Ward]:
    db = Moody(f"sqlite+aiosqlite:///{tmp_path / 'bot.sqlite3'}")
    await schema.migrate(db)
    monotonic, tasks = FakeMonotonicClock(), BackgroundTasks()
    made: list[Ward] = []
    looked_at = Health(
        db=db,
        synced_until=lambda: made[0].heard,
        metrics=Metrics(),
        exam="health-2026",
        wall_clock=(wall_clock := FakeWallClock(monotonic)),
        monotonic=monotonic,
        tasks=tasks,
    )
    transport = httpx.ASGITransport(app=Router(looked_at.routes))
    async with httpx.AsyncClient(transport=transport, base_url="http://bot") as http:
        made.append(
            Ward(db, monotonic, Inbox(db, KEYRING, RowIds()), tasks, http, wall_clock, START)
        )
        yield made[0]
    db.answers.set()
    await tasks.close()
    await db.close()


async def test_nothing_is_wrong(ward: Ward) -> None:
    assert await ward.troubles() == []


async def test_telegram_is_silent(ward: Ward) -> None:
    await ward.monotonic.forward(SILENT)
    assert await ward.troubles() == []
    await ward.monotonic.forward(1)
    assert await ward.troubles() == ["silence"]
    ward.heard = START + timedelta(seconds=SILENT)
    assert await ward.troubles() == []


@pytest.mark.parametrize("days", [1, -1])
async def test_the_clock_is_not_telegrams(ward: Ward, days: int) -> None:
    ward.wall_clock.measure((datetime.now(UTC) - timedelta(days=days)).timestamp())
    assert await ward.troubles() == ["clock"]
    said = (await ward.http.get("/healthz")).json()
    assert said["clock_ahead_seconds"] == pytest.approx(days * 86_400, abs=10)
    ward.wall_clock.compare(int(datetime.now(UTC).timestamp()))
    assert await ward.troubles() == []


async def test_a_decision_does_not_take_effect(ward: Ward, monkeypatch: pytest.MonkeyPatch) -> None:
    async def next_due(_: object) -> datetime:
        return START

    monkeypatch.setattr("storage.staff.cases.decisions.next_due", next_due)
    assert await ward.after(DECISION_WAITS) == []
    assert await ward.after(1) == ["decisions"]


async def test_a_job_was_set_aside_or_does_not_run(ward: Ward) -> None:
    late = JOB_WAITS.total_seconds()
    for state, key in ((JobState.SET_ASIDE, "7"), (JobState.WAITING, "8")):
        row = {"kind": "decision", "key": key, "run_at": START, "state": state, "attempts": 6}
        async with ward.db.write() as connection:
            await connection.execute(tables.jobs.insert(), row)
    for seconds, named in ((late, ["7"]), (1, ["7", "8"])):
        assert await ward.after(seconds) == ["jobs"]
        said = (await ward.http.get("/healthz")).json()
        assert said["jobs"] == [{"kind": "decision", "key": key} for key in named]


@pytest.mark.parametrize("heard", [None, START - timedelta(days=1)])
async def test_a_start_has_its_time(ward: Ward, heard: datetime | None) -> None:
    ward.heard = heard
    assert await ward.troubles() == []
    await ward.monotonic.forward(SILENT + 1)
    assert await ward.troubles() == ["silence"]


async def test_an_update_waits(ward: Ward) -> None:
    await ward.receives(1, InboxState.DONE)
    await ward.receives(2)
    assert await ward.after(UPDATE_WAITS) == []
    assert await ward.after(1) == ["inbox"]


async def test_a_message_waits(ward: Ward) -> None:
    await ward.decides(1)
    assert await ward.after(MESSAGE_WAITS) == []
    assert await ward.after(1) == ["outbox"]


async def test_a_message_for_later_does_not_wait_yet(ward: Ward) -> None:
    later = START + timedelta(hours=8)
    await ward.decides(1, not_before=later)
    assert await ward.after(8 * 3600 + MESSAGE_WAITS) == []
    assert await ward.after(1) == ["outbox"]


async def test_an_update_was_set_aside(ward: Ward) -> None:
    await ward.receives(1, InboxState.DEAD)
    assert await ward.troubles() == ["dead"]
    assert await ward.after(DEAD_FOR - 1) == ["dead"]
    assert await ward.after(1) == []


async def test_a_database_that_is_gone_comes_back(ward: Ward) -> None:
    ward.db.gone = True
    assert await ward.troubles() == ["database"]
    ward.db.gone = False
    assert await ward.troubles() == []


@pytest.mark.row("C2")
async def test_each_look_writes_a_row_so_that_a_file_that_is_only_to_be_read_shows(
    ward: Ward,
) -> None:
    """A full disk and a read-only file system both let the bot read on."""

    async def probed() -> str | None:
        async with ward.db.read() as connection:
            return await installation.read_within(connection, Fact.PROBED)

    assert await ward.troubles() == []
    before = await probed()
    assert await ward.troubles() == []
    assert await probed() not in (None, before)
    async with ward.db.write() as connection:
        await connection.execute(text("PRAGMA query_only = 1"))
    assert await ward.troubles() == ["database"]


async def test_a_database_that_hangs_is_not_waited_for_and_asked_once(
    ward: Ward, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "DATABASE_SECONDS", 0.05)
    ward.db.answers.clear()
    asked, began = ward.db.asked, monotonic()
    assert await asyncio.gather(*(ward.troubles() for _ in range(5))) == [["database"]] * 5
    assert "baoming_database_up 0.0" in (await ward.http.get("/metrics")).text
    assert monotonic() - began < 2
    assert ward.db.asked == asked + 1
    ward.db.answers.set()
    monkeypatch.setattr(health, "DATABASE_SECONDS", 5)
    assert await ward.troubles() == []


async def test_a_heap_is_counted_up_to_a_bound(ward: Ward, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backlog, "COUNTED", 3)
    for number in range(1, 6):
        await ward.receives(number)
        await ward.receives(100 + number, InboxState.DEAD)
        await ward.decides(number)
    said = (await ward.http.get("/healthz")).json()
    assert [said[what] for what in ("inbox_waiting", "inbox_dead", "outbox_waiting")] == [3] * 3


@pytest.mark.parametrize("path", ["/healthz", "/metrics"])
async def test_it_is_only_to_be_read(ward: Ward, path: str) -> None:
    assert (await ward.http.post(path)).status_code == 405
    assert (await ward.http.head(path)).status_code == 200


@pytest.mark.row("C2")
async def test_the_pile_of_a_chat_that_is_being_sent_to_is_no_trouble(tmp_path: Path) -> None:
    """Who sends 900 messages waits for 900 answers; nothing is wrong with that."""
    db = Database(f"sqlite+aiosqlite:///{tmp_path / 'bot.sqlite3'}")
    await schema.migrate(db)
    async with db.write() as connection:
        rows = [replace(row(number), chat_id=7) for number in range(1, 901)]
        await Outbox(db, KEYRING).add(connection, rows)
    now = START + timedelta(seconds=MESSAGE_WAITS + 1)
    busy = await backlog.read_backlog(db, now, paced=[7])
    assert (busy.messages, busy.messages_since) == (900, None)
    async with db.write() as connection:
        await Outbox(db, KEYRING).add(connection, [replace(row(950), chat_id=8)])
    late = await backlog.read_backlog(db, now, paced=[7])
    assert late.messages_since == START
    await db.close()


@pytest.mark.row("C2")
async def test_another_bot_with_the_same_token_is_a_trouble_and_foreign_names_get_nothing(
    tmp_path: Path,
) -> None:
    db = Database(f"sqlite+aiosqlite:///{tmp_path / 'bot.sqlite3'}")
    await schema.migrate(db)
    tasks, monotonic = BackgroundTasks(), FakeMonotonicClock()
    looked_at = Health(
        db=db,
        synced_until=lambda: START,
        metrics=Metrics(),
        exam="health-2026",
        wall_clock=FakeWallClock(monotonic),
        monotonic=monotonic,
        tasks=tasks,
        is_in_conflict=lambda: True,
        hosts={"bot.example.org"},
    )
    transport = httpx.ASGITransport(app=Router(looked_at.routes))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as http:
        answer = await http.get("/healthz")
        assert (answer.status_code, answer.json()["troubles"]) == (503, ["conflict"])
        for path in ("/healthz", "/metrics"):
            for host, wanted in (("evil.example", {421}), ("bot.example.org", {200, 503})):
                answer = await http.get(path, headers={"host": host})
                assert answer.status_code in wanted
    await tasks.close()
    await db.close()
