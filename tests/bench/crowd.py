"""Candidates in a closed loop: each does the next thing once the answer to the last has arrived.

They live in the server's own process and act on its world directly, so that what a person costs is
not what is measured. What a bot says reaches them through the world's journal, which keeps nothing
here; each call is held against the script, for every bot alike.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from time import perf_counter
from typing import Any

from bot.sandbox.archive import Archive, JsonObject
from bot.sandbox.world import World
from bot.sandbox.world.journal import Journal
from bot.sandbox.world.people import Person
from tests.bench.script import TOAST, Call, Script

Listener = Callable[[str, JsonObject, Any, int | None], None]
"""Method, parameters, result (None if it was refused), and the chat if one is named."""
SILENCE = 90.0
"""Seconds without an answer to anybody after which a bot has failed."""
LARGEST_WARM_UP = 2_560
NOTHING: Mapping[int, Callable[[], None]] = {}


class Otherwise(Exception):
    """A bot said something else than the script, or the server refused it."""


class Silent(Exception):
    """A bot has not answered anybody for too long."""


class Overheard(Journal):
    """Calls are told to a listener and not kept."""

    def __init__(self, archive: Archive, http_server: Listener) -> None:
        super().__init__(archive)
        self._http_server = http_server

    def write(
        self,
        at: float,
        method: str,
        params: JsonObject,
        ok: bool,
        outcome: object,
        chat: int | None,
    ) -> None:
        self._http_server(method, params, outcome if ok else None, chat)


@dataclass(frozen=True, slots=True)
class Size:
    """How many at once, how many in all one after another, and how many answers do not count."""

    at_once: int
    people: int
    warm_up: int

    @classmethod
    def of(cls, at_once: int, updates: int, steps: int) -> Size:
        """A crowd that makes at least so many updates that count; its first lap does not.

        Where a lap is long, a part of it has to be enough.

        >>> Size.of(64, 5_000, steps=27)
        Size(at_once=64, people=256, warm_up=1728)
        """
        warm_up = at_once * max(1, min(steps, LARGEST_WARM_UP // at_once))
        laps = ceil((updates + warm_up) / (at_once * steps))
        return cls(at_once, at_once * laps, warm_up)


@dataclass(slots=True)
class Candidate:
    """One resident on their way through the script."""

    resident: Person
    step: int = -1
    message: int = 0
    since: float = 0.0
    due: tuple[Call, ...] = ()

    def hears(self, call: Call, result: Any) -> None:
        """One call of the answer. The end of a button's spinner has no place among the others.

        Raises:
            Otherwise: it is not what is due.
        """
        said = [one for one in self.due if (one.method == TOAST) == (call.method == TOAST)]
        if result is None or said[:1] != [call]:
            raise Otherwise(f"step {self.step}: {call}, where this was due: {self.due}")
        self.due = tuple(one for one in self.due if one is not said[0])
        if "reply_markup" in call.params:
            self.message = result["message_id"]


class Crowd:
    """Sends candidates through the script in a world, and notes when each was answered."""

    def __init__(self, world: World, script: Script) -> None:
        self._world = world
        self._script = script
        self._candidates: dict[int, Candidate] = {}
        self._pressed: dict[str, int] = {}
        self._coming: Iterator[Person] = iter(())
        self._answers: list[float] = []
        self._moments: Mapping[int, Callable[[], None]] = NOTHING
        self._left = 0
        self._over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        world.journal = Overheard(world.archive, self._hears)

    async def plays(
        self,
        people: Sequence[Person],
        at_once: int,
        moments: Mapping[int, Callable[[], None]] = NOTHING,
    ) -> list[float]:
        """All of these people, so many at once; how long each answer took, in seconds, in order.

        ``moments`` are called when so many answers have arrived.

        Raises:
            Otherwise, Silent: the bot does not play its part.
        """
        self._over = asyncio.get_running_loop().create_future()
        self._left = len(people) * len(self._script.steps)
        self._coming, self._answers, self._moments = iter(people), [], moments
        for _ in range(at_once):
            self._comes()
        await self._ends()
        return self._answers

    async def _ends(self) -> None:
        while True:
            before = len(self._answers)
            await asyncio.wait({self._over}, timeout=SILENCE)
            if self._over.done():
                return self._over.result()
            if len(self._answers) == before:
                raise Silent(f"no answer for {SILENCE:.0f} s, after {before} answers")

    def _comes(self) -> None:
        if (who := next(self._coming, None)) is not None:
            self._candidates[who.id] = Candidate(who)
            self._acts(who.id)

    def _acts(self, number: int) -> None:
        candidate = self._candidates[number]
        candidate.step += 1
        step = self._script.steps[candidate.step]
        candidate.due = step.calls
        candidate.since = perf_counter()
        if step.says is not None:
            self._world.says(candidate.resident, step.says)
        else:
            query = self._world.presses(candidate.resident, candidate.message, step.data or "")
            self._pressed[query] = number

    def _hears(self, method: str, params: JsonObject, result: Any, chat: int | None) -> None:
        """Within the call's transaction, so nothing is done here that could fail it."""
        number = self._pressed.get(params["callback_query_id"]) if method == TOAST else chat
        candidate = self._candidates.get(number or 0)
        if candidate is None or self._over.done():
            return
        try:
            candidate.hears(Call.heard(method, params), result)
        except Otherwise as error:
            self._over.set_exception(error)
        else:
            if not candidate.due:
                self._answered(candidate)

    def _answered(self, candidate: Candidate) -> None:
        self._answers.append(perf_counter() - candidate.since)
        self._moments.get(len(self._answers), lambda: None)()
        if len(self._answers) == self._left:
            self._over.set_result(None)
        # Soon, not now: the server has not even answered the call.
        elif candidate.step + 1 < len(self._script.steps):
            asyncio.get_running_loop().call_soon(self._acts, candidate.resident.id)
        else:
            asyncio.get_running_loop().call_soon(self._comes)
