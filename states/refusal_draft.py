"""A refusal that is being put together: what is wrong, item by item, and words about the whole."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from states.records import Fault, Part

MAX_COMMENT_LENGTH: Final = 200
"""Signs of what the staff write beside an item or about the whole: it is read on a phone, and all
of a to-do has to go into one message (4096 signs)."""
MAX_FAULTS: Final = 12
"""Items that one refusal names; with more than that the form is better begun anew."""


@dataclass(frozen=True, slots=True)
class RefusalDraft:
    """What a refusal names so far; an item stands in it at most once, and never without a why."""

    faults: tuple[Fault, ...] = ()
    words: str = ""

    def fault(self, part: Part, code: str) -> Fault | None:
        """What is said of this item; None where it is not refused."""
        return next((one for one in self.faults if (one.part, one.code) == (part, code)), None)

    @property
    def is_full(self) -> bool:
        """Whether it can name no more items."""
        return len(self.faults) >= MAX_FAULTS

    def naming(self, part: Part, code: str, *, reason: str = "", words: str = "") -> RefusalDraft:
        """With this item refused for a reason, or in words; what was said of it besides stays.

        Raises:
            ValueError: neither is given, or one item too many is named.
        """
        known = self.fault(part, code)
        if not reason and not words:
            raise ValueError("an item is refused for a reason")
        if known is None and self.is_full:
            raise ValueError("too many items")
        fault = known or Fault(part, code)
        fault = replace(fault, reason=reason or fault.reason, words=words or fault.words)
        if known is None:
            return replace(self, faults=(*self.faults, fault))
        return replace(self, faults=tuple(fault if one is known else one for one in self.faults))

    def without(self, part: Part, code: str) -> RefusalDraft:
        """With this item refused no longer."""
        known = self.fault(part, code)
        return replace(self, faults=tuple(one for one in self.faults if one is not known))

    @property
    def is_empty(self) -> bool:
        """Whether it says nothing yet, so that nothing can be refused by it."""
        return not self.faults and not self.words
