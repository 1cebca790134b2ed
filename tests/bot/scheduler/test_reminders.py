"""The job of reminders over real databases: who is read, what is enqueued, what a round costs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest
import pytest_asyncio
from sqlalchemy import func, insert, select, update

from bot.core.open_storage import Storage
from bot.scheduler.reminders import Reminders
from handlers.candidate.reminders import REMINDER
from states.exam import Exam, Window
from states.process import lifecycle
from states.process.lifecycle import Event
from states.records import Application, ApplicationId, PersonId, Stage
from states.reminders.planning import ReminderHistory
from states.step_result import Priority, ShowScreen
from storage.candidates import applications, people, reminder_dates, reminders
from storage.engine import tables
from storage.engine.database import Database
from storage.engine.encryption import Keyring
from storage.engine.ids import RowIds
from storage.engine.tables import OutboxState
from storage.updates.inbox import Inbox
from storage.updates.outbox import effect_of_json
from tests.bot.people import EXAM, KEYRING, person
from tests.bot.people import application as made
from tests.bot.storages import storage_over
from tests.fakes.jobs import run_job

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CLOSES = EXAM.windows.registration.closes
BEFORE = CLOSES - 10 * DAY
MORNING = CLOSES - 14 * HOUR
"""Ten o'clock on the last day."""
TEN = timedelta(hours=10)
LAST = CLOSES - 2 * DAY + TEN
"""The last reminder of a draft: the day before the last day."""


@dataclass(slots=True)
class Post:
    """The job over a database, and the people in it."""

    db: Database
    storage: Storage
    exam: Exam = EXAM
    job: Reminders = field(init=False)

    def __post_init__(self) -> None:
        self.starts()

    def starts(self, exam: Exam | None = None) -> None:
        """The bot has just started, perhaps with another exam file."""
        self.exam = exam or self.exam
        self.job = Reminders(self.storage, self.exam)

    async def keeps(self, number: int, **known: object) -> Application:
        """Somebody with an application."""
        who = replace(
            person("zh-CN"), id=PersonId(number), telegram_id=number, number_hash=f"{number:064}"
        )
        draft = replace(
            made(area="qinghai"), id=ApplicationId(number * 100), person_id=PersonId(number)
        )
        whole: Application = replace(draft, **known)  # type: ignore[arg-type]
        async with self.db.write() as connection:
            await connection.execute(insert(tables.people), people.as_row(KEYRING, who))
            row = applications.as_row(KEYRING, whole)
            await connection.execute(insert(tables.applications), row)
        return whole

    async def looks(self, *moments: datetime) -> None:
        """The job runs at these moments."""
        for now in moments:
            await run_job(self.storage, self.job, now)

    async def told(self) -> list[tuple[int, str]]:
        """Who was reminded, and why, in order."""
        query = select(tables.outbox).where(tables.outbox.c.priority == Priority.NOTICE)
        async with self.db.read() as connection:
            rows = (await connection.execute(query.order_by(tables.outbox.c.id))).all()
        effects = [
            (row.chat_id, effect_of_json(KEYRING.decrypt(row.effect, "outbox")))
            for row in rows
            if row.effect is not None
        ]
        return [
            (chat, effect.data["kind"])
            for chat, effect in effects
            if isinstance(effect, ShowScreen) and effect.screen == REMINDER
        ]

    async def history(self, number: int) -> ReminderHistory:
        """What is remembered of somebody."""
        async with self.db.read() as connection:
            return (await reminders.histories(connection, KEYRING, [number]))[number]


@pytest_asyncio.fixture
async def post(db: Database) -> AsyncIterator[Post]:
    """Nobody is known yet."""
    inbox = Inbox(db, KEYRING, RowIds())
    await inbox.recover()
    yield Post(db, storage_over(db, KEYRING, inbox))


def moved(by: timedelta) -> Exam:
    """The exam with its registration closing so much later."""
    windows = EXAM.windows
    registration = Window(opens=windows.registration.opens, closes=CLOSES + by)
    confirmation = Window(opens=windows.confirmation.opens, closes=windows.confirmation.closes + by)
    changed = {"registration": registration, "confirmation": confirmation}
    return EXAM.model_copy(update={"windows": windows.model_copy(update=changed)})


@pytest.mark.row("B2", "C7")
async def test_a_tick_that_was_missed_catches_up_and_a_double_one_does_nothing(post: Post) -> None:
    await post.keeps(1)
    await post.looks(BEFORE)
    assert await post.told() == []
    await post.looks(LAST + 7 * HOUR)
    assert await post.told() == [(1, "scheduled")]
    post.starts()
    await asyncio.gather(post.looks(LAST + 7 * HOUR), post.looks(LAST + 7 * HOUR))
    await post.looks(LAST + 8 * HOUR, CLOSES - HOUR)
    assert await post.told() == [(1, "scheduled")]


async def test_a_round_without_anybody_due_decrypts_nobody(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(1, 20):
        await post.keeps(number)
    await post.looks(BEFORE)
    decrypted: list[str] = []

    def decrypt(keyring: Keyring, sealed: bytes, place: str) -> bytes:
        decrypted.append(place)
        return plain(keyring, sealed, place)

    plain = Keyring.decrypt
    monkeypatch.setattr(Keyring, "decrypt", decrypt)
    await post.looks(*(BEFORE + hours * HOUR for hours in range(1, 9)))
    assert decrypted == []
    await post.looks(LAST)
    assert len(decrypted) >= 19


async def test_somebody_who_acts_is_left_alone_for_two_hours(post: Post) -> None:
    await post.keeps(1)
    await post.looks(BEFORE)
    reply = post.storage.outgoing(1, ShowScreen("menu"), LAST - HOUR)
    async with post.db.write() as connection:
        await post.storage.outbox.add(connection, [reply])
    await post.looks(LAST, LAST + HOUR / 2)
    assert await post.told() == []
    await post.looks(LAST + HOUR)
    assert await post.told() == [(1, "scheduled")]


async def test_an_application_that_moves_is_looked_at_again(post: Post) -> None:
    draft = await post.keeps(1)
    submitted = replace(draft, stage=Stage.SUBMITTED, revision=1)
    await post.looks(BEFORE)
    async with post.db.write() as connection:
        stored = update(tables.applications).values(stage="submitted", revision=1)
        await connection.execute(stored)
        confirmed = lifecycle.apply_event(submitted, Event.CONFIRM, EXAM, BEFORE)
        assert await applications.save_transition(connection, KEYRING, submitted, confirmed)
    await post.looks(BEFORE + HOUR, LAST)
    assert (await post.history(1)).name == ""
    assert await post.told() == []


async def test_a_deadline_that_an_exam_file_moves_is_told_once(post: Post) -> None:
    await post.keeps(1)
    await post.looks(BEFORE)
    noon = BEFORE + 12 * HOUR
    for _ in range(2):
        post.starts(moved(5 * DAY))
        await post.looks(noon, noon + HOUR)
    assert await post.told() == [(1, "moved")]
    await post.looks(LAST, LAST + DAY)
    assert await post.told() == [(1, "moved"), (1, "scheduled")]


async def test_a_reminder_that_telegram_did_not_take_in_time_comes_the_next_morning(
    post: Post,
) -> None:
    await post.keeps(1)
    await post.looks(BEFORE, LAST)
    async with post.db.write() as connection:
        lost = update(tables.outbox).values(state=OutboxState.EXPIRED, effect=None)
        await connection.execute(lost)
    await post.looks(LAST + 12 * HOUR)
    assert (await post.history(1)).sent == ()
    await post.looks(LAST + 20 * HOUR, LAST + 22 * HOUR)
    assert await post.told() == [(1, "scheduled")]
    await post.looks(LAST + 23 * HOUR)
    assert len((await post.history(1)).sent) == 1


async def test_who_blocked_the_bot_is_told_when_they_are_back(post: Post) -> None:
    await post.keeps(1)
    await post.keeps(2)
    async with post.db.write() as connection:
        one = tables.people.c.id == 1
        await connection.execute(update(tables.people).where(one).values(blocked_at=BEFORE))
    await post.looks(BEFORE, LAST)
    assert await post.told() == [(2, "scheduled")]
    async with post.db.write() as connection:
        await connection.execute(update(tables.people).where(one).values(blocked_at=None))
        await reminder_dates.look_again(connection, [1], LAST + HOUR)
    await post.looks(LAST + HOUR, LAST + 3 * HOUR, MORNING)
    assert await post.told() == [(2, "scheduled"), (1, "scheduled")]


async def test_many_are_told_bit_by_bit(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.candidates.reminders.AT_ONCE", 3)
    for number in range(1, 8):
        await post.keeps(number)
    await post.looks(*[BEFORE] * 3)
    await post.looks(LAST)
    assert len(await post.told()) == 3
    await post.looks(*[LAST + timedelta(minutes=1)] * 2)
    assert [chat for chat, _ in await post.told()] == list(range(1, 8))


async def test_everybody_without_a_row_gets_one(post: Post) -> None:
    await post.keeps(1)
    await post.looks(BEFORE)
    await post.keeps(2)
    post.starts()
    await post.looks(BEFORE + HOUR)
    async with post.db.read() as connection:
        assert await connection.scalar(select(func.count()).select_from(tables.reminders)) == 2


@pytest.mark.row("B2")
async def test_somebody_with_applications_of_two_exams_is_reminded_of_the_present_one(
    post: Post,
) -> None:
    """Last year's was registered and this year's is a draft; and the other way round."""
    await post.keeps(1)
    await post.keeps(2, stage=Stage.REGISTERED, revision=1)
    async with post.db.write() as connection:
        for number, stage in ((1, Stage.REGISTERED), (2, Stage.DRAFT)):
            earlier = replace(
                made(area="qinghai"),
                id=ApplicationId(number * 100 + 1),
                person_id=PersonId(number),
                exam="health-2025",
                stage=stage,
            )
            row = applications.as_row(KEYRING, earlier)
            await connection.execute(insert(tables.applications), row)
    await post.looks(BEFORE, LAST, LAST + HOUR, MORNING)
    assert await post.told() == [(1, "scheduled")]
