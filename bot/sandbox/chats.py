"""The private chats: their messages, who may be written to, and when something changed in one."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

import orjson

from bot.sandbox.archive import Archive, JsonObject

_TABLES = """
CREATE TABLE IF NOT EXISTS messages (
    chat_id INTEGER NOT NULL, message_id INTEGER NOT NULL, body BLOB NOT NULL, aside BLOB NOT NULL,
    PRIMARY KEY (chat_id, message_id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS chats (chat_id INTEGER PRIMARY KEY, standing BLOB NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a person and the bot stand: kept in the file."""

    started: bool = False
    blocked: bool = False
    keyboard: JsonObject | None = None
    """The reply keyboard the person sees."""
    pinned: int | None = None


_STRANGERS = Standing()


@dataclass(slots=True)
class Stored:
    """A message, and what Telegram knows of it but shows nobody."""

    body: JsonObject
    aside: JsonObject = field(default_factory=dict)
    """`fixed`: sent with a reply keyboard, so can't be edited. `payload`, `paid`: of an invoice."""

    @property
    def chat_id(self) -> int:
        """The chat it stands in."""
        return int(self.body["chat"]["id"])

    @property
    def message_id(self) -> int:
        """Its number; one sequence over all chats, as for any bot."""
        return int(self.body["message_id"])


class Chats:
    """Messages by chat; every change counts the chat's version up and wakes who waits for it."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        archive.create(_TABLES)
        self._standing = {
            chat_id: Standing(**orjson.loads(value))
            for chat_id, value in archive.run("SELECT chat_id, standing FROM chats")
        }
        # Versions are not kept. Starting from the clock, they are past whatever a page has seen.
        self._first_version = time.time_ns() // 1_000_000
        self._versions: dict[int, int] = {}
        self._waiting: dict[int, set[asyncio.Future[None]]] = {}

    def standing(self, chat_id: int) -> Standing:
        """How things stand in this chat."""
        known = self._standing.get(chat_id)
        return known if known is not None else _STRANGERS

    def keep_standing(self, chat_id: int, standing: Standing) -> None:
        """Keep it, and tell who looks."""
        self._standing[chat_id] = standing
        value = orjson.dumps(asdict(standing))
        self._archive.run("INSERT OR REPLACE INTO chats VALUES (?, ?)", chat_id, value)
        self.touch(chat_id)

    def next_id(self) -> int:
        """A message_id that was never used."""
        return self._archive.next("message_id")

    def keep(self, message: Stored) -> None:
        """Add a message, or put it in the place of its older self."""
        self._archive.run(
            "INSERT OR REPLACE INTO messages VALUES (?, ?, ?, ?)",
            message.chat_id,
            message.message_id,
            orjson.dumps(message.body),
            orjson.dumps(message.aside),
        )
        self.touch(message.chat_id)

    def get(self, chat_id: int, message_id: int) -> Stored | None:
        """The message, None if it is gone or never was."""
        row = self._archive.run(
            "SELECT body, aside FROM messages WHERE chat_id = ? AND message_id = ?",
            chat_id,
            message_id,
        ).fetchone()
        return None if row is None else Stored(orjson.loads(row[0]), orjson.loads(row[1]))

    def remove(self, chat_id: int, message_ids: Sequence[int]) -> None:
        """Delete messages for everybody."""
        for message_id in message_ids:
            self._archive.run(
                "DELETE FROM messages WHERE chat_id = ? AND message_id = ?", chat_id, message_id
            )
        self.touch(chat_id)

    def messages(self, chat_id: int, last: int | None = None) -> list[JsonObject]:
        """The messages of a chat in order of message_id; only the `last` so many if asked."""
        rows = self._archive.run(
            "SELECT body FROM messages WHERE chat_id = ? ORDER BY message_id DESC LIMIT ?",
            chat_id,
            -1 if last is None else last,
        ).fetchall()
        return [orjson.loads(body) for (body,) in reversed(rows)]

    def version(self, chat_id: int) -> int:
        """Grows with everything the person can see; starts past any earlier run's."""
        return self._versions.get(chat_id, self._first_version)

    def touch(self, chat_id: int) -> None:
        """Something in this chat looks different now."""
        self._versions[chat_id] = self.version(chat_id) + 1
        for waiting in self._waiting.pop(chat_id, ()):
            if not waiting.done():
                waiting.set_result(None)

    async def changed(self, chat_id: int, since: int, seconds: float) -> int:
        """Wait until the version is past `since`, at most so many seconds; the version then."""
        if self.version(chat_id) <= since:
            waiting = asyncio.get_running_loop().create_future()
            self._waiting.setdefault(chat_id, set()).add(waiting)
            try:
                await asyncio.wait_for(waiting, seconds)
            except TimeoutError:
                self._waiting.get(chat_id, set()).discard(waiting)
        return self.version(chat_id)
