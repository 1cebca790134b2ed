"""The registry of all features, and what it makes of them: routes by state, and screens by name."""

from collections.abc import Mapping, Sequence

from telegram.ext import CommandHandler

from handlers.callback_data import Button
from handlers.candidate import (
    account,
    choose,
    education,
    erase,
    export,
    form,
    id_conflict,
    materials,
    mend,
    photo,
    profile,
    status,
    submit,
)
from handlers.everyone import (
    consent,
    help,
    language,
    membership,
    notices,
    start,
    unknown,
)
from handlers.rendering import RenderScreen, StaffScreens
from handlers.routing import SHARED, Feature, Route
from handlers.staff import menu
from handlers.staff.administration import (
    clock,
    expiry,
    group,
    invite,
    pending_invites,
    roles,
    scope,
)
from handlers.staff.cases import card, claiming, decision, find, history, queue, refusal
from states.state_groups import ALL, STAFF, State

FEATURES: tuple[Feature, ...] = (
    # Updates of groups, edited messages and invitation links, before the commands they may hold.
    group.FEATURE,
    membership.FEATURE,
    unknown.FEATURE,
    invite.FEATURE,
    # Everybody.
    start.FEATURE,
    language.FEATURE,
    consent.FEATURE,
    help.FEATURE,
    notices.FEATURE,
    # Candidates.
    status.FEATURE,
    mend.FEATURE,
    profile.FEATURE,
    account.FEATURE,
    id_conflict.FEATURE,
    choose.FEATURE,
    form.FEATURE,
    education.FEATURE,
    photo.FEATURE,
    materials.FEATURE,
    submit.FEATURE,
    export.FEATURE,
    erase.FEATURE,
    # Staff.
    clock.FEATURE,
    expiry.FEATURE,
    menu.FEATURE,
    pending_invites.FEATURE,
    roles.FEATURE,
    scope.FEATURE,
    queue.FEATURE,
    claiming.FEATURE,
    card.FEATURE,
    refusal.FEATURE,
    decision.FEATURE,
    history.FEATURE,
    find.FEATURE,
)
"""Every feature once. The first route that matches an update takes it, so the order counts."""


def _name(key: State | str) -> str:
    return key if isinstance(key, str) else str(key.state)


_ANYWHERE = tuple(route for one in FEATURES for route in (*one.everyone, *one.anywhere))
_STAFF_ANYWHERE = tuple(route for one in FEATURES for route in one.staff_anywhere)

ROUTES: Mapping[State, Sequence[Route]] = {
    state: (
        *_ANYWHERE,
        *(route for one in FEATURES for route in one.routes.get(state, ())),
        unknown.ANYTHING,
    )
    for state in ALL.values()
}
STAFF_ROUTES: Mapping[State, Sequence[Route]] = {
    state: (
        *_STAFF_ANYWHERE,
        *(route for one in FEATURES for route in one.staff_routes.get(state, ())),
        menu.ANYTHING,
    )
    for state in STAFF.values()
}
STRANGERS: tuple[Route, ...] = (
    *(route for one in FEATURES for route in one.everyone),
    *(route for one in FEATURES for route in one.strangers),
    unknown.STRANGER,
)
"""All routes for accounts without records. Old buttons of theirs may still be there, after
``reset`` or under another bot's token."""

SCREENS: Mapping[str, RenderScreen] = {
    _name(key): drawing if isinstance(key, str) else help.with_retry_hints(drawing)
    for one in FEATURES
    for key, drawing in one.screens.items()
}
"""Screens by name. Those of states ask a question, and help more with each wrong answer."""
STAFF_SCREENS: StaffScreens = {
    _name(key): drawing for one in FEATURES for key, drawing in one.staff_screens.items()
}
ANYWHERE: tuple[Button, ...] = tuple(button for one in FEATURES for button in one.buttons)
"""Buttons below screens that ask nothing, such as the help: typed, they work in every state."""
STAFF_COMMANDS: frozenset[str] = (
    frozenset(
        name
        for route in _STAFF_ANYWHERE
        if isinstance(route.handler, CommandHandler)
        for name in route.handler.commands
    )
    - SHARED
)
"""Commands that only the staff have: they say by themselves that somebody acts as one of them."""
