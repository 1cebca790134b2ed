"""Errors of the Bot API: a code, a description, and for 429 the seconds to wait.

Descriptions use the wording of the real server (github.com/tdlib/telegram-bot-api and tdlib/td),
since clients recognise errors by it.
"""


class Refusal(Exception):
    """An error answer, `{"ok": false, ...}`.

    `breaks_rule` marks a call that a correct bot never makes, such as a text that is too long.
    It is false for errors that befall any bot: a message is gone, a person blocked it.
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
    """An action that no Telegram client offers, such as sending an empty text."""


def bad_request(description: str) -> Refusal:
    """Return a 400 that may befall a correct bot."""
    return Refusal(400, f"Bad Request: {description}")


def invalid_call(description: str) -> Refusal:
    """Return a 400 for a call that breaks a rule; the journal keeps it as a complaint."""
    return Refusal(400, f"Bad Request: {description}", breaks_rule=True)


def forbidden(description: str) -> Refusal:
    """Return a 403: the bot may not write to this person."""
    return Refusal(403, f"Forbidden: {description}")


def conflict(description: str) -> Refusal:
    """Return a 409: two consumers of updates at once."""
    return Refusal(409, f"Conflict: {description}")


def too_fast(seconds: int) -> Refusal:
    """Return a 429; `seconds` to wait, which clients read from `parameters.retry_after`."""
    return Refusal(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)


def stale_query() -> Refusal:
    """Return the 400 for an unknown, answered or expired callback or checkout query."""
    return bad_request("query is too old and response timeout expired or query ID is invalid")
