"""The calendar: the candidate's own deadlines and the exam as a file for any calendar program."""

from dataclasses import replace

from telegram import Update

from handlers.callback_data import Action, go
from handlers.outlook_lines import outlook_args
from handlers.rendering import CalendarFile, Screen, View, rows
from handlers.replies import show_screen
from handlers.routing import Feature, command, pressed
from handlers.update_context import Context
from states.progress.outlook import outlook
from states.reminders.calendar_events import calendar_events
from states.step_result import StepResult
from states.texts import Text

SCREEN = "calendar"


async def send(_update: Update, _context: Context) -> StepResult:
    """Send the file; it is made when it is sent."""
    return show_screen(SCREEN)


def render(view: View) -> Screen:
    """Send the dates, and say how a later file updates them."""
    events = calendar_events(view.records, view.exam, view.now)
    buttons = rows(go("todo"), go("menu"), across=2)
    if not events:
        return Screen((Text("calendar-empty"),), buttons)
    args = outlook_args(view, outlook(view.records, view.exam, view.now))
    place = Text("calendar-place", args) if args["site"] else None
    names = {one.code: one.display_name(view.locale) for one in view.exam.subjects}
    named = tuple(
        replace(event, subjects=tuple(names.get(code, code) for code in event.subjects))
        for event in events
    )
    file = CalendarFile(named, view.exam.display_name(view.locale), place)
    return Screen((Text("calendar-told"),), buttons, document=file)


FEATURE = Feature(
    anywhere=(command("calendar", send), pressed(Action.GO, send, "calendar")),
    buttons=(go("calendar"),),
    screens={SCREEN: render},
)
