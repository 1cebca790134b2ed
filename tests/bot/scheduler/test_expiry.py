"""The clock gives up what is late, reminds before that, and asks administrators where in doubt."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest
import pytest_asyncio
from sqlalchemy import insert, select

from bot.core.open_storage import Storage
from bot.scheduler.expiry import PAUSE, Expiry
from bot.scheduler.reminders import TOLD_FOR, ClosingNotices, Reminders
from bot.scheduler.scheduler import Job
from states.exam import Exam
from states.process.deadlines import MAX_PER_RUN
from states.records import Application, ApplicationId, Fault, Part, PersonId, Refusal, Stage
from states.step_result import ShowScreen
from storage.audit.audit_log import CLOCK
from storage.candidates import applications, overdue, people
from storage.engine import installation, tables
from storage.engine.database import Connection, Database, Unavailable
from storage.engine.ids import RowIds
from storage.engine.installation import Fact
from storage.updates.inbox import Inbox
from storage.updates.outbox import effect_of_json
from tests.bot.people import BOT, EXAM, KEYRING, OPEN, person
from tests.bot.people import application as made
from tests.bot.storages import storage_over
from tests.fakes.clocks import START, FakeMonotonicClock, FakeWallClock
from tests.fakes.jobs import run_job

pytestmark = [pytest.mark.asyncio, pytest.mark.row("S13")]

ADMINISTRATOR = 7
ENDS = EXAM.windows.confirmation.closes
LATE = ENDS + timedelta(minutes=1)
MINUTE = timedelta(minutes=1)


@dataclass(slots=True)
class Night:
    """The night after a deadline: a clock over a real database, at the moment a test sets."""

    db: Database
    inbox: Inbox
    wall_clock: FakeWallClock
    synced_until: datetime | None = None
    storage: Storage = field(init=False)
    jobs: tuple[Job, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.storage = storage_over(self.db, KEYRING, self.inbox)
        self.starts(EXAM)

    def starts(self, exam: Exam) -> None:
        """The jobs of an exam, just started."""
        expiry = Expiry(
            self.storage,
            exam,
            self.wall_clock,
            lambda: self.synced_until,
            frozenset({ADMINISTRATOR}),
        )
        closing = ClosingNotices(self.storage, exam, self.wall_clock, lambda: self.synced_until)
        self.jobs = (Reminders(self.storage, exam), expiry, closing)

    async def comes(self, moment: datetime, *, heard: bool = True) -> None:
        """It is this moment, and the clock ticks."""
        self.wall_clock.offset = moment - START
        self.synced_until = START if heard else None
        for job in self.jobs:
            await run_job(self.storage, job, moment)

    async def keep(self, *kept: Application) -> None:
        """People and what they have handed in."""
        async with self.db.write() as connection:
            for one in kept:
                known = replace(
                    person("zh-CN"),
                    id=one.person_id,
                    telegram_id=int(one.person_id),
                    number_hash=None,
                )
                await connection.execute(insert(tables.people), people.as_row(KEYRING, known))
                await connection.execute(
                    insert(tables.applications), applications.as_row(KEYRING, one)
                )

    async def stages(self) -> list[str]:
        """Return the stages of all applications, in order."""
        query = select(tables.applications.c.stage).order_by(tables.applications.c.id)
        async with self.db.read() as connection:
            return list(await connection.scalars(query))

    async def told(self) -> list[tuple[int, str]]:
        """Who is shown what, in order."""
        query = select(tables.outbox).order_by(tables.outbox.c.id)
        async with self.db.read() as connection:
            rows = (await connection.execute(query)).all()
        effects = [
            (row.chat_id, effect_of_json(KEYRING.decrypt(row.effect, "outbox"))) for row in rows
        ]
        return [(chat, effect.screen) for chat, effect in effects if isinstance(effect, ShowScreen)]

    async def audit_entries(self) -> list[tuple[int, str, str]]:
        """Return the entries of the audit."""
        query = select(tables.audit.c.actor, tables.audit.c.action, tables.audit.c.detail)
        async with self.db.read() as connection:
            return [(row[0], row[1], row[2]) for row in await connection.execute(query)]


@pytest_asyncio.fixture
async def night(db: Database) -> AsyncIterator[Night]:
    """Nobody has handed anything in yet."""
    wall_clock, inbox = FakeWallClock(FakeMonotonicClock()), Inbox(db, KEYRING, RowIds())
    await inbox.recover()
    yield Night(db, inbox, wall_clock)


def handed_in(number: int, **known: object) -> Application:
    """Return the application that the person of this number submitted."""
    whole = replace(
        made(),
        id=ApplicationId(number * 100),
        person_id=PersonId(number),
        area="qinghai",
        stage=Stage.SUBMITTED,
        revision=1,
        submitted_at=OPEN,
        since=OPEN,
    )
    return replace(whole, **known)  # type: ignore[arg-type]


async def test_what_could_not_be_committed_is_made_up_for_by_the_next_tick(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    await night.keep(handed_in(1))
    write = night.db.write

    @asynccontextmanager
    async def goes() -> AsyncIterator[Connection]:
        async with write() as connection:
            yield connection
            raise Unavailable("gone before the commit")

    monkeypatch.setattr(night.db, "write", goes)
    with pytest.raises(Unavailable):
        await night.comes(ENDS)
    monkeypatch.undo()
    assert await night.stages() == ["submitted"]
    await night.comes(ENDS + MINUTE)
    assert await night.stages() == ["abandoned"]


async def test_who_was_not_confirmed_in_time_gave_up_and_is_told_once(night: Night) -> None:
    await night.keep(handed_in(1), handed_in(2, stage=Stage.CONFIRMED))
    await night.comes(ENDS - MINUTE)
    assert await night.stages() == ["submitted", "confirmed"]
    await night.comes(ENDS)
    await night.comes(ENDS + PAUSE)
    assert await night.stages() == ["abandoned", "confirmed"]
    assert [one for one in await night.told() if one[1] == "told-abandoned"] == [
        (1, "told-abandoned")
    ]
    assert await night.audit_entries() == [(CLOCK, "given-up", "submitted")]


async def test_an_update_that_was_sent_in_time_is_read_first(night: Night) -> None:
    await night.keep(handed_in(1))
    (row,) = await night.inbox.keep(night.inbox.number(BOT, [{"update_id": 1}], START - 2 * MINUTE))
    await night.comes(LATE)
    await night.comes(LATE, heard=False)
    assert await night.stages() == ["submitted"]
    async with night.db.write() as connection:
        await connection.execute(tables.inbox.delete().where(tables.inbox.c.id == row.id))
    await night.comes(LATE)
    assert await night.stages() == ["abandoned"]


async def test_an_update_that_was_sent_in_time_and_is_not_kept_yet_is_read_first(
    night: Night,
) -> None:
    await night.keep(handed_in(1))
    rows = night.inbox.number(BOT, [{"update_id": 1}], START - 2 * MINUTE)
    with night.inbox.uncommitted(rows):
        await night.comes(LATE)
    assert await night.stages() == ["submitted"]
    await night.comes(LATE)
    assert await night.stages() == ["abandoned"]


async def decides(night: Night) -> None:
    """A clerk decides on the application 100 a minute before the deadline, and can undo it."""
    async with night.db.write() as connection:
        assignment = {"id": 5, "bot_id": BOT, "telegram_id": 9, "role": "point-clerk", "area": ""}
        assignment |= {"site": "", "point": "", "name": b"", "granted_by": 7, "granted_at": OPEN}
        await connection.execute(insert(tables.role_assignments), assignment)
        decision = {"id": 6, "application_id": 100, "revision": 1, "desk": "confirmation"}
        decision |= {
            "approving": True,
            "assignment_id": 5,
            "decided_at": ENDS - MINUTE,
            "seen": b"",
        }
        await connection.execute(insert(tables.decisions), decision | {"effective_at": LATE})


async def test_a_decision_that_can_still_be_taken_back_was_made_in_time(night: Night) -> None:
    await night.keep(handed_in(1))
    await decides(night)
    await night.comes(LATE)
    assert await night.stages() == ["submitted"]


async def test_a_decision_that_is_stored_after_the_plan_counts(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def count_unpaid(*_args: object) -> int:
        await decides(night)
        return 0

    await night.keep(handed_in(1), handed_in(2))
    monkeypatch.setattr(overdue, "count_unpaid", count_unpaid)
    await night.comes(LATE)
    assert await night.stages() == ["submitted", "abandoned"]


@pytest.mark.parametrize("part", [1, 2, 3, 500])
async def test_what_is_overdue_is_read_in_parts(
    night: Night, monkeypatch: pytest.MonkeyPatch, part: int
) -> None:
    """The first part holds nothing that is overdue: its refusal is final."""
    monkeypatch.setattr(overdue, "PART", part)
    final = Refusal(OPEN, (Fault(Part.PHOTO, "", "face"),), until=None)
    await night.keep(
        *(handed_in(n, stage=Stage.CONFIRM_REFUSED, refusal=final) for n in (1, 2)),
        *(handed_in(n) for n in (3, 4, 5)),
        handed_in(6, stage=Stage.CONFIRMED),
    )
    await night.comes(EXAM.windows.reupload.closes)
    assert await night.stages() == ["confirm-refused"] * 2 + ["abandoned"] * 3 + ["confirmed"]


async def test_too_many_wait_until_an_administrator_lets_them_run(night: Night) -> None:
    await night.keep(*(handed_in(number) for number in range(10, 11 + MAX_PER_RUN)))
    await night.comes(LATE)
    await night.comes(LATE + PAUSE)
    assert set(await night.stages()) == {"submitted"}
    assert await night.told() == [(ADMINISTRATOR, "forfeits")]
    async with night.db.write() as connection:
        waiting = await installation.read_within(connection, Fact.EXPIRY_HELD) or ""
        as_of, _, counts = waiting.partition(" ")
        assert counts == f"many={MAX_PER_RUN + 1}"
        await overdue.release(connection, Fact.RELEASED, as_of, LATE + PAUSE)
    await night.comes(LATE + PAUSE + MINUTE)
    assert set(await night.stages()) == {"abandoned"}


async def test_a_deadline_in_a_gap_of_the_intake_waits(night: Night) -> None:
    await night.keep(handed_in(1))
    await night.inbox.note_gap(START - 2 * MINUTE, START)
    await night.comes(LATE)
    assert await night.stages() == ["submitted"]
    assert await night.told() == [(ADMINISTRATOR, "forfeits")]


def moved(exam: Exam, by: timedelta) -> Exam:
    """The exam with another end of the confirmation."""
    window = exam.windows.confirmation
    later = window.model_copy(update={"closes": window.closes + by})
    windows = exam.windows.model_copy(update={"confirmation": later})
    return exam.model_copy(update={"windows": windows})


async def test_a_window_that_was_moved_the_evening_before_waits(night: Night) -> None:
    await night.keep(handed_in(1))
    await night.comes(ENDS - timedelta(days=9))
    night.starts(moved(EXAM, -timedelta(hours=1)))
    await night.comes(ENDS - timedelta(hours=9))
    await night.comes(LATE)
    assert await night.stages() == ["submitted"]


async def test_who_did_not_hand_in_again_gave_up_but_not_whose_refusal_is_final(
    night: Night,
) -> None:
    closes = EXAM.windows.reupload.closes
    refusal = Refusal(OPEN, (Fault(Part.PHOTO, "", "face"),), until=closes)
    mendable = handed_in(1, stage=Stage.CONFIRM_REFUSED, refusal=refusal)
    final = handed_in(2, stage=Stage.CONFIRM_REFUSED, refusal=replace(refusal, until=None))
    await night.keep(mendable, final)
    await night.comes(closes)
    assert await night.stages() == ["abandoned", "confirm-refused"]


@pytest.mark.row("B2")
async def test_people_are_reminded_three_times_and_not_beside_what_they_did_just_now(
    night: Night,
) -> None:
    online = handed_in(3, area="tianjin")
    await night.keep(handed_in(1), online, handed_in(4, stage=Stage.CONFIRMED))
    await night.comes(ENDS - timedelta(days=10))
    just_now = handed_in(2, since=ENDS - timedelta(hours=15))
    for hours in range(24 * 9, 0, -1):
        moment = ENDS - timedelta(hours=hours)
        if moment == ENDS - timedelta(hours=15):
            await night.keep(just_now)
            night.starts(EXAM)
        await night.comes(moment)
        await night.comes(moment + MINUTE)
    reminded = [chat for chat, screen in await night.told() if screen == "told-reminder"]
    assert reminded == [1, 1, 1, 2]


PAYMENT_ENDS = EXAM.windows.payment.closes


async def releases(night: Night, fact: Fact) -> None:
    """An administrator releases what was counted last."""
    async with night.db.write() as connection:
        as_of, _, _ = (
            await installation.read_within(connection, Fact.EXPIRY_HELD) or ""
        ).partition(" ")
        await installation.write(connection, fact, as_of)


async def test_who_is_not_marked_as_paid_is_held_for_months_and_asked_about_once_a_week(
    night: Night,
) -> None:
    await night.keep(*(handed_in(number, stage=Stage.APPROVED) for number in (1, 2)))
    for days in (0, 1, 100, 101):
        await night.comes(PAYMENT_ENDS + timedelta(days=days))
        await releases(night, Fact.RELEASED)
    assert await night.stages() == ["approved", "approved"]
    assert await night.told() == [(ADMINISTRATOR, "forfeits")] * 2
    assert (await installation.read(night.db, Fact.EXPIRY_HELD) or "").endswith(" unpaid=2")


async def test_an_administrator_ends_the_unpaid_by_a_release_of_their_own(night: Night) -> None:
    await night.keep(handed_in(1, stage=Stage.APPROVED))
    await night.comes(PAYMENT_ENDS - MINUTE)
    await releases(night, Fact.UNPAID_RELEASED)
    await night.comes(PAYMENT_ENDS)
    assert await night.stages() == ["approved"]
    await releases(night, Fact.UNPAID_RELEASED)
    await night.comes(PAYMENT_ENDS + PAUSE)
    assert await night.stages() == ["abandoned"]
    await night.comes(PAYMENT_ENDS + 2 * PAUSE)
    assert " " not in (await installation.read(night.db, Fact.EXPIRY_HELD) or "")


CLOSES = EXAM.windows.registration.closes
NINE = CLOSES + timedelta(hours=9)


async def missed(night: Night) -> list[int]:
    """Who was told that they did not submit, in order."""
    return [chat for chat, screen in await night.told() if screen == "told-missed"]


@pytest.mark.row("S11")
async def test_who_did_not_submit_is_told_once_in_the_morning_after(night: Night) -> None:
    draft = handed_in(1, stage=Stage.DRAFT, revision=0, submitted_at=None)
    await night.keep(
        draft, handed_in(2), replace(draft, id=ApplicationId(300), person_id=PersonId(3))
    )
    for moment in (CLOSES - MINUTE, CLOSES, NINE - MINUTE):
        await night.comes(moment)
    assert await missed(night) == []
    for moment in (NINE, NINE + MINUTE, NINE + timedelta(days=1)):
        await night.comes(moment)
    assert await missed(night) == [1, 3]


@pytest.mark.row("S11")
async def test_nobody_is_told_before_what_was_sent_in_time_is_done_or_weeks_later(
    night: Night,
) -> None:
    await night.keep(handed_in(1, stage=Stage.DRAFT, revision=0, submitted_at=None))
    await night.comes(NINE, heard=False)
    (row,) = await night.inbox.keep(
        night.inbox.number(BOT, [{"update_id": 1}], START - timedelta(hours=10))
    )
    await night.comes(NINE)
    async with night.db.write() as connection:
        await connection.execute(tables.inbox.delete().where(tables.inbox.c.id == row.id))
    await night.comes(CLOSES + TOLD_FOR)
    assert await missed(night) == []


@pytest.mark.row("S11")
async def test_who_withdrew_is_told_when_their_own_time_is_over(night: Night) -> None:
    await night.keep(handed_in(1, stage=Stage.DRAFT, revision=1))
    await night.comes(NINE)
    assert await missed(night) == []
    await night.comes(EXAM.windows.confirmation.closes + timedelta(hours=9))
    assert await missed(night) == [1]


@pytest.mark.row("S11")
async def test_who_withdrew_after_a_late_refusal_is_told_once_their_own_time_is_over(
    night: Night,
) -> None:
    """The window of the corrections was over long before, and so were its seven days."""
    own = EXAM.windows.review.closes + timedelta(days=2)
    late = Refusal(OPEN, (Fault(Part.PHOTO, "", "face"),), until=own, refused_at=Stage.CONFIRMED)
    usual = Refusal(OPEN, (Fault(Part.PHOTO, "", "face"),), until=EXAM.windows.reupload.closes)
    await night.keep(
        handed_in(1, stage=Stage.DRAFT, revision=1, refusal=late),
        handed_in(2, stage=Stage.DRAFT, revision=1, refusal=usual),
    )
    await night.comes(EXAM.windows.reupload.closes + timedelta(hours=9))
    assert await missed(night) == [2]
    await night.comes(own + timedelta(hours=8))
    assert await missed(night) == [2]
    await night.comes(own + timedelta(hours=9))
    assert await missed(night) == [2, 1]
    await night.comes(own + TOLD_FOR)
    assert await missed(night) == [2, 1]


async def test_the_last_reminder_of_all_windows_is_followed_by_another_run(night: Night) -> None:
    refusal = Refusal(OPEN, (Fault(Part.PHOTO, "", "face"),), until=EXAM.windows.reupload.closes)
    await night.keep(handed_in(1, stage=Stage.CONFIRM_REFUSED, refusal=refusal))
    for hours in (24 * 9, 14, 9):
        await night.comes(EXAM.windows.reupload.closes - timedelta(hours=hours))
    assert (1, "told-reminder") in await night.told()
