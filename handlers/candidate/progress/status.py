"""The status: the picture of the process, and in words who acts next, from when and until when.

Guide, parts 2 and 4 to 6. ``states.progress.outlook`` has the rules; menu and notices share the
words. The text names a role and a place, never a person.
"""

from functools import partial

from telegram import Update

from handlers import late_change_lines, payment_lines
from handlers.callback_data import Action, go
from handlers.case_lines import case_lines, closed_screen
from handlers.outlook_lines import (
    head,
    now_line,
    outlook_args,
    session_lines,
    submitted_buttons,
)
from handlers.rendering import (
    Overtaken,
    Paragraph,
    Process,
    Rows,
    Screen,
    View,
    rows,
    whom_to_ask,
)
from handlers.routing import Feature, command, pressed
from handlers.update_context import Context
from states.exam import Confirmation, Payment, last_minute
from states.process import time_rules
from states.progress import process_steps
from states.progress.next_step import MENU
from states.progress.outlook import Matter, Moment, Outlook, Turn, outlook
from states.progress.process_steps import stage_reached
from states.records import Application, Stage
from states.staff_roles import DESK_BY_STAGE
from states.step_result import ShowScreen, StepResult
from states.submissions.application_codes import code_of
from states.texts import Argument, Text

STATUS = "status"
TODO = "todo"
MISSED = "told-missed"
SLOT = "status"
SEE_REASONS = go("refusal", Text("button-reasons"))
"""To the reasons of a refusal that cannot be corrected now."""
CHANGE_NOW = go("refusal", Text("button-change-now"))
"""To the answers that a late change has opened."""
HALF, MOST, COUNT = "half", "most", "count"
"""Keys of position data: the hours that half and most of the cases take, and how many cases."""
PRINTS = "prints"
"""The key of a screen's data for what became of earlier prints: ``void``, ``valid``, or nothing."""


def submitted(prints: str = "") -> StepResult:
    """Show the to-do after a submission, the first one or a later one."""
    data = {PRINTS: prints} if prints else {}
    return StepResult(MENU, (ShowScreen(TODO, data, slot=SLOT),), toast=Text("toast-submitted"))


NOTICES = (
    "confirmed",
    "site-approved",
    "approved",
    "registered",
    "abandoned",
    "reinstated",
    "payment-unmarked",
    "reopened",
    "approval-undone",
    "case-closed",
    "change-over",
    "change-lapsed",
)
"""Notices about the stage of an application; ``changes.correct`` renders those of a refusal."""


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
    """Show the picture, the stage, the next step, its time and the contact."""
    if view.person.is_closed:
        return closed_screen(view)
    after = body(view)
    if view.records.application is None:
        return Screen((head(view), *after, *case_lines(view)), ways(view))
    number = (code(view.application),) if view.application.revision else ()
    return screen_of(view, head(view), *after, *case_lines(view), *number)


def render_todo(view: View) -> Screen:
    """Show after submitting that steps follow, and what happens without them.

    Raises:
        Overtaken: it was withdrawn.
    """
    submitted_at = view.application.submitted_at
    if submitted_at is None or view.application.stage is Stage.DRAFT:
        raise Overtaken
    text = (Text("todo-head", {"at": submitted_at}), *body(view), code(view.application))
    return screen_of(view, *text)


def code(application: Application) -> Text:
    """Return the line with the code by which the staff find the application."""
    return Text("status-code", {"code": code_of(application.id)})


def render_notice(notice: str, view: View) -> Screen:
    """Show a notice, and what follows from the present stage."""
    return screen_of(view, Text(f"told-{notice}"), *body(view))


def render_missed(view: View) -> Screen:
    """Tell after the closing that the application was not submitted.

    Raises:
        Overtaken: it was submitted, there is time again, or the account was closed.
    """
    seen = outlook(view.records, view.exam, view.now)
    if view.person.is_closed or not seen.is_draft or seen.moment is not Moment.OVER:
        raise Overtaken
    return render_status(view)


def ways(view: View) -> Rows:
    """Return the buttons: to what can be done now, and never to what cannot."""
    seen = outlook(view.records, view.exam, view.now)
    if seen.matter in (Matter.CORRECTION, Matter.FINAL, Matter.REJECTED):
        reasons = go("refusal") if seen.resumes else SEE_REASONS
        return rows(reasons, go("menu"), go("help"), across=2)
    if seen.matter is Matter.CHANGE:
        asking = (CHANGE_NOW,) if seen.resumes else ()
        return rows(*asking, *submitted_buttons(view), go("menu"), go("help"), across=2)
    if seen.matter is Matter.PAYMENT:
        paying = payment_lines.buttons(view, seen.moment)
        return rows(*paying, go("help-payment"), go("menu"), across=2)
    if seen.matter is Matter.PAYMENT_CLAIMED:
        return rows(*payment_lines.claim_buttons(seen.moment), go("menu"), go("help"), across=2)
    is_open = seen.moment is not Moment.OVER
    first = go("resume") if seen.resumes and is_open else go("menu")
    return rows(*submitted_buttons(view), first, go("help"), across=2)


def screen_of(view: View, *text: Paragraph) -> Screen:
    steps = process_steps.step_statuses(view.records, view.exam, view.now)
    nodes = tuple((Text(f"station-{station}"), step_status) for station, step_status in steps)
    here = process_steps.current_step(view.records, view.exam, view.now)
    number = [station for station, _ in steps].index(here) + 1
    args: dict[str, Argument] = {
        "step": Text(f"station-{here}"),
        "number": str(number),
        "count": str(len(steps)),
    }
    text = (*text[:1], Text("status-step", args), *text[1:])
    title = Text("status-title", {"exam": view.exam.display_name(view.locale)})
    return Screen(text, ways(view), Process(title, nodes))


def body(view: View) -> tuple[Paragraph, ...]:
    """Return what follows from the stage at this moment."""
    seen = outlook(view.records, view.exam, view.now)
    waits = (*_since(view, seen), *_usual_lines(view, seen), *late_change_lines.lines(view))
    return (
        now_line(view),
        *_print_again(view, seen),
        *_details(view, seen),
        *_reinstated(view),
        *((waits,) if waits else ()),
    )


def _details(view: View, seen: Outlook) -> tuple[Paragraph, ...]:
    """Return where, how and how much, and the contact where only a person can help."""
    is_over, args = seen.moment is Moment.OVER, outlook_args(view, seen)
    match seen.matter:
        case Matter.VISIT | Matter.ONLINE if not is_over:
            how = "on-site" if seen.matter is Matter.VISIT else "online"
            return (Text(f"todo-confirm-{how}", args),)
        case Matter.PAYMENT if payment_lines.ways(view):
            if is_over:
                return (Text("pay-over-here"), *payment_lines.under_way(view), contact(view))
            return payment_lines.lines(view)
        case Matter.PAYMENT if not is_over:
            ways = (Text("pay-how", args), *_at_computer(view), *payment_lines.fee(view))
            return (*ways, Text("pay-after"), Text("pay-otherwise"))
        case Matter.PAYMENT:
            return (Text("pay-over"), contact(view))
        case Matter.PAYMENT_CLAIMED:
            return (*payment_lines.money_back(view), contact(view))
        case Matter.TICKET if view.area and not time_rules.is_paid_online(
            view.application, view.exam
        ):
            return (Text("registered-fee", args), *session_lines(view))
        case Matter.TICKET:
            return (*payment_lines.receipt(view), *session_lines(view))
        case Matter.EXPIRED:
            return (Text("abandoned-mend"), *payment_lines.receipt(view), contact(view))
        case Matter.FINAL | Matter.REJECTED:
            return (*payment_lines.receipt(view), contact(view))
    is_missed = is_over and seen.matter not in (Matter.BEGIN, Matter.TICKET)
    is_asked = seen.matter in _ASKED_ABOUT or (seen.matter is Matter.AGAIN and not _visits(view))
    return (contact(view),) if is_missed or is_asked else ()


_ASKED_ABOUT = frozenset({Matter.SITE_REVIEW, Matter.AREA_REVIEW, Matter.CORRECTION, Matter.CHANGE})
"""The matters whose other lines name nobody to ask."""


def _visits(view: View) -> bool:
    """Return whether the area confirms on site: then the line of the next step has the phone."""
    return view.area is not None and view.area.confirmation is Confirmation.ON_SITE


def _print_again(view: View, seen: Outlook) -> tuple[Text, ...]:
    """Return that earlier prints are void, where a form is taken along or was changed late."""
    application = view.records.application
    is_waiting = seen.matter in (Matter.VISIT, Matter.AGAIN) and seen.moment is not Moment.OVER
    if application is not None and time_rules.was_changed_late(application):
        is_waiting = is_waiting or seen.matter in (Matter.SITE_REVIEW, Matter.AREA_REVIEW)
    number = application.revision if application else 0
    if number <= 1 or not _visits(view) or not is_waiting:
        return ()
    known = view.data.get(PRINTS, "")
    key = f"todo-print-{known}" if known in ("void", "valid") else "todo-print-again"
    return (Text(key, {"number": number}),)


def _at_computer(view: View) -> tuple[Text, ...]:
    """Return that the fee cannot be paid on a phone, where that is so."""
    way = view.area.payment_at(view.application.site) if view.area else None
    return (Text("pay-computer"),) if way is Payment.DESKTOP else ()


def contact(view: View) -> Text:
    """Return the contact of the place whose step it is or was: point, site or area."""
    stage = stage_reached(view.application)
    if stage in (Stage.SITE_APPROVED, Stage.APPROVED):
        return whom_to_ask(view, view.area)
    return whom_to_ask(view, view.site if stage is Stage.CONFIRMED else None)


def _since(view: View, seen: Outlook) -> tuple[Text, ...]:
    """Return since when the application waits for the staff."""
    application = view.records.application
    if application is None or seen.turn is not Turn.STAFF:
        return ()
    is_claim = seen.matter is Matter.PAYMENT_CLAIMED
    since = application.claimed_at if is_claim else application.since
    is_early = seen.moment is Moment.EARLY and not is_claim
    args: dict[str, Argument] = {"is-early": "yes" if is_early else "no"}
    return (Text("waits-since", {**args, "since": since}),) if since else ()


def _usual_lines(view: View, seen: Outlook) -> tuple[Text, ...]:
    """Return the usual duration of a staff's step, where ``status`` has looked it up."""
    is_under_way = seen.turn is Turn.STAFF and seen.moment is Moment.OPEN
    if not is_under_way or COUNT not in view.data:
        return ()
    if not view.data[COUNT]:
        return (Text("usual-unknown"),)
    half, most = (_span(int(view.data[key])) for key in (HALF, MOST))
    return (Text("usual", {"half": half, "most": most, "count": view.data[COUNT]}),)


def _span(hours: int) -> Text:
    if hours < 48:
        return Text("span-hours", {"count": max(hours, 1)})
    return Text("span-days", {"count": -(-hours // 24)})


def _reinstated(view: View) -> tuple[Text, ...]:
    """Return until when a reinstated application stays open."""
    application = view.records.application
    if application is None or not time_rules.is_reinstated(application):
        return ()
    ends = time_rules.deadline(application, view.exam)
    if ends is None or view.now >= ends:
        return ()
    return (Text("reinstated-until", {"closes": last_minute(ends)}),)


FEATURE = Feature(
    anywhere=(command("status", status), pressed(Action.GO, status, "status")),
    buttons=(go("status"),),
    screens={
        STATUS: render_status,
        TODO: render_todo,
        MISSED: render_missed,
        **{f"told-{notice}": partial(render_notice, notice) for notice in NOTICES},
    },
)
