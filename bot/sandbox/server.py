"""The sandbox over HTTP: the Bot API as Telegram serves it, and the people's side for tests."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qsl

import orjson
from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from bot.sandbox.acts import act_routes
from bot.sandbox.api import Answer, Api, HangUp, Reader, refused
from bot.sandbox.files import Upload
from bot.sandbox.hosts import LoopbackOnly
from bot.sandbox.models import read
from bot.sandbox.refusals import Refusal, broken
from bot.sandbox.sending import Uploads
from bot.sandbox.world import World

HANG_UP = "sandbox.hang_up"
"""ASGI extension by which a server lets an application close the connection without an answer."""
_LARGEST_FIELD = 1 << 20
_FILE_PARAMETERS = frozenset({"photo", "document", "thumbnail", "certificate"})
"""Parameters whose file may come in a part of the same name, without attach://."""


def create_server(
    world: World,
    *,
    methods: frozenset[str] | None = None,
    webhook_pause: float = 1.0,
    reader: Reader = read,
) -> Starlette:
    """The application for a world: `/bot<token>/<method>`, `/file/bot<token>/…`, `/sandbox/…`.

    `methods` makes it a smaller server that knows only these. `webhook_pause`: seconds before a
    webhook is tried again. `reader` judges the parameters of calls. Its lifespan must run (uvicorn
    runs it); `app.state.api` is its Api.
    """
    api = Api(world, methods, webhook_pause, reader)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        api.start()
        yield
        await api.stop()

    routes = [
        Route("/bot{token}/{method}", _BotApi(world, api), methods=["GET", "POST"]),
        Route("/file/bot{token}/{path:path}", _FileDownload(world), methods=["GET"]),
        *act_routes(world),
    ]
    app = Starlette(routes=routes, middleware=[Middleware(LoopbackOnly)], lifespan=lifespan)
    app.state.api = api
    return app


class _BotApi:
    """One endpoint for all methods; plain ASGI, since every microsecond of it counts."""

    def __init__(self, world: World, api: Api) -> None:
        self._token = world.bot.token
        self._api = api

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        given = scope["path_params"]
        try:
            if given["token"] != self._token:
                answer = refused(_unauthorized(given["token"]))
            else:
                raw, uploads = await _parameters(scope, receive)
                calling = self._api.call(given["method"], raw, uploads)
                if given["method"].lower() == "getupdates":
                    answer = await _unless_gone(calling, receive)
                else:
                    answer = await calling
        except Refusal as refusal:
            answer = refused(refusal)
        except HangUp as fault:
            await _hang_up(scope, receive, send, fault.seconds)
            return
        await _send(send, answer)


class _FileDownload:
    """https://core.telegram.org/bots/api#getfile: the file behind a file_path."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        given = scope["path_params"]
        if given["token"] != self._world.bot.token:
            await _send(send, refused(_unauthorized(given["token"])))
            return
        content = self._world.files.content(path=given["path"])
        if content is None:
            await _send(send, refused(Refusal(404, "Not Found")))
            return
        await _send(send, Answer(200, content), b"application/octet-stream")


def _unauthorized(token: str) -> Refusal:
    number, colon, _ = token.partition(":")
    if not colon or not number.isdecimal() or number.startswith("0"):
        return Refusal(401, "Unauthorized: invalid token specified")
    return Refusal(401, "Unauthorized")


async def _parameters(scope: Scope, receive: Receive) -> tuple[dict[str, Any], Uploads]:
    """The call's parameters, from the address and from a body in any of the four forms."""
    query = scope["query_string"]
    raw: dict[str, Any] = dict(parse_qsl(query.decode())) if query else {}
    kind = next((value for name, value in scope["headers"] if name == b"content-type"), b"")
    if kind.startswith(b"multipart/"):
        return await _multipart(Request(scope, receive), raw)
    body = await _body(receive)
    if body and kind.startswith(b"application/json"):
        try:
            sent = orjson.loads(body)
        except orjson.JSONDecodeError as error:
            raise broken("can't parse JSON object") from error
        if not isinstance(sent, dict):
            raise broken("object expected")
        raw.update(sent)
    elif body:
        raw.update(parse_qsl(body.decode(), keep_blank_values=True))
    return raw, {}


async def _body(receive: Receive) -> bytes:
    message = await receive()
    body: bytes = message.get("body", b"")
    while message.get("more_body"):
        message = await receive()
        body += message.get("body", b"")
    return body


async def _multipart(request: Request, raw: dict[str, Any]) -> tuple[dict[str, Any], Uploads]:
    """Fields and files; a file in a parameter's own part is named in `raw` by `attach://`."""
    uploads: dict[str, Upload] = {}
    async with request.form(max_files=20, max_part_size=_LARGEST_FIELD) as form:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                content = await value.read()
                uploads[name] = Upload(value.filename or name, content, value.content_type)
            else:
                raw[name] = value
    for name in uploads:
        if name in _FILE_PARAMETERS:
            raw[name] = f"attach://{name}"
    return raw, uploads


async def _unless_gone(calling: Any, receive: Receive) -> Answer:
    """Do not keep waiting for updates on behalf of a bot that has closed the connection."""
    call = asyncio.ensure_future(calling)
    gone = asyncio.ensure_future(_gone(receive))
    await asyncio.wait((call, gone), return_when=asyncio.FIRST_COMPLETED)
    gone.cancel()
    if not call.done():
        call.cancel()
        raise HangUp(0.0)
    answer: Answer = await call
    return answer


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _send(send: Send, answer: Answer, kind: bytes = b"application/json") -> None:
    headers = [(b"content-type", kind), (b"content-length", str(len(answer.body)).encode())]
    if answer.retry_after is not None:
        headers.append((b"retry-after", str(answer.retry_after).encode()))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})


async def _hang_up(scope: Scope, receive: Receive, send: Send, seconds: float) -> None:
    """Close the connection after `seconds`, or when the client has had enough."""
    if seconds > 0:
        gone = asyncio.ensure_future(_gone(receive))
        await asyncio.wait((gone,), timeout=seconds)
        gone.cancel()
    hang_up = scope.get("extensions", {}).get(HANG_UP)
    if hang_up is not None:
        hang_up["call"]()
    else:
        # A server without the extension: promise a body and end without it, which makes it close.
        headers = [(b"content-length", b"1")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
