"""The registry of all features, and what it makes of them: routes by state, and screens by name."""

from collections.abc import Mapping, Sequence

from telegram.ext import CommandHandler

from handlers.buttons import Button
from handlers.candidate import (
    account,
    choose,
    claim,
    education,
    erase,
    export,
    form,
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
from handlers.route import SHARED, Feature, Route
from handlers.screens import Drawing, StaffScreens
from handlers.staff import (
    card,
    clock,
    deciding,
    find,
    forfeits,
    group,
    history,
    holding,
    invite,
    menu,
    pending,
    queue,
    refusing,
    roles,
    scope,
)
from states.groups import ALL, STAFF, State

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
    claim.FEATURE,
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
    forfeits.FEATURE,
    menu.FEATURE,
    pending.FEATURE,
    roles.FEATURE,
    scope.FEATURE,
    queue.FEATURE,
    holding.FEATURE,
    card.FEATURE,
    refusing.FEATURE,
    deciding.FEATURE,
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

SCREENS: Mapping[str, Drawing] = {
    _name(key): drawing if isinstance(key, str) else help.patient(drawing)
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
