"""An administrator says what a role or a group is for: the role, then area, site and point.

Long lists are found in by typing. What was chosen is judged once more where it is written.
"""

from __future__ import annotations

from collections.abc import Mapping

from telegram import Update

from handlers.callback_data import Action, Button, CallbackData
from handlers.questions.listing import FOUND, LEAF, narrowed, page_of
from handlers.rendering import BACK, OUT, WHOLE, Screen, button, rows
from handlers.routing import Feature, pressed, text
from handlers.staff import menu
from handlers.staff.administration import group, invite, places
from handlers.update_context import Context
from states.flow import Position
from states.search import find
from states.staff import Role, RoleAssignment
from states.state_groups import Staff
from states.step_result import StepResult
from states.texts import Problem, Text
from storage.staff.staff_view import StaffView

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
"""All of what was chosen before: at the question for an area, everything."""
_STATES = {level: state for state, level in LEVELS.items()}


async def take_role(_update: Update, context: Context) -> StepResult:
    """The role to be given; then the first place that it is for."""
    assignments = await context.own_assignments()
    chosen = next((role for role in Role if role == context.callback.value), None)
    if chosen is None or not places.can_give(assignments, chosen):
        return menu.refuse(context, "invite")
    return context.ask(Position(Staff.area, {"role": chosen}))


async def take(_update: Update, context: Context) -> StepResult:
    """A place out of the list."""
    return await _take(context, await context.own_assignments(), context.callback.value)


async def search(_update: Update, context: Context) -> StepResult:
    """A place that was typed."""
    assignments = await context.own_assignments()
    among = places.options(
        context.exam, assignments, _chosen(context), LEVELS[context.position.state]
    )
    found = find(context.text, among)
    if len(found) == 1:
        return await _take(context, assignments, found[0].code)
    return narrowed(context, among, found)


async def take_whole(_update: Update, context: Context) -> StepResult:
    """All of what was chosen so far."""
    at = _chosen(context)
    if not places.may_end_here(at):
        return context.stay(Problem("problem-choice"))
    return await _finish(context, await context.own_assignments(), at)


async def leaf(_update: Update, context: Context) -> StepResult:
    """Another part of a long list."""
    return context.change(
        Position(context.position.state, {**_chosen(context), LEAF: context.callback.value})
    )


async def back(_update: Update, context: Context) -> StepResult:
    """To the whole list, or to the question before; from the first one out."""
    at = _chosen(context)
    if context.callback.value == WHOLE or FOUND in context.position.data:
        return context.change(Position(context.position.state, at))
    if context.position.state is Staff.area and "role" in at:
        return context.ask(Position(Staff.role))
    level = LEVELS.get(context.position.state, "area")
    before = places.AT[: places.AT.index(level)]
    if not before:
        return await menu.cancel(_update, context)
    at.pop(before[-1], None)
    return context.ask(Position(_STATES[before[-1]], at))


async def _take(context: Context, assignments: tuple[RoleAssignment, ...], code: str) -> StepResult:
    at, level = _chosen(context), LEVELS[context.position.state]
    if code not in {one.code for one in places.options(context.exam, assignments, at, level)}:
        return context.stay(Problem("problem-choice"))
    at[level] = code
    following = places.next_level(at)
    if following is None:
        return await _finish(context, assignments, at)
    if not places.options(context.exam, assignments, at, following):
        if places.may_end_here(at):
            return await _finish(context, assignments, at)
        return context.stay(Problem("invite-no-points"))
    return context.ask(Position(_STATES[following], at))


async def _finish(
    context: Context, assignments: tuple[RoleAssignment, ...], at: Mapping[str, str]
) -> StepResult:
    scope = places.scope_of(at)
    if not places.administers(assignments, scope):
        return menu.refuse(context, "scope")
    if "group" in at:
        return await group.bind(context, int(at["group"]), scope)
    return await invite.make(context, Role(at["role"]), scope)


def _chosen(context: Context) -> dict[str, str]:
    """What was chosen before, without where in a list they are."""
    return {
        key: context.position.data[key]
        for key in ("role", "group", *places.AT)
        if key in context.position.data
    }


_OF_A_LIST = (
    pressed(Action.CHOOSE, take, alone=True),
    pressed(Action.CONFIRM, take_whole, alone=True),
    pressed(Action.TURN_PAGE, leaf, alone=True),
    pressed(Action.BACK, back, alone=True),
    text(search, alone=True),
)


async def render_role(view: StaffView) -> Screen:
    """Which role; those that the reader cannot give anywhere are not offered."""
    offered = (
        Button(Text(f"role-{role}"), CallbackData(Action.CHOOSE, role))
        for role in Role
        if places.can_give(view.assignments, role)
    )
    return Screen((Text("invite-role-ask"),), (*rows(*offered), (BACK,)))


async def _render_level(view: StaffView, level: str) -> Screen:
    among = places.options(view.exam, view.assignments, view.data, level)
    hint, shown = page_of(view, among)
    whole = places.may_end_here(view.data) and places.administers(
        view.assignments, places.scope_of(view.data)
    )
    ends = ((_WHOLE[level],),) if whole else ()
    asked = Text("scope-ask-group") if "group" in view.data else Text("scope-ask-role")
    return Screen(
        (asked, _ASKED[level], *hint),
        (*shown, *ends, (OUT if FOUND in view.data else BACK,)),
    )


async def render_area(view: StaffView) -> Screen:
    """Which area."""
    return await _render_level(view, "area")


async def render_site(view: StaffView) -> Screen:
    """Which site of the area."""
    return await _render_level(view, "site")


async def render_point(view: StaffView) -> Screen:
    """Which point of the site."""
    return await _render_level(view, "point")


FEATURE = Feature(
    staff_routes={
        Staff.role: (
            pressed(Action.CHOOSE, take_role, alone=True),
            pressed(Action.BACK, back, alone=True),
        ),
        **dict.fromkeys(LEVELS, _OF_A_LIST),
    },
    staff_screens={
        Staff.role: render_role,
        Staff.area: render_area,
        Staff.site: render_site,
        Staff.point: render_point,
    },
)
