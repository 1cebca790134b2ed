"""Nothing about a person is kept before they have read what happens to it and agreed."""

from dataclasses import replace

from telegram import Update

from handlers.buttons import Verb
from handlers.context import Context
from handlers.route import Feature, pressed
from handlers.screens import Screen, View, button, rows
from states.consent import VERSION
from states.groups import Welcome
from states.outcome import Outcome
from states.texts import Text
from storage.audit import Deed


async def agree(_update: Update, context: Context) -> Outcome:
    """Keep the agreement with its version and time."""
    context.unit.person = replace(context.person, consent=VERSION, consented_at=context.now)
    context.unit.did(Deed.CONSENTED, VERSION)
    return context.onward()


async def decline(_update: Update, context: Context) -> Outcome:
    """Nothing is kept, and nothing can be registered; the question stays open."""
    return context.stay(Text("consent-declined"))


def draw(_view: View) -> Screen:
    """What is kept, what for, how long, who sees it."""
    buttons = rows(button("consent", Verb.AGREE), button("decline", Verb.SKIP))
    return Screen((Text("consent-ask"),), buttons)


FEATURE = Feature(
    routes={
        Welcome.consent: (pressed(Verb.AGREE, agree), pressed(Verb.SKIP, decline)),
    },
    screens={Welcome.consent: draw},
)
