"""The candidate's portrait: sent as picture or file, checked at once, shown as it will be used.

The photo belongs to the person and is kept for later exams; an application freezes its copy.
"""

from dataclasses import replace

from telegram import Update

from handlers.buttons import Verb
from handlers.candidate.form import at_field
from handlers.context import Context
from handlers.route import picture, pressed
from handlers.screens import BACK, Portrait, Screen, Screens, View, button
from states import photo
from states.flow import Place
from states.form import engine
from states.groups import Photo
from states.outcome import Outcome
from states.texts import Problem, Text
from storage.audit import Deed


async def judge(_update: Update, context: Context) -> Outcome:
    """Say every rule that the picture fails, with its number; or show the portrait made of it."""
    file = context.envelope.file
    if file is None:
        return context.stay(Text("photo-not-fetched"))
    if isinstance(file, Problem):
        return context.stay(file)
    problems = photo.judge(file.facts, context.exam.photo, compressed=file.compressed)
    if problems or file.portrait is None:
        return context.stay(*problems)
    context.unit.files += [file.original, file.portrait]
    return context.ask(Place(Photo.confirm, {"portrait": file.portrait.name}))


async def confirm(_update: Update, context: Context) -> Outcome:
    """This is the photo."""
    context.unit.person = replace(context.person, photo=context.at.at["portrait"])
    context.unit.did(Deed.PHOTO_CONFIRMED)
    return context.onward(Text("photo-kept"))


async def again(_update: Update, context: Context) -> Outcome:
    """Another photo."""
    return context.ask(Place(Photo.waiting))


async def back(_update: Update, context: Context) -> Outcome:
    """The last question of the form."""
    last = engine.asked(context.own_application.answers)[-1]
    return context.ask(at_field(last.key))


async def keep(_update: Update, context: Context) -> Outcome:
    """The photo stays as it is."""
    return context.onward()


ROUTES = {
    Photo.waiting: (
        picture(judge),
        pressed(Verb.CONFIRM, keep),
        pressed(Verb.BACK, back),
    ),
    Photo.confirm: (
        pressed(Verb.CONFIRM, confirm),
        pressed(Verb.EDIT, again),
        pressed(Verb.BACK, again),
    ),
}


def draw_waiting(view: View) -> Screen:
    """Asks for the photo, with the rule as published."""
    rule = view.exam.photo
    ask = Text(
        "photo-ask",
        {
            "formats": rule.allowed,
            "width": rule.min_width,
            "height": rule.min_height,
            "kb": rule.min_kb,
        },
    )
    kept = ((button("keep", Verb.CONFIRM),),) if view.person.photo else ()
    return Screen((ask,), (*kept, (BACK,)))


def draw_confirm(view: View) -> Screen:
    """The portrait, and the eye's questions that no program answers."""
    buttons = ((button("photo-good", Verb.CONFIRM),), (button("photo-again", Verb.EDIT),))
    return Screen((Text("photo-confirm"),), buttons, Portrait(view.at["portrait"]))


SCREENS: Screens = {Photo.waiting: draw_waiting, Photo.confirm: draw_confirm}
