"""Long polling: getUpdates, as the real server runs it."""

import asyncio

from bot.sandbox.archive import JsonObject
from bot.sandbox.rules.refusals import conflict
from bot.sandbox.world import World

LONGEST_POLL = 50
"""Seconds; the real server shortens a longer `timeout`."""


class Polling:
    """The consumer side of getUpdates; a newer call ends the waiting one with 409."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._latest_call = object()
        self._open = True

    def close(self) -> None:
        """End the waiting call with an empty result before the server stops."""
        self._open = False
        self._world.updates.wake()

    async def get_updates(self, params: JsonObject) -> list[tuple[int, bytes]]:
        """Confirm updates below `offset`, then wait up to `timeout` seconds for pending ones.

        Returns update ids with their JSON; a redelivered update has id 0. Raises Refusal 409 while
        a webhook is set, or if a newer call arrives.
        https://core.telegram.org/bots/api#getupdates
        """
        updates = self._world.updates
        if self._world.archive.setting("webhook"):
            raise conflict(
                "can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first"
            )
        this_call = self._latest_call = object()
        updates.wake()
        self._confirm(params)
        limit = min(max(params.get("limit") or 100, 1), 100)
        redelivered = [(0, body) for body in updates.redelivered()]
        deadline = asyncio.get_running_loop().time() + min(params.get("timeout") or 0, LONGEST_POLL)
        while not (found := redelivered + updates.oldest(limit)):
            remaining = deadline - asyncio.get_running_loop().time()
            if remaining <= 0 or not self._open:
                return []
            await updates.wait(remaining)
            if self._latest_call is not this_call:
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
