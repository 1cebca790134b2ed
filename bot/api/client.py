"""The Bot API client, for the bot's own calls and, as a ``BaseRequest``, for python-telegram-bot.

https://core.telegram.org/bots/api#making-requests
"""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from functools import partial
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx
import orjson
import structlog
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.api.decoding import Undecodable, decode, looks_like_list
from bot.api.http_pool import HttpPool, TransportError
from bot.core.loops import Backoff, MonotonicClock
from bot.core.metrics import Metrics

CALL_TIMEOUT = 30.0
CONNECT_RETRY = 5.0
"""The most seconds between two attempts to reach Telegram at the start."""
CONNECT_JITTER = 0.2
"""The random share of that delay, so that bots do not retry in step."""
TOO_LARGE = 413
"""The error code of a file that is larger than the limit."""
JSON, FORM, BYTES = (
    "application/json",
    "application/x-www-form-urlencoded",
    "application/octet-stream",
)

log = structlog.get_logger("api")


class ApiError(Exception):
    """Telegram refused the call. ``retry_after`` is in seconds, for code 429 only."""

    def __init__(self, code: int, description: str, retry_after: float | None = None) -> None:
        super().__init__(f"{code} {description}")
        self.code = code
        self.description = description
        self.retry_after = retry_after


class Unreachable(Exception):
    """Telegram did not answer: the network, the proxy or a server error (5xx) prevented it."""

    def __init__(self, reason: str, *, timed_out: bool = False) -> None:
        super().__init__(reason)
        self.timed_out = timed_out


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
    """

    def __init__(
        self,
        token: str,
        base_url: str,
        proxy: str | None = None,
        metrics: Metrics | None = None,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        self._base_url = base_url
        self._token = token
        self._proxy = proxy
        self._metrics = metrics or Metrics()
        self._trust = trust
        self._http_pool: HttpPool | None = None

    @property
    def read_timeout(self) -> float:
        """The seconds that PTB waits for an answer."""
        return CALL_TIMEOUT

    async def initialize(self) -> None:
        """Open the connection pool, once: PTB initialises twice."""
        if self._http_pool is None:
            self._http_pool = HttpPool(self._base_url, self._proxy, self._trust)

    async def shutdown(self) -> None:
        """Close the connection pool."""
        if self._http_pool is not None:
            self._http_pool.close()
            self._http_pool = None

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
            files: uploads by the name of their parameter.
            time_limit: the seconds until the call counts as unanswered.

        Raises:
            ApiError: Telegram refused.
            Unreachable: Telegram did not answer, or not in JSON.
            Unreadable: Telegram answered with a list that nothing can decode.
        """
        body, kind = _uploaded(params or {}, files) if files else (orjson.dumps(params or {}), JSON)
        try:
            return _result(*await self._post(method, body, kind, time_limit))
        except ApiError as error:
            self._metrics.api_error(error.code, error.retry_after)
            raise
        except Unreachable:
            self._metrics.api_unreachable()
            raise

    async def download(self, file_path: str, limit: int) -> bytes:
        """Return the content of a file; ``getFile`` tells its path.

        Raises:
            ApiError: Telegram refused, or (``TOO_LARGE``) the file has more than ``limit`` bytes.
            Unreachable: the transfer broke.
        """
        target = f"/file/bot{self._token}/{quote(file_path)}"
        try:
            file = await self._open.exchange("GET", target, time_limit=CALL_TIMEOUT, limit=limit)
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
        """Send a request of PTB; return status and body, from which PTB reads errors."""
        sent = request_data or RequestData()
        body, kind = _form(sent.json_parameters, sent.multipart_data or {})
        try:
            return await self._post(url.rpartition("/")[2], body, kind, CALL_TIMEOUT)
        except Unreachable as error:
            raise (TimedOut if error.timed_out else NetworkError)(str(error)) from None

    @property
    def _open(self) -> HttpPool:
        if self._http_pool is None:
            raise RuntimeError("BotApi.initialize() was not called")
        return self._http_pool

    async def _post(
        self, method: str, body: bytes, kind: str, time_limit: float
    ) -> tuple[int, bytes]:
        headers = {"Content-Type": kind}
        target = f"/bot{self._token}/{method}"
        try:
            answer = await self._open.exchange("POST", target, body, headers, time_limit=time_limit)
        except TransportError as error:
            raise _unreachable(error) from None
        return answer.status, answer.body


@asynccontextmanager
async def connected(api: BotApi, monotonic: MonotonicClock) -> AsyncIterator[None]:
    """Open the API, and wait until Telegram answers ``getMe``; close it when the block ends."""
    await api.initialize()
    try:
        await until_reachable(partial(api.call, "getMe"), monotonic)
        yield
    finally:
        await api.shutdown()


async def until_reachable(call: Callable[[], Awaitable[Any]], monotonic: MonotonicClock) -> None:
    """Repeat a call that a start depends on until Telegram is reachable.

    Raises:
        ApiError: Telegram refused the call, and not by 429.
    """
    backoff = Backoff(CONNECT_RETRY, CONNECT_RETRY, jitter=CONNECT_JITTER)
    while True:
        try:
            await call()
            return
        except Unreachable as error:
            log.warning("telegram cannot be reached; trying again", reason=str(error))
            await monotonic.sleep(backoff.next())
        except ApiError as error:
            if error.retry_after is None:
                raise
            log.warning("telegram wants us to wait", seconds=error.retry_after)
            await monotonic.sleep(error.retry_after)


def _unreachable(error: TransportError) -> Unreachable:
    return Unreachable(str(error), timed_out=error.timed_out)


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
        answer = decode(content)
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
        raise Unreachable(f"HTTP {code}")
    raise ApiError(code, description, _retry_after(answer.get("parameters")))


def _retry_after(parameters: object) -> float | None:
    seconds = parameters.get("retry_after") if isinstance(parameters, dict) else None
    return seconds if type(seconds) in (int, float) else None
