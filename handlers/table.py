"""All routes by state, and all screens: the one place that knows every feature."""

from collections.abc import Mapping, Sequence

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
from handlers.route import Route, Routes
from handlers.screens import Drawing, Screens
from handlers.staff import audit, clock
from states.groups import ALL, State

FIRST: tuple[Route, ...] = (
    *membership.GLOBAL,
    unknown.GROUP,
    unknown.EDITED,
    *start.GLOBAL,
    *language.GLOBAL,
    *help.GLOBAL,
    *status.GLOBAL,
    *profile.GLOBAL,
    *education.GLOBAL,
    *photo.GLOBAL,
    *export.GLOBAL,
    *erase.GLOBAL,
    *clock.GLOBAL,
)
"""Offered before anything else, in every state."""

STRANGERS: tuple[Route, ...] = (
    *membership.GLOBAL,
    unknown.GROUP,
    *help.GLOBAL,
    *clock.GLOBAL,
    *profile.STRANGERS,
    *language.CHOICES,
    unknown.STRANGER,
)
"""All that is offered to somebody we do not know: everything else needs a person. Old buttons of
theirs can still be there, after ``reset`` or under another bot's token."""

ANYWHERE: tuple[Button, ...] = (
    *language.BUTTONS,
    *(go(target) for target in ("menu", "resume", "status", "help", "language")),
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
    submit.SCREENS,
    profile.SCREENS,
    export.SCREENS,
    erase.SCREENS,
    clock.SCREENS,
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
