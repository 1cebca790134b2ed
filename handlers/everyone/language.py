"""The language: a person chooses or changes it."""

from dataclasses import replace

from telegram import Update

from handlers.callback_data import ANYWHERE, Action, Button, CallbackData, go
from handlers.rendering import Screen, View, rows
from handlers.replies import ask_again, ask_next, step_showing
from handlers.routing import Feature, command, pressed
from handlers.update_context import Context
from states.state_groups import Welcome
from states.step_result import StepResult
from states.texts import Text

LOCALES = ("zh-CN", "en")
SCREEN = "language"


async def choose(_update: Update, context: Context) -> StepResult:
    """Store the language; a stranger becomes a known person."""
    locale = context.callback.value.removeprefix("language-")
    person = context.unit.person or context.unit.new_person(context.unit.row.queue_key)
    context.unit.person = replace(person, locale=locale)
    if context.position.state is Welcome.language:
        return ask_next(context)
    return ask_again(context, Text("language-changed"))


CHOICES = tuple(pressed(Action.GO, choose, f"language-{locale}") for locale in LOCALES)
BUTTONS = tuple(
    Button(
        Text(f"language-name-{locale.lower()}"),
        CallbackData(Action.GO, f"language-{locale}", ANYWHERE),
    )
    for locale in LOCALES
)


def render(_view: View) -> Screen:
    """Ask for the language, each in its own words."""
    asked = tuple(Text(f"language-ask-{locale.lower()}") for locale in LOCALES)
    return Screen(asked, rows(*BUTTONS, across=2))


FEATURE = Feature(
    anywhere=(
        command("language", step_showing(SCREEN)),
        pressed(Action.GO, step_showing(SCREEN), "language"),
        *CHOICES,
    ),
    strangers=CHOICES,
    buttons=(go("language"), *BUTTONS),
    screens={Welcome.language: render, SCREEN: render},
)
