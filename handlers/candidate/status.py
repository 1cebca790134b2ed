"""Where is my registration, and what do I have to do? The picture of the process, and a to-do."""

from functools import partial

from telegram import Update

from handlers.callback_data import Action, Button, go
from handlers.candidate.status_text import COUNT, HALF, MOST, body, head
from handlers.rendering import Paragraph, Process, Screen, View, rows
from handlers.routing import Feature, command, pressed
from handlers.update_context import Context
from states import process_steps
from states.codes import code_of
from states.lifecycle import REFUSED_STAGES
from states.records import Application, Stage
from states.staff import DESK_BY_STAGE
from states.step_result import ShowScreen, StepResult
from states.texts import Text

STATUS = "status"
TODO = "todo"
SLOT = "status"
TOLD = (
    "confirmed",
    "site-approved",
    "approved",
    "registered",
    "abandoned",
    "reinstated",
    "reminder",
)
"""What the candidate is told of by where it stands now; of refusals: ``mend``."""


async def status(_update: Update, context: Context) -> StepResult:
    """The status, leaving the person where they are."""
    return StepResult(effects=(ShowScreen(STATUS, _usual(context), slot=SLOT),))


def _usual(context: Context) -> dict[str, str]:
    """How long the present step usually takes, for the screen: it knows only this person."""
    application = context.unit.application
    desk = DESK_BY_STAGE.get(application.stage) if application else None
    if application is None or desk is None:
        return {}
    usual = context.envelope.services.wait_times(desk, application.area)
    if usual is None:
        return {COUNT: ""}
    return {HALF: str(usual.half), MOST: str(usual.most), COUNT: str(usual.count)}


def render_status(view: View) -> Screen:
    """The picture, and in words: the step, what to do, by when, whom to ask."""
    application = view.records.application
    if application is None:
        return Screen((Text("status-none"),), rows(go("resume"), go("help"), across=2))
    if application.stage is not Stage.DRAFT:
        return _drawn(view, head(view), *body(view), code(application), ways=_ways(view))
    station = process_steps.current_step(view.records, view.exam, view.now)
    closes = {"closes": view.exam.windows.registration.last_minute}
    return _drawn(view, Text(f"status-{station}"), Text("status-draft-until", closes))


def render_todo(view: View) -> Screen:
    """After submitting: this is not the end, and what not doing the next step would mean."""
    at = view.application.submitted_at
    if at is None:
        raise LookupError("not submitted")
    ways = (go("status"), go("help"))
    shown = code(view.application)
    return _drawn(view, Text("todo-head", {"at": at}), *body(view), shown, ways=ways)


def code(application: Application) -> Text:
    """By what the staff find it, to be said at the counter or on the telephone."""
    return Text("status-code", {"code": code_of(application.id)})


def render_told(what: str, view: View) -> Screen:
    """What has happened, and what follows from where it stands now."""
    return _drawn(view, Text(f"told-{what}"), *body(view), ways=_ways(view))


def _ways(view: View) -> tuple[Button, ...]:
    """A refusal leads to its reasons; a payment to how it is made."""
    application = view.application
    if application.stage in REFUSED_STAGES:
        return (go("refusal"), go("menu"), go("help"))
    if application.stage is Stage.APPROVED:
        return (go("help-payment"), go("menu"))
    return (go("menu"), go("help"))


def _drawn(view: View, *text: Paragraph, ways: tuple[Button, ...] = ()) -> Screen:
    nodes = tuple(
        (Text(f"station-{station}"), mark)
        for station, mark in process_steps.step_statuses(view.records, view.exam, view.now)
    )
    title = Text("status-title", {"exam": view.exam.display_name(view.locale)})
    ways = ways or (go("resume"), go("help"))
    return Screen(text, rows(*ways, across=2), Process(title, nodes))


FEATURE = Feature(
    anywhere=(command("status", status), pressed(Action.GO, status, "status")),
    buttons=(go("status"),),
    screens={
        STATUS: render_status,
        TODO: render_todo,
        **{f"told-{what}": partial(render_told, what) for what in TOLD},
    },
)
