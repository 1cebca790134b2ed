"""The clock at the counter: decisions take effect, idle claims end, and the staff hear of news."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.core.clocks import MonotonicClock, WallClock
from bot.core.failpoints import Failpoint, FailpointHook, no_failpoint
from bot.delivery.sender import Sender
from handlers.everyone import notices
from handlers.staff.cases import queue as desk
from handlers.staff.cases.claimed_case import close_message
from states.exam import Exam
from states.staff import Scope
from states.staff_digest import REMIND_AFTER, DigestKind, QueuePlace, digest_kinds
from states.staff_timings import StaffTimings
from states.step_result import EditScreen, Effect, Priority, ShowScreen
from storage.audit import audit_log
from storage.audit.audit_log import CLOCK, AuditAction, AuditEntry
from storage.engine import installation
from storage.engine.database import Connection, Database, Unavailable
from storage.engine.encryption import Keyring
from storage.engine.installation import Fact
from storage.staff import (
    cards,
    claims,
    decisions,
    review_queue,
    role_assignments,
    staff_groups,
)
from storage.staff.decisions import AppliedDecision
from storage.updates.inbox import Inbox
from storage.updates.outbox import Outbox, OutgoingMessage

EVERY: Final = 30.0
"""Seconds between two looks while nothing is known to become due."""
SHORTEST: Final = 0.25
"""Seconds between two looks while a decision waits for an update that came in before it."""
AT_ONCE: Final = 100
"""Decisions that take effect in one transaction; the next look takes the rest."""
RESTS: Final = timedelta(minutes=10)
"""How long a decision that could not take effect is left alone before it is tried again."""
NEWS_SLOT: Final = "queue-news"

log = structlog.get_logger("settling")


class DecisionApplier:
    """What happens at the counter because time passes.

    A decision that cannot take effect, by a fault of ours or of its rows, stops neither the others
    nor the bot: it is set aside and tried again, and the ``administrators`` hear of it once.
    """

    def __init__(
        self,
        *,
        db: Database,
        keyring: Keyring,
        inbox: Inbox,
        outbox: Outbox,
        sender: Sender,
        exam: Exam,
        bot_id: int,
        wall_clock: WallClock,
        monotonic: MonotonicClock,
        timings: StaffTimings,
        administrators: Iterable[int] = (),
        failpoint: FailpointHook = no_failpoint,
    ) -> None:
        self._db = db
        self._keyring = keyring
        self._inbox = inbox
        self._outbox = outbox
        self._sender = sender
        self._exam = exam
        self._bot_id = bot_id
        self._wall_clock = wall_clock
        self._monotonic = monotonic
        self._timings = timings
        self._administrators = tuple(administrators)
        self._failpoint = failpoint
        self._skipped: dict[int, datetime] = {}  # until when, by the verdict's id

    async def run(self) -> None:
        """Look until cancelled: when an undo window ends, and every half minute anyway."""
        while True:
            wait = EVERY
            try:
                wait = await self.apply_due()
            except Unavailable as error:
                log.warning("a look was missed; the next one catches up", error=str(error))
            await self._monotonic.sleep(wait)

    async def apply_due(self) -> float:
        """Do what is due; the seconds until something may be due again."""
        now = self._wall_clock.now()
        self._skipped = {one: until for one, until in self._skipped.items() if now < until}
        async with self._db.read() as connection:
            first = await decisions.next_due(connection, self._skipped)
            told = await installation.read_within(connection, Fact.DIGEST_SENT)
            is_idle = bool(await claims.idle(connection, now, self._timings))
        is_due = first is not None and first <= now
        if is_due or is_idle or self._is_digest_time(told, now):
            await self._act(now, told)
            async with self._db.read() as connection:
                first = await decisions.next_due(connection, self._skipped)
        # A decision that is made meanwhile has its own undo window still before it.
        longest = min(EVERY, max(self._timings.undo.total_seconds(), SHORTEST))
        wait = longest if first is None else (first - self._wall_clock.now()).total_seconds()
        return min(longest, max(wait, SHORTEST))

    async def _act(self, now: datetime, told: str | None) -> None:
        try:
            acted = await self._apply_together(now, told)
        except Unavailable:
            raise
        except Exception:
            if not await self._one_by_one(now):
                raise  # it was none of the decisions
            acted = True
        if acted:
            await self._sender.catch_up()

    async def _apply_together(self, now: datetime, told: str | None) -> bool:
        """All that is due in one transaction; whether there is something to be sent."""
        async with self._db.write() as connection:
            settled, rows = await self._apply(connection, await self._due(connection, now), now)
            for application_id in await claims.end_idle(connection, now, self._timings):
                for shown in await cards.shown(connection, application_id):
                    effect = close_message(shown, application_id, "returned")
                    rows.append(self._row(shown.chat_id, effect, now))
                await cards.forget(connection, application_id)
            if self._is_digest_time(told, now):
                rows += await self._send_digest(connection, told, now)
            await self._outbox.add(connection, rows)
            if settled:
                self._failpoint(Failpoint.DECISIONS_DUE)
        if settled:
            self._failpoint(Failpoint.DECISIONS_APPLIED)
        return bool(rows)

    async def _one_by_one(self, now: datetime) -> int:
        """Each decision in a transaction of its own; how many had to be set aside."""
        stuck = 0
        for _ in range(AT_ONCE):
            due: list[int] = []
            try:
                async with self._db.write() as connection:
                    due = await self._due(connection, now, most=1)
                    if not due:
                        break
                    _, rows = await self._apply(connection, due, now)
                    await self._outbox.add(connection, rows)
            except Unavailable:
                raise
            except Exception as error:
                if not due:
                    raise
                await self._skip(due[0], now, error)
                stuck += 1
        return stuck

    async def _due(self, connection: Connection, now: datetime, most: int = AT_ONCE) -> list[int]:
        undone = await self._inbox.oldest_pending(connection)
        # A tap that came in time may be waiting behind others still.
        until = now if undone is None else min(now, self._wall_clock.at(undone))
        return await decisions.due(connection, until, most, self._skipped)

    async def _apply(
        self, connection: Connection, due: Sequence[int], now: datetime
    ) -> tuple[list[AppliedDecision], list[OutgoingMessage]]:
        """These decisions take effect; what they came to, and what is to be said of it."""
        settled = await decisions.apply_decisions(
            connection, self._keyring, self._exam, due, now, self._new_id
        )
        return settled, [row for one in settled for row in self._after(one, now)]

    async def _skip(self, verdict_id: int, now: datetime, error: Exception) -> None:
        self._skipped[verdict_id] = now + RESTS
        log.error("a decision cannot take effect", decision=verdict_id, error=type(error).__name__)
        told = ShowScreen(notices.STUCK, {"verdict": str(verdict_id)}, priority=Priority.NOTICE)
        rows = [
            self._row(chat, told, now, f"stuck:{verdict_id}:{chat}")
            for chat in self._administrators
        ]
        async with self._db.write() as connection:
            await self._outbox.add(connection, rows)

    def _after(self, settled: AppliedDecision, now: datetime) -> Iterable[OutgoingMessage]:
        """What follows a decision: its candidate hears of it, the cards of it are closed."""
        decision = settled.decision
        if settled.notice:
            told = ShowScreen(settled.notice, priority=Priority.NOTICE)
            yield self._row(settled.person.telegram_id, told, now, f"verdict:{decision.id}")
        for shown in settled.shown:
            yield self._row(shown.chat_id, close_message(shown, decision.application_id), now)

    def _is_digest_time(self, told: str | None, now: datetime) -> bool:
        return told is None or now - datetime.fromisoformat(told) >= self._timings.news + self._lag

    @property
    def _lag(self) -> timedelta:
        """A decision moves its application into the next queue as of when it was made, and does so
        an undo window later: only by then it is known what has come."""
        return self._timings.undo + timedelta(seconds=EVERY)

    async def _send_digest(
        self, connection: Connection, told: str | None, now: datetime
    ) -> list[OutgoingMessage]:
        """A message for everybody at whose desk something came or grew old, and for each group of
        the place; only counts."""
        await self._release_idle(connection, now)
        until = now - self._lag
        since = datetime.fromisoformat(told) if told else until - REMIND_AFTER
        spots = await review_queue.waiting_places(connection, self._exam, until)
        heard = await self._concerned(connection, spots)
        today = self._exam.today(now).isoformat()
        rung = await self._outbox.known(connection, [_ring(chat, today) for chat in heard])
        await installation.write(connection, Fact.DIGEST_SENT, until.isoformat())
        return [
            row
            for chat, (screen, theirs) in sorted(heard.items())
            for row in self._told(chat, screen, theirs, since, now, rung)
        ]

    async def _concerned(
        self, connection: Connection, spots: list[QueuePlace]
    ) -> dict[int, tuple[str, list[QueuePlace]]]:
        """By chat: the screen that tells the news there, and the spots that are theirs."""
        sitting = await role_assignments.within(connection, self._keyring, self._bot_id, Scope())
        concerned: dict[int, tuple[str, list[QueuePlace]]] = {}
        for assignment in sitting:
            _, theirs = concerned.setdefault(assignment.telegram_id, (desk.NEWS, []))
            theirs += [spot for spot in spots if assignment.may_decide(spot.example)]
        for chat, scope in (await staff_groups.bound(connection, self._bot_id)).items():
            concerned[chat] = desk.GROUP_NEWS, [one for one in spots if scope.covers(one.example)]
        return concerned

    def _told(
        self,
        chat: int,
        screen: str,
        spots: list[QueuePlace],
        since: datetime,
        now: datetime,
        rung: set[str],
    ) -> Iterable[OutgoingMessage]:
        """What a chat is told, at most one message."""
        new = ShowScreen(screen, slot=NEWS_SLOT, priority=Priority.NOTICE)
        changed = EditScreen(screen, NEWS_SLOT, priority=Priority.NOTICE)
        of_day = _ring(chat, self._exam.today(now).isoformat())
        for tone in digest_kinds(spots, since, self._exam, now):
            match tone:
                case DigestKind.REMINDER if of_day in rung:
                    continue
                case DigestKind.REMINDER:
                    yield self._row(chat, new, now, of_day)
                case DigestKind.FIRST:
                    yield self._row(chat, new, now, f"news:{chat}:{since.isoformat()}")
                case DigestKind.UPDATE:
                    yield self._row(chat, changed, now, f"news:{chat}:{since.isoformat()}")
            return

    async def _release_idle(self, connection: Connection, now: datetime) -> None:
        """A group that Telegram does not let us write to gets no more news; to bind it again is a
        matter of seconds."""
        gone = await staff_groups.gone(connection, self._bot_id)
        for chat in gone:
            await staff_groups.release(connection, self._bot_id, chat)
            log.warning("a group that is gone was let go of", chat=chat)
        by_us = (
            AuditEntry(self._new_id(), now, CLOCK, AuditAction.GROUP_RELEASED, detail=str(c))
            for c in gone
        )
        await audit_log.add(connection, list(by_us))

    def _row(self, chat_id: int, effect: Effect, now: datetime, dedup: str = "") -> OutgoingMessage:
        row_id = self._new_id()
        return OutgoingMessage(
            id=row_id,
            dedup=dedup or f"s{row_id}",
            bot_id=self._bot_id,
            chat_id=chat_id,
            effect=effect,
            made_at=now,
        )

    def _new_id(self) -> int:
        return self._inbox.new_row_id()


def _ring(chat: int, day: str) -> str:
    """By what it is known that an ageing queue was said in a chat on a day."""
    return f"news-ageing:{chat}:{day}"
