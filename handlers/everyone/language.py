"""Somebody chooses or changes the language; the question they were at is asked again in it."""

from dataclasses import replace

from telegram import Update

from handlers.buttons import ANYWHERE, Button, Press, Verb, go
from handlers.context import Context
from handlers.route import Feature, command, pressed
from handlers.screens import Screen, View, rows
from states.groups import Welcome
from states.outcome import Outcome, Say
from states.texts import Text

LOCALES = ("zh-CN", "en")
SCREEN = "language"


async def offer(_update: Update, context: Context) -> Outcome:
    """The languages to choose from, leaving the person where they are."""
    return Outcome(acts=(Say(SCREEN),))


async def choose(_update: Update, context: Context) -> Outcome:
    """Speak this language from now on; with it we begin to know a stranger."""
    locale = context.press.value.removeprefix("language-")
    person = context.unit.person or context.unit.new_person(context.unit.row.lane)
    context.unit.person = replace(person, locale=locale)
    if context.at.state is Welcome.language:
        return context.onward()
    return context.stay(Text("language-changed"))


CHOICES = tuple(pressed(Verb.GO, choose, f"language-{locale}") for locale in LOCALES)
BUTTONS = tuple(
    Button(Text(f"language-name-{locale.lower()}"), Press(Verb.GO, f"language-{locale}", ANYWHERE))
    for locale in LOCALES
)


def draw(_view: View) -> Screen:
    """Every language in its own words, so that anybody finds theirs."""
    asked = tuple(Text(f"language-ask-{locale.lower()}") for locale in LOCALES)
    return Screen(asked, rows(*BUTTONS, across=2))


FEATURE = Feature(
    anywhere=(command("language", offer), pressed(Verb.GO, offer, "language"), *CHOICES),
    strangers=CHOICES,
    buttons=(go("language"), *BUTTONS),
    screens={Welcome.language: draw, SCREEN: draw},
)
