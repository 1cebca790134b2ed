"""The seam between the Bot API client and HTTP: one request, one response, limits and errors.

``bot.api.http_pool`` and ``bot.api.aiohttp_session`` implement it; one test class runs both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Protocol

from states.values import dataclass

CONNECTIONS = 100
"""The most open connections of a transport; a further request waits."""
IDLE_SECONDS = 15.0
"""An idle connection is not reused after this: servers close idle connections."""
CONNECT_SECONDS = 10.0
LARGEST = 32 * 2**20
"""The default limit of a response in bytes."""
COMMON_HEADERS = {"Accept-Encoding": "identity"}
"""The headers of each request; a compressed response is still read."""


class TransportError(Exception):
    """No readable response came. The message has no URL, because URLs contain the token.

    ``in_doubt``: the server may have processed the request.
    """

    def __init__(self, error: Exception, *, in_doubt: bool = True) -> None:
        super().__init__(type(error).__name__)
        self.timed_out = isinstance(error, TimeoutError)
        self.in_doubt = in_doubt


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """A status and a decoded body; a body over the limit is cut one byte after it.

    ``date`` is the header of that name, empty without one: it tells the server's clock.
    """

    status: int
    body: bytes
    date: bytes = field(default=b"", compare=False)


class Transport(Protocol):
    """Connections to one server that stay open. No redirect is followed, no request repeated."""

    async def request(
        self,
        method: str,
        target: str,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        *,
        time_limit: float,
        idle_limit: float | None = None,
        connect_limit: float = CONNECT_SECONDS,
        size_limit: int = LARGEST,
    ) -> HttpResponse:
        """Send a request and return its response.

        Args:
            target: the path below the server's URL.
            time_limit: seconds from here to the end of the response.
            idle_limit: seconds in which no byte passes once the connection is open.
            connect_limit: seconds until a new connection is open.
            size_limit: bytes of the response's body.

        Raises:
            TransportError: no readable response came; the server may have processed the request.
        """

    async def close(self) -> None:
        """Close all connections; a request in progress fails."""
