"""Telegram through proxies: HTTP and SOCKS, in the clear and over TLS, and when they fail.

Nothing but the proxy knows the way: the address that the bot is given leads nowhere.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import ssl
import traceback
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import uvloop
from telegram.ext import ExtBot

from bot.api.client import ApiError, BotApi, Unreachable
from tests.fakes.certificates import certified
from tests.fakes.proxies import (
    PASSWORD,
    SIGNED_IN,
    HttpProxy,
    Proxy,
    Socks4Proxy,
    SocksProxy,
    Way,
    listening,
)
from tests.fakes.telegram_server import (
    FakeTelegramServer,
    never_answers,
    raw,
    says,
    serving,
)

TOKEN = "4242:a-token-that-nobody-may-see"
HOST = "telegram.invalid"
ASKED = (HOST, 443)

Make = Callable[[Way], Proxy]
WAYS: dict[str, tuple[str, Make]] = {
    "http": ("http://", HttpProxy),
    "http, signed in": (f"http://{SIGNED_IN}", lambda way: HttpProxy(way, asks=True)),
    "socks5": ("socks5://", SocksProxy),
    "socks5h": ("socks5h://", SocksProxy),
    "socks5, signed in": (f"socks5://{SIGNED_IN}", lambda way: SocksProxy(way, asks=True)),
    "socks4a": ("socks4a://", Socks4Proxy),
}
every_way = pytest.mark.parametrize(("scheme", "make"), WAYS.values(), ids=WAYS.keys())


@asynccontextmanager
async def through(
    scheme: str, proxy: Proxy, address: str, trust: ssl.SSLContext | None = None
) -> AsyncIterator[BotApi]:
    """A line through a proxy of this scheme."""
    async with (
        listening(proxy) as port,
        BotApi(TOKEN, address, f"{scheme}127.0.0.1:{port}", trust=trust) as api,
    ):
        yield api


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's and a client's side of TLS for ``HOST``."""
    return certified(tmp_path_factory.mktemp("tls"), HOST)


def port_of(telegram: FakeTelegramServer) -> int:
    """Return the server's real port."""
    return int(telegram.address.rpartition(":")[2])


@every_way
async def test_everything_goes_through_the_proxy(scheme: str, make: Make) -> None:
    answers = says("here"), raw(b"bytes"), says({"message_id": 8})
    async with serving(*answers) as (_, telegram):
        proxy = make(Way(port_of(telegram)))
        async with through(scheme, proxy, f"http://{HOST}") as api:
            assert await api.call("getMe") == "here"
            assert await api.download("photos/1.jpg", 10) == b"bytes"
            assert await api.call("sendPhoto", files={"photo": b"\\x89PNG"}) == {"message_id": 8}
    assert set(proxy.seen) == {(HOST, 80)}
    paths = [asked.path.removeprefix(f"/bot{TOKEN}") for asked in telegram.asked]
    assert paths == ["/getMe", f"/file/bot{TOKEN}/photos/1.jpg", "/sendPhoto"]


@every_way
async def test_tls_goes_through_the_proxy_unread(
    scheme: str, make: Make, tls: tuple[ssl.SSLContext, ssl.SSLContext]
) -> None:
    server, client = tls
    async with serving(says("here"), raw(b"bytes" * 50_000), tls=server) as (_, telegram):
        proxy = make(Way(port_of(telegram)))
        async with through(scheme, proxy, f"https://{HOST}", client) as api:
            assert await api.call("getMe") == "here"
            assert len(await api.download("f", 1_000_000)) == 250_000
    assert set(proxy.seen) == {ASKED}
    if isinstance(proxy, HttpProxy):
        assert set(proxy.methods) == {"CONNECT"}


@every_way
async def test_a_certificate_that_nobody_vouches_for_is_not_believed(
    scheme: str, make: Make, tls: tuple[ssl.SSLContext, ssl.SSLContext]
) -> None:
    async with serving(says("here"), tls=tls[0]) as (_, telegram):
        async with through(scheme, make(Way(port_of(telegram))), f"https://{HOST}") as api:
            await is_trouble(api)
        assert telegram.asked == []


async def test_a_certificate_of_another_is_not_believed(
    tls: tuple[ssl.SSLContext, ssl.SSLContext],
) -> None:
    server, client = tls
    async with serving(says("here"), tls=server) as (_, telegram):
        way = Way(port_of(telegram))
        async with through("socks5://", SocksProxy(way), "https://other.invalid", client) as api:
            await is_trouble(api)


async def test_the_old_socks_gets_an_address_that_we_looked_up(
    tls: tuple[ssl.SSLContext, ssl.SSLContext], tmp_path: Path
) -> None:
    server, client = certified(tmp_path, "localhost")
    async with serving(says("here"), tls=server) as (_, telegram):
        proxy = Socks4Proxy(Way(port_of(telegram)))
        async with through("socks4://", proxy, "https://localhost", client) as api:
            assert await api.call("getMe") == "here"
    assert proxy.seen == [("127.0.0.1", 443)]


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("run", [asyncio.run, uvloop.run], ids=["asyncio", "uvloop"])
def test_the_way_to_the_proxy_may_be_over_tls_too(
    run: Callable[[Coroutine[None, None, None]], None], scheme: str, tmp_path: Path
) -> None:
    run(_over_tls(scheme, tmp_path))


async def _over_tls(scheme: str, tmp_path: Path) -> None:
    server, client = certified(tmp_path, HOST, "localhost")
    answers = says("here"), raw(b"bytes" * 50_000)
    async with serving(*answers, tls=server if scheme == "https" else None) as (_, telegram):
        proxy = HttpProxy(Way(port_of(telegram)), asks=True)
        async with (
            listening(proxy, server) as port,
            BotApi(
                TOKEN,
                f"{scheme}://{HOST}",
                f"https://{SIGNED_IN}localhost:{port}",
                trust=client,
            ) as api,
        ):
            assert await api.call("getMe") == "here"
            gc.collect()
            assert len(await api.download("f", 1_000_000)) == 250_000
    assert proxy.methods == ["CONNECT"]


@pytest.mark.parametrize(
    ("proxy", "port"),
    [("http://localhost", 80), ("https://localhost", 443), ("http://u:p@localhost/", 80)],
)
async def test_a_proxy_without_a_port_is_at_the_usual_one(
    proxy: str, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, int]] = []

    async def asks(host: str, port: int, **_: object) -> None:
        asked.append((host, port))
        raise ConnectionRefusedError

    monkeypatch.setattr("asyncio.open_connection", asks)
    async with BotApi(TOKEN, f"http://{HOST}", proxy) as api:
        await is_trouble(api)
    assert asked == [("localhost", port)]


async def test_ptb_goes_the_same_way() -> None:
    me = {"id": 4242, "is_bot": True, "first_name": "Baoming", "username": "baoming_bot"}
    async with serving(says(me)) as (_, telegram):
        proxy = SocksProxy(Way(port_of(telegram)))
        async with through("socks5://", proxy, f"http://{HOST}") as api:
            base = f"http://{HOST}/bot"
            async with ExtBot(TOKEN, base_url=base, request=api, get_updates_request=api) as bot:
                assert bot.username == "baoming_bot"
    assert proxy.seen == [(HOST, 80)]


# --- trouble -------------------------------------------------------------------------------------


async def is_trouble(api: BotApi, time_limit: float = 5) -> Unreachable:
    """A call that fails for want of an answer, with nothing secret in its words."""
    with pytest.raises(Unreachable) as called:
        await api.call("getMe", time_limit=time_limit)
    assert_silent("".join(traceback.format_exception(called.value)))
    return called.value


def assert_silent(told: str) -> None:
    """Neither password nor token is in it."""
    assert PASSWORD not in told
    assert TOKEN.partition(":")[2] not in told


REFUSING: dict[str, tuple[str, Make]] = {
    "http 407": ("http://", lambda way: HttpProxy(way, asks=True)),
    "http 407, wrong password": ("http://u:wrong@", lambda way: HttpProxy(way, asks=True)),
    "http 403": (f"http://{SIGNED_IN}", lambda way: HttpProxy(way, status=403)),
    "http 502": (f"http://{SIGNED_IN}", lambda way: HttpProxy(way, status=502)),
    "socks5, nobody signed in": ("socks5://", lambda way: SocksProxy(way, asks=True)),
    "socks5, wrong password": ("socks5://u:wrong@", lambda way: SocksProxy(way, asks=True)),
    "socks5 not allowed": (f"socks5://{SIGNED_IN}", lambda way: SocksProxy(way, 2, asks=True)),
    "socks5 host unreachable": ("socks5://", lambda way: SocksProxy(way, 4)),
    "socks5 connection refused": ("socks5://", lambda way: SocksProxy(way, 5)),
    "socks4a refused": ("socks4a://", lambda way: Socks4Proxy(way, granted=False)),
    "socks5 to a web server": (f"socks5://{SIGNED_IN}", lambda way: HttpProxy(way, status=400)),
    "http to a socks server": (f"http://{SIGNED_IN}", SocksProxy),
}


@pytest.mark.parametrize("address", [f"http://{HOST}", f"https://{HOST}"])
@pytest.mark.parametrize(("scheme", "make"), REFUSING.values(), ids=REFUSING.keys())
async def test_a_proxy_that_refuses_is_trouble(
    scheme: str, make: Make, address: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with through(scheme, make(Way(9)), address) as api:
        await is_trouble(api, time_limit=1)
    assert_silent(caplog.text)


@every_way
async def test_a_proxy_that_dies_in_a_transfer_is_trouble_and_the_next_call_works(
    scheme: str, make: Make, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with serving(raw(b"x" * 200_000), says("here")) as (_, telegram):
        way = Way(port_of(telegram), bytes=5_000)
        async with through(scheme, make(way), f"http://{HOST}") as api:
            with pytest.raises(Unreachable) as broken:
                await api.download("f", 1_000_000)
            assert_silent("".join(traceback.format_exception(broken.value)))
            way.bytes = None
            assert await api.call("getMe") == "here"
    assert_silent(caplog.text)


@every_way
async def test_a_slow_proxy_is_waited_for_no_longer_than_asked(scheme: str, make: Make) -> None:
    async with serving(says("here")) as (_, telegram):
        way = Way(port_of(telegram), seconds=0.3)
        async with through(scheme, make(way), f"http://{HOST}") as api:
            assert (await is_trouble(api, time_limit=0.05)).timed_out
            assert await api.call("getMe") == "here"


@every_way
async def test_somebody_who_keeps_silent_behind_a_proxy_is_not_waited_for_for_ever(
    scheme: str, make: Make
) -> None:
    async with serving(never_answers) as (_, telegram):
        proxy = make(Way(port_of(telegram)))
        async with through(scheme, proxy, f"http://{HOST}") as api:
            assert (await is_trouble(api, time_limit=0.1)).timed_out


@pytest.mark.parametrize(
    "scheme", ["socks5://", "socks5h://", "socks4://", "socks4a://", "http://"]
)
async def test_a_proxy_that_is_not_there_is_trouble(scheme: str) -> None:
    async def nothing(*_: object) -> None:
        """Never called."""

    async with listening(nothing) as port:
        pass
    async with BotApi(TOKEN, "http://127.0.0.1:9", f"{scheme}{SIGNED_IN}127.0.0.1:{port}") as api:
        await is_trouble(api)


async def test_a_refusal_of_telegrams_is_still_one_through_a_proxy() -> None:
    async with serving(raw(b"", 404)) as (_, telegram):
        proxy = SocksProxy(Way(port_of(telegram)))
        async with through("socks5://", proxy, f"http://{HOST}") as api:
            with pytest.raises(ApiError):
                await api.download("f", 10)
