"""Only this computer talks to the sandbox.

The sandbox listens on loopback, but a browser will carry a stranger's page there as well: by a host
name that resolves to 127.0.0.1 (DNS rebinding), or by a form, a fetch or a web socket aimed at it.
The first is seen in the Host header, the second in Origin, which browsers add by themselves.
"""

import re
from collections.abc import Iterable

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

_HOST = re.compile(rb"(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?", re.IGNORECASE)
_ORIGIN = re.compile(rb"https?://(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?", re.IGNORECASE)
# RFC 6455, 7.4.1: the endpoint refuses because of its policy.
_POLICY_VIOLATION = 1008


def is_ours(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Whether a request with these raw ASGI headers was made to and from this computer.

    Exactly one Host, naming 127.0.0.1, localhost or [::1] with any port; and, where a browser says
    on whose behalf it asks, an Origin that names the same.
    """
    hosts: list[bytes] = []
    origins: list[bytes] = []
    for name, value in headers:
        if name == b"host":
            hosts.append(value)
        elif name == b"origin":
            origins.append(value)
    return (
        len(hosts) == 1
        and _HOST.fullmatch(hosts[0]) is not None
        and all(_ORIGIN.fullmatch(origin) for origin in origins)
    )


class LoopbackOnly:
    """ASGI middleware: requests that are not `is_ours` get 400; web sockets are not accepted."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer it here."""
        if scope["type"] not in {"http", "websocket"} or is_ours(scope["headers"]):
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            refusal = PlainTextResponse("Bad Request: not from this computer\n", status_code=400)
            await refusal(scope, receive, send)
        else:
            await receive()
            await send({"type": "websocket.close", "code": _POLICY_VIOLATION})
