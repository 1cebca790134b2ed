"""The bot's profile: its commands, descriptions and menu button."""

import orjson

from bot.sandbox.archive import Archive, JsonObject
from bot.sandbox.rules import limits
from bot.sandbox.rules.refusals import invalid_call
from bot.sandbox.world.people import Person

_DEFAULT_SCOPE: JsonObject = {"type": "default"}


class Profile:
    """The commands, descriptions and menu buttons in the file."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive

    def set_commands(
        self, commands: list[JsonObject], scope: JsonObject | None, language: str | None
    ) -> None:
        """Store the commands of a scope and language; raise Refusal for invalid ones."""
        if len(commands) > limits.COMMANDS:
            raise invalid_call("BOT_COMMANDS_TOO_MUCH")
        for command in commands:
            if not limits.COMMAND.fullmatch(command["command"].removeprefix("/")):
                raise invalid_call("BOT_COMMAND_INVALID")
            if not 1 <= len(command["description"]) <= limits.COMMAND_DESCRIPTION:
                raise invalid_call("BOT_COMMAND_DESCRIPTION_INVALID")
        self._archive.keep_setting(
            _name("commands", scope, language), {"commands": commands} if commands else None
        )

    def commands(self, scope: JsonObject | None, language: str | None) -> list[JsonObject]:
        """Return the commands set for this scope and language, without fallback."""
        kept = self._archive.setting(_name("commands", scope, language))
        return list(kept["commands"]) if kept else []

    def commands_for(self, person: Person) -> list[JsonObject]:
        """Return the commands of the narrowest scope, in the person's language if set."""
        scopes: tuple[JsonObject, ...] = (
            {"type": "chat", "chat_id": person.id},
            {"type": "all_private_chats"},
            _DEFAULT_SCOPE,
        )
        for scope in scopes:
            for language in (person.language_code.partition("-")[0], None):
                if commands := self.commands(scope, language):
                    return commands
        return []

    def describe(self, kind: str, text: str, language: str | None) -> None:
        """Store the text of `kind`: "description" or "short_description"."""
        longest = limits.DESCRIPTION if kind == "description" else limits.SHORT_DESCRIPTION
        if len(text) > longest:
            raise invalid_call(f"{kind.replace('_', ' ')} is too long")
        self._archive.keep_setting(_name(kind, None, language), {"text": text} if text else None)

    def description(self, kind: str = "description", language: str | None = None) -> str:
        """Return the text of `kind` in this language, else in the default language."""
        kept = self._archive.setting(_name(kind, None, language)) or self._archive.setting(
            _name(kind, None, None)
        )
        return str(kept["text"]) if kept else ""

    def set_menu_button(self, chat_id: int | None, button: JsonObject | None) -> None:
        """Store the menu button of one chat or of all."""
        self._archive.keep_setting(f"menu:{chat_id or 'all'}", button)


def _name(kind: str, scope: JsonObject | None, language: str | None) -> str:
    """Return the setting's name; chat_id as a number or as digits names the same chat."""
    chosen = dict(scope or _DEFAULT_SCOPE)
    if "chat_id" in chosen:
        chosen["chat_id"] = str(chosen["chat_id"])
    where = orjson.dumps(chosen, option=orjson.OPT_SORT_KEYS).decode()
    return f"{kind}:{language or ''}:{where}"
