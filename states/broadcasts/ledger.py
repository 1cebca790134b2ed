"""The ledger of a broadcast: its state, and the outcome of each recipient."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final


class Outcome(StrEnum):
    """The outcome of a recipient.

    PLANNED waits in the ledger, CLAIMED in the outbox. UNKNOWN: the process or the connection ended
    between the call and its answer; nobody repeats it silently. OVERTAKEN: the person no longer
    belonged to the audience when the turn came.
    """

    PLANNED = "planned"
    CLAIMED = "claimed"
    SENT = "sent"
    REFUSED = "refused"
    OVERTAKEN = "overtaken"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


class BroadcastState(StrEnum):
    """The state of a broadcast. Its recipients are written down while it is PLANNING."""

    DRAFT = "draft"
    PLANNING = "planning"
    SCHEDULED = "scheduled"
    RUNNING = "running"
    PAUSED = "paused"
    CANCELLED = "cancelled"
    FINISHED = "finished"


class BroadcastAct(StrEnum):
    """An act of the staff on a broadcast."""

    CONFIRM = "confirm"
    PAUSE = "pause"
    RESUME_REST = "rest"
    RESUME_FAILED = "failed"
    CANCEL = "cancel"


_UNDER_WAY: Final = frozenset({BroadcastState.SCHEDULED, BroadcastState.RUNNING})
ALLOWED: Final[Mapping[BroadcastAct, frozenset[BroadcastState]]] = {
    BroadcastAct.CONFIRM: frozenset({BroadcastState.DRAFT}),
    BroadcastAct.PAUSE: _UNDER_WAY,
    BroadcastAct.RESUME_REST: frozenset({BroadcastState.PAUSED}),
    BroadcastAct.RESUME_FAILED: frozenset({BroadcastState.PAUSED, BroadcastState.FINISHED}),
    BroadcastAct.CANCEL: _UNDER_WAY | {BroadcastState.PLANNING, BroadcastState.PAUSED},
}
"""The states in which an act is possible."""
OPEN: Final = frozenset({Outcome.PLANNED, Outcome.CLAIMED})
"""The outcomes that are none yet."""


@dataclass(frozen=True, slots=True)
class Counts:
    """The recipients by outcome; ``why`` counts the refused ones by reason."""

    by_outcome: Mapping[Outcome, int] = field(default_factory=dict)
    why: Mapping[str, int] = field(default_factory=dict)

    def __getitem__(self, outcome: Outcome) -> int:
        return self.by_outcome.get(outcome, 0)

    @property
    def total(self) -> int:
        """All recipients."""
        return sum(self.by_outcome.values())

    @property
    def open(self) -> int:
        """The recipients without an outcome; a broadcast is finished at 0 only."""
        return sum(self[one] for one in OPEN)

    @property
    def done(self) -> int:
        """The recipients with an outcome."""
        return self.total - self.open
