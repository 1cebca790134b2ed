"""How Telegram says no: an error code, a description, and now and then a parameter.

The wording is that of the real Bot API server (github.com/tdlib/telegram-bot-api and tdlib/td),
since clients recognise errors by it.
"""


class Refusal(Exception):
    """A call that is answered `{"ok": false, ...}`.

    `breaks_rule` marks what a correct program never sends (a text too long, a button without data),
    as against what may happen to any (a message that is gone, a person who blocked the bot).
    """

    def __init__(
        self,
        code: int,
        description: str,
        *,
        retry_after: int | None = None,
        breaks_rule: bool = False,
    ) -> None:
        super().__init__(f"{code} {description}")
        self.code = code
        self.description = description
        self.retry_after = retry_after
        self.breaks_rule = breaks_rule


class Impossible(ValueError):
    """A resident tried what no Telegram client lets a person do, such as sending nothing."""


def happened(description: str) -> Refusal:
    """400 for something that may befall a correct program."""
    return Refusal(400, f"Bad Request: {description}")


def broken(description: str) -> Refusal:
    """400 for a call that should never have been made; it is kept as a complaint too."""
    return Refusal(400, f"Bad Request: {description}", breaks_rule=True)


def forbidden(description: str) -> Refusal:
    """403: this person cannot be written to."""
    return Refusal(403, f"Forbidden: {description}")


def conflict(description: str) -> Refusal:
    """409: two ways of receiving updates at once."""
    return Refusal(409, f"Conflict: {description}")


def too_fast(seconds: int) -> Refusal:
    """429 with the whole seconds to wait, which clients read from `parameters.retry_after`."""
    return Refusal(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)


def stale_query() -> Refusal:
    """A callback or payment query that nobody waits for any more, or that never was."""
    return happened("query is too old and response timeout expired or query ID is invalid")
