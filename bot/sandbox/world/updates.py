"""The queue of pending updates, by update_id, and the last confirmed ones."""

import asyncio
import random
from collections import deque
from collections.abc import Callable
from functools import partial
from itertools import islice

import orjson

from bot.sandbox.archive import Archive, JsonObject
from bot.sandbox.world.faults import FaultKind, Faults

_TABLES = """
CREATE TABLE IF NOT EXISTS updates (update_id INTEGER PRIMARY KEY, body BLOB NOT NULL);
"""
_NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
_EPOCH = 1_600_000_000
_REDELIVERED = 100
"""Confirmed updates kept for the fault "redeliver": as many as one getUpdates returns."""


class Updates:
    """The update queue between the people and the bot; a confirmed update leaves it."""

    def __init__(self, archive: Archive, faults: Faults, clock: Callable[[], float]) -> None:
        self._archive = archive
        self._faults = faults
        archive.create(_TABLES)
        self._pending: dict[int, bytes] = dict(
            archive.run("SELECT update_id, body FROM updates ORDER BY update_id")
        )
        self._confirmed: deque[bytes] = deque(maxlen=_REDELIVERED)
        self._waiters: set[asyncio.Future[None]] = set()
        kept = archive.setting("allowed_updates") or {"types": []}
        self._allowed: list[str] = kept["types"]
        # A new file starts from the clock: the bot has seen the ids of a deleted one.
        self._first = max(1, int(clock()) - _EPOCH)

    def __len__(self) -> int:
        return len(self._pending)

    @property
    def allowed(self) -> list[str]:
        """The bot's `allowed_updates`; empty means Telegram's default."""
        return self._allowed

    def allow(self, kinds: list[str]) -> None:
        """Set `allowed_updates`; pending updates stay, as at Telegram."""
        if kinds != self._allowed:
            self._allowed = kinds
            self._archive.keep_setting("allowed_updates", {"types": kinds})

    def add(self, kind: str, body: JsonObject) -> None:
        """Add an update of this kind if `allowed_updates` permits it."""
        if kind not in self._allowed if self._allowed else kind in _NOT_BY_DEFAULT:
            return
        update_id = self._archive.next("update_id", first=self._first)
        encoded = orjson.dumps({"update_id": update_id, kind: body})
        self._archive.run("INSERT INTO updates VALUES (?, ?)", update_id, encoded)
        self._archive.after_commit(partial(self._publish, update_id, encoded))

    def _publish(self, update_id: int, encoded: bytes) -> None:
        self._pending[update_id] = encoded
        self.wake()

    def confirm_below(self, offset: int) -> None:
        """Confirm every lower update_id; a negative offset keeps the newest -offset updates."""
        if offset < 0:
            confirmed = list(self._pending)[:offset]
        else:
            confirmed = []
            for update_id in self._pending:
                if update_id >= offset:
                    break
                confirmed.append(update_id)
        if not confirmed:
            return
        self._archive.run("DELETE FROM updates WHERE update_id <= ?", confirmed[-1])
        for update_id in confirmed:
            self._confirmed.append(self._pending.pop(update_id))

    def confirm(self, update_id: int) -> None:
        """Confirm one update that the webhook accepted."""
        body = self._pending.pop(update_id, None)
        if body is not None:
            self._archive.run("DELETE FROM updates WHERE update_id = ?", update_id)
            self._confirmed.append(body)

    def drop_pending(self) -> None:
        """Delete all pending updates (`drop_pending_updates`)."""
        self._archive.run("DELETE FROM updates")
        self._pending.clear()

    def oldest(self, limit: int) -> list[tuple[int, bytes]]:
        """Return up to `limit` pending updates as JSON, in order unless "shuffle" is on."""
        chosen = list(islice(self._pending.items(), limit))
        if len(chosen) > 1 and self._faults.take_for_delivery(FaultKind.SHUFFLE):
            in_order = list(chosen)
            random.Random(chosen[0][0]).shuffle(chosen)
            if chosen == in_order:
                chosen.reverse()
        return chosen

    def redelivered(self) -> list[bytes]:
        """Return the confirmed updates if the fault "redeliver" is on, oldest first."""
        if self._confirmed and self._faults.take_for_delivery(FaultKind.REDELIVER):
            return list(self._confirmed)
        return []

    def wake(self) -> None:
        """Wake all waiters."""
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_result(None)
        self._waiters.clear()

    async def wait(self, seconds: float | None) -> None:
        """Wait for `wake`, at most `seconds` (None: without limit)."""
        waiter = asyncio.get_running_loop().create_future()
        self._waiters.add(waiter)
        try:
            await asyncio.wait_for(waiter, seconds)
        except TimeoutError:
            pass
        finally:
            self._waiters.discard(waiter)
