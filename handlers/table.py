"""All routes by state, and all screens: the one place that knows every feature."""

from collections.abc import Mapping, Sequence

from telegram.ext import CommandHandler

from handlers.buttons import Button, go
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
    opening,
    start,
    trouble,
    unknown,
)
from handlers.patience import patient
from handlers.route import SHARED, Route, Routes
from handlers.screens import Drawing, Screens, StaffDrawing, StaffScreens
from handlers.staff import (
    audit,
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

FIRST: tuple[Route, ...] = (
    *group.IN_GROUPS,
    *membership.GLOBAL,
    unknown.EDITED,
    *invite.OPENING,
    *start.GLOBAL,
    *language.GLOBAL,
    *help.GLOBAL,
    *status.GLOBAL,
    *mend.GLOBAL,
    *profile.GLOBAL,
    *education.GLOBAL,
    *photo.GLOBAL,
    *export.GLOBAL,
    *erase.GLOBAL,
    *clock.GLOBAL,
    *forfeits.GLOBAL,
)
"""Offered before anything else, in every state."""

STRANGERS: tuple[Route, ...] = (
    *group.IN_GROUPS,
    *membership.GLOBAL,
    *invite.OPENING,
    *help.GLOBAL,
    *clock.GLOBAL,
    *forfeits.GLOBAL,
    *profile.STRANGERS,
    *language.CHOICES,
    unknown.STRANGER,
)
"""All that is offered to somebody we do not know: everything else needs a person. Old buttons of
theirs can still be there, after ``reset`` or under another bot's token."""

ANYWHERE: tuple[Button, ...] = (
    *language.BUTTONS,
    *(go(target) for target in ("menu", "resume", "status", "refusal", "help", "language")),
    *(go(target) for target in profile.TARGETS),
    *help.BUTTONS,
)
"""The buttons below screens that ask nothing, such as the help: typed, they work anywhere too."""

_FEATURES: tuple[Routes, ...] = (
    consent.ROUTES,
    account.ROUTES,
    claim.ROUTES,
    choose.ROUTES,
    form.ROUTES,
    education.ROUTES,
    photo.ROUTES,
    materials.ROUTES,
    mend.ROUTES,
    submit.ROUTES,
)

_SCREENS: tuple[Screens, ...] = (
    language.SCREENS,
    consent.SCREENS,
    start.SCREENS,
    help.SCREENS,
    trouble.SCREENS,
    opening.SCREENS,
    status.SCREENS,
    account.SCREENS,
    claim.SCREENS,
    choose.SCREENS,
    form.SCREENS,
    education.SCREENS,
    photo.SCREENS,
    materials.SCREENS,
    mend.SCREENS,
    submit.SCREENS,
    profile.SCREENS,
    export.SCREENS,
    erase.SCREENS,
    clock.SCREENS,
    group.SCREENS,
    forfeits.SCREENS,
    audit.SCREENS,
)


def _routes() -> dict[State, Sequence[Route]]:
    own = {state: routes for feature in _FEATURES for state, routes in feature.items()}
    return {state: (*FIRST, *own.get(state, ()), unknown.ANYTHING) for state in ALL.values()}


def _screens() -> dict[str, Drawing]:
    return {
        key if isinstance(key, str) else str(key.state): (
            drawing if isinstance(key, str) else patient(drawing)
        )
        for feature in _SCREENS
        for key, drawing in feature.items()
    }


ROUTES: Mapping[State, Sequence[Route]] = _routes()
SCREENS: Mapping[str, Drawing] = _screens()

STAFF_FIRST: tuple[Route, ...] = (
    *menu.GLOBAL,
    *invite.GLOBAL,
    *pending.GLOBAL,
    *roles.GLOBAL,
    *group.GLOBAL,
    *queue.GLOBAL,
    *deciding.GLOBAL,
    *history.GLOBAL,
    *find.GLOBAL,
)
"""Offered to whoever acts as one of the staff, before what the staff's state has."""

_STAFF_FEATURES: tuple[Routes, ...] = (
    scope.ROUTES,
    queue.ROUTES,
    card.ROUTES,
    refusing.ROUTES,
    deciding.ROUTES,
    find.ROUTES,
)

_STAFF_SCREENS: tuple[StaffScreens, ...] = (
    menu.STAFF_SCREENS,
    scope.STAFF_SCREENS,
    invite.STAFF_SCREENS,
    pending.STAFF_SCREENS,
    roles.STAFF_SCREENS,
    group.STAFF_SCREENS,
    queue.STAFF_SCREENS,
    holding.STAFF_SCREENS,
    card.STAFF_SCREENS,
    refusing.STAFF_SCREENS,
    deciding.STAFF_SCREENS,
    history.STAFF_SCREENS,
    find.STAFF_SCREENS,
)


def _staff_routes() -> dict[State, Sequence[Route]]:
    """A state can be of several features: a card is read by one and decided by another."""
    return {
        state: (
            *STAFF_FIRST,
            *(route for feature in _STAFF_FEATURES for route in feature.get(state, ())),
            menu.ANYTHING,
        )
        for state in STAFF.values()
    }


def _staff_screens() -> dict[str, StaffDrawing]:
    return {name: drawing for feature in _STAFF_SCREENS for name, drawing in feature.items()}


STAFF_ROUTES: Mapping[State, Sequence[Route]] = _staff_routes()
STAFF_SCREENS: StaffScreens = _staff_screens()
STAFF_COMMANDS: frozenset[str] = (
    frozenset(
        name
        for route in STAFF_FIRST
        if isinstance(route.handler, CommandHandler)
        for name in route.handler.commands
    )
    - SHARED
)
"""Commands that only the staff have: they say by themselves that somebody acts as one of them."""
