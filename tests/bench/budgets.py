"""What a form answer may cost, from the design's table of budgets, and whether it does.

The gate is the one budget of CPU that fails a run; the goal and the end are where it is to go.
All three are CPU of the bot per update as a ratio to aiogram with MemoryStorage in the same
round, at 64 candidates at once, durable, the median of at least 3 interleaved rounds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from tests.bench.bots import MEMORY, OURS
from tests.bench.durability import Durability
from tests.bench.measure import Round

GATE, GOAL, END = 0.5, 0.35, 0.25
BUSY = 64
P99_MS = {1: 20.0, 64: 100.0, 512: 600.0}
"""Latency by how many are at once."""
PEAK_MB = 260.0
START_S = 10.0

Rounds = Mapping[str, Sequence[Round]]
"""The rounds of each bot by its name, in the order they were run."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A budget, what was measured, and whether that fails the run if it is too much."""

    what: str
    measured: float
    budget: float
    unit: str = ""
    gates: bool = False

    @property
    def is_met(self) -> bool:
        """Whether it holds."""
        return self.measured <= self.budget

    def __str__(self) -> str:
        sign, digits = "✓" if self.is_met else "✗", 0 if self.measured >= 100 else 2
        measured = f"{self.measured:.{digits}f}{self.unit}"
        return f"{sign} {self.what}: {measured} of {self.budget:g}{self.unit}"


def ratios(rounds: Rounds, name: str, at_once: int, *, server: bool = False) -> list[float]:
    """A bot's CPU, its ``server``'s included or not, to that of ``MEMORY``, round by round."""
    pairs = zip(rounds[name], rounds.get(MEMORY.name, ()), strict=False)
    costs = [(mine.sizes[at_once], theirs.sizes[at_once].cpu) for mine, theirs in pairs]
    return [(mine.cpu + ((server and mine.server_cpu) or 0)) / theirs for mine, theirs in costs]


def decisions(rounds: Rounds) -> list[Verdict]:
    """Every budget for which there is a measurement, the gate first."""
    ours = rounds.get(OURS.name, ())
    if not ours:
        return []
    found = []
    sizes = list(ours[0].sizes)
    if BUSY in sizes and (busy := ratios(rounds, OURS.name, BUSY)):
        for name, budget in (("gate", GATE), ("goal", GOAL), ("end", END)):
            what = f"CPU per update at {BUSY}, to {MEMORY.title} ({name})"
            found.append(Verdict(what, median(busy), budget, gates=name == "gate"))
    for size in sizes:
        if size in P99_MS:
            p99 = median(one.sizes[size].p99 for one in ours)
            found.append(Verdict(f"latency p99 at {size}", p99, P99_MS[size], " ms"))
    peak = max(one.peak for each in ours for one in each.sizes.values())
    found.append(Verdict("peak memory", peak, PEAK_MB, " MB"))
    found.append(Verdict("start to first reply", median(o.start for o in ours), START_S, " s"))
    return found


def fails(found: Sequence[Verdict], examined: Sequence[Durability]) -> bool:
    """Whether a gate is missed, or what was measured does not count because it was not durable."""
    is_durable = all(one.holds for one in examined)
    return not is_durable or any(v.gates and not v.is_met for v in found)
