"""Opens connections to one server, directly or through a proxy, in the clear or over TLS."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar
from urllib.parse import quote, urlsplit

from aiohappyeyeballs import start_connection
from python_socks import ProxyConnectionError, ProxyError, ProxyTimeoutError
from python_socks.async_.asyncio.v2 import Proxy

HEAD_START = 0.25
"""Seconds until a second address of the host is tried in parallel (RFC 8305)."""
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

P = TypeVar("P", bound=asyncio.Protocol)


class ProxyFailed(ConnectionError):
    """The proxy refused, or cannot be reached. It has no text, since that may hold an address."""


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

    @property
    def url(self) -> str:
        """The URL, without the user and without a slash at its end."""
        return f"{'https' if self.is_secret else 'http'}://{self.authority}{self.path}"


class Dialer:
    """Opens connections to one server.

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
        # A stream of python-socks closes its transport when it is garbage collected.
        self._streams: dict[asyncio.BaseTransport, object] = {}

    @cached_property
    def server(self) -> ServerAddress:
        """The server.

        Raises:
            ValueError: the base URL has none.
        """
        return ServerAddress.of(self._base_url)

    async def connect(self, protocol: Callable[[], P]) -> P:
        """Return a new protocol of an open connection.

        Raises:
            OSError: no connection came about; includes ``TimeoutError`` and ``ssl.SSLError``.
            ValueError: a malformed URL.
        """
        if self._proxy is None:
            return await self._directly(protocol)
        try:
            return await self._through(self._proxy, protocol)
        except ProxyTimeoutError:
            raise TimeoutError from None
        except (ProxyError, ProxyConnectionError):
            raise ProxyFailed from None

    async def _directly(self, protocol: Callable[[], P]) -> P:
        loop, server = asyncio.get_running_loop(), self.server
        found = await loop.getaddrinfo(server.host, server.port, type=socket.SOCK_STREAM)
        _, connection = await loop.create_connection(
            protocol,
            sock=await start_connection(found, happy_eyeballs_delay=HEAD_START),
            ssl=self._tls if server.is_secret else None,
            server_hostname=server.host if server.is_secret else None,
        )
        return connection

    async def _through(self, proxy: str, protocol: Callable[[], P]) -> P:
        parts, server = urlsplit(proxy), self.server
        kind, port, resolves_names = PROXIES[parts.scheme]
        address = parts.netloc if parts.port else f"{parts.netloc.rstrip(':')}:{port}"
        tls = self._tls if parts.scheme == "https" else None
        proxy_client = Proxy.from_url(f"{kind}://{address}", rdns=resolves_names, proxy_ssl=tls)
        stream = await proxy_client.connect(
            server.host, server.port, dest_ssl=self._tls if server.is_secret else None
        )
        connection, transport = protocol(), stream.writer.transport
        open_ones = {one: its for one, its in self._streams.items() if not one.is_closing()}
        self._streams = {**open_ones, transport: stream}
        transport.set_protocol(connection)
        connection.connection_made(transport)
        return connection

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        return self._trust or ssl.create_default_context()
