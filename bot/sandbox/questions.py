"""Queries that a person waits to have answered: a pressed button, a payment to be let through."""

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
class Question:
    """A query that is not answered yet. `asked_at` is in seconds since 1970, UTC."""

    id: int
    kind: str
    chat_id: int
    message_id: int
    asked_at: float


class Questions:
    """Open queries. Answered ones are forgotten, so that a second answer finds nothing."""

    def __init__(self, archive: Archive, clock: Callable[[], float]) -> None:
        self._archive = archive
        self._clock = clock
        archive.create(_TABLES)

    def ask(self, kind: str, chat_id: int, message_id: int) -> Question:
        """Open a query; its id is a number that no other query has."""
        number = self._archive.next("question", first=1 << 40)
        question = Question(number, kind, chat_id, message_id, self._clock())
        self._archive.run(
            "INSERT INTO questions VALUES (?, ?, ?, ?, ?)",
            number,
            kind,
            chat_id,
            message_id,
            question.asked_at,
        )
        return question

    def take(self, kind: str, number: str, seconds: float) -> Question | None:
        """Close the query and return it; None if nobody waits: unknown, answered, or too old."""
        if not number.isascii() or not number.isdigit() or len(number) > 18:
            return None
        row = self._archive.run(
            "SELECT * FROM questions WHERE id = ? AND kind = ?", int(number), kind
        ).fetchone()
        if row is None:
            return None
        question = Question(*row)
        self._archive.run("DELETE FROM questions WHERE id = ?", question.id)
        return question if self._clock() - question.asked_at <= seconds else None

    def waiting(self, chat_id: int, kind: str, seconds: float) -> frozenset[int]:
        """The messages in this chat whose query of this kind is still open."""
        rows = self._archive.run(
            "SELECT message_id FROM questions WHERE chat_id = ? AND kind = ? AND asked_at >= ?",
            chat_id,
            kind,
            self._clock() - seconds,
        )
        return frozenset(message_id for (message_id,) in rows)
