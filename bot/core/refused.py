"""A refusal in words for the operator: the command line prints it and ends with its code."""

from __future__ import annotations

from states.texts import Text


class Refused(Exception):
    """A command or a start is refused; ``text`` tells the operator why, ``more`` adds lines to it.

    ``code`` is the exit code: 1 if the command found a reason not to act, 2 if the settings, the
    exam or the data cannot be used.
    """

    def __init__(self, text: Text, *more: Text, code: int = 1) -> None:
        super().__init__(text.key)
        self.text = text
        self.more = more
        self.code = code
