"""What goes wrong on purpose, so that one can see how the bot bears it."""

from dataclasses import dataclass
from enum import StrEnum


class FaultKind(StrEnum):
    """Ways for a call or for the delivery of updates to fail."""

    TOO_MANY = "429"
    """Refused with `retry_after` = seconds; not done."""
    INTERNAL = "500"
    """Internal Server Error; not done."""
    TIMEOUT = "timeout"
    """Done, but the answer never comes; after `seconds` the connection closes."""
    REFUSE = "refuse"
    """The connection closes before anything is done."""
    REDELIVER = "redeliver"
    """The last confirmed updates are delivered once more."""
    SHUFFLE = "shuffle"
    """Pending updates are delivered out of order."""
    DELAY = "delay"
    """Done, but only after `seconds`."""


ON_CALLS = frozenset(FaultKind) - {FaultKind.REDELIVER, FaultKind.SHUFFLE}


@dataclass(slots=True)
class Fault:
    """One thing that goes wrong: `times` times (None: until switched off), after which it is gone.

    `method` and `chat_id` narrow it to some calls. A fault that names no method leaves getUpdates
    alone: a bot that hears nothing is a dull experiment; name "getUpdates" to have it.
    """

    kind: FaultKind
    method: str | None = None
    chat_id: int | None = None
    times: int | None = 1
    seconds: float = 1.0

    def fits(self, method: str, chat_id: int | None) -> bool:
        """Whether it strikes this call."""
        if self.method is None:
            if method == "getUpdates":
                return False
        elif self.method.lower() != method.lower():
            return False
        return self.chat_id is None or self.chat_id == chat_id


class Faults:
    """The faults that are switched on, oldest first."""

    def __init__(self) -> None:
        self._on: list[Fault] = []

    def add(
        self,
        kind: FaultKind | str,
        *,
        method: str | None = None,
        chat_id: int | None = None,
        times: int | None = 1,
        seconds: float = 1.0,
    ) -> Fault:
        """Switch a fault on; raises ValueError for a kind that does not exist."""
        if times is not None and times < 1:
            raise ValueError("times must be at least 1, or None")
        if seconds < 0:
            raise ValueError("seconds must not be negative")
        fault = Fault(FaultKind(kind), method, chat_id, times, seconds)
        self._on.append(fault)
        return fault

    def clear(self, kind: FaultKind | str | None = None) -> None:
        """Switch off all faults, or all of one kind."""
        self._on = [f for f in self._on if kind is not None and f.kind != FaultKind(kind)]

    def now_on(self) -> tuple[Fault, ...]:
        """What is still going to go wrong."""
        return tuple(self._on)

    def on_call(self, method: str, chat_id: int | None) -> Fault | None:
        """The fault that strikes this call, counted as used."""
        for fault in self._on:
            if fault.kind in ON_CALLS and fault.fits(method, chat_id):
                return self._use(fault)
        return None

    def on_delivery(self, kind: FaultKind) -> Fault | None:
        """The fault of this kind that strikes this delivery of updates, counted as used."""
        for fault in self._on:
            if fault.kind is kind:
                return self._use(fault)
        return None

    def _use(self, fault: Fault) -> Fault:
        if fault.times is not None:
            fault.times -= 1
            if fault.times == 0:
                self._on.remove(fault)
        return fault
