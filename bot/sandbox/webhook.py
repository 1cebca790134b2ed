"""How updates reach the bot by themselves: a POST to its webhook for each.

Order is not promised, several are under way at once, and one that is not answered with 2xx is tried
again after a while. Only addresses on this computer are accepted: nothing leaves it.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import orjson

from bot.sandbox.archive import JsonObject
from bot.sandbox.refusals import broken
from bot.sandbox.world import World

_SECRET = re.compile(r"[A-Za-z0-9_-]{0,256}")
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_DEFAULT_CONNECTIONS = 40
_MOST_CONNECTIONS = 100
_ANSWER_SECONDS = 60
_LONGEST_PAUSE = 60.0

Perform = Callable[[str, dict[str, Any]], Awaitable[object]]
"""Makes the call that a webhook's answer carried: method name, parameters."""


class Webhook:
    """Sets, tells and serves the webhook."""

    def __init__(self, world: World, perform: Perform, first_pause: float = 1.0) -> None:
        """`first_pause`: seconds before the first retry; each further one waits twice as long."""
        self._world = world
        self._perform = perform
        self._first_pause = first_pause
        self._runner: asyncio.Task[None] | None = None
        self._deliveries: dict[int, asyncio.Task[None]] = {}
        self._repeats: set[asyncio.Task[JsonObject | None]] = set()
        self._last_error: JsonObject = {}

    def set(self, params: JsonObject) -> bool:
        """https://core.telegram.org/bots/api#setwebhook"""
        url = params.get("url") or ""
        secret = params.get("secret_token") or ""
        if url:
            _check(url, secret)
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
        """Begin, change or end delivery, as the settings say now."""
        for task in [self._runner, *self._deliveries.values(), *self._repeats]:
            if task is not None and task is not asyncio.current_task():
                task.cancel()
        self._deliveries = {}
        kept = self._world.archive.setting("webhook")
        self._runner = asyncio.create_task(self._run(kept)) if kept else None

    async def stop(self) -> None:
        """End delivery; what is pending stays pending."""
        tasks = [
            task for task in (self._runner, *self._deliveries.values(), *self._repeats) if task
        ]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

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
                self._begin(session, kept)
                await self._world.updates.wait(None)

    def _begin(self, session: aiohttp.ClientSession, kept: JsonObject) -> None:
        """Start a delivery for each pending update while there are connections to spare."""
        for body in self._world.updates.again():
            repeat = asyncio.create_task(self._post(session, kept["url"], body))
            self._repeats.add(repeat)
            repeat.add_done_callback(self._repeats.discard)
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
        """Try until the bot takes the update, then confirm it and do what its answer asks."""
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
        """The object in the bot's answer, empty if there is none; None if it was not 2xx."""
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


def _check(url: str, secret: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise broken("invalid webhook URL specified")
    if parts.hostname not in _LOOPBACK:
        raise broken("bad webhook: the sandbox delivers to this computer only")
    if len(secret) > 256:
        raise broken("secret token is too long")
    if not _SECRET.fullmatch(secret):
        raise broken("secret token contains unallowed characters")
