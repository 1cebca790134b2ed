"""The messages of a rehearsal, rendered as the sender does, and measured."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from bot.delivery.i18n import Translations
from bot.delivery.renderer import MAX_TEXT, text_length
from handlers.registry import SCREENS
from handlers.rendering import Inline, Line, Overtaken, Paragraph, Screen, View
from states.exam import Exam
from states.records import Records

MAX_CAPTION: Final = 1024
"""The length of a caption: https://core.telegram.org/bots/api#sendphoto."""
MAX_A_SECOND: Final = 30
"""Messages of a bot in a second: https://core.telegram.org/bots/faq#broadcasting-to-users."""
MAX_BUTTONS: Final = 100


@dataclass(slots=True)
class MessageCount:
    """The messages that were sent, and those that Telegram would not take.

    ``too_long`` has the longest length by screen.
    """

    longest: int = 0
    longest_screen: str = ""
    too_long: dict[str, int] = field(default_factory=dict)
    on_day: Counter[date] = field(default_factory=Counter)
    to_person: Counter[tuple[int, date]] = field(default_factory=Counter)


class Messages:
    """Renders the screens of candidates in their language, and measures them."""

    def __init__(self, exam: Exam) -> None:
        self._exam = exam
        self._translations = Translations.load(exam.tz)
        self.count = MessageCount()

    def render(
        self, screen: str, records: Records, now: datetime, data: Mapping[str, str]
    ) -> Screen | None:
        """Return a screen as the sender renders it; None if it has nothing to say any more."""
        try:
            rendered = SCREENS[screen](View(records, self._exam, now, data))
        except Overtaken:
            return None
        self._measure(screen, rendered, records)
        return rendered

    def sent(self, chat: int, now: datetime, messages: int = 1) -> None:
        """Count messages to somebody."""
        day = self._exam.today(now)
        self.count.on_day[day] += messages
        self.count.to_person[chat, day] += messages

    def _measure(self, name: str, screen: Screen, records: Records) -> None:
        locale = records.person.locale if records.person else ""
        length = text_length("\n\n".join(self._paragraph(one, locale) for one in screen.text))
        has_caption = screen.picture is not None or screen.document is not None
        most = MAX_CAPTION if has_caption else MAX_TEXT
        if length > self.count.longest:
            self.count.longest, self.count.longest_screen = length, name
        buttons = sum(map(len, screen.buttons))
        if length > most or buttons > MAX_BUTTONS:
            self.count.too_long[name] = max(length, self.count.too_long.get(name, 0))

    def _paragraph(self, paragraph: Paragraph, locale: str) -> str:
        lines = paragraph if isinstance(paragraph, tuple) else (paragraph,)
        return "\n".join(self._line(line, locale) for line in lines)

    def _line(self, line: Line, locale: str) -> str:
        pieces = line.pieces if isinstance(line, Inline) else (line,)
        return "".join(self._translations.html(one, locale) for one in pieces)
