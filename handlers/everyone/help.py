"""Somebody is stuck: what the assistant can do, and whom to ask beyond it."""

from telegram import Update

from handlers.buttons import Verb, go
from handlers.context import Context
from handlers.route import command, pressed
from handlers.screens import Screen, Screens, View, rows
from states.outcome import Outcome, Say
from states.texts import Text

SCREEN = "help"


async def explain(_update: Update, context: Context) -> Outcome:
    """The help, leaving the person where they are."""
    return Outcome(acts=(Say(SCREEN),))


GLOBAL = (command("help", explain), pressed(Verb.GO, explain, "help"))


def draw(view: View) -> Screen:
    """The commands, the rule of typing instead of tapping, and the contact."""
    ways = rows(go("resume"), go("status"), go("profile"), across=2)
    return Screen((Text("help-text"), whom_to_ask(view)), ways)


def whom_to_ask(view: View) -> Text:
    """The contact of the person's site; before one is chosen, when it will be shown."""
    if view.site is None:
        return Text("help-contact-none")
    site = {"site": view.site.called(view.locale), "contact": view.site.contact}
    return Text("help-contact", site)


SCREENS: Screens = {SCREEN: draw}
