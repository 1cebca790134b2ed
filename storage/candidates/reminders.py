"""Reminders: when to look at each person again, and what the bot remembers of their reminders.

``due_at`` is the only column that a round of the job searches: a person with nothing to do is
neither read nor decrypted. People without a row have not been looked at yet.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import Enum, auto
from typing import Any

import orjson
from pydantic import TypeAdapter
from sqlalchemy import String, and_, bindparam, cast, func, insert, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from states.records import ApplicationId, PersonId, Stage
from states.reminders.planning import ReminderHistory
from states.step_result import Priority
from storage.engine.encryption import Keyring
from storage.engine.tables import OutboxState, applications, outbox, people, reminders

AT_ONCE = 500
"""The most people of one run; the next run continues."""
DEDUP = "remind"
"""The beginning of the dedup keys of reminders; the person's id follows."""
_HISTORY = TypeAdapter(ReminderHistory)


@dataclass(frozen=True, slots=True)
class DuePerson:
    """A person to look at since ``due_at``: the account, and what the bot remembers."""

    person_id: PersonId
    bot_id: int
    telegram_id: int
    due_at: datetime
    history: ReminderHistory


@dataclass(frozen=True, slots=True)
class ExpiredReminder:
    """A reminder, enqueued at ``made_at``, that could not be sent on its day."""

    row_id: int
    person_id: int
    made_at: datetime


async def enrol(connection: AsyncConnection, now: datetime) -> None:
    """Give everybody without a row one, due now."""
    known = select(reminders.c.person_id).where(reminders.c.person_id == people.c.id)
    without = select(people.c.id, literal(now, reminders.c.due_at.type)).where(~known.exists())
    await connection.execute(insert(reminders).from_select(["person_id", "due_at"], without))


async def next_due(connection: AsyncConnection) -> datetime | None:
    """Return when the first person is due: an index look-up."""
    found: datetime | None = await connection.scalar(select(func.min(reminders.c.due_at)))
    return found


async def due(connection: AsyncConnection, keyring: Keyring, now: datetime) -> list[DuePerson]:
    """Return up to ``AT_ONCE`` people to look at, the first ones first."""
    query = (
        select(reminders, people.c.bot_id, people.c.telegram_id)
        .join(people, people.c.id == reminders.c.person_id)
        .where(reminders.c.due_at <= now)
        .order_by(reminders.c.due_at, reminders.c.person_id)
        .limit(AT_ONCE)
    )
    return [
        DuePerson(row.person_id, row.bot_id, row.telegram_id, row.due_at, _opened(keyring, row))
        for row in await connection.execute(query)
    ]


async def last_acts(
    connection: AsyncConnection, chats: Collection[int], first_id: int, since: datetime
) -> dict[int, datetime]:
    """Return when each of these people last acted, if after ``since``: each act has a reply.

    ``first_id`` bounds the search to the newest rows of the outbox.
    """
    if not chats:
        return {}
    query = (
        select(outbox.c.chat_id, func.max(outbox.c.made_at).label("at"))
        .where(
            outbox.c.id >= first_id,
            outbox.c.chat_id.in_(chats),
            outbox.c.priority == Priority.REPLY,
            outbox.c.made_at > since,
        )
        .group_by(outbox.c.chat_id)
    )
    return {row.chat_id: row.at for row in await connection.execute(query)}


async def expired(connection: AsyncConnection, first_id: int) -> list[ExpiredReminder]:
    """Return the reminders from this row id on that could not be sent on their day."""
    query = select(outbox.c.id, outbox.c.dedup, outbox.c.made_at).where(
        outbox.c.state == OutboxState.EXPIRED,
        outbox.c.id >= first_id,
        outbox.c.dedup.startswith(f"{DEDUP}:"),
    )
    return [
        ExpiredReminder(row.id, int(row.dedup.split(":")[1]), row.made_at)
        for row in await connection.execute(query)
    ]


async def unchanged(connection: AsyncConnection, people: Iterable[DuePerson]) -> list[DuePerson]:
    """Return those of these people whose turn is as it was read."""
    by_id = {one.person_id: one for one in people}
    query = select(reminders.c.person_id, reminders.c.due_at).where(
        reminders.c.person_id.in_(by_id)
    )
    present = {row.person_id: row.due_at for row in await connection.execute(query)}
    return [one for one in by_id.values() if present.get(one.person_id) == one.due_at]


async def histories(
    connection: AsyncConnection, keyring: Keyring, person_ids: Collection[int]
) -> dict[int, ReminderHistory]:
    """Return what the bot remembers of these people; a new history for those without one."""
    found = dict.fromkeys(person_ids, ReminderHistory())
    if found:
        query = select(reminders).where(reminders.c.person_id.in_(person_ids))
        rows = await connection.execute(query)
        found |= {row.person_id: _opened(keyring, row) for row in rows}
    return found


async def save(
    connection: AsyncConnection,
    keyring: Keyring,
    changed: Iterable[tuple[int, ReminderHistory, datetime | None]],
) -> None:
    """Store histories, each with the moment at which the person is due again."""
    rows = [
        {"whose": person_id, "sealed": _sealed(keyring, person_id, history), "at": due_at}
        for person_id, history, due_at in changed
    ]
    if rows:
        await connection.execute(_SAVE, rows)


async def keep(
    connection: AsyncConnection,
    keyring: Keyring,
    person_id: int,
    history: ReminderHistory,
    now: datetime,
) -> None:
    """Store a person's wish, and look at them again."""
    row = {"history": _sealed(keyring, person_id, history), "due_at": now}
    known = update(reminders).where(reminders.c.person_id == person_id).values(row)
    if not (await connection.execute(known)).rowcount:
        await connection.execute(insert(reminders).values(person_id=person_id, **row))


_SAVE = (
    update(reminders)
    .where(reminders.c.person_id == bindparam("whose"))
    .values(history=bindparam("sealed"), due_at=bindparam("at"))
)


def _sealed(keyring: Keyring, person_id: int, history: ReminderHistory) -> bytes:
    return keyring.encrypt(orjson.dumps(asdict(history)), _place(person_id))


def _opened(keyring: Keyring, row: Any) -> ReminderHistory:
    if row.history is None:
        return ReminderHistory()
    return _HISTORY.validate_json(keyring.decrypt(row.history, _place(row.person_id)))


def _place(person_id: int) -> str:
    return f"reminders/{person_id}"


@dataclass(frozen=True, slots=True)
class MissedDraft:
    """An account with a draft that is too late; ``dedup`` allows one message a revision."""

    application_id: ApplicationId
    bot_id: int
    telegram_id: int
    dedup: str


class Unsubmitted(Enum):
    """The kinds of drafts, which end at different times."""

    NEVER = auto()
    WITHDRAWN = auto()
    REFUSED = auto()
    """Withdrawn after a refusal had been corrected."""


async def unsubmitted(
    connection: AsyncConnection, exam: str, which: Unsubmitted
) -> list[MissedDraft]:
    """Return up to ``AT_ONCE`` people with a draft who were not told that it is too late.

    People who blocked the bot are left out.
    """
    count, refusal = applications.c.revision, applications.c.refusal
    drafts = {
        Unsubmitted.NEVER: count == 0,
        Unsubmitted.WITHDRAWN: and_(count > 0, refusal.is_(None)),
        Unsubmitted.REFUSED: and_(count > 0, refusal.is_not(None)),
    }
    number, revision = (cast(applications.c[name], String(20)) for name in ("id", "revision"))
    dedup = literal("missed:") + number + literal(":") + revision
    sent = select(outbox.c.id).where(outbox.c.dedup == dedup)
    query = (
        select(applications.c.id, people.c.bot_id, people.c.telegram_id, dedup.label("dedup"))
        .join(people, people.c.id == applications.c.person_id)
        .where(
            applications.c.exam == exam,
            applications.c.stage == Stage.DRAFT,
            drafts[which],
            people.c.blocked_at.is_(None),
            ~sent.exists(),
        )
        .order_by(applications.c.id)
        .limit(AT_ONCE)
    )
    return [MissedDraft(*row) for row in await connection.execute(query)]
