"""Lists in a chat: shown whole or in parts, paged through, and searched by typed text.

Only a code or a whole name is an answer. All else that is typed is offered, as buttons.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple, Protocol, TypeVar

from telegram import Update

from handlers.callback_data import Action, Button, CallbackData
from handlers.rendering import DOUBT, WHOLE, Paragraph, Rows, Screen, View, button, rows
from handlers.replies import ask, ask_again, reject
from handlers.routing import Route, Step, pressed, text
from handlers.update_context import Context
from states.exam import Area
from states.form.fields import Option
from states.fsm_states import State
from states.list_search import find, find_whole, find_within
from states.progress.next_step import Position
from states.step_result import StepResult
from states.texts import DEFAULT_LOCALE, Problem, Text

FOUND = "found"
"""The key of position data for the codes that a search has found, separated by blanks."""
FIRST_SHOWN = "leaf"
"""The key of position data for the index (from 0) of the first option shown."""
SHOWN = 12
"""The most options that one message shows."""
NOT_IT = button("not-it", Action.BACK, WHOLE)
NONE_OF_THEM = button("none-of-them", Action.BACK, WHOLE)
AGAIN = button("search-again", Action.BACK, WHOLE)
"""From what a search has found back to the whole list."""

T = TypeVar("T", bound=Option)


class ListView(Protocol):
    """The view of a list's reader: a candidate's ``View``, or a ``StaffView``."""

    @property
    def data(self) -> Mapping[str, str]:
        """The part of the list that is shown."""

    @property
    def locale(self) -> str:
        """The reader's language."""


NameOption = Callable[[Option], Text | str]


class SpelledOption(NamedTuple):
    """An option to search, with its names in both languages."""

    code: str
    name: str
    name_en: str


def look_up(
    context: Context, among: Sequence[T], key: str, unlisted: str | None = None
) -> T | StepResult:
    """Return the option whose code or whole name was typed; else offer what may be meant.

    Args:
        among: the options of the list.
        key: the key of the list's synonyms.
        unlisted: the code of the option for all that the list lacks, if the typed text can be its
            answer; it is offered in any case.
    """
    searched = [spelled(context, one) for one in among]
    by_code = {one.code: one for one in among}
    if whole := find_whole(context.text, searched, context.exam.endings_of(key)):
        return by_code[whole.code]
    listed, synonyms = [one for one in searched if one.code != unlisted], context.exam.synonyms_of
    found = find(context.text, listed, synonyms(key))
    if not found and (inside := context.services.replies.introduced("list", context.text)):
        found = find(inside, listed, synonyms(key))
    if not found:
        found = find_within(context.text, listed, synonyms(key), context.exam.endings_of(key))
    if not found and unlisted is None:
        example = among[0].display_name(context.locale) if among else ""
        problem = Problem("problem-not-found", {"example": example})
        return reject(context, problem, position=whole_list(context))
    return offer(context, [one.code for one in found])


def spelled(context: Context, option: Option) -> SpelledOption:
    """Return an option as ``find`` reads it."""
    if option.name:
        return SpelledOption(option.code, option.name, option.name_en)
    label, shown = context.services.label, option.display_name
    names = (label(shown(locale), locale) for locale in (DEFAULT_LOCALE, "en"))
    return SpelledOption(option.code, *names)


def offer(context: Context, codes: Sequence[str]) -> StepResult:
    """Ask which of these options is meant."""
    kept = {key: value for key, value in context.position.data.items() if key != FIRST_SHOWN}
    return ask(context, Position(context.position.state, kept | {FOUND: " ".join(codes)}))


def choice_routes(
    key: str,
    options: Callable[[Context], Sequence[T]],
    take: Callable[[Context, T], StepResult],
) -> tuple[Route, ...]:
    """Route a tapped or typed option to ``take``; the text route comes last."""

    async def tapped(_update: Update, context: Context) -> StepResult:
        code = context.callback.value
        chosen = next((one for one in options(context) if one.code == code), None)
        return take(context, chosen) if chosen else ask_again(context, Problem("problem-choice"))

    async def typed(_update: Update, context: Context) -> StepResult:
        found = look_up(context, options(context), key)
        return found if isinstance(found, StepResult) else take(context, found)

    return pressed(Action.TURN_PAGE, turn_page), pressed(Action.CHOOSE, tapped), text(typed)


async def turn_page(_update: Update, context: Context) -> StepResult:
    """Show another part of a long list."""
    whole = whole_list(context)
    return ask(context, replace(whole, data={**whole.data, FIRST_SHOWN: context.callback.value}))


def area_routes(take: Callable[[Context, Area], StepResult]) -> tuple[Route, ...]:
    """Route a tapped or typed area of the exam to ``take``; the text route comes last."""
    return choice_routes("area", lambda context: context.exam.areas, take)


def leaves_part(context: Context) -> bool:
    """Return whether "back" leads from a part of a list to the whole list."""
    data = context.position.data
    return context.callback.value == WHOLE or FOUND in data or DOUBT in data


def option_buttons(view: ListView, among: Sequence[Option]) -> list[Button]:
    """Return a button for each option."""
    return [
        Button(one.display_name(view.locale), CallbackData(Action.CHOOSE, one.code))
        for one in among
    ]


def found_part(
    view: ListView, among: Sequence[Option], *own: Button, name: NameOption | None = None
) -> tuple[tuple[Paragraph, ...], Rows]:
    """Return the question whether an option is meant, and the buttons that answer it.

    Args:
        own: a button that takes the typed text itself.
        name: names an option without doubt; by default as in the list.
    """
    codes = view.data[FOUND].split()
    found = [one for code in codes for one in among if one.code == code]
    if len(found) == 1:
        called = name(found[0]) if name else found[0].display_name(view.locale)
        meant = Button(Text("button-meant"), CallbackData(Action.CHOOSE, found[0].code))
        return (Text("search-meant", {"name": called}),), rows(meant, *own, NOT_IT)
    asked = Text("search-found") if found else Text("search-unlisted")
    last = NONE_OF_THEM if found else AGAIN
    return (asked,), (*rows(*option_buttons(view, found)), *rows(*own, last))


def choice_screen(
    view: View,
    head: tuple[Paragraph, ...],
    asked: Text,
    among: Sequence[Option],
    *back: Button,
    format: Text | None = None,
    across: int = 1,
) -> Screen:
    """Build a question with a list: a part of its options, or what a search has found."""
    about, listed = page_of(view, among, across)
    if FOUND in view.data:
        return Screen((*head, *about), listed, format=format)
    return Screen((*head, asked, *about), (*listed, *((back,) if back else ())), format=format)


def area_screen(view: View, asked: Text, *back: Button) -> Screen:
    """Build the question for an area of the exam."""
    areas, how = view.exam.areas, Text("format-search")
    return choice_screen(view, (), asked, areas, *back, format=how, across=2)


def step_back(before: Mapping[State, State]) -> Step:
    """Build a step that shows the whole list, or asks the question before."""

    async def step(_update: Update, context: Context) -> StepResult:
        state = context.position.state
        if leaves_part(context):
            return ask(context, whole_list(context))
        if state not in before:
            return ask_again(context, Text("back-nothing"))
        return ask(context, Position(before[state]))

    return step


def whole_list(context: Context) -> Position:
    """Return the position that shows the whole list again."""
    data = context.position.data
    kept = {key: value for key, value in data.items() if key not in (FOUND, FIRST_SHOWN, DOUBT)}
    return Position(context.position.state, kept)


def page_of(
    view: ListView, options: Sequence[Option], across: int = 2
) -> tuple[tuple[Paragraph, ...], Rows]:
    """Return a hint and the buttons: the found options, or a part of the list."""
    if FOUND in view.data:
        return found_part(view, options)
    first = _first(view, len(options))
    if len(options) <= SHOWN:
        return (), rows(*option_buttons(view, options), across=across)
    last = min(first + SHOWN, len(options))
    part = {"first": first + 1, "last": last, "count": len(options)}
    earlier = button("leaf-back", Action.TURN_PAGE, str(first - SHOWN))
    later = button("leaf-on", Action.TURN_PAGE, str(last))
    turns = (*((earlier,) if first else ()), *((later,) if last < len(options) else ()))
    shown = rows(*option_buttons(view, options[first:last]), across=across)
    return (Text("search-hint", {key: str(n) for key, n in part.items()}),), (*shown, turns)


def _first(view: ListView, count: int) -> int:
    asked = view.data.get(FIRST_SHOWN, "0")
    first = int(asked) if asked.isdecimal() else 0
    return first // SHOWN * SHOWN if first < count else 0
