"""aiohttp's client session as a ``Transport``."""

from __future__ import annotations

import asyncio
import select
from collections.abc import Mapping
from functools import lru_cache, partial
from http import HTTPStatus
from io import BytesIO

import aiohttp
from aiohttp.client_proto import ResponseHandler
from yarl import URL

from bot.api.dialer import Dialer
from bot.api.transport import (
    COMMON_HEADERS,
    CONNECT_SECONDS,
    CONNECTIONS,
    IDLE_SECONDS,
    LARGEST,
    HttpResponse,
    TransportError,
)

SMALL = 64 * 2**10
"""A request with a larger body is sent in pieces, and its connection is not reused: the session
cannot tell whether the server read all of it."""
_TROUBLE = (aiohttp.ClientError, OSError, ValueError)
_NOT_CONNECTED = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)
"""The errors before a request is sent."""


class Connection(ResponseHandler):
    """aiohttp's connection; it mistakes no other bytes for the response of a request."""

    def is_connected(self) -> bool:
        """Return whether the idle connection can be reused: the server is silent."""
        if not super().is_connected() or self.should_close:
            return False
        assert self.transport is not None
        readable = select.poll()
        readable.register(self.transport.get_extra_info("socket").fileno(), select.POLLIN)
        return not readable.poll(0)

    def connection_lost(self, exc: BaseException | None) -> None:
        """Fail a body that a reset ended; aiohttp takes it for whole."""
        if exc is not None and self._payload is not None and not self._payload.is_eof():
            self._payload.set_exception(aiohttp.ClientOSError())
        super().connection_lost(exc)


class Connector(aiohttp.BaseConnector):
    """aiohttp's pool over our own connections, so that all kinds of proxies work."""

    def __init__(self, dialer: Dialer) -> None:
        super().__init__(limit=CONNECTIONS, keepalive_timeout=IDLE_SECONDS)
        self._factory = partial(Connection, loop=self._loop)  # type: ignore[assignment]
        self._dialer = dialer

    async def _create_connection(
        self, _req: object, _traces: object, limits: aiohttp.ClientTimeout
    ) -> ResponseHandler:
        async with asyncio.timeout(limits.sock_connect):
            return await self._dialer.connect(self._factory)


class AiohttpSession:
    """The connections to one server: a ``Transport``."""

    def __init__(self, dialer: Dialer) -> None:
        self._dialer = dialer
        self._session = aiohttp.ClientSession(
            connector=Connector(dialer),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers=COMMON_HEADERS,
            skip_auto_headers=("Accept", "Content-Type", "User-Agent"),
        )

    async def close(self) -> None:
        """Close all connections."""
        await self._session.close()

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
        """Send a request and return its response; see ``Transport``."""
        is_small = len(body) <= SMALL
        try:
            async with asyncio.timeout(time_limit):
                response = await self._session.request(
                    method,
                    URL(self._dialer.server.url + target, encoded=True),
                    data=body if is_small else BytesIO(body),
                    headers=headers,
                    allow_redirects=False,
                    timeout=_timeout(connect_limit, idle_limit),
                )
                is_done = False
                try:
                    if response.status < HTTPStatus.OK:
                        raise aiohttp.ClientPayloadError("an unrequested upgrade")
                    content = await _read(response, size_limit)
                    is_done = is_small and response.content.at_eof()
                finally:
                    (response.release if is_done else response.close)()
        except _TROUBLE as error:
            raise TransportError(error, in_doubt=not isinstance(error, _NOT_CONNECTED)) from None
        date = response.headers.get("Date", "").encode("ascii", "replace")
        return HttpResponse(response.status, content, date)


@lru_cache
def _timeout(connect_limit: float, idle_limit: float | None) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(total=None, sock_connect=connect_limit, sock_read=idle_limit)


async def _read(response: aiohttp.ClientResponse, limit: int) -> bytes:
    """Return the body, cut one byte after the limit."""
    stream, parts, left = response.content, [], limit + 1
    while left > 0 and not stream.at_eof():
        parts.append((await stream.readany())[:left])
        left -= len(parts[-1])
    return b"".join(parts)
