"""``python -m tests.bench``: what a form answer costs our bot and others of the same dialogue."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

from cyclopts import App, Parameter
from uvicorn.loops.auto import auto_loop_factory

from tests import postgres
from tests.bench import budgets, table
from tests.bench.bots import (
    BOTS,
    ON_POSTGRESQL,
    OTHER,
    OURS,
    PARTS,
    Bot,
)
from tests.bench.budgets import BUSY, Rounds
from tests.bench.bulk import compared as compared_with_bulk
from tests.bench.crowd import Size
from tests.bench.durability import Durability
from tests.bench.measure import Round, play
from tests.bench.parts import shares
from tests.bench.rehearsal import rehearse
from tests.bench.script import Script

UPDATES = {1: 600, 64: 5_000, 512: 10_000}
"""How many are counted at least, by how many candidates are at once."""
LISTED = Parameter(consume_multiple=True, negative=())

app = App(name="python -m tests.bench", version_flags=[])


@app.default
def bench(
    *,
    runs: Annotated[int, Parameter(env_var="RUNS")] = 5,
    sizes: Annotated[tuple[int, ...], LISTED] = tuple(UPDATES),
    only: Annotated[tuple[str, ...], LISTED] = tuple(bot.name for bot in BOTS),
    against: Path | None = None,
    quick: bool = False,
    parts: bool = False,
    bulk: bool = False,
) -> int:
    """Compare bots in a closed loop; exit code 1 when a gate is missed or ours is not durable.

    Parameters
    ----------
    runs
        Rounds; each runs every bot once, in another order.
    sizes
        How many candidates are at once.
    only
        Bots by name: ours, postgresql, memory, redis, ptb.
    against
        Another checkout with the same database version; its bot becomes one more row.
    quick
        One round of few candidates: whether everything works, not what it costs.
    parts
        Instead of all this, where our bot's CPU goes with 64 candidates at once.
    bulk
        Instead of all this, what waiting bulk messages cost replies, notices and memory.
    """
    bots = [bot for bot in BOTS if bot.name in only]
    if against is not None:
        bots.append(replace(OTHER, checkout=against.resolve()))
    with (
        TemporaryDirectory(prefix="bench-") as folder,
        asyncio.Runner(loop_factory=auto_loop_factory()) as runner,
    ):
        if bulk:
            return runner.run(_bulk(Path(folder)))
        if parts:
            return runner.run(_parts(Path(folder)))
        return runner.run(_run(bots, Path(folder), () if quick else sizes, 1 if quick else runs))


async def _run(bots: Sequence[Bot], folder: Path, sizes: Sequence[int], runs: int) -> int:
    """With no sizes at all a glance is taken."""
    rehearsal = await rehearse(_folder(folder, "rehearsal"))
    examined = [rehearsal.durability]
    if ON_POSTGRESQL in bots:
        with postgres.serving({}) as server:
            other = await rehearse(_folder(folder, "on-postgresql"), server.create("rehearsal"))
        examined.append(other.durability)
    steps = len(rehearsal.script.steps)
    crowds = [Size.of(at_once, UPDATES[at_once], steps) for at_once in sizes] or [glance(steps)]
    return report(examined, await compared(bots, rehearsal.script, folder, crowds, runs))


async def _bulk(folder: Path) -> int:
    found = await compared_with_bulk(_folder(folder, "talk"), _folder(folder, "memory"))
    print(*found, sep="\n")
    return int(any(not one.is_met for one in found))


async def _parts(folder: Path) -> int:
    script = (await rehearse(_folder(folder, "rehearsal"))).script
    size = Size.of(BUSY, UPDATES[BUSY], len(script.steps))
    print(await sampled(script, size, _folder(folder, "ours")))
    return 0


async def sampled(script: Script, size: Size, folder: Path) -> str:
    """One round of ours in which its CPU is looked into, and a table of that."""
    cpu = (await play(replace(OURS, parts=True), script, [size], folder)).sizes[size.at_once].cpu
    found = shares(folder / PARTS).items()
    rows = ((part, f"{share:.0%}", f"{share * cpu:.2f}") for part, share in found)
    return table.markdown(("part", "share", "ms/update"), rows)


def glance(steps: int) -> Size:
    """A crowd that shows only that a bot works."""
    return Size(at_once=4, people=8, warm_up=4 * steps)


def report(examined: Sequence[Durability], rounds: Rounds) -> int:
    """Print everything; the exit code."""
    found = budgets.decisions(rounds)
    print(table.whole(rounds), "", *examined, *found, sep="\n")
    return int(budgets.fails(found, examined))


async def compared(
    bots: Sequence[Bot], script: Script, folder: Path, crowds: Sequence[Size], runs: int
) -> Rounds:
    """All bots one after another, round by round."""
    rounds: dict[str, list[Round]] = {bot.name: [] for bot in bots}
    for number in range(runs):
        for bot in rotated(bots, number):
            print(f"round {number + 1} of {runs}: {bot.title}", file=sys.stderr, flush=True)
            own = _folder(folder, f"{number}-{bot.name}")
            rounds[bot.name].append(await play(bot, script, crowds, own))
    return rounds


def rotated(bots: Sequence[Bot], number: int) -> list[Bot]:
    """The bots in the order of this round, so that none is always the first or after another."""
    first = number % len(bots)
    turned = [*bots[first:], *bots[:first]]
    return turned if number // len(bots) % 2 == 0 else turned[::-1]


def _folder(parent: Path, name: str) -> Path:
    folder = parent / name
    folder.mkdir()
    return folder


if __name__ == "__main__":
    sys.exit(app())
