"""The clock at the counter: decisions take effect, idle claims end, and the staff hear of news."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.arrows import Arrow, Passing, undisturbed
from bot.sender import Sender
from bot.times import Calendar, Machine
from handlers.everyone import notices
from handlers.staff import queue as desk
from handlers.staff.holding import closing
from states.desks import Pace
from states.exam import Exam
from states.news import AGEING, Spot, Tone, tones
from states.outcome import Act, Edit, Priority, Say
from states.staff import Scope
from storage import audit, cards, claims, facts, groups, queue, seats, settling, verdicts
from storage.audit import CLOCK, Deed, Entry
from storage.db import Connection, Database, Unavailable
from storage.facts import Fact
from storage.inbox import IDS_PER_UPDATE, Inbox
from storage.outbox import Outbox, Outgoing
from storage.secrets import Keyring
from storage.settling import Settled

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


class Settling:
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
        calendar: Calendar,
        machine: Machine,
        pace: Pace,
        administrators: Iterable[int] = (),
        passing: Passing = undisturbed,
    ) -> None:
        self._db = db
        self._keyring = keyring
        self._inbox = inbox
        self._outbox = outbox
        self._sender = sender
        self._exam = exam
        self._bot_id = bot_id
        self._calendar = calendar
        self._machine = machine
        self._pace = pace
        self._administrators = tuple(administrators)
        self._passing = passing
        self._aside: dict[int, datetime] = {}  # until when, by the verdict's id

    async def run(self) -> None:
        """Look until cancelled: when an undo window ends, and every half minute anyway."""
        while True:
            wait = EVERY
            try:
                wait = await self.look()
            except Unavailable as error:
                log.warning("a look was missed; the next one catches up", error=str(error))
            await self._machine.sleep(wait)

    async def look(self) -> float:
        """Do what is due; the seconds until something may be due again."""
        now = self._calendar.now()
        self._aside = {one: until for one, until in self._aside.items() if now < until}
        async with self._db.read() as connection:
            first = await verdicts.next_due(connection, self._aside)
            told = await facts.read_within(connection, Fact.NEWS_TOLD)
            is_idle = bool(await claims.idle(connection, now, self._pace))
        is_due = first is not None and first <= now
        if is_due or is_idle or self._is_news_time(told, now):
            await self._act(now, told)
            async with self._db.read() as connection:
                first = await verdicts.next_due(connection, self._aside)
        # A decision that is made meanwhile has its own undo window still before it.
        longest = min(EVERY, max(self._pace.undo.total_seconds(), SHORTEST))
        wait = longest if first is None else (first - self._calendar.now()).total_seconds()
        return min(longest, max(wait, SHORTEST))

    async def _act(self, now: datetime, told: str | None) -> None:
        try:
            acted = await self._together(now, told)
        except Unavailable:
            raise
        except Exception:
            if not await self._one_by_one(now):
                raise  # it was none of the decisions
            acted = True
        if acted:
            await self._sender.catch_up()

    async def _together(self, now: datetime, told: str | None) -> bool:
        """All that is due in one transaction; whether there is something to be sent."""
        async with self._db.write() as connection:
            settled, rows = await self._settled(connection, await self._due(connection, now), now)
            for application_id in await claims.end_idle(connection, now, self._pace):
                for shown in await cards.shown(connection, application_id):
                    act = closing(shown, application_id, "returned")
                    rows.append(self._row(shown.chat_id, act, now))
                await cards.forget(connection, application_id)
            if self._is_news_time(told, now):
                rows += await self._news(connection, told, now)
            await self._outbox.add(connection, rows)
            if settled:
                self._passing(Arrow.SETTLING)
        if settled:
            self._passing(Arrow.SETTLED)
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
                    _, rows = await self._settled(connection, due, now)
                    await self._outbox.add(connection, rows)
            except Unavailable:
                raise
            except Exception as error:
                if not due:
                    raise
                await self._set_aside(due[0], now, error)
                stuck += 1
        return stuck

    async def _due(self, connection: Connection, now: datetime, most: int = AT_ONCE) -> list[int]:
        undone = await self._inbox.undone_since(connection)
        # A tap that came in time may be waiting behind others still.
        until = now if undone is None else min(now, self._calendar.at(undone))
        return await verdicts.due(connection, until, most, self._aside)

    async def _settled(
        self, connection: Connection, due: Sequence[int], now: datetime
    ) -> tuple[list[Settled], list[Outgoing]]:
        """These decisions take effect; what they came to, and what is to be said of it."""
        settled = await settling.settle(
            connection, self._keyring, self._exam, due, now, self._new_id
        )
        return settled, [row for one in settled for row in self._after(one, now)]

    async def _set_aside(self, verdict_id: int, now: datetime, error: Exception) -> None:
        self._aside[verdict_id] = now + RESTS
        log.error("a decision cannot take effect", verdict=verdict_id, error=type(error).__name__)
        told = Say(notices.STUCK, {"verdict": str(verdict_id)}, priority=Priority.NOTICE)
        rows = [
            self._row(chat, told, now, f"stuck:{verdict_id}:{chat}")
            for chat in self._administrators
        ]
        async with self._db.write() as connection:
            await self._outbox.add(connection, rows)

    def _after(self, settled: Settled, now: datetime) -> Iterable[Outgoing]:
        """What follows a decision: its candidate hears of it, the cards of it are closed."""
        verdict = settled.verdict
        if settled.notice:
            told = Say(settled.notice, priority=Priority.NOTICE)
            yield self._row(settled.person.telegram_id, told, now, f"verdict:{verdict.id}")
        for shown in settled.shown:
            yield self._row(shown.chat_id, closing(shown, verdict.application_id), now)

    def _is_news_time(self, told: str | None, now: datetime) -> bool:
        return told is None or now - datetime.fromisoformat(told) >= self._pace.news + self._lag

    @property
    def _lag(self) -> timedelta:
        """A decision moves its application into the next queue as of when it was made, and does so
        an undo window later: only by then it is known what has come."""
        return self._pace.undo + timedelta(seconds=EVERY)

    async def _news(
        self, connection: Connection, told: str | None, now: datetime
    ) -> list[Outgoing]:
        """A message for everybody at whose desk something came or grew old, and for each group of
        the place; only counts."""
        await self._let_go(connection, now)
        until = now - self._lag
        since = datetime.fromisoformat(told) if told else until - AGEING
        spots = await queue.spots(connection, self._exam, until)
        heard = await self._concerned(connection, spots)
        today = self._exam.today(now).isoformat()
        rung = await self._outbox.known(connection, [_ring(chat, today) for chat in heard])
        await facts.write(connection, Fact.NEWS_TOLD, until.isoformat())
        return [
            row
            for chat, (screen, theirs) in sorted(heard.items())
            for row in self._told(chat, screen, theirs, since, now, rung)
        ]

    async def _concerned(
        self, connection: Connection, spots: list[Spot]
    ) -> dict[int, tuple[str, list[Spot]]]:
        """By chat: the screen that tells the news there, and the spots that are theirs."""
        sitting = await seats.within(connection, self._keyring, self._bot_id, Scope())
        concerned: dict[int, tuple[str, list[Spot]]] = {}
        for seat in sitting:
            _, theirs = concerned.setdefault(seat.telegram_id, (desk.NEWS, []))
            theirs += [spot for spot in spots if seat.may_decide(spot.like)]
        for chat, scope in (await groups.bound(connection, self._bot_id)).items():
            concerned[chat] = desk.GROUP_NEWS, [one for one in spots if scope.covers(one.like)]
        return concerned

    def _told(
        self,
        chat: int,
        screen: str,
        spots: list[Spot],
        since: datetime,
        now: datetime,
        rung: set[str],
    ) -> Iterable[Outgoing]:
        """What a chat is told, at most one message."""
        new = Say(screen, slot=NEWS_SLOT, priority=Priority.NOTICE)
        changed = Edit(screen, NEWS_SLOT, priority=Priority.NOTICE)
        of_day = _ring(chat, self._exam.today(now).isoformat())
        for tone in tones(spots, since, self._exam, now):
            match tone:
                case Tone.AGEING if of_day in rung:
                    continue
                case Tone.AGEING:
                    yield self._row(chat, new, now, of_day)
                case Tone.FIRST:
                    yield self._row(chat, new, now, f"news:{chat}:{since.isoformat()}")
                case Tone.MORE:
                    yield self._row(chat, changed, now, f"news:{chat}:{since.isoformat()}")
            return

    async def _let_go(self, connection: Connection, now: datetime) -> None:
        """A group that Telegram does not let us write to gets no more news; to bind it again is a
        matter of seconds."""
        gone = await groups.gone(connection, self._bot_id)
        for chat in gone:
            await groups.release(connection, self._bot_id, chat)
            log.warning("a group that is gone was let go of", chat=chat)
        by_us = (
            Entry(self._new_id(), now, CLOCK, Deed.GROUP_RELEASED, detail=str(c)) for c in gone
        )
        await audit.add(connection, list(by_us))

    def _row(self, chat_id: int, act: Act, now: datetime, dedup: str = "") -> Outgoing:
        row_id = self._new_id()
        return Outgoing(
            id=row_id,
            dedup=dedup or f"s{row_id}",
            bot_id=self._bot_id,
            chat_id=chat_id,
            act=act,
            made_at=now,
        )

    def _new_id(self) -> int:
        return self._inbox.reserve() * IDS_PER_UPDATE


def _ring(chat: int, day: str) -> str:
    """By what it is known that an ageing queue was said in a chat on a day."""
    return f"news-ageing:{chat}:{day}"
