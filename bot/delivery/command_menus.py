"""CommandMenus sets Telegram's command menu: one for everybody, a longer one in staff chats.

With the menu for everybody it sets what an empty chat and the bot's profile say about the bot.

Nothing depends on a menu: CommandMenus repeats failed and refused calls later.
"""

from __future__ import annotations

from collections.abc import Sequence

import structlog

from bot.api.client import ApiError, BotApi, Unreachable
from bot.core.runtime import MonotonicClock
from bot.delivery.i18n import Translations
from states.exam import Exam
from states.texts import DEFAULT_LOCALE, Text
from storage.updates.fsm import StaffCache

COMMANDS = (
    "start",
    "status",
    "todo",
    "calendar",
    "reminders",
    "help",
    "back",
    "cancel",
    "print",
    "withdraw",
    "change",
    "language",
    "profile",
    "export",
    "erase",
)
OF_STAFF = ("staff", "queue", "cases", "changes", "checks", "verify", "reach", "stats")
"""The commands before the others in a chat of the staff."""
EVERY = 30.0
"""Seconds between two readings of the StaffCache."""
APART = 1.0
"""Seconds between two chats, so that a start with many staff makes no burst."""
RETRY_AFTER = 3600.0
"""Seconds until the next try after a refusal: most such accounts have not opened the bot yet."""
EVERYBODY = 0
"""The key of the default menu, for all chats."""
_DESCRIPTIONS = (
    ("setMyDescription", "description", "bot-description", 512),
    ("setMyShortDescription", "short_description", "bot-short-description", 120),
)
"""The methods of the bot's texts, with their parameter, our text, and the most characters of it."""
_ALSO_OF_STAFF = {"export": Text("command-export-staff")}
"""Commands of everybody that do more for the staff, with their descriptions there."""
PLAIN = "bot-short-description-plain"
"""The text that does not name the exam, for a name that makes the others too long."""

log = structlog.get_logger("menus")


class CommandMenus:
    """Sets the menus of staff, and deletes the menus of former staff."""

    def __init__(
        self,
        api: BotApi,
        translations: Translations,
        staff: StaffCache,
        monotonic: MonotonicClock,
        exam: Exam,
    ) -> None:
        self._api = api
        self._exam = exam
        self._translations = translations
        self._staff = staff
        self._monotonic = monotonic
        self._set: dict[int, tuple[str, ...]] = {}
        self._retry_at: dict[int, float] = {}

    async def run(self) -> None:
        """Update the menus until cancelled."""
        while True:
            await self.update()
            await self._monotonic.sleep(EVERY)

    async def update(self) -> None:
        """Set each menu that Telegram does not have yet, chat by chat."""
        for chat, menu in self._wanted().items():
            retry_at = self._retry_at.get(chat, self._monotonic.now())
            if self._set.get(chat) == menu or self._monotonic.now() < retry_at:
                continue
            try:
                await self._set_menu(chat, menu)
            except Unreachable as error:
                log.info("command menu not set; trying again", error=str(error))
                return
            except ApiError as error:
                log.info("command menu refused", code=error.code)
                self._retry_at[chat] = self._monotonic.now() + (error.retry_after or RETRY_AFTER)
            else:
                self._set[chat] = menu
            await self._monotonic.sleep(APART)

    def _wanted(self) -> dict[int, tuple[str, ...]]:
        """Return the commands of each chat; none deletes the chat's own menu."""
        staff = self._staff.active | self._staff.administrators
        former = dict.fromkeys(sorted(self._staff.former - staff), ())
        longer = dict.fromkeys(sorted(staff), (*OF_STAFF, *COMMANDS))
        return {EVERYBODY: COMMANDS, **longer, **former}

    async def _set_menu(self, chat: int, menu: Sequence[str]) -> None:
        if chat == EVERYBODY:
            await self._describe()
        scope = {} if chat == EVERYBODY else {"scope": {"type": "chat", "chat_id": chat}}
        for locale in self._translations.locales:
            params = {"language_code": locale[:2], **scope}
            if not menu:
                await self._api.call("deleteMyCommands", params)
                continue
            commands = [
                {
                    "command": name,
                    "description": self._translations.label(_described(name, chat), locale),
                }
                for name in menu
            ]
            await self._api.call("setMyCommands", {"commands": commands, **params})

    async def _describe(self) -> None:
        """Set the texts of the empty chat and of the profile; who has another language reads ours.

        https://core.telegram.org/bots/api#setmydescription: 512 characters, the short one 120.
        """
        for code, locale in (
            ("", DEFAULT_LOCALE),
            *((one[:2], one) for one in self._translations.locales),
        ):
            for method, name, key, most in _DESCRIPTIONS:
                text = self._description(key, locale, most)
                await self._api.call(method, {name: text, "language_code": code})

    def _description(self, key: str, locale: str, most: int) -> str:
        """Return a text about the bot with the exam's name, if there is room for it."""
        text = Text(key, {"exam": self._exam.display_name(locale)})
        label = self._translations.label(text, locale)
        return label if len(label) <= most else self._translations.label(Text(PLAIN), locale)


def _described(name: str, chat: int) -> Text:
    """Return the description of a command; some do one thing more in a chat of the staff."""
    of_staff = _ALSO_OF_STAFF.get(name) if chat != EVERYBODY else None
    return of_staff or Text(f"command-{name}")
