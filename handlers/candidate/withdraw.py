"""Withdrawing a submitted application, to change it and to submit it again (guide, part 3).

A decision within its undo window counts as not yet made: the withdrawal comes first, and the staff
are told. After the window the decision counts, although the scheduler may still apply it.
"""

from __future__ import annotations

from datetime import timedelta

from telegram import Update

from handlers.callback_data import ANYWHERE, Action, Button, CallbackData, go
from handlers.case_messages import CLOSED, WHY, close_messages
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
from states.step_result import Priority, ShowScreen, StepResult
from states.texts import Text
from storage.audit.audit_log import AuditAction
from storage.candidates import submissions
from storage.staff import cards, claims, decisions, second_looks
from storage.staff.cards import APPLICATION
from storage.staff.decisions import Decision
from storage.staff.second_looks import SecondLookEnd

SCREEN = "withdraw"
DECIDED = "withdraw-decided"
OFTEN = "withdraw-often"
HELD, VOID, ASKED = "withdrawn", "withdrawn-decided", "withdrawn-asked"
"""How a case ended for its holder, for a colleague whose decision does not take effect, and for one
who had asked for a second look."""
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
    await _tell_staff(context, application, undone)
    return ask_next(context, Text("withdraw-done", {"closes": submit_by(context.view)}))


def _is_asked(application: Application, context: Context) -> bool:
    """Return whether the button is about this submission, which can be withdrawn; or was typed."""
    names_it = context.callback.value in ("", str(application.revision))
    return names_it and can_withdraw(context.view)


async def _tell_staff(context: Context, application: Application, undone: Decision | None) -> None:
    """Drop claim and decision, close the cards, and tell all who had a hand in the case."""
    unit = context.unit
    told: dict[int, str] = {}
    look = await second_looks.overtake(
        unit.tx,
        context.services.keyring,
        application,
        SecondLookEnd.WITHDRAWN,
        context.now,
        is_agreed=undone is not None and undone.is_definite,
    )
    if look is not None:
        told[look.account] = ASKED
    holder = await claims.end(unit.tx, application.id)
    if holder is not None:
        told[holder] = HELD
    if undone is not None:
        told[undone.account] = VOID
        await decisions.drop(unit.tx, [undone.id])
        entry = decisions.audit_entry(undone, application, context.now, unit.new_id(), is_void=True)
        unit.audit_entries.append(entry)
    shown = await cards.shown(unit.tx, application.id)
    await cards.forget(unit.tx, shown)
    for chat_id, effect in close_messages(shown, HELD, deleted_in=told):
        unit.enqueue(effect, chat_id=chat_id)
    for account, why in told.items():
        data = {APPLICATION: str(application.id), WHY: why}
        unit.enqueue(ShowScreen(CLOSED, data, priority=Priority.NOTICE), chat_id=account)


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
        return (Text("withdraw-draft"),), rows(*resuming(view), go("status"), across=2)
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
