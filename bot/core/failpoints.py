"""The arrows of the design's picture: named moments between which a crash may fall.

Nothing happens at them. A test passes its own ``Passing`` and kills the process there.
"""

from collections.abc import Callable
from enum import StrEnum


class Failpoint(StrEnum):
    """In the order in which an update passes them; the last are the clocks'."""

    RECEIVED = "received"  # read from Telegram, not kept
    COMMITTED_TO_INBOX = "kept"  # in the inbox, not acknowledged
    TAKEN = "taken"  # out of the inbox, nothing done
    FILE_FETCHED = "prepared"  # its file is kept, no row says so
    DISPATCHED = "dispatched"  # decided, not committed
    COMMITTED = "committed"  # decided for good, nothing sent
    SENT = "sent"  # Telegram has the message, we have not noted it
    RESULT_COMMITTED = "marked"  # noted
    TICKED = "ticked"  # the clock's decisions are committed
    DECISIONS_DUE = (
        "settling"  # decisions of the staff have moved their applications, not committed
    )
    DECISIONS_APPLIED = "settled"  # they are committed, nobody was told


FailpointHook = Callable[[Failpoint], None]


def no_failpoint(_arrow: Failpoint) -> None:
    """Nothing happens at an arrow."""
