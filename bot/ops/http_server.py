"""HttpServer serves the webhook, the health check and the metrics on one socket.

HttpServer trusts no header about a client or proxy (``X-Forwarded-…``, ``Host``).
"""

from __future__ import annotations

import asyncio
import errno
import socket
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import uvicorn
from starlette.routing import BaseRoute, Router
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from states.texts import Explained, Text

HEAD_SECONDS = 10.0
"""Seconds for the head of a request, and for a connection that sends none."""
HEAD_BYTES = 64 * 1024
"""The most bytes of a request's head, as far as one read of the socket can tell."""
MESSAGE_BYTES = 8 * 1024 * 1024
"""The most bytes of a whole request, with chunk sizes and trailers: bodies are limited to less."""
FAREWELL_SECONDS = 5
"""Seconds for running requests at a stop: time for two attempts of a commit."""
BACKLOG = 128


class CannotListen(Explained):
    """The bot cannot bind the address of ``LISTEN``; the text says why."""


@asynccontextmanager
async def bind(address: str) -> AsyncIterator[socket.socket]:
    """Yield a listening socket; requests queue there until HttpServer runs.

    Raises:
        CannotListen: another process listens there, or the host is not this computer.
    """
    host, _, port = address.rpartition(":")
    host = host.strip("[]")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Asyncio switches Nagle's algorithm off only for a socket that says it is TCP.
    with socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, int(port)))
            listener.listen(BACKLOG)
        except OSError as error:
            code = errno.errorcode.get(error.errno or 0, "")
            known = {"address": address, "code": code, "reason": f"{error.strerror}"}
            raise CannotListen(Text("cli-cannot-listen", known)) from None
        yield listener


class HttpServer:
    """Serves routes on a listening socket; running requests finish at a stop."""

    def __init__(self, listener: socket.socket, routes: Sequence[BaseRoute]) -> None:
        self._socket = listener
        self._server = _UvicornServer(Router(routes, redirect_slashes=False))

    async def run(self) -> None:
        """Serve until cancelled."""
        serving = asyncio.create_task(self._server.serve(sockets=[self._socket]))
        try:
            await asyncio.shield(serving)
        finally:
            self._server.stopping.set()
            await serving


class _HttpConnection(HttpToolsProtocol):
    """A connection that closes when the head of a request is late, or a request is too large.

    The parser keeps a head, and trailers, in memory until they end.
    """

    def connection_made(self, transport: Any) -> None:
        self._received, self._is_in_head = 0, True
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        self._received += len(data)
        super().data_received(data)
        limit = HEAD_BYTES if self._is_in_head else MESSAGE_BYTES
        if self._received > limit and not self.transport.is_closing():
            self.transport.abort()

    def on_message_begin(self) -> None:
        self._received, self._is_in_head = 0, True
        self._overdue.cancel()
        self._wait()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._is_in_head = False
        self._overdue.cancel()
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        self._overdue.cancel()
        super().connection_lost(exc)

    def _wait(self) -> None:
        self._overdue = self.loop.call_later(HEAD_SECONDS, self.transport.close)


class _UvicornServer(uvicorn.Server):
    """A uvicorn server that leaves signals and logging to the bot.

    uvicorn's ``main_loop`` wakes ten times a second, and its ``capture_signals`` takes SIGTERM.
    uvicorn documents neither; ``tests/bot/ops/test_http_server.py`` names the version.
    """

    def __init__(self, app: Router) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                http=_HttpConnection,
                ws="none",
                interface="asgi3",
                lifespan="off",
                log_config=None,
                log_level="error",
                access_log=False,
                proxy_headers=False,
                server_header=False,
                date_header=False,
                backlog=BACKLOG,
                timeout_graceful_shutdown=FAREWELL_SECONDS,
            )
        )
        self.stopping = asyncio.Event()

    async def main_loop(self) -> None:
        await self.stopping.wait()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
