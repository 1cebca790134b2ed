"""An administrator decides on deadlines that wait for them, and takes a forfeiture back.

``/forfeits`` says how many wait and why (``states.deadlines``), ``/forfeits release`` lets run what
waits now. ``/reinstate CODE`` puts an application back to where it was given up.
"""

from telegram import Update

from handlers.rendering import Screen, View
from handlers.routing import Feature, command
from handlers.update_context import Context
from states import lifecycle
from states.codes import id_of
from states.deadlines import HoldReason
from states.lifecycle import Event, TransitionNotAllowed
from states.records import Application
from states.staff import Role
from states.step_result import Priority, ShowScreen, StepResult
from states.texts import Text
from storage.audit.audit_log import AuditAction, AuditEntry
from storage.candidates import applications, people
from storage.engine import installation
from storage.engine.installation import Fact

SCREEN = "forfeits"
SAID = "forfeits-said"
RELEASE = "release"


async def forfeits(_update: Update, context: Context) -> StepResult:
    """What waits; or let it run, as the clock last saw it and nothing that came later."""
    if not _is_administrator(context):
        return context.stay(Text("administrators-only"))
    as_of, _, counts = (
        await installation.read_within(context.unit.tx, Fact.EXPIRY_HELD) or ""
    ).partition(" ")
    if "".join(context.args or ()) != RELEASE or not counts:
        return StepResult(effects=(ShowScreen(SCREEN, _counts(counts)),))
    await installation.write(context.unit.tx, Fact.RELEASED, as_of)
    context.unit.audit(AuditAction.EXPIRY_RELEASED, counts)
    return StepResult(effects=(ShowScreen(SAID, header_lines=(Text("forfeits-released"),)),))


async def reinstate(_update: Update, context: Context) -> StepResult:
    """Put back what was given up; its candidate is told, and has time of their own."""
    if not _is_administrator(context):
        return context.stay(Text("administrators-only"))
    services = context.envelope.services
    application_id = id_of("".join(context.args or ()))
    if application_id is None:
        return _said(Text("reinstate-format"))
    known = await applications.by_ids(context.unit.tx, services.keyring, [application_id])
    gone = known.get(application_id)
    if gone is None or gone.exam != context.exam.key:
        return _said(Text("reinstate-unknown"))
    own = context.unit.application
    if own is not None and own.id == gone.id:
        return _said(Text("reinstate-own"))
    try:
        event, by = Event.REINSTATE, Role.ADMINISTRATOR
        back = lifecycle.apply_event(gone, event, context.exam, context.now, by=by)
    except TransitionNotAllowed as illegal:
        return _said(illegal.text)
    await applications.save_transition(context.unit.tx, services.keyring, gone, back)
    _note(context, back)
    account = await people.account_of(context.unit.tx, back.person_id)
    told = ShowScreen(lifecycle.TRANSITIONS[gone.stage, event].notice, priority=Priority.NOTICE)
    context.unit.enqueue(told, chat_id=account)
    return _said(Text("reinstate-done", {"stage": Text(f"stage-{back.stage}")}))


def _said(text: Text) -> StepResult:
    return StepResult(effects=(ShowScreen(SAID, header_lines=(text,)),))


def _note(context: Context, back: Application) -> None:
    unit = context.unit
    unit.audit_entries.append(
        AuditEntry(
            id=unit.new_id(),
            at=context.now,
            actor=unit.row.queue_key,
            action=AuditAction.REINSTATED,
            person_id=back.person_id,
            application_id=back.id,
            detail=back.stage,
        )
    )


def _is_administrator(context: Context) -> bool:
    return context.unit.row.queue_key in context.envelope.services.administrators


def _counts(kept: str) -> dict[str, str]:
    return dict(part.split("=", 1) for part in kept.split())


def render(view: View) -> Screen:
    """How many wait, and why; how they are let run, and that each can be taken back."""
    why = tuple(
        Text(f"forfeits-{hold}", {"count": view.data[hold]})
        for hold in HoldReason
        if hold in view.data
    )
    if not why:
        return Screen((Text("forfeits-none"),))
    return Screen((Text("forfeits-head"), why, Text("forfeits-how")))


def render_said(_view: View) -> Screen:
    """What has been done stands above; how to go on."""
    return Screen((Text("forfeits-ways"),))


FEATURE = Feature(
    everyone=(
        command("forfeits", forfeits, alone=True),
        command("reinstate", reinstate, alone=True),
    ),
    screens={SCREEN: render, SAID: render_said},
)
