"""The inbox: updates, committed before Telegram's acknowledgement, done with their effect."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any

import orjson
from sqlalchemy import Row, bindparam, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.dml import ReturningInsert

from states.values import dataclass
from storage.engine import row_macs
from storage.engine.database import Database, InDoubt, Unavailable
from storage.engine.encryption import Keyring
from storage.engine.ids import HIGHEST, RowIds
from storage.engine.row_macs import RowChanged
from storage.engine.row_mapping import record_of, row_of
from storage.engine.tables import InboxState, inbox, intake_gaps

RAW_PLACE = "inbox"
KEPT_FOR = timedelta(days=7)
DEAD_KEPT_FOR = timedelta(days=30)
"""Updates that were set aside have no content; an operator has so long to look for the reason."""
PRUNED_AT_ONCE = 1_000
"""The rows of one run: with a run every 30 s, 2.9 million a day."""


@dataclass(frozen=True, slots=True)
class ReceivedUpdate:
    """One update from Telegram. Updates of one ``queue_key`` (person or chat) run in order."""

    id: int
    bot_id: int
    update_id: int
    queue_key: int
    received_at: datetime
    raw: dict[str, Any]
    attempts: int = 0


class DuplicateUpdate(Exception):
    """Telegram has repeated a stored update; the transaction must not commit."""


class Inbox:
    """The table of updates.

    An update's row commits with its effect (``add``), or waits for it (``keep``).
    """

    def __init__(self, db: Database, keyring: Keyring, ids: RowIds) -> None:
        self._db = db
        self._keyring = keyring
        self._ids = ids
        self._insert = insert_statement(db)
        self._doubtful: list[ReceivedUpdate] = []
        self._uncommitted: dict[int, datetime] = {}

    async def recover(self) -> list[ReceivedUpdate]:
        """Return the waiting updates, oldest first."""
        async with self._db.read() as connection:
            query = select(inbox).where(inbox.c.state == InboxState.WAITING).order_by(inbox.c.id)
            rows = (await connection.execute(query)).all()
        return [row for row in [await self._recovered(one) for one in rows] if row is not None]

    async def _recovered(self, row: Row[Any]) -> ReceivedUpdate | None:
        """Return a waiting update; set aside one that was changed without the keys."""
        try:
            row_macs.check(self._keyring, inbox, row)
        except RowChanged as error:
            aside = {"state": InboxState.DEAD, "raw": None, "error": type(error).__name__}
            async with self._db.write() as connection:
                await connection.execute(update(inbox).where(inbox.c.id == row.id).values(aside))
            return None
        raw = orjson.loads(self._keyring.decrypt(row.raw, RAW_PLACE))
        return record_of(ReceivedUpdate, row, raw=raw)

    def number(
        self, bot_id: int, updates: Iterable[dict[str, Any]], now: datetime
    ) -> list[ReceivedUpdate]:
        """Give ids to updates without storing them.

        Ids follow the update_ids, and so does the order of the messages that the updates cause.
        """
        return [
            ReceivedUpdate(self._ids.next(), bot_id, raw["update_id"], queue_key_of(raw), now, raw)
            for raw in sorted(updates, key=itemgetter("update_id"))
        ]

    @contextmanager
    def uncommitted(self, rows: Sequence[ReceivedUpdate]) -> Iterator[None]:
        """Count these updates as uncommitted for the length of the block."""
        moments = {row.id: row.received_at for row in rows}
        self._uncommitted |= moments
        try:
            yield
        finally:
            for number in moments:
                del self._uncommitted[number]

    def uncommitted_since(self) -> list[datetime]:
        """Return the arrival times of the uncommitted updates."""
        return [*self._uncommitted.values()]

    async def oldest_pending(self, connection: AsyncConnection) -> datetime | None:
        """Return the arrival (real time) of the oldest update without effect, stored or not.

        All that people did before that moment has had its effect.
        """
        waiting = select(func.min(inbox.c.received_at)).where(inbox.c.state == InboxState.WAITING)
        moments = self.uncommitted_since()
        if (oldest := await connection.scalar(waiting)) is not None:
            moments.append(oldest)
        return min(moments, default=None)

    async def keep(self, rows: Sequence[ReceivedUpdate]) -> list[ReceivedUpdate]:
        """Commit updates as waiting; the database refuses known ones.

        Returns:
            The updates to run: the new ones, and the committed ones of commits in doubt.

        Raises:
            Unavailable: nothing was stored, and Telegram must not get an acknowledgement.
        """
        if not rows:
            return []
        # A committed update of a commit in doubt counts as known, but still has to run.
        doubtful, self._doubtful = self._doubtful, []
        try:
            async with self._db.write() as connection:
                added = [as_row(self._keyring, row) for row in rows]
                kept = set(await connection.scalars(self._insert, added))
                if doubtful:
                    waiting = select(inbox.c.id).where(
                        inbox.c.id.in_([row.id for row in doubtful]),
                        inbox.c.state == InboxState.WAITING,
                    )
                    kept |= set(await connection.scalars(waiting))
        except Unavailable as error:
            self._doubtful += doubtful
            self.mark_in_doubt(error, rows)
            raise
        return [row for row in (*doubtful, *rows) if row.id in kept]

    def mark_in_doubt(self, error: Unavailable, rows: Iterable[ReceivedUpdate]) -> None:
        """Remember the updates of a commit in doubt; the next ``keep`` reconciles them."""
        if isinstance(error, InDoubt):
            self._doubtful += rows

    @property
    def in_doubt(self) -> bool:
        """Whether a commit is in doubt, so that the next updates have to go through ``keep``."""
        return bool(self._doubtful)

    async def note_gap(self, began_at: datetime, ended_at: datetime) -> None:
        """Store an interval without intake."""
        statement = self._db.insert(intake_gaps).on_conflict_do_nothing()
        async with self._db.write() as connection:
            await connection.execute(statement, [{"began_at": began_at, "ended_at": ended_at}])

    async def failed(self, row: ReceivedUpdate, error: str) -> None:
        """Count a failed attempt; the update stays waiting."""
        statement = update(inbox).where(inbox.c.id == row.id)
        async with self._db.write() as connection:
            await connection.execute(statement.values(attempts=row.attempts + 1, error=error))

    async def count_attempts(self, row: ReceivedUpdate, attempts: int) -> None:
        """Store the number of attempts, the running one included: it may end the process."""
        statement = update(inbox).where(inbox.c.id == row.id)
        async with self._db.write() as connection:
            await connection.execute(statement.values(attempts=attempts))

    async def prune(self, before: datetime) -> int:
        """Delete done updates from before a moment and return their number.

        Each run reads the oldest done ones only. Telegram repeats no update after 24 hours.
        """
        return await self._prune(InboxState.DONE, before)

    async def prune_dead(self, before: datetime) -> int:
        """Delete updates that were set aside from before a moment; return their number."""
        return await self._prune(InboxState.DEAD, before)

    async def _prune(self, state: InboxState, before: datetime) -> int:
        ended = select(inbox.c.id).where(inbox.c.state == state)
        oldest = ended.order_by(inbox.c.id).limit(PRUNED_AT_ONCE)
        async with self._db.write() as connection:
            is_over = inbox.c.received_at < before
            dropped = delete(inbox).where(inbox.c.id.in_(oldest), is_over)
            return (await connection.execute(dropped)).rowcount


def insert_statement(db: Database) -> ReturningInsert[int]:
    """Return the INSERT of updates that returns the ids of new ones."""
    # A conflict of row ids would be a bug, so that one still raises.
    return (
        db.insert(inbox)
        .on_conflict_do_nothing(index_elements=[inbox.c.bot_id, inbox.c.update_id])
        .returning(inbox.c.id)
    )


def as_row(keyring: Keyring, row: ReceivedUpdate, *, done: bool = False) -> dict[str, Any]:
    """Return an update as a row of its table: waiting, or done and without content or MAC."""
    stored = row_of(
        inbox,
        row,
        raw=None if done else keyring.encrypt(orjson.dumps(row.raw), RAW_PLACE),
        state=InboxState.DONE if done else InboxState.WAITING,
        attempts=0,
        error=None,
        mac=None,
    )
    return stored if done else row_macs.bind(keyring, inbox, stored)


async def add(
    connection: AsyncConnection,
    statement: ReturningInsert[int],
    rows: Sequence[dict[str, Any]],
) -> None:
    """Insert updates (``as_row``) in the transaction of their effect.

    Raises:
        DuplicateUpdate: one of them is stored already; the transaction must not commit.
    """
    kept = len((await connection.scalars(statement, rows)).all())
    if kept != len(rows):
        raise DuplicateUpdate(f"{len(rows) - kept} of {len(rows)} updates are known")


async def finish(
    connection: AsyncConnection, ids: Iterable[int], state: InboxState = InboxState.DONE
) -> None:
    """Mark updates as done in the transaction of their effect.

    Raises:
        AlreadyDone: one of them was not waiting; the transaction must not commit.
    """
    wanted = list(ids)
    # One statement for all ids: not every driver counts the rows of an executemany.
    result = await connection.execute(_FINISH, {"ids": wanted, "final": state})
    if result.rowcount != len(wanted):
        raise AlreadyDone(f"{len(wanted) - result.rowcount} of {len(wanted)} rows were not waiting")


_FINISH = (
    update(inbox)
    .where(inbox.c.id.in_(bindparam("ids", expanding=True)), inbox.c.state == InboxState.WAITING)
    .values(state=bindparam("final"), raw=None)
)


class AlreadyDone(Exception):
    """An update was about to take effect twice."""


_KINDS = ("message", "callback_query", "edited_message", "my_chat_member", "pre_checkout_query")


def queue_key_of(raw: dict[str, Any]) -> int:
    """Return the sender of an update, else its chat, else 0.

    All who write in the name of a group or channel have one sender, in whatever chat. The chat
    stands for it, so that a flood in one group is nothing to another.

    >>> queue_key_of({"update_id": 1, "message": {"from": {"id": 7}, "chat": {"id": -5}}})
    7
    """
    for kind in _KINDS:
        body = raw.get(kind)
        if isinstance(body, dict):
            sender = None if "sender_chat" in body else body.get("from")
            for source in (sender, body.get("chat")):
                queue_key = source.get("id") if isinstance(source, dict) else None
                if type(queue_key) is int and abs(queue_key) <= HIGHEST:
                    return queue_key
    return 0


def thread_of(raw: Mapping[str, Any]) -> int | None:
    """Return the topic that an update came from; None outside of topics.

    >>> thread_of({"message": {"message_thread_id": 7, "is_topic_message": True}})
    7
    """
    match raw:
        case {"message": {"is_topic_message": True, "message_thread_id": int(thread)}} | {
            "callback_query": {
                "message": {"is_topic_message": True, "message_thread_id": int(thread)}
            }
        }:
            return thread
    return None
