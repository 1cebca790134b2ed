"""Where is my registration, and what do I have to do? The picture of the process, and a to-do."""

from datetime import datetime

from telegram import Update

from handlers.buttons import Button, Verb, go
from handlers.context import Context
from handlers.route import command, pressed
from handlers.screens import Process, Screen, Screens, View, rows
from states import stations
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
    station = stations.current(view.records, view.exam, view.now)
    if view.application.stage is Stage.SUBMITTED:
        head = Text("status-submitted", {"at": _submitted_at(view)})
        return _drawn(view, head, _todo(view), ways=(go("menu"), go("help")))
    closes = {"closes": view.exam.windows.registration.last}
    return _drawn(view, Text(f"status-{station}"), Text("status-draft-until", closes))


def draw_todo(view: View) -> Screen:
    """After submitting: this is not the end, and what not doing the next step would mean."""
    head = Text("todo-head", {"at": _submitted_at(view)})
    return _drawn(view, head, _todo(view), ways=(go("status"), go("help")))


def _drawn(view: View, *text: Text, ways: tuple[Button, ...] = ()) -> Screen:
    nodes = tuple(
        (Text(f"station-{station}"), mark)
        for station, mark in stations.marks(view.records, view.exam, view.now)
    )
    title = Text("status-title", {"exam": view.exam.called(view.locale)})
    ways = ways or (go("resume"), go("help"))
    return Screen(text, rows(*ways, across=2), Process(title, nodes))


def _todo(view: View) -> Text:
    area, where = view.area, view.point or view.site
    if area is None or where is None:
        raise LookupError("submitted without area or site")
    window = view.exam.windows.confirmation
    way = "online" if area.confirmation is Confirmation.ONLINE else "on-site"
    return Text(
        f"todo-confirm-{way}",
        {
            "site": where.called(view.locale),
            "address": where.address,
            "contact": where.contact,
            "opens": view.exam.today(window.opens),
            "closes": view.exam.today(window.last),
        },
    )


def _submitted_at(view: View) -> datetime:
    at = view.application.submitted_at
    if at is None:
        raise LookupError("not submitted")
    return at


SCREENS: Screens = {STATUS: draw_status, TODO: draw_todo}
