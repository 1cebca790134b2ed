"""Webhook: Telegram posts updates, and gets status 200 once its update is committed.

https://core.telegram.org/bots/api#setwebhook: Telegram repeats a request without a 2xx answer.
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

import structlog
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from bot.api.client import ApiError, BotApi, Unreachable
from bot.api.decoding import Undecodable, decode, find_update_id
from bot.core.runtime import BackgroundTasks, MonotonicClock
from bot.updates.conflict import ConflictWatch
from bot.updates.intake import ALLOWED, Intake, unreadable
from storage.engine.database import Unavailable

SECRET = b"x-telegram-bot-api-secret-token"
LARGEST = 1 << 20
"""Bytes of a body; the longest update, 4,096 characters with all entities, has a tenth."""
BODY_SECONDS = 10.0
"""Seconds for the whole body. The reverse proxy has it all before it forwards the request."""
CONNECTIONS = 40
"""Requests that Telegram may send at once; those that wait for a commit share the next one."""
CHECK_SECONDS = 30.0
"""Seconds between two requests of ``getWebhookInfo``."""

log = structlog.get_logger("webhook")


class Webhook:
    """The webhook: its registration at Telegram, and the ASGI endpoint that takes its requests.

    Args:
        url: the URL that Telegram calls; the endpoint has its path.
        secret: the ``secret_token`` that Telegram sends, 1 to 256 of ``A-Za-z0-9_-``.
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
        self._commits = GroupCommit(intake.take, tasks)
        self._emptied_at: datetime | None = None
        self.conflict = ConflictWatch(monotonic)
        self.routes = [Route(urlsplit(url).path or "/", self, methods=["POST"])]

    # --- registration ----------------------------------------------------------------------------

    async def begin(self) -> None:
        """Register the webhook; Telegram posts its pending updates now."""
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
            description = f"WEBHOOK_URL was refused: {error.description}"
            raise ApiError(error.code, description, error.retry_after) from None

    async def run(self) -> None:
        """Check the webhook every half minute, since a broken connection is silent too."""
        while True:
            try:
                await self._check()
            except (ApiError, Unreachable, Unavailable) as error:
                log.warning("webhook check failed", error=type(error).__name__, reason=str(error))
            await self._monotonic.sleep(CHECK_SECONDS)

    async def _check(self) -> None:
        asked_at = self._intake.now()
        info = await self._api.call("getWebhookInfo")
        if info["url"] != self._url:
            log.warning("the webhook was changed; setting it again")
            self.conflict.note()
            await self.begin()
        elif self._has_all(info, asked_at):
            await self._intake.mark_synced(asked_at)
        else:
            reason = info.get("last_error_message")
            log.warning("updates are pending at telegram", count=_pending(info), reason=reason)

    def _has_all(self, info: Mapping[str, Any], asked_at: datetime) -> bool:
        """Return whether no update is pending at Telegram except requests in progress."""
        if not _pending(info):
            self._emptied_at = asked_at
            return True
        if _pending(info) > CONNECTIONS:
            return False
        failed = info.get("last_error_date")  # in whole seconds, rounded down
        if failed is None:
            return True
        return self._emptied_at is not None and failed + 1 <= self._emptied_at.timestamp()

    # --- requests --------------------------------------------------------------------------------

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request: check the secret, read the body, commit the update."""
        try:
            update = _update(await self._body(dict(scope["headers"]), receive))
            status = HTTPStatus.OK
            if not await self._commits.commit(update):
                status = HTTPStatus.SERVICE_UNAVAILABLE
        except RequestRefused as refused:
            status = refused.status
        # The rest of an unread body must not be taken for the next request.
        headers = None if status is HTTPStatus.OK else {"connection": "close"}
        await Response(status_code=status, headers=headers)(scope, receive, send)

    async def _body(self, headers: Mapping[bytes, bytes], receive: Receive) -> bytes:
        if int(headers.get(b"content-length", 0)) > LARGEST:
            raise RequestRefused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        if not hmac.compare_digest(headers.get(SECRET, b""), self._secret.encode()):
            raise RequestRefused(HTTPStatus.FORBIDDEN)
        try:
            async with asyncio.timeout(BODY_SECONDS):
                return await _read(receive)
        except TimeoutError:
            raise RequestRefused(HTTPStatus.REQUEST_TIMEOUT) from None


@dataclass(slots=True)
class Batch:
    """Updates of one commit."""

    updates: list[object] = field(default_factory=list)
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    committed: bool = False


class GroupCommit:
    """Commits updates in groups: those that arrive during a commit share the next one."""

    def __init__(
        self, take: Callable[[list[object]], Awaitable[None]], tasks: BackgroundTasks
    ) -> None:
        self._take = take
        self._tasks = tasks
        self._lock = asyncio.Lock()
        self._batch: Batch | None = None

    async def commit(self, update: object) -> bool:
        """Wait for the update's commit; return False if the database is unavailable."""
        if self._batch is None:
            self._batch = Batch()
            self._tasks.start(self._commit(self._batch))
        batch = self._batch
        batch.updates.append(update)
        await batch.ended.wait()
        return batch.committed

    async def _commit(self, batch: Batch) -> None:
        async with self._lock:
            self._batch = None
            try:
                await self._take(batch.updates)
                batch.committed = True
            except Unavailable as error:
                log.warning("intake failed", error=type(error).__name__, reason=str(error))
        batch.ended.set()


class RequestRefused(Exception):
    """A request that is not Telegram's, or whose body did not arrive."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status)
        self.status = status


async def _read(receive: Receive) -> bytes:
    """Return the body, with a Content-Length or without."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise RequestRefused(HTTPStatus.BAD_REQUEST)  # the client is gone
        body += message.get("body", b"")
        if len(body) > LARGEST:
            raise RequestRefused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        if not message.get("more_body", False):
            return bytes(body)


def _update(body: bytes) -> object:
    """Return the update in a body.

    Telegram would repeat an update that is refused for ever. The bot therefore accepts one that
    it cannot read, and sets it aside.
    """
    if not body:  # a proxy lost it
        raise RequestRefused(HTTPStatus.BAD_REQUEST)
    try:
        return decode(body)
    except Undecodable:
        return unreadable(find_update_id(body))


def _pending(info: Mapping[str, Any]) -> int:
    return int(info["pending_update_count"])
