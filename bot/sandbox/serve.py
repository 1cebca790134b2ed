"""The sandbox's application and its uvicorn server on loopback, with or without the page."""

import asyncio
import errno
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import uvicorn
import uvloop
from starlette.applications import Starlette
from starlette.middleware import Middleware
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from bot.sandbox.api.bot_api import BotApi, Reader
from bot.sandbox.api.endpoints import HANG_UP, bot_api_routes
from bot.sandbox.api.models import read
from bot.sandbox.control import control_routes
from bot.sandbox.loopback import LOOPBACK_HOSTS, LoopbackOnly
from bot.sandbox.world import World
from bot.sandbox.world.people import BotIdentity

_TITLE = "报名助手 · sandbox"
_KEEP_ALIVE_SECONDS = 75
"""nginx's default. Within uvicorn's 5 s a slow client loses requests on a reused connection."""


def create_app(
    world: World,
    *,
    methods: frozenset[str] | None = None,
    webhook_pause: float = 1.0,
    reader: Reader = read,
) -> Starlette:
    """Return a world's application: `/bot<token>/…`, `/file/bot<token>/…`, `/sandbox/…`.

    Args:
        methods: the methods that it offers; None for all.
        webhook_pause: seconds before the first retry of a webhook delivery.
        reader: decodes the parameters of each call.
    """
    api = BotApi(world, methods, webhook_pause, reader)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        api.start()
        yield
        await api.stop()

    routes = [*bot_api_routes(world, api), *control_routes(world)]
    app = Starlette(routes=routes, middleware=[Middleware(LoopbackOnly)], lifespan=lifespan)
    app.state.api = api
    return app


class _AbortableConnection(HttpToolsProtocol):
    """An HTTP connection that the application can abort through `HANG_UP`."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = {HANG_UP: {"call": self.transport.abort}}


class _Server(uvicorn.Server):
    """A uvicorn server with the event `listening`; signal handling is optional.

    It overrides undocumented methods; tests/sandbox/test_serve.py guards them by version.
    """

    def __init__(self, app: Starlette, *, signals: bool) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                http=_AbortableConnection,
                lifespan="on",
                log_level="warning",
                access_log=False,
                proxy_headers=False,
                server_header=False,
                timeout_keep_alive=_KEEP_ALIVE_SECONDS,
                timeout_graceful_shutdown=1,
            )
        )
        self._api: BotApi = app.state.api
        self._signals = signals
        self.listening = asyncio.Event()
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        """Stop a server without signal handling."""
        self._stopping.set()

    async def main_loop(self) -> None:
        # Uvicorn's own loop polls ten times a second; tests start many servers.
        if self._signals:
            await super().main_loop()
        else:
            await self._stopping.wait()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listening.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # Uvicorn waits for open requests first; a long poll stays open for up to 50 s.
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
    token: str = "",
) -> None:
    """Serve the world of the file `path` until SIGINT or SIGTERM.

    The server takes another port if this one is busy. It calls `ready` with its address, such as
    "http://127.0.0.1:8080", once it listens. `token` is the bot's; empty for the well-known one.
    Raises ValueError for a host that is not loopback.
    """
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(path, host, port, page, ready, token))


async def _serve(
    path: Path | None,
    host: str,
    port: int,
    page: bool,
    ready: Callable[[str], None] | None,
    token: str,
) -> None:
    world = World(path, bot=BotIdentity(token=token) if token else None)
    app = create_app(world)
    if page:
        from bot.sandbox.view.page import mount_page

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
    """Serve this world without the page, for tests; yield the address. The world stays open."""
    app = create_app(world, methods=methods, webhook_pause=webhook_pause, reader=reader)
    with _listening("127.0.0.1", port) as listener:
        server = _Server(app, signals=False)
        running = asyncio.create_task(server.serve(sockets=[listener]))
        await _until_listening(server, running)
        try:
            yield _address(listener)
        finally:
            server.stop()
            await running


async def _until_listening(server: _Server, running: "asyncio.Task[None]") -> None:
    listening = asyncio.create_task(server.listening.wait())
    await asyncio.wait((listening, running), return_when=asyncio.FIRST_COMPLETED)
    listening.cancel()


@contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    """Yield a socket bound to this port, or to a free one if it is busy."""
    if host not in LOOPBACK_HOSTS:
        raise ValueError(f"the sandbox is for this computer only, not for {host}")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Asyncio disables Nagle's algorithm only for sockets with IPPROTO_TCP.
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
