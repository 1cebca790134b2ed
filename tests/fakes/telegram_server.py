"""Servers on loopback that answer as Telegram does, or as badly as a network can."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson
from aiohttp import web

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class ReceivedCall:
    """One request: its path, its JSON or the fields of its form."""

    path: str
    fields: dict[str, Any]
    content_type: str


@dataclass(slots=True)
class FakeTelegramServer:
    """Answers every call with ``answers``, one after the other; the last one again and again."""

    answers: list[Answer]
    address: str = ""
    asked: list[ReceivedCall] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Note the call and answer it."""
        fields = await _fields(request)
        self.asked.append(ReceivedCall(request.path, fields, request.content_type))
        made = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return await made(request)


async def _fields(request: web.Request) -> dict[str, Any]:
    if request.content_type == "application/json":
        fields: dict[str, Any] = orjson.loads(await request.read())
        return fields
    posted = await request.post()
    return {
        name: (value.filename, value.file.read()) if isinstance(value, web.FileField) else value
        for name, value in posted.items()
    }


@asynccontextmanager
async def serving(
    *answers: Answer, tls: ssl.SSLContext | None = None
) -> AsyncIterator[tuple[str, FakeTelegramServer]]:
    """A server for a while: its address, and what it was asked."""
    telegram = FakeTelegramServer(list(answers))
    app = web.Application(client_max_size=2**24)
    app.router.add_route("*", "/{path:.*}", telegram.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls)
    await site.start()
    try:
        host, port = runner.addresses[0][:2]
        telegram.address = f"http{'s' if tls else ''}://{host}:{port}"
        yield telegram.address, telegram
    finally:
        await runner.cleanup()


def says(result: Any) -> Answer:
    """Success."""
    return json({"ok": True, "result": result})


def refuses(code: int, description: str, **parameters: Any) -> Answer:
    """A refusal, in Telegram's words."""
    body = {"ok": False, "error_code": code, "description": description}
    return json({**body, "parameters": parameters} if parameters else body, code)


def json(body: Any, status: int = 200) -> Answer:
    """Any JSON."""
    return raw(orjson.dumps(body), status)


def raw(body: bytes, status: int = 200) -> Answer:
    """Any bytes."""

    async def answer(_request: web.Request) -> web.StreamResponse:
        return web.Response(body=body, status=status)

    return answer


async def hangs_up(request: web.Request) -> web.StreamResponse:
    """The connection is cut before an answer."""
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


async def breaks_off(request: web.Request) -> web.StreamResponse:
    """The connection is cut in the middle of an answer."""
    response = web.StreamResponse(headers={"Content-Length": "1000"})
    await response.prepare(request)
    await response.write(b'{"ok": true')
    assert request.transport is not None
    request.transport.abort()
    return response


async def never_answers(_request: web.Request) -> web.StreamResponse:
    """Keeps the caller waiting for ever."""
    await asyncio.Event().wait()
    raise AssertionError("unreachable: nobody sets it")
