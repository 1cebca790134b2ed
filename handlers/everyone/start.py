"""Somebody opens the chat, comes back to it, or wants out of what is being asked.

A stranger is asked for the language first. Who comes back finds the question they left, or the
menu. Nothing is ever lost by leaving: answers are kept as they are given.
"""

from dataclasses import replace

from telegram import Update

from handlers.callback_data import Action, go
from handlers.rendering import Screen, View, rows
from handlers.routing import Feature, command, pressed
from handlers.update_context import Context
from states import flow
from states.flow import MENU
from states.records import CONSENT_VERSION
from states.state_groups import Home, Mend
from states.step_result import StepResult
from states.texts import Text


async def start(_update: Update, context: Context) -> StepResult:
    """The question that was left; the menu where none was. (Strangers: ``unknown.stranger``.)"""
    if context.position.state is Home.menu:
        return context.ask(MENU)
    return context.stay(Text("start-again"))


async def cancel(_update: Update, context: Context) -> StepResult:
    """Out of what is being asked, to the menu; before there is an account there is no way out."""
    if context.person.consent != CONSENT_VERSION:
        return context.stay()
    return context.ask(MENU, Text("cancel-done"))


async def menu(_update: Update, context: Context) -> StepResult:
    """The menu, for who finds its button anywhere."""
    return context.ask(MENU) if context.person.consent == CONSENT_VERSION else context.stay()


async def resume(_update: Update, context: Context) -> StepResult:
    """Whatever is due now."""
    return context.onward()


async def tell_me(_update: Update, context: Context) -> StepResult:
    """Wants a message when registration opens."""
    context.unit.person = replace(context.person, wants_opening=True)
    return context.ask(MENU, Text("opening-noted"))


def render_menu(view: View) -> Screen:
    """What can be done now, and until when."""
    due = flow.due(view.records, view.exam, view.now)
    window = view.exam.windows.registration
    others = (go("status"), go("help"), go("language"))
    title = Text("menu-title", {"exam": view.exam.display_name(view.locale)})
    # The account can be made at any time, so there may be something to do before the window opens.
    onward = () if due == MENU else (go("resume"),)
    if due.state is Mend.listing:
        said: tuple[Text, ...] = (Text("menu-refused"),)
    elif onward and window.holds(view.now):
        said = (Text("menu-open", {"closes": window.last_minute}),)
    elif view.records.application is not None and view.application.submitted_at:
        said = (Text("menu-submitted"),)
    elif view.person.wants_opening:
        said = (Text("menu-closed"), Text("menu-will-tell"))
    else:
        said = (Text("menu-closed"),)
        onward = (*onward, go("tell-me"))
    return Screen((title, *said), rows(*onward) + rows(*others, across=3))


FEATURE = Feature(
    anywhere=(
        command("start", start),
        command("cancel", cancel),
        pressed(Action.GO, menu, "menu"),
        pressed(Action.GO, resume, "resume"),
        pressed(Action.GO, tell_me, "tell-me"),
    ),
    buttons=(go("menu"), go("resume")),
    screens={Home.menu: render_menu},
)
