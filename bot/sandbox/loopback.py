"""ASGI middleware that rejects requests which web pages of other sites make to the sandbox.

A foreign page reaches loopback through DNS rebinding, by a form, a fetch or a web socket, or by a
picture or a link, which have no Origin. The headers Host, Origin and Sec-Fetch-Site reveal them;
browsers add these themselves. No page may show the sandbox in a frame of its own.
"""

import re
from collections.abc import Iterable

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK_HOSTS = frozenset({"127.0.0.1", "::1", "localhost"})
_HOST = re.compile(rb"(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?", re.IGNORECASE)
_ORIGIN = re.compile(rb"https?://(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?", re.IGNORECASE)
_OWN_SITES = frozenset({b"same-origin", b"none"})
"""Values of Sec-Fetch-Site: the sandbox's own page, or the address bar."""
_NO_FRAME = (b"content-security-policy", b"frame-ancestors 'none'")
# RFC 6455, 7.4.1: the endpoint refuses because of its policy.
_POLICY_VIOLATION = 1008


def is_from_loopback(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Return whether a request with these raw ASGI headers comes from this computer.

    It has exactly one Host: 127.0.0.1, localhost or [::1] with any port. Every Origin names one of
    them too. No browser says that another site made it.
    """
    hosts: list[bytes] = []
    origins: list[bytes] = []
    sites: list[bytes] = []
    for name, value in headers:
        if name == b"host":
            hosts.append(value)
        elif name == b"origin":
            origins.append(value)
        elif name == b"sec-fetch-site":
            sites.append(value.lower())
    return (
        len(hosts) == 1
        and _HOST.fullmatch(hosts[0]) is not None
        and all(_ORIGIN.fullmatch(origin) for origin in origins)
        and _OWN_SITES.issuperset(sites)
    )


def _unframed(send: Send) -> Send:
    """Return a function that sends a response, and forbids to show it in a frame."""

    async def send_unframed(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = [*message.get("headers", ())]
            if not any(name == _NO_FRAME[0] for name, _ in headers):
                message = {**message, "headers": [*headers, _NO_FRAME]}
        await send(message)

    return send_unframed


class LoopbackOnly:
    """ASGI middleware: a foreign request gets 400, and a foreign web socket is closed."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Forward the request, or reject it."""
        if scope["type"] not in {"http", "websocket"} or is_from_loopback(scope["headers"]):
            await self._app(scope, receive, _unframed(send))
        elif scope["type"] == "http":
            refusal = PlainTextResponse("Bad Request: not from this computer\n", status_code=400)
            await refusal(scope, receive, send)
        else:
            await receive()
            await send({"type": "websocket.close", "code": _POLICY_VIOLATION})
