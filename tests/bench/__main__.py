"""``python -m tests.bench``: what a form answer costs our bot and others of the same dialogue."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

from cyclopts import App, Parameter
from uvicorn.loops.auto import auto_loop_factory

from tests.bench import budgets, table
from tests.bench.bots import BOTS, Bot
from tests.bench.budgets import Rounds
from tests.bench.crowd import Size
from tests.bench.measure import Round, play
from tests.bench.recording import record
from tests.bench.script import Script

UPDATES = {1: 600, 64: 5_000, 512: 10_000}
"""How many are counted at least, by how many candidates are at once; 8 of each at other sizes."""
LISTED = Parameter(consume_multiple=True, negative=())

app = App(name="python -m tests.bench", version_flags=[])


@app.default
def bench(
    *,
    runs: Annotated[int, Parameter(env_var="RUNS")] = 5,
    sizes: Annotated[tuple[int, ...], LISTED] = tuple(UPDATES),
    only: Annotated[tuple[str, ...], LISTED] = tuple(bot.name for bot in BOTS),
    quick: bool = False,
) -> int:
    """Compare bots in a closed loop; exit code 1 when a gate is missed.

    Parameters
    ----------
    runs
        Rounds; each runs every bot once, in another order.
    sizes
        How many candidates are at once.
    only
        Bots by name: ours, memory, redis, ptb.
    quick
        One round with four candidates: whether everything works, not what it costs.
    """
    if quick:
        runs, sizes = 1, (4,)
    bots = [bot for bot in BOTS if bot.name in only]
    with asyncio.Runner(loop_factory=auto_loop_factory()) as runner:
        rounds = runner.run(compared(bots, sizes, runs))
    print(table.conditions(runs), "", table.figures(rounds), "", table.starts(rounds), "", sep="\n")
    found = budgets.verdicts(rounds)
    print(*found, sep="\n")
    return int(budgets.fails(found))


async def compared(bots: Sequence[Bot], sizes: Sequence[int], runs: int) -> Rounds:
    """All bots, round by round."""
    rounds: dict[str, list[Round]] = {bot.name: [] for bot in bots}
    with TemporaryDirectory(prefix="bench-") as name:
        script = await record(_folder(Path(name), "script"))
        crowds = [_size(at_once, script) for at_once in sizes]
        for number in range(runs):
            for bot in rotated(bots, number):
                _progress(f"round {number + 1} of {runs}: {bot.title}")
                folder = _folder(Path(name), f"{number}-{bot.name}")
                rounds[bot.name].append(await play(bot, script, crowds, folder))
    return rounds


def rotated(bots: Sequence[Bot], number: int) -> list[Bot]:
    """The bots in the order of this round, so that none is always the first or after another."""
    first = number % len(bots)
    turned = [*bots[first:], *bots[:first]]
    return turned if number // len(bots) % 2 == 0 else turned[::-1]


def _size(at_once: int, script: Script) -> Size:
    steps = len(script.steps)
    return Size.of(at_once, UPDATES.get(at_once, at_once * 8), steps)


def _folder(parent: Path, name: str) -> Path:
    folder = parent / name
    folder.mkdir()
    return folder


def _progress(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(app())
