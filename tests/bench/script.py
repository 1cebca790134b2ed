"""The dialogue as data: what the candidate does at each step, and the calls that answer it.

It is recorded from our bot at the start of a run (``recording.py``); the peers read it as JSON and
answer each step with the same calls, and every candidate holds what they hear against it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from tests.e2e.conversation import Candidate, Move, straight
from tests.e2e.person import Person

FIRST_QUESTION = "哪个考点"
TOAST = "answerCallbackQuery"
_WHOSE = frozenset({"chat_id", "message_id", "callback_query_id"})
"""What says to whom a call is; everything else is what it says."""


class Call(BaseModel):
    """One call of the Bot API, without whose it is."""

    model_config = ConfigDict(frozen=True)

    method: str
    params: dict[str, Any]

    @classmethod
    def heard(cls, method: str, params: Mapping[str, Any]) -> Call:
        """A call as the server read it."""
        said = {name: value for name, value in params.items() if name not in _WHOSE}
        return cls.model_construct(method=method, params=said)


class Step(BaseModel):
    """One update and its answer: a text, or a tap on the button of this ``label`` and ``data``."""

    model_config = ConfigDict(frozen=True)

    says: str | None = None
    label: str | None = None
    data: str | None = None
    calls: tuple[Call, ...] = ()


class Script(BaseModel):
    """The whole dialogue of one candidate."""

    model_config = ConfigDict(frozen=True)

    steps: tuple[Step, ...]

    def write(self, path: Path) -> Path:
        """Put it where a peer reads it."""
        path.write_text(self.model_dump_json(exclude_none=True), encoding="utf-8")
        return path


async def effects(candidate: Candidate) -> list[Step]:
    """What a candidate does from the form's first question to its last, unanswered as yet.

    The first question stands in no chat, since who is asked has been put there; so its button's
    label is typed, as every label can be.
    """
    moves = straight(candidate)
    first = next(n for n, move in enumerate(moves) if move.answer == FIRST_QUESTION) + 1
    typed, *rest = [await _noted(move) for move in moves[first:]]
    return [Step(says=typed.label), *rest]


class _Notebook(Person):
    """Somebody who only notes what they would do."""

    def __init__(self) -> None:
        self.noted = Step()

    async def says(self, text: str) -> int:
        self.noted = Step(says=text)
        return 0

    async def presses(self, label: str, below: str = "") -> None:
        self.noted = Step(label=label)


async def _noted(move: Move) -> Step:
    notebook = _Notebook()
    await move.effect(notebook)
    return notebook.noted
