"""The outbox: each row is one Bot API call, committed with its cause.

A row holds a screen's name and data, and no text. It is encrypted while it waits, and emptied
afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Mapping, Sequence
from dataclasses import field, fields
from datetime import UTC, date, datetime
from typing import Any, Final

import orjson
from sqlalchemy import Row, bindparam, delete, exists, func, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from states.fsm_states import ABOUT
from states.staff.reach import OutOfReach
from states.step_result import DeleteMessage, EditScreen, Effect, LeaveChat, Priority, ShowScreen
from states.texts import Argument, Problem, Text
from states.values import dataclass
from storage.broadcasts import ledger
from storage.broadcasts.ledger import LedgerEntry
from storage.engine import row_macs
from storage.engine.database import Database
from storage.engine.encryption import Keyring
from storage.engine.ids import moment_of
from storage.engine.row_macs import RowChanged
from storage.engine.row_mapping import record_of, row_of
from storage.engine.tables import OutboxState, album_slots, holds, outbox, people, slots
from storage.staff.access import staff_groups
from storage.updates import fsm
from storage.updates.inbox import PRUNED_AT_ONCE

PLACE = "outbox"
AT_ONCE: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""The due moment of messages without one: they are read in the order of their ids.

``made_at`` is when the person acted, as Telegram says it for a text and our clock for a tap. So the
answers of one chat do not rise with it.
"""
_KINDS: Final[Mapping[str, type[Effect]]] = {
    "Say": ShowScreen,
    "Edit": EditScreen,
    "Erase": DeleteMessage,
    "Leave": LeaveChat,
}
"""The effects by their names in the database."""
_KIND_NAMES: Final = {kind: name for name, kind in _KINDS.items()}
_STORED_NAMES: Final = {"data": "at", "header_lines": "leads"}
"""The fields whose names in the database differ."""
_DEDUP_OF_UPDATE: Final = re.compile(r"u(\d+)\.\d+")
"""The key of a message that an update caused: ``UnitOfWork.enqueue``."""
_FIELDS: Final = {
    kind: tuple((_STORED_NAMES.get(one.name, one.name), one.name) for one in fields(kind))
    for kind in _KIND_NAMES
}


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """A Bot API call to make; ``dedup`` allows one row for one cause.

    ``caused_at`` is the arrival of the update that it answers (real time).
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
        """The priority of the effect."""
        return (
            self.effect.priority
            if isinstance(self.effect, ShowScreen | EditScreen)
            else Priority.REPLY
        )

    @property
    def is_bulk(self) -> bool:
        """Whether it is a part of a broadcast."""
        return self.priority >= Priority.BULK

    @property
    def slot(self) -> str | None:
        """The name under which later calls find this message."""
        return self.effect.slot if isinstance(self.effect, ShowScreen | EditScreen) else None


@dataclass(frozen=True, slots=True)
class DeliveryResult:
    """The result of a call, to be stored with the next commit.

    ``edited``: the call changed a message that was there, so its slot stays. ``others`` are the
    further messages of an album. ``moved_to`` is the supergroup that the chat has become.
    """

    row: OutgoingMessage
    state: OutboxState
    at: datetime
    message_id: int | None = None
    error: str | None = None
    edited: bool = False
    others: tuple[int, ...] = ()
    moved_to: int | None = None


def effect_to_json(effect: Effect) -> bytes:
    """Serialize an effect for ``effect_of_json``."""
    plain = {stored: getattr(effect, name) for stored, name in _FIELDS[type(effect)]}
    if isinstance(effect, ShowScreen | EditScreen):
        plain["leads"] = [_text_to_plain(line) for line in effect.header_lines]
    return orjson.dumps({"kind": _KIND_NAMES[type(effect)], **plain})


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
    """Parse an effect of ``effect_to_json``."""
    plain = orjson.loads(data)
    kind = _KINDS[plain.pop("kind")]
    if "leads" in plain:
        plain["leads"] = tuple(_text_of_plain(line) for line in plain["leads"])
        plain["priority"] = Priority(plain["priority"])
    if "others" in plain:
        plain["others"] = tuple(plain["others"])
    return kind(**{name: plain[stored] for stored, name in _FIELDS[kind] if stored in plain})


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
    """The table of outgoing messages, with the slots and holds of their chats."""

    def __init__(self, db: Database, keyring: Keyring) -> None:
        self._db = db
        self._keyring = keyring
        self._insert = db.insert(outbox).on_conflict_do_nothing(index_elements=[outbox.c.dedup])
        self._upsert_slots = db.upsert(slots)
        self._upsert_holds = db.upsert(holds)

    async def add(self, connection: AsyncConnection, rows: Sequence[OutgoingMessage]) -> None:
        """Insert messages; the database skips those of a known ``dedup``."""
        if rows:
            await connection.execute(self._insert, [self._as_row(row) for row in rows])

    def _as_row(self, row: OutgoingMessage) -> dict[str, Any]:
        stored = row_of(
            outbox,
            row,
            effect=self._keyring.encrypt(effect_to_json(row.effect), PLACE),
            state=OutboxState.WAITING,
            attempts=0,
            not_before=row.not_before or AT_ONCE,
            message_id=None,
            error=None,
            done_at=None,
            mac=None,
        )
        return row_macs.bind(self._keyring, outbox, stored)

    async def save_results(
        self, connection: AsyncConnection, results: Sequence[DeliveryResult]
    ) -> None:
        """Store results: 1 statement.

        New slots, empty slots, a ledger and chats out of reach take 1 more each.
        """
        if not results:
            return
        await connection.execute(_SAVE_RESULT, [_result_row(one) for one in results])
        if named := [row for one in results for row in _slot_rows(one)]:
            await connection.execute(self._upsert_slots, named)
        if emptied := [key for one in results for key in _emptied_slots(one)]:
            key = tuple_(slots.c.bot_id, slots.c.chat_id, slots.c.slot)
            await connection.execute(delete(slots).where(key.in_(emptied)))
        if bulk := [_ledger_entry(one) for one in results if one.row.is_bulk]:
            await ledger.settle(connection, bulk)
        refused = [
            {"chat": one.row.chat_id, "bot": one.row.bot_id, "at": one.at, "why": one.error}
            for one in results
            if one.error in _OUT_OF_REACH
        ]
        if refused:
            await connection.execute(_MARK_UNREACHABLE, refused)

    async def waiting(self, now: datetime, *, after: int = 0) -> list[OutgoingMessage]:
        """Return the messages whose time has come, in the order of their ids."""
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
        return await self._messages(rows)

    async def due(
        self,
        now: datetime,
        priority: Priority,
        limit: int,
        without: Collection[int] = (),
        known: Container[int] = (),
    ) -> tuple[list[OutgoingMessage], bool]:
        """Return the next messages of a priority, and whether there are no more: an index range.

        Args:
            limit: the most rows that are read.
            without: the chats whose rows are left out.
            known: the ids of rows that are read, but not decrypted and not returned.
        """
        query = (
            select(outbox)
            .where(
                outbox.c.state == OutboxState.WAITING,
                outbox.c.priority == priority,
                outbox.c.not_before <= now,
            )
            .order_by(outbox.c.not_before, outbox.c.id)
            .limit(limit)
        )
        if without:
            query = query.where(outbox.c.chat_id.not_in(without))
        async with self._db.read_autocommit() as connection:
            rows = (await connection.execute(query)).all()
        fresh = [row for row in rows if row.id not in known]
        return await self._messages(fresh), len(rows) < limit

    async def waiting_of(self, chat_id: int, now: datetime, most: int) -> list[OutgoingMessage]:
        """Return the oldest replies that one chat has waiting and due."""
        query = (
            select(outbox)
            .where(
                outbox.c.state == OutboxState.WAITING,
                outbox.c.priority == Priority.REPLY,
                outbox.c.not_before <= now,
                outbox.c.chat_id == chat_id,
            )
            .order_by(outbox.c.not_before, outbox.c.id)
            .limit(most)
        )
        async with self._db.read_autocommit() as connection:
            rows = (await connection.execute(query)).all()
        return await self._messages(rows)

    async def replace(
        self, replaced: Sequence[int], changed: Sequence[OutgoingMessage], now: datetime
    ) -> None:
        """End rows that a later one stands for, and store the effects that change with it."""
        waits = outbox.c.state == OutboxState.WAITING
        async with self._db.write() as connection:
            ended = update(outbox).where(outbox.c.id.in_(replaced), waits)
            values = {"state": OutboxState.REPLACED, "effect": None, "done_at": now}
            await connection.execute(ended.values(values))
            for row in changed:
                stored = self._as_row(row)
                one = update(outbox).where(outbox.c.id == row.id, waits)
                await connection.execute(one.values(effect=stored["effect"], mac=stored["mac"]))

    async def is_answered(self, row: OutgoingMessage) -> bool:
        """Return whether a waiting question is no longer open, and a later reply waits.

        A crash leaves such a row: the question was sent, the person answered it, and the next one
        waits. Sent again, it would look as if it were open.
        """
        later = exists().where(
            outbox.c.state == OutboxState.WAITING,
            outbox.c.priority == Priority.REPLY,
            outbox.c.chat_id == row.chat_id,
            outbox.c.id > row.id,
        )
        if not isinstance(row.effect, ShowScreen):
            return False
        async with self._db.read_autocommit() as connection:
            if not await connection.scalar(select(later)):
                return False
        return not await self.is_open(row, row.effect)

    async def is_open(self, row: OutgoingMessage, question: ShowScreen | EditScreen) -> bool:
        """Return whether the candidate of a row is still asked this question."""
        key = fsm.row_key(fsm.candidate_key(row.bot_id, row.chat_id))
        async with self._db.read_autocommit() as connection:
            record = (await fsm.load(connection, [key]))[key]
        is_same = all(record.data.get(key) == question.data.get(key) for key in ABOUT)
        return record.state == question.screen and is_same

    async def next_due(self, now: datetime) -> datetime | None:
        """Return the moment at which the next message becomes due, after ``now``."""
        first = [
            select(func.min(outbox.c.not_before))
            .where(
                outbox.c.state == OutboxState.WAITING,
                outbox.c.priority == priority,
                outbox.c.not_before > now,
            )
            .scalar_subquery()
            for priority in Priority
        ]
        async with self._db.read_autocommit() as connection:
            moments = (await connection.execute(select(*first))).one()
        return min((moment for moment in moments if moment is not None), default=None)

    async def _messages(self, rows: Sequence[Row[Any]]) -> list[OutgoingMessage]:
        """Return the messages of rows; a row that was changed without the keys fails alone."""
        found, changed = [], []
        for row in rows:
            try:
                found.append(self._message(row))
            except RowChanged:
                changed.append(row)
        if changed:
            failed = update(outbox).where(outbox.c.id.in_([row.id for row in changed]))
            values = {"state": OutboxState.FAILED, "effect": None, "error": RowChanged.__name__}
            async with self._db.write() as connection:
                await connection.execute(failed.values(values))
                state, why = OutboxState.FAILED, RowChanged.__name__
                ended = [LedgerEntry(row.dedup, row.id, state, why=why) for row in changed]
                await ledger.settle(connection, ended)
        return found

    def _message(self, row: Row[Any]) -> OutgoingMessage:
        row_macs.check(self._keyring, outbox, row)
        effect = effect_of_json(self._keyring.decrypt(row.effect, PLACE))
        not_before = None if row.not_before == AT_ONCE else row.not_before
        caused_at = _caused_at(row.dedup)
        return record_of(
            OutgoingMessage, row, effect=effect, not_before=not_before, caused_at=caused_at
        )

    async def known(self, connection: AsyncConnection, dedups: Sequence[str]) -> set[str]:
        """Return those of these dedup keys that have a row."""
        query = select(outbox.c.dedup).where(outbox.c.dedup.in_(dedups))
        return set(await connection.scalars(query))

    async def drop_waiting(
        self, connection: AsyncConnection, bot_id: int, chats: Collection[int]
    ) -> None:
        """Delete the messages that wait for erased people, with an outcome in the ledger."""
        theirs = (outbox.c.bot_id == bot_id, outbox.c.chat_id.in_(chats))
        waits = outbox.c.state == OutboxState.WAITING
        dropped = delete(outbox).where(*theirs, waits).returning(outbox.c.dedup, outbox.c.id)
        rows = (await connection.execute(dropped)).all()
        ended = [LedgerEntry(*row, OutboxState.OVERTAKEN, why="erased") for row in rows]
        await ledger.settle(connection, ended)

    async def claim(self, row_ids: Collection[int]) -> set[int]:
        """Mark bulk messages right before their calls: after a crash they become UNKNOWN.

        Returns the ids of those that still waited; the others were taken back.
        """
        # CLAIMED: the commit of an earlier try was in doubt.
        open_now = outbox.c.state.in_([OutboxState.WAITING, OutboxState.CLAIMED])
        statement = update(outbox).where(outbox.c.id.in_(row_ids), open_now)
        claimed = statement.values(state=OutboxState.CLAIMED).returning(outbox.c.id)
        async with self._db.write() as connection:
            return set(await connection.scalars(claimed))

    async def release(self, row_id: int) -> None:
        """Let a claimed message wait again that was surely not sent."""
        statement = update(outbox).where(
            outbox.c.id == row_id, outbox.c.state == OutboxState.CLAIMED
        )
        async with self._db.write() as connection:
            await connection.execute(statement.values(state=OutboxState.WAITING))

    async def recover_claimed(self) -> int:
        """Mark the messages that a crash left claimed as UNKNOWN; return their number."""
        claimed = select(outbox.c.id, outbox.c.dedup).where(outbox.c.state == OutboxState.CLAIMED)
        async with self._db.write() as connection:
            rows = (await connection.execute(claimed)).all()
            unknown = update(outbox).where(outbox.c.state == OutboxState.CLAIMED)
            await connection.execute(unknown.values(state=OutboxState.UNKNOWN, effect=None))
            await ledger.settle(
                connection, [LedgerEntry(one.dedup, one.id, OutboxState.UNKNOWN) for one in rows]
            )
        return len(rows)

    async def message_of(self, row_id: int) -> int | None:
        """Return the id of the message that a row became; None if it is pruned or was not sent."""
        query = select(outbox.c.message_id).where(outbox.c.id == row_id)
        async with self._db.read_autocommit() as connection:
            return await connection.scalar(query)

    async def is_deleted(self, row_id: int) -> bool:
        """Return whether an erasure has deleted a row that the sender still holds."""
        query = select(outbox.c.id).where(outbox.c.id == row_id)
        async with self._db.read_autocommit() as connection:
            return await connection.scalar(query) is None

    async def newest(self, bot_id: int, chat_id: int, slot: str) -> int | None:
        """Return the message id of a slot."""
        return next(iter(await self.messages(bot_id, chat_id, [slot])), None)

    async def album(self, bot_id: int, chat_id: int, slot: str) -> list[int]:
        """Return the ids of the message of a slot, or of all messages of its album."""
        return await self.messages(bot_id, chat_id, album_slots(slot))

    async def messages(self, bot_id: int, chat_id: int, names: Sequence[str]) -> list[int]:
        """Return the ids of the messages of these slots, in the order of the chat."""
        query = (
            select(slots.c.message_id)
            .where(
                slots.c.bot_id == bot_id,
                slots.c.chat_id == chat_id,
                slots.c.slot.in_(names),
            )
            .order_by(slots.c.message_id)
        )
        async with self._db.read_autocommit() as connection:
            return [*await connection.scalars(query)]

    async def is_group_wanted(self, bot_id: int, chat_id: int, now: datetime) -> bool:
        """Return whether the bot stays in a group after all: it was bound meanwhile."""
        async with self._db.read_autocommit() as connection:
            return await staff_groups.is_wanted(connection, bot_id, chat_id, now)

    async def hold(self, chat_id: int, until: datetime) -> None:
        """Store that Telegram accepts nothing for this chat before ``until``."""
        row = {"chat_id": chat_id, "until": until}
        async with self._db.write() as connection:
            await connection.execute(self._upsert_holds, [row])

    async def holds(self) -> dict[int, datetime]:
        """Return the end of each chat's hold; some may be over."""
        async with self._db.read() as connection:
            rows = await connection.execute(select(holds.c.chat_id, holds.c.until))
            return {row.chat_id: row.until for row in rows}

    async def prune(self, before: datetime) -> int:
        """Delete sent messages from before a moment, the oldest ones only; return their number."""
        unsent = [OutboxState.WAITING, OutboxState.CLAIMED]
        over = select(outbox.c.id).where(outbox.c.state.not_in(unsent))
        oldest = over.order_by(outbox.c.id).limit(PRUNED_AT_ONCE)
        async with self._db.write() as connection:
            await connection.execute(delete(holds).where(holds.c.until < before))
            dropped = delete(outbox).where(outbox.c.id.in_(oldest), outbox.c.made_at < before)
            return (await connection.execute(dropped)).rowcount


_SAVE_RESULT = (
    update(outbox)
    .where(outbox.c.id == bindparam("row_id"))
    .values(
        state=bindparam("result"),
        attempts=bindparam("tries"),
        message_id=bindparam("made"),
        error=bindparam("fault"),
        done_at=bindparam("at"),
        effect=None,
    )
)

_OUT_OF_REACH = frozenset(OutOfReach)
_MARK_UNREACHABLE = (
    update(people)
    .where(people.c.telegram_id == bindparam("chat"), people.c.bot_id == bindparam("bot"))
    .values(blocked_at=bindparam("at"), unreachable=bindparam("why"))
)


def _result_row(result: DeliveryResult) -> dict[str, Any]:
    """Return the parameters of ``_SAVE_RESULT``."""
    return {
        "row_id": result.row.id,
        "result": result.state,
        "tries": result.row.attempts,
        "made": result.message_id,
        "fault": result.error,
        "at": result.at,
    }


def _slot_rows(result: DeliveryResult) -> list[dict[str, Any]]:
    """Return the slot of a new message; of an album, one for each of its messages."""
    row = result.row
    if not row.slot or not result.message_id or result.edited:
        return []
    chat = {"bot_id": row.bot_id, "chat_id": row.chat_id}
    made = zip(album_slots(row.slot), (result.message_id, *result.others), strict=False)
    return [{**chat, "slot": slot, "message_id": message_id} for slot, message_id in made]


def _emptied_slots(result: DeliveryResult) -> list[tuple[int, int, str]]:
    """Return the slots whose messages a call has deleted."""
    row = result.row
    if not isinstance(row.effect, DeleteMessage) or not row.effect.slot:
        return []
    return [(row.bot_id, row.chat_id, slot) for slot in album_slots(row.effect.slot)]


def _ledger_entry(result: DeliveryResult) -> LedgerEntry:
    row = result.row
    return LedgerEntry(row.dedup, row.id, result.state, result.at, result.message_id, result.error)


def _caused_at(dedup: str) -> datetime | None:
    """Return the arrival of the update that caused a message; None if none did."""
    of_update = _DEDUP_OF_UPDATE.fullmatch(dedup)
    return moment_of(int(of_update[1])) if of_update else None


async def replies_since(connection: AsyncConnection, moment: datetime) -> int:
    """Count the replies and notices that were sent, of those due since a moment."""
    query = select(func.count()).where(
        outbox.c.state == OutboxState.SENT,
        outbox.c.priority.in_([Priority.REPLY, Priority.NOTICE]),
        outbox.c.not_before >= moment,
    )
    return await connection.scalar(query) or 0
