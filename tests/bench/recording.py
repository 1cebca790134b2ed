"""Records the script: our bot answers one candidate, step by step, and is listened to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bot.sandbox.archive import JsonObject
from bot.sandbox.serve import serving
from bot.sandbox.world import World
from tests.bench.bots import OURS, Stand
from tests.bench.crowd import Overheard
from tests.bench.script import TOAST, Call, Script, Step, acts
from tests.stage.conversation import Candidate
from tests.stage.kept import kept
from tests.stage.messages import Message
from tests.stage.nursery import resident
from tests.stage.until import until

REFERENCE = resident("reference", 9_999)


async def record(folder: Path) -> Script:
    """What our bot says today; it is started for this and ended again."""
    world = World(None, residents=[REFERENCE], pacing=False)
    ear = Ear(world)
    async with serving(world) as address:
        stand = Stand(folder, address, script=folder, people=[REFERENCE.id])
        settings = OURS.settings(folder)
        async with OURS.starts(stand):
            steps = []
            for step in await acts(Candidate(1)):
                act = ear.does(step)
                await until(lambda: ear.is_answered and kept(settings).is_settled)
                steps.append(act.model_copy(update={"calls": tuple(ear.calls)}))
    world.close()
    return Script(steps=tuple(steps))


class Ear:
    """The reference candidate: acts on the world, and hears what comes back."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._message = Message(0, 0, "", (), False)
        self._pressed = False
        self.calls: list[Call] = []
        world.journal = Overheard(world.archive, self._hears)

    def does(self, step: Step) -> Step:
        """Act; the step with what its button sends."""
        self.calls = []
        self._pressed = step.label is not None
        if step.label is None:
            self._world.says(REFERENCE, step.says or "")
            return step
        button = self._message.button(step.label)
        assert button is not None, f"no button {step.label!r} on {self._message.shown()}"
        self._world.presses(REFERENCE, self._message.id, button.data)
        return step.model_copy(update={"data": button.data})

    @property
    def is_answered(self) -> bool:
        """Whether something was said, and the button's spinner ended where one was tapped."""
        methods = {call.method for call in self.calls}
        return bool(methods - {TOAST}) and (TOAST in methods or not self._pressed)

    def _hears(self, method: str, params: JsonObject, result: Any, chat: int | None) -> None:
        if chat == REFERENCE.id or method == TOAST:
            assert result is not None, f"{method} was refused: {params}"
            self.calls.append(Call.heard(method, params))
            if "reply_markup" in params:
                self._message = Message.read(result)
