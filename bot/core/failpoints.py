"""Failpoints: the named moments of an update's way at which a crash test kills the process."""

from collections.abc import Callable
from enum import StrEnum


class Failpoint(StrEnum):
    """The failpoints of an update in order, then those of the scheduler and the decisions."""

    RECEIVED = "received"  # received from Telegram, not committed
    COMMITTED_TO_INBOX = "kept"  # in the inbox, not confirmed to Telegram
    TAKEN = "taken"  # taken from the queue, not dispatched
    FILE_FETCHED = "prepared"  # its file is stored, without a row
    DISPATCHED = "dispatched"  # its result is known, not committed
    COMMITTED = "committed"  # its result is committed, nothing sent
    SENT = "sent"  # Telegram has the message, the outbox does not know
    RESULT_COMMITTED = "marked"  # the outbox knows
    TICKED = "ticked"  # the scheduler's transactions are committed
    DECISIONS_DUE = "settling"  # the staff's decisions are applied, not committed
    DECISIONS_APPLIED = "settled"  # the staff's decisions are committed, nothing sent


FailpointHook = Callable[[Failpoint], None]


def no_failpoint(_failpoint: Failpoint) -> None:
    """Do nothing at a failpoint."""
