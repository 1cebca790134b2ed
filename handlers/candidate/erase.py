"""The candidate wants everything about them removed; before submitting this also ends the account.

Domain §1.1: the account can be cancelled before an application is handed in. What was handed in
is needed for confirmation and review, so then the site has to be asked.
"""

from datetime import timedelta

from telegram import Update

from handlers.callback_data import Action, go
from handlers.everyone.help import whom_to_ask
from handlers.rendering import Screen, View, rows
from handlers.routing import Feature, command, pressed
from handlers.update_context import Context
from states.records import Stage
from states.step_result import ShowScreen, StepResult
from states.texts import Text
from storage.audit.audit_log import AuditAction
from storage.candidates import applications

ASK = "erase-ask"
REFUSED = "erase-refused"
ERASED = "erased"
HOLDS_FOR = timedelta(hours=1)
"""How long the button that says yes does. The chat keeps it for ever, and a slip of the finger
years later, perhaps after beginning anew, must not cost everything."""


async def ask(_update: Update, context: Context) -> StepResult:
    """What would go and what would stay, and whether they really want it."""
    return StepResult(effects=(ShowScreen(REFUSED if await _has_submitted(context) else ASK),))


async def erase(_update: Update, context: Context) -> StepResult:
    """Forget the person. The answer names their language: nothing else knows it any more."""
    if await _has_submitted(context) or _is_long_ago(context):
        return await ask(_update, context)
    locale = context.person.locale
    context.unit.audit(AuditAction.ERASED)
    context.unit.erase()
    return StepResult(effects=(ShowScreen(ERASED, {"locale": locale}),))


async def _has_submitted(context: Context) -> bool:
    """For this exam, or for any that the records of this unit do not show."""
    application = context.unit.application
    if application is not None and application.stage is not Stage.DRAFT:
        return True
    return await applications.any_submitted(context.unit.tx, context.person.id)


def _is_long_ago(context: Context) -> bool:
    """Whether the question that was tapped is old; who types the yes means it now."""
    if not context.envelope.was_tapped:
        return False
    tapped = context.envelope.source_message
    if tapped is None or tapped.sent_at is None:
        return True
    acted_at = context.now - context.envelope.services.clock_offset()  # messages tell the real time
    return acted_at - tapped.sent_at > HOLDS_FOR


def render_ask(_view: View) -> Screen:
    """What goes, what stays, that it cannot be undone; and the way to an export first."""
    return Screen((Text("erase-ask"),), rows(go("erase-yes"), go("export"), go("menu")))


def render_refused(view: View) -> Screen:
    """Why not here and now, and whom to ask."""
    ways = rows(go("profile"), go("export"), go("menu"), across=2)
    return Screen((Text("erase-refused"), whom_to_ask(view)), ways)


def render_erased(_view: View) -> Screen:
    """Done; and how to begin anew."""
    return Screen((Text("erased"),))


FEATURE = Feature(
    anywhere=(
        command("erase", ask, alone=True),
        pressed(Action.GO, ask, "erase", alone=True),
        pressed(Action.GO, erase, "erase-yes", alone=True),
    ),
    screens={ASK: render_ask, REFUSED: render_refused, ERASED: render_erased},
)
