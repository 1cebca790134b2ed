"""The six people: who they are, and what was said last in each one's chat."""

import asyncio
from datetime import tzinfo

from bot.sandbox.people import Resident
from bot.sandbox.view import bubbles, formatting, markup
from bot.sandbox.view.words import Words
from bot.sandbox.world import World

# How long one look at a chat waits for news before it looks again, in seconds.
_PATIENCE = 30.0


class Residents:
    """Draws the list into the element that is open; `follow` keeps it up to date.

    Args:
        current: the person whose chat is open beside the list, if there is one.
    """

    def __init__(self, world: World, words: Words, current: Resident | None) -> None:
        self._world = world
        self._words = words
        self._rows: dict[str, _Row] = {}
        with markup.box("nav", "people", aria_label=words("people")):
            with markup.box("div", "people-head"):
                markup.words(words("people"), tag="h1")
                markup.words(words("people.hint"), "hint", tag="p")
                markup.words(words("people.staff"), "hint", tag="p")
            with markup.box("ul", "people-list"):
                for person in world.residents.values():
                    self._rows[person.slug] = _Row(person, words, is_current=person == current)

    async def follow(self, zone: tzinfo) -> None:
        """Keep every row up to date until cancelled."""
        await asyncio.gather(
            *(self._follow(person, zone) for person in self._world.residents.values())
        )

    async def _follow(self, person: Resident, zone: tzinfo) -> None:
        while True:
            seen = self._world.version(person)
            self._show_last(person, zone)
            await self._world.changed(person, seen, _PATIENCE)

    def _show_last(self, person: Resident, zone: tzinfo) -> None:
        messages = self._world.chat(person, last=1)
        if not messages:
            self._rows[person.slug].show(self._words("nothing.yet"), "")
            return
        last = messages[-1]
        day = formatting.day_of(int(last["date"]), zone)
        today = formatting.day_of(self._world.seconds(), zone)
        when = (
            formatting.clock_time(int(last["date"]), zone)
            if day == today
            else formatting.day_name(day, today, self._words)
        )
        self._rows[person.slug].show(bubbles.summary(last, self._words), when)


class _Row:
    """One person in the list: a link to the chat in which one is that person."""

    def __init__(self, person: Resident, words: Words, *, is_current: bool) -> None:
        with (
            markup.box("li"),
            markup.box(
                "a", "person", testid=f"person-{person.slug}", href=f"/chat/{person.slug}"
            ) as link,
        ):
            if is_current:
                link.props["aria-current"] = "page"
            avatar(person)
            with markup.box("span", "about"):
                with markup.box("span", "line"):
                    markup.words(person.first_name, "name")
                    markup.words(words(f"role.{person.role}"), f"role {person.role}")
                    self._when = markup.words("", "when")
                self._last = markup.words("", "last")

    def show(self, last: str, when: str) -> None:
        """What was said last, in one line, and when."""
        self._last.text = last
        self._when.text = when


def avatar(person: Resident) -> None:
    """A coloured disc with the person's family name; their name stands beside it anyway."""
    markup.words(person.first_name[:1], f"avatar {person.slug}", aria_hidden="true")
