"""The list of people, with the last message of each chat."""

import asyncio
from datetime import tzinfo

from bot.sandbox.view import bubbles, formatting, markup
from bot.sandbox.view.words import Words
from bot.sandbox.world import World
from bot.sandbox.world.people import Person

_REFRESH_SECONDS = 30.0


class PeopleList:
    """The list, drawn into the open element; `follow` keeps it current.

    Args:
        current: the person whose chat is open beside the list.
    """

    def __init__(self, world: World, words: Words, current: Person | None) -> None:
        self._world = world
        self._words = words
        self._rows: dict[str, _Row] = {}
        with markup.box("nav", "people", aria_label=words("people")):
            with markup.box("div", "people-head"):
                markup.text(words("people"), tag="h1")
                markup.text(words("people.hint"), "hint", tag="p")
                markup.text(words("people.staff"), "hint", tag="p")
            with markup.box("ul", "people-list"):
                for person in world.people.values():
                    self._rows[person.slug] = _Row(person, words, is_current=person == current)

    async def follow(self, zone: tzinfo) -> None:
        """Refresh every row until cancelled."""
        await asyncio.gather(
            *(self._follow(person, zone) for person in self._world.people.values())
        )

    async def _follow(self, person: Person, zone: tzinfo) -> None:
        while True:
            seen = self._world.version(person)
            self._show_last(person, zone)
            await self._world.changed(person, seen, _REFRESH_SECONDS)

    def _show_last(self, person: Person, zone: tzinfo) -> None:
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
    """A row of the list: a link to the person's chat."""

    def __init__(self, person: Person, words: Words, *, is_current: bool) -> None:
        with (
            markup.box("li"),
            markup.box(
                "a", "person", testid=f"person-{person.slug}", href=f"/chat/{person.slug}"
            ) as link,
        ):
            if is_current:
                link.props["aria-current"] = "page"
            _avatar(person)
            with markup.box("span", "about"):
                with markup.box("span", "line"):
                    markup.text(person.first_name, "name")
                    markup.text(words(f"role.{person.role}"), f"role {person.role}")
                    self._when = markup.text("", "when")
                self._last = markup.text("", "last")

    def show(self, last: str, when: str) -> None:
        """Show the last message and its time."""
        self._last.text = last
        self._when.text = when


def _avatar(person: Person) -> None:
    """Draw a coloured disc with the person's family name, hidden from screen readers."""
    markup.text(person.first_name[:1], f"avatar {person.slug}", aria_hidden="true")
