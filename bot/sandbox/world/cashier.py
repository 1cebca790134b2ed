"""The provider behind Telegram invoices: it pays, or misbehaves in the way that was chosen."""

from enum import StrEnum

from bot.sandbox.archive import Archive, JsonObject

_SETTING = "cashier"
_ALTERED_BY = 100
"""Fen by which an altered notification is too low."""


class Outcome(StrEnum):
    """The fate of the next payments, until another one is chosen.

    DECLINE: the bank says no. REPEAT: the bot hears of it three times. DELAY: it hears of it later.
    REORDER: it hears of it after the next one. DOUBLE: the money comes twice. ALTER: the amount is
    another one. FORGET: it never hears of it.
    """

    PAY = "pay"
    DECLINE = "decline"
    REPEAT = "repeat"
    DELAY = "delay"
    REORDER = "reorder"
    DOUBLE = "double"
    ALTER = "alter"
    FORGET = "forget"


class Cashier:
    """The chosen outcome, and the notifications that it holds back; the file keeps both."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        kept = archive.setting(_SETTING) or {"outcome": Outcome.PAY, "held": []}
        self._outcome = Outcome(kept["outcome"])
        self._held: list[JsonObject] = kept["held"]

    @property
    def outcome(self) -> Outcome:
        """The fate of the next payments."""
        return self._outcome

    @property
    def held(self) -> int:
        """The number of notifications held back."""
        return len(self._held)

    def choose(self, outcome: Outcome | str) -> None:
        """Set the outcome; raise ValueError for an unknown one."""
        self._outcome = Outcome(outcome)
        self._keep()

    def hold(self, message: JsonObject) -> None:
        """Hold a notification back."""
        self._held.append(message)
        self._keep()

    def release(self) -> list[JsonObject]:
        """Return the notifications held back, oldest first, and forget them."""
        released, self._held = self._held, []
        self._keep()
        return released

    def charged(self, amount: int) -> int:
        """Return the fen that a notification names for a payment of so many."""
        return amount - _ALTERED_BY if self._outcome is Outcome.ALTER else amount

    def _keep(self) -> None:
        self._archive.keep_setting(_SETTING, {"outcome": self._outcome, "held": self._held})
