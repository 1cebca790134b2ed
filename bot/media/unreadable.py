"""The one error of a file that cannot be taken; it needs no decoder."""

from __future__ import annotations

from states.texts import Problem


class UnreadablePicture(Exception):
    """The bot cannot take the file; ``reason`` is the problem for the sender."""

    def __init__(self, reason: Problem) -> None:
        """Keep the reason; its key is the exception's message."""
        super().__init__(reason.key)
        self.reason = reason
