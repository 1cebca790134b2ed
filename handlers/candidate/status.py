"""The status: the picture of the process, and the candidate's next step."""

from functools import partial

from telegram import Update

from handlers.callback_data import Action, Button, go
from handlers.candidate.status_text import COUNT, HALF, MOST, body, head
from handlers.rendering import Paragraph, Process, Screen, View, rows
from handlers.routing import Feature, command, pressed
from handlers.update_context import Context
from states import process_steps
from states.codes import code_of
from states.flow import MENU
from states.lifecycle import REFUSED_STAGES
from states.records import Application, Stage
from states.staff import DESK_BY_STAGE
from states.step_result import ShowScreen, StepResult
from states.texts import Text

STATUS = "status"
TODO = "todo"
SLOT = "status"
SUBMITTED = StepResult(MENU, (ShowScreen(TODO, slot=SLOT),), toast=Text("toast-submitted"))
"""The reply to submitting the form, for the first time or again."""
NOTICES = (
    "confirmed",
    "site-approved",
    "approved",
    "registered",
    "abandoned",
    "reinstated",
    "reminder",
)
"""Notices about the stage of an application; ``mend`` renders those of a refusal."""


async def status(_update: Update, context: Context) -> StepResult:
    """Show the status."""
    return StepResult(effects=(ShowScreen(STATUS, _usual(context), slot=SLOT),))


def _usual(context: Context) -> dict[str, str]:
    """Return the usual wait of the present stage for the screen, which knows only this person."""
    application = context.unit.application
    desk = DESK_BY_STAGE.get(application.stage) if application else None
    if application is None or desk is None:
        return {}
    usual = context.services.wait_times(desk, application.area)
    if usual is None:
        return {COUNT: ""}
    return {HALF: str(usual.half), MOST: str(usual.most), COUNT: str(usual.count)}


def render_status(view: View) -> Screen:
    """Show the picture, the stage, the next step, the deadline and the contact."""
    application = view.records.application
    if application is None:
        return Screen((Text("status-none"),), rows(go("resume"), go("help"), across=2))
    if application.stage is not Stage.DRAFT:
        return _screen(view, head(view), *body(view), code(application), buttons=_buttons(view))
    station = process_steps.current_step(view.records, view.exam, view.now)
    closes = {"closes": view.exam.windows.registration.last_minute}
    return _screen(view, Text(f"status-{station}"), Text("status-draft-until", closes))


def render_todo(view: View) -> Screen:
    """Show after submitting that steps follow, and what happens without them."""
    submitted_at = view.application.submitted_at
    if submitted_at is None:
        raise LookupError("not submitted")
    text = (Text("todo-head", {"at": submitted_at}), *body(view), code(view.application))
    return _screen(view, *text, buttons=(go("status"), go("help")))


def code(application: Application) -> Text:
    """Return the line with the code by which the staff find the application."""
    return Text("status-code", {"code": code_of(application.id)})


def render_notice(notice: str, view: View) -> Screen:
    """Show a notice, and what follows from the present stage."""
    return _screen(view, Text(f"told-{notice}"), *body(view), buttons=_buttons(view))


def _buttons(view: View) -> tuple[Button, ...]:
    """Return the buttons: of a refusal to its reasons, of a payment to the way to pay."""
    application = view.application
    if application.stage in REFUSED_STAGES:
        return (go("refusal"), go("menu"), go("help"))
    if application.stage is Stage.APPROVED:
        return (go("help-payment"), go("menu"))
    return (go("menu"), go("help"))


def _screen(view: View, *text: Paragraph, buttons: tuple[Button, ...] = ()) -> Screen:
    nodes = tuple(
        (Text(f"station-{station}"), step_status)
        for station, step_status in process_steps.step_statuses(view.records, view.exam, view.now)
    )
    title = Text("status-title", {"exam": view.exam.display_name(view.locale)})
    buttons = buttons or (go("resume"), go("help"))
    return Screen(text, rows(*buttons, across=2), Process(title, nodes))


FEATURE = Feature(
    anywhere=(command("status", status), pressed(Action.GO, status, "status")),
    buttons=(go("status"),),
    screens={
        STATUS: render_status,
        TODO: render_todo,
        **{f"told-{notice}": partial(render_notice, notice) for notice in NOTICES},
    },
)
