"""An administrator chooses the scope of a role or a group: the role, then area, site and point.

Typed text searches long lists. The step that writes the choice checks it again.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from telegram import Update

from handlers.callback_data import Action, Button, CallbackData
from handlers.questions.listing import FIRST_SHOWN, FOUND, leaves_part, look_up, page_of
from handlers.rendering import BACK, Screen, button, rows
from handlers.replies import ask, ask_again, ask_in_place
from handlers.routing import Feature, pressed, text
from handlers.staff import menu, scopes
from handlers.staff.administration import bind_group, invite
from handlers.update_context import Context
from states.fsm_states import Staff
from states.progress.next_step import Position
from states.staff_roles import Role, RoleAssignment
from states.step_result import StepResult
from states.texts import Problem, Text
from storage.staff.access.staff_view import StaffView

LEVELS = {Staff.area: "area", Staff.site: "site", Staff.point: "point"}
_ASKED = {
    "area": Text("scope-area-ask"),
    "site": Text("scope-site-ask"),
    "point": Text("scope-point-ask"),
}
_WHOLE = {
    "area": button("scope-all-of-areas", Action.CONFIRM),
    "site": button("scope-all-of-sites", Action.CONFIRM),
    "point": button("scope-all-of-points", Action.CONFIRM),
}
"""Buttons that end the choice here; at the question for an area, the scope is everything."""
_STATES = {level: state for state, level in LEVELS.items()}


async def take_role(_update: Update, context: Context) -> StepResult:
    """Take the role to give; ask for the area."""
    assignments = await context.own_assignments()
    chosen = next((role for role in Role if role == context.callback.value), None)
    if chosen is None or not scopes.can_give(assignments, chosen):
        return menu.deny(context, "invite")
    return ask(context, Position(Staff.area, {"role": chosen}))


async def take(_update: Update, context: Context) -> StepResult:
    """Take the tapped place."""
    return await _take(context, await context.own_assignments(), context.callback.value)


async def search(_update: Update, context: Context) -> StepResult:
    """Take the typed place, or offer what may be meant."""
    assignments = await context.own_assignments()
    among = scopes.options(
        context.exam, assignments, _chosen(context), LEVELS[context.position.state]
    )
    found = look_up(context, among, LEVELS[context.position.state])
    if isinstance(found, StepResult):
        return found
    return await _take(context, assignments, found.code)


async def take_whole(_update: Update, context: Context) -> StepResult:
    """End the choice at the place chosen last."""
    data = _chosen(context)
    if not scopes.may_end_here(data):
        return ask_again(context, Problem("problem-choice"))
    return await _finish(context, await context.own_assignments(), data)


async def turn_page(_update: Update, context: Context) -> StepResult:
    """Show another part of a long list."""
    return ask_in_place(
        context,
        Position(context.position.state, {**_chosen(context), FIRST_SHOWN: context.callback.value}),
    )


async def back(_update: Update, context: Context) -> StepResult:
    """Show the whole list, or ask the question before; from the first question, cancel."""
    data = _chosen(context)
    if leaves_part(context):
        return ask_in_place(context, Position(context.position.state, data))
    if context.position.state is Staff.area and "role" in data:
        return ask(context, Position(Staff.role))
    level = LEVELS.get(context.position.state, "area")
    before = scopes.SCOPE_KEYS[: scopes.SCOPE_KEYS.index(level)]
    if not before:
        return await menu.cancel(_update, context)
    data.pop(before[-1], None)
    return ask(context, Position(_STATES[before[-1]], data))


async def _take(context: Context, assignments: tuple[RoleAssignment, ...], code: str) -> StepResult:
    data, level = _chosen(context), LEVELS[context.position.state]
    if code not in {one.code for one in scopes.options(context.exam, assignments, data, level)}:
        return ask_again(context, Problem("problem-choice"))
    data[level] = code
    following = scopes.next_level(data)
    if following is None:
        return await _finish(context, assignments, data)
    if scopes.options(context.exam, assignments, data, following):
        return ask(context, Position(_STATES[following], data))
    if scopes.may_end_here(data):
        return await _finish(context, assignments, data)
    return ask_again(context, Problem("invite-no-points"))


async def _finish(
    context: Context, assignments: tuple[RoleAssignment, ...], data: Mapping[str, str]
) -> StepResult:
    scope = scopes.scope_of(data)
    if not scopes.administers(assignments, scope):
        return menu.deny(context, "scope")
    if "group" in data:
        return await bind_group.bind(context, int(data["group"]), scope)
    return await invite.make(context, Role(data["role"]), scope)


def _chosen(context: Context) -> dict[str, str]:
    """Return the choices so far, without the place in a list."""
    return {
        key: context.position.data[key]
        for key in ("role", "group", *scopes.SCOPE_KEYS)
        if key in context.position.data
    }


_LIST_ROUTES = (
    pressed(Action.CHOOSE, take),
    pressed(Action.CONFIRM, take_whole),
    pressed(Action.TURN_PAGE, turn_page),
    pressed(Action.BACK, back),
    text(search),
)


async def render_role(view: StaffView) -> Screen:
    """Ask for the role, of those that the reader can give somewhere."""
    offered = (
        Button(Text(f"role-{role}"), CallbackData(Action.CHOOSE, role))
        for role in Role
        if scopes.can_give(view.assignments, role)
    )
    return Screen((Text("invite-role-ask"),), (*rows(*offered), (BACK,)))


async def render_level(level: str, view: StaffView) -> Screen:
    """Ask for the area, the site or the point."""
    among = scopes.options(view.exam, view.assignments, view.data, level)
    hint, shown = page_of(view, among)
    whole = scopes.may_end_here(view.data) and scopes.administers(
        view.assignments, scopes.scope_of(view.data)
    )
    ends = ((_WHOLE[level],),) if whole else ()
    asked = Text("scope-ask-group") if "group" in view.data else Text("scope-ask-role")
    if FOUND in view.data:
        return Screen((asked, *hint), shown)
    if level != "area":  # the question for the area has said that places can be typed
        hint = tuple(Text("scope-part", one.args) for one in hint if isinstance(one, Text))
    return Screen((asked, _ASKED[level], *hint), (*shown, *ends, (BACK,)))


FEATURE = Feature(
    staff_routes={
        Staff.role: (pressed(Action.CHOOSE, take_role), pressed(Action.BACK, back)),
        **dict.fromkeys(LEVELS, _LIST_ROUTES),
    },
    desk_screens={
        Staff.role: render_role,
        **{state: partial(render_level, level) for state, level in LEVELS.items()},
    },
)
