"""What the command line says, in the terminal's language; its words are ``locales/*/cli.ftl``."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot import settings as configuration
from bot.settings import BadSettings, Settings
from states.texts import Argument, Text

if TYPE_CHECKING:
    from bot.words import Words


def say(key: str, **args: Argument) -> None:
    """A sentence on the standard output."""
    print(words().label(Text(key, args), locale()), flush=True)


def complain(key: str, **args: Argument) -> None:
    """A sentence on the standard error."""
    print(words().label(Text(key, args), locale()), file=sys.stderr, flush=True)


def settings() -> Settings:
    """The settings; where one is wrong, say which, and end the process."""
    try:
        return configuration.load()
    except BadSettings as error:
        complain("cli-bad-settings")
        for name in error.names:
            complain(f"setting-{name.lower().replace('_', '-')}")
        sys.exit(2)


def words() -> Words:
    """All sentences."""
    from bot.words import Words

    return Words.load(ZoneInfo("Asia/Shanghai"))


def locale() -> str:
    """The terminal's language: Chinese unless it says otherwise."""
    spoken = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG", "")
    return "en" if spoken.startswith("en") else "zh-CN"
