"""The moment of a question: words written before it was shown do not answer it.

Three signs say so. The update arrived before the question was made. No message lies between the one
that led to the question and these words: Telegram numbers all private messages of a bot in one
sequence. Or the words are much older than the question, as after a downtime.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from states.values import dataclass

LAG: Final = timedelta(seconds=30)
"""The time that a message's way and a measurement may take; a date has whole seconds."""


@dataclass(frozen=True, slots=True)
class Asked:
    """When a question was made (real time), and the message that led to it.

    ``message_id`` is 0 if a button led to the question, or no new message shows it.
    """

    at: datetime
    message_id: int = 0

    def pack(self) -> str:
        """Return it as one value of aiogram's data.

        >>> Asked(datetime(2025, 12, 2, tzinfo=UTC), 7).pack()
        '1764633600.0/7'
        """
        return f"{self.at.timestamp()}/{self.message_id}"

    @classmethod
    def parse(cls, packed: str) -> Asked | None:
        """Return what ``pack`` packed; None for an empty text."""
        if not packed:
            return None
        at, _, message_id = packed.partition("/")
        return cls(datetime.fromtimestamp(float(at), UTC), int(message_id))

    def is_after(
        self,
        message: Mapping[str, object],
        received_at: datetime,
        at_least: timedelta,
        ahead: timedelta = timedelta(0),
    ) -> bool:
        """Return whether the message was written before the question was shown.

        Args:
            message: the message as Telegram sent it.
            received_at: when the bot received it (real time).
            at_least: the time that nobody needs less of to see a question and to answer.
            ahead: how far the clock of ``received_at`` is ahead of the clock of the message.
        """
        follows = self.message_id > 0 and message.get("message_id") == self.message_id + 1
        if follows or received_at <= self.at + at_least:
            return True
        date = message.get("date")
        if not isinstance(date, int):
            return False
        written = datetime.fromtimestamp(date, UTC)
        return written + ahead + LAG < self.at
