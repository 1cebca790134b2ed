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
    contact = Text("help-contact-none")
    if view.site:
        site = {"site": view.site.called(view.locale), "contact": view.site.contact}
        contact = Text("help-contact", site)
    ways = rows(go("resume"), go("status"), go("profile"), across=2)
    return Screen((Text("help-text"), contact), ways)


SCREENS: Screens = {SCREEN: draw}
