"""Fault injection: failures of calls and of update delivery, on request."""

from dataclasses import dataclass
from enum import StrEnum


class FaultKind(StrEnum):
    """The failure of a call or of update delivery."""

    TOO_MANY = "429"
    """The call is refused with `retry_after` = `seconds`."""
    INTERNAL = "500"
    """The call gets Internal Server Error and has no effect."""
    TIMEOUT = "timeout"
    """The call takes effect; the connection closes after `seconds` without an answer."""
    REFUSE = "refuse"
    """The connection closes and the call has no effect."""
    REDELIVER = "redeliver"
    """The last confirmed updates are delivered once more."""
    SHUFFLE = "shuffle"
    """Pending updates are delivered out of order."""
    DELAY = "delay"
    """The call takes effect after `seconds`."""


ON_CALLS = frozenset(FaultKind) - {FaultKind.REDELIVER, FaultKind.SHUFFLE}


@dataclass(slots=True)
class Fault:
    """A fault that strikes `times` calls (None: until cleared).

    `method` and `chat_id` narrow it to some calls. Without `method` it spares getUpdates.
    """

    kind: FaultKind
    method: str | None = None
    chat_id: int | None = None
    times: int | None = 1
    seconds: float = 1.0

    def matches(self, method: str, chat_id: int | None) -> bool:
        """Return whether it strikes this call."""
        if self.method is None:
            if method == "getUpdates":
                return False
        elif self.method.lower() != method.lower():
            return False
        return self.chat_id is None or self.chat_id == chat_id


class Faults:
    """The active faults, oldest first."""

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
        """Add a fault; raise ValueError for an unknown kind or a bad number."""
        if times is not None and times < 1:
            raise ValueError("times must be at least 1, or None")
        if seconds < 0:
            raise ValueError("seconds must not be negative")
        fault = Fault(FaultKind(kind), method, chat_id, times, seconds)
        self._on.append(fault)
        return fault

    def clear(self, kind: FaultKind | str | None = None) -> None:
        """Remove all faults, or those of one kind."""
        self._on = [f for f in self._on if kind is not None and f.kind != FaultKind(kind)]

    def active(self) -> tuple[Fault, ...]:
        """Return the active faults."""
        return tuple(self._on)

    def take_for_call(self, method: str, chat_id: int | None) -> Fault | None:
        """Return the fault that strikes this call, and count it down."""
        for fault in self._on:
            if fault.kind in ON_CALLS and fault.matches(method, chat_id):
                return self._use(fault)
        return None

    def take_for_delivery(self, kind: FaultKind) -> Fault | None:
        """Return the fault of this kind for an update delivery, and count it down."""
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
