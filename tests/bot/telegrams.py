"""Servers on loopback that answer as Telegram does, or as badly as a network can."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson
from aiohttp import web

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: its path, its JSON or the fields of its form."""

    path: str
    fields: dict[str, Any]
    content_type: str


@dataclass(slots=True)
class Telegram:
    """Answers every call with ``answers``, one after the other; the last one again and again."""

    answers: list[Answer]
    address: str = ""
    asked: list[Asked] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Note the call and answer it."""
        fields = await _fields(request)
        self.asked.append(Asked(request.path, fields, request.content_type))
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
async def serving(*answers: Answer) -> AsyncIterator[tuple[str, Telegram]]:
    """A server for a while: its address, and what it was asked."""
    telegram = Telegram(list(answers))
    app = web.Application(client_max_size=2**24)
    app.router.add_route("*", "/{path:.*}", telegram.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        host, port = runner.addresses[0][:2]
        telegram.address = f"http://{host}:{port}"
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


# --- proxies -------------------------------------------------------------------------------------

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def listening(talk: Talk) -> AsyncIterator[int]:
    """A TCP server for a while; its port. Its conversations end with it."""
    talks: set[asyncio.Task[None]] = set()

    async def talked(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        talks.add(task)
        try:
            await talk(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            talks.discard(task)
            writer.close()

    server = await asyncio.start_server(talked, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in tuple(talks):
            task.cancel()
        await asyncio.gather(*talks, return_exceptions=True)


@dataclass(slots=True)
class HttpProxy:
    """Forwards plain HTTP, as a proxy is asked to: the whole address in the request line."""

    seen: list[str] = field(default_factory=list)

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        method, address, version = head.split("\r\n", 1)[0].split(" ")
        self.seen.append(address)
        host, _, path = address.removeprefix("http://").partition("/")
        name, _, port = host.partition(":")
        there, out = await asyncio.open_connection(name, int(port))
        rest = head.split("\r\n", 1)[1]
        out.write(f"{method} /{path} {version}\r\n{rest}".encode())
        await _between(reader, writer, there, out)


@dataclass(slots=True)
class SocksProxy:
    """SOCKS5 without a password (RFC 1928). ``reply`` is its answer to CONNECT, 0 for success."""

    reply: int = 0
    seen: list[tuple[str, int]] = field(default_factory=list)

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        _version, methods = await reader.readexactly(2)
        await reader.readexactly(methods)
        writer.write(b"\x05\x00")
        kind = (await reader.readexactly(4))[3]
        size = (await reader.readexactly(1))[0] if kind == 3 else 4
        address = await reader.readexactly(size)
        port = int.from_bytes(await reader.readexactly(2))
        host = address.decode() if kind == 3 else ".".join(str(part) for part in address)
        self.seen.append((host, port))
        writer.write(bytes([5, self.reply, 0, 1]) + b"\0" * 6)
        if self.reply == 0:
            there, out = await asyncio.open_connection(host, port)
            await _between(reader, writer, there, out)


async def _between(
    one_in: asyncio.StreamReader,
    one_out: asyncio.StreamWriter,
    other_in: asyncio.StreamReader,
    other_out: asyncio.StreamWriter,
) -> None:
    async def pipe(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        while data := await source.read(65536):
            target.write(data)
            await target.drain()
        target.close()

    try:
        await asyncio.gather(pipe(one_in, other_out), pipe(other_in, one_out))
    finally:
        other_out.close()
