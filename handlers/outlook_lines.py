"""The two sentences of the outlook, which status, to-do, notices and menu share.

The first says how far the application is, the second who acts now or next, and when.
"""

from __future__ import annotations

from datetime import datetime

from handlers import place_lines
from handlers.callback_data import Button, go
from handlers.rendering import Paragraph, View
from states.changes import late_changes
from states.changes.late_changes import AskDenial
from states.exam import Confirmation, last_minute
from states.form.fields import joined
from states.form.papers_to_bring import to_bring
from states.process import time_rules
from states.process.lifecycle import REFUSED_STAGES, Event, NonStaffActor, is_allowed
from states.process.time_rules import Guard
from states.progress.outlook import Matter, Moment, Outlook, outlook
from states.progress.process_steps import stage_reached
from states.records import BillState, Stage
from states.reminders.planning import own_sessions
from states.staff_roles import DESK_BY_STAGE
from states.texts import Argument, Text


def head(view: View) -> Text:
    """Return the stage in one sentence."""
    seen, application = outlook(view.records, view.exam, view.now), view.records.application
    if application is not None and seen.is_draft and view.person.number_hash is None:
        return Text("status-released")
    if application is not None and seen.is_draft and application.revision:
        return Text("status-withdrawn", {"at": application.since or view.now})
    if seen.is_draft and seen.moment is not Moment.OPEN:
        return Text("status-missed" if seen.moment is Moment.OVER else "status-waiting")
    if application is None or application.stage is Stage.DRAFT:
        return Text(f"status-{seen.matter}")
    if application.stage is Stage.SUBMITTED and application.submitted_at is not None:
        return Text("status-submitted", {"at": application.submitted_at})
    if application.stage in REFUSED_STAGES:
        return Text(f"status-refused-{DESK_BY_STAGE[stage_reached(application)]}")
    if application.stage is Stage.REJECTED:
        return Text(f"status-rejected-{DESK_BY_STAGE[stage_reached(application)]}")
    return Text(f"status-{application.stage}")


def now_line(view: View) -> Text:
    """Return who acts now or next, from when and until when, in one or two sentences."""
    seen = outlook(view.records, view.exam, view.now)
    args = outlook_args(view, seen)
    match seen.matter:
        case Matter.EXPIRED:
            stage = view.application.expired_from or Stage.SUBMITTED
            since = view.application.since or view.now
            return Text(f"abandoned-at-{stage}", {"since": since})
        case Matter.FINAL:
            return Text("refused-final")
        case Matter.REJECTED:
            return Text("rejected-final")
        case Matter.AGAIN if view.area and view.area.confirmation is Confirmation.ON_SITE:
            return Text(f"now-again-visit-{seen.moment}", args)
        case Matter.PAYMENT_CLAIMED:
            return Text("now-payment-claimed", {**args, "moment": seen.moment})
        case Matter.PAYMENT if seen.moment is Moment.OPEN and _is_checked(view):
            return Text("now-payment-checking", args)
    return Text(f"now-{_now(view, seen)}-{seen.moment}", args)


def _is_checked(view: View) -> bool:
    """Return whether a payment may be on its way: nobody is to pay twice, or to wait in vain."""
    bill = view.application.bill
    return bill is not None and bill.state is BillState.CHECKING


def _now(view: View, seen: Outlook) -> str:
    """Return the name of the second sentence; all that a draft lacks has one in common."""
    if not seen.is_draft:
        return seen.matter
    return "withdrawn" if view.application.revision else "draft"


def session_lines(view: View) -> tuple[Paragraph, ...]:
    """Return one's own sessions of the exam that are still to come; none if only the ticket tells.

    Each line has the day, the hours and the subjects.
    """
    names = {one.code: one.display_name(view.locale) for one in view.exam.subjects}
    lines = []
    for session in own_sessions(view.records.application, view.exam):
        begins, ends = session.span(view.exam.tz)
        if view.now < begins:
            subjects = joined([names.get(code, code) for code in session.subjects])
            hours: dict[str, Argument] = {"begins": begins, "ends": f"{ends:%H:%M}"}
            lines.append(Text("exam-session", {**hours, "subjects": subjects}))
    return ((Text("exam-sessions"), *lines),) if lines else ()


def can_withdraw(view: View) -> bool:
    """Return whether the candidate can withdraw the application now."""
    application = view.records.application
    return application is not None and is_allowed(
        application, Event.WITHDRAW, view.exam, view.now, NonStaffActor.CANDIDATE
    )


def submit_by(view: View) -> datetime:
    """Return the last minute in which the application can be submitted, or submitted again."""
    span = time_rules.time_span(Guard.FILLING, view.application, view.exam)
    return last_minute((span or view.exam.windows.registration).closes)


def bring_list(view: View) -> Text | str:
    """Return what to bring to a confirmation on site, as the printed form has it."""
    answers = view.records.application.answers if view.records.application else {}
    others = to_bring(answers)[1:]  # on the paper the first one is the paper itself
    return joined([Text("todo-bring-form"), *(Text(f"print-bring-{key}") for key in others)])


_NOTHING_TO_DO = frozenset({Stage.DRAFT, Stage.REJECTED, Stage.EXPIRED})
"""The stages with nothing to print or to withdraw."""


def submitted_buttons(view: View) -> tuple[Button, ...]:
    """Return the buttons of a submitted application: to print it, and to change it.

    In time it is withdrawn for that; later a late change is asked for.
    """
    application = view.records.application
    if application is None or application.stage in _NOTHING_TO_DO:
        return ()
    changing = (go("withdraw"),) if can_withdraw(view) else asking_button(view)
    prints = view.area is not None and view.area.confirmation is Confirmation.ON_SITE
    printing = (go("print"),) if prints else ()
    return (*printing, *changing)


def asking_button(view: View) -> tuple[Button, ...]:
    """Return the button to a late change, where one can be asked for or was."""
    denial = late_changes.ask_denial(view.records.application, view.exam, view.now)
    return (go("late-change"),) if denial in _MAY_LOOK else ()


_MAY_LOOK = (None, AskDenial.ASKED)
"""A late change can be asked for, or was."""


def outlook_args(view: View, seen: Outlook) -> dict[str, Argument]:
    """Return the times and places that the messages name."""
    area = view.area
    where = (view.point if seen.matter is not Matter.SITE_REVIEW else None) or view.site
    args: dict[str, Argument] = {
        "site": where.display_name(view.locale) if where else "",
        "address": place_lines.address(where, view.locale),
        "contact": place_lines.contact(where, view.locale),
        "hours": place_lines.hours(where, view.locale),
        "area": area.display_name(view.locale) if area else "",
        "area-contact": place_lines.contact(area, view.locale),
        "bring": bring_list(view),
    }
    if seen.time is not None:
        args["opens"] = view.exam.day_or_moment(seen.time.opens)
        args["closes"] = closes = last_minute(seen.time.closes)
        args["last-day"] = view.exam.today(closes)
    return args
