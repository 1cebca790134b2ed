"""Runs the sandbox: one uvicorn on loopback, with or without the page."""

import asyncio
import errno
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from uvicorn.loops.auto import auto_loop_factory
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from bot.sandbox.api import Api, Reader
from bot.sandbox.models import read
from bot.sandbox.server import HANG_UP, create_server
from bot.sandbox.world import World

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_TITLE = "报名助手 · sandbox"
_KEEP_ALIVE = 75
"""Seconds that an idle connection stays open, as nginx has it. Uvicorn's own 5 end while a slow
client is about to use it again, and what that client was about to say is lost."""


class _Line(HttpToolsProtocol):
    """An HTTP connection that the application may cut, as a fault wants it."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = {HANG_UP: {"call": self.transport.abort}}


class _Server(uvicorn.Server):
    """A uvicorn that says when it listens, and leaves signals alone if asked to."""

    def __init__(self, app: Starlette, *, signals: bool) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                http=_Line,
                lifespan="on",
                log_level="warning",
                access_log=False,
                proxy_headers=False,
                server_header=False,
                date_header=False,
                timeout_keep_alive=_KEEP_ALIVE,
                timeout_graceful_shutdown=1,
            )
        )
        self._api: Api = app.state.api
        self._signals = signals
        self.listens = asyncio.Event()
        self._leaves = asyncio.Event()

    def leave(self) -> None:
        """Stop soon. Only for a server that does not listen to signals."""
        self._leaves.set()

    async def main_loop(self) -> None:
        # Uvicorn's own loop looks ten times a second whether it should stop; tests start many.
        if self._signals:
            await super().main_loop()
        else:
            await self._leaves.wait()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listens.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # Uvicorn waits for open requests first, and a long poll stays open for most of a minute.
        await self._api.stop()
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        if self._signals:
            with super().capture_signals():
                yield
        else:
            yield


def serve(
    path: Path | None,
    host: str,
    port: int,
    *,
    page: bool,
    ready: Callable[[str], None] | None = None,
) -> None:
    """Run the world kept at `path` until SIGINT or SIGTERM.

    Takes another port if this one is busy; `ready` is told the address, such as
    "http://127.0.0.1:8080", once it can be used. Raises ValueError for a host that is not loopback.
    """
    with asyncio.Runner(loop_factory=auto_loop_factory()) as runner:
        runner.run(_serve(path, host, port, page, ready))


async def _serve(
    path: Path | None, host: str, port: int, page: bool, ready: Callable[[str], None] | None
) -> None:
    world = World(path)
    app = create_server(world)
    if page:
        from bot.sandbox.page import mount_page

        mount_page(app, world, title=_TITLE)
    with _listening(host, port) as listener:
        server = _Server(app, signals=True)
        running = asyncio.create_task(server.serve(sockets=[listener]))
        await _until_listening(server, running)
        if ready is not None and not running.done():
            ready(_address(listener))
        try:
            await running
        finally:
            world.close()


@asynccontextmanager
async def serving(
    world: World,
    port: int = 0,
    methods: frozenset[str] | None = None,
    *,
    webhook_pause: float = 1.0,
    reader: Reader = read,
) -> AsyncIterator[str]:
    """Serve this world without the page, for tests; yields the address. The world stays open."""
    app = create_server(world, methods=methods, webhook_pause=webhook_pause, reader=reader)
    with _listening("127.0.0.1", port) as listener:
        server = _Server(app, signals=False)
        running = asyncio.create_task(server.serve(sockets=[listener]))
        await _until_listening(server, running)
        try:
            yield _address(listener)
        finally:
            server.leave()
            await running


async def _until_listening(server: _Server, running: "asyncio.Task[None]") -> None:
    listens = asyncio.create_task(server.listens.wait())
    await asyncio.wait((listens, running), return_when=asyncio.FIRST_COMPLETED)
    listens.cancel()


@contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    """A socket bound to this port, or to any free one if somebody else has it."""
    if host not in LOOPBACK:
        raise ValueError(f"the sandbox is for this computer only, not for {host}")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Asyncio switches Nagle's algorithm off only for a socket that says it is TCP.
    with socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            listener.bind((host, 0))
        yield listener


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
