"""The HTTP listener: one socket for the webhook, the health check and the metrics.

Nothing that a client or proxy says about itself (``X-Forwarded-…``, ``Host``) is believed or used.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import uvicorn
from starlette.routing import BaseRoute, Router
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_SECONDS = 10.0
"""How long the head of a request may take, and a connection may stay that never sends one."""
FAREWELL_SECONDS = 5
"""How long requests under way may take to finish at a stop: a commit, twice waited for."""
BACKLOG = 128


class CannotListen(Exception):
    """The address of ``LISTEN`` cannot be used; the message says why."""


@asynccontextmanager
async def bind(address: str) -> AsyncIterator[socket.socket]:
    """A socket that listens at ``host:port``: who calls before ``Listener`` runs waits in line.

    Raises:
        CannotListen: somebody else does, or the host is not this computer.
    """
    host, _, port = address.rpartition(":")
    host = host.strip("[]")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Asyncio switches Nagle's algorithm off only for a socket that says it is TCP.
    with socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP) as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((host, int(port)))
            door.listen(BACKLOG)
        except OSError as error:
            raise CannotListen(f"LISTEN: {address}: {error.strerror}") from None
        yield door


class HttpServer:
    """Serves routes at a door until cancelled; requests under way are then finished."""

    def __init__(self, door: socket.socket, routes: Sequence[BaseRoute]) -> None:
        self._socket = door
        self._server = _UvicornServer(Router(routes, redirect_slashes=False))

    async def run(self) -> None:
        """Serve until cancelled."""
        serving = asyncio.create_task(self._server.serve(sockets=[self._socket]))
        try:
            await asyncio.shield(serving)
        finally:
            self._server.leaves.set()
            await serving


class _HttpConnection(HttpToolsProtocol):
    """A connection on which the head of a request must come in time."""

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._wait()

    def on_message_begin(self) -> None:
        self._overdue.cancel()
        self._wait()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._overdue.cancel()
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        self._overdue.cancel()
        super().connection_lost(exc)

    def _wait(self) -> None:
        self._overdue = self.loop.call_later(HEAD_SECONDS, self.transport.close)


class _UvicornServer(uvicorn.Server):
    """A uvicorn among other loops: it leaves signals alone, and the logging as it is.

    uvicorn documents neither method that this class replaces. Its own ``main_loop`` wakes ten times
    a second to look at ``should_exit``; ours only wakes to stop. Its own ``capture_signals`` takes
    SIGTERM from the loop, and no setting prevents that. ``tests/bot/ops/test_http_server.py`` names the
    version that has both.
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
        self.leaves = asyncio.Event()

    async def main_loop(self) -> None:
        await self.leaves.wait()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
