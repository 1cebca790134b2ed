"""An HTTP/1.1 connection pool for one server; most of the time of a Bot API call is spent here.

httptools parses, asyncio writes, python-socks connects through a proxy; this module only manages
the connections. https://www.rfc-editor.org/rfc/rfc9112
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from time import monotonic
from typing import cast
from urllib.parse import quote, urlsplit

from aiohappyeyeballs import start_connection
from httptools import HttpParserError, HttpResponseParser
from python_socks import ProxyConnectionError, ProxyError, ProxyTimeoutError
from python_socks.async_.asyncio.v2 import Proxy

CONNECTIONS = 100
"""The most open connections; a further request waits."""
IDLE_SECONDS = 15.0
"""An idle connection is not reused after this: servers close idle connections."""
CONNECT_SECONDS = 10.0
HEAD_START = 0.25
"""Seconds until a second address of the host is tried in parallel (RFC 8305)."""
LARGEST = 32 * 2**20
"""The default limit of a response in bytes."""
PORTS = {"http": 80, "https": 443}
PROXIES = {
    "http": ("http", 80, True),
    "https": ("http", 443, True),
    "socks4": ("socks4", 1080, False),
    "socks4a": ("socks4", 1080, True),
    "socks5": ("socks5", 1080, True),
    "socks5h": ("socks5", 1080, True),
}
"""For each scheme of a proxy URL: python-socks' name, the default port, and whether the proxy
resolves host names. The connection to an ``https`` proxy uses TLS."""


class TransportError(Exception):
    """No readable response came. The message has no URL, because URLs contain the token."""

    def __init__(self, error: Exception) -> None:
        super().__init__(type(error).__name__)
        self.timed_out = isinstance(error, TimeoutError | ProxyTimeoutError)


_TROUBLE = (
    OSError,  # includes TimeoutError and ssl.SSLError
    ValueError,  # a malformed URL
    HttpParserError,
    ProxyError,
    ProxyConnectionError,
    ProxyTimeoutError,
)


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """A status and a body; a body over the limit is cut one byte after it."""

    status: int
    body: bytes


class HttpPool:
    """The connections to one server.

    Args:
        base_url: for example ``https://api.telegram.org``; its path is a prefix of each target.
        proxy: a URL with a scheme of ``PROXIES``; an HTTP proxy must allow CONNECT.
        trust: the trusted certificates; the system's by default.
    """

    def __init__(
        self, base_url: str, proxy: str | None = None, trust: ssl.SSLContext | None = None
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._proxy = proxy
        self._trust = trust
        self._free: list[Connection] = []  # a stack: the connection of the last request comes first
        self._slots = asyncio.Semaphore(CONNECTIONS)

    def close(self) -> None:
        """Close the idle connections; each exchange closes its own when it is cancelled."""
        while self._free:
            self._free.pop().close()

    async def exchange(
        self,
        method: str,
        target: str,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        *,
        time_limit: float,
        limit: int = LARGEST,
    ) -> HttpResponse:
        """Send a request and return its response.

        Args:
            time_limit: in seconds.
            limit: of the response's body, in bytes.

        Raises:
            TransportError: no readable response came; the server may have processed the request.
        """
        try:
            async with asyncio.timeout(time_limit), self._slots:
                request = self._head(method, target, headers or {}, len(body)) + body
                connection = self._reused() or await self._connected()
                response = await connection.exchange(request, limit)
        except _TROUBLE as error:
            # "from None": the original message can contain the URL, and so the token.
            raise TransportError(error) from None
        if connection.is_sound:
            self._free.append(connection)
        return response

    def _head(self, method: str, target: str, headers: Mapping[str, str], size: int) -> bytes:
        lines = [
            f"{method} {self._server.path}{target} HTTP/1.1",
            f"Host: {self._server.authority}",
            *(f"{name}: {value}" for name, value in headers.items()),
            f"Content-Length: {size}",
        ]
        return ("\r\n".join(lines) + "\r\n\r\n").encode()

    def _reused(self) -> Connection | None:
        while self._free:
            connection = self._free.pop()
            if connection.is_sound and monotonic() - connection.idle_since < IDLE_SECONDS:
                return connection
            connection.close()
        return None

    async def _connected(self) -> Connection:
        async with asyncio.timeout(CONNECT_SECONDS):
            return await (
                self._connect_through(self._proxy) if self._proxy else self._connect_directly()
            )

    async def _connect_directly(self) -> Connection:
        loop, server = asyncio.get_running_loop(), self._server
        found = await loop.getaddrinfo(server.host, server.port, type=socket.SOCK_STREAM)
        _, connection = await loop.create_connection(
            Connection,
            sock=await start_connection(found, happy_eyeballs_delay=HEAD_START),
            ssl=self._tls if server.is_secret else None,
            server_hostname=server.host if server.is_secret else None,
        )
        return connection

    async def _connect_through(self, proxy: str) -> Connection:
        parts, server = urlsplit(proxy), self._server
        kind, port, resolves_names = PROXIES[parts.scheme]
        address = parts.netloc if parts.port else f"{parts.netloc.rstrip(':')}:{port}"
        tls = self._tls if parts.scheme == "https" else None
        proxy_client = Proxy.from_url(f"{kind}://{address}", rdns=resolves_names, proxy_ssl=tls)
        stream = await proxy_client.connect(
            server.host, server.port, dest_ssl=self._tls if server.is_secret else None
        )
        connection, transport = Connection(owner=stream), stream.writer.transport
        transport.set_protocol(connection)
        connection.connection_made(transport)
        return connection

    @cached_property
    def _server(self) -> ServerAddress:
        return ServerAddress.of(self._base_url)

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        return self._trust or ssl.create_default_context()


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """The server of a base URL."""

    is_secret: bool
    host: str
    port: int
    authority: str
    path: str

    @classmethod
    def of(cls, base_url: str) -> ServerAddress:
        """Parse a base URL.

        Raises:
            ValueError: the URL has no host, or another scheme than http and https.
        """
        parts = urlsplit(base_url)
        if parts.scheme not in PORTS or not parts.hostname:
            raise ValueError("no address of a server")
        port = parts.port or PORTS[parts.scheme]
        authority = parts.netloc.rpartition("@")[2]
        return cls(parts.scheme == "https", parts.hostname, port, authority, quote(parts.path))


class Connection(asyncio.Protocol):
    """A connection, with one exchange at a time.

    Args:
        owner: the stream of a proxy that owns the transport.
    """

    def __init__(self, owner: object = None) -> None:
        self.idle_since = 0.0
        self._owner = owner  # if it were garbage collected, it would close the connection
        self._transport: asyncio.Transport | None = None
        self._parser = HttpResponseParser(self)
        self._answer: asyncio.Future[HttpResponse] | None = None
        self._parts: list[bytes] = []
        self._left = 0

    @property
    def is_sound(self) -> bool:
        """Whether another exchange can start."""
        transport = self._transport
        return transport is not None and self._answer is None and not transport.is_closing()

    async def exchange(self, request: bytes, limit: int) -> HttpResponse:
        """Send a request and wait for its response."""
        assert self._transport is not None
        self._answer = asyncio.get_running_loop().create_future()
        self._parts, self._left = [], limit + 1
        self._transport.write(request)
        try:
            return await self._answer
        except BaseException:  # also a timeout: the response may still come
            self.close()
            raise

    def close(self) -> None:
        """Close at once, even during an exchange."""
        if self._transport is not None:
            self._transport.abort()

    # --- asyncio.Protocol ------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        """Parse a part of the response; unrequested data closes the connection."""
        if self._answer is None:
            self.close()
            return
        try:
            self._parser.feed_data(data)
        except Exception as error:  # also an unrequested upgrade
            self._failed(error if isinstance(error, HttpParserError) else HttpParserError())

    def connection_lost(self, exc: Exception | None) -> None:
        """Fail the exchange if one is in progress."""
        self._failed(exc or ConnectionResetError())

    def _failed(self, error: Exception) -> None:
        self.close()
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(error)
        self._answer = None

    # --- httptools -------------------------------------------------------------------------------

    def on_message_begin(self) -> None:
        """Close the connection if no request waits for this response."""
        if self._answer is None:
            self.close()

    def on_body(self, part: bytes) -> None:
        """Keep a part of the body; a body over the limit closes the connection."""
        self._parts.append(part[: self._left])
        self._left -= len(self._parts[-1])
        if not self._left:
            self.close()
            self._return()

    def on_message_complete(self) -> None:
        """Return the response, unless it is an interim one (1xx)."""
        if self._parser.get_status_code() >= 200:
            if not self._parser.should_keep_alive():
                self.close()
            self._return()

    def _return(self) -> None:
        answer, self._answer = self._answer, None
        self.idle_since = monotonic()
        if answer is not None and not answer.done():
            answer.set_result(HttpResponse(self._parser.get_status_code(), b"".join(self._parts)))
