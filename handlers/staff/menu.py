"""Somebody of the staff wants to know what they are here and what they can do; or is not one.

Nothing of this asks for a candidate's record: who decides need not register.
"""

from telegram import Update
from telegram.ext import TypeHandler

from handlers.callback_data import Action, go, staff_go
from handlers.rendering import Screen, rows
from handlers.routing import Feature, Route, command, pressed
from handlers.staff.administration import places
from handlers.update_context import Context
from states.flow import Position
from states.staff import Role, RoleAssignment
from states.state_groups import Staff
from states.step_result import ShowScreen, StepResult
from states.texts import Text
from storage.audit.audit_log import AuditAction
from storage.staff.staff_view import StaffView

HELP = "staff-help"
REFUSED = "staff-refused"
IDLE = Position(Staff.idle)


async def home(_update: Update, context: Context) -> StepResult:
    """What they are, and the ways to what they do; an open question of the staff is over."""
    return context.ask(IDLE) if await context.own_assignments() else refuse(context)


async def cancel(_update: Update, context: Context) -> StepResult:
    """Out of the question of the staff; what they are asked as a candidate is untouched."""
    return context.ask(IDLE, Text("staff-cancelled")) if await context.own_assignments() else _out()


async def explain(_update: Update, context: Context) -> StepResult:
    """The help for the staff, leaving them where they are."""
    return (
        StepResult(effects=(ShowScreen(HELP),))
        if await context.own_assignments()
        else refuse(context)
    )


async def unexpected(_update: Update, context: Context) -> StepResult:
    """What the staff's question cannot take, or no question at all: show where they are."""
    if not await context.own_assignments():
        return refuse(context)
    return context.stay(Text("staff-unexpected")) if context.is_asked else context.ask(IDLE)


async def outdated(_update: Update, context: Context) -> StepResult:
    """A button of an earlier question, or one we never made."""
    if await context.own_assignments():
        context.unit.audit(AuditAction.DENIED, "stale")
    shown = await unexpected(_update, context)
    return StepResult(shown.position, shown.effects, toast=Text("toast-stale"))


def refuse(context: Context, what: str = "") -> StepResult:
    """Not of the staff, or no longer; noted, since no button of ours leads here otherwise."""
    context.audit_as_staff(AuditAction.DENIED, what)
    return _out() if context.is_asked else StepResult(effects=(ShowScreen(REFUSED),))


def _out() -> StepResult:
    return StepResult(IDLE, (ShowScreen(REFUSED),))


ANYTHING = Route(TypeHandler(Update, unexpected), exclusive=True)
OUTDATED = Route(TypeHandler(Update, outdated), exclusive=True)


async def render_home(view: StaffView) -> Screen:
    """Roles with their scopes, and what can be done from here."""
    if not view.assignments:
        return await render_refused(view)
    held = tuple(said_of(view, assignment) for assignment in view.assignments)
    administers = any(assignment.role is Role.ADMINISTRATOR for assignment in view.assignments)
    decides = any(assignment.role is not Role.ADMINISTRATOR for assignment in view.assignments)
    ways = (staff_go("queue"),) if decides else ()
    managing = (staff_go("invite"), staff_go("invites"), staff_go("seats")) if administers else ()
    others = (staff_go(HELP, Text("button-staff-help")), go("resume", Text("button-as-candidate")))
    return Screen((Text("staff-home"), held), rows(*ways, *managing, *others, across=2))


def said_of(view: StaffView, assignment: RoleAssignment) -> Text:
    """A role with its scope."""
    scope = places.called(view.exam, assignment.scope, view.locale)
    return Text("staff-seat", {"role": Text(f"role-{assignment.role}"), "scope": scope})


async def render_refused(view: StaffView) -> Screen:
    """Not theirs, for one of the staff; for others, where candidates find what is for them."""
    if view.assignments:
        return Screen((Text("staff-not-yours"),), rows(staff_go("staff")))
    return Screen((Text("staff-refused"),), rows(go("resume"), go("help"), across=2))


async def render_help(_look: StaffView) -> Screen:
    """What the staff can do, and what never to do."""
    return Screen((Text("staff-help"),), rows(staff_go("staff")))


FEATURE = Feature(
    staff_anywhere=(
        command("staff", home, alone=True),
        command("start", home, alone=True),
        command("cancel", cancel, alone=True),
        command("help", explain, alone=True),
        pressed(Action.GO, home, "staff", alone=True),
        pressed(Action.GO, explain, HELP, alone=True),
    ),
    staff_screens={
        Staff.idle: render_home,
        HELP: render_help,
        REFUSED: render_refused,
    },
)
