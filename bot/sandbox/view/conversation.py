"""The messages of one chat, kept as they are: what did not change is not drawn again."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from nicegui.element import Element

from bot.sandbox.view import bubbles, formatting, markup
from bot.sandbox.view.bubbles import Acts, Sight
from bot.sandbox.view.formatting import Json

# A command in a text is sent by pressing it; a link to the bot itself does not leave the page.
_COMMAND = """(event) => {
  const pressed = event.target.closest('[data-command]');
  if (pressed) emit(pressed.dataset.command);
}"""
_LINK = "(event) => sandbox.botLink(event, (payload) => emit(payload))"
# So many bubbles are drawn at first, and so many more on request: a browser shows them at once.
_PAGE = 80


@dataclass(frozen=True, slots=True)
class _Entry:
    """One bubble to be: a message or an album, and the day it opens, if it is the first of it."""

    messages: Sequence[Json]
    opens: date | None

    @property
    def key(self) -> int:
        return int(self.messages[0]["message_id"])

    def likeness(self, today: date) -> str:
        """Equal for two entries that look the same. The world may change its dicts; text stays."""
        return json.dumps([self.messages, str(self.opens), str(today) if self.opens else ""])


@dataclass(slots=True)
class _Drawn:
    holder: Element
    likeness: str
    waits: bool = False
    """A button of it was pressed, and the bot has not answered."""


class Conversation:
    """Draws a chat into the element that is open, and keeps it up to date by `show`."""

    def __init__(self, sight: Sight, acts: Acts, bot_username: str) -> None:
        self._sight = sight
        self._acts = acts
        self._description: str | None = None
        self._limit = _PAGE
        self._drawn: dict[int, _Drawn] = {}
        self._last_shown: tuple[Sequence[Json], int, frozenset[int]] = ((), 0, frozenset())
        words = sight.words
        self._list = markup.box(
            "section",
            "messages",
            testid="messages",
            role="log",
            aria_live="polite",
            aria_label=words("messages"),
            tabindex="0",
        )
        markup.emits(self._list, "click", _COMMAND, acts.say)
        markup.emits(self._list, "click", _LINK, acts.follow_link)
        self._list.props["data-bot"] = bot_username
        with self._list:
            self._earlier = markup.press(words("earlier"), self._show_earlier, "earlier")
            self._empty = markup.box("div", "empty")
        self._earlier.set_visibility(False)
        self._empty.set_visibility(False)

    def greet(self, description: str) -> None:
        """What stands in a chat without messages: the bot's description and a start button."""
        if description == self._description:
            return
        self._description = description
        words, say = self._sight.words, self._acts.say
        self._empty.clear()
        with self._empty:
            markup.words(description or words("empty"), "description", tag="p")
            markup.press(words("start"), lambda: say("/start"), "start", testid="start")

    def show(self, messages: Sequence[Json], now: int, waiting: frozenset[int]) -> None:
        """Make the list show these messages, in this order.

        Args:
            now: Unix seconds; they tell which day is today.
            waiting: message_ids of which a button was pressed and not yet answered.
        """
        self._last_shown = (messages, now, waiting)
        entries = list(_entries(messages, self._sight))
        shown = entries[-self._limit :]
        self._earlier.set_visibility(len(shown) < len(entries))
        self._empty.set_visibility(not entries)
        for key in self._drawn.keys() - {entry.key for entry in shown}:
            self._drawn.pop(key).holder.delete()
        today = formatting.day_of(now, self._sight.zone)
        for place, entry in enumerate(shown):
            self._show_entry(entry, place, today)
        self._show_waiting(waiting)

    def _show_entry(self, entry: _Entry, place: int, today: date) -> None:
        likeness = entry.likeness(today)
        drawn = self._drawn.get(entry.key)
        if drawn is None:
            is_last = place == len(self._drawn)
            with self._list:
                holder = markup.box("div", "holder")
            if not is_last:
                # Two elements stand before the messages: "earlier" and the empty chat's greeting.
                holder.move(target_index=place + 2)
            drawn = self._drawn[entry.key] = _Drawn(holder, "")
        if drawn.likeness == likeness:
            return
        drawn.likeness = likeness
        drawn.holder.clear()
        with drawn.holder:
            if entry.opens is not None:
                day = formatting.day_name(entry.opens, today, self._sight.words)
                markup.words(day, "day")
            bubbles.draw(entry.messages, self._sight, self._acts)

    def _show_waiting(self, waiting: frozenset[int]) -> None:
        for key, drawn in self._drawn.items():
            if (key in waiting) != drawn.waits:
                drawn.waits = key in waiting
                drawn.holder.classes(toggle="waiting")

    def _show_earlier(self) -> None:
        self._limit += _PAGE
        self.show(*self._last_shown)


def _entries(messages: Iterable[Json], sight: Sight) -> Iterable[_Entry]:
    """The messages as bubbles: neighbours of one album are one, days are opened by their first."""
    last: date | None = None
    for _, group in groupby(messages, key=_album_key):
        album = tuple(group)
        day = formatting.day_of(int(album[0]["date"]), sight.zone)
        yield _Entry(album, day if day != last else None)
        last = day


def _album_key(message: Json) -> str:
    return str(message.get("media_group_id") or f"message {message['message_id']}")
