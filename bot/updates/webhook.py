"""Intake by webhook: Telegram calls us, and hears "200" once its update is committed.

https://core.telegram.org/bots/api#setwebhook: what is not answered with 2xx is called again.
"""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import orjson
import structlog
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from bot.api.client import ApiError, BotApi, Unreachable
from bot.core.background_tasks import BackgroundTasks
from bot.core.clocks import MonotonicClock
from bot.updates.intake import ALLOWED, Intake
from storage.engine.database import Unavailable
from storage.engine.ids import HIGHEST

SECRET = b"x-telegram-bot-api-secret-token"
LARGEST = 1 << 20
"""Bytes of a body; the longest update, texts of 4,096 signs with all their marks, has a tenth."""
BODY_SECONDS = 10.0
"""For the whole body. It comes through a proxy on our side, which has it all before it calls us."""
CONNECTIONS = 40
"""Calls that Telegram may have under way at once; whatever waits for a commit shares the next."""
LOOK_SECONDS = 30.0

log = structlog.get_logger("webhook")

Json = dict[str, Any]


class Webhook:
    """What Telegram calls.

    Args:
        url: what Telegram is told to call; its path is ours.
        secret: what Telegram is told to send along, 1 to 256 of ``A-Za-z0-9_-``.
    """

    def __init__(
        self,
        api: BotApi,
        intake: Intake,
        monotonic: MonotonicClock,
        tasks: BackgroundTasks,
        *,
        url: str,
        secret: str,
    ) -> None:
        self._api = api
        self._intake = intake
        self._monotonic = monotonic
        self._url = url
        self._secret = secret
        self._gathering = Gathering(intake.take, tasks)
        self._settled: datetime | None = None
        self.routes = [Route(urlsplit(url).path or "/", self, methods=["POST"])]

    # --- with Telegram ---------------------------------------------------------------------------

    async def begin(self) -> None:
        """Have Telegram call us. What waits there stays, and comes now."""
        params = {
            "url": self._url,
            "secret_token": self._secret,
            "allowed_updates": ALLOWED,
            "max_connections": CONNECTIONS,
            "drop_pending_updates": False,
        }
        try:
            await self._api.call("setWebhook", params)
        except ApiError as error:
            told = f"WEBHOOK_URL was refused: {error.description}"
            raise ApiError(error.code, told, error.retry_after) from None

    async def run(self) -> None:
        """Ask Telegram every half minute how it goes, since a line that is cut is silent too."""
        while True:
            try:
                await self._look()
            except (ApiError, Unreachable, Unavailable) as error:
                log.warning("intake unknown", error=type(error).__name__, reason=str(error))
            await self._monotonic.sleep(LOOK_SECONDS)

    async def _look(self) -> None:
        asked = self._intake.now()
        info = await self._api.call("getWebhookInfo")
        if info["url"] != self._url:
            log.warning("somebody else has changed the webhook; setting it again")
            await self.begin()
        elif self._has_all(info, asked):
            await self._intake.mark_synced(asked)
        else:
            reason = info.get("last_error_message")
            log.warning("updates wait at telegram", count=_waiting(info), reason=reason)

    def _has_all(self, info: Mapping[str, Any], asked: datetime) -> bool:
        """Whether nothing waits at Telegram but what may be under way just now."""
        if not _waiting(info):
            self._settled = asked
            return True
        if _waiting(info) > CONNECTIONS:
            return False
        failed = info.get("last_error_date")  # in whole seconds, rounded down
        if failed is None:
            return True
        return self._settled is not None and failed + 1 <= self._settled.timestamp()

    # --- a call ----------------------------------------------------------------------------------

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One call: its secret, then its body, then its commit, then the answer."""
        try:
            update = _update(await self._body(dict(scope["headers"]), receive))
            status = HTTPStatus.OK
            if not await self._gathering.keep(update):
                status = HTTPStatus.SERVICE_UNAVAILABLE
        except Refused as refused:
            status = refused.status
        # Of a body that was not read nothing more is wanted either.
        headers = None if status is HTTPStatus.OK else {"connection": "close"}
        await Response(status_code=status, headers=headers)(scope, receive, send)

    async def _body(self, headers: Mapping[bytes, bytes], receive: Receive) -> bytes:
        if int(headers.get(b"content-length", 0)) > LARGEST:
            raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        if not hmac.compare_digest(headers.get(SECRET, b""), self._secret.encode()):
            raise Refused(HTTPStatus.FORBIDDEN)
        try:
            async with asyncio.timeout(BODY_SECONDS):
                return await _read(receive)
        except TimeoutError:
            raise Refused(HTTPStatus.REQUEST_TIMEOUT) from None


@dataclass(slots=True)
class Batch:
    """Updates that one commit keeps, or fails to."""

    updates: list[Json] = field(default_factory=list)
    over: asyncio.Event = field(default_factory=asyncio.Event)
    kept: bool = False


class Gathering:
    """What comes while a commit is being made shares the next one."""

    def __init__(
        self, take: Callable[[list[Json]], Awaitable[None]], tasks: BackgroundTasks
    ) -> None:
        self._take = take
        self._tasks = tasks
        self._turn = asyncio.Lock()
        self._batch: Batch | None = None

    async def keep(self, update: Json) -> bool:
        """Wait for the commit that keeps the update; False if the database is gone."""
        if self._batch is None:
            self._batch = Batch()
            self._tasks.start(self._commit(self._batch))
        batch = self._batch
        batch.updates.append(update)
        await batch.over.wait()
        return batch.kept

    async def _commit(self, batch: Batch) -> None:
        async with self._turn:
            self._batch = None
            try:
                await self._take(batch.updates)
                batch.kept = True
            except Unavailable as error:
                log.warning("intake failed", error=type(error).__name__, reason=str(error))
        batch.over.set()


class Refused(Exception):
    """A call that is none of Telegram's, or cannot be read."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status)
        self.status = status


async def _read(receive: Receive) -> bytes:
    """The body, whether or not its length was told."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Refused(HTTPStatus.BAD_REQUEST)  # which nobody hears
        body += message.get("body", b"")
        if len(body) > LARGEST:
            raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        if not message.get("more_body", False):
            return bytes(body)


def _update(body: bytes) -> Json:
    """The update in a body, if it is one that can be kept."""
    try:
        update = orjson.loads(body)
        orjson.dumps(update)  # refuses what is nested too deeply to be written
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):
        raise Refused(HTTPStatus.BAD_REQUEST) from None
    number = update.get("update_id") if isinstance(update, dict) else None
    if type(number) is not int or not 0 <= number <= HIGHEST:
        raise Refused(HTTPStatus.BAD_REQUEST)
    return update  # type: ignore[no-any-return]


def _waiting(info: Mapping[str, Any]) -> int:
    return int(info["pending_update_count"])
