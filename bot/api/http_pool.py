"""HTTP/1.1 to one server, over connections that stay open: what a call costs is mostly this.

httptools reads, the event loop writes, python-socks finds the way through a proxy; ours is only
who has which connection. https://www.rfc-editor.org/rfc/rfc9112
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
"""At once; who wants another waits."""
IDLE_SECONDS = 15.0
"""After which a connection is not trusted any more: servers close those that nobody uses."""
CONNECT_SECONDS = 10.0
HEAD_START = 0.25
"""Seconds until the next address of a name is tried beside the first (RFC 8305)."""
LARGEST = 32 * 2**20
"""Bytes of an answer, where nothing else is said."""
PORTS = {"http": 80, "https": 443}
PROXIES = {
    "http": ("http", 80, True),
    "https": ("http", 443, True),
    "socks4": ("socks4", 1080, False),
    "socks4a": ("socks4", 1080, True),
    "socks5": ("socks5", 1080, True),
    "socks5h": ("socks5", 1080, True),
}
"""By the scheme of a proxy's URL: what python-socks calls it, its usual port, and whether it looks
names up; ``https`` is spoken to over TLS."""


class TransportError(Exception):
    """None came, or none that could be read. Its words hold no address."""

    def __init__(self, error: Exception) -> None:
        super().__init__(type(error).__name__)
        self.timed_out = isinstance(error, TimeoutError | ProxyTimeoutError)


_TROUBLE = (
    OSError,  # TimeoutError and ssl.SSLError are such
    ValueError,  # an address that is none
    HttpParserError,
    ProxyError,
    ProxyConnectionError,
    ProxyTimeoutError,
)


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """A status and a body; the body ends one byte after the limit if it is longer."""

    status: int
    body: bytes


class HttpPool:
    """The connections to a server.

    Args:
        base_url: such as ``https://api.telegram.org``; its path stands before each target.
        proxy: one of ``PROXIES``; an HTTP proxy is asked for a tunnel (CONNECT).
        trust: whose certificates are believed; those that the system knows if nothing is said.
    """

    def __init__(
        self, base_url: str, proxy: str | None = None, trust: ssl.SSLContext | None = None
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._proxy = proxy
        self._trust = trust
        self._free: list[Connection] = []  # the one that was used last is used next
        self._slots = asyncio.Semaphore(CONNECTIONS)

    def close(self) -> None:
        """Close what is idle; what is under way ends with whoever waits for it."""
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
        """One request and its answer; ``patience`` in seconds, ``limit`` in bytes.

        Raises:
            NoAnswer: whatever the reason; the request may have been understood all the same.
        """
        try:
            async with asyncio.timeout(time_limit), self._slots:
                request = self._head(method, target, headers or {}, len(body)) + body
                connection = self._reused() or await self._connected()
                answer = await connection.exchange(request, limit)
        except _TROUBLE as error:
            # "from None", since the words of the error can hold the address, and so the token.
            raise TransportError(error) from None
        if connection.is_sound:
            self._free.append(connection)
        return answer

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
        kind, port, looks_up = PROXIES[parts.scheme]
        at = parts.netloc if parts.port else f"{parts.netloc.rstrip(':')}:{port}"
        tls = self._tls if parts.scheme == "https" else None
        way = Proxy.from_url(f"{kind}://{at}", rdns=looks_up, proxy_ssl=tls)
        stream = await way.connect(
            server.host, server.port, dest_ssl=self._tls if server.is_secret else None
        )
        connection, transport = Connection(way=stream), stream.writer.transport
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
    """Where a base URL leads."""

    is_secret: bool
    host: str
    port: int
    authority: str
    path: str

    @classmethod
    def of(cls, base_url: str) -> ServerAddress:
        """Read it.

        Raises:
            ValueError: it is no address of a server.
        """
        parts = urlsplit(base_url)
        if parts.scheme not in PORTS or not parts.hostname:
            raise ValueError("no address of a server")
        port = parts.port or PORTS[parts.scheme]
        authority = parts.netloc.rpartition("@")[2]
        return cls(parts.scheme == "https", parts.hostname, port, authority, quote(parts.path))


class Connection(asyncio.Protocol):
    """One connection, with one exchange on it at a time.

    Args:
        way: what brought us through a proxy.
    """

    def __init__(self, way: object = None) -> None:
        self.idle_since = 0.0
        self._way = way  # to be kept: it would close the connection if it were collected
        self._transport: asyncio.Transport | None = None
        self._parser = HttpResponseParser(self)
        self._answer: asyncio.Future[HttpResponse] | None = None
        self._parts: list[bytes] = []
        self._left = 0

    @property
    def is_sound(self) -> bool:
        """Whether another exchange can begin."""
        transport = self._transport
        return transport is not None and self._answer is None and not transport.is_closing()

    async def exchange(self, request: bytes, limit: int) -> HttpResponse:
        """Send this, and wait for the answer."""
        assert self._transport is not None
        self._answer = asyncio.get_running_loop().create_future()
        self._parts, self._left = [], limit + 1
        self._transport.write(request)
        try:
            return await self._answer
        except BaseException:  # also whoever has waited long enough: the answer may come yet
            self.close()
            raise

    def close(self) -> None:
        """Now, whatever is under way."""
        if self._transport is not None:
            self._transport.abort()

    # --- what the event loop says ----------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """It stands."""
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        """Some of an answer, or what nobody asked for."""
        if self._answer is None:
            self.close()
            return
        try:
            self._parser.feed_data(data)
        except Exception as error:  # also an upgrade that nobody asked for
            self._failed(error if isinstance(error, HttpParserError) else HttpParserError())

    def connection_lost(self, exc: Exception | None) -> None:
        """It is over, in the middle of an answer or not."""
        self._failed(exc or ConnectionResetError())

    def _failed(self, error: Exception) -> None:
        self.close()
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(error)
        self._answer = None

    # --- what the parser says --------------------------------------------------------------------

    def on_message_begin(self) -> None:
        """An answer begins; one behind another is to no question of ours."""
        if self._answer is None:
            self.close()

    def on_body(self, part: bytes) -> None:
        """Some of the body; too much of it ends the connection."""
        self._parts.append(part[: self._left])
        self._left -= len(self._parts[-1])
        if not self._left:
            self.close()
            self._answered()

    def on_message_complete(self) -> None:
        """The whole of an answer, or word that one will come (1xx)."""
        if self._parser.get_status_code() >= 200:
            if not self._parser.should_keep_alive():
                self.close()
            self._answered()

    def _answered(self) -> None:
        answer, self._answer = self._answer, None
        self.idle_since = monotonic()
        if answer is not None and not answer.done():
            answer.set_result(HttpResponse(self._parser.get_status_code(), b"".join(self._parts)))
