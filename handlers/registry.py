"""The registry of all features: their routes by state, and their screens by name."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from telegram.ext import CommandHandler

from handlers.callback_data import ANYWHERE as ANY_QUESTION
from handlers.callback_data import Action, Button, CallbackData, question_hash_of
from handlers.candidate import pay, print_form, reminders, withdraw
from handlers.candidate.area import change_area, choose_area
from handlers.candidate.case_desk import case_outcome, duplicate_id_number, place_of_case
from handlers.candidate.changes import correct, correct_identity, late_change
from handlers.candidate.files import materials, photo, uploads
from handlers.candidate.filling import (
    account,
    change_answer,
    confirmation,
    education,
    form,
    profile,
    why,
)
from handlers.candidate.papers import compare_papers, fill_record
from handlers.candidate.progress import calendar_dates, open_items, status
from handlers.everyone import (
    broadcast_message,
    eligibility,
    help,
    notices,
    seen,
    start,
    unknown,
    verify,
)
from handlers.questions.answer_lines import with_answers_said
from handlers.questions.doubts import with_doubts
from handlers.rendering import (
    RenderReadingScreen,
    RenderScreen,
    StaffScreens,
    with_retry_hints,
)
from handlers.routing import SHARED, CallbackHandler, Feature, Question, Route
from handlers.staff import list_parts, menu
from handlers.staff.administration import (
    administrator_commands,
    bind_group,
    choose_scope,
    invite,
    revoke_role,
)
from handlers.staff.broadcasts import compose, confirm, progress, writing
from handlers.staff.cases import (
    card,
    claimed_case,
    decide,
    find,
    history,
    late_changes,
    papers,
    photo_opinion,
    queue,
    refusal_draft,
    reopen,
    second_look,
    spot_checks,
)
from handlers.staff.desks import case_desk, duplicates, payments, record_payment
from handlers.staff.oversight import call_list, candidate_list, statistics
from states.fsm_states import STAFF, State

FEATURES: tuple[Feature, ...] = (
    # Updates of groups, edited messages and invitation links, before the commands they may hold.
    bind_group.FEATURE,
    unknown.FEATURE,
    invite.FEATURE,
    verify.FEATURE,
    # Everybody.
    pay.FEATURE,
    start.FEATURE,
    help.FEATURE,
    eligibility.FEATURE,
    notices.FEATURE,
    broadcast_message.FEATURE,
    seen.FEATURE,
    # Candidates.
    status.FEATURE,
    confirmation.FEATURE,
    correct.FEATURE,
    open_items.FEATURE,
    calendar_dates.FEATURE,
    reminders.FEATURE,
    withdraw.FEATURE,
    late_change.FEATURE,
    print_form.FEATURE,
    profile.FEATURE,
    account.FEATURE,
    duplicate_id_number.FEATURE,
    place_of_case.FEATURE,
    correct_identity.FEATURE,
    case_outcome.FEATURE,
    choose_area.FEATURE,
    change_area.FEATURE,
    change_answer.FEATURE,
    form.FEATURE,
    education.FEATURE,
    photo.FEATURE,
    materials.FEATURE,
    uploads.FEATURE,
    compare_papers.FEATURE,
    fill_record.FEATURE,
    why.FEATURE,
    # Staff.
    administrator_commands.FEATURE,
    menu.FEATURE,
    list_parts.FEATURE,
    revoke_role.FEATURE,
    choose_scope.FEATURE,
    queue.FEATURE,
    claimed_case.FEATURE,
    card.FEATURE,
    photo_opinion.FEATURE,
    papers.FEATURE,
    refusal_draft.FEATURE,
    decide.FEATURE,
    second_look.FEATURE,
    case_desk.FEATURE,
    duplicates.FEATURE,
    spot_checks.FEATURE,
    history.FEATURE,
    record_payment.FEATURE,
    compose.FEATURE,
    writing.FEATURE,
    confirm.FEATURE,
    progress.FEATURE,
    call_list.FEATURE,
    statistics.FEATURE,
    candidate_list.FEATURE,
    reopen.FEATURE,
    late_changes.FEATURE,
    payments.FEATURE,
    find.FEATURE,
)
"""Every feature once. The first matching route takes an update, so the order counts."""


def _commands(routes: Iterable[Route]) -> Iterator[str]:
    for route in routes:
        if isinstance(route.handler, CommandHandler):
            yield from route.handler.commands


_ANYWHERE = tuple(route for feature in FEATURES for route in (*feature.everyone, *feature.anywhere))
_QUESTIONS = {state: one for feature in FEATURES for state, one in feature.questions.items()}
_STAFF_ANYWHERE = tuple(route for feature in FEATURES for route in feature.staff_anywhere)

ROUTES: Mapping[State, Sequence[Route]] = {
    state: (*_ANYWHERE, *question.routes, unknown.NOT_UNDERSTOOD, unknown.ANYTHING)
    for state, question in _QUESTIONS.items()
}
STAFF_ROUTES: Mapping[State, Sequence[Route]] = {
    state: tuple(
        replace(route, exclusive=True)
        for route in (
            *_STAFF_ANYWHERE,
            *(route for feature in FEATURES for route in feature.staff_routes.get(state, ())),
            menu.ANYTHING,
        )
    )
    for state in STAFF.values()
}
"""Each staff route is exclusive: its step reads the role assignments, which staff members share."""
STRANGERS: tuple[Route, ...] = (
    *(route for feature in FEATURES for route in feature.everyone),
    *(route for feature in FEATURES for route in feature.strangers),
    unknown.STRANGER,
)
"""All routes for accounts without records. Their chats can hold old buttons, after ``reset`` or
from another bot's token.
"""

STAYING: frozenset[State] = frozenset(state for state, one in _QUESTIONS.items() if one.stays)
"""The states whose question stays in the chat once it is answered."""


def _wrapped(question: Question) -> RenderScreen:
    render = with_answers_said(with_retry_hints(question.render))
    return render if question.asks_back else with_doubts(render)


SCREENS: Mapping[str, RenderScreen] = {
    **{str(one.state): _wrapped(question) for one, question in _QUESTIONS.items()},
    **{name: render for feature in FEATURES for name, render in feature.screens.items()},
}
"""Screens by name. Those of questions say the answer before back, and hint at wrong ones."""
ASKING_SCREENS: frozenset[str] = frozenset({withdraw.SCREEN, late_change.DROP_ASK})
"""Screens that ask yes or no beside the open question. Erasing is not among them: it is final, so
it takes a tap or the whole label.
"""
READING_SCREENS: Mapping[str, RenderReadingScreen] = {
    name: render for feature in FEATURES for name, render in feature.reading_screens.items()
}
_DESK: StaffScreens = {
    key if isinstance(key, str) else str(key.state): render
    for feature in FEATURES
    for key, render in feature.desk_screens.items()
}
DESK_SCREENS: frozenset[str] = frozenset(_DESK)
"""Lists, cards and questions of the staff: one message of a chat has their buttons."""
STAFF_SCREENS: StaffScreens = {
    **_DESK,
    **{name: render for feature in FEATURES for name, render in feature.staff_screens.items()},
}
ANYWHERE: tuple[Button, ...] = tuple(button for feature in FEATURES for button in feature.buttons)
"""Buttons of screens that ask nothing, such as the help: typed, they work in every state."""
STAFF_COMMANDS: frozenset[str] = frozenset(_commands(_STAFF_ANYWHERE)) - SHARED
"""Commands of the staff alone: an update with one belongs to the staff conversation."""
EXCLUSIVE_COMMANDS: frozenset[str] = (
    STAFF_COMMANDS | frozenset(_commands(route for route in _ANYWHERE if route.exclusive)) - SHARED
)
"""Commands whose steps run in a transaction of their own."""
_EXCLUSIVE_BUTTONS: frozenset[tuple[Action, str, str | None]] = frozenset(
    (route.handler.action, question_hash, route.handler.value)
    for question_hash, routes in (
        (ANY_QUESTION, _ANYWHERE),
        *((question_hash_of(state, {}), one.routes) for state, one in _QUESTIONS.items()),
    )
    for route in routes
    if route.exclusive and isinstance(route.handler, CallbackHandler)
)
"""Exclusive buttons of candidates: action, question hash, and value (None for any).

Their questions are about no item, so the state alone gives the hash.
"""


def is_exclusive_button(callback: CallbackData) -> bool:
    """Return whether the step of a button runs in a transaction of its own."""
    action, question_hash = callback.action, callback.question_hash
    return (
        callback.is_of_staff
        or (action, question_hash, None) in _EXCLUSIVE_BUTTONS
        or (action, question_hash, callback.value) in _EXCLUSIVE_BUTTONS
    )
