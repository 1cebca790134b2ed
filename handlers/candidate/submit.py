"""The candidate looks over everything, corrects any line of it, and submits."""

from dataclasses import replace

from telegram import Update

from handlers.buttons import Button, Press, Verb
from handlers.candidate import status
from handlers.candidate.account import identity_lines
from handlers.candidate.form import at_field, shown
from handlers.context import Context
from handlers.route import pressed
from handlers.screens import Screen, Screens, View, button, rows
from states import flow
from states.flow import MENU, Place
from states.form import engine
from states.form.pages import FIELDS
from states.groups import Choose, Form, Photo
from states.outcome import Outcome, Say
from states.records import Stage
from states.texts import Text
from storage.audit import Deed


async def edit(_update: Update, context: Context) -> Outcome:
    """One line once more; its answer leads back here."""
    line = context.press.value
    if line == "site":
        return context.ask(Place(Choose.site))
    if line == "photo":
        return context.ask(Place(Photo.waiting))
    return context.ask(at_field(line)) if line in FIELDS else context.stay()


async def back(_update: Update, context: Context) -> Outcome:
    """The photo, which came before this."""
    return context.ask(Place(Photo.waiting))


async def submit(_update: Update, context: Context) -> Outcome:
    """Hand the form in, once, inside the window, with nothing missing."""
    due = flow.due(context.unit.records, context.exam, context.now)
    if due.state is not Form.summary:
        return context.ask(due, Text("submit-too-late" if due == MENU else "submit-not-yet"))
    application = context.own_application
    context.unit.application = replace(
        application,
        stage=Stage.SUBMITTED,
        revision=application.revision + 1,
        photo=context.person.photo,
        submitted_at=context.now,
    )
    context.unit.did(Deed.SUBMITTED, str(application.revision + 1))
    todo = Say(status.TODO, slot=status.SLOT)
    return Outcome(MENU, (todo,), toast=Text("toast-submitted"))


ROUTES = {
    Form.summary: (
        pressed(Verb.SUBMIT, submit, alone=True),
        pressed(Verb.EDIT, edit),
        pressed(Verb.BACK, back),
    ),
}


def draw(view: View) -> Screen:
    """Everything, page by page, with a button to each line."""
    answers = view.application.answers
    lines = tuple(
        Text("summary-line", {"field": field.name, "value": shown(field, answers[field.key])})
        for field in engine.asked(answers)
        if field.key in answers
    )
    area = view.area.called(view.locale) if view.area else ""
    site = view.site.called(view.locale) if view.site else ""
    head = Text("summary-head", {"exam": view.exam.called(view.locale), "area": area, "site": site})
    who = Text("summary-identity", identity_lines(view.person.identity))
    closes = Text("summary-closes", {"closes": view.exam.windows.registration.last})
    edits = [
        Button(Text("button-edit-line", {"field": field.name}), Press(Verb.EDIT, field.key))
        for field in engine.asked(answers)
    ]
    others = (button("edit-site", Verb.EDIT, "site"), button("edit-photo", Verb.EDIT, "photo"))
    return Screen(
        (head, who, lines, Text("pledge-again"), closes),
        (*rows(*edits, *others, across=2), (button("submit", Verb.SUBMIT),)),
    )


SCREENS: Screens = {Form.summary: draw}
