"""Connections that stay open: who has which, when one is trusted, and what a server may say."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from bot.api import http_pool
from bot.api.dialer import Dialer
from bot.api.http_pool import HttpPool
from bot.api.transport import HttpResponse, TransportError
from tests.e2e.wait import until_seen
from tests.fakes.proxies import Reader, Writer, listening

OK = b"HTTP/1.1 200 OK\r\n"
FINE = OK + b"Content-Length: 4\r\n\r\nfine"
CLOSES = OK + b"Connection: close\r\nContent-Length: 4\r\n\r\nlast"
ANSWER = HttpResponse(200, b"fine")


@dataclass
class Host:
    """A server that says these bytes, whatever it is asked, one after another on each connection.

    ``requests`` are what came on each connection, head and body in one.
    """

    says: Sequence[bytes]
    requests: list[list[bytes]] = field(default_factory=list)
    ended: int = 0

    async def __call__(self, reader: Reader, writer: Writer) -> None:
        """One connection."""
        mine: list[bytes] = []
        self.requests.append(mine)
        try:
            for said in self.says:
                head = await reader.readuntil(b"\r\n\r\n")
                size = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
                mine.append(head + await reader.readexactly(size))
                writer.write(said)
            await reader.read()
        finally:
            self.ended += 1


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


async def test_one_that_the_server_closes_is_not_used_again() -> None:
    async with wired(CLOSES) as (own, host):
        assert [await ask(own) for _ in range(2)] == [HttpResponse(200, b"last")] * 2
        assert len(host.requests) == 2


ODD: dict[str, tuple[bytes, HttpResponse]] = {
    "in chunks": (
        OK + b"Transfer-Encoding: chunked\r\n\r\n2\r\nfi\r\n2\r\nne\r\n0\r\n\r\n",
        ANSWER,
    ),
    "announced": (b"HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\n" + FINE, ANSWER),
    "empty": (b"HTTP/1.1 204 No Content\r\n\r\n", HttpResponse(204, b"")),
    "trouble": (b"HTTP/1.1 502 Bad\r\nContent-Length: 1\r\n\r\nx", HttpResponse(502, b"x")),
}


@pytest.mark.parametrize(("said", "answer"), ODD.values(), ids=ODD.keys())
async def test_what_an_answer_may_look_like(said: bytes, answer: HttpResponse) -> None:
    async with wired(said, FINE) as (own, host):
        assert await ask(own) == answer
        assert await ask(own) == ANSWER
        assert len(host.requests) == 1


@pytest.mark.parametrize(
    "said",
    [
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 two hundred\r\n\r\n",
        OK + b"Content-Length: 4\r\nContent-Length: 5\r\n\r\nfine",
        OK + b"Transfer-Encoding: chunked\r\n\r\nno number\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
    ],
)
async def test_what_is_no_answer_ends_the_connection(said: bytes) -> None:
    async with wired(said) as (own, host):
        with pytest.raises(TransportError) as caught:
            await ask(own)
        assert not caught.value.timed_out
        await until_ended(host)


@pytest.mark.parametrize("more", [FINE, b"HTTP/1.1 200", b"nonsense"])
async def test_what_nobody_asked_for_is_not_taken_for_the_next_answer(more: bytes) -> None:
    async with wired(FINE + more) as (own, host):
        assert await ask(own) == ANSWER
        assert await ask(own) == ANSWER
        assert len(host.requests) == 2
        await until_ended(host)


async def test_an_answer_that_is_too_long_is_cut_and_no_more_is_read() -> None:
    async with wired(OK + b"Content-Length: 1000000\r\n\r\n" + b"x" * 500) as (own, host):
        assert (await ask(own, limit=7)).body == b"x" * 8
        await until_ended(host)


async def test_who_has_waited_long_enough_does_not_leave_the_answer_to_the_next() -> None:
    async with wired(b"", FINE) as (own, host):
        with pytest.raises(TransportError) as caught:
            await ask(own, time_limit=0.05)
        assert caught.value.timed_out
        await until_ended(host)


async def test_who_is_cancelled_closes_the_connection() -> None:
    async with wired(b"") as (own, host):
        waiting = asyncio.create_task(ask(own))
        await until_seen(lambda: host.requests != [] and host.requests[0] != [])
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        await until_ended(host)
