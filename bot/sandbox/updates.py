"""What the bot has not yet been told, in order of update_id, and what it has confirmed."""

import asyncio
import random
from collections import deque
from collections.abc import Callable
from functools import partial
from itertools import islice

import orjson

from bot.sandbox.archive import Archive, JsonObject
from bot.sandbox.faults import FaultKind, Faults

_TABLES = """
CREATE TABLE IF NOT EXISTS updates (update_id INTEGER PRIMARY KEY, body BLOB NOT NULL);
"""
_NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
_EPOCH = 1_600_000_000
_REMEMBERED = 100
"""As many confirmed updates as one getUpdates may bring (fault "redeliver")."""


class Updates:
    """The queue between the people and the bot. An update leaves it when the bot confirms it."""

    def __init__(self, archive: Archive, faults: Faults, clock: Callable[[], float]) -> None:
        self._archive = archive
        self._faults = faults
        archive.create(_TABLES)
        self._pending: dict[int, bytes] = dict(
            archive.run("SELECT update_id, body FROM updates ORDER BY update_id")
        )
        self._confirmed: deque[bytes] = deque(maxlen=_REMEMBERED)
        self._waiting: set[asyncio.Future[None]] = set()
        kept = archive.setting("allowed_updates") or {"types": []}
        self._allowed: list[str] = kept["types"]
        # A file that was thrown away must not hand out numbers that the bot has seen already, so a
        # new one starts from the clock.
        self._first = max(1, int(clock()) - _EPOCH)

    def __len__(self) -> int:
        return len(self._pending)

    @property
    def allowed(self) -> list[str]:
        """The kinds the bot asked for; empty means Telegram's default."""
        return self._allowed

    def allow(self, kinds: list[str]) -> None:
        """From now on make only these kinds. What is pending already stays, as at Telegram."""
        if kinds != self._allowed:
            self._allowed = kinds
            self._archive.keep_setting("allowed_updates", {"types": kinds})

    def add(self, kind: str, body: JsonObject) -> None:
        """Make an update of this kind, unless the bot does not want it."""
        if kind not in self._allowed if self._allowed else kind in _NOT_BY_DEFAULT:
            return
        update_id = self._archive.next("update_id", first=self._first)
        encoded = orjson.dumps({"update_id": update_id, kind: body})
        self._archive.run("INSERT INTO updates VALUES (?, ?)", update_id, encoded)
        self._archive.after_commit(partial(self._made, update_id, encoded))

    def _made(self, update_id: int, encoded: bytes) -> None:
        self._pending[update_id] = encoded
        self.wake()

    def confirm_below(self, offset: int) -> None:
        """Forget every update with a lower id; a negative offset keeps that many of the newest."""
        if offset < 0:
            gone = list(self._pending)[:offset]
        else:
            gone = []
            for update_id in self._pending:
                if update_id >= offset:
                    break
                gone.append(update_id)
        if not gone:
            return
        self._archive.run("DELETE FROM updates WHERE update_id <= ?", gone[-1])
        for update_id in gone:
            self._confirmed.append(self._pending.pop(update_id))

    def confirm(self, update_id: int) -> None:
        """Forget one update, which a webhook took."""
        body = self._pending.pop(update_id, None)
        if body is not None:
            self._archive.run("DELETE FROM updates WHERE update_id = ?", update_id)
            self._confirmed.append(body)

    def drop_pending(self) -> None:
        """Forget everything undelivered, as `drop_pending_updates` asks."""
        self._archive.run("DELETE FROM updates")
        self._pending.clear()

    def oldest(self, limit: int) -> list[tuple[int, bytes]]:
        """Up to `limit` pending updates, as JSON; in order, unless the fault "shuffle" is on."""
        chosen = list(islice(self._pending.items(), limit))
        if len(chosen) > 1 and self._faults.on_delivery(FaultKind.SHUFFLE):
            in_order = list(chosen)
            random.Random(chosen[0][0]).shuffle(chosen)
            if chosen == in_order:
                chosen.reverse()
        return chosen

    def again(self) -> list[bytes]:
        """The confirmed updates that the fault "redeliver" brings back, oldest first."""
        if self._confirmed and self._faults.on_delivery(FaultKind.REDELIVER):
            return list(self._confirmed)
        return []

    def wake(self) -> None:
        """Tell who waits that there may be something to fetch."""
        for waiting in self._waiting:
            if not waiting.done():
                waiting.set_result(None)
        self._waiting.clear()

    async def wait(self, seconds: float | None) -> None:
        """Until an update is made, or for so many seconds (None: however long)."""
        waiting = asyncio.get_running_loop().create_future()
        self._waiting.add(waiting)
        try:
            await asyncio.wait_for(waiting, seconds)
        except TimeoutError:
            pass
        finally:
            self._waiting.discard(waiting)
