"""Callback and pre-checkout queries that the bot has not answered."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.sandbox.archive import Archive

_TABLES = """
CREATE TABLE IF NOT EXISTS questions (
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, chat_id INTEGER NOT NULL,
    message_id INTEGER NOT NULL, asked_at REAL NOT NULL
);
"""


@dataclass(frozen=True, slots=True)
class PendingQuery:
    """An unanswered query; `asked_at` in Unix seconds."""

    id: int
    kind: str
    chat_id: int
    message_id: int
    asked_at: float


class PendingQueries:
    """The unanswered queries; the file keeps them in the table `questions`."""

    def __init__(self, archive: Archive, clock: Callable[[], float]) -> None:
        self._archive = archive
        self._clock = clock
        archive.create(_TABLES)

    def open(self, kind: str, chat_id: int, message_id: int) -> PendingQuery:
        """Add a query with a unique id."""
        number = self._archive.next("question", first=1 << 40)
        query = PendingQuery(number, kind, chat_id, message_id, self._clock())
        self._archive.run(
            "INSERT INTO questions VALUES (?, ?, ?, ?, ?)",
            number,
            kind,
            chat_id,
            message_id,
            query.asked_at,
        )
        return query

    def take(self, kind: str, number: str, seconds: float) -> PendingQuery | None:
        """Remove and return the query; None if it is unknown, answered or older than `seconds`."""
        if not number.isascii() or not number.isdigit() or len(number) > 18:
            return None
        row = self._archive.run(
            "SELECT * FROM questions WHERE id = ? AND kind = ?", int(number), kind
        ).fetchone()
        if row is None:
            return None
        query = PendingQuery(*row)
        self._archive.run("DELETE FROM questions WHERE id = ?", query.id)
        return query if self._clock() - query.asked_at <= seconds else None

    def waiting(self, chat_id: int, kind: str, seconds: float) -> frozenset[int]:
        """Return the message_ids in this chat with a query of this kind under `seconds` old."""
        rows = self._archive.run(
            "SELECT message_id FROM questions WHERE chat_id = ? AND kind = ? AND asked_at >= ?",
            chat_id,
            kind,
            self._clock() - seconds,
        )
        return frozenset(message_id for (message_id,) in rows)
