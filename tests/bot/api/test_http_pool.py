"""Connections of our pool that stay open: who has which, and when one is trusted.

``test_transport.py`` has what a server may say, for both transports.
"""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.api import http_pool
from bot.api.dialer import Dialer
from bot.api.http_pool import HttpPool
from bot.api.transport import HttpResponse, TransportError
from tests.e2e.wait import until_seen
from tests.fakes.proxies import listening
from tests.fakes.scripted_server import Host

OK = b"HTTP/1.1 200 OK\r\n"
FINE = OK + b"Content-Length: 4\r\n\r\nfine"
ANSWER = HttpResponse(200, b"fine")


@asynccontextmanager
async def wired(*says: bytes) -> AsyncIterator[tuple[HttpPool, Host]]:
    """A wire to a host that says this."""
    host = Host(says)
    async with listening(host) as port:
        own = HttpPool(Dialer(f"http://127.0.0.1:{port}/api"))
        yield own, host
        await own.close()


async def ask(own: HttpPool, time_limit: float = 5.0, limit: int = 100) -> HttpResponse:
    """A small request."""
    return await own.request("POST", "/ask", b"{}", time_limit=time_limit, size_limit=limit)


async def until_ended(host: Host) -> None:
    """Wait until a connection is over."""
    await until_seen(lambda: host.ended > 0)


async def test_a_request_is_what_the_standard_says() -> None:
    async with wired(FINE) as (own, host):
        headers = {"Content-Type": "text/plain"}
        told = "您好".encode()
        assert await own.request("POST", "/a%20b", told, headers, time_limit=5) == ANSWER
    port = own._dialer.server.port
    head = f"POST /api/a%20b HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
    head += "Accept-Encoding: identity\r\n"
    head += "Content-Type: text/plain\r\nContent-Length: 6\r\n\r\n"
    assert host.requests == [[head.encode() + told]]


async def test_one_after_another_is_one_connection() -> None:
    async with wired(FINE, FINE, FINE) as (own, host):
        assert [await ask(own) for _ in range(3)] == [ANSWER] * 3
        assert len(host.requests) == 1
        await own.close()
        await until_ended(host)


async def test_at_once_is_a_connection_each_and_they_are_used_again() -> None:
    async with wired(FINE, FINE) as (own, host):
        for _ in range(2):
            assert await asyncio.gather(*(ask(own) for _ in range(5))) == [ANSWER] * 5
        assert sorted(len(requests) for requests in host.requests) == [2] * 5


async def test_no_more_connections_than_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_pool, "CONNECTIONS", 2)
    async with wired(*[FINE] * 9) as (own, host):
        assert await asyncio.gather(*(ask(own) for _ in range(9))) == [ANSWER] * 9
        assert len(host.requests) == 2


async def test_one_that_was_idle_for_long_is_not_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    async with wired(FINE) as (own, host):
        await ask(own)
        monkeypatch.setattr(http_pool, "IDLE_SECONDS", 0.0)
        assert await ask(own) == ANSWER
        assert len(host.requests) == 2
        await until_ended(host)


async def test_half_of_a_compressed_body_is_no_answer() -> None:
    half = gzip.compress(b"fine")[:-8]
    head = b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(half)
    async with wired(OK + head + half) as (own, _):
        with pytest.raises(TransportError):
            await ask(own)


@pytest.mark.parametrize("more", [FINE, b"HTTP/1.1 200", b"nonsense"])
async def test_what_nobody_asked_for_is_not_taken_for_the_next_answer(more: bytes) -> None:
    async with wired(FINE + more) as (own, host):
        assert await ask(own) == ANSWER
        assert await ask(own) == ANSWER
        assert len(host.requests) == 2
        await until_seen(lambda: host.ended > 0)
