"""The clock at the counter: decisions take effect, idle claims end, and the staff hear of news."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.sender import Sender
from bot.times import Calendar, Machine
from handlers.staff import queue as desk
from handlers.staff.holding import closing
from states.desks import Pace
from states.exam import Exam
from states.outcome import Act, Edit, Priority, Say
from states.records import Application
from states.staff import Scope, Seat
from storage import cards, claims, facts, seats, settling, verdicts
from storage.db import Database, Unavailable
from storage.facts import Fact
from storage.inbox import IDS_PER_UPDATE, Inbox
from storage.outbox import Outbox, Outgoing
from storage.secrets import Keyring
from storage.settling import Settled

EVERY: Final = 30.0
"""Seconds between two looks while nothing is known to become due."""
SHORTEST: Final = 0.25
"""Seconds between two looks while a decision waits for an update that came in before it."""
AGEING: Final = timedelta(days=1)
"""What has waited for so long is said once more. A rule of ours."""
NEWS_SLOT: Final = "queue-news"

log = structlog.get_logger("settling")


class Settling:
    """What happens at the counter because time passes."""

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
        async with self._db.read() as connection:
            first = await verdicts.next_due(connection)
            told = await facts.read_within(connection, Fact.NEWS_TOLD)
            is_idle = bool(await claims.idle(connection, now, self._pace))
        is_news = told is None or now - datetime.fromisoformat(told) >= self._pace.news
        if is_idle or is_news or (first is not None and first <= now):
            await self._act(now, told)
            async with self._db.read() as connection:
                first = await verdicts.next_due(connection)
        # A decision that is made meanwhile has its own undo window still before it.
        longest = min(EVERY, max(self._pace.undo.total_seconds(), SHORTEST))
        wait = longest if first is None else (first - self._calendar.now()).total_seconds()
        return min(longest, max(wait, SHORTEST))

    async def _act(self, now: datetime, told: str | None) -> None:
        async with self._db.write() as connection:
            undone = await self._inbox.undone_since(connection)
            # A tap that came in time may be waiting behind others still.
            until = now if undone is None else min(now, self._calendar.at(undone))
            settled = await settling.settle(
                connection, self._keyring, self._exam, until, now, self._new_id
            )
            rows = [row for one in settled for row in self._after(one, now)]
            for application_id in await claims.end_idle(connection, now, self._pace):
                for shown in await cards.shown(connection, application_id):
                    act = closing(shown, application_id, "returned")
                    rows.append(self._row(shown.chat_id, act, now))
                await cards.forget(connection, application_id)
            since = datetime.fromisoformat(told) if told else now - AGEING
            if now - since >= self._pace.news:
                spans = ((since, now), (since - AGEING, now - AGEING))
                came = await settling.came(connection, self._exam, spans)
                sitting = await seats.within(connection, self._keyring, self._bot_id, Scope())
                rows += self._news(came, sitting, since, now)
                await facts.write(connection, Fact.NEWS_TOLD, now.isoformat())
            await self._outbox.add(connection, rows)
        if rows:
            await self._sender.catch_up()

    def _after(self, settled: Settled, now: datetime) -> Iterable[Outgoing]:
        """What follows a decision: its candidate hears of it, the cards of it are closed."""
        verdict = settled.verdict
        if settled.notice:
            told = Say(settled.notice, priority=Priority.NOTICE)
            yield self._row(settled.person.telegram_id, told, now, f"verdict:{verdict.id}")
        for shown in settled.shown:
            yield self._row(shown.chat_id, closing(shown, verdict.application_id), now)

    def _news(
        self, came: list[Application], sitting: list[Seat], since: datetime, now: datetime
    ) -> Iterable[Outgoing]:
        """One message for everybody at whose desk something came or grew old; only counts."""
        concerned = {
            seat.telegram_id for seat in sitting if any(seat.may_decide(one) for one in came)
        }
        for account in sorted(concerned):
            act = Edit(desk.NEWS, NEWS_SLOT, priority=Priority.NOTICE)
            yield self._row(account, act, now, f"news:{account}:{since.isoformat()}")

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
