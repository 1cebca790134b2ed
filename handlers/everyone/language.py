"""Somebody chooses or changes the language; the question they were at is asked again in it."""

from dataclasses import replace

from telegram import Update

from handlers.callback_data import ANYWHERE, Action, Button, CallbackData, go
from handlers.rendering import Screen, View, rows
from handlers.routing import Feature, command, pressed
from handlers.update_context import Context
from states.state_groups import Welcome
from states.step_result import ShowScreen, StepResult
from states.texts import Text

LOCALES = ("zh-CN", "en")
SCREEN = "language"


async def offer(_update: Update, context: Context) -> StepResult:
    """The languages to choose from, leaving the person where they are."""
    return StepResult(effects=(ShowScreen(SCREEN),))


async def choose(_update: Update, context: Context) -> StepResult:
    """Speak this language from now on; with it we begin to know a stranger."""
    locale = context.callback.value.removeprefix("language-")
    person = context.unit.person or context.unit.new_person(context.unit.row.queue_key)
    context.unit.person = replace(person, locale=locale)
    if context.position.state is Welcome.language:
        return context.onward()
    return context.stay(Text("language-changed"))


CHOICES = tuple(pressed(Action.GO, choose, f"language-{locale}") for locale in LOCALES)
BUTTONS = tuple(
    Button(
        Text(f"language-name-{locale.lower()}"),
        CallbackData(Action.GO, f"language-{locale}", ANYWHERE),
    )
    for locale in LOCALES
)


def render(_view: View) -> Screen:
    """Every language in its own words, so that anybody finds theirs."""
    asked = tuple(Text(f"language-ask-{locale.lower()}") for locale in LOCALES)
    return Screen(asked, rows(*BUTTONS, across=2))


FEATURE = Feature(
    anywhere=(command("language", offer), pressed(Action.GO, offer, "language"), *CHOICES),
    strangers=CHOICES,
    buttons=(go("language"), *BUTTONS),
    screens={Welcome.language: render, SCREEN: render},
)
