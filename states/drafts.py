"""A refusal that is being put together: what is wrong, item by item, and words about the whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from states.records import Fault, Part

MOST_WORDS: Final = 300
"""Signs of what the staff write beside an item or about the whole: it is read on a phone, and the
whole to-do has to go into one message (4096 signs)."""
MOST_FAULTS: Final = 12
"""Items that one refusal names; more than that is a form that has to be begun anew."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a refusal names so far; an item stands in it at most once."""

    faults: tuple[Fault, ...] = ()
    words: str = ""

    def fault(self, part: Part, code: str) -> Fault | None:
        """What is said of this item; None where it is not refused."""
        return next((one for one in self.faults if (one.part, one.code) == (part, code)), None)

    def toggled(self, part: Part, code: str) -> Draft:
        """With this item refused, or no longer; unchanged where no more can be named."""
        known = self.fault(part, code)
        if known is not None:
            return replace(self, faults=tuple(one for one in self.faults if one is not known))
        if len(self.faults) >= MOST_FAULTS:
            return self
        return replace(self, faults=(*self.faults, Fault(part, code)))

    def reasoned(self, part: Part, code: str, *, reason: str = "", words: str = "") -> Draft:
        """With a reason or words of their own for an item that is refused; the other one stays."""
        return replace(self, faults=tuple(self._reasoned(part, code, reason, words)))

    def _reasoned(self, part: Part, code: str, reason: str, words: str) -> Iterator[Fault]:
        for one in self.faults:
            is_meant = (one.part, one.code) == (part, code)
            changed = replace(one, reason=reason or one.reason, words=words or one.words)
            yield changed if is_meant else one

    @property
    def unexplained(self) -> tuple[Fault, ...]:
        """Items without any reason: their candidates would not know what to mend."""
        return tuple(one for one in self.faults if not one.reason and not one.words)

    @property
    def is_ready(self) -> bool:
        """Whether it can be sent: it says something, and of every item why."""
        return bool(self.faults or self.words) and not self.unexplained
