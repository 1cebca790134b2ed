"""The messages of one chat; an update redraws only changed ones."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from nicegui.element import Element

from bot.sandbox.view import bubbles, formatting, markup
from bot.sandbox.view.bubbles import BubbleActions, Viewer
from bot.sandbox.view.formatting import Json

# A press on an inline button. A bubble redrawn before the finger is lifted gets no click.
_HOLD = "(event) => { sandbox.held = event.target.closest('[data-press]'); }"
_RELEASE = "() => { if (sandbox.held?.isConnected === false) emit(sandbox.held.dataset.press); }"
_PRESS = """(event) => {
  const pressed = event.target.closest('[data-press]');
  if (pressed) emit(pressed.dataset.press);
}"""
# A press on a command in a text sends it; a link to the bot stays on the page.
_COMMAND = """(event) => {
  const pressed = event.target.closest('[data-command]');
  if (pressed) emit(pressed.dataset.command);
}"""
_LINK = "(event) => sandbox.botLink(event, (payload) => emit(payload))"
# Bubbles drawn at first, and added on each request for earlier ones.
_PAGE = 80


@dataclass(frozen=True, slots=True)
class _Entry:
    """A message or an album; `starts_day` is its day if it is the first of that day."""

    messages: Sequence[Json]
    starts_day: date | None

    @property
    def key(self) -> int:
        return int(self.messages[0]["message_id"])

    def fingerprint(self, today: date) -> str:
        """Return text that is equal for entries of equal looks; the world mutates its dicts."""
        return json.dumps(
            [self.messages, str(self.starts_day), str(today) if self.starts_day else ""]
        )


@dataclass(slots=True)
class _Drawn:
    holder: Element
    fingerprint: str
    waits: bool = False
    """The bot has not answered a press of its buttons."""


class Conversation:
    """The message list of a chat, drawn into the open element; `show` updates it."""

    def __init__(self, viewer: Viewer, actions: BubbleActions, bot_username: str) -> None:
        self._sight = viewer
        self._actions = actions
        self._description: str | None = None
        self._limit = _PAGE
        self._drawn: dict[int, _Drawn] = {}
        self._last_shown: tuple[Sequence[Json], int, frozenset[int]] = ((), 0, frozenset())
        words = viewer.words
        self._list = markup.box(
            "section",
            "messages",
            testid="messages",
            role="log",
            aria_live="polite",
            aria_label=words("messages"),
            tabindex="0",
        )
        self._list.on("pointerdown", js_handler=_HOLD)
        markup.emits(self._list, "pointerup", _RELEASE, self._press)
        markup.emits(self._list, "click", _PRESS, self._press)
        markup.emits(self._list, "click", _COMMAND, actions.say)
        markup.emits(self._list, "click", _LINK, actions.follow_link)
        self._list.props["data-bot"] = bot_username
        with self._list:
            self._earlier = markup.button(words("earlier"), self._show_earlier, "earlier")
            self._empty = markup.box("div", "empty")
        self._earlier.set_visibility(False)
        self._empty.set_visibility(False)

    def greet(self, description: str) -> None:
        """Set the bot's description, which an empty chat shows with a start button."""
        if description == self._description:
            return
        self._description = description
        words, say = self._sight.words, self._actions.say
        self._empty.clear()
        with self._empty:
            markup.text(description or words("empty"), "description", tag="p")
            markup.button(words("start"), lambda: say("/start"), "start", testid="start")

    def show(self, messages: Sequence[Json], now: int, waiting: frozenset[int]) -> None:
        """Show these messages in this order.

        Args:
            now: Unix seconds, for the divider "today".
            waiting: message_ids with an unanswered callback query.
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
        fingerprint = entry.fingerprint(today)
        drawn = self._drawn.get(entry.key)
        if drawn is None:
            is_last = place == len(self._drawn)
            with self._list:
                holder = markup.box("div", "holder")
            if not is_last:
                # Two elements precede the messages: "earlier" and the empty chat's greeting.
                holder.move(target_index=place + 2)
            drawn = self._drawn[entry.key] = _Drawn(holder, "")
        if drawn.fingerprint == fingerprint:
            return
        drawn.fingerprint = fingerprint
        drawn.holder.clear()
        with drawn.holder:
            if entry.starts_day is not None:
                day = formatting.day_name(entry.starts_day, today, self._sight.words)
                markup.text(day, "day")
            bubbles.draw(entry.messages, self._sight, self._actions)

    def _show_waiting(self, waiting: frozenset[int]) -> None:
        for key, drawn in self._drawn.items():
            if (key in waiting) != drawn.waits:
                drawn.waits = key in waiting
                drawn.holder.classes(toggle="waiting")

    def _press(self, pressed: str) -> None:
        message_id, _, data = pressed.partition(" ")
        self._actions.press(int(message_id), data)

    def _show_earlier(self) -> None:
        self._limit += _PAGE
        self.show(*self._last_shown)


def _entries(messages: Iterable[Json], viewer: Viewer) -> Iterable[_Entry]:
    """Yield entries: adjacent messages of an album form one, and the first of a day has it."""
    last: date | None = None
    for _, group in groupby(messages, key=_album_key):
        album = tuple(group)
        day = formatting.day_of(int(album[0]["date"]), viewer.zone)
        yield _Entry(album, day if day != last else None)
        last = day


def _album_key(message: Json) -> str:
    return str(message.get("media_group_id") or f"message {message['message_id']}")
