"""Doubts: words that hardly answer a free question are asked back before they are taken.

A free question takes any text, so a request or a greeting would become a name. The words lie
encrypted with the person until the next answer (decision 0073).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from handlers.callback_data import Action, Button, CallbackData, go
from handlers.questions.answer_lines import field_of
from handlers.rendering import DOUBT, WHOLE, RenderScreen, Screen, View, button, rows
from handlers.replies import ask
from handlers.update_context import Context
from states.progress.next_step import Position
from states.step_result import StepResult
from states.texts import Text

TYPED = "typed"
"""The value of the button that takes what was typed."""
AS_TYPED = Button(Text("button-as-typed-yes"), CallbackData(Action.CHOOSE, TYPED))
TYPE_AGAIN = button("type-again", Action.BACK, WHOLE)
LEAVE = "leave"
NO_OFFER = "-"
_HERE = frozenset({"here", "resume"})
"""Targets that lead to the open question itself."""


def doubt(context: Context, text: str, *, has_digits: bool = False) -> str:
    """Return what a text may be instead of an answer: a target to offer, ``-``, or nothing.

    ``has_digits``: an answer hardly goes without one (``Field.has_digits``).
    """
    services = context.services
    request = services.phrasebook.find_surely(text)
    if request is not None:
        return NO_OFFER if request in _HERE else request
    replies = services.replies
    if replies.is_excuse(text):
        return LEAVE
    lacks_digits = has_digits and not any(sign.isdecimal() for sign in text)
    is_word = replies.kinds(text) or replies.is_introduction(text)
    return NO_OFFER if lacks_digits or is_word else ""


def ask_back(context: Context, typed: str, offer: str = NO_OFFER) -> StepResult:
    """Ask whether the typed text is the answer; perhaps offer what it may be instead."""
    context.unit.person = replace(context.person, typed=typed)
    position = context.position
    return ask(context, Position(position.state, {**position.data, DOUBT: offer}))


def taken(context: Context) -> str:
    """Return the text that was asked back; empty if there is none any more."""
    return context.person.typed if DOUBT in context.position.data else ""


def with_doubts(render_question: RenderScreen) -> RenderScreen:
    """Wrap a question's screen: it asks back where a doubt is open."""

    def render(view: View) -> Screen:
        if DOUBT not in view.data or not view.person.typed:
            return render_question(view)
        asked = Text("typed-asked", {"field": field_of(view), "typed": view.person.typed})
        return Screen((asked,), rows(AS_TYPED, *offered(view), TYPE_AGAIN))

    return render


def offered(view: View) -> Iterator[Button]:
    """Yield the button to what the words may be instead of an answer."""
    if (target := view.data[DOUBT]) != NO_OFFER:
        yield go(target)
