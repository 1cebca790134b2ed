"""Erasure: the candidate has all data about them removed; this also ends the account.

Domain §1.1: a person can cancel the account before they submit an application. Confirmation and
review need a submitted application: then the candidate has to ask the site.
"""

from datetime import timedelta

from telegram import Update

from handlers.callback_data import Action, go
from handlers.everyone.help import whom_to_ask
from handlers.rendering import Screen, View, rows
from handlers.replies import show_screen
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
"""The time for which the button "yes" works. A chat keeps its buttons for ever: an old one must not
erase a later account.
"""


async def ask(_update: Update, context: Context) -> StepResult:
    """Ask whether to erase, and say what goes and what stays."""
    return StepResult(effects=(ShowScreen(REFUSED if await _has_submitted(context) else ASK),))


async def erase(_update: Update, context: Context) -> StepResult:
    """Erase the person; the position data of the answer names the language."""
    if await _has_submitted(context) or _is_long_ago(context):
        return await ask(_update, context)
    locale = context.person.locale
    context.unit.audit(AuditAction.ERASED)
    context.unit.erase()
    return show_screen(ERASED, data={"locale": locale})


async def _has_submitted(context: Context) -> bool:
    """Return whether the person submitted an application for any exam."""
    application = context.unit.application
    if application is not None and application.stage is not Stage.DRAFT:
        return True
    return await applications.any_submitted(context.unit.tx, context.person.id)


def _is_long_ago(context: Context) -> bool:
    """Return whether the tapped question is older than ``HOLDS_FOR``; typed answers are new."""
    if not context.envelope.was_tapped:
        return False
    tapped = context.envelope.source_message
    if tapped is None or tapped.sent_at is None:
        return True
    acted_at = context.now - context.services.clock_offset()  # messages tell the real time
    return acted_at - tapped.sent_at > HOLDS_FOR


def render_ask(_view: View) -> Screen:
    """Say what goes and what stays; offer an export first."""
    return Screen((Text("erase-ask"),), rows(go("erase-yes"), go("export"), go("menu")))


def render_refused(view: View) -> Screen:
    """Say why the bot cannot erase the data, and whom to ask."""
    others = rows(go("profile"), go("export"), go("menu"), across=2)
    return Screen((Text("erase-refused"), whom_to_ask(view)), others)


def render_erased(_view: View) -> Screen:
    """Confirm the erasure."""
    return Screen((Text("erased"),))


FEATURE = Feature(
    anywhere=(
        command("erase", ask, exclusive=True),
        pressed(Action.GO, ask, "erase", exclusive=True),
        pressed(Action.GO, erase, "erase-yes", exclusive=True),
    ),
    screens={ASK: render_ask, REFUSED: render_refused, ERASED: render_erased},
)
