"""Where is my registration, and what do I have to do? The picture of the process, and a to-do."""

from datetime import datetime

from telegram import Update

from handlers.buttons import Verb, go
from handlers.context import Context
from handlers.route import command, pressed
from handlers.screens import Process, Screen, Screens, View, rows
from states import lifecycle
from states.exam import Confirmation
from states.outcome import Outcome, Say
from states.records import Stage
from states.texts import Text

STATUS = "status"
TODO = "todo"
SLOT = "status"


async def status(_update: Update, context: Context) -> Outcome:
    """The status, leaving the person where they are."""
    return Outcome(acts=(Say(STATUS, slot=SLOT),))


GLOBAL = (command("status", status), pressed(Verb.GO, status, "status"))


def draw_status(view: View) -> Screen:
    """The picture, and in words: the step, what to do, by when, whom to ask."""
    if view.records.application is None:
        return Screen((Text("status-none"),), rows(go("resume"), go("help"), across=2))
    station = lifecycle.current(view.records, view.area)
    if view.application.stage is Stage.SUBMITTED:
        return _drawn(view, Text("status-submitted", {"at": _submitted_at(view)}), _todo(view))
    closes = {"closes": view.exam.windows.registration.last}
    return _drawn(view, Text(f"status-{station}"), Text("status-draft-until", closes))


def draw_todo(view: View) -> Screen:
    """After submitting: this is not the end, and what not doing the next step would mean."""
    return _drawn(view, Text("todo-head", {"at": _submitted_at(view)}), _todo(view))


def _drawn(view: View, *text: Text) -> Screen:
    nodes = tuple(
        (Text(f"station-{station}"), mark)
        for station, mark in lifecycle.marks(view.records, view.area)
    )
    title = Text("status-title", {"exam": view.exam.called(view.locale)})
    submitted = view.application.stage is Stage.SUBMITTED
    first = go("status") if submitted else go("resume")
    return Screen(text, rows(first, go("help"), across=2), Process(title, nodes))


def _todo(view: View) -> Text:
    area, site = view.area, view.site
    if area is None or site is None:
        raise LookupError("submitted without area or site")
    way = "online" if area.confirmation is Confirmation.ONLINE else "on-site"
    return Text(
        f"todo-confirm-{way}",
        {
            "site": site.called(view.locale),
            "address": site.address,
            "contact": site.contact,
            "opens": view.exam.windows.confirmation.opens,
            "closes": view.exam.windows.confirmation.last,
        },
    )


def _submitted_at(view: View) -> datetime:
    at = view.application.submitted_at
    if at is None:
        raise LookupError("not submitted")
    return at


SCREENS: Screens = {STATUS: draw_status, TODO: draw_todo}
