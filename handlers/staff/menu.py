"""The menu of the staff: their roles and actions. Anyone else gets a refusal.

These screens read no candidate's record: a staff member need not be a candidate.
"""

from dataclasses import replace
from functools import wraps

from telegram import Update
from telegram.ext import TypeHandler

from handlers.callback_data import Action, Button, go, staff_go
from handlers.rendering import Screen, rows
from handlers.replies import ask, ask_again, show_screen
from handlers.routing import Feature, Route, Step, command, pressed
from handlers.staff import scopes
from handlers.update_context import Context
from states.fsm_states import Staff
from states.progress.next_step import Position
from states.staff.cases import CASE_ROLES
from states.staff_roles import Role
from states.step_result import ShowScreen, StepResult
from states.texts import LOCALES, Text
from storage.audit.audit_log import AuditAction
from storage.candidates import people
from storage.payments.charges import PAYMENT_ROLES
from storage.staff.access.staff_view import StaffView
from storage.staff.cases import late_changes

HELP = "staff-help"
LANGUAGE = "staff-language"
REFUSED = "staff-refused"
WRITING = frozenset({Role.ADMINISTRATOR, Role.AREA_REVIEWER, Role.SITE_REVIEWER})
"""The roles that write to all people of their scope."""
IDLE = Position(Staff.idle)
_END = StepResult(IDLE, (ShowScreen(REFUSED),))


async def home(_update: Update, context: Context) -> StepResult:
    """Show the roles and the actions; this ends an open question of the staff."""
    return ask(context, IDLE) if await context.own_assignments() else deny(context)


async def cancel(_update: Update, context: Context) -> StepResult:
    """Leave the staff's open question; the candidate conversation stays."""
    if not await context.own_assignments():
        return _END
    return ask(context, IDLE, Text("staff-cancelled"))


async def explain(_update: Update, context: Context) -> StepResult:
    """Show the help of the staff."""
    return show_screen(HELP) if await context.own_assignments() else deny(context)


async def ask_language(_update: Update, context: Context) -> StepResult:
    """Offer the languages."""
    return show_screen(LANGUAGE) if await context.own_assignments() else deny(context)


async def choose_language(_update: Update, context: Context) -> StepResult:
    """Store the language; nothing else is known of a member of the staff who is no candidate."""
    if not await context.own_assignments():
        return deny(context)
    unit, locale = context.unit, context.callback.value.removeprefix("language-")
    person = unit.person or unit.new_person(unit.row.queue_key)
    unit.person = replace(person, locale=locale)
    return ask(context, IDLE, Text("language-changed"))


async def unexpected(_update: Update, context: Context) -> StepResult:
    """Answer an update that the open question cannot take; without one, show the menu."""
    if not await context.own_assignments():
        return deny(context)
    return _asked_again(context, "staff-unexpected")


async def outdated(_update: Update, context: Context) -> StepResult:
    """Answer a button of an earlier question, or one that the bot never made."""
    if not await context.own_assignments():
        return replace(deny(context), toast=Text("toast-stale"))
    context.unit.audit(AuditAction.DENIED, "stale")
    return replace(_asked_again(context, "staff-outdated"), toast=Text("toast-stale"))


def _asked_again(context: Context, why: str) -> StepResult:
    return ask_again(context, Text(why)) if context.is_asked else ask(context, IDLE)


def for_administrators(detail: str, step: Step) -> Step:
    """Wrap a step: only an administrator may run it; the detail names it in an audited denial."""

    @wraps(step)
    async def checked(update: Update, context: Context) -> StepResult:
        if not scopes.is_administrator(await context.own_assignments()):
            return deny(context, detail)
        return await step(update, context)

    return checked


def deny(context: Context, detail: str = "") -> StepResult:
    """Deny the step to an account without the role, and audit it: no button offers the step."""
    context.audit_as_staff(AuditAction.DENIED, detail)
    return _END if context.is_asked else show_screen(REFUSED)


ANYTHING = Route(TypeHandler(Update, unexpected))
OUTDATED = Route(TypeHandler(Update, outdated), exclusive=True)


async def render_home(view: StaffView) -> Screen:
    """Show the roles with their scopes, and the actions."""
    if not view.assignments:
        return await render_refused(view)
    roles = tuple(
        Text("staff-seat", scopes.role_args(view, assignment)) for assignment in view.assignments
    )
    decides = any(assignment.role is not Role.ADMINISTRATOR for assignment in view.assignments)
    deciding: tuple[Button, ...] = (staff_go("queue"),) if decides else ()
    administers = scopes.is_administrator(view.assignments)
    managing = (staff_go("invite"), staff_go("invites"), staff_go("seats")) if administers else ()
    writes = any(assignment.role in WRITING for assignment in view.assignments)
    writing = (staff_go("broadcasts"), staff_go("list")) if writes else ()
    watching: tuple[Button, ...] = (staff_go("reach"), staff_go("stats"))
    settles = any(one.role in PAYMENT_ROLES for one in view.assignments)
    has_cases = settles or any(one.role in CASE_ROLES for one in view.assignments)
    deciding += (staff_go("cases"),) if has_cases else ()
    watching += (staff_go("payments"),) if settles else ()
    changes = late_changes.deciding(view.assignments, view.exam)
    watching += (staff_go("changes"),) if changes else ()
    others = (
        staff_go(HELP, Text("button-staff-help")),
        staff_go("language"),
        go("resume", Text("button-as-candidate")),
    )
    return Screen(
        (Text("staff-home"), roles),
        rows(*deciding, *watching, *writing, *managing, *others, across=2),
    )


async def render_refused(view: StaffView) -> Screen:
    """Deny a staff member politely; point anyone else to the candidate's screens."""
    if view.assignments:
        return Screen((Text("staff-not-yours"),), rows(staff_go("staff")))
    return await as_candidate(view, "staff-refused")


async def as_candidate(view: StaffView, why: str) -> Screen:
    """Lead somebody without a role to their own registration, which they may not have begun."""
    known = await people.load(view.connection, view.keyring, view.bot_id, [view.reader])
    is_begun = any(one.consent for one in known.values())
    resume = go("resume") if is_begun else go("resume", Text("button-begin"))
    return Screen((Text(why),), rows(resume, go("help"), across=2))


LANGUAGES = tuple(Text(f"language-ask-{locale.lower()}") for locale in LOCALES)
_LANGUAGE_BUTTONS = rows(
    *(staff_go(f"language-{one}", Text(f"language-name-{one.lower()}")) for one in LOCALES),
    across=2,
)


async def render_languages(view: StaffView) -> Screen:
    """Offer the languages to the staff."""
    return Screen(LANGUAGES, _LANGUAGE_BUTTONS) if view.assignments else await render_refused(view)


async def render_help(_view: StaffView) -> Screen:
    """Explain what the staff can do, and what never to do."""
    return Screen((Text("staff-help"),), rows(staff_go("staff")))


FEATURE = Feature(
    staff_anywhere=(
        command("staff", home),
        command("start", home),
        command("cancel", cancel),
        command("help", explain),
        command("language", ask_language),
        pressed(Action.GO, ask_language, "language"),
        *(pressed(Action.GO, choose_language, f"language-{one}") for one in LOCALES),
        pressed(Action.GO, home, "staff"),
        pressed(Action.GO, explain, HELP),
    ),
    desk_screens={Staff.idle: render_home, LANGUAGE: render_languages},
    staff_screens={HELP: render_help, REFUSED: render_refused},
)
