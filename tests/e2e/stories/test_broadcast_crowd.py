"""A broadcast to many: a wave of blocked people, storms of Telegram, an outage, a cancellation."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select, text
from structlog.testing import capture_logs

from bot.app import Options
from bot.sandbox.world import World
from bot.sandbox.world.chats import ChatState
from bot.sandbox.world.people import PEOPLE
from bot.scheduler.scheduler import EVERY
from states.broadcasts.plan import Pace, plan
from states.records import Stage
from storage.candidates import applications
from storage.engine import tables
from storage.engine.database import Database
from storage.engine.encryption import Keyring
from tests.bench import seeds
from tests.databases import SQLITE, opened
from tests.e2e import call_log
from tests.e2e.bot import EXAM, FAST, Harness, open_harness
from tests.e2e.person import Person
from tests.e2e.process_pool_server import resident
from tests.e2e.stories.test_broadcast import writes_to_all_drafts
from tests.e2e.stories.test_my_data import erases
from tests.e2e.stories.test_reminders import REMINDED, becomes
from tests.e2e.stories.test_trouble import is_said, locks
from tests.e2e.wait import until
from tests.fakes.skipping_clock import SkippingClock
from tests.postgres import Server

pytestmark = pytest.mark.row("B4", "C7")

CROWD, MANY = range(6_001, 6_061), range(6_001, 6_301)
BLOCKED = range(6_001, 6_046)
STORM = 600.0
TEXT = "请在截止前提交报名。"


class StormClock(SkippingClock):
    """It skips the ten minutes of a 429, too; and in an outage all waits."""

    is_away = False

    async def sleep(self, seconds: float) -> None:
        if seconds > 3 * EVERY or self.is_away:
            self.slept.append(seconds)
            await asyncio.sleep(0)
            self._ahead += seconds
        else:
            await super().sleep(seconds)


@pytest.fixture
def storm_clock() -> StormClock:
    """A machine that does not make a story wait for a storm."""
    return StormClock()


@asynccontextmanager
async def crowd_of(
    numbers: Sequence[int], folder: Path, database: str, options: Options
) -> AsyncIterator[Harness]:
    """A sandbox in which these people have a draft."""
    people = [*PEOPLE, *(resident(f"n{number}", number) for number in numbers)]
    world = World(None, people=people, pacing=False)
    for number in numbers:
        world.chats.keep_state(number, ChatState(started=True))
    async with open_harness(folder, database, world) as harness:
        await seeds.plant(harness.settings, EXAM, numbers)
        await harness.starts(options=options)
        yield harness


@pytest.fixture
async def crowd(tmp_path: Path, database: str, storm_clock: StormClock) -> AsyncIterator[Harness]:
    """Sixty people, and a bot whose retries take no time."""
    options = replace(FAST, monotonic=storm_clock)
    async with crowd_of(CROWD, tmp_path, database, options) as harness:
        yield harness


@pytest.fixture
async def many(tmp_path: Path, database: str) -> AsyncIterator[Harness]:
    """Three hundred people, and a bot that keeps the pace of Telegram: ten seconds of messages."""
    options = replace(FAST, pacing=True)
    async with crowd_of(MANY, tmp_path, database, options) as harness:
        yield harness


def heard(harness: Harness, what: str = TEXT) -> Counter[int]:
    """How often the text arrived in each chat."""
    log = harness.world.log()
    arrived = {
        number: sum(one.text == what for one in call_log.delivered_messages(log, number))
        for number in MANY
    }
    return Counter({number: count for number, count in arrived.items() if count})


def calls(harness: Harness, number: int) -> int:
    """How often the bot tried to send the text to somebody."""
    tried = (one for one in harness.world.log() if one.params.get("text") == TEXT)
    return sum(one.chat_id == number for one in tried)


async def begins(admin: Person, count: int = len(CROWD)) -> None:
    """The administrator writes to all of them."""
    await writes_to_all_drafts(admin, TEXT)
    await admin.sees("再确认发出", f"现在符合的有 {count} 人")
    await admin.presses("✅ 确认，发给他们")


@pytest.mark.both_databases
async def test_a_wave_of_blocked_people_pauses_nothing_and_who_returns_can_be_told(
    crowd: Harness,
) -> None:
    admin, returning = crowd.person("admin"), crowd.person(f"n{BLOCKED[0]}")
    for number in BLOCKED:
        crowd.world.chats.keep_state(number, ChatState(started=True, blocked=True))
    await begins(admin)
    report = await admin.sees("发完了", "共 60 人，已有结果 60 人", "已送达：15 人")
    assert "停用了机器人：45 人" in report.text
    assert heard(crowd) == Counter({number: 1 for number in CROWD if number not in BLOCKED})
    await admin.sees_now("已经结束，结果在下面的消息里")
    progress = [one for one in await admin.from_bot() if one.says(("群发", "结果在下面"))]
    assert len(progress) == 1, "the progress was one message, which is edited"
    await returning.blocks_the_bot(blocked=False)
    await returning.says("/status")
    await crowd.settles()
    await admin.presses("再试没送到的")
    again = await admin.sees("发完了", "已送达：16 人")
    assert "停用了机器人：44 人" in again.text
    assert heard(crowd)[BLOCKED[0]] == 1
    assert {calls(crowd, number) for number in BLOCKED[1:]} == {1}, "nobody is tried again"


async def test_a_storm_of_429s_of_ten_minutes_loses_nobody_and_repeats_nobody(
    crowd: Harness, storm_clock: StormClock
) -> None:
    admin = crowd.person("admin")
    await writes_to_all_drafts(admin, TEXT)
    await admin.sees("再确认发出", "现在符合的有 60 人")
    await crowd.fault("429", method="sendMessage", seconds=STORM, times=12)
    await admin.presses("✅ 确认，发给他们")
    await admin.sees("发完了", "已送达：60 人")
    assert any(seconds > STORM - EVERY for seconds in storm_clock.slept)
    assert heard(crowd) == Counter(dict.fromkeys(CROWD, 1))


async def test_errors_of_telegram_and_lost_answers_are_told_apart(crowd: Harness) -> None:
    admin = crowd.person("admin")
    lost = CROWD[3:6]
    await writes_to_all_drafts(admin, TEXT)
    await admin.sees("再确认发出", "现在符合的有 60 人")
    for number in CROWD[10:20]:
        await crowd.fault("500", method="sendMessage", chat_id=number, times=2)
    for number in lost:
        await crowd.fault("timeout", method="sendMessage", chat_id=number, seconds=0)
    await admin.presses("✅ 确认，发给他们")
    report = await admin.sees("发完了", "已送达：57 人", "不清楚收到没有：3 人", "请打电话")
    assert "没有送到" not in report.text
    assert heard(crowd) == Counter(dict.fromkeys(CROWD, 1)), "they had arrived all the same"
    assert {calls(crowd, number) for number in lost} == {1}


@asynccontextmanager
async def away(
    harness: Harness, request: pytest.FixtureRequest, clock: StormClock
) -> AsyncIterator[None]:
    """The database is gone: another process holds SQLite's file, or PostgreSQL's server is dead."""
    try:
        if is_sqlite(harness):
            with await locks(harness):
                clock.is_away = True
                yield
            return
        server: Server = request.getfixturevalue("server")
        server.die()
        try:
            clock.is_away = True
            yield
        finally:
            server.start()
    finally:
        clock.is_away = False


def is_sqlite(harness: Harness) -> bool:
    """Whether the story is told on SQLite."""
    return harness.settings.database.startswith(SQLITE)


async def restarts_impatient(harness: Harness, monkeypatch: pytest.MonkeyPatch) -> StormClock:
    """A bot that notices a lock within moments, and whose clock skips the attempts."""
    await harness.stops()
    monkeypatch.setattr("bot.core.database.Database", partial(Database, busy_ms=20))
    clock = StormClock()
    await harness.starts(options=replace(FAST, monotonic=clock, pacing=True))
    return clock


async def waits_a_minute(clock: StormClock) -> None:
    """Sixty seconds of attempts go by, which the clock skips."""
    before = sum(clock.slept)

    async def is_a_minute_over() -> bool:
        return sum(clock.slept) - before >= 60

    await until(is_a_minute_over)


@pytest.mark.both_databases
async def test_a_database_that_is_away_in_the_middle_costs_nobody_a_message(
    many: Harness, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    """PostgreSQL's server dies: of the calls under way then it may not be known what became."""
    clock = await restarts_impatient(many, monkeypatch)
    admin = many.person("admin")
    await begins(admin, len(MANY))

    async def has_begun() -> bool:
        return len(heard(many)) >= 5

    await until(has_begun)
    async with away(many, request, clock):
        await admin.says("/staff")  # it waits
        await waits_a_minute(clock)
        during = len(heard(many))
    await admin.says("/clock +1m")  # half a minute until the job is tried again
    await admin.sees("现在是")
    await many.bot.scheduler.tick()
    await admin.sees("发完了", f"已有结果 {len(MANY)} 人")
    assert during < len(MANY)
    told = heard(many)
    assert max(told.values()) == 1, "nobody is told twice"
    assert told.keys() == set(MANY), "and whoever was called has it"


@pytest.mark.both_databases
@pytest.mark.row("B2")
async def test_a_database_that_is_away_when_reminders_are_due_drops_and_doubles_none(
    many: Harness, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    """The minute comes in the middle of three hundred reminders, and another one before a look."""
    clock = await restarts_impatient(many, monkeypatch)
    admin = many.person("admin")
    await becomes(admin, many, "+12d", "12月14日（周日）")

    async def has_begun() -> bool:
        return sum(reminded(many).values()) >= 5

    await until(has_begun)
    async with away(many, request, clock):
        await admin.says("/staff")
        await waits_a_minute(clock)
    await admin.says("/clock +1m")
    await admin.sees("现在是")
    await many.bot.scheduler.tick()
    await many.settles()
    assert reminded(many) == Counter(dict.fromkeys(MANY, 1))


def reminded(harness: Harness) -> Counter[int]:
    """How often each of the crowd was reminded."""
    log = harness.world.log()
    arrived = {
        number: sum(REMINDED in one.text for one in call_log.delivered_messages(log, number))
        for number in MANY
    }
    return Counter({number: count for number, count in arrived.items() if count})


@pytest.mark.both_databases
async def test_a_disk_that_is_full_for_a_while_costs_nobody_a_message(
    crowd: Harness, storm_clock: StormClock
) -> None:
    admin = crowd.person("admin")
    await writes_to_all_drafts(admin, TEXT)
    await admin.sees("再确认发出", "现在符合的有 60 人")
    await crowd.settles()
    with capture_logs() as logs:
        async with full_disk(crowd):
            storm_clock.is_away = True
            await admin.presses("✅ 确认，发给他们")
            if is_sqlite(crowd):  # small writes find room in its free pages
                await asyncio.sleep(2)
            else:
                await is_said(logs, "intake failed", 3)
            assert not heard(crowd), "nothing was kept, so nothing is sent"
    storm_clock.is_away = False
    await admin.says("/clock +1m")
    await admin.sees("现在是")
    await crowd.bot.scheduler.tick()
    await admin.sees("发完了", "已送达：60 人")
    assert heard(crowd) == Counter(dict.fromkeys(CROWD, 1))


@asynccontextmanager
async def full_disk(harness: Harness) -> AsyncIterator[None]:
    """Nothing can be written: SQLite's file may not grow; PostgreSQL answers each write with 53100.

    A trigger raises that error, since no file system can be filled for one server alone.
    """
    if is_sqlite(harness):
        pages = await pages_at_most(harness, 1)
        yield
        assert await pages_at_most(harness, 1_000_000) > pages
        return
    names = [table.name for table in tables.metadata.sorted_tables]
    async with opened(harness.settings.database) as db:
        await _each(db, _FULL, *(_ON_WRITES.format(table=name) for name in names))
        yield
        await _each(db, *(f"DROP TRIGGER disk_is_full ON {name}" for name in names))


async def _each(db: Database, *statements: str) -> None:
    """Run statements one by one: locks of several tables at once could cross those of the bot."""
    for statement in statements:
        async with db.write() as connection:
            await connection.execute(text(statement))


_FULL = """CREATE FUNCTION disk_is_full() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'No space left on device' USING ERRCODE = '53100'; END $$"""
_ON_WRITES = """CREATE TRIGGER disk_is_full BEFORE INSERT OR UPDATE OR DELETE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION disk_is_full()"""


async def pages_at_most(harness: Harness, most: int) -> int:
    """Give the database's file so much room, or what it has; the pages that it may have."""
    async with harness.bot.storage.db.write() as connection:
        found: int | None = await connection.scalar(text(f"PRAGMA max_page_count={most}"))
        return found or 0


@pytest.mark.both_databases
async def test_who_changes_in_the_middle_of_a_broadcast_gets_nothing_and_is_counted(
    many: Harness,
) -> None:
    """It is paused halfway; of those whose turn has not come one submits, one blocks, one goes."""
    admin = many.person("admin", 40)
    await begins(admin, len(MANY))
    await admin.presses_when("⏸ 暂停")
    await admin.sees_now("已暂停")
    await many.settles()
    waiting = [number for number in MANY if number not in heard(many)]
    assert 3 < len(waiting) < len(MANY), "it was paused in the middle"
    submits, blocks, leaves = waiting[-3:]
    await moves(many, submits, Stage.SUBMITTED)
    many.world.chats.keep_state(blocks, ChatState(started=True, blocked=True))
    await erases(many.person(f"n{leaves}"))
    await admin.presses_when("▶️ 继续发剩下的")
    report = await admin.sees("发完了", f"已送达：{len(MANY) - 3} 人")
    assert "已不符合条件，没有发：2 人" in report.text
    assert "停用了机器人：1 人" in report.text
    expected = dict.fromkeys((n for n in MANY if n not in (submits, blocks, leaves)), 1)
    assert heard(many) == Counter(expected)


async def moves(harness: Harness, account: int, stage: Stage) -> None:
    """Somebody's application comes to a stage, as its transition would write it."""
    keyring = Keyring.of_file(harness.settings.keys_file, create=False)
    filed, whose = tables.applications, tables.people
    query = select(filed).join(whose, whose.c.id == filed.c.person_id)
    async with opened(harness.settings.database) as db, db.write() as connection:
        row = (await connection.execute(query.where(whose.c.telegram_id == account))).one()
        moved = replace(applications.of_row(keyring, row), stage=stage)
        await connection.execute(db.upsert(filed), [applications.as_row(keyring, moved)])


@pytest.mark.measured
async def test_a_cancellation_ends_it_within_a_second_and_thirty_messages(many: Harness) -> None:
    admin = many.person("admin")
    await begins(admin, len(MANY))
    await admin.presses_when("取消…")
    await admin.sees("要取消这次群发吗")
    await admin.presses("确定取消")
    await admin.sees_toast("已取消")
    at = len(heard(many))
    await admin.sees("已取消", "取消了，没有发")
    await many.settles()
    arrived, log = heard(many), many.world.log()
    assert len(arrived) - at <= 30
    assert 0 < len(arrived) < len(MANY), "it was cancelled in the middle"
    assert set(arrived.values()) == {1}
    last = max(one.at for one in log if one.ok and one.params.get("text") == TEXT)
    tapped = max(one.at for one in log if one.method == "answerCallbackQuery")
    assert last - tapped <= 1.0


@pytest.mark.measured
async def test_the_plan_and_the_time_that_it_took_agree(many: Harness) -> None:
    """At the real pace, a twentieth and half a second may lie between them."""
    admin = many.person("admin", 40)
    await begins(admin, len(MANY))
    shown = await admin.sees_now("照现在的速度", "发完")
    assert len([one for one in await admin.from_bot() if one.says(("照现在的速度",))]) == 1
    assert shown.says(("正在发",))
    await admin.sees("发完了", f"已送达：{len(MANY)} 人")
    moments = [one.at for one in many.world.log() if one.ok and one.params.get("text") == TEXT]
    planned = plan(len(MANY), EXAM.windows.registration.opens, Pace())
    expected = (planned.last_at - planned.starts_at).total_seconds()
    assert abs(max(moments) - min(moments) - expected) <= 0.05 * expected + 0.5
