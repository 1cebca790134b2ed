"""The console loads the exam, and prints texts in the terminal's language."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Coroutine, Iterable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from io import TextIOBase
from typing import TYPE_CHECKING, Any, Final, TextIO, TypeVar
from unicodedata import category
from zoneinfo import ZoneInfo

from bot.core.failures import file_trouble, is_for_operators
from bot.core.settings import Refused, Settings
from states.texts import Argument, Text

# ``localized`` imports Translations late: the import takes a while.

if TYPE_CHECKING:
    from states.exam import Exam

T = TypeVar("T")
TRIES = 5
"""Tries of a command that loses races against the bot."""


def finish(command: Callable[[], int]) -> int:
    """Run a command and return its exit code; print why it was refused, or which file cannot be."""
    try:
        return command()
    except Refused as refused:
        for text in (refused.text, *refused.more):
            complain(text.key, **text.args)
        return refused.code
    except BrokenPipeError:  # ``baoming jobs list | head``
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        if not is_for_operators(error):
            raise
        complain("cli-file", trouble=file_trouble(error))
        return 2


def run(work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run the work of a command; do it again where another process was faster.

    Raises:
        Refused: it was slower each time.
    """
    import asyncio

    from storage.engine.database import Conflict

    for _ in range(TRIES - 1):
        try:
            return asyncio.run(work())
        except Conflict:
            continue
    try:
        return asyncio.run(work())
    except Conflict as error:
        known = {"reason": str(error), "cause": error.cause}
        raise Refused(Text("doctor-data-bad", known)) from None


def exam(settings: Settings) -> Exam:
    """Load the exam of the settings.

    Raises:
        Refused: it names each mistake of the definition.
    """
    from bot.core import exam_files
    from states.exam import BadExam

    try:
        return exam_files.load(settings.exam)
    except BadExam as error:
        raise Refused(Text("cli-bad-exam"), *error.texts, code=2) from None


class LossyStream(TextIOBase):
    """An output whose errors cost lines: a full disk, or a reader that is gone."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str, /) -> int:
        """Write a text, or lose it."""
        with suppress(OSError):
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        """Write what waits; what cannot be written now is written with a later line, or lost."""
        with suppress(OSError):
            self._stream.flush()


@contextmanager
def lossy_output() -> Iterator[None]:
    """Let nothing end because its output cannot be written: the log may fill its disk."""
    with redirect_stdout(LossyStream(sys.stdout)), redirect_stderr(LossyStream(sys.stderr)):
        yield


def say(key: str, /, **args: Argument) -> None:
    """Print a text to standard output."""
    print(localized(Text(key, args)), flush=True)


def say_all(texts: Iterable[Text]) -> None:
    """Print texts to standard output, one a line."""
    for text in texts:
        print(localized(text), flush=True)


def complain(key: str, /, **args: Argument) -> None:
    """Print a text to standard error."""
    print(localized(Text(key, args)), file=sys.stderr, flush=True)


def localized(text: Text) -> str:
    """Return a text in the terminal's language."""
    from bot.delivery.i18n import Translations

    said = Translations.load(ZoneInfo("Asia/Shanghai")).plain(text, locale())
    return "".join(char if char in _LAYOUT else plain(char) for char in said)


def plain(words: str) -> str:
    """Return words of a database without signs that move a terminal's cursor or turn its lines.

    Whoever writes the database without the keys must not draw on the operator's screen.
    """
    return "".join("\N{REPLACEMENT CHARACTER}" if category(c) in _UNSEEN else c for c in words)


_LAYOUT: Final = "\n\t"
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Categories of control and format signs: https://www.unicode.org/reports/tr44/."""


def locale() -> str:
    """Return the terminal's language: English if the environment says so, else Chinese."""
    language = (
        os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG", "")
    )
    return "en" if language.startswith("en") else "zh-CN"
