"""Before the bots compete: ours plays once, to be written down as the script, and is examined."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.sandbox.archive import JsonObject
from bot.sandbox.world import World
from bot.sandbox.world.faults import FaultKind
from tests.bench import durability, seeds
from tests.bench.crowd import Overheard
from tests.bench.durability import Durability, Effects
from tests.bench.script import (
    TOAST,
    Call,
    Script,
    Step,
    effects,
)
from tests.e2e.bot import EXAM, Harness, open_harness
from tests.e2e.conversation import Candidate
from tests.e2e.messages import Message
from tests.e2e.process_pool_server import resident
from tests.e2e.wait import until_seen

REFERENCE = resident("reference", 9_998)
STRANGER = resident("stranger", 9_999)


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """The script, and how durable our bot was while it was written."""

    script: Script
    durability: Durability


async def rehearse(folder: Path, database: str = "") -> Rehearsal:
    """Run our bot in this process, on this empty folder, for one candidate; on the database of
    this URL, where it is not a file in the folder.
    """
    world = World(None, people=[REFERENCE, STRANGER], pacing=False)
    ear = Ear(world)
    async with open_harness(folder, database, world) as stage:
        await seeds.plant(stage.settings, EXAM, [REFERENCE.id])
        await stage.starts()
        steps = [await ear.plays(step, stage) for step in await effects(Candidate(1))]
        return Rehearsal(Script(steps=tuple(steps)), await _examined(stage, ear))


class Ear:
    """Acts for the reference candidate, and hears what comes back."""

    def __init__(self, world: World) -> None:
        self._message = Message(0, 0, "", (), False)
        self.heard: list[Call] = []
        world.journal = Overheard(world.archive, self._hears)

    async def plays(self, step: Step, stage: Harness) -> Step:
        """Do as the step says; the step with what its button sends, and how it is answered."""
        self.heard = []
        if step.label is None:
            stage.world.says(REFERENCE, step.says or "")
        else:
            button = self._message.button(step.label)
            assert button is not None, f"no button {step.label!r} on {self._message.shown()}"
            stage.world.presses(REFERENCE, self._message.id, button.data)
            step = step.model_copy(update={"data": button.data})
        await stage.settles()
        await until_seen(lambda: step.label is None or any(c.method == TOAST for c in self.heard))
        return step.model_copy(update={"calls": tuple(self.heard)})

    def _hears(self, method: str, params: JsonObject, result: Any, chat: int | None) -> None:
        if chat == REFERENCE.id or method == TOAST:
            assert result is not None, f"{method} was refused: {params}"
            self.heard.append(Call.heard(method, params))
            if "reply_markup" in params:
                self._message = Message.read(result)


async def _examined(stage: Harness, ear: Ear) -> Durability:
    """Ask the bot's own connections, and have everything delivered once more.

    That happens when the poll that waits has ended, and has been dealt with when what is said after
    it has been.
    """
    stores = stage.bot.storage
    said = await durability.settings_of(stores.db)
    refused = await durability.is_refused(stores, REFERENCE.id)
    before = await Effects.of(stores.db, REFERENCE.id)
    ear.heard = []
    stage.world.faults.add(FaultKind.REDELIVER)
    stage.world.says(STRANGER, "/start")
    await until_seen(lambda: not stage.world.faults.active())
    stage.world.says(STRANGER, "/start")
    await stage.settles()
    stayed = await Effects.of(stores.db, REFERENCE.id) == before and not ear.heard
    return Durability(said, refused, stayed)
