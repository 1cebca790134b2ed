"""What every command of the command line needs: settings, and words in the terminal's language."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot import settings as configuration
from bot.settings import BadSettings, Settings
from states.texts import Argument, Text

# Words are imported by the command that has something to say: it takes a while.

if TYPE_CHECKING:
    from bot.words import Words


def settings() -> Settings:
    """The settings; a wrong one ends the process, which says which."""
    try:
        return configuration.load()
    except BadSettings as error:
        complain("cli-bad-settings")
        for name in error.names:
            complain(f"setting-{name.lower().replace('_', '-')}")
        sys.exit(2)


def say(key: str, **args: Argument) -> None:
    """Tell the operator something."""
    print(worded(Text(key, args)), flush=True)


def complain(key: str, **args: Argument) -> None:
    """Tell the operator what is wrong."""
    print(worded(Text(key, args)), file=sys.stderr, flush=True)


def worded(text: Text) -> str:
    """A text in the terminal's language."""
    return _words().label(text, locale())


def locale() -> str:
    """The terminal's language: Chinese unless it says otherwise."""
    spoken = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG", "")
    return "en" if spoken.startswith("en") else "zh-CN"


def _words() -> Words:
    from bot.words import Words

    return Words.load(ZoneInfo("Asia/Shanghai"))
