"""Long lists in a chat: shown in parts, leafed through, and found in by typing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, TypeVar

from handlers.callback_data import Action, Button, CallbackData
from handlers.rendering import Paragraph, button, rows
from handlers.update_context import Context
from states.flow import Position
from states.form.fields import Option
from states.search import find
from states.step_result import StepResult
from states.texts import Problem, Text

FOUND = "found"
"""In a place: the codes that a search has found, with blanks between."""
LEAF = "leaf"
"""In a place: the number (from 0) of the first option that is shown of a long list."""
SHOWN = 12
"""Options that are shown at once; a list of so few is shown whole."""

T = TypeVar("T", bound=Option)


class ListView(Protocol):
    """What a list is shown by: a candidate's ``View``, or a ``Look`` of the staff."""

    @property
    def data(self) -> Mapping[str, str]:
        """The part of the list that is shown."""

    @property
    def locale(self) -> str:
        """The reader's language."""


def look_up(
    context: Context, among: Sequence[T], take: Callable[[Context, T], StepResult]
) -> StepResult:
    """Take the one that is meant; of several, show those only; for none, say how to type it.

    What has no name stands for all that the list does not have; who finds nothing is told of it.
    """
    found = find(context.text, among)
    return take(context, found[0]) if len(found) == 1 else narrowed(context, among, found)


def narrowed(context: Context, among: Sequence[T], found: Sequence[T]) -> StepResult:
    """Show those that were found only; for none, say how to type it."""
    if not found:
        other = [one.display_name(context.locale) for one in among if not one.name]
        unlisted = [Problem("problem-not-listed", {"other": called}) for called in other]
        return context.refuse(*(unlisted or [Problem("problem-not-found")]))
    shown = {FOUND: " ".join(one.code for one in found)}
    kept = {key: value for key, value in context.position.data.items() if key != LEAF}
    return context.ask(Position(context.position.state, kept | shown), Text("search-found"))


def chosen_by(view: ListView, among: Sequence[Option]) -> list[Button]:
    """A button for each, or for each of those that were found and what no search finds."""
    found = view.data[FOUND].split() if FOUND in view.data else [one.code for one in among]
    return [
        Button(one.display_name(view.locale), CallbackData(Action.CHOOSE, one.code))
        for one in among
        if one.code in found or not one.name
    ]


def page_of(
    view: ListView, options: Sequence[Option]
) -> tuple[tuple[Paragraph, ...], tuple[tuple[Button, ...], ...]]:
    """What was found, or a part of the list with the ways to the others, and how to find."""
    first = _first(view, len(options))
    if FOUND in view.data or len(options) <= SHOWN:
        return (), rows(*chosen_by(view, options), across=2)
    last = min(first + SHOWN, len(options))
    part = {"first": first + 1, "last": last, "count": len(options)}
    earlier = button("leaf-back", Action.TURN_PAGE, str(first - SHOWN))
    later = button("leaf-on", Action.TURN_PAGE, str(last))
    ways = (*((earlier,) if first else ()), *((later,) if last < len(options) else ()))
    shown = rows(*chosen_by(view, options[first:last]), across=2)
    return (Text("search-hint", {key: str(n) for key, n in part.items()}),), (*shown, ways)


def _first(view: ListView, count: int) -> int:
    asked = view.data.get(LEAF, "0")
    first = int(asked) if asked.isdecimal() else 0
    return first // SHOWN * SHOWN if first < count else 0
