"""What every command of the command line needs: settings, and words in the terminal's language."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.core import settings as configuration
from bot.core.settings import BadSettings, Refused, Settings
from states.texts import Argument, Text

# Words are imported by the command that has something to say: it takes a while.

if TYPE_CHECKING:
    from bot.delivery.i18n import Translations
    from states.exam import Exam


def finish(command: Callable[[], int]) -> int:
    """Run a command and return its exit code; print why it is refused if it is."""
    try:
        return command()
    except Refused as refused:
        for text in (refused.text, *refused.more):
            complain(text.key, **text.args)
        return refused.code


def settings() -> Settings:
    """Read the settings.

    Raises:
        Refused: some are wrong; it names each of them.
    """
    try:
        return configuration.load()
    except BadSettings as error:
        keys = [f"setting-{name.lower().replace('_', '-')}" for name in error.names]
        raise Refused(Text("cli-bad-settings"), *map(Text, keys), code=2) from None


def exam(settings: Settings) -> Exam:
    """Read the exam of the settings.

    Raises:
        Refused: its definition has mistakes; it names each of them.
    """
    from bot.core import exam_files
    from states.exam import BadExam

    try:
        return exam_files.load(settings.exam)
    except BadExam as error:
        reason = "\n".join(error.mistakes)
        raise Refused(Text("cli-bad-exam", {"reason": reason}), code=2) from None


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


def _words() -> Translations:
    from bot.delivery.i18n import Translations

    return Translations.load(ZoneInfo("Asia/Shanghai"))
