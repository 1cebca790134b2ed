"""Settings that neither the environment nor a ``.env`` of the developer changes."""

from __future__ import annotations

from pathlib import Path

from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from bot.settings import Settings


class Configured(Settings):
    """Only what a test says itself.

    ``instead``: the URL of another database than the sandbox's own file.
    """

    instead: str = ""

    @property
    def database(self) -> str:
        """The database's URL."""
        return self.instead or super().database

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The arguments alone."""
        return (init_settings,)


def at(data: Path, bot_token: str = "", *, database: str = "") -> Settings:
    """A bot's settings on this folder; without a token it runs in the sandbox."""
    return Configured(data_dir=data, bot_token=bot_token, instead=database)
