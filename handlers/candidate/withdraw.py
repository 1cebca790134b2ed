"""Withdrawing a submitted application, to change it and to submit it again (guide, part 3).

A decision within its undo window counts as not yet made: the withdrawal comes first, and the staff
are told. After the window the decision counts, although the scheduler may still apply it.
"""

from __future__ import annotations

from datetime import timedelta

from telegram import Update

from handlers.callback_data import ANYWHERE, Action, Button, CallbackData, go
from handlers.case_messages import leave_desk
from handlers.outlook_lines import can_withdraw, head, now_line, submit_by
from handlers.rendering import Paragraph, Rows, Screen, View, fixed, resuming, rows, whom_to_ask
from handlers.replies import ask_next, show_screen, step_showing
from handlers.routing import Feature, command, pressed
from handlers.update_context import Context
from states.changes.late_changes import ask_denial
from states.exam import Confirmation
from states.process import lifecycle
from states.process.lifecycle import REFUSED_STAGES, Event, NonStaffActor
from states.records import Application, Stage
from states.staff.departures import Departure
from states.step_result import StepResult
from states.texts import Text
from storage.audit.audit_log import AuditAction
from storage.candidates import submissions
from storage.staff.cases import decisions

SCREEN = "withdraw"
DECIDED = "withdraw-decided"
OFTEN = "withdraw-often"
WITHDRAWALS_A_DAY = 20
"""Each leaves a submission and two audit entries for good; the application stays submitted."""
A_DAY = timedelta(days=1)
YES = Text("button-withdraw-yes")
LEAVE = go("status", Text("button-withdraw-no"))


async def withdraw(_update: Update, context: Context) -> StepResult:
    """Withdraw the submission that the button names; another one is asked about first."""
    application, unit = context.unit.application, context.unit
    keyring = context.services.keyring
    if application is None or not _is_asked(application, context):
        return show_screen(SCREEN)
    undone = await decisions.unapplied(unit.tx, keyring, application.id)
    if undone is not None and undone.effective_at <= context.now:
        return show_screen(DECIDED)
    since = context.now - A_DAY
    if await submissions.withdrawn_since(unit.tx, application.id, since) >= WITHDRAWALS_A_DAY:
        return show_screen(OFTEN)
    withdrawn = lifecycle.apply_event(
        application, Event.WITHDRAW, context.exam, context.now, by=NonStaffActor.CANDIDATE
    )
    unit.application = withdrawn
    unit.audit(AuditAction.WITHDRAWN, str(application.revision))
    await submissions.withdraw(unit.tx, keyring, application.id, application.revision, context.now)
    await leave_desk(context, application, Departure.WITHDRAWN)
    return ask_next(context, Text("withdraw-done", {"closes": submit_by(context.view)}))


def _is_asked(application: Application, context: Context) -> bool:
    """Return whether the button is about this submission, which can be withdrawn; or was typed."""
    names_it = context.callback.value in ("", str(application.revision))
    return names_it and can_withdraw(context.view)


def render(view: View) -> Screen:
    """Ask whether to withdraw, and say what follows; or say why it is not possible."""
    if not can_withdraw(view):
        return Screen(*_why_not(view))
    yes = CallbackData(Action.WITHDRAW, str(view.application.revision), ANYWHERE)
    prints = view.area is not None and view.area.confirmation is Confirmation.ON_SITE
    about_print = (Text("withdraw-ask-print"),) if prints else ()
    warning = Text("withdraw-ask", {"closes": submit_by(view)})
    return Screen((warning, *about_print), rows(Button(YES, yes), LEAVE))


def _why_not(view: View) -> tuple[tuple[Paragraph, ...], Rows]:
    """Return why the application cannot be withdrawn, and what can be done instead."""
    application = view.records.application
    if application is None or application.stage is Stage.DRAFT:
        back = resuming(view)
        is_withdrawn = application is not None and application.revision > 0
        draft = Text("withdraw-draft")
        if is_withdrawn and back:
            draft = Text("withdraw-withdrawn", {"closes": submit_by(view)})
        return (draft,), rows(*back, go("status"), across=2)
    if application.stage in REFUSED_STAGES:
        return (Text("withdraw-refused"), now_line(view)), rows(go("refusal"), go("status"))
    if application.stage is Stage.REJECTED:
        return (Text("withdraw-rejected"), now_line(view)), rows(go("refusal"), go("status"))
    if application.stage is Stage.SUBMITTED:
        closes = view.exam.windows.confirmation.last_minute
        return (Text("withdraw-late", {"closes": closes}), whom_to_ask(view)), rows(go("status"))
    if ask_denial(application, view.exam, view.now) is None:
        others = rows(go("late-change"), go("status"), across=2)
        return (Text("withdraw-confirmed-change"), head(view)), others
    return (Text("withdraw-confirmed"), head(view), whom_to_ask(view)), rows(go("status"))


FEATURE = Feature(
    anywhere=(
        command("withdraw", step_showing(SCREEN)),
        pressed(Action.GO, step_showing(SCREEN), "withdraw"),
        pressed(Action.WITHDRAW, withdraw, exclusive=True),
    ),
    buttons=(go("withdraw"), Button(YES, CallbackData(Action.WITHDRAW, "", ANYWHERE)), LEAVE),
    screens={
        SCREEN: render,
        DECIDED: fixed(Text("withdraw-decided"), buttons=rows(go("status"))),
        OFTEN: fixed(
            Text("withdraw-often", {"limit": WITHDRAWALS_A_DAY}), buttons=rows(go("status"))
        ),
    },
)
