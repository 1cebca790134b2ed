"""The journal of the bot's calls, and the complaints about some of them."""

from dataclasses import dataclass
from typing import Any

import orjson

from bot.sandbox.archive import Archive, JsonObject

_TABLES = """
CREATE TABLE IF NOT EXISTS calls (
    seq INTEGER PRIMARY KEY, at REAL NOT NULL, method TEXT NOT NULL, params BLOB NOT NULL,
    ok INTEGER NOT NULL, outcome BLOB NOT NULL, chat_id INTEGER
);
CREATE TABLE IF NOT EXISTS complaints (seq INTEGER PRIMARY KEY, text TEXT NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class Call:
    """A call and its answer.

    `at`: Unix seconds. `params`: decoded; an uploaded file is `{"name", "size"}`, in bytes.
    `result_or_error`: the API's `result` or error object; for getUpdates the update ids.
    """

    seq: int
    at: float
    method: str
    params: JsonObject
    ok: bool
    result_or_error: Any
    chat_id: int | None


class Journal:
    """The calls and complaints in the file."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        archive.create(_TABLES)

    def write(
        self,
        at: float,
        method: str,
        params: JsonObject,
        ok: bool,
        outcome: object,
        chat: int | None,
    ) -> None:
        """Append a call."""
        self._archive.run(
            "INSERT INTO calls (at, method, params, ok, outcome, chat_id) VALUES (?,?,?,?,?,?)",
            at,
            method,
            orjson.dumps(params),
            ok,
            orjson.dumps(outcome),
            chat,
        )

    def calls(self, after: int) -> list[Call]:
        """Return the calls whose `seq` exceeds `after`."""
        rows = self._archive.run(
            "SELECT seq, at, method, params, ok, outcome, chat_id FROM calls WHERE seq > ? "
            "ORDER BY seq",
            after,
        )
        return [
            Call(seq, at, method, orjson.loads(params), bool(ok), orjson.loads(outcome), chat_id)
            for seq, at, method, params, ok, outcome, chat_id in rows
        ]

    def complain(self, text: str) -> None:
        """Append a complaint: a correct bot never makes such a call."""
        self._archive.run("INSERT INTO complaints (text) VALUES (?)", text)

    def complaints(self) -> list[str]:
        """Return all complaints, oldest first."""
        return [text for (text,) in self._archive.run("SELECT text FROM complaints ORDER BY seq")]
