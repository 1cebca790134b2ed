"""The summary: the candidate reads everything, corrects any line of it, and submits."""

from dataclasses import replace

from telegram import Update

from handlers.callback_data import Action, Button, CallbackData
from handlers.candidate import form, status
from handlers.candidate.account import identity_lines
from handlers.questions.answer_lines import edit_button, page_fields, page_lines
from handlers.rendering import BACK, Screen, View, button, rows, time_left
from handlers.replies import ask, ask_again, resume
from handlers.routing import Feature, pressed
from handlers.update_context import Context
from states import flow
from states.exam import Confirmation
from states.flow import MENU, Position
from states.form.engine import Page
from states.form.pages import FORM, VERSION
from states.lifecycle import Event, NonStaffActor, apply_event
from states.state_groups import Form, Materials, Photo
from states.step_result import StepResult
from states.texts import Text
from storage.audit.audit_log import AuditAction


async def open_page(_update: Update, context: Context) -> StepResult:
    """Open one page, the photo or the materials."""
    part = context.callback.value
    if part == "photo":
        return ask(context, Position(Photo.waiting))
    if part == "materials" and _confirms_online(context):
        return ask(context, Position(Materials.listing))
    return (
        ask(context, Position(Form.page, {"page": part})) if FORM.page(part) else ask_again(context)
    )


async def edit(_update: Update, context: Context) -> StepResult:
    """Ask for one line again; its answer leads back to the summary."""
    key = context.callback.value
    known = {
        field.key
        for field in FORM.asked_fields(context.own_application.answers, context.answer_context)
    }
    return (
        ask(context, form.ASKING.position(key, edited=True)) if key in known else ask_again(context)
    )


async def back(_update: Update, context: Context) -> StepResult:
    """Return to the materials or the photo."""
    before = Materials.listing if _confirms_online(context) else Photo.waiting
    return ask(context, Position(before))


async def submit(_update: Update, context: Context) -> StepResult:
    """Submit the form, once, inside the window, with nothing missing."""
    due = flow.due(context.unit.records, context.exam, context.now)
    if due.state is not Form.summary:
        return ask(context, due, Text("submit-too-late" if due == MENU else "submit-not-yet"))
    draft = replace(context.own_application, form_version=VERSION)
    submitted = apply_event(
        draft, Event.SUBMIT, context.exam, context.now, by=NonStaffActor.CANDIDATE
    )
    context.unit.application = submitted
    context.unit.audit(AuditAction.SUBMITTED, str(submitted.revision))
    return status.SUBMITTED


def _confirms_online(context: Context) -> bool:
    area = context.exam.area(context.own_application.area)
    return area is not None and area.confirmation is Confirmation.ONLINE


def render(view: View) -> Screen:
    """Show everything page by page, with a button for each page."""
    area = view.area.display_name(view.locale) if view.area else ""
    head = Text("summary-head", {"exam": view.exam.display_name(view.locale), "area": area})
    pages = tuple(
        (Text("summary-page", {"title": page.title}), *_locked(view, page), *lines)
        for page in FORM.pages
        if (lines := page_lines(view, page))
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
    """Show one page, with a button for each line.

    Raises:
        LookupError: the form has no such page.
    """
    page = FORM.page(view.data["page"])
    if page is None:
        raise LookupError("no such page")
    edits = [edit_button(field) for field in page_fields(view, page)]
    title = Text("summary-page", {"title": page.title})
    return Screen(
        ((title, *page_lines(view, page)), *form.about(view, page), Text("summary-page-ask")),
        (*rows(*edits, across=2), (BACK,)),
    )


def _closes(view: View) -> Text:
    return Text("summary-closes", {"closes": view.exam.windows.registration.last_minute})


def _locked(view: View, page: Page) -> tuple[Text, ...]:
    if not form.about(view, page):
        return ()
    return (Text("form-identity", identity_lines(view.person.identity)),)


FEATURE = Feature(
    routes={
        Form.summary: (
            pressed(Action.SUBMIT, submit, exclusive=True),
            pressed(Action.EDIT, open_page),
            pressed(Action.BACK, back),
        ),
        Form.page: (pressed(Action.EDIT, edit), pressed(Action.BACK, resume)),
    },
    screens={Form.summary: render, Form.page: render_page},
)
