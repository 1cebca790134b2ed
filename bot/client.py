"""The one way to Telegram: HTTP for python-telegram-bot and for our own poller and sender.

This is one aiohttp session behind PTB's own seam (``BaseRequest``), with proxies (HTTP, SOCKS) and
one table of errors.
"""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import aiohttp
import orjson
from aiohttp_socks import ProxyConnectionError, ProxyConnector, ProxyError, ProxyTimeoutError
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.meters import Meters

CALL_TIMEOUT = 30.0
CONNECTIONS = 100
TOO_LARGE = 413
"""The code of an error for a file with more bytes than are wanted."""


class ApiError(Exception):
    """Telegram understood and refused. ``retry_after`` is in seconds, for 429 only."""

    def __init__(self, code: int, description: str, retry_after: float | None = None) -> None:
        super().__init__(f"{code} {description}")
        self.code = code
        self.description = description
        self.retry_after = retry_after


class Unreachable(Exception):
    """No answer came: the network, the proxy, or Telegram's own trouble (5xx)."""

    def __init__(self, reason: str, *, timed_out: bool = False) -> None:
        super().__init__(reason)
        self.timed_out = timed_out


_TROUBLE = (
    aiohttp.ClientError,
    ProxyError,
    ProxyConnectionError,
    ProxyTimeoutError,
    TimeoutError,
    OSError,
)
"""What a session raises when no answer comes."""


def _unreachable(error: Exception) -> Unreachable:
    # Its kind only, and raised "from None": its words can hold the address, and with it the token.
    return Unreachable(
        type(error).__name__, timed_out=isinstance(error, TimeoutError | ProxyTimeoutError)
    )


class BotApi(BaseRequest):
    """Calls of the Bot API.

    Args:
        token: the bot's token; it is part of every address and of no message of ours.
        base_url: such as ``https://api.telegram.org``.
        proxy: ``http://…`` or ``socks5://…``.
        trust: whose certificates are believed; those that the system knows if nothing is said.
    """

    def __init__(
        self,
        token: str,
        base_url: str,
        proxy: str | None = None,
        meters: Meters | None = None,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        self._root = base_url.rstrip("/")
        self._token = token
        self._proxy = proxy
        self._meters = meters or Meters()
        self._trust = trust
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Seconds that PTB may wait for an answer."""
        return CALL_TIMEOUT

    async def initialize(self) -> None:
        """Open the session; a second time is harmless, as PTB initialises twice."""
        if self._session is None:
            options: dict[str, Any] = {"limit": CONNECTIONS, "ssl": self._trust or True}
            connector: aiohttp.TCPConnector
            if self._proxy and self._proxy.startswith("socks"):
                connector, proxy = _socks(self._proxy, options), None
            else:
                connector, proxy = aiohttp.TCPConnector(**options), self._proxy
            self._session = aiohttp.ClientSession(
                connector=connector,
                proxy=proxy,
                cookie_jar=aiohttp.DummyCookieJar(),  # the Bot API has none to be looked for
            )

    async def shutdown(self) -> None:
        """Close the session."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def call(
        self,
        method: str,
        params: Mapping[str, Any] | None = None,
        *,
        files: Mapping[str, bytes] | None = None,
        patience: float = CALL_TIMEOUT,
    ) -> Any:
        """Call a method; ``files`` are sent as uploads under their parameter's name.

        ``patience`` is how long an answer is waited for, in seconds.

        Raises:
            ApiError: Telegram refused.
            Unreachable: no answer, or none that could be read.
        """
        if files:
            body: Any = _form(params or {}, files)
            headers = {}
        else:
            body, headers = orjson.dumps(params or {}), {"Content-Type": "application/json"}
        url = f"{self._root}/bot{self._token}/{method}"
        try:
            return _result(*await self._post(url, body, headers, patience))
        except ApiError as error:
            self._meters.refused(error.code, error.retry_after)
            raise
        except Unreachable:
            self._meters.unreachable()
            raise

    async def download(self, file_path: str, limit: int) -> bytes:
        """The content of a file that ``getFile`` named.

        Raises:
            ApiError: ``TOO_LARGE`` for more than ``limit`` bytes, or Telegram's own refusal.
            Unreachable: the transfer broke.
        """
        url = f"{self._root}/file/bot{self._token}/{file_path}"
        try:
            async with self._open.get(url, timeout=_timeout(CALL_TIMEOUT)) as response:
                if response.status >= 500:
                    raise Unreachable(f"HTTP {response.status}")
                if response.status != 200:
                    raise ApiError(response.status, "file")
                content = await response.content.read(limit + 1)
                while len(content) <= limit and not response.content.at_eof():
                    content += await response.content.read(limit + 1 - len(content))
        except _TROUBLE as error:
            raise _unreachable(error) from None
        if len(content) > limit:
            raise ApiError(TOO_LARGE, "file too large")
        return content

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
        """PTB's seam: one request, its status and body; PTB reads the errors out of them."""
        form = aiohttp.FormData(quote_fields=False)
        for name, value in (request_data.json_parameters if request_data else {}).items():
            form.add_field(name, value)
        for name, (filename, content, mime) in (
            (request_data.multipart_data or {}) if request_data else {}
        ).items():
            form.add_field(name, content, filename=filename, content_type=mime)
        try:
            return await self._post(url, form, {}, CALL_TIMEOUT)
        except Unreachable as error:
            raise (TimedOut if error.timed_out else NetworkError)(str(error)) from None

    @property
    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            raise RuntimeError("BotApi.initialize() was not called")
        return self._session

    async def _post(
        self, url: str, body: Any, headers: Mapping[str, str], patience: float
    ) -> tuple[int, bytes]:
        try:
            async with self._open.post(
                url, data=body, headers=headers, timeout=_timeout(patience)
            ) as response:
                return response.status, await response.read()
        except _TROUBLE as error:
            raise _unreachable(error) from None


def _socks(proxy: str, options: Mapping[str, Any]) -> ProxyConnector:
    """Names are resolved by the proxy, except over the old SOCKS4, which cannot."""
    scheme, _, rest = proxy.partition("://")
    version = scheme[: len("socks5")]
    return ProxyConnector.from_url(f"{version}://{rest}", rdns=scheme != "socks4", **options)


@lru_cache(maxsize=16)
def _timeout(seconds: float) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(total=seconds, sock_connect=min(10.0, seconds))


def _form(params: Mapping[str, Any], files: Mapping[str, bytes]) -> aiohttp.FormData:
    form = aiohttp.FormData(quote_fields=False)
    for name, value in params.items():
        form.add_field(name, value if isinstance(value, str) else orjson.dumps(value).decode())
    for name, content in files.items():
        form.add_field(name, content, filename=name, content_type="application/octet-stream")
    return form


def _result(status: int, content: bytes) -> Any:
    try:
        answer = orjson.loads(content)
        if answer["ok"]:
            return answer["result"]
        code, description = int(answer["error_code"]), str(answer["description"])
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError):
        raise Unreachable(f"HTTP {status}, unreadable") from None
    if code >= 500:
        raise Unreachable(f"HTTP {code}")
    parameters = answer.get("parameters")
    retry_after = parameters.get("retry_after") if isinstance(parameters, dict) else None
    raise ApiError(code, description, retry_after)
