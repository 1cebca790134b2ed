"""An administrator says what a role or a group is for: the role, then area, site and point.

Long lists are found in by typing. What was chosen is judged once more where it is written.
"""

from __future__ import annotations

from collections.abc import Mapping

from telegram import Update

from handlers.buttons import Button, Press, Verb
from handlers.context import Context
from handlers.listing import FOUND, LEAF, leafed, narrowed
from handlers.route import Feature, pressed, text
from handlers.screens import BACK, OUT, WHOLE, Screen, button, rows
from handlers.staff import group, invite, menu, places
from states.flow import Place
from states.groups import Staff
from states.outcome import Outcome
from states.search import find
from states.staff import Role, Seat
from states.texts import Problem, Text
from storage.look import Look

LEVELS = {Staff.area: "area", Staff.site: "site", Staff.point: "point"}
_ASKED = {
    "area": Text("scope-area-ask"),
    "site": Text("scope-site-ask"),
    "point": Text("scope-point-ask"),
}
_WHOLE = {
    "area": button("scope-all-of-areas", Verb.CONFIRM),
    "site": button("scope-all-of-sites", Verb.CONFIRM),
    "point": button("scope-all-of-points", Verb.CONFIRM),
}
"""All of what was chosen before: at the question for an area, everything."""
_STATES = {level: state for state, level in LEVELS.items()}


async def take_role(_update: Update, context: Context) -> Outcome:
    """The role to be given; then the first place that it is for."""
    seats = await context.own_seats()
    chosen = next((role for role in Role if role == context.press.value), None)
    if chosen is None or not places.can_give(seats, chosen):
        return menu.refuse(context, "invite")
    return context.ask(Place(Staff.area, {"role": chosen}))


async def take(_update: Update, context: Context) -> Outcome:
    """A place out of the list."""
    return await _take(context, await context.own_seats(), context.press.value)


async def search(_update: Update, context: Context) -> Outcome:
    """A place that was typed."""
    seats = await context.own_seats()
    among = places.options(context.exam, seats, _chosen(context), LEVELS[context.at.state])
    found = find(context.text, among)
    if len(found) == 1:
        return await _take(context, seats, found[0].code)
    return narrowed(context, among, found)


async def take_whole(_update: Update, context: Context) -> Outcome:
    """All of what was chosen so far."""
    at = _chosen(context)
    if not places.may_end_here(at):
        return context.stay(Problem("problem-choice"))
    return await _finish(context, await context.own_seats(), at)


async def leaf(_update: Update, context: Context) -> Outcome:
    """Another part of a long list."""
    return context.change(Place(context.at.state, {**_chosen(context), LEAF: context.press.value}))


async def back(_update: Update, context: Context) -> Outcome:
    """To the whole list, or to the question before; from the first one out."""
    at = _chosen(context)
    if context.press.value == WHOLE or FOUND in context.at.at:
        return context.change(Place(context.at.state, at))
    if context.at.state is Staff.area and "role" in at:
        return context.ask(Place(Staff.role))
    level = LEVELS.get(context.at.state, "area")
    before = places.AT[: places.AT.index(level)]
    if not before:
        return await menu.cancel(_update, context)
    at.pop(before[-1], None)
    return context.ask(Place(_STATES[before[-1]], at))


async def _take(context: Context, seats: tuple[Seat, ...], code: str) -> Outcome:
    at, level = _chosen(context), LEVELS[context.at.state]
    if code not in {one.code for one in places.options(context.exam, seats, at, level)}:
        return context.stay(Problem("problem-choice"))
    at[level] = code
    following = places.next_level(at)
    if following is None:
        return await _finish(context, seats, at)
    if not places.options(context.exam, seats, at, following):
        if places.may_end_here(at):
            return await _finish(context, seats, at)
        return context.stay(Problem("invite-no-points"))
    return context.ask(Place(_STATES[following], at))


async def _finish(context: Context, seats: tuple[Seat, ...], at: Mapping[str, str]) -> Outcome:
    scope = places.scope_of(at)
    if not places.administers(seats, scope):
        return menu.refuse(context, "scope")
    if "group" in at:
        return await group.bind(context, int(at["group"]), scope)
    return await invite.make(context, Role(at["role"]), scope)


def _chosen(context: Context) -> dict[str, str]:
    """What was chosen before, without where in a list they are."""
    return {
        key: context.at.at[key] for key in ("role", "group", *places.AT) if key in context.at.at
    }


_OF_A_LIST = (
    pressed(Verb.CHOOSE, take, alone=True),
    pressed(Verb.CONFIRM, take_whole, alone=True),
    pressed(Verb.LEAF, leaf, alone=True),
    pressed(Verb.BACK, back, alone=True),
    text(search, alone=True),
)


async def draw_role(look: Look) -> Screen:
    """Which role; those that the reader cannot give anywhere are not offered."""
    offered = (
        Button(Text(f"role-{role}"), Press(Verb.CHOOSE, role))
        for role in Role
        if places.can_give(look.seats, role)
    )
    return Screen((Text("invite-role-ask"),), (*rows(*offered), (BACK,)))


async def _draw_level(look: Look, level: str) -> Screen:
    among = places.options(look.exam, look.seats, look.at, level)
    hint, shown = leafed(look, among)
    whole = places.may_end_here(look.at) and places.administers(
        look.seats, places.scope_of(look.at)
    )
    ends = ((_WHOLE[level],),) if whole else ()
    asked = Text("scope-ask-group") if "group" in look.at else Text("scope-ask-role")
    return Screen(
        (asked, _ASKED[level], *hint),
        (*shown, *ends, (OUT if FOUND in look.at else BACK,)),
    )


async def draw_area(look: Look) -> Screen:
    """Which area."""
    return await _draw_level(look, "area")


async def draw_site(look: Look) -> Screen:
    """Which site of the area."""
    return await _draw_level(look, "site")


async def draw_point(look: Look) -> Screen:
    """Which point of the site."""
    return await _draw_level(look, "point")


FEATURE = Feature(
    staff_routes={
        Staff.role: (
            pressed(Verb.CHOOSE, take_role, alone=True),
            pressed(Verb.BACK, back, alone=True),
        ),
        **dict.fromkeys(LEVELS, _OF_A_LIST),
    },
    staff_screens={
        Staff.role: draw_role,
        Staff.area: draw_area,
        Staff.site: draw_site,
        Staff.point: draw_point,
    },
)
