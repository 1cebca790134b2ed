"""Commands of the administrators that the settings name.

``/forfeits`` says how many expiries wait and why (``states.process.deadlines``);
``/forfeits release`` applies them, ``/forfeits unpaid`` those without a payment.
``/reinstate CODE`` returns an application to the stage that it expired from. ``/clock`` shows the
sandbox's time. ``/clock +3d`` (m, h, d) moves it forward to see the effect of a deadline; outside
the sandbox the step refuses.
"""

import re
from datetime import timedelta

from telegram import Update

from handlers.rendering import Screen, View, fixed
from handlers.replies import ask_again, show_screen
from handlers.routing import Feature, command
from handlers.update_context import Context
from states.process import lifecycle
from states.process.deadlines import HoldReason
from states.process.lifecycle import Event, TransitionNotAllowed
from states.staff_roles import Role
from states.step_result import Priority, ShowScreen, StepResult
from states.submissions.application_codes import id_of
from states.texts import Text
from storage.audit.audit_log import AuditAction
from storage.candidates import applications, overdue, people
from storage.engine import installation
from storage.engine.installation import Fact

SCREEN = "forfeits"
RESULT = "forfeits-said"
RELEASES = {"release": Fact.RELEASED, "unpaid": Fact.UNPAID_RELEASED}
"""The fact that each word of ``/forfeits`` writes."""
CLOCK = "clock"
DETAIL = 200
"""Characters of an audit entry's detail."""
FARTHEST = timedelta(days=400)
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
_STEP = re.compile(r"\+(\d{1,4})([mhd])")


async def forfeits(_update: Update, context: Context) -> StepResult:
    """Show the held expiries, or release those that the scheduler last counted."""
    if not _is_administrator(context):
        return ask_again(context, Text("administrators-only"))
    as_of, _, counts = (
        await installation.read_within(context.unit.tx, Fact.EXPIRY_HELD) or ""
    ).partition(" ")
    fact = RELEASES.get("".join(context.args or ()))
    if fact is None or not counts:
        return show_screen(SCREEN, data=_counts(counts))
    await overdue.release(context.unit.tx, fact, as_of, context.now)
    context.unit.audit(AuditAction.EXPIRY_RELEASED, f"{fact} {as_of} {counts}"[:DETAIL])
    return show_screen(RESULT, Text("forfeits-released"))


async def reinstate(_update: Update, context: Context) -> StepResult:
    """Reinstate an expired application; its candidate gets a notice and a deadline of their own."""
    if not _is_administrator(context):
        return ask_again(context, Text("administrators-only"))
    services = context.services
    application_id = id_of("".join(context.args or ()))
    if application_id is None:
        return show_screen(RESULT, Text("reinstate-format"))
    known = await applications.by_ids(context.unit.tx, services.keyring, [application_id])
    expired = known.get(application_id)
    if expired is None or expired.exam != context.exam.key:
        return show_screen(RESULT, Text("reinstate-unknown"))
    own = context.unit.application
    if own is not None and own.id == expired.id:
        return show_screen(RESULT, Text("reinstate-own"))
    try:
        event, by = Event.REINSTATE, Role.ADMINISTRATOR
        reinstated = lifecycle.apply_event(expired, event, context.exam, context.now, by=by)
    except TransitionNotAllowed as illegal:
        return show_screen(RESULT, illegal.text)
    await applications.save_transition(context.unit.tx, services.keyring, expired, reinstated)
    context.audit_application(AuditAction.REINSTATED, reinstated, reinstated.stage)
    account = await people.account_of(context.unit.tx, services.keyring, reinstated.person_id)
    notice = ShowScreen(
        lifecycle.TRANSITIONS[expired.stage, event].notice, priority=Priority.NOTICE
    )
    context.unit.enqueue(notice, chat_id=account)
    return show_screen(RESULT, Text("reinstate-done", {"stage": Text(f"stage-{reinstated.stage}")}))


def _is_administrator(context: Context) -> bool:
    return context.unit.row.queue_key in context.services.administrators


def _counts(kept: str) -> dict[str, str]:
    return dict(part.split("=", 1) for part in kept.split())


def render_held(view: View) -> Screen:
    """Show how many expiries wait, and why; explain the commands."""
    reasons = tuple(
        Text(f"forfeits-{hold}", {"count": view.data[hold]})
        for hold in HoldReason
        if hold in view.data
    )
    if not reasons:
        return Screen((Text("forfeits-none"),))
    is_unpaid = HoldReason.UNPAID in view.data
    unpaid = (Text("forfeits-unpaid-how"),) if is_unpaid else ()
    how = (Text("forfeits-how"),) if len(reasons) > is_unpaid else ()
    return Screen((Text("forfeits-head"), reasons, *how, *unpaid, Text("forfeits-mend")))


async def clock(_update: Update, context: Context) -> StepResult:
    """Move the clock, or show its time."""
    services = context.services
    if not _is_administrator(context) or not services.clock_moves:
        return ask_again(context, Text("clock-refused"))
    typed = "".join(context.args or ())
    if not typed:
        return show_screen(CLOCK)
    step = _STEP.fullmatch(typed)
    if step is None:
        return show_screen(CLOCK, Text("clock-format"))
    by = timedelta(**{_UNITS[step[2]]: int(step[1])})
    if by > FARTHEST:
        return show_screen(CLOCK, Text("clock-far", {"days": FARTHEST.days}))
    offset = services.clock_offset() + by
    await installation.write(context.unit.tx, Fact.CLOCK_OFFSET, str(int(offset.total_seconds())))
    context.unit.audit(AuditAction.CLOCK_MOVED, typed)
    return StepResult(effects=(ShowScreen(CLOCK),), clock=offset)


def render_clock(view: View) -> Screen:
    """Show the time that all rules use."""
    return Screen((Text("clock-now", {"now": view.now}),))


FEATURE = Feature(
    everyone=(
        command("clock", clock, exclusive=True),
        command("forfeits", forfeits, exclusive=True),
        command("reinstate", reinstate, exclusive=True),
    ),
    screens={CLOCK: render_clock, SCREEN: render_held, RESULT: fixed(Text("forfeits-ways"))},
)
