"""How updates reach the bot when it asks for them: getUpdates, as the real server runs it."""

import asyncio

from bot.sandbox.archive import JsonObject
from bot.sandbox.refusals import conflict
from bot.sandbox.world import World

LONGEST_POLL = 50
"""Seconds; the real server cuts a longer `timeout` to this."""


class Polling:
    """Answers getUpdates. At most one call waits; a newer one ends it with 409."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._turn = object()
        self._open = True

    def close(self) -> None:
        """Send whoever waits home with nothing; the server is about to stop."""
        self._open = False
        self._world.updates.wake()

    async def get_updates(self, params: JsonObject) -> list[tuple[int, bytes]]:
        """Confirm below `offset`, then wait up to `timeout` seconds for pending updates.

        Returns update ids with their JSON (0 for one that is delivered again). Raises Refusal 409
        while a webhook is set, or when another call came in the meantime.
        https://core.telegram.org/bots/api#getupdates
        """
        updates = self._world.updates
        if self._world.archive.setting("webhook"):
            raise conflict(
                "can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first"
            )
        turn = self._turn = object()
        updates.wake()
        self._confirm(params)
        limit = min(max(params.get("limit") or 100, 1), 100)
        again = [(0, body) for body in updates.again()]
        deadline = asyncio.get_running_loop().time() + min(params.get("timeout") or 0, LONGEST_POLL)
        while not (found := again + updates.oldest(limit)):
            left = deadline - asyncio.get_running_loop().time()
            if left <= 0 or not self._open:
                return []
            await updates.wait(left)
            if self._turn is not turn:
                raise conflict(
                    "terminated by other getUpdates request; "
                    "make sure that only one bot instance is running"
                )
            if self._world.archive.setting("webhook"):
                raise conflict("terminated by setWebhook request")
        return found[:limit]

    def _confirm(self, params: JsonObject) -> None:
        with self._world.archive.transaction():
            if "allowed_updates" in params:
                self._world.updates.allow(params["allowed_updates"])
            if offset := params.get("offset"):
                self._world.updates.confirm_below(offset)
