"""Long lists in a chat: shown in parts, paged through, and searched by typed text."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, TypeVar

from telegram import Update

from handlers.callback_data import Action, Button, CallbackData
from handlers.rendering import OUT, WHOLE, Paragraph, Rows, Screen, View, button, rows
from handlers.replies import ask, ask_again, ask_in_place, reject
from handlers.routing import Route, Step, pressed, text
from handlers.update_context import Context
from states.exam import Area
from states.flow import Position
from states.form.fields import Option
from states.search import find
from states.state_groups import State
from states.step_result import StepResult
from states.texts import Problem, Text

FOUND = "found"
"""The key of position data for the codes that a search has found, separated by blanks."""
FIRST_SHOWN = "leaf"
"""The key of position data for the index (from 0) of the first option shown."""
SHOWN = 12
"""The most options that one message shows."""

T = TypeVar("T", bound=Option)


class ListView(Protocol):
    """The view of a list's reader: a candidate's ``View``, or a ``StaffView``."""

    @property
    def data(self) -> Mapping[str, str]:
        """The part of the list that is shown."""

    @property
    def locale(self) -> str:
        """The reader's language."""


def look_up(
    context: Context, among: Sequence[T], take: Callable[[Context, T], StepResult]
) -> StepResult:
    """Take the one option that the typed text means; else narrow the list."""
    found = find(context.text, among)
    return take(context, found[0]) if len(found) == 1 else narrow(context, among, found)


def narrow(context: Context, among: Sequence[T], found: Sequence[T]) -> StepResult:
    """Show the found options only; where there are none, explain how to search.

    An option without a name stands for everything that the list lacks; the explanation names it.
    """
    if not found:
        other = [one.display_name(context.locale) for one in among if not one.name]
        unlisted = [Problem("problem-not-listed", {"other": called}) for called in other]
        return reject(context, *(unlisted or [Problem("problem-not-found")]))
    shown = {FOUND: " ".join(one.code for one in found)}
    kept = {key: value for key, value in context.position.data.items() if key != FIRST_SHOWN}
    return ask(context, Position(context.position.state, kept | shown), Text("search-found"))


def area_routes(take: Callable[[Context, Area], StepResult]) -> tuple[Route, Route]:
    """Route a tapped or typed area of the exam to ``take``; the text route comes last."""

    async def tapped(_update: Update, context: Context) -> StepResult:
        chosen = context.exam.area(context.callback.value)
        return take(context, chosen) if chosen else ask_again(context, Problem("problem-choice"))

    async def typed(_update: Update, context: Context) -> StepResult:
        return look_up(context, context.exam.areas, take)

    return pressed(Action.CHOOSE, tapped), text(typed)


def leaves_part(context: Context) -> bool:
    """Return whether "back" leads from a part of a list to the whole list."""
    return context.callback.value == WHOLE or FOUND in context.position.data


def option_buttons(view: ListView, among: Sequence[Option]) -> list[Button]:
    """Return a button for each option found, and for each option without a name."""
    found = view.data[FOUND].split() if FOUND in view.data else [one.code for one in among]
    return [
        Button(one.display_name(view.locale), CallbackData(Action.CHOOSE, one.code))
        for one in among
        if one.code in found or not one.name
    ]


def area_screen(view: View, asked: Text, *back: Button) -> Screen:
    """Build the question for an area of the exam; from a part of the list, "back" shows all."""
    last = (OUT,) if FOUND in view.data else back
    areas = rows(*option_buttons(view, view.exam.areas), across=2)
    return Screen((asked,), (*areas, *rows(*last)), format=Text("format-search"))


def step_back(before: Mapping[State, State]) -> Step:
    """Build a step that shows the whole list, or asks the question before."""

    async def step(_update: Update, context: Context) -> StepResult:
        state = context.position.state
        if leaves_part(context):
            return ask_in_place(context, Position(state))
        if state not in before:
            return ask_again(context, Text("back-nothing"))
        return ask(context, Position(before[state]))

    return step


def page_of(view: ListView, options: Sequence[Option]) -> tuple[tuple[Paragraph, ...], Rows]:
    """Return a hint and the buttons: the found options, or a part of the list."""
    first = _first(view, len(options))
    if FOUND in view.data or len(options) <= SHOWN:
        return (), rows(*option_buttons(view, options), across=2)
    last = min(first + SHOWN, len(options))
    part = {"first": first + 1, "last": last, "count": len(options)}
    earlier = button("leaf-back", Action.TURN_PAGE, str(first - SHOWN))
    later = button("leaf-on", Action.TURN_PAGE, str(last))
    turns = (*((earlier,) if first else ()), *((later,) if last < len(options) else ()))
    shown = rows(*option_buttons(view, options[first:last]), across=2)
    return (Text("search-hint", {key: str(n) for key, n in part.items()}),), (*shown, turns)


def _first(view: ListView, count: int) -> int:
    asked = view.data.get(FIRST_SHOWN, "0")
    first = int(asked) if asked.isdecimal() else 0
    return first // SHOWN * SHOWN if first < count else 0
