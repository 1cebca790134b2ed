"""The private chats: their messages, state and version."""

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
class ChatState:
    """The state of a private chat; the file keeps it as `chats.standing`."""

    started: bool = False
    blocked: bool = False
    keyboard: JsonObject | None = None
    """The reply keyboard that the person sees."""
    pinned: int | None = None


_NEW_CHAT = ChatState()


@dataclass(slots=True)
class StoredMessage:
    """A message, and data of it that no Message object shows."""

    body: JsonObject
    hidden: JsonObject = field(default_factory=dict)
    """`fixed`: sent with a reply keyboard, so not editable. `payload`, `paid`: of an invoice.

    The file keeps it as `messages.aside`.
    """

    @property
    def chat_id(self) -> int:
        """The id of its chat."""
        return int(self.body["chat"]["id"])

    @property
    def message_id(self) -> int:
        """Its id; one sequence over all chats, as for any bot."""
        return int(self.body["message_id"])


class Chats:
    """Messages by chat; every change raises the chat's version and wakes its waiters."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        archive.create(_TABLES)
        self._states = {
            chat_id: ChatState(**orjson.loads(value))
            for chat_id, value in archive.run("SELECT chat_id, standing FROM chats")
        }
        # The file keeps no versions. Starting from the clock, they exceed those of earlier runs.
        self._first_version = time.time_ns() // 1_000_000
        self._versions: dict[int, int] = {}
        self._waiters: dict[int, set[asyncio.Future[None]]] = {}

    def state(self, chat_id: int) -> ChatState:
        """Return the state of this chat."""
        return self._states.get(chat_id, _NEW_CHAT)

    def keep_state(self, chat_id: int, state: ChatState) -> None:
        """Store the state and raise the version."""
        self._states[chat_id] = state
        value = orjson.dumps(asdict(state))
        self._archive.run("INSERT OR REPLACE INTO chats VALUES (?, ?)", chat_id, value)
        self.touch(chat_id)

    def next_id(self) -> int:
        """Return an unused message_id."""
        return self._archive.next("message_id")

    def keep(self, message: StoredMessage) -> None:
        """Insert or replace a message."""
        self._archive.run(
            "INSERT OR REPLACE INTO messages VALUES (?, ?, ?, ?)",
            message.chat_id,
            message.message_id,
            orjson.dumps(message.body),
            orjson.dumps(message.hidden),
        )
        self.touch(message.chat_id)

    def get(self, chat_id: int, message_id: int) -> StoredMessage | None:
        """Return the message, or None."""
        row = self._archive.run(
            "SELECT body, aside FROM messages WHERE chat_id = ? AND message_id = ?",
            chat_id,
            message_id,
        ).fetchone()
        return None if row is None else StoredMessage(orjson.loads(row[0]), orjson.loads(row[1]))

    def remove(self, chat_id: int, message_ids: Sequence[int]) -> None:
        """Delete messages for everybody."""
        for message_id in message_ids:
            self._archive.run(
                "DELETE FROM messages WHERE chat_id = ? AND message_id = ?", chat_id, message_id
            )
        self.touch(chat_id)

    def messages(self, chat_id: int, last: int | None = None) -> list[JsonObject]:
        """Return the messages of a chat by message_id, or only the `last` ones."""
        rows = self._archive.run(
            "SELECT body FROM messages WHERE chat_id = ? ORDER BY message_id DESC LIMIT ?",
            chat_id,
            -1 if last is None else last,
        ).fetchall()
        return [orjson.loads(body) for (body,) in reversed(rows)]

    def version(self, chat_id: int) -> int:
        """Return the version: it grows with every visible change, also over restarts."""
        return self._versions.get(chat_id, self._first_version)

    def touch(self, chat_id: int) -> None:
        """Raise the version and wake the waiters."""
        self._versions[chat_id] = self.version(chat_id) + 1
        for waiter in self._waiters.pop(chat_id, ()):
            if not waiter.done():
                waiter.set_result(None)

    async def changed(self, chat_id: int, since: int, seconds: float) -> int:
        """Wait until the version exceeds `since`, at most `seconds`; return the version."""
        if self.version(chat_id) <= since:
            waiter = asyncio.get_running_loop().create_future()
            self._waiters.setdefault(chat_id, set()).add(waiter)
            try:
                await asyncio.wait_for(waiter, seconds)
            except TimeoutError:
                self._waiters.get(chat_id, set()).discard(waiter)
        return self.version(chat_id)
