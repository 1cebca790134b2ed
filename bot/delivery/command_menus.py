"""Telegram's command menu: one for everybody, and a longer one in the chats of the staff.

Nothing depends on it: what Telegram did not hear, or refuses, is said again later.
"""

from __future__ import annotations

from collections.abc import Sequence

import structlog

from bot.api.client import ApiError, BotApi, Unreachable
from bot.core.clocks import MonotonicClock
from bot.delivery.i18n import Translations
from states.texts import Text
from storage.staff.role_assignments import StaffCache

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
EVERY = 30.0
"""Seconds until it is looked again whose chats those are."""
APART = 1.0
"""Seconds between two chats, so that a start with many of them is no burst."""
RESTS = 3600.0
"""Seconds for which a chat is left alone that refused: most have not opened the bot yet."""
EVERYBODY = 0
"""The chat that stands for all of them."""

log = structlog.get_logger("menus")


class CommandMenus:
    """Sets the menus, and takes those of the staff back, also of who was one before the start."""

    def __init__(
        self, api: BotApi, translations: Translations, staff: StaffCache, monotonic: MonotonicClock
    ) -> None:
        self._api = api
        self._translations = translations
        self._staff = staff
        self._monotonic = monotonic
        self._set: dict[int, tuple[str, ...]] = {}
        self._refused: dict[int, float] = {}

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            await self.look()
            await self._monotonic.sleep(EVERY)

    async def look(self) -> None:
        """Say what is not said yet, chat by chat."""
        for chat, menu in self._wanted().items():
            rests_until = self._refused.get(chat, self._monotonic.now())
            if self._set.get(chat) == menu or self._monotonic.now() < rests_until:
                continue
            try:
                await self._set_menu(chat, menu)
            except Unreachable as error:
                log.info("a menu could not be set; trying again", error=str(error))
                return
            except ApiError as error:
                log.info("a menu was refused", code=error.code)
                self._refused[chat] = self._monotonic.now() + (error.retry_after or RESTS)
            else:
                self._set[chat] = menu
            await self._monotonic.sleep(APART)

    def _wanted(self) -> dict[int, tuple[str, ...]]:
        """The commands of each chat; none where that of everybody holds again."""
        staff = self._staff.active | self._staff.administrators
        former = dict.fromkeys(sorted(self._staff.former - staff), ())
        longer = dict.fromkeys(sorted(staff), (*OF_STAFF, *COMMANDS))
        return {EVERYBODY: COMMANDS, **longer, **former}

    async def _set_menu(self, chat: int, menu: Sequence[str]) -> None:
        scope = {} if chat == EVERYBODY else {"scope": {"type": "chat", "chat_id": chat}}
        for locale in self._translations.locales:
            params = {"language_code": locale[:2], **scope}
            if not menu:
                await self._api.call("deleteMyCommands", params)
                continue
            commands = [
                {
                    "command": name,
                    "description": self._translations.label(Text(f"command-{name}"), locale),
                }
                for name in menu
            ]
            await self._api.call("setMyCommands", {"commands": commands, **params})
