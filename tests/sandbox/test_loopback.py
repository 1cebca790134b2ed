"""The sandbox rejects foreign HTTP requests and web sockets."""

import pytest
from starlette.types import Message, Receive, Scope, Send

from bot.sandbox.loopback import LoopbackOnly, is_from_loopback

OURS = (b"127.0.0.1", b"127.0.0.1:8080", b"localhost", b"LocalHost:1", b"[::1]", b"[::1]:65535")
NOT_OURS = (
    b"",
    b"evil.example",
    b"127.0.0.1.evil.example",
    b"localhost.evil.example:8080",
    b"evil.example:127.0.0.1",
    b"user@localhost",
    b"127.0.0.2",
    b"0.0.0.0:8080",
    b"::1",
    b"localhost:",
    b"localhost:80\n",
)


@pytest.mark.parametrize("host", OURS)
def test_a_name_of_this_computer(host: bytes) -> None:
    assert is_from_loopback([(b"host", host)])
    assert is_from_loopback([(b"host", host), (b"origin", b"http://" + host)])


@pytest.mark.parametrize("host", NOT_OURS)
def test_any_other_name(host: bytes) -> None:
    assert not is_from_loopback([(b"host", host)])
    assert not is_from_loopback([(b"host", b"localhost"), (b"origin", b"http://" + host)])


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [(b"host", b"localhost"), (b"host", b"evil.example")],
        [(b"host", b"localhost"), (b"origin", b"null")],
        [(b"host", b"localhost"), (b"origin", b"file://localhost")],
    ],
)
def test_no_host_two_hosts_and_an_origin_without_a_place(
    headers: list[tuple[bytes, bytes]],
) -> None:
    assert not is_from_loopback(headers)


@pytest.mark.parametrize(
    ("origin", "answers"),
    [
        (b"http://localhost:8080", ["reached"]),
        (b"https://evil.example", ["websocket.close"]),
    ],
)
async def test_a_web_socket_of_a_strangers_page_is_not_accepted(
    origin: bytes, answers: list[str]
) -> None:
    seen: list[str] = []

    async def application(_: Scope, __: Receive, ___: Send) -> None:
        seen.append("reached")

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        seen.append(message["type"])

    headers = [(b"host", b"localhost:8080"), (b"origin", origin)]
    await LoopbackOnly(application)({"type": "websocket", "headers": headers}, receive, send)
    assert seen == answers


@pytest.mark.parametrize("site", [b"cross-site", b"same-site", b"Cross-Site", b"x"])
def test_a_picture_or_link_of_another_site_has_no_origin_and_is_refused(site: bytes) -> None:
    assert not is_from_loopback([(b"host", b"localhost:8017"), (b"sec-fetch-site", site)])


@pytest.mark.parametrize("site", [b"same-origin", b"none"])
def test_the_page_itself_and_the_address_bar_pass(site: bytes) -> None:
    assert is_from_loopback([(b"host", b"localhost:8017"), (b"sec-fetch-site", site)])


async def test_no_page_shows_the_sandbox_in_a_frame() -> None:
    sent: list[Message] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"x", b"y")]})
        await send({"type": "http.response.body", "body": b""})

    async def receives() -> Message:
        return {"type": "http.request"}

    async def sends(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "headers": [(b"host", b"localhost")]}
    await LoopbackOnly(app)(scope, receives, sends)
    assert (b"content-security-policy", b"frame-ancestors 'none'") in sent[0]["headers"]
