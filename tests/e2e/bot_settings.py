"""Settings that neither the environment nor a ``.env`` of the developer changes."""

from __future__ import annotations

from pathlib import Path

from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from bot.core.settings import Settings


class Configured(Settings):
    """Only what a test says itself, and the sandbox's database where the test has one."""

    tested_database: str = ""

    @property
    def database(self) -> str:
        """The test's own, also in the sandbox."""
        return self.tested_database or super().database

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


def at(data: Path, database: str, bot_token: str = "") -> Settings:
    """A bot's settings on this folder and this database (its URL; empty for the folder's own
    file); without a token it runs in the sandbox, where nobody has a role yet.
    """
    return Configured(
        data_dir=data, tested_database=database, bot_token=bot_token, sandbox_staff=False
    )
