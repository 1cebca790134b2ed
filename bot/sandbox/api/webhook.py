"""Webhook delivery: one POST for each update.

Several deliveries run at once, in no order; a delivery without a 2xx answer is retried. A webhook
must be on this computer.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import orjson

from bot.sandbox.archive import JsonObject
from bot.sandbox.loopback import LOOPBACK_HOSTS
from bot.sandbox.rules.refusals import invalid_call
from bot.sandbox.world import World

_SECRET = re.compile(r"[A-Za-z0-9_-]{0,256}")
_DEFAULT_CONNECTIONS = 40
_MOST_CONNECTIONS = 100
_ANSWER_SECONDS = 60
_LONGEST_PAUSE = 60.0

Perform = Callable[[str, dict[str, Any]], Awaitable[object]]
"""A function that performs a call: method name and parameters."""


class Webhook:
    """The webhook of a world: its settings and its deliveries."""

    def __init__(self, world: World, perform: Perform, first_pause: float = 1.0) -> None:
        """`first_pause`: seconds before the first retry; each further pause doubles."""
        self._world = world
        self._perform = perform
        self._first_pause = first_pause
        self._runner: asyncio.Task[None] | None = None
        self._deliveries: dict[int, asyncio.Task[None]] = {}
        self._redeliveries: set[asyncio.Task[JsonObject | None]] = set()
        self._last_error: JsonObject = {}

    def set(self, params: JsonObject) -> bool:
        """https://core.telegram.org/bots/api#setwebhook"""
        url = params.get("url") or ""
        secret = params.get("secret_token") or ""
        if url:
            _check_settings(url, secret)
        connections = params.get("max_connections") or _DEFAULT_CONNECTIONS
        kept = {
            "url": url,
            "secret_token": secret,
            "max_connections": min(max(connections, 1), _MOST_CONNECTIONS),
        }
        world = self._world
        world.archive.keep_setting("webhook", kept if url else None)
        if "allowed_updates" in params:
            world.updates.allow(params["allowed_updates"])
        if params.get("drop_pending_updates"):
            world.updates.drop_pending()
        self._last_error = {}
        self.restart()
        world.updates.wake()
        return True

    def delete(self, params: JsonObject) -> bool:
        """https://core.telegram.org/bots/api#deletewebhook"""
        return self.set({"drop_pending_updates": params.get("drop_pending_updates")})

    def info(self) -> JsonObject:
        """https://core.telegram.org/bots/api#getwebhookinfo"""
        kept = self._world.archive.setting("webhook") or {"url": ""}
        info: JsonObject = {
            "url": kept["url"],
            "has_custom_certificate": False,
            "pending_update_count": len(self._world.updates),
        }
        if kept["url"]:
            info |= {"max_connections": kept["max_connections"], "ip_address": "127.0.0.1"}
        if self._world.updates.allowed:
            info["allowed_updates"] = self._world.updates.allowed
        return info | self._last_error

    def restart(self) -> None:
        """Restart delivery with the current settings, or end it if no webhook is set."""
        for task in self._tasks():
            if task is not asyncio.current_task():
                task.cancel()
        self._deliveries = {}
        kept = self._world.archive.setting("webhook")
        self._runner = asyncio.create_task(self._run(kept)) if kept else None

    async def stop(self) -> None:
        """Stop delivery; pending updates stay."""
        tasks = self._tasks()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _tasks(self) -> list[asyncio.Task[Any]]:
        runner = [self._runner] if self._runner else []
        return [*runner, *self._deliveries.values(), *self._redeliveries]

    async def _run(self, kept: JsonObject) -> None:
        headers = {"Content-Type": "application/json"}
        if kept["secret_token"]:
            headers["X-Telegram-Bot-Api-Secret-Token"] = kept["secret_token"]
        timeout = aiohttp.ClientTimeout(total=_ANSWER_SECONDS)
        connector = aiohttp.TCPConnector(limit=kept["max_connections"])
        async with aiohttp.ClientSession(
            headers=headers, timeout=timeout, connector=connector
        ) as session:
            while True:
                self._start_deliveries(session, kept)
                await self._world.updates.wait(None)

    def _start_deliveries(self, session: aiohttp.ClientSession, kept: JsonObject) -> None:
        """Start a delivery for each pending update, up to `max_connections`."""
        for body in self._world.updates.redelivered():
            redelivery = asyncio.create_task(self._post(session, kept["url"], body))
            self._redeliveries.add(redelivery)
            redelivery.add_done_callback(self._redeliveries.discard)
        spare = kept["max_connections"] - len(self._deliveries)
        for update_id, body in self._world.updates.oldest(kept["max_connections"]):
            if spare <= 0:
                break
            if update_id not in self._deliveries:
                delivery = self._deliver(session, kept["url"], update_id, body)
                self._deliveries[update_id] = asyncio.create_task(delivery)
                spare -= 1

    async def _deliver(
        self, session: aiohttp.ClientSession, url: str, update_id: int, body: bytes
    ) -> None:
        """Post the update until the bot accepts it, confirm it, and perform the answer's call."""
        pause = self._first_pause
        while (answer := await self._post(session, url, body)) is None:
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)
        with self._world.archive.transaction():
            self._world.updates.confirm(update_id)
        self._deliveries.pop(update_id, None)
        self._world.updates.wake()
        if method := answer.pop("method", None):
            await self._perform(str(method), answer)

    async def _post(
        self, session: aiohttp.ClientSession, url: str, body: bytes
    ) -> JsonObject | None:
        """Return the JSON object of a 2xx answer (empty without one), None for another answer."""
        try:
            async with session.post(url, data=body, allow_redirects=False) as response:
                content = await response.read()
                if not 200 <= response.status < 300:
                    raise aiohttp.ClientError(
                        f"Wrong response from the webhook: {response.status} {response.reason}"
                    )
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            self._last_error = {
                "last_error_date": self._world.seconds(),
                "last_error_message": str(error) or type(error).__name__,
            }
            return None
        return _object(content)


def _object(content: bytes) -> JsonObject:
    try:
        answer = orjson.loads(content)
    except orjson.JSONDecodeError:
        return {}
    return answer if isinstance(answer, dict) else {}


def _check_settings(url: str, secret: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise invalid_call("invalid webhook URL specified")
    if parts.hostname not in LOOPBACK_HOSTS:
        raise invalid_call("bad webhook: the sandbox delivers to this computer only")
    if len(secret) > 256:
        raise invalid_call("secret token is too long")
    if not _SECRET.fullmatch(secret):
        raise invalid_call("secret token contains unallowed characters")
