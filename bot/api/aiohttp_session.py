"""aiohttp's client session as a ``Transport``."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import lru_cache
from io import BytesIO
from typing import Any

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


class Connector(aiohttp.BaseConnector):
    """aiohttp's pool over our own connections, so that all kinds of proxies work."""

    def __init__(self, dialer: Dialer) -> None:
        super().__init__(limit=CONNECTIONS, keepalive_timeout=IDLE_SECONDS)
        self._dialer = dialer

    async def _create_connection(
        self, _req: object, _traces: object, limits: aiohttp.ClientTimeout
    ) -> ResponseHandler:
        async with asyncio.timeout(limits.sock_connect):
            return await self._dialer.connect(self._factory)

    async def _get(self, key: Any, traces: Any) -> Any:
        for connection, _ in self._conns.get(key, ()):
            if connection.should_close:  # an unrequested response would be the next one's
                connection.close()
        return await super()._get(key, traces)


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
                try:
                    content = await _read(response, size_limit)
                finally:
                    if not is_small or not response.content.at_eof():
                        response.close()
        except _TROUBLE as error:
            raise TransportError(error) from None
        return HttpResponse(response.status, content)


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
