"""Where is my registration, and what do I have to do? The picture of the process, and a to-do."""

from functools import partial

from telegram import Update

from handlers.buttons import Button, Verb, go
from handlers.candidate.standing import COUNT, HALF, MOST, body, head
from handlers.context import Context
from handlers.route import Feature, command, pressed
from handlers.screens import Paragraph, Process, Screen, View, rows
from states import stations
from states.codes import code_of
from states.lifecycle import REFUSED
from states.outcome import Outcome, Say
from states.records import Application, Stage
from states.staff import DESKS
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


async def status(_update: Update, context: Context) -> Outcome:
    """The status, leaving the person where they are."""
    return Outcome(acts=(Say(STATUS, _usual(context), slot=SLOT),))


def _usual(context: Context) -> dict[str, str]:
    """How long the present step usually takes, for the screen: it knows only this person."""
    application = context.unit.application
    desk = DESKS.get(application.stage) if application else None
    if application is None or desk is None:
        return {}
    usual = context.envelope.office.usual(desk, application.area)
    if usual is None:
        return {COUNT: ""}
    return {HALF: str(usual.half), MOST: str(usual.most), COUNT: str(usual.count)}


def draw_status(view: View) -> Screen:
    """The picture, and in words: the step, what to do, by when, whom to ask."""
    application = view.records.application
    if application is None:
        return Screen((Text("status-none"),), rows(go("resume"), go("help"), across=2))
    if application.stage is not Stage.DRAFT:
        return _drawn(view, head(view), *body(view), code(application), ways=_ways(view))
    station = stations.current(view.records, view.exam, view.now)
    closes = {"closes": view.exam.windows.registration.last}
    return _drawn(view, Text(f"status-{station}"), Text("status-draft-until", closes))


def draw_todo(view: View) -> Screen:
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


def draw_told(what: str, view: View) -> Screen:
    """What has happened, and what follows from where it stands now."""
    return _drawn(view, Text(f"told-{what}"), *body(view), ways=_ways(view))


def _ways(view: View) -> tuple[Button, ...]:
    """A refusal leads to its reasons; a payment to how it is made."""
    application = view.application
    if application.stage in REFUSED:
        return (go("refusal"), go("menu"), go("help"))
    if application.stage is Stage.APPROVED:
        return (go("help-payment"), go("menu"))
    return (go("menu"), go("help"))


def _drawn(view: View, *text: Paragraph, ways: tuple[Button, ...] = ()) -> Screen:
    nodes = tuple(
        (Text(f"station-{station}"), mark)
        for station, mark in stations.marks(view.records, view.exam, view.now)
    )
    title = Text("status-title", {"exam": view.exam.called(view.locale)})
    ways = ways or (go("resume"), go("help"))
    return Screen(text, rows(*ways, across=2), Process(title, nodes))


FEATURE = Feature(
    anywhere=(command("status", status), pressed(Verb.GO, status, "status")),
    buttons=(go("status"),),
    screens={
        STATUS: draw_status,
        TODO: draw_todo,
        **{f"told-{what}": partial(draw_told, what) for what in TOLD},
    },
)
