"""StaffDigest tells the staff and their groups which cases came, wait long, or end tomorrow."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain
from typing import Final, TypeVar

import orjson
import structlog

from bot.core.open_storage import Storage
from bot.scheduler.scheduler import EVERY, JobRun
from handlers.staff.cases import queue
from states.exam import Exam
from states.staff.cases import can_decide
from states.staff.digest import REMIND_AFTER, DigestKind, QueuePlace, digest_kinds
from states.staff.reach import GroupTrouble
from states.staff.timings import StaffTimings
from states.staff_roles import Role, Scope
from states.step_result import EditScreen, Priority, ShowScreen
from storage.audit import audit_log
from storage.audit.audit_log import CLOCK, AuditAction, AuditEntry
from storage.candidates import cases
from storage.engine import installation
from storage.engine.database import Connection
from storage.engine.installation import Fact
from storage.engine.jobs import JobKind
from storage.staff.access import invites, role_assignments, staff_groups
from storage.staff.cases import claims, decisions, review_queue
from storage.updates.group_results import trouble_of
from storage.updates.outbox import OutgoingMessage

SLOT: Final = "queue-news"
T = TypeVar("T")

log = structlog.get_logger("staff_digest")


@dataclass(slots=True)
class Recipient:
    """A chat of the staff: its screen, the places that it counts, and the topic of a group.

    ``cases_since``: the oldest case of the reader's cases desk was opened then.
    """

    screen: str
    places: list[QueuePlace] = field(default_factory=list)
    thread: int | None = None
    cases_since: datetime | None = None

    def has_case_since(self, opened_at: datetime) -> None:
        """Note a case that waits at the reader's cases desk."""
        self.cases_since = min(opened_at, self.cases_since or opened_at)


class StaffDigest:
    """Builds at most one message a chat, with counts only, each ``timings.news``.

    An application reaches the next queue when the undo window has ended, as of the moment of the
    decision. So a digest counts cases up to an earlier moment, and waits while a due decision is
    not applied. A reader with a claimed case gets it after that case, so that it
    never comes below the card. It then counts from where it began to wait.
    """

    kind = JobKind.DIGEST

    def __init__(self, storage: Storage, exam: Exam, timings: StaffTimings) -> None:
        self._storage = storage
        self._exam = exam
        self._interval = timings.news
        self._idle = timings.idle
        self._lag = timings.undo + timedelta(seconds=EVERY)

    async def run(self, run: JobRun) -> None:
        """Send the digest if it is due."""
        async with run.write() as tx:
            sent_until = await self._sent_until(tx)
            due_at = run.now if sent_until is None else sent_until + self._interval + self._lag
            decision = await decisions.next_due(tx, await decisions.failed(tx))
            if due_at > run.now:
                run.again(due_at)
            elif decision is not None and decision <= run.now:
                run.again(run.next_tick)
            else:
                messages = await self._messages(tx, sent_until, run.now - self._lag, run.now)
                await self._storage.outbox.add(tx, messages)
                run.again(run.now + self._interval)

    async def _sent_until(self, connection: Connection) -> datetime | None:
        """Return up to when the last digest counted cases; None before the first digest."""
        kept = await installation.read_within(connection, Fact.DIGEST_SENT)
        return datetime.fromisoformat(kept) if kept else None

    async def _messages(
        self, connection: Connection, sent_until: datetime | None, until: datetime, now: datetime
    ) -> list[OutgoingMessage]:
        """Return a digest of the cases up to ``until``, and keep ``until`` as sent."""
        await self._release_gone_groups(connection, now)
        since = sent_until or until - REMIND_AFTER
        held_since = now - self._idle
        places = await review_queue.waiting_places(connection, self._exam, until, held_since, now)
        inviters = await invites.makers_of_ending(connection, self._storage.bot_id, now)
        recipients = await self._recipients(connection, places)
        for inviter in inviters:
            recipients.setdefault(inviter, Recipient(queue.NEWS))
        busy = await claims.holders(connection, self._storage.bot_id, held_since)
        waited = await self._waited(connection)
        held = {chat: waited.get(chat, since) for chat in recipients if chat in busy}
        if held != waited:
            kept = {str(chat): begun.isoformat() for chat, begun in held.items()}
            await installation.write(connection, Fact.DIGEST_HELD, orjson.dumps(kept).decode())
        today = self._exam.today(now).isoformat()
        reminded = await self._storage.outbox.known(
            connection, [_ageing_key(chat, today) for chat in recipients]
        )
        await installation.write(connection, Fact.DIGEST_SENT, until.isoformat())
        return [
            message
            for chat, recipient in sorted(recipients.items())
            if chat not in held
            for message in self._message(
                chat,
                recipient,
                waited.get(chat, since),
                now,
                reminded,
                invite_ends=chat in inviters,
            )
        ]

    async def _waited(self, connection: Connection) -> dict[int, datetime]:
        """Return since when the digests of chats wait for a claimed case."""
        kept = await installation.read_within(connection, Fact.DIGEST_HELD)
        found: dict[str, str] = orjson.loads(kept) if kept else {}
        return {int(chat): datetime.fromisoformat(begun) for chat, begun in found.items()}

    async def _recipients(
        self, connection: Connection, places: list[QueuePlace]
    ) -> dict[int, Recipient]:
        """Return what each chat gets; each place looks up who is for it, among thousands."""
        storage, recipients = self._storage, dict[int, Recipient]()
        staff, groups = defaultdict(list), defaultdict(list)
        for one in await role_assignments.within(
            connection, storage.keyring, storage.bot_id, Scope()
        ):
            recipients.setdefault(one.telegram_id, Recipient(queue.NEWS))
            staff[one.scope].append(one)
        for group in await staff_groups.bound(connection, storage.bot_id):
            recipients[group.chat_id] = Recipient(queue.GROUP_NEWS, thread=group.thread_id)
            groups[group.scope].append(group.chat_id)
        for place in places:
            scope = Scope.of(place.example)
            able = (one for one in _around(scope, staff) if one.may_decide(place.example))
            for chat in (*(one.telegram_id for one in able), *_around(scope, groups)):
                recipients[chat].places.append(place)
        for area, site, opened_at in await cases.waiting_places(connection):
            for one in _around(Scope(area, site), staff):
                if can_decide([one], area, site) is not None:
                    recipients[one.telegram_id].has_case_since(opened_at)
        for area, site, opened_at in await cases.payment_places(connection):
            for one in _around(Scope(area, site), staff):
                if one.role is Role.AREA_REVIEWER:
                    recipients[one.telegram_id].has_case_since(opened_at)
        return recipients

    def _message(
        self,
        chat: int,
        to: Recipient,
        since: datetime,
        now: datetime,
        reminded: set[str],
        *,
        invite_ends: bool,
    ) -> Iterable[OutgoingMessage]:
        """Yield one message or none."""
        new = ShowScreen(to.screen, slot=SLOT, priority=Priority.NOTICE, thread=to.thread)
        changed = EditScreen(to.screen, SLOT, priority=Priority.NOTICE, thread=to.thread)
        ageing_key = _ageing_key(chat, self._exam.today(now).isoformat())
        news_key = f"news:{chat}:{since.isoformat()}"
        kinds = digest_kinds(
            to.places,
            since,
            self._exam,
            now,
            invite_ends=invite_ends,
            cases_since=to.cases_since,
        )
        for kind in kinds:
            match kind:
                case DigestKind.REMINDER if ageing_key in reminded:
                    continue
                case DigestKind.REMINDER:
                    yield self._storage.outgoing(chat, new, now, ageing_key)
                case DigestKind.FIRST:
                    yield self._storage.outgoing(chat, new, now, news_key)
                case DigestKind.UPDATE:
                    yield self._storage.outgoing(chat, changed, now, news_key)
            return

    async def _release_gone_groups(self, connection: Connection, now: datetime) -> None:
        """Release each group that Telegram no longer lets the bot write to; tell its binder."""
        entries, told = [], []
        for group in await staff_groups.gone(connection, self._storage.bot_id):
            chat = group.chat_id
            await staff_groups.release(connection, self._storage.bot_id, chat)
            log.warning("group released: telegram refuses messages to it", chat=chat)
            entry_id = self._storage.ids.next()
            entries.append(
                AuditEntry(entry_id, now, CLOCK, AuditAction.GROUP_RELEASED, detail=str(chat))
            )
            if group.trouble is not GroupTrouble.GONE:  # else its last message has told it
                screen = trouble_of(group, GroupTrouble.GONE)
                told.append(self._storage.outgoing(group.bound_by, screen, now))
        await audit_log.add(connection, self._storage.keyring, entries)
        await self._storage.outbox.add(connection, told)


def _around(place: Scope, held: Mapping[Scope, Sequence[T]]) -> Iterator[T]:
    """Yield what is held for the scopes that contain a place."""
    return chain.from_iterable(held.get(scope, ()) for scope in place.around())


def _ageing_key(chat: int, day: str) -> str:
    """Return the dedup key of a chat's reminder of long-waiting cases on a day."""
    return f"news-ageing:{chat}:{day}"
