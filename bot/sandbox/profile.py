"""The bot's own account: its commands, descriptions and menu button."""

import orjson

from bot.sandbox import limits
from bot.sandbox.archive import Archive, JsonObject
from bot.sandbox.people import Resident
from bot.sandbox.refusals import broken

_EVERYBODY: JsonObject = {"type": "default"}


class Profile:
    """What people see of the bot besides its messages; kept in the file."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive

    def set_commands(
        self, commands: list[JsonObject], scope: JsonObject | None, language: str | None
    ) -> None:
        """Keep the commands of a scope and language; raises Refusal for ones Telegram refuses."""
        if len(commands) > limits.COMMANDS:
            raise broken("BOT_COMMANDS_TOO_MUCH")
        for command in commands:
            if not limits.COMMAND.fullmatch(command["command"].removeprefix("/")):
                raise broken("BOT_COMMAND_INVALID")
            if not 1 <= len(command["description"]) <= limits.COMMAND_DESCRIPTION:
                raise broken("BOT_COMMAND_DESCRIPTION_INVALID")
        self._archive.keep_setting(
            _name("commands", scope, language), {"commands": commands} if commands else None
        )

    def commands(self, scope: JsonObject | None, language: str | None) -> list[JsonObject]:
        """Exactly what was set for this scope and language."""
        kept = self._archive.setting(_name("commands", scope, language))
        return list(kept["commands"]) if kept else []

    def commands_for(self, person: Resident) -> list[JsonObject]:
        """What this person's menu shows: the narrowest scope, their language before any."""
        scopes: tuple[JsonObject, ...] = (
            {"type": "chat", "chat_id": person.id},
            {"type": "all_private_chats"},
            _EVERYBODY,
        )
        for scope in scopes:
            for language in (person.language_code.partition("-")[0], None):
                if commands := self.commands(scope, language):
                    return commands
        return []

    def describe(self, kind: str, text: str, language: str | None) -> None:
        """Keep the description ("description") or the short one ("short_description")."""
        longest = limits.DESCRIPTION if kind == "description" else limits.SHORT_DESCRIPTION
        if len(text) > longest:
            raise broken(f"{kind.replace('_', ' ')} is too long")
        self._archive.keep_setting(_name(kind, None, language), {"text": text} if text else None)

    def description(self, kind: str = "description", language: str | None = None) -> str:
        """The description shown in an empty chat, or the short one of the bot's page."""
        kept = self._archive.setting(_name(kind, None, language)) or self._archive.setting(
            _name(kind, None, None)
        )
        return str(kept["text"]) if kept else ""

    def set_menu_button(self, chat_id: int | None, button: JsonObject | None) -> None:
        """Keep the button beside the text box, for one chat or for all."""
        self._archive.keep_setting(f"menu:{chat_id or 'all'}", button)


def _name(kind: str, scope: JsonObject | None, language: str | None) -> str:
    """The setting's name. chat_id may come as a string of digits; it names the same chat."""
    chosen = dict(scope or _EVERYBODY)
    if "chat_id" in chosen:
        chosen["chat_id"] = str(chosen["chat_id"])
    where = orjson.dumps(chosen, option=orjson.OPT_SORT_KEYS).decode()
    return f"{kind}:{language or ''}:{where}"
