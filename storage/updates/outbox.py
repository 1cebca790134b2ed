"""Messages to be: one row is one call of the Bot API, kept in the commit that decided on it.

A row holds no words, only which screen is to be shown to whom; it is sealed while it waits and
emptied when it is over.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Any, Final

import orjson
from sqlalchemy import bindparam, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from states.step_result import DeleteMessage, EditScreen, Effect, LeaveChat, Priority, ShowScreen
from states.texts import Argument, Problem, Text
from storage.engine.database import Database
from storage.engine.encryption import Keyring
from storage.engine.tables import FORBIDDEN, OutboxState, holds, outbox, people, slots
from storage.updates.inbox import PRUNED_AT_ONCE

PLACE = "outbox"
_KINDS: Final[Mapping[str, type[Effect]]] = {
    "Say": ShowScreen,
    "Edit": EditScreen,
    "Erase": DeleteMessage,
    "Leave": LeaveChat,
}
"""The effects by the names that databases keep."""
_KIND_NAMES: Final = {kind: name for name, kind in _KINDS.items()}
_KEPT_NAMES: Final = {"data": "at", "header_lines": "leads"}
"""The names that databases keep for fields with another name here."""
_FIELDS: Final = {
    kind: tuple((_KEPT_NAMES.get(one.name, one.name), one.name) for one in fields(kind))
    for kind in _KIND_NAMES
}


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """One call to be made. ``dedup`` makes the same decision at most one row.

    ``caused_at``: when the update came in that it answers, as long as nothing was restarted.
    """

    id: int
    dedup: str
    bot_id: int
    chat_id: int
    effect: Effect
    made_at: datetime
    not_before: datetime | None = None
    expires_at: datetime | None = None
    attempts: int = 0
    caused_at: datetime | None = field(default=None, compare=False)

    @property
    def priority(self) -> Priority:
        """Replies before notices before bulk."""
        return (
            self.effect.priority
            if isinstance(self.effect, ShowScreen | EditScreen)
            else Priority.REPLY
        )

    @property
    def slot(self) -> str | None:
        """The name of the message that this call makes or changes."""
        return self.effect.slot if isinstance(self.effect, ShowScreen | EditScreen) else None


@dataclass(frozen=True, slots=True)
class DeliveryResult:
    """What became of a call: the mark that rides along in the next commit."""

    row: OutgoingMessage
    state: OutboxState
    at: datetime
    message_id: int | None = None
    error: str | None = None


def effect_to_json(effect: Effect) -> bytes:
    """An act as the outbox keeps it; ``act_of_json`` reads it again."""
    kept = {kept: getattr(effect, name) for kept, name in _FIELDS[type(effect)]}
    if isinstance(effect, ShowScreen | EditScreen):
        kept["leads"] = [_text_to_plain(lead) for lead in effect.header_lines]
    return orjson.dumps({"kind": _KIND_NAMES[type(effect)], **kept})


def _text_to_plain(text: Text) -> dict[str, Any]:
    return {
        "key": text.key,
        "args": {k: _argument_to_plain(v) for k, v in text.args.items()},
        "problem": isinstance(text, Problem),
    }


def _argument_to_plain(value: Argument) -> object:
    match value:
        case Text():
            return {"text": _text_to_plain(value)}
        case datetime():
            return {"moment": value.isoformat()}
        case date():
            return {"date": value.isoformat()}
    return value


def effect_of_json(data: bytes) -> Effect:
    """The act that ``act_to_json`` wrote."""
    kept = orjson.loads(data)
    kind = _KINDS[kept.pop("kind")]
    if "leads" in kept:
        kept["leads"] = tuple(_text_of_plain(lead) for lead in kept["leads"])
        kept["priority"] = Priority(kept["priority"])
    return kind(**{name: kept[key] for key, name in _FIELDS[kind] if key in kept})


def _text_of_plain(plain: Mapping[str, Any]) -> Text:
    args = {name: _argument_of_plain(value) for name, value in plain["args"].items()}
    return (Problem if plain["problem"] else Text)(plain["key"], args)


def _argument_of_plain(value: Any) -> Argument:
    match value:
        case {"text": inner}:
            return _text_of_plain(inner)
        case {"moment": moment}:
            return datetime.fromisoformat(moment)
        case {"date": day}:
            return date.fromisoformat(day)
    return value  # type: ignore[no-any-return]


class Outbox:
    """The table of messages to be."""

    def __init__(self, db: Database, keyring: Keyring) -> None:
        self._db = db
        self._keyring = keyring
        self._insert = db.insert(outbox).on_conflict_do_nothing(index_elements=[outbox.c.dedup])
        self._slot = db.upsert(slots)
        self._hold = db.upsert(holds)

    async def add(self, connection: AsyncConnection, rows: Sequence[OutgoingMessage]) -> None:
        """Keep rows; those whose ``dedup`` is known are left out by the database."""
        if rows:
            await connection.execute(self._insert, [self._as_row(row) for row in rows])

    def _as_row(self, row: OutgoingMessage) -> dict[str, Any]:
        return {
            "id": row.id,
            "dedup": row.dedup,
            "bot_id": row.bot_id,
            "chat_id": row.chat_id,
            "priority": row.priority,
            "effect": self._keyring.encrypt(effect_to_json(row.effect), PLACE),
            "slot": row.slot,
            "state": OutboxState.WAITING,
            "attempts": 0,
            "not_before": row.not_before,
            "expires_at": row.expires_at,
            "made_at": row.made_at,
        }

    async def save_results(
        self, connection: AsyncConnection, results: Sequence[DeliveryResult]
    ) -> None:
        """Write what became of calls: one statement, and one more each for new messages of slots
        and for people who have blocked the bot.
        """
        if not results:
            return
        await connection.execute(_MARK, [_result_row(mark) for mark in results])
        named = [
            {
                "bot_id": mark.row.bot_id,
                "chat_id": mark.row.chat_id,
                "slot": mark.row.slot,
                "message_id": mark.message_id,
            }
            for mark in results
            if mark.row.slot and mark.message_id
        ]
        if named:
            await connection.execute(self._slot, named)
        refused = [
            {"chat": mark.row.chat_id, "bot": mark.row.bot_id, "at": mark.at}
            for mark in results
            if mark.error == FORBIDDEN
        ]
        if refused:
            await connection.execute(_UNREACHABLE, refused)

    async def waiting(self, now: datetime, *, after: int = 0) -> list[OutgoingMessage]:
        """Rows still to be sent whose time has come, in the order they were made."""
        query = (
            select(outbox)
            .where(
                outbox.c.state == OutboxState.WAITING,
                outbox.c.id > after,
                or_(outbox.c.not_before.is_(None), outbox.c.not_before <= now),
            )
            .order_by(outbox.c.id)
        )
        async with self._db.read() as connection:
            rows = (await connection.execute(query)).all()
        return [
            OutgoingMessage(
                id=row.id,
                dedup=row.dedup,
                bot_id=row.bot_id,
                chat_id=row.chat_id,
                effect=effect_of_json(self._keyring.decrypt(row.effect, PLACE)),
                made_at=row.made_at,
                not_before=row.not_before,
                expires_at=row.expires_at,
                attempts=row.attempts,
            )
            for row in rows
        ]

    async def known(self, connection: AsyncConnection, dedups: Sequence[str]) -> set[str]:
        """Which of these were decided on before, as far back as rows are kept."""
        query = select(outbox.c.dedup).where(outbox.c.dedup.in_(dedups))
        return set(await connection.scalars(query))

    async def claim(self, row_ids: Iterable[int]) -> None:
        """Before bulk goes out: a crash from here on leaves them ``unknown``, never repeated."""
        statement = update(outbox).where(
            outbox.c.id.in_(list(row_ids)), outbox.c.state == OutboxState.WAITING
        )
        async with self._db.write() as connection:
            await connection.execute(statement.values(state=OutboxState.CLAIMED))

    async def recover_claimed(self) -> int:
        """After a crash: what was claimed becomes ``unknown``. Returns how many."""
        statement = (
            update(outbox)
            .where(outbox.c.state == OutboxState.CLAIMED)
            .values(state=OutboxState.UNKNOWN, effect=None)
        )
        async with self._db.write() as connection:
            return (await connection.execute(statement)).rowcount

    async def newest(self, bot_id: int, chat_id: int, slot: str) -> int | None:
        """The message that a slot names now."""
        query = select(slots.c.message_id).where(
            slots.c.bot_id == bot_id, slots.c.chat_id == chat_id, slots.c.slot == slot
        )
        async with self._db.read() as connection:
            return await connection.scalar(query)

    async def hold(self, chat_id: int, until: datetime) -> None:
        """Remember that Telegram wants nothing for this chat before ``until``."""
        row = {"chat_id": chat_id, "until": until}
        async with self._db.write() as connection:
            await connection.execute(self._hold, [row])

    async def holds(self) -> dict[int, datetime]:
        """Until when each chat has to wait; some of it may be over."""
        async with self._db.read() as connection:
            rows = await connection.execute(select(holds.c.chat_id, holds.c.until))
            return {row.chat_id: row.until for row in rows}

    async def prune(self, before: datetime) -> int:
        """Drop what was over long ago, looking at the oldest rows only; tell how many they were."""
        oldest = select(outbox.c.id).order_by(outbox.c.id).limit(PRUNED_AT_ONCE)
        waits = [OutboxState.WAITING, OutboxState.CLAIMED]
        over = (outbox.c.state.not_in(waits), outbox.c.made_at < before)
        async with self._db.write() as connection:
            await connection.execute(delete(holds).where(holds.c.until < before))
            dropped = delete(outbox).where(outbox.c.id.in_(oldest), *over)
            return (await connection.execute(dropped)).rowcount


_MARK = (
    update(outbox)
    .where(outbox.c.id == bindparam("row_id"))
    .values(
        state=bindparam("became"),
        attempts=bindparam("tries"),
        message_id=bindparam("made"),
        error=bindparam("fault"),
        done_at=bindparam("at"),
        effect=None,
    )
)

_UNREACHABLE = (
    update(people)
    .where(people.c.telegram_id == bindparam("chat"), people.c.bot_id == bindparam("bot"))
    .values(blocked_at=bindparam("at"))
)


def _result_row(result: DeliveryResult) -> dict[str, Any]:
    return {
        "row_id": result.row.id,
        "became": result.state,
        "tries": result.row.attempts,
        "made": result.message_id,
        "fault": result.error,
        "at": result.at,
    }
