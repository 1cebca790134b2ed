"""A server may answer anything: both transports give the same outcomes.

An outcome is the right response or a ``TransportError``, within the time limit. No request ever
gets the response of another.
"""

from __future__ import annotations

import asyncio
import gzip
import random
import ssl
import tracemalloc
import zlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from itertools import count
from pathlib import Path

import pytest

from bot.api.client import TRANSPORTS, BotApi, HttpClient, Unreachable
from bot.api.dialer import Dialer
from bot.api.transport import HttpResponse, Transport, TransportError
from tests.e2e.wait import until_seen
from tests.fakes.certificates import certified
from tests.fakes.proxies import (
    SIGNED_IN,
    HttpProxy,
    Reader,
    SocksProxy,
    Talk,
    Way,
    Writer,
    listening,
)
from tests.fakes.scripted_server import HEAD_ENDS, Host, request_of, reset

OK = b"HTTP/1.1 200 OK\r\n"
FINE = OK + b"Content-Length: 4\r\n\r\nfine"
CLOSES = OK + b"Connection: close\r\nContent-Length: 4\r\n\r\nlast"
UNASKED = OK + b"Content-Length: 7\r\n\r\nunasked"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n2\r\nfi\r\n2\r\nne\r\n0\r\n\r\n"
ANSWER = HttpResponse(200, b"fine")
HANGS = 20.0
"""Seconds after which a test counts a request as hanging."""

Make = Callable[[Dialer], Transport]
both = pytest.mark.parametrize("http_client", TRANSPORTS)


@pytest.fixture(params=list(TRANSPORTS.values()), ids=list(TRANSPORTS))
def make(request: pytest.FixtureRequest) -> Make:
    """A class of transports."""
    made: Make = request.param
    return made


@asynccontextmanager
async def opened(
    make: Make, url: str, proxy: str | None = None, trust: ssl.SSLContext | None = None
) -> AsyncIterator[Transport]:
    """A transport to this server."""
    transport = make(Dialer(url, proxy, trust))
    try:
        yield transport
    finally:
        await transport.close()


@asynccontextmanager
async def to(make: Make, talk: Talk) -> AsyncIterator[Transport]:
    """A transport to a server that talks like this."""
    async with listening(talk) as port, opened(make, f"http://127.0.0.1:{port}") as transport:
        yield transport


async def ask(
    transport: Transport,
    *,
    target: str = "/ask",
    body: bytes = b"{}",
    time_limit: float = 5.0,
    idle_limit: float | None = None,
    limit: int = 100,
) -> HttpResponse:
    """A small request; it fails the test if it hangs."""
    async with asyncio.timeout(HANGS):
        return await transport.request(
            "POST",
            target,
            body,
            time_limit=time_limit,
            idle_limit=idle_limit,
            size_limit=limit,
        )


async def trouble(
    transport: Transport, *, time_limit: float = 5.0, idle_limit: float | None = None
) -> TransportError:
    """A request without a readable response."""
    with pytest.raises(TransportError) as caught:
        await ask(transport, time_limit=time_limit, idle_limit=idle_limit)
    return caught.value


async def until_ended(host: Host) -> None:
    """Wait until a connection is over."""
    await until_seen(lambda: host.ended > 0)


# --- right responses -----------------------------------------------------------------------------


async def test_one_after_another_is_one_connection(make: Make) -> None:
    host = Host([FINE] * 3)
    async with to(make, host) as transport:
        assert [await ask(transport) for _ in range(3)] == [ANSWER] * 3
        assert len(host.requests) == 1
        await transport.close()
        await until_ended(host)


async def test_no_compression_is_asked_for(make: Make) -> None:
    host = Host([FINE])
    async with to(make, host) as transport:
        await ask(transport)
    assert b"accept-encoding: identity\r\n" in host.requests[0][0].lower()


async def test_one_that_the_server_closes_is_not_used_again(make: Make) -> None:
    host = Host([CLOSES])
    async with to(make, host) as transport:
        assert [await ask(transport) for _ in range(2)] == [HttpResponse(200, b"last")] * 2
        assert len(host.requests) == 2


ZIPPED = gzip.compress(b"fine")


def zipped(body: bytes, coding: bytes = b"gzip") -> bytes:
    """A response whose body is compressed."""
    head = b"Content-Encoding: %s\r\nContent-Length: %d\r\n\r\n" % (coding, len(body))
    return OK + head + body


ODD: dict[str, tuple[bytes, HttpResponse]] = {
    "in chunks": (CHUNKED, ANSWER),
    "announced": (b"HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\n" + FINE, ANSWER),
    "announced thrice": (b"HTTP/1.1 100 Continue\r\n\r\n" * 3 + CHUNKED, ANSWER),
    "empty": (b"HTTP/1.1 204 No Content\r\n\r\n", HttpResponse(204, b"")),
    "trouble": (b"HTTP/1.1 502 Bad\r\nContent-Length: 1\r\n\r\nx", HttpResponse(502, b"x")),
    "elsewhere": (
        b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n",
        HttpResponse(302, b""),
    ),
    "trailers": (
        OK + b"Transfer-Encoding: chunked\r\n\r\n4\r\nfine\r\n0\r\nX-A: 1\r\nX-B: 2\r\n\r\n",
        ANSWER,
    ),
    "extensions": (
        OK + b'Transfer-Encoding: chunked\r\n\r\n4;a=1;b="2"\r\nfine\r\n0;c\r\n\r\n',
        ANSWER,
    ),
    "unasked gzip": (zipped(ZIPPED), ANSWER),
    "unasked deflate": (zipped(zlib.compress(b"fine"), b"deflate"), ANSWER),
    "unasked gzip in chunks": (
        OK
        + b"Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"
        + b"".join(b"1\r\n%c\r\n" % byte for byte in ZIPPED)
        + b"0\r\n\r\n",
        ANSWER,
    ),
    "identity": (zipped(b"fine", b"identity"), ANSWER),
}


@pytest.mark.parametrize(("said", "answer"), ODD.values(), ids=ODD.keys())
@pytest.mark.parametrize("piece", [0, 1], ids=["whole", "byte by byte"])
async def test_what_an_answer_may_look_like(
    make: Make, said: bytes, answer: HttpResponse, piece: int
) -> None:
    host = Host([said, FINE], piece=piece)
    async with to(make, host) as transport:
        assert await ask(transport) == answer
        assert await ask(transport) == ANSWER
        assert len(host.requests) == 1


UNTIL_THE_END = {
    "plain": OK + b"\r\nfine",
    "announced": OK + b"Connection: close\r\n\r\nfine",
    "old": b"HTTP/1.0 200 OK\r\n\r\nfine",
    "unasked gzip": OK + b"Content-Encoding: gzip\r\n\r\n" + ZIPPED,
}


@pytest.mark.parametrize("said", UNTIL_THE_END.values(), ids=UNTIL_THE_END.keys())
@pytest.mark.parametrize("piece", [0, 1], ids=["whole", "byte by byte"])
async def test_a_body_may_end_with_the_connection(make: Make, said: bytes, piece: int) -> None:
    host = Host([said], closes=True, piece=piece)
    async with to(make, host) as transport:
        assert [await ask(transport) for _ in range(2)] == [ANSWER] * 2
        assert len(host.requests) == 2


async def test_a_large_body_may_end_with_the_connection(make: Make) -> None:
    body = random.Random(1).randbytes(3_000_000)
    async with to(make, Host([OK + b"\r\n" + body], closes=True)) as transport:
        assert (await ask(transport, limit=4_000_000)).body == body


# --- limits --------------------------------------------------------------------------------------


@pytest.mark.parametrize("head", [b"Content-Length: 1000000\r\n", b""])
async def test_an_answer_that_is_too_long_is_cut_and_no_more_is_read(
    make: Make, head: bytes
) -> None:
    host = Host([OK + head + b"\r\n" + b"x" * 500])
    async with to(make, host) as transport:
        assert (await ask(transport, limit=7)).body == b"x" * 8
        await until_ended(host)


async def test_a_gzip_bomb_is_cut_like_a_body_that_is_too_long(make: Make) -> None:
    bomb = gzip.compress(b"\0" * 200_000_000)
    host = Host([zipped(bomb)])
    async with to(make, host) as transport:
        tracemalloc.start()
        try:
            assert (await ask(transport, limit=1000)).body == b"\0" * 1001
            assert tracemalloc.get_traced_memory()[1] < 20_000_000
        finally:
            tracemalloc.stop()


FLOODS = {
    "headers": (OK, b"X-Filler: " + b"x" * 1000 + b"\r\n"),
    "one header": (OK + b"X-Filler: ", b"x" * 1000),
    "one name": (OK, b"x" * 1000),
    "reason": (b"HTTP/1.1 200 ", b"x" * 1000),
    "interim responses": (b"", b"HTTP/1.1 100 Continue\r\nX: " + b"x" * 1000 + b"\r\n\r\n"),
    "trailers": (
        OK + b"Transfer-Encoding: chunked\r\n\r\n4\r\nfine\r\n0\r\n",
        b"X-Filler: " + b"x" * 1000 + b"\r\n",
    ),
    "one trailer": (OK + b"Transfer-Encoding: chunked\r\n\r\n0\r\nX-Filler: ", b"x" * 1000),
    "an extension": (OK + b"Transfer-Encoding: chunked\r\n\r\n4;a=", b"x" * 1000),
}


@pytest.mark.parametrize(("begin", "more"), FLOODS.values(), ids=FLOODS.keys())
async def test_a_flood_before_or_after_the_body_ends_within_the_time_limit(
    make: Make, begin: bytes, more: bytes
) -> None:
    async def floods(reader: Reader, writer: Writer) -> None:
        await request_of(reader)
        writer.write(begin)
        while True:
            writer.write(more * 20)
            await writer.drain()
            await asyncio.sleep(0.001)

    async with to(make, floods) as transport:
        tracemalloc.start()
        try:
            await trouble(transport, time_limit=1)
            assert tracemalloc.get_traced_memory()[1] < 20_000_000
        finally:
            tracemalloc.stop()


# --- no response ---------------------------------------------------------------------------------

BROKEN = {
    "another protocol": b"SSH-2.0-OpenSSH_9.2\r\n",
    "no status": b"HTTP/1.1 two hundred\r\n\r\n",
    "two lengths": OK + b"Content-Length: 4\r\nContent-Length: 5\r\n\r\nfine",
    "bad chunk": OK + b"Transfer-Encoding: chunked\r\n\r\nno number\r\n",
    "bad length": OK + b"Content-Length: -4\r\n\r\nfine",
    "nul bytes": b"\0" * 100,
    "html": b"<html><body>502</body></html>\r\n\r\n",
    "no gzip": zipped(b"fine"),
    "unknown compression": zipped(b"fine", b"br"),
}


@pytest.mark.parametrize("said", BROKEN.values(), ids=BROKEN.keys())
async def test_what_is_no_answer_ends_the_connection(make: Make, said: bytes) -> None:
    host = Host([said])
    async with to(make, host) as transport:
        assert not (await trouble(transport)).timed_out
        await until_ended(host)


async def test_an_unrequested_upgrade_is_no_answer(make: Make) -> None:
    upgrade = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"
    host = Host([upgrade])
    async with to(make, host) as transport:
        await trouble(transport, time_limit=1)
        await until_ended(host)


@pytest.mark.parametrize("said", [FINE, CHUNKED], ids=["length", "chunks"])
@pytest.mark.parametrize("ends", [reset, Writer.close], ids=["reset", "closed"])
async def test_an_answer_that_breaks_off_at_any_byte_is_no_answer(
    make: Make, said: bytes, ends: Callable[[Writer], None]
) -> None:
    lengths = iter(range(len(said) + 1))

    async def breaks_off(reader: Reader, writer: Writer) -> None:
        await request_of(reader)
        writer.write(said[: next(lengths)])
        ends(writer)

    async with to(make, breaks_off) as transport:
        for length in range(len(said) + 1):
            if length < len(said):
                assert not (await trouble(transport)).timed_out, length
            elif ends is Writer.close:
                assert await ask(transport) == ANSWER


async def test_a_body_until_the_end_that_is_reset_is_no_answer(make: Make) -> None:
    async def resets(reader: Reader, writer: Writer) -> None:
        await request_of(reader)
        writer.write(OK + b"\r\nfi")
        await asyncio.sleep(0.05)
        reset(writer)

    async with to(make, resets) as transport:
        assert not (await trouble(transport)).timed_out


async def test_who_has_waited_long_enough_does_not_leave_the_answer_to_the_next(
    make: Make,
) -> None:
    host = Host([b"", FINE])
    async with to(make, host) as transport:
        assert (await trouble(transport, time_limit=0.3)).timed_out
        await until_ended(host)


async def test_who_is_cancelled_closes_the_connection(make: Make) -> None:
    host = Host([b""])
    async with to(make, host) as transport:
        waiting = asyncio.create_task(ask(transport))
        await until_seen(lambda: host.requests != [] and host.requests[0] != [])
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        await until_ended(host)


# --- connections that stay open ------------------------------------------------------------------


@pytest.mark.parametrize("more", [UNASKED, UNASKED[:12], b"nonsense"])
async def test_what_nobody_asked_for_is_not_taken_for_the_next_answer(
    make: Make, more: bytes
) -> None:
    """aiohttp may fail the requests of such a connection, and our pool fails none."""
    async with to(make, Host([FINE + more, FINE])) as transport:
        answers = []
        for _ in range(3):
            with suppress(TransportError):
                answers.append(await ask(transport, time_limit=1))
        assert set(answers) <= {ANSWER}


async def test_a_late_second_answer_is_not_taken_for_the_next_answer(make: Make) -> None:
    first, told = asyncio.Event(), asyncio.Event()

    async def says_more(reader: Reader, writer: Writer) -> None:
        number = len((await request_of(reader)).partition(HEAD_ENDS)[2])
        writer.write(OK + b"Content-Length: 1\r\n\r\n%d" % number)
        await first.wait()
        writer.write(FINE)
        await writer.drain()
        told.set()
        await reader.read()

    async with to(make, says_more) as transport:
        assert (await ask(transport, body=b"x")).body == b"1"
        first.set()
        await told.wait()
        assert (await ask(transport, body=b"xx")).body == b"2"


async def test_one_that_the_server_closed_while_idle_is_not_used(make: Make) -> None:
    host = Host([FINE], closes=True)
    async with to(make, host) as transport:
        assert await ask(transport) == ANSWER
        await until_ended(host)
        await asyncio.sleep(0.05)
        assert await ask(transport) == ANSWER


@pytest.mark.parametrize("ends", [reset, Writer.close], ids=["reset", "closed"])
async def test_a_request_that_a_closing_connection_swallows_is_not_repeated(
    make: Make, ends: Callable[[Writer], None]
) -> None:
    """The server may have processed it; who calls decides whether it may happen twice."""
    requests: list[bytes] = []

    async def closes_at_the_second(reader: Reader, writer: Writer) -> None:
        requests.append(await request_of(reader))
        writer.write(FINE)
        requests.append(await request_of(reader))
        ends(writer)

    async with to(make, closes_at_the_second) as transport:
        assert await ask(transport) == ANSWER
        assert not (await trouble(transport)).timed_out
    assert len(requests) == 2


@pytest.mark.parametrize("then", ["keeps it open", "closes"])
async def test_an_early_refusal_of_a_large_body_is_the_answer(make: Make, then: str) -> None:
    connections = count()

    async def refuses(reader: Reader, writer: Writer) -> None:
        if next(connections):
            await Host([FINE])(reader, writer)
            return
        await reader.readuntil(HEAD_ENDS)
        writer.write(b"HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno")
        await writer.drain()
        await asyncio.sleep(0.2 if then == "closes" else HANGS)

    async with to(make, refuses) as transport:
        large = bytes(16 * 2**20)
        assert await ask(transport, body=large) == HttpResponse(413, b"no")
        assert await ask(transport) == ANSWER
        assert next(connections) == 2


async def test_a_large_body_arrives_whole(make: Make) -> None:
    body = random.Random(2).randbytes(5_000_001)
    host = Host([FINE, FINE])
    async with to(make, host) as transport:
        assert await ask(transport, body=body) == ANSWER
        assert await ask(transport) == ANSWER
    assert host.requests[0][0].endswith(HEAD_ENDS + body)


# --- files ---------------------------------------------------------------------------------------


async def test_a_slow_file_that_keeps_coming_is_read_to_its_end(make: Make) -> None:
    body = random.Random(3).randbytes(20 * 2**20)
    said = OK + b"Content-Length: %d\r\n\r\n" % len(body) + body
    host = Host([said], piece=2**20, pause=0.05)
    async with to(make, host) as transport:
        assert (await ask(transport, time_limit=HANGS, idle_limit=0.5, limit=2**25)).body == body


@pytest.mark.parametrize("said", [b"", OK, OK + b"Content-Length: 9\r\n\r\nhalf"])
async def test_a_file_that_stalls_fails_after_the_idle_limit(make: Make, said: bytes) -> None:
    host = Host([said])
    async with to(make, host) as transport:
        started = asyncio.get_running_loop().time()
        assert (await trouble(transport, time_limit=HANGS, idle_limit=0.2)).timed_out
        assert asyncio.get_running_loop().time() - started < 5
        await until_ended(host)


# --- many at once --------------------------------------------------------------------------------


@both
async def test_sends_that_hang_do_not_delay_get_updates(http_client: HttpClient) -> None:
    hanging = count()

    async def answers(reader: Reader, writer: Writer) -> None:
        while True:
            if b"/getUpdates" not in await request_of(reader):
                next(hanging)
                await asyncio.sleep(HANGS)
            writer.write(OK + b'Content-Length: 23\r\n\r\n{"ok":true,"result":[]}')

    async with listening(answers) as port:
        url = f"http://127.0.0.1:{port}"
        async with BotApi("4242:x", url, http_client=http_client) as api:
            sends = [
                asyncio.create_task(api.call("sendMessage", time_limit=HANGS)) for _ in range(150)
            ]
            await until_seen(lambda: repr(hanging) == "count(100)")
            for _ in range(5):
                assert await api.call("getUpdates", time_limit=2) == []
            for send in sends:
                send.cancel()
            await asyncio.gather(*sends, return_exceptions=True)


@both
async def test_get_updates_that_hangs_does_not_delay_sends(http_client: HttpClient) -> None:
    async def answers(reader: Reader, writer: Writer) -> None:
        while True:
            if b"/getUpdates" in await request_of(reader):
                await asyncio.sleep(HANGS)
            writer.write(OK + b'Content-Length: 25\r\n\r\n{"ok":true,"result":true}')

    async with listening(answers) as port:
        url = f"http://127.0.0.1:{port}"
        async with BotApi("4242:x", url, http_client=http_client) as api:
            polls = asyncio.create_task(api.call("getUpdates", time_limit=0.3))
            answered = [api.call("sendMessage", time_limit=5) for _ in range(150)]
            assert await asyncio.gather(*answered) == [True] * 150
            with pytest.raises(Unreachable):
                await polls


def numbered(target: bytes, chance: random.Random) -> tuple[list[bytes], bool]:
    """The pieces of a response with the request's number, and whether the connection stays."""
    length = OK + b"Content-Length: %d\r\n\r\n" % len(target) + target
    chunk = b"%x\r\n%s\r\n0\r\n\r\n" % (len(target), target)
    chunked = OK + b"Transfer-Encoding: chunked\r\n\r\n" + chunk
    cut = chance.randrange(len(length))
    return chance.choice(
        [
            ([length], True),
            ([chunked], True),
            ([b"HTTP/1.1 100 Continue\r\n\r\n", length], True),
            ([length[i : i + 7] for i in range(0, len(length), 7)], True),
            ([length[:cut]], False),
            ([length + length], True),
            ([OK + b"Connection: close\r\n\r\n" + target], False),
            ([b"nonsense\r\n\r\n"], False),
            ([length[:cut], b"", b"", length[cut:]], True),
            ([], False),
        ]
    )


@pytest.mark.parametrize("seed", range(5))
async def test_each_answer_belongs_to_its_request(make: Make, seed: int) -> None:
    chance = random.Random(seed)

    async def is_unreliable(reader: Reader, writer: Writer) -> None:
        stays = True
        while stays:
            target = (await request_of(reader)).split(b" ")[1]
            pieces, stays = numbered(target, chance)
            for piece in pieces:
                if writer.is_closing():
                    return
                writer.write(piece)
                await asyncio.sleep(chance.choice([0, 0, 0.001, 0.02]))
        if chance.random() < 0.5:
            reset(writer)

    async def outcome(transport: Transport, number: int) -> str | None:
        await asyncio.sleep(chance.random() * 0.5)
        try:
            limit = chance.choice([0.01, 5, 5])
            answer = await ask(transport, target=f"/{number}", time_limit=limit)
        except TransportError:
            return None
        return answer.body.decode()

    async with to(make, is_unreliable) as transport:
        outcomes = await asyncio.gather(*(outcome(transport, number) for number in range(400)))
    wrong = {
        number: told for number, told in enumerate(outcomes) if told not in (None, f"/{number}")
    }
    assert wrong == {}
    assert sum(told is not None for told in outcomes) > 100


# --- ways ----------------------------------------------------------------------------------------


async def test_the_server_may_have_an_address_of_ipv6(make: Make) -> None:
    async with (
        listening(Host([FINE, FINE]), host="::1") as port,
        opened(make, f"http://[::1]:{port}/api") as transport,
    ):
        assert [await ask(transport) for _ in range(2)] == [ANSWER] * 2


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's and a client's side of TLS."""
    return certified(Path(tmp_path_factory.mktemp("tls")), "localhost", "telegram.invalid")


async def test_tls_carries_all_kinds_of_bodies(
    make: Make, tls: tuple[ssl.SSLContext, ssl.SSLContext]
) -> None:
    body = random.Random(4).randbytes(3_000_000)
    host = Host([FINE, CHUNKED, zipped(ZIPPED), FINE, OK + b"\r\nfine"], closes=True)
    async with (
        listening(host, tls[0]) as port,
        opened(make, f"https://localhost:{port}", trust=tls[1]) as transport,
    ):
        for sent in (b"", b"{}", b"{}", body, b"{}"):
            assert await ask(transport, body=sent) == ANSWER
    assert sum(map(len, host.requests)) == 5


async def test_tls_that_breaks_off_is_no_answer(
    make: Make, tls: tuple[ssl.SSLContext, ssl.SSLContext]
) -> None:
    async def resets(reader: Reader, writer: Writer) -> None:
        await request_of(reader)
        writer.write(FINE[:-1])
        await writer.drain()
        writer.transport.abort()

    async with (
        listening(resets, tls[0]) as port,
        opened(make, f"https://localhost:{port}", trust=tls[1]) as transport,
    ):
        assert not (await trouble(transport)).timed_out


async def test_a_certificate_that_nobody_vouches_for_is_not_believed(
    make: Make, tls: tuple[ssl.SSLContext, ssl.SSLContext]
) -> None:
    host = Host([FINE])
    async with (
        listening(host, tls[0]) as port,
        opened(make, f"https://localhost:{port}") as transport,
    ):
        assert not (await trouble(transport)).timed_out
    assert host.requests in ([], [[]])


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize(
    ("way", "asks"), [("http://", HttpProxy), ("socks5://", SocksProxy)], ids=["http", "socks5"]
)
async def test_a_proxy_carries_everything(
    make: Make,
    way: str,
    asks: type[HttpProxy] | type[SocksProxy],
    scheme: str,
    tls: tuple[ssl.SSLContext, ssl.SSLContext],
) -> None:
    body = random.Random(5).randbytes(1_000_000)
    host = Host([FINE, CHUNKED, FINE, OK + b"\r\nfine"], closes=True)
    async with listening(host, tls[0] if scheme == "https" else None) as port:
        proxy = asks(Way(port), asks=True)
        async with (
            listening(proxy) as proxy_port,
            opened(
                make,
                f"{scheme}://telegram.invalid",
                f"{way}{SIGNED_IN}127.0.0.1:{proxy_port}",
                tls[1],
            ) as transport,
        ):
            for sent in (b"", body, b"{}", b"{}"):
                assert await ask(transport, body=sent) == ANSWER
    assert {name for name, _ in proxy.seen} == {"telegram.invalid"}


@pytest.mark.parametrize("url", ["http://[broken", "http://", "http://no such host:99999"])
async def test_an_address_that_is_none_is_trouble(make: Make, url: str) -> None:
    async with opened(make, url) as transport:
        await trouble(transport)
