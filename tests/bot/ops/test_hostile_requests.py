"""Requests that want memory, or that a web page elsewhere makes: none gets anything."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.ops.health import is_own_host
from bot.ops.http_server import HEAD_BYTES, MESSAGE_BYTES, HttpServer, bind

pytestmark = pytest.mark.row("C2")
MEGABYTE = 1024 * 1024


async def _answer(request: Request) -> Response:
    return PlainTextResponse(f"{len(await request.body())}")


@asynccontextmanager
async def served() -> AsyncIterator[int]:
    """A server with one route; yields its port."""
    async with bind("127.0.0.1:0") as listener:
        routes = [Route("/", _answer, methods=["GET", "POST"])]
        server = asyncio.create_task(HttpServer(listener, routes).run())
        try:
            yield listener.getsockname()[1]
        finally:
            server.cancel()
            await asyncio.gather(server, return_exceptions=True)


async def sends(port: int, head: bytes, piece: bytes, most: int) -> int:
    """Send a head and then pieces until the server closes; return the bytes that it took."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    sent = 0
    try:
        writer.write(head)
        while sent < most:
            writer.write(piece)
            await writer.drain()
            sent += len(piece)
            await asyncio.sleep(0)
    except ConnectionError:
        return sent
    finally:
        writer.close()
    await asyncio.wait_for(reader.read(), 5)
    return sent


HEADS = {
    "headers without end": (b"GET / HTTP/1.1\r\nHost: x\r\n", b"X-A: " + b"a" * 1000 + b"\r\n"),
    "a header without end": (b"GET / HTTP/1.1\r\nX-A: ", b"a" * 1000),
    "a path without end": (b"GET /", b"a" * 1000),
}


@pytest.mark.parametrize(("head", "piece"), HEADS.values(), ids=HEADS)
async def test_a_head_without_end_is_cut_off(head: bytes, piece: bytes) -> None:
    async with served() as port:
        taken = await sends(port, head, piece, 64 * MEGABYTE)
    assert taken < 16 * MEGABYTE, "what the sockets buffer, and no more"


async def test_trailers_without_end_are_cut_off() -> None:
    head = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n"
    async with served() as port:
        taken = await sends(port, head, b"X-A: " + b"a" * 1000 + b"\r\n", 64 * MEGABYTE)
    assert taken < MESSAGE_BYTES + 16 * MEGABYTE


async def test_an_ordinary_request_passes() -> None:
    async with served() as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        body = b"a" * MEGABYTE
        cookie = b"c" * (HEAD_BYTES // 2)
        head = b"POST / HTTP/1.1\r\nHost: x\r\nCookie: %b\r\nContent-Length: %d\r\n\r\n"
        for _ in range(3):
            writer.write(head % (cookie, len(body)) + body)
            await writer.drain()
            answer = await asyncio.wait_for(reader.readuntil(str(MEGABYTE).encode()), 5)
            assert answer.startswith(b"HTTP/1.1 200")
        writer.close()


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1:8080",
        "[::1]:8080",
        "10.0.0.7",
        "localhost:8080",
        "baoming",
        "bot.example.org:443",
    ],
)
def test_a_name_of_ones_own_is_answered(host: str) -> None:
    assert is_own_host(host, {"bot.example.org"})


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8080", "127.0.0.1.evil.example", ""]
)
def test_a_foreign_name_is_not(host: str) -> None:
    assert not is_own_host(host, {"bot.example.org"})
