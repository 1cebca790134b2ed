"""The to-do list: what this candidate still lacks, until when, and the buttons to that place."""

from telegram import Update

from handlers.callback_data import ANYWHERE, Action, Button, CallbackData, go
from handlers.candidate.progress.status import body, ways
from handlers.case_lines import case_lines, closed_screen
from handlers.outlook_lines import head
from handlers.rendering import Paragraph, Screen, View, rows
from handlers.replies import show_screen
from handlers.routing import Feature, command, pressed
from handlers.update_context import Context
from states import materials
from states.exam import Confirmation, Duty
from states.form.pages import FORM
from states.progress.outlook import Matter, outlook
from states.reminders.planning import deadline_of
from states.reminders.times import Calendar
from states.step_result import StepResult
from states.texts import Text

OPEN_ITEMS = "open-items"


async def show(_update: Update, _context: Context) -> StepResult:
    """Show what is open."""
    return show_screen(OPEN_ITEMS)


def render(view: View) -> Screen:
    """List what is open with its deadline, and offer a time, a calendar and the reminders."""
    if view.person.is_closed:
        return closed_screen(view)
    times = when_buttons(view)
    asks = (Text("remind-question"),) if times else ()
    others = rows(go("calendar"), go("reminders"), across=2)
    text = (head(view), *gap_lines(view), *body(view), *case_lines(view), *asks)
    first, *rest = ways(view)
    return Screen(text, (first, *times, *rest, *others))


def gap_lines(view: View) -> tuple[Paragraph, ...]:
    """Return what a draft still lacks, a line each; nothing at the later stages."""
    seen, application = outlook(view.records, view.exam, view.now), view.records.application
    if application is None or not seen.is_draft:
        return ()
    lines = [Text("gap-account")] if view.person.number_hash is None else []
    field = FORM.first_unanswered(application.answers, view.answer_context)
    if view.area is None or field is not None:
        page = FORM.page_of(field.key) if field else FORM.pages[0]
        lines.append(Text("gap-form", {"page": page.title}))
    if application.photo is None:
        lines.append(Text("gap-photo"))
    if view.area is not None and view.area.confirmation is Confirmation.ONLINE:
        missing = materials.missing_materials(view.area.materials, application.materials)
        lines += [Text("gap-material", {"name": one.display_name(view.locale)}) for one in missing]
    if seen.matter is Matter.CHECK:
        lines.append(Text("gap-check"))
    last = Text("gap-resubmit" if application.revision else "gap-submit")
    return ((Text("gap-head"), *lines, last),)


def when_buttons(view: View) -> tuple[tuple[Button, ...], ...]:
    """Return a button for each time at which the candidate may want to be reminded."""
    deadline = deadline_of(view.records, view.exam, view.now)
    if deadline is None or deadline.duty is Duty.PAYMENT_CLAIMED:
        return ()
    area = view.records.application.area if view.records.application else ""
    choices = Calendar.of(view.exam, area).choices(deadline.opens, deadline.closes, view.now)
    return rows(
        *(
            Button(
                Text(f"button-when-{choice}", {"at": moment}),
                CallbackData(Action.REMIND, str(int(moment.timestamp()) // 60), ANYWHERE),
            )
            for choice, moment in choices.items()
        )
    )


FEATURE = Feature(
    anywhere=(command("todo", show), pressed(Action.GO, show, "todo")),
    buttons=(go("todo"),),
    screens={OPEN_ITEMS: render},
)
