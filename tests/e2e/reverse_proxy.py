"""A reverse proxy in front of the bot, as the README tells operators to set one up."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aiohttp
from aiohttp import web

PATH = "/telegram"


@dataclass(slots=True)
class ReverseProxy:
    """Passes ``PATH`` on to the bot and nothing else; notes what the bot answered.

    ``url`` is for Telegram to call, ``listen`` for the bot to listen at.
    """

    listen: str
    url: str = ""
    statuses: list[int] = field(default_factory=list)

    @property
    def settings(self) -> dict[str, str]:
        """The address that the bot's settings name."""
        return {"webhook_url": self.url, "listen": self.listen}

    async def passes_on(self, request: web.Request) -> web.Response:
        """One request; 502 where no bot answers."""
        headers = {
            "X-Forwarded-For": "203.0.113.7",
            "Host": "bot.example.org",
            **{name: value for name, value in request.headers.items() if name.startswith("X-Tele")},
        }
        body = await request.read()
        try:
            async with (
                aiohttp.ClientSession() as http,
                http.post(f"http://{self.listen}{PATH}", data=body, headers=headers) as response,
            ):
                self.statuses.append(response.status)
                return web.Response(status=response.status, body=await response.read())
        except aiohttp.ClientError:
            self.statuses.append(502)
            return web.Response(status=502)


@asynccontextmanager
async def reverse_proxy() -> AsyncIterator[ReverseProxy]:
    """A reverse proxy for a while, and a free port for the bot behind it."""
    front = ReverseProxy(f"127.0.0.1:{free_port()}")
    app = web.Application()
    app.router.add_post(PATH, front.passes_on)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    front.url = f"http://{host}:{port}{PATH}"
    try:
        yield front
    finally:
        await runner.cleanup()


def free_port() -> int:
    """A port of loopback on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        return int(door.getsockname()[1])
