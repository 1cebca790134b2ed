"""The Bot API client, for the bot's own calls and, as a ``BaseRequest``, for python-telegram-bot.

https://core.telegram.org/bots/api#making-requests
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any, Literal, NamedTuple
from urllib.parse import quote

import httpx
import orjson
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.api.aiohttp_session import AiohttpSession
from bot.api.decoding import Undecodable, decode, looks_like_list
from bot.api.dialer import Dialer
from bot.api.http_pool import HttpPool
from bot.api.transport import Transport, TransportError
from bot.core.metrics import Metrics

CALL_TIMEOUT = 30.0
FILE_TIMEOUT = 1200.0
"""Seconds for a call with files or a download: 20 MB at 17 KB/s."""
FILE_IDLE_TIMEOUT = 30.0
"""Seconds in which no byte of a file passes."""
TOO_LARGE = 413
"""The error code of a file that is larger than the limit."""
JSON, FORM, BYTES = (
    "application/json",
    "application/x-www-form-urlencoded",
    "application/octet-stream",
)

HttpClient = Literal["pool", "aiohttp"]
"""The implementations of ``Transport``: our own pool, or aiohttp's session."""
TRANSPORTS: Mapping[HttpClient, Callable[[Dialer], Transport]] = {
    "pool": HttpPool,
    "aiohttp": AiohttpSession,
}
GET_ME, GET_UPDATES = "getMe", "getUpdates"
IDENTITY = {"id", "is_bot", "first_name", "username"}
"""The fields of a bot that PTB needs: https://core.telegram.org/bots/api#user."""


class Transports(NamedTuple):
    """Two transports: calls that hang take all connections of theirs, but not getUpdates'."""

    calls: Transport
    polls: Transport


class ApiError(Exception):
    """Telegram refused the call. ``retry_after`` is in seconds, for code 429 only.

    ``moved_to`` is the supergroup that the group of the call has become.
    """

    def __init__(
        self,
        code: int,
        description: str,
        retry_after: float | None = None,
        moved_to: int | None = None,
    ) -> None:
        super().__init__(f"{code} {description}")
        self.code = code
        self.description = description
        self.retry_after = retry_after
        self.moved_to = moved_to


class Unreachable(Exception):
    """Telegram did not answer: the network, the proxy or a server error (5xx) prevented it.

    ``in_doubt``: no answer came to a request that was sent, so it may have had its effect.
    ``server_error``: the Bot API answered this request, with an error of its own.
    """

    def __init__(
        self,
        reason: str,
        *,
        timed_out: bool = False,
        in_doubt: bool = False,
        server_error: bool = False,
    ) -> None:
        super().__init__(reason)
        self.timed_out = timed_out
        self.in_doubt = in_doubt
        self.server_error = server_error


class Unreadable(Unreachable):
    """Telegram answered with a list that nothing can decode; ``content`` has its bytes."""

    def __init__(self, content: bytes) -> None:
        super().__init__("HTTP 200, unreadable list")
        self.content = content


class BotApi(BaseRequest):
    """Calls methods of the Bot API.

    Args:
        token: the bot's token; each URL has it, and no error message may.
        base_url: the server, for example ``https://api.telegram.org``.
        proxy: ``http://…`` or ``socks5://…``.
        trust: the trusted certificates; the system's by default.
        http_client: the implementation of ``Transport``.

    ``me`` is the answer to ``getMe`` once the start has it. ``tell_time`` gets the server's time of
    each answer that says it, in seconds since 1970.
    """

    def __init__(
        self,
        token: str,
        base_url: str,
        proxy: str | None = None,
        metrics: Metrics | None = None,
        trust: ssl.SSLContext | None = None,
        http_client: HttpClient = "pool",
    ) -> None:
        self._token = token
        self._dialer = Dialer(base_url, proxy, trust)
        self._metrics = metrics or Metrics()
        self._http_client = http_client
        self._transports: Transports | None = None
        self.me: Mapping[str, Any] | None = None
        self.tell_time: Callable[[float], None] = lambda _seconds: None
        self._told = b""

    @property
    def read_timeout(self) -> float:
        """The seconds that PTB waits for an answer."""
        return CALL_TIMEOUT

    async def initialize(self) -> None:
        """Open the transports, once: PTB initialises twice."""
        if self._transports is None:
            made = TRANSPORTS[self._http_client]
            self._transports = Transports(made(self._dialer), made(self._dialer))

    async def shutdown(self) -> None:
        """Close the transports."""
        if self._transports is not None:
            closing, self._transports = self._transports, None
            for transport in closing:
                await transport.close()

    async def call(
        self,
        method: str,
        params: Mapping[str, Any] | None = None,
        *,
        files: Mapping[str, bytes] | None = None,
        time_limit: float = CALL_TIMEOUT,
    ) -> Any:
        """Call a method and return its result.

        Args:
            files: uploads by the name of their parameter; the limits of files count for the call.
            time_limit: the seconds until a call without files counts as unanswered.

        Raises:
            ApiError: Telegram refused.
            Unreachable: Telegram did not answer, or not in JSON.
            Unreadable: Telegram answered with a list that nothing can decode.
        """
        try:
            if files:
                body, kind = _uploaded(params or {}, files)
                answer = await self._post(method, body, kind, FILE_TIMEOUT, FILE_IDLE_TIMEOUT)
            else:
                answer = await self._post(method, orjson.dumps(params or {}), JSON, time_limit)
            return _result(*answer)
        except ApiError as error:
            self._metrics.api_error(error.code, error.retry_after)
            raise
        except Unreachable:
            self._metrics.api_unreachable()
            raise

    async def identify(self) -> None:
        """Ask who the bot is, and keep the answer in ``me``.

        Raises:
            ApiError: Telegram refused.
            Unreachable: Telegram did not answer, or named no bot.
        """
        me = await self.call(GET_ME)
        if not (isinstance(me, dict) and me.keys() >= IDENTITY):
            raise Unreachable("getMe returned no bot")
        self.me = me

    async def download(self, file_path: str, limit: int) -> bytes:
        """Return the content of a file; ``getFile`` tells its path.

        Raises:
            ApiError: Telegram refused, or (``TOO_LARGE``) the file has more than ``limit`` bytes.
            Unreachable: the transfer broke.
        """
        target = f"/file/bot{self._token}/{quote(file_path)}"
        try:
            file = await self._open.calls.request(
                "GET",
                target,
                time_limit=FILE_TIMEOUT,
                idle_limit=FILE_IDLE_TIMEOUT,
                size_limit=limit,
            )
        except TransportError as error:
            raise _unreachable(error) from None
        if file.status >= 500:
            raise Unreachable(f"HTTP {file.status}")
        if file.status != 200:
            raise ApiError(file.status, "file")
        if len(file.body) > limit:
            raise ApiError(TOO_LARGE, "file too large")
        return file.body

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Send a request of PTB; return status and body, from which PTB reads errors.

        PTB's start asks ``getMe`` once more, and a bad answer would end it: it gets ``me``.
        """
        name = url.rpartition("/")[2]
        if name == GET_ME and self.me is not None:
            return HTTPStatus.OK, orjson.dumps({"ok": True, "result": self.me})
        sent = request_data or RequestData()
        body, kind = _form(sent.json_parameters, sent.multipart_data or {})
        try:
            return await self._post(name, body, kind, CALL_TIMEOUT)
        except Unreachable as error:
            raise (TimedOut if error.timed_out else NetworkError)(str(error)) from None

    @property
    def _open(self) -> Transports:
        if self._transports is None:
            raise RuntimeError("BotApi.initialize() was not called")
        return self._transports

    async def _post(
        self,
        method: str,
        body: bytes,
        kind: str,
        time_limit: float,
        idle_limit: float | None = None,
    ) -> tuple[int, bytes]:
        transport = self._open.polls if method == GET_UPDATES else self._open.calls
        try:
            answer = await transport.request(
                "POST",
                f"/bot{self._token}/{method}",
                body,
                {"Content-Type": kind},
                time_limit=time_limit,
                idle_limit=idle_limit,
            )
        except TransportError as error:
            raise _unreachable(error) from None
        if answer.date != self._told:  # once a second at most
            self._told = answer.date
            if (seconds := _seconds(answer.date)) is not None:
                self.tell_time(seconds)
        return answer.status, answer.body


def _seconds(date: bytes) -> float | None:
    """Return the time of a ``Date`` header: https://www.rfc-editor.org/rfc/rfc9110#field.date."""
    try:
        return parsedate_to_datetime(date.decode("ascii")).timestamp()
    except (ValueError, OverflowError):
        return None


def _unreachable(error: TransportError) -> Unreachable:
    return Unreachable(str(error), timed_out=error.timed_out, in_doubt=error.in_doubt)


def _uploaded(params: Mapping[str, Any], files: Mapping[str, bytes]) -> tuple[bytes, str]:
    fields = {
        name: value if isinstance(value, str) else orjson.dumps(value).decode()
        for name, value in params.items()
    }
    return _form(fields, {name: (name, content, BYTES) for name, content in files.items()})


def _form(fields: Mapping[str, str], files: Mapping[str, Any]) -> tuple[bytes, str]:
    """Return a form and its content type, encoded by httpx as in PTB's own request class."""
    form = httpx.Request("POST", "/", data=fields, files=files)
    return form.read(), form.headers.get("Content-Type", FORM)


def _result(status: int, content: bytes) -> Any:
    try:
        answer = _decoded(content)
        if answer["ok"]:
            return answer["result"]
        code, description = int(answer["error_code"]), str(answer["description"])
    except Undecodable:
        if status == HTTPStatus.OK and looks_like_list(content):
            raise Unreadable(content) from None
        raise Unreachable(f"HTTP {status}, unreadable") from None
    except (KeyError, TypeError, ValueError):
        raise Unreachable(f"HTTP {status}, unreadable") from None
    if code >= 500:
        raise Unreachable(f"HTTP {code}", server_error=True)
    parameters = answer.get("parameters")
    raise ApiError(code, description, _retry_after(parameters), _moved_to(parameters))


def _decoded(content: bytes) -> Any:
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError:
        return decode(content)


def _retry_after(parameters: object) -> float | None:
    seconds = parameters.get("retry_after") if isinstance(parameters, dict) else None
    return seconds if type(seconds) in (int, float) else None


def _moved_to(parameters: object) -> int | None:
    """Return the supergroup of a refusal: https://core.telegram.org/bots/api#responseparameters."""
    chat = parameters.get("migrate_to_chat_id") if isinstance(parameters, dict) else None
    return chat if type(chat) is int else None
