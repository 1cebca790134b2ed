"""What is due next, in the guide's order; and that every way leads on and to the menu."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from states.flow import MENU, TRANSITIONS, Place, account_due, due
from states.form import engine
from states.form.fields import Around, Field, Kind
from states.form.pages import FIELDS
from states.groups import ALL, Account, Choose, Form, Home, Photo, State, Welcome
from states.records import Application, ApplicationId, Identity, Person, PersonId, Records
from tests.states.health import (
    EMPTY,
    EXAM,
    IDENTITY,
    KNOWN,
    OPEN,
    PICTURED,
    READY,
    STRANGER,
    SUBMITTED,
    WHOLE,
)

pytestmark = pytest.mark.row("C1")

WINDOW = EXAM.windows.registration
INSTANT = timedelta(microseconds=1)


def lacking(**items: str) -> Person:
    """Somebody whose identity is not confirmed yet and lacks these items."""
    return replace(KNOWN, number_hash=None, identity=replace(IDENTITY, **items))


def asked(key: str) -> Place:
    return Place(Form.asking, {"field": key})


# --- what is due ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("records", "place"),
    [
        (Records(), Place(Welcome.language)),
        (Records(STRANGER), Place(Welcome.language)),
        (Records(replace(STRANGER, locale="en")), Place(Welcome.consent)),
        (Records(replace(STRANGER, locale="en", consent="v1")), Place(Account.name)),
        (Records(lacking(name="")), Place(Account.name)),
        (Records(lacking(id_type="")), Place(Account.id_type)),
        (Records(lacking(id_number="")), Place(Account.number)),
        (Records(lacking(phone="")), Place(Account.phone)),
        (Records(lacking(name="", phone="")), Place(Account.name)),
        (Records(lacking(sex="", born="")), Place(Account.confirm)),
        (Records(lacking()), Place(Account.confirm)),
        (Records(KNOWN), Place(Choose.exam)),
        (Records(KNOWN, EMPTY), Place(Choose.area)),
        (Records(KNOWN, replace(WHOLE, area="atlantis")), Place(Choose.area)),
        (Records(KNOWN, replace(EMPTY, area="qinghai")), Place(Choose.notice)),
        (Records(PICTURED, replace(WHOLE, agreed="an older version")), Place(Choose.notice)),
        (Records(KNOWN, replace(WHOLE, site="")), Place(Choose.site)),
        (Records(KNOWN, replace(WHOLE, site="taiyuan")), Place(Choose.site)),
        (Records(KNOWN, replace(WHOLE, answers={})), asked("practice")),
        (Records(KNOWN, replace(WHOLE, answers={"practice": "dental"})), asked("registered")),
        (Records(KNOWN, replace(WHOLE, answers={"practice": "none"})), asked("residency")),
        (Records(KNOWN, WHOLE), Place(Photo.waiting)),
        (READY, Place(Form.summary)),
        (SUBMITTED, MENU),
    ],
)
def test_what_is_due_is_the_first_thing_that_is_missing(records: Records, place: Place) -> None:
    assert due(records, EXAM, OPEN) == place


@pytest.mark.parametrize(
    ("now", "open"),
    [
        (WINDOW.opens - INSTANT, False),
        (WINDOW.opens, True),
        (WINDOW.closes - INSTANT, True),
        (WINDOW.closes, False),
    ],
)
@pytest.mark.parametrize(
    ("records", "state"),
    [
        (Records(KNOWN), Choose.exam),
        (Records(KNOWN, EMPTY), Choose.area),
        (READY, Form.summary),
    ],
)
def test_the_application_is_due_inside_the_window_only(
    records: Records, state: State, now: datetime, open: bool
) -> None:
    assert due(records, EXAM, now) == (Place(state) if open else MENU)


@pytest.mark.parametrize("now", [WINDOW.opens - timedelta(days=9), WINDOW.closes])
@pytest.mark.parametrize(
    ("records", "state"),
    [
        (Records(), Welcome.language),
        (Records(replace(STRANGER, locale="en")), Welcome.consent),
        (Records(lacking(phone="")), Account.phone),
        (Records(lacking()), Account.confirm),
    ],
)
def test_the_account_is_due_at_any_time(records: Records, state: State, now: datetime) -> None:
    assert due(records, EXAM, now) == Place(state)


def test_the_second_number_is_never_due_by_itself() -> None:
    everything = [replace(IDENTITY, **{item: ""}) for item in ("name", "id_number", "phone")]
    assert Account.number_again not in [account_due(identity) for identity in everything]


# --- where the states lead -----------------------------------------------------------------------


def reached(start: State) -> set[State]:
    """The states that some way leads to."""
    found, ahead = {start}, [start]
    while ahead:
        new = TRANSITIONS[ahead.pop()] - found
        found |= new
        ahead.extend(new)
    return found


def test_every_state_has_its_transitions_and_they_lead_to_states() -> None:
    states = set(ALL.values())
    assert set(TRANSITIONS) == states
    assert set().union(*TRANSITIONS.values()) <= states


def test_every_state_is_reached_from_the_start() -> None:
    assert reached(Welcome.language) == set(ALL.values())


@pytest.mark.parametrize("state", ALL.values(), ids=ALL.keys())
def test_every_state_reaches_the_menu_by_its_own_steps(state: State) -> None:
    assert Home.menu in reached(state)


def test_only_the_menu_is_an_end() -> None:
    assert [state for state, onward in TRANSITIONS.items() if not onward] == [Home.menu]


# --- a walk --------------------------------------------------------------------------------------


def as_person(**changes: str | None) -> Callable[[Person], Person]:
    return lambda person: replace(person, **changes)  # type: ignore[arg-type]


def as_identity(**items: str) -> Callable[[Person], Person]:
    return lambda person: replace(person, identity=replace(person.identity, **items))


def as_application(**changes: str) -> Callable[[Application], Application]:
    return lambda application: replace(application, **changes)  # type: ignore[arg-type]


OF_PERSON: Mapping[State, Callable[[Person], Person]] = {
    Welcome.language: as_person(locale="zh-CN"),
    Welcome.consent: as_person(consent="v1"),
    Account.name: as_identity(name="刘玲"),
    Account.id_type: as_identity(id_type="resident_id"),
    Account.number_again: as_identity(id_number="99999919900307104X"),
    Account.phone: as_identity(phone="+8613800138000"),
    Account.confirm: as_person(number_hash="f" * 64),
    Photo.confirm: as_person(photo="a" * 64),
}
OF_APPLICATION: Mapping[State, Callable[[Application], Application]] = {
    Choose.area: as_application(area="qinghai"),
    Choose.notice: as_application(agreed=EXAM.terms.version),
    Choose.site: as_application(site="xining"),
}
BETWEEN = {Account.number: Account.number_again, Photo.waiting: Photo.confirm}
"""What is asked between what is due and its answer."""


def answered(records: Records, place: Place) -> tuple[State, Records]:
    """The person gives what is due: the state they do it in, and what is known afterwards."""
    state = BETWEEN.get(place.state, place.state)
    person, application = records.person or STRANGER, records.application
    if state in OF_PERSON:
        return state, Records(OF_PERSON[state](person), application)
    if application is None:
        assert state is Choose.exam
        return state, Records(person, EMPTY)
    if state in OF_APPLICATION:
        return state, Records(person, OF_APPLICATION[state](application))
    assert state is Form.asking
    answers = engine.answer(application.answers, *first_choice(place.at["field"]))
    assert isinstance(answers, dict)
    return state, Records(person, replace(application, answers=answers))


def first_choice(key: str) -> tuple[Field, str, Around]:
    """A field with a good answer to it: the last of its choices, which asks for the most."""
    field = FIELDS[key]
    typed = {Kind.TEXT: "示例医院", Kind.MONTH: "2019-07"}
    answer = field.choices[-1] if field.kind is Kind.CHOICE else typed[field.kind]
    return field, answer, Around(OPEN.date())


def walk(records: Records) -> list[State]:
    """Everything that is due, given as it is asked for; each step a transition of the table."""
    way: list[State] = []
    place = due(records, EXAM, OPEN)
    while place.state is not Form.summary:
        state, records = answered(records, place)
        if state is not place.state:
            assert state in TRANSITIONS[place.state]
            way.append(place.state)
        way.append(state)
        place = due(records, EXAM, OPEN)
        assert place.state in TRANSITIONS[state], f"{state} -> {place.state}"
        assert len(way) < 40, "the way has no end"
    return [*way, place.state]


def test_a_stranger_is_led_through_everything_once_in_the_guides_order() -> None:
    assert walk(Records()) == [
        Welcome.language,
        Welcome.consent,
        Account.name,
        Account.id_type,
        Account.number,
        Account.number_again,
        Account.phone,
        Account.confirm,
        Choose.exam,
        Choose.area,
        Choose.notice,
        Choose.site,
        *[Form.asking] * 5,
        Photo.waiting,
        Photo.confirm,
        Form.summary,
    ]


def maybe(value: str) -> st.SearchStrategy[str]:
    return st.sampled_from(["", value])


PARTIAL_ANSWERS = st.sets(st.sampled_from(["practice", "registered", "residency", "employer"])).map(
    lambda keys: engine.settle({"practice": "dental", **dict.fromkeys(keys, "2019-07")})
)


@st.composite
def anybody(draw: st.DrawFn) -> Records:
    """Somebody who may have come in any order, by going back and correcting things."""
    identity = Identity(
        draw(maybe("刘玲")),
        draw(maybe("resident_id")),
        draw(maybe("99999919900307104X")),
        phone=draw(maybe("+8613800138000")),
    )
    person = replace(
        KNOWN, identity=identity, number_hash=None, photo=draw(maybe("a" * 64)) or None
    )
    if account_due(identity) is Account.confirm and draw(st.booleans()):
        person = replace(person, number_hash="f" * 64)
    if person.number_hash is None or draw(st.booleans()):
        return Records(person)
    return Records(
        person,
        Application(
            ApplicationId(2),
            PersonId(1),
            EXAM.key,
            area=draw(maybe("qinghai")),
            agreed=draw(st.sampled_from(["", "an older version", EXAM.terms.version])),
            site=draw(maybe("xining")),
            answers=draw(PARTIAL_ANSWERS),
        ),
    )


@given(anybody())
def test_whatever_is_known_the_rest_is_asked_along_the_transitions(records: Records) -> None:
    assert walk(records)[-1] is Form.summary


@given(anybody())
def test_what_is_due_depends_on_nothing_but_what_is_known(records: Records) -> None:
    assert due(records, EXAM, OPEN) == due(records, EXAM, OPEN + timedelta(days=1))
