"""The candidate looks over everything, corrects any line of it, and submits."""

from dataclasses import replace

from telegram import Update

from handlers.callback_data import Action, Button, CallbackData
from handlers.candidate import form, status
from handlers.candidate.account import identity_lines
from handlers.candidate.answer_lines import given
from handlers.rendering import BACK, Screen, View, button, rows, time_left
from handlers.routing import Feature, pressed
from handlers.update_context import Context
from states import flow
from states.exam import Confirmation
from states.flow import MENU, Position
from states.form.engine import Page
from states.form.pages import FORM, VERSION
from states.lifecycle import Event, NonStaffActor, apply_event
from states.state_groups import Form, Materials, Photo
from states.step_result import ShowScreen, StepResult
from states.texts import Text
from storage.audit.audit_log import AuditAction


async def open_page(_update: Update, context: Context) -> StepResult:
    """One page by itself, or the photo, or the materials."""
    part = context.callback.value
    if part == "photo":
        return context.ask(Position(Photo.waiting))
    if part == "materials" and _confirms_online(context):
        return context.ask(Position(Materials.listing))
    return context.ask(Position(Form.page, {"page": part})) if FORM.page(part) else context.stay()


async def edit(_update: Update, context: Context) -> StepResult:
    """One line once more; its answer leads back to the look over all."""
    key = context.callback.value
    known = {
        field.key
        for field in FORM.asked_fields(context.own_application.answers, context.answer_context)
    }
    return context.ask(form.ASKING.at(key, edited=True)) if key in known else context.stay()


async def all_of_it(_update: Update, context: Context) -> StepResult:
    """From a page back to the look over all."""
    return context.onward()


async def back(_update: Update, context: Context) -> StepResult:
    """What came before the look over all."""
    before = Materials.listing if _confirms_online(context) else Photo.waiting
    return context.ask(Position(before))


async def submit(_update: Update, context: Context) -> StepResult:
    """Hand the form in, once, inside the window, with nothing missing."""
    due = flow.due(context.unit.records, context.exam, context.now)
    if due.state is not Form.summary:
        return context.ask(due, Text("submit-too-late" if due == MENU else "submit-not-yet"))
    draft = replace(context.own_application, form_version=VERSION)
    handed_in = apply_event(
        draft, Event.SUBMIT, context.exam, context.now, by=NonStaffActor.CANDIDATE
    )
    context.unit.application = handed_in
    context.unit.audit(AuditAction.SUBMITTED, str(handed_in.revision))
    todo = ShowScreen(status.TODO, slot=status.SLOT)
    return StepResult(MENU, (todo,), toast=Text("toast-submitted"))


def _confirms_online(context: Context) -> bool:
    area = context.exam.area(context.own_application.area)
    return area is not None and area.confirmation is Confirmation.ONLINE


def render(view: View) -> Screen:
    """Everything, page by page, with a button to each."""
    area = view.area.display_name(view.locale) if view.area else ""
    head = Text("summary-head", {"exam": view.exam.display_name(view.locale), "area": area})
    pages = tuple(
        (Text("summary-page", {"title": page.title}), *_locked(view, page), *lines)
        for page in FORM.pages
        if (lines := _lines(view, page))
    )
    online = view.area is not None and view.area.confirmation is Confirmation.ONLINE
    count = sum(len(files) for files in view.application.materials.values())
    papers = Text("summary-materials", {"count": count}) if online else Text("summary-no-materials")
    parts = [
        Button(Text("button-edit-page", {"title": page.title}), CallbackData(Action.EDIT, page.key))
        for page in FORM.pages
    ]
    others = [button("edit-photo", Action.EDIT, "photo")]
    if online:
        others.append(button("edit-materials", Action.EDIT, "materials"))
    return Screen(
        (head, *pages, papers, Text("pledge-again"), (_closes(view), *time_left(view))),
        (*rows(*parts, *others, across=2), (button("submit", Action.SUBMIT),), (BACK,)),
    )


def render_page(view: View) -> Screen:
    """One page, with a button to each line of it.

    Raises:
        LookupError: there is no such page.
    """
    page = FORM.page(view.data["page"])
    if page is None:
        raise LookupError("no such page")
    edits = [
        Button(
            Text("button-edit-line", {"field": field.name}), CallbackData(Action.EDIT, field.key)
        )
        for field in FORM.asked_fields(view.application.answers, view.answer_context)
        if field in page.fields
    ]
    title = Text("summary-page", {"title": page.title})
    how = form.about(view, page)
    return Screen(
        ((title, *_lines(view, page)), *how, Text("summary-page-ask")),
        (*rows(*edits, across=2), (BACK,)),
    )


def _closes(view: View) -> Text:
    return Text("summary-closes", {"closes": view.exam.windows.registration.last_minute})


def _locked(view: View, page: Page) -> tuple[Text, ...]:
    if not form.about(view, page):
        return ()
    return (Text("form-identity", identity_lines(view.person.identity)),)


def _lines(view: View, page: Page) -> tuple[Text, ...]:
    """What was answered on a page; what was left open is not worth a line."""
    answers, answer_context = view.application.answers, view.answer_context
    asked = [field for field in FORM.asked_fields(answers, answer_context) if field in page.fields]
    return given(asked, answers, answer_context, view.locale)


FEATURE = Feature(
    routes={
        Form.summary: (
            pressed(Action.SUBMIT, submit, alone=True),
            pressed(Action.EDIT, open_page),
            pressed(Action.BACK, back),
        ),
        Form.page: (pressed(Action.EDIT, edit), pressed(Action.BACK, all_of_it)),
    },
    screens={Form.summary: render, Form.page: render_page},
)
