"""Updates, kept before Telegram hears that we have them, done in their effect's commit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.dml import ReturningInsert

from storage.engine.database import Database, InDoubt, Unavailable
from storage.engine.encryption import Keyring
from storage.engine.tables import (
    InboxState,
    applications,
    audit,
    cases,
    decisions,
    inbox,
    intake_gaps,
    invites,
    notes,
    outbox,
    people,
    role_assignments,
)

RAW_PLACE = "inbox"
KEPT_FOR = timedelta(days=7)
PRUNED_AT_ONCE = 1_000
"""Rows a turn looks at; at a turn every half minute that keeps up with 2.9 million a day."""
IDS_PER_UPDATE = 64
"""How many ids an update can give to the rows it makes: its own id × 64 and the 63 after."""


@dataclass(frozen=True, slots=True)
class ReceivedUpdate:
    """One update as it came. ``lane`` is the person (or chat) whose updates run in order."""

    id: int
    bot_id: int
    update_id: int
    queue_key: int
    received_at: datetime
    raw: dict[str, Any]
    attempts: int = 0


class DuplicateUpdate(Exception):
    """Telegram told an update again that is kept already; the transaction must not commit."""


class Inbox:
    """The table of updates, and the row of numbers that ids are made of.

    An update is kept in the very commit of its effect (``add``), or waiting by itself (``keep``).
    """

    def __init__(self, db: Database, keyring: Keyring) -> None:
        self._db = db
        self._keyring = keyring
        self._next = 0
        self._insert = insertion(db)
        self._unheard: list[ReceivedUpdate] = []
        self._coming: dict[int, datetime] = {}

    async def recover(self) -> list[ReceivedUpdate]:
        """All that was kept and not done, oldest first; called once, before ``keep``."""
        async with self._db.read() as connection:
            self._next = await _highest(connection) + 1
            query = select(inbox).where(inbox.c.state == InboxState.WAITING).order_by(inbox.c.id)
            rows = (await connection.execute(query)).all()
        return [
            ReceivedUpdate(
                id=row.id,
                bot_id=row.bot_id,
                update_id=row.update_id,
                queue_key=row.queue_key,
                received_at=row.received_at,
                raw=orjson.loads(self._keyring.decrypt(row.raw, RAW_PLACE)),
                attempts=row.attempts,
            )
            for row in rows
        ]

    def number(
        self, bot_id: int, updates: Iterable[dict[str, Any]], now: datetime
    ) -> list[ReceivedUpdate]:
        """Give the updates their ids; nothing is kept by that.

        Ids follow update_ids, and with them the order of what the updates make people read.
        """
        return [
            ReceivedUpdate(self.reserve(), bot_id, raw["update_id"], queue_key_of(raw), now, raw)
            for raw in sorted(updates, key=_update_id)
        ]

    @contextmanager
    def coming(self, rows: Sequence[ReceivedUpdate]) -> Iterator[None]:
        """While the block lasts these are on their way to the commit that keeps them."""
        moments = {row.id: row.received_at for row in rows}
        self._coming |= moments
        try:
            yield
        finally:
            for number in moments:
                del self._coming[number]

    def on_their_way(self) -> list[datetime]:
        """When those came in that no commit has kept yet."""
        return [*self._coming.values()]

    async def undone_since(self, connection: AsyncConnection) -> datetime | None:
        """When the oldest update came in that has had no effect yet, kept or still on its way.

        What people did before that moment has been done. It is real time, as Telegram's.
        """
        waiting = select(func.min(inbox.c.received_at)).where(inbox.c.state == InboxState.WAITING)
        moments = self.on_their_way()
        if (oldest := await connection.scalar(waiting)) is not None:
            moments.append(oldest)
        return min(moments, default=None)

    async def keep(self, rows: Sequence[ReceivedUpdate]) -> list[ReceivedUpdate]:
        """Commit the updates, waiting; those known already are refused by the database.

        Returns those that have to be run: the new ones, and those of commits in doubt that
        turned out to be kept.

        Raises:
            Unavailable: nothing was kept, and Telegram must not be told that it was.
        """
        if not rows:
            return []
        # Those of a commit in doubt may come again as known ones, and must be run all the same.
        unheard, self._unheard = self._unheard, []
        try:
            async with self._db.write() as connection:
                added = [as_row(self._keyring, row) for row in rows]
                kept = set(await connection.scalars(self._insert, added))
                if unheard:
                    there = inbox.c.id.in_([row.id for row in unheard])
                    waiting = select(inbox.c.id).where(there, inbox.c.state == InboxState.WAITING)
                    kept |= set(await connection.scalars(waiting))
        except Unavailable as error:
            self._unheard += unheard
            self.mark_in_doubt(error, rows)
            raise
        return [row for row in (*unheard, *rows) if row.id in kept]

    def mark_in_doubt(self, error: Unavailable, rows: Iterable[ReceivedUpdate]) -> None:
        """Remember what a commit may have kept, if it is in doubt; the next ``keep`` finds out."""
        if isinstance(error, InDoubt):
            self._unheard += rows

    @property
    def in_doubt(self) -> bool:
        """Whether updates may be kept that nobody runs; the next have to go by way of ``keep``."""
        return bool(self._unheard)

    def reserve(self) -> int:
        """An id of the inbox's row of numbers for something that no update caused."""
        self._next += 1
        return self._next - 1

    async def note_gap(self, began_at: datetime, ended_at: datetime) -> None:
        """Remember that nothing could be taken in between these moments."""
        statement = self._db.insert(intake_gaps).on_conflict_do_nothing()
        async with self._db.write() as connection:
            await connection.execute(statement, [{"began_at": began_at, "ended_at": ended_at}])

    async def failed(self, row: ReceivedUpdate, error: str) -> None:
        """Count a try that failed; the row stays waiting."""
        statement = update(inbox).where(inbox.c.id == row.id)
        async with self._db.write() as connection:
            await connection.execute(statement.values(attempts=row.attempts + 1, error=error))

    async def count_attempts(self, row: ReceivedUpdate, attempts: int) -> None:
        """Store the number of attempts, the running one included: it may end the process."""
        statement = update(inbox).where(inbox.c.id == row.id)
        async with self._db.write() as connection:
            await connection.execute(statement.values(attempts=attempts))

    async def prune(self, before: datetime) -> int:
        """Drop what was done long ago, and tell how many rows that were; Telegram repeats nothing
        older than 24 hours.

        Looks at the oldest rows only, so that it costs the same however many there are.
        """
        oldest = select(inbox.c.id).order_by(inbox.c.id).limit(PRUNED_AT_ONCE)
        done = (inbox.c.state == InboxState.DONE, inbox.c.received_at < before)
        async with self._db.write() as connection:
            dropped = delete(inbox).where(inbox.c.id.in_(oldest), *done)
            return (await connection.execute(dropped)).rowcount


def insertion(db: Database) -> ReturningInsert[int]:
    """The statement that keeps updates and tells the ids of those that were new."""
    # Only a known update is passed over; two rows of one id would be a fault of ours.
    return (
        db.insert(inbox)
        .on_conflict_do_nothing(index_elements=[inbox.c.bot_id, inbox.c.update_id])
        .returning(inbox.c.id)
    )


def as_row(keyring: Keyring, row: ReceivedUpdate, *, done: bool = False) -> dict[str, Any]:
    """An update as the table keeps it: waiting, or done with nothing of it left to read."""
    return {
        "id": row.id,
        "bot_id": row.bot_id,
        "update_id": row.update_id,
        "queue_key": row.queue_key,
        "received_at": row.received_at,
        "raw": None if done else keyring.encrypt(orjson.dumps(row.raw), RAW_PLACE),
        "state": InboxState.DONE if done else InboxState.WAITING,
        "attempts": 0,
    }


async def add(
    connection: AsyncConnection,
    insertion: ReturningInsert[int],
    rows: Sequence[dict[str, Any]],
) -> None:
    """Keep updates (``as_row``) in the transaction of the effect that some of them have.

    Raises:
        Known: one of them is kept already; the transaction must not commit.
    """
    kept = len((await connection.scalars(insertion, rows)).all())
    if kept != len(rows):
        raise DuplicateUpdate(f"{len(rows) - kept} of {len(rows)} updates are known")


def _update_id(raw: dict[str, Any]) -> int:
    update_id: int = raw["update_id"]
    return update_id


async def _highest(connection: AsyncConnection) -> int:
    """The highest id in use, also by what updates made (``Unit.new_id``) and what outlives them."""
    highest = await connection.scalar(select(func.max(inbox.c.id))) or 0
    for table in (
        outbox,
        audit,
        people,
        applications,
        cases,
        role_assignments,
        invites,
        decisions,
        notes,
    ):
        made = await connection.scalar(select(func.max(table.c.id))) or 0
        highest = max(highest, made // IDS_PER_UPDATE)
    return highest


async def finish(
    connection: AsyncConnection, ids: Iterable[int], state: InboxState = InboxState.DONE
) -> None:
    """Mark rows as done in the transaction of their effect.

    Raises:
        AlreadyDone: one of them was not waiting; the transaction must not commit.
    """
    wanted = list(ids)
    # One statement over all ids: not every driver counts the rows of an executemany.
    result = await connection.execute(_FINISH, {"ids": wanted, "became": state})
    if result.rowcount != len(wanted):
        raise AlreadyDone(f"{len(wanted) - result.rowcount} of {len(wanted)} rows were not waiting")


_FINISH = (
    update(inbox)
    .where(inbox.c.id.in_(bindparam("ids", expanding=True)), inbox.c.state == InboxState.WAITING)
    .values(state=bindparam("became"), raw=None)
)


class AlreadyDone(Exception):
    """An update was about to take effect a second time."""


HIGHEST = 2**63 - 1
"""What an integer column holds; whoever sends more than Telegram ever would is not kept."""
_WITH_SENDER = (
    "message",
    "callback_query",
    "edited_message",
    "my_chat_member",
    "pre_checkout_query",
)


def queue_key_of(raw: dict[str, Any]) -> int:
    """The person an update comes from, else its chat, else 0 (what concerns nobody).

    >>> lane_of({"update_id": 1, "message": {"from": {"id": 7}, "chat": {"id": -5}}})
    7
    """
    for kind in _WITH_SENDER:
        body = raw.get(kind)
        if isinstance(body, dict):
            for source in (body.get("from"), body.get("chat")):
                queue_key = source.get("id") if isinstance(source, dict) else None
                if type(queue_key) is int and abs(queue_key) <= HIGHEST:
                    return queue_key
    return 0
