"""The status: the picture of the process, and in words who has the application and what comes next.

Guide, parts 2 and 4 to 6. The text names a role and a place, never a person.
"""

from functools import partial

from telegram import Update

from handlers.callback_data import Action, Button, go
from handlers.rendering import (
    Overtaken,
    Paragraph,
    Process,
    RenderScreen,
    Screen,
    View,
    rows,
    whom_to_ask,
)
from handlers.routing import Feature, command, pressed
from handlers.update_context import Context
from states import corrections, process_steps, time_rules
from states.application_codes import code_of
from states.exam import Confirmation, Payment, Point, Site, last_minute
from states.lifecycle import REFUSED_STAGES
from states.next_step import MENU
from states.process_steps import stage_reached
from states.records import Application, Stage
from states.staff_roles import DESK_BY_STAGE, Desk
from states.step_result import ShowScreen, StepResult
from states.texts import Argument, Text

STATUS = "status"
TODO = "todo"
SLOT = "status"
HALF, MOST, COUNT = "half", "most", "count"
"""Keys of position data: the hours that half and most of the cases take, and how many cases."""
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


def render_reminder(stage: Stage, render: RenderScreen, view: View) -> Screen:
    """Show a reminder of what is to be done in a stage.

    Raises:
        Overtaken: the application has left the stage.
    """
    if view.application.stage is not stage:
        raise Overtaken
    return render(view)


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


def head(view: View) -> Text:
    """Return the stage in one sentence."""
    application = view.application
    if application.stage is Stage.SUBMITTED and application.submitted_at is not None:
        return Text("status-submitted", {"at": application.submitted_at})
    if application.stage in REFUSED_STAGES:
        return Text(f"status-refused-{DESK_BY_STAGE[stage_reached(application)]}")
    return Text(f"status-{application.stage}")


def body(view: View) -> tuple[Paragraph, ...]:
    """Return what follows from the stage; nothing for a draft."""
    application = view.application
    has_it = _who_has_it(view)
    match application.stage:
        case Stage.SUBMITTED:
            return (*has_it, confirmation(view), *_reinstated(view), *_usual_lines(view))
        case Stage.CONFIRMED | Stage.SITE_APPROVED:
            closes = {"closes": view.exam.windows.review.last_minute}
            desk = DESK_BY_STAGE[application.stage]
            return (*has_it, Text(f"waits-{desk}", closes), *_usual_lines(view))
        case Stage.APPROVED if _payment(view) is not Payment.NONE:
            window = time_rules.time_span(time_rules.Guard.PAYING, application, view.exam)
            if window is None:
                raise LookupError("paid online, and never")
            closes = {"opens": window.opens, "closes": last_minute(window.closes)}
            return (*has_it, Text("waits-payment", closes), *_reinstated(view))
        case Stage.APPROVED | Stage.REGISTERED:
            return (_registered(view),)
        case Stage.CONFIRM_REFUSED | Stage.REVIEW_REFUSED:
            return (*has_it, correct_by(view), *_reinstated(view))
        case Stage.EXPIRED:
            stage = application.expired_from or Stage.SUBMITTED
            since: dict[str, Argument] = {"since": application.since or view.now}
            return (Text(f"abandoned-at-{stage}", since), Text("abandoned-mend"), whom_to_ask(view))
    return ()


def confirmation(view: View) -> Text:
    """Return how, where and when the application is confirmed."""
    area, where = view.area, view.point or view.site
    if area is None or where is None:
        raise LookupError("submitted without area or site")
    window = time_rules.time_span(time_rules.Guard.CONFIRMING, view.application, view.exam)
    if window is None:
        raise LookupError("never confirmed")
    how = "online" if area.confirmation is Confirmation.ONLINE else "on-site"
    return Text(
        f"todo-confirm-{how}",
        {
            "site": where.display_name(view.locale),
            "address": where.address,
            "contact": where.contact,
            "opens": view.exam.today(window.opens),
            "closes": view.exam.today(last_minute(window.closes)),
        },
    )


def correct_by(view: View) -> Text:
    """Return until when the refused application can be corrected, or that the refusal is final."""
    window = time_rules.time_span(time_rules.Guard.CORRECTING, view.application, view.exam)
    if window is None:
        return Text("refused-final")
    if not corrections.is_open(view.application, view.exam, view.now):
        return Text("refused-over", {"closes": last_minute(window.closes)})
    return Text("refused-mend", {"closes": last_minute(window.closes)})


def _who_has_it(view: View) -> tuple[Text, ...]:
    """Return the role that has to act, and since when; nothing after the final decision."""
    application = view.application
    if application.since is None:
        return ()
    desk = DESK_BY_STAGE.get(application.stage)
    if desk is not None:
        who = _of_the_staff(view, desk)
    elif time_rules.deadline(application, view.exam) is not None:
        who = Text("who-you")
    else:
        return ()
    return (Text("status-who", {"who": who, "since": application.since}),)


def _of_the_staff(view: View, desk: Desk) -> Text:
    if desk is Desk.AREA_REVIEW:
        return Text("who-area", {"where": view.area.display_name(view.locale) if view.area else ""})
    where: Point | Site | None = view.site
    kind = "site"
    if desk is Desk.CONFIRMATION:
        where = view.point or view.site
        is_online = view.area is not None and view.area.confirmation is Confirmation.ONLINE
        kind = ("point" if view.point else "site") if is_online else "visit"
    return Text(f"who-{kind}", {"where": where.display_name(view.locale) if where else ""})


def _usual_lines(view: View) -> tuple[Text, ...]:
    """Return the usual duration of the step, where ``status`` has looked it up."""
    if COUNT not in view.data:
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
    ends = time_rules.deadline(view.application, view.exam)
    if ends is None or not time_rules.is_reinstated(view.application):
        return ()
    return (Text("reinstated-until", {"closes": last_minute(ends)}),)


def _registered(view: View) -> Text:
    """Return the next step of a registered candidate.

    Guide, part 5: without online payment, the area collects the fee in its own way.
    """
    if view.area is not None and _payment(view) is Payment.NONE:
        place: dict[str, Argument] = {
            "area": view.area.display_name(view.locale),
            "contact": view.area.contact,
        }
        return Text("registered-fee", place)
    return Text("registered-next", {"opens": view.exam.today(view.exam.windows.tickets.opens)})


def _payment(view: View) -> Payment:
    return view.area.payment_at(view.application.site) if view.area else Payment.NONE


FEATURE = Feature(
    anywhere=(command("status", status), pressed(Action.GO, status, "status")),
    buttons=(go("status"),),
    screens={
        STATUS: render_status,
        TODO: render_todo,
        **{f"told-{notice}": partial(render_notice, notice) for notice in NOTICES},
        "told-reminder": partial(
            render_reminder, Stage.SUBMITTED, partial(render_notice, "reminder")
        ),
    },
)
