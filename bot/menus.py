"""Telegram's command menu: one for everybody, and a longer one in the chats of the staff.

Nothing depends on it: what Telegram refuses is left, and what it did not hear is said again later.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import structlog

from bot.client import ApiError, BotApi, Unreachable
from bot.times import Machine
from bot.words import Words
from states.texts import Text
from storage.seats import Roster

COMMANDS = (
    "start",
    "status",
    "help",
    "back",
    "cancel",
    "language",
    "profile",
    "export",
    "erase",
)
OF_STAFF = ("staff", "queue")
"""What stands before the others in a chat of the staff."""
EVERY = 15.0
"""Seconds until it is looked again whose chats those are."""
APART = 1.0
"""Seconds between two chats, so that a start with many of them is no burst."""

log = structlog.get_logger("menus")


class Menus:
    """Sets the menus, and takes those of the staff back."""

    def __init__(self, api: BotApi, words: Words, roster: Roster, machine: Machine) -> None:
        self._api = api
        self._words = words
        self._roster = roster
        self._machine = machine
        self._longer: set[int] = set()

    async def introduce(self) -> None:
        """Name the commands for everybody; a server that cannot is no reason not to start."""
        try:
            await self._set(COMMANDS, {})
        except (ApiError, Unreachable) as error:
            log.warning("the command menu could not be set", error=str(error))

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            await self.look()
            await self._machine.sleep(EVERY)

    async def look(self) -> None:
        """Set the menu of who has become one of the staff, and take it back from who was one."""
        staff = self._roster.seated | self._roster.always
        for account in sorted(staff ^ self._longer):
            scope = {"scope": {"type": "chat", "chat_id": account}}
            try:
                if account in staff:
                    await self._set((*OF_STAFF, *COMMANDS), scope)
                else:
                    await self._take_back(scope)
            except Unreachable as error:
                log.info("a menu could not be set; trying again", error=str(error))
                return
            except ApiError as error:
                if error.retry_after is not None:
                    await self._machine.sleep(error.retry_after)
                    return
                log.info("a menu was refused", code=error.code)
            self._longer ^= {account}
            await self._machine.sleep(APART)

    async def _set(self, names: Sequence[str], scope: Mapping[str, Any]) -> None:
        for locale in self._words.locales:
            commands = [
                {"command": name, "description": self._words.label(Text(f"command-{name}"), locale)}
                for name in names
            ]
            params = {"commands": commands, "language_code": locale[:2], **scope}
            await self._api.call("setMyCommands", params)

    async def _take_back(self, scope: Mapping[str, Any]) -> None:
        for locale in self._words.locales:
            await self._api.call("deleteMyCommands", {"language_code": locale[:2], **scope})
