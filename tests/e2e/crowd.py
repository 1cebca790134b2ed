"""Many candidates at once, who talk on while processes are killed, and the verdict on it all."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import aiohttp

from bot.sandbox.serve import serving
from bot.sandbox.world import Call, World
from storage.engine.tables import InboxState, OutboxState
from tests.e2e import bot_settings, call_log
from tests.e2e.bot import EXAM
from tests.e2e.conversation import Candidate, Move
from tests.e2e.db_asserts import ENDED, database_summary, is_settled, records
from tests.e2e.person import Person
from tests.e2e.process_plans import BotPlan
from tests.e2e.process_pool_server import resident
from tests.e2e.wait import until

FIRST_ID = 2000
PATIENCE = 30.0
"""Seconds; a bot that was killed needs one to be back."""


@dataclass(frozen=True, slots=True)
class Part:
    """Who plays, and what."""

    candidate: Candidate
    moves: Sequence[Move]

    @property
    def slug(self) -> str:
        """Their name in the sandbox."""
        return f"c{self.candidate.number}"

    @property
    def id(self) -> int:
        """Their messenger account."""
        return FIRST_ID + self.candidate.number

    @property
    def hands_in(self) -> bool:
        """Whether they come to the end."""
        return any(move.answer == "报名信息已提交" for move in self.moves)


class Crowd:
    """Everybody's parts, played to a sandbox at an address, with a bot on a folder and database."""

    def __init__(self, parts: Sequence[Part], address: str, data: Path, database: str) -> None:
        self.parts = parts
        self.settings = bot_settings.at(data, database)
        self.plan = BotPlan(data=data, database=database, address=address, exam=EXAM)
        self.answered = 0
        self.effects = 0
        self.progress = Counter(part.slug for part in parts)
        self.progress.subtract(list(self.progress))
        self._address = address
        self._progress = asyncio.Condition()

    @property
    def answers(self) -> int:
        """How many answers the whole play has."""
        return sum(len(part.moves) for part in self.parts)

    async def plays(self) -> None:
        """All parts at once, each in its own order."""
        everybody = aiohttp.TCPConnector(limit=0)
        async with (
            aiohttp.ClientSession(connector=everybody) as http,
            asyncio.TaskGroup() as group,
        ):
            for part in self.parts:
                group.create_task(self._play(part, http))

    async def _play(self, part: Part, http: aiohttp.ClientSession) -> None:
        person = Person(http, self._address, part.slug, PATIENCE)
        for move in part.moves:
            await move.effect(person)
            await person.sees(move.answer)
            async with self._progress:
                self.answered += 1
                self.progress[part.slug] += 1
                self._progress.notify_all()
        self.effects += person.effects

    async def has_answers(self, count: int) -> None:
        """Wait until so many answers were read."""
        async with self._progress, asyncio.timeout(PATIENCE):
            await self._progress.wait_for(lambda: self.answered >= count)

    async def everybody_has_answers(self, count: int) -> None:
        """Wait until everybody has read so many answers."""
        async with self._progress, asyncio.timeout(PATIENCE):
            await self._progress.wait_for(lambda: min(self.progress.values()) >= count)

    async def settles(self) -> None:
        """Wait until the bot has nothing left to do, as its database says."""
        await until(partial(is_settled, self.settings))

    async def is_right(self, log: Sequence[Call], deaths: Sequence[int] = ()) -> int:
        """Judge all of it; the number of messages that came twice.

        ``deaths``: places in the log where something else than the bot died.

        Raises:
            AssertionError: something was lost, doubled, out of order or wrong.
        """
        deaths = sorted([*call_log.bot_starts(log), *deaths])
        repeats = 0
        for part in self.parts:
            expected = [move.answer for move in part.moves]
            repeats += call_log.check_order(
                call_log.delivered_messages(log, part.id), expected, deaths
            )
        await self._effects_are_right()
        return repeats

    async def _effects_are_right(self) -> None:
        now = await database_summary(self.settings)
        assert set(now.inbox) == {InboxState.DONE}
        ended = {*ENDED, OutboxState.FAILED}
        assert set(now.outbox) <= ended, now.outbox
        assert (now.people, now.applications) == (len(self.parts), len(self.parts))
        for part in self.parts:
            audit_entries = ["consented", "identity-confirmed", "terms-agreed", "record-kept"]
            audit_entries += ["photo-confirmed", "submitted"] if part.hands_in else []
            assert now.audit_entries[part.id] == dict.fromkeys(audit_entries, 1)
            known = await records(self.settings, EXAM.key, part.id)
            assert known.person is not None
            assert known.application is not None
            assert known.person.identity.name == part.candidate.name
            assert known.person.identity.id_number == part.candidate.id_number
            assert known.application.answers == part.candidate.answers
            assert known.application.revision == (1 if part.hands_in else 0)


@asynccontextmanager
async def gathered(
    parts: Sequence[Part], data: Path, database: str
) -> AsyncIterator[tuple[Crowd, World]]:
    """The parts, and a sandbox in this process with exactly these people in it."""
    world = World(None, people=[resident(part.slug, part.id) for part in parts], pacing=False)
    async with serving(world) as address:
        yield Crowd(parts, address, data, database), world
    world.close()


async def together(acts: Awaitable[None], trouble: Callable[[], Awaitable[None]]) -> None:
    """Play while trouble is made; a failure of either ends both at once."""
    async with asyncio.TaskGroup() as group:
        group.create_task(_just(acts))
        group.create_task(_just(trouble()))


async def _just(work: Awaitable[None]) -> None:
    await work
