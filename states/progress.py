"""The way of a registration: nodes in a row, each with a mark of how far it is (guide, 4 to 6)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class StepStatus(StrEnum):
    """Done is shown dark blue, current light blue (guide); what lies ahead grey, a refusal red."""

    DONE = "done"
    CURRENT = "current"
    AHEAD = "ahead"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class LabelledStep:
    """One stop on the way. ``label`` is in the reader's language already."""

    label: str
    status: StepStatus
