"""The HTTP endpoints of the Bot API."""

import asyncio
from typing import Any
from urllib.parse import parse_qsl

import orjson
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from bot.sandbox.api.bot_api import Answer, BotApi, HangUp, error_answer
from bot.sandbox.api.send_methods import Uploads
from bot.sandbox.rules.refusals import Refusal, invalid_call
from bot.sandbox.world import World
from bot.sandbox.world.files import Upload

HANG_UP = "sandbox.hang_up"
"""The ASGI extension that closes the connection without an answer."""
_MAX_FIELD_BYTES = 1 << 20
_FILE_PARAMETERS = frozenset({"photo", "document", "thumbnail", "certificate"})
"""Parameters that may be a file part of the same name, without attach://."""


def bot_api_routes(world: World, api: BotApi) -> list[Route]:
    """Return the routes `/bot<token>/<method>` and `/file/bot<token>/<file_path>`."""
    return [
        Route("/bot{token}/{method}", _MethodEndpoint(world, api), methods=["GET", "POST"]),
        Route("/file/bot{token}/{path:path}", _FileEndpoint(world), methods=["GET"]),
    ]


class _MethodEndpoint:
    """The endpoint of all methods; plain ASGI, for speed."""

    def __init__(self, world: World, api: BotApi) -> None:
        self._token = world.bot.token
        self._api = api

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path_params"]
        try:
            if path["token"] != self._token:
                answer = error_answer(_unauthorized(path["token"]))
            else:
                raw, uploads = await _parameters(scope, receive)
                calling = self._api.call(path["method"], raw, uploads)
                if path["method"].lower() == "getupdates":
                    answer = await _until_disconnect(calling, receive)
                else:
                    answer = await calling
        except Refusal as refusal:
            answer = error_answer(refusal)
        except HangUp as fault:
            await _hang_up(scope, receive, send, fault.seconds)
            return
        await _send(send, answer)


class _FileEndpoint:
    """https://core.telegram.org/bots/api#getfile: the download by file_path."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path_params"]
        if path["token"] != self._world.bot.token:
            await _send(send, error_answer(_unauthorized(path["token"])))
            return
        content = self._world.files.content(path=path["path"])
        if content is None:
            await _send(send, error_answer(Refusal(404, "Not Found")))
            return
        await _send(send, Answer(200, content), b"application/octet-stream")


def _unauthorized(token: str) -> Refusal:
    number, colon, _ = token.partition(":")
    if not colon or not number.isdecimal() or number.startswith("0"):
        return Refusal(401, "Unauthorized: invalid token specified")
    return Refusal(401, "Unauthorized")


async def _parameters(scope: Scope, receive: Receive) -> tuple[dict[str, Any], Uploads]:
    """Return the parameters from the query string and a JSON, form or multipart body."""
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
            raise invalid_call("can't parse JSON object") from error
        if not isinstance(sent, dict):
            raise invalid_call("object expected")
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
    """Return fields and files; `raw` refers to a file parameter by `attach://`."""
    uploads: dict[str, Upload] = {}
    async with request.form(max_files=20, max_part_size=_MAX_FIELD_BYTES) as form:
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


async def _until_disconnect(calling: Any, receive: Receive) -> Answer:
    """Await a long poll; cancel it and raise HangUp if the bot disconnects."""
    call = asyncio.ensure_future(calling)
    disconnected = asyncio.ensure_future(_disconnected(receive))
    await asyncio.wait((call, disconnected), return_when=asyncio.FIRST_COMPLETED)
    disconnected.cancel()
    if not call.done():
        call.cancel()
        raise HangUp(0.0)
    answer: Answer = await call
    return answer


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _send(send: Send, answer: Answer, kind: bytes = b"application/json") -> None:
    headers = [(b"content-type", kind), (b"content-length", str(len(answer.body)).encode())]
    if answer.retry_after is not None:
        headers.append((b"retry-after", str(answer.retry_after).encode()))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})


async def _hang_up(scope: Scope, receive: Receive, send: Send, seconds: float) -> None:
    """Close the connection after `seconds`, or when the client disconnects."""
    if seconds > 0:
        disconnected = asyncio.ensure_future(_disconnected(receive))
        await asyncio.wait((disconnected,), timeout=seconds)
        disconnected.cancel()
    hang_up = scope.get("extensions", {}).get(HANG_UP)
    if hang_up is not None:
        hang_up["call"]()
    else:
        # Without the extension: a body shorter than its content-length makes a server close.
        headers = [(b"content-length", b"1")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
