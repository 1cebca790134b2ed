"""Whatever anybody sends, wherever they are: an answer every time, and never a dead end."""

from __future__ import annotations

from importlib import import_module
from itertools import pairwise
from pkgutil import walk_packages

import pytest

import handlers
from handlers.callback_data import ANYWHERE, Action
from handlers.registry import FEATURES, ROUTES, SCREENS, STAFF_ROUTES, STAFF_SCREENS
from handlers.rendering import WRONG
from handlers.routing import CallbackHandler
from states import fsm_states
from states.form.education import RECORD
from states.form.pages import FORM
from states.fsm_states import Education, Form, Home, Materials, Photo, Welcome
from states.progress import next_step
from states.progress.next_step import NEXT_STATES, Position
from states.records import Records
from states.step_result import EditScreen
from tests.fakes.router import (
    TRANSLATIONS,
    OfflineRouter,
    buttons_of,
    picture,
    presses,
    says,
    taps,
)
from tests.handlers.people import (
    ANSWERS,
    BACHELOR,
    EXAM,
    LOCALES,
    ONLINE_ANSWERS,
    Standing,
    answer_context,
    application,
    longest,
    online,
    person,
)
from tests.handlers.possible_updates import (
    EACH_ONCE,
    SENT,
    STANDINGS,
    Sending,
    check_reaction,
    noted,
)

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.row("C1")]

STEPS_TO_MENU = 3


async def test_no_button_of_a_question_is_taken_by_an_earlier_route() -> None:
    """A button that works anywhere stands first: its action would never reach the question."""
    for state, routes in {**ROUTES, **STAFF_ROUTES}.items():
        taken: set[tuple[Action, str | None]] = set()
        for handler in (one.handler for one in routes):
            if isinstance(handler, CallbackHandler):
                is_taken = {(handler.action, None), (handler.action, handler.value)} & taken
                assert not is_taken, f"{handler.action.name} of {state.state}"
                taken.add((handler.action, handler.value))


async def test_the_registry_names_every_feature_once_and_no_screen_has_two_features() -> None:
    modules = (import_module(one.name) for one in walk_packages(handlers.__path__, "handlers."))
    written = [module.FEATURE for module in modules if hasattr(module, "FEATURE")]
    assert len(written) == len(FEATURES)
    assert all(sum(one is each for each in FEATURES) == 1 for one in written)
    assert sum(len(one.questions) + len(one.screens) for one in FEATURES) == len(SCREENS)
    of_staff = sum(len(one.desk_screens) + len(one.staff_screens) for one in FEATURES)
    assert of_staff == len(STAFF_SCREENS)


async def test_every_state_has_routes_a_screen_and_ways_on() -> None:
    for state in fsm_states.ALL.values():
        assert state in ROUTES
        assert state.state in SCREENS
        assert state in NEXT_STATES


async def test_the_candidates_have_answered_all_they_can_be_asked() -> None:
    for draft, answers in ((application(), ANSWERS), (online(), ONLINE_ANSWERS)):
        known = Records(person("en"), draft)
        assert FORM.first_unanswered(answers, answer_context(known)) is None
        assert FORM.normalize(answers, answer_context(known)) == answers
        assert FORM.first_unanswered(_filled(longest("en", draft)), answer_context(known)) is None
    assert RECORD.first_unanswered(BACHELOR, answer_context(Records(person("en")))) is None
    assert ANSWERS.keys() == FORM.fields.keys() - {"point"}
    assert BACHELOR.keys() == RECORD.fields.keys()


def _filled(records: Records) -> dict[str, str]:
    assert records.application is not None
    return dict(records.application.answers)


async def test_somebody_stands_in_every_state_and_at_every_question() -> None:
    places = [standing.position for standing in EACH_ONCE.values()]
    assert {place.state for place in places} == set(fsm_states.ALL.values())
    for state, key, known in (
        (Form.asking, "field", set(FORM.fields)),
        (Form.page, "page", {page.key for page in FORM.pages}),
        (Education.asking, "field", set(RECORD.fields)),
        (Materials.adding, "material", {"identity", "degree"}),
    ):
        assert {place.data[key] for place in places if place.state is state} == known


@pytest.mark.parametrize("sent", SENT.values(), ids=SENT.keys())
async def test_an_answer_whatever_is_sent(router: OfflineRouter, sent: Sending) -> None:
    for name, standing in EACH_ONCE.items():
        with noted(name):
            check_reaction(standing, await router.sends(standing, sent(standing)))


LOST_BY_COMMAND = ("/start", "/help", "/status", "/language", "/cancel", "/back", "/nonsense")


@pytest.mark.parametrize("sent", [*LOST_BY_COMMAND, "a sticker", "a voice message", "no data"])
async def test_nothing_that_was_answered_is_lost_by_what_no_question_wants(
    router: OfflineRouter, sent: str
) -> None:
    for name, standing in EACH_ONCE.items():
        if standing.records.person is None:
            continue
        with noted(name):
            after = await router.sends(standing, SENT[sent](standing))
            assert after.standing.records == standing.records


@pytest.mark.row("B20")
async def test_an_answer_to_every_button_tapped_or_typed(router: OfflineRouter) -> None:
    for name, standing in EACH_ONCE.items():
        locale = standing.records.person.locale if standing.records.person else ""
        for button in buttons_of(standing):
            label = f" {TRANSLATIONS.label(button.label, locale).upper()}！ "
            with noted(name, label):
                tapped = await router.sends(standing, taps(standing, button))
                check_reaction(standing, tapped)
                typed = await router.sends(standing, says(standing.now, label))
                check_reaction(standing, typed)
                assert typed.envelope.callback is not None, "typed it is no press"
                assert tapped.envelope.callback is not None
                question_hash = tapped.envelope.callback.question_hash
                assert tapped.envelope.callback.pack() == typed.envelope.callback.pack(
                    question_hash
                )
                assert typed.standing.position == tapped.standing.position


async def test_a_button_tapped_twice_counts_once(router: OfflineRouter) -> None:
    for name, standing in EACH_ONCE.items():
        for button in buttons_of(standing):
            with noted(name, button):
                first = await router.sends(standing, taps(standing, button))
                if button.callback.question_hash == ANYWHERE:
                    continue
                again = await router.sends(first.standing, taps(standing, button), was=first.was)
                assert again.standing.records == first.standing.records
                if _is_same_question(standing, first.standing):
                    assert _plain(again.standing) == _plain(first.standing)
                else:
                    assert again.outcome.effects == ()
                    assert again.outcome.toast is not None


def _plain(standing: Standing) -> Position:
    """The place, however often an answer was wrong there."""
    at = {key: value for key, value in standing.position.data.items() if key != WRONG}
    return Position(standing.position.state, at)


def _is_same_question(one: Standing, other: Standing) -> bool:
    """Whether what was tapped belongs to what is asked now, too: a tick, a leaf of a list."""
    about = ("field", "page", "material", "record")
    return one.position.state is other.position.state and all(
        one.position.data.get(key) == other.position.data.get(key) for key in about
    )


async def test_another_button_of_the_question_before_is_not_taken_for_a_double_tap(
    router: OfflineRouter,
) -> None:
    """Whoever taps 青海 and then 山西 in the same message has not been heard twice: they are told
    that the question is over, and see where they are."""
    for name, standing in EACH_ONCE.items():
        pressed = [
            button for button in buttons_of(standing) if button.callback.question_hash != ANYWHERE
        ]
        for one, other in pairwise(pressed[:8]):
            with noted(name, one, other):
                first = await router.sends(standing, taps(standing, one))
                if _is_same_question(standing, first.standing):
                    continue
                after = await router.sends(first.standing, taps(standing, other), was=first.was)
                check_reaction(first.standing, after)
                assert after.header_lines == ["unknown-stale"]
                assert after.standing.position == first.standing.position


async def test_the_menu_is_at_most_three_acts_away(router: OfflineRouter) -> None:
    for name, standing in EACH_ONCE.items():
        reached = [standing]
        for _ in range(STEPS_TO_MENU):
            if any(one.position.state is Home.menu for one in reached):
                break
            reached = [
                (await router.sends(one, body)).standing
                for one in reached
                for body in [says(one.now, "/cancel"), *(taps(one, b) for b in buttons_of(one)[:4])]
            ]
        assert any(one.position.state is Home.menu for one in reached), name


async def test_out_and_back_in_finds_what_is_due(router: OfflineRouter) -> None:
    """Leaving with /cancel loses no answer; the menu leads to what is due."""
    for name, standing in EACH_ONCE.items():
        if standing.position.state in (Welcome.language, Welcome.consent):
            continue
        with noted(name):
            out = await router.sends(standing, says(standing.now, "/cancel"))
            assert out.standing.position.state is Home.menu
            assert out.standing.records == standing.records
            resumed = presses(standing.now, f"g:{ANYWHERE}:resume")
            back = await router.sends(out.standing, resumed)
            assert back.standing.position == next_step.due(standing.records, EXAM, standing.now)


async def test_help_status_and_language_leave_people_where_they_are(
    router: OfflineRouter,
) -> None:
    for name, standing in EACH_ONCE.items():
        if standing.records.person is None:
            continue
        for command in ("/help", "/status", "/language", "/profile", "/export", "/erase"):
            with noted(name, command):
                after = await router.sends(standing, says(standing.now, command))
                assert after.standing == standing


async def test_another_language_asks_the_same_question_in_it(router: OfflineRouter) -> None:
    for name, standing in EACH_ONCE.items():
        if standing.position.state is Welcome.language:
            continue
        for locale in LOCALES:
            with noted(name, locale):
                chosen = presses(standing.now, f"g:{ANYWHERE}:language-{locale}")
                after = await router.sends(standing, chosen)
                assert after.standing.position == standing.position
                assert after.standing.person.locale == locale


async def test_an_album_has_one_answer_that_is_edited(router: OfflineRouter) -> None:
    """Its parts come one by one. Where nothing takes them, the answer is said once and changed."""
    for name, standing in EACH_ONCE.items():
        with noted(name):
            first = await router.sends(standing, picture(standing.now, "9"))
            second = await router.sends(first.standing, picture(standing.now, "9"))
            if (
                standing.position.state is Photo.confirm
            ):  # a portrait cannot be edited: nothing more
                assert first.said
                assert second.outcome.effects == ()
                continue
            (shown,) = second.said
            assert isinstance(shown, EditScreen)
            assert {effect.slot for effect in first.said} == {shown.slot}
            assert second.standing.position == first.standing.position
            typed = await router.sends(second.standing, says(standing.now, "/start"))
            assert not any(isinstance(effect, EditScreen) for effect in typed.said)


async def test_everybody_is_there_in_both_languages() -> None:
    assert len(STANDINGS) > len(EACH_ONCE) > 300
