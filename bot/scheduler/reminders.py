"""Notices of a date: the opening, a deadline before it, and the closing after it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.core.open_storage import Storage
from bot.core.runtime import WallClock
from bot.scheduler.expiry import read_until
from bot.scheduler.scheduler import JobRun
from handlers.candidate.status import MISSED
from handlers.everyone import notices
from states.exam import Confirmation, Exam
from states.records import Stage
from states.step_result import Priority, ShowScreen
from storage.candidates import people, reminders
from storage.candidates.reminders import Unsubmitted
from storage.engine.database import Connection
from storage.engine.jobs import JobKind
from storage.updates.outbox import OutgoingMessage

BEFORE: Final = (timedelta(days=3), timedelta(days=1))
"""The times before a deadline at which candidates are reminded of it."""
MORNING: Final = 9
"""The hour at which people are told that they missed the submission."""
TOLD_FOR: Final = timedelta(days=7)
"""The time after a closing in which they are told; later it is no news."""
PAUSE: Final = timedelta(minutes=10)
"""The delay between two runs within a window: a late update or decision may add somebody."""


class OpeningNotices:
    """Tells the people who asked for it that registration has opened, each once."""

    kind = JobKind.OPENING

    def __init__(self, storage: Storage, exam: Exam) -> None:
        self._storage = storage
        self._exam = exam

    async def run(self, run: JobRun) -> None:
        """Enqueue the notices while registration is open."""
        registration = self._exam.windows.registration
        run.again(max(registration.opens, run.now + PAUSE))
        if not registration.holds(run.now):
            return
        async with run.write() as tx:
            waiting = await people.wanting_opening(tx, self._storage.keyring)
            messages = [self._message(p.telegram_id, p.bot_id, run.now) for p in waiting]
            await self._storage.outbox.add(tx, messages)
            await people.clear_wants_opening(tx)

    def _message(self, chat_id: int, bot_id: int, now: datetime) -> OutgoingMessage:
        return self._storage.outgoing(
            chat_id,
            ShowScreen(notices.OPENING, priority=Priority.NOTICE),
            now,
            f"opening:{self._exam.key}:{bot_id}:{chat_id}",
            bot_id=bot_id,
            expires_at=self._exam.windows.registration.closes,
        )


class ClosingNotices:
    """Tells everybody with an unsubmitted draft once that the time to submit is over.

    They are told in the morning, after every update from before the closing is done.
    """

    kind = JobKind.CLOSING

    def __init__(
        self,
        storage: Storage,
        exam: Exam,
        wall_clock: WallClock,
        synced_until: Callable[[], datetime | None],
    ) -> None:
        self._storage = storage
        self._exam = exam
        self._wall_clock = wall_clock
        self._synced_until = synced_until
        windows = exam.windows
        registration = windows.registration.closes
        # A withdrawn application can be submitted again until confirmation closes, and one that was
        # refused before until the end of its correction (``states.time_rules``).
        confirmation = max(registration, windows.confirmation.closes)
        self._closings = (
            (Unsubmitted.NEVER, registration),
            (Unsubmitted.WITHDRAWN, confirmation),
            (Unsubmitted.REFUSED, max(confirmation, windows.reupload.closes)),
        )

    async def run(self, run: JobRun) -> None:
        """Enqueue the notices in the days after a closing."""
        mornings = [self._morning(closes) for _, closes in self._closings]
        run.again(min((one for one in mornings if one > run.now), default=run.now + PAUSE))
        due = [
            (which, closes)
            for (which, closes), morning in zip(self._closings, mornings, strict=True)
            if morning <= run.now < closes + TOLD_FOR
        ]
        if not due:
            return
        async with run.write() as tx:
            told = [m for one in due for m in await self._messages(tx, *one, run.now)]
            await self._storage.outbox.add(tx, told)
            run.again(run.next_tick if len(told) >= reminders.AT_ONCE else run.now + PAUSE)

    def _morning(self, closes: datetime) -> datetime:
        """Return nine o'clock after a closing, in the exam's time zone."""
        local = closes.astimezone(self._exam.tz)
        morning = local.replace(hour=MORNING, minute=0, second=0, microsecond=0)
        return morning if morning >= local else morning + timedelta(days=1)

    async def _messages(
        self, connection: Connection, which: Unsubmitted, closes: datetime, now: datetime
    ) -> list[OutgoingMessage]:
        done = await read_until(connection, self._storage, self._wall_clock, self._synced_until())
        if done is None or done < closes:
            return []
        missed = await reminders.unsubmitted(connection, self._exam.key, which)
        notice = ShowScreen(MISSED, priority=Priority.NOTICE)
        until = closes + TOLD_FOR
        return [
            self._storage.outgoing(
                one.telegram_id, notice, now, one.dedup, bot_id=one.bot_id, expires_at=until
            )
            for one in missed
        ]


@dataclass(frozen=True, slots=True)
class Deadline:
    """The end of a stage in these areas, and the screen of its reminder."""

    stage: Stage
    ends: datetime
    areas: tuple[str, ...]
    screen: str

    def before(self, now: datetime) -> timedelta | None:
        """Return the reminder that is due."""
        return min((one for one in BEFORE if self.ends - one <= now < self.ends), default=None)


class Reminders:
    """Reminds of a deadline (guide, parts 2 and 4), each application and revision once.

    Candidates of an area with online confirmation have nothing to do before its result.
    """

    kind = JobKind.REMINDERS

    def __init__(self, storage: Storage, exam: Exam) -> None:
        self._storage = storage
        self._exam = exam
        everywhere = tuple(area.code for area in exam.areas)
        on_site = tuple(a.code for a in exam.areas if a.confirmation is Confirmation.ON_SITE)
        windows = exam.windows
        self._deadlines = (
            Deadline(Stage.SUBMITTED, windows.confirmation.closes, on_site, "told-reminder"),
            # A draft has been one since a moment only if it was withdrawn.
            Deadline(
                Stage.DRAFT, windows.confirmation.closes, everywhere, "told-reminder-withdrawn"
            ),
            Deadline(
                Stage.CONFIRM_REFUSED, windows.reupload.closes, everywhere, "told-reminder-mend"
            ),
        )

    async def run(self, run: JobRun) -> None:
        """Enqueue the reminders that are due; run again when the next ones begin."""
        begins = [one.ends - before for one in self._deadlines for before in BEFORE]
        coming = [moment for moment in begins if moment > run.now]
        due = [(one, before) for one in self._deadlines if (before := one.before(run.now))]
        if not due:
            run.again(min(coming, default=run.now + PAUSE))
            return
        async with run.write() as tx:
            messages = [m for one in due for m in await self._messages(tx, *one, run.now)]
            await self._storage.outbox.add(tx, messages)
            is_over = len(messages) < reminders.AT_ONCE
            run.again(min([*coming, run.now + PAUSE]) if is_over else run.next_tick)

    async def _messages(
        self, connection: Connection, deadline: Deadline, before: timedelta, now: datetime
    ) -> list[OutgoingMessage]:
        unreminded = await reminders.unreminded(
            connection,
            self._exam.key,
            deadline.stage,
            since_before=deadline.ends - before,
            reminder=f"remind-{deadline.stage}-{before.days}",
            areas=deadline.areas,
        )
        notice = ShowScreen(deadline.screen, priority=Priority.NOTICE)
        return [
            self._storage.outgoing(
                one.telegram_id, notice, now, one.dedup, bot_id=one.bot_id, expires_at=deadline.ends
            )
            for one in unreminded
        ]
