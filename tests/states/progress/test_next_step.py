"""The next missing item in the guide's order; every path leads on and to the menu."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from states.form.education import RECORD
from states.form.fields import AnswerContext, FieldKind
from states.form.pages import FORM
from states.form.questionnaire import Questionnaire
from states.fsm_states import (
    ALL,
    Account,
    Choose,
    Education,
    Form,
    Home,
    IdConflict,
    Materials,
    Photo,
    State,
    Welcome,
)
from states.identity import IdType
from states.progress.next_step import (
    MENU,
    NEXT_STATES,
    Position,
    account_due,
    due,
    is_answerable,
    photo_due,
    question_due,
    record_due,
)
from states.records import CONSENT_VERSION, Answers, Application, Identity, Person, Records
from tests.states.people import (
    ANSWERS,
    DOCTORS_ANSWERS,
    EMPTY,
    EXAM,
    IDENTITY,
    KNOWN,
    ONLINE,
    ONLINE_ANSWERS,
    OPEN,
    PAPERS,
    PICTURED,
    PORTRAIT,
    READY,
    STRANGER,
    SUBMITTED,
    UPLOADED,
    WHOLE,
    make_context,
)
from tests.states.people import RECORD as KEPT

pytestmark = pytest.mark.row("C1")

WINDOW = EXAM.windows.registration
INSTANT = timedelta(microseconds=1)
PERMIT = {"id_type": "hk_macao_permit", "id_number": "H00000000"}
"""A document that says neither sex nor birth date."""
UNVERIFIED: Answers = {**KEPT, "degree": "bachelor", "graduated": "2019-07"}
"""A record that no form may refer to yet."""


def lacking(**items: str) -> Person:
    """Somebody whose identity is not confirmed yet and lacks these items."""
    return replace(KNOWN, number_hash=None, identity=replace(IDENTITY, **items))


def answering(*but: str, **changes: str) -> Application:
    """An application with all answers but these."""
    answers = {key: value for key, value in {**ANSWERS, **changes}.items() if key not in but}
    return replace(WHOLE, answers=answers)


def asked(key: str) -> Position:
    return Position(Form.asking, {"field": key})


@pytest.mark.parametrize("state", [*Account.__all_states__, IdConflict.taken])
def test_of_a_locked_account_no_question_for_the_identity_can_be_answered(state: State) -> None:
    """Its account moved here while an older one was asked for it."""
    assert is_answerable(Position(state), Records(lacking()), EXAM, OPEN)
    assert not is_answerable(Position(state), Records(KNOWN, WHOLE), EXAM, OPEN)


# --- what is due ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("records", "position"),
    [
        (Records(), Position(Welcome.language)),
        (Records(STRANGER), Position(Welcome.language)),
        (Records(replace(STRANGER, locale="en")), Position(Welcome.consent)),
        (
            Records(replace(STRANGER, locale="en", consent=CONSENT_VERSION)),
            Position(Account.name),
        ),
        (Records(lacking(name="")), Position(Account.name)),
        (Records(lacking(id_type="")), Position(Account.id_type)),
        (Records(lacking(id_number="")), Position(Account.number)),
        (Records(lacking(sex="")), Position(Account.sex)),
        (Records(lacking(born="")), Position(Account.born)),
        (Records(lacking(**PERMIT, sex="", born="")), Position(Account.sex)),
        (Records(lacking(name="", born="")), Position(Account.name)),
        (Records(lacking()), Position(Account.confirm)),
        (Records(lacking(**PERMIT)), Position(Account.confirm)),
        (Records(KNOWN), Position(Choose.exam)),
        (Records(KNOWN, EMPTY), Position(Choose.area)),
        (Records(KNOWN, replace(WHOLE, area="atlantis")), Position(Choose.area)),
        (Records(KNOWN, replace(EMPTY, area="qinghai")), Position(Choose.notice)),
        (Records(PICTURED, replace(WHOLE, agreed="an older version")), Position(Choose.notice)),
        (Records(KNOWN, answering("site")), asked("site")),
        (Records(KNOWN, answering(site="taiyuan")), asked("site")),
        (Records(KNOWN, replace(WHOLE, answers={})), asked("site")),
        (Records(KNOWN, answering("mobile")), asked("mobile")),
        (Records(KNOWN, answering("specialty")), asked("specialty")),
        (Records(KNOWN, answering("practice", category="technology")), asked("specialty")),
        (Records(KNOWN, replace(WHOLE, answers={**DOCTORS_ANSWERS, "registered": ""})),
         asked("registered")),
        (Records(KNOWN, replace(WHOLE, answers={**DOCTORS_ANSWERS, "residency": ""})),
         asked("residency")),
        (Records(KNOWN, replace(WHOLE, answers={**DOCTORS_ANSWERS, "residency_month": ""})),
         asked("residency_month")),
        (Records(KNOWN, answering("education")), asked("education")),
        (Records(KNOWN, answering(employer="other")), asked("employer_name")),
        (Records(KNOWN, replace(ONLINE, answers=ANSWERS)), asked("site")),
        (
            Records(KNOWN, replace(ONLINE, answers={**ONLINE_ANSWERS, "point": "xuhui-1"})),
            asked("point"),
        ),
        (Records(KNOWN, WHOLE), Position(Photo.waiting)),
        (Records(PICTURED, WHOLE), Position(Photo.confirm, {"portrait": PORTRAIT})),
        (READY, Position(Form.summary)),
        (Records(PICTURED, ONLINE), Position(Materials.listing)),
        (Records(PICTURED, replace(UPLOADED, photo=None)),
         Position(Photo.confirm, {"portrait": PORTRAIT})),
        (Records(PICTURED, UPLOADED), Position(Form.summary)),
        # The exam file asks for more papers than there were when the candidate was done.
        (Records(PICTURED, replace(UPLOADED, materials={})), Position(Materials.listing)),
        (SUBMITTED, MENU),
    ],
    ids=[
        "nobody", "stranger", "a language", "agreed",
        "no name", "no kind of document", "no number", "no sex", "no birth",
        "a permit says neither", "no name and no birth", "to confirm", "a permit to confirm",
        "no application", "no area", "an unknown area", "the notice unread", "an older notice",
        "no site", "a site of another area", "no answers", "no mobile", "no specialty",
        "a specialty of another category", "not registered", "no residency", "no residency month",
        "no education", "an unnamed employer", "a site that confirms on site", "another's point",
        "no photo", "photo of an earlier year", "whole", "no papers",
        "uploaded, photo of an earlier year", "uploaded", "more papers wanted", "submitted",
    ],
)  # fmt: skip
def test_what_is_due_is_the_first_thing_that_is_missing(
    records: Records, position: Position
) -> None:
    assert due(records, EXAM, OPEN) == position


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
        (Records(PICTURED, ONLINE), Materials.listing),
        (READY, Form.summary),
    ],
    ids=["no application", "empty", "no papers", "whole"],
)
def test_the_application_is_due_inside_the_window_only(
    records: Records, state: State, now: datetime, open: bool
) -> None:
    assert due(records, EXAM, now) == (Position(state) if open else MENU)


@pytest.mark.parametrize("now", [WINDOW.opens - timedelta(days=9), WINDOW.closes])
@pytest.mark.parametrize(
    ("records", "state"),
    [
        (Records(), Welcome.language),
        (Records(replace(STRANGER, locale="en")), Welcome.consent),
        (Records(replace(PICTURED, consent="2025-01-01"), WHOLE), Welcome.consent),
        (Records(lacking(sex="")), Account.sex),
        (Records(lacking()), Account.confirm),
    ],
    ids=["nobody", "a language", "agreed to an older text", "no sex", "to confirm"],
)
def test_the_account_is_due_at_any_time(records: Records, state: State, now: datetime) -> None:
    assert due(records, EXAM, now) == Position(state)


@pytest.mark.row("B21")
@pytest.mark.parametrize("version", ["", "v1", "2025-01-01"])
@pytest.mark.parametrize(
    "records",
    [Records(lacking(name="")), Records(KNOWN), READY, Records(PICTURED, ONLINE), SUBMITTED],
    ids=["no name", "known", "whole", "no papers", "submitted"],
)
def test_who_agreed_to_an_older_text_is_asked_again_before_they_go_on(
    records: Records, version: str
) -> None:
    assert records.person is not None
    older = replace(records, person=replace(records.person, consent=version))
    assert due(older, EXAM, OPEN) == Position(Welcome.consent)
    agreed = replace(older, person=replace(records.person, consent=CONSENT_VERSION))
    assert due(agreed, EXAM, OPEN) == due(records, EXAM, OPEN)
    assert due(agreed, EXAM, OPEN).state in NEXT_STATES[Welcome.consent]


def test_the_second_number_is_never_due_by_itself() -> None:
    everything = [
        replace(IDENTITY, **{item: ""}) for item in ("name", "id_type", "id_number", "sex", "born")
    ]
    assert Account.number_again not in [account_due(identity) for identity in everything]


@pytest.mark.row("S1")
@pytest.mark.parametrize("id_type", IdType)
def test_sex_and_birth_date_are_due_where_the_document_does_not_say_them(id_type: IdType) -> None:
    said = {"sex": "female", "born": "1990-03-07"} if id_type.has_sex_and_birth else {}
    identity = Identity("刘玲", id_type, "x", **said)
    assert account_due(identity) is (Account.confirm if id_type.has_sex_and_birth else Account.sex)
    told = replace(identity, sex="female")
    assert account_due(told) is (Account.confirm if id_type.has_sex_and_birth else Account.born)


@pytest.mark.row("S10")
def test_the_photo_of_the_person_is_offered_and_confirmed_for_each_application() -> None:
    assert photo_due(KNOWN) == Position(Photo.waiting)
    assert photo_due(PICTURED) == Position(Photo.confirm, {"portrait": PORTRAIT})
    shown = {"portrait": "b" * 64, "original": "c" * 64}
    for person in (KNOWN, PICTURED):
        assert photo_due(replace(person, shown_photo=shown)) == Position(Photo.confirm, shown)
    # What was confirmed for this application stays, whatever becomes of the person's own.
    assert due(replace(READY, person=KNOWN), EXAM, OPEN) == Position(Form.summary)


@pytest.mark.row("S11", "S12")
def test_materials_are_due_exactly_where_the_area_confirms_online() -> None:
    upload = set()
    for area in EXAM.areas:
        site, employer = area.sites[0], EXAM.employers_in(area.code)[0]
        point = {"point": site.points[0].code} if site.points else {}
        answers = {**ANSWERS, **point, "site": site.code, "employer": employer.code}
        application = replace(WHOLE, area=area.code, answers=answers, photo=PORTRAIT)
        uploaded = replace(application, materials=PAPERS, uploaded_at=OPEN)
        assert due(Records(PICTURED, uploaded), EXAM, OPEN) == Position(Form.summary)
        place = due(Records(PICTURED, application), EXAM, OPEN)
        if place != Position(Form.summary):
            assert place == Position(Materials.listing)
            upload.add(area.code)
    assert upload == {"tianjin", "shanghai", "bingtuan"}


@pytest.mark.row("S2", "S8")
@pytest.mark.parametrize(
    ("education", "record", "position"),
    [
        ((), None, Position(Education.asking, {"field": "degree"})),
        ((), {}, Position(Education.asking, {"field": "degree"})),
        ((), {"degree": "college"}, Position(Education.asking, {"field": "school"})),
        ((), KEPT, Position(Education.confirm)),
        ((KEPT,), None, asked("education")),
        ((UNVERIFIED,), None, asked("education")),
        ((KEPT,), {"degree": "master"}, Position(Education.asking, {"field": "school"})),
        ((KEPT,), KEPT, Position(Education.confirm)),
    ],
)
def test_the_question_for_a_record_begins_by_writing_the_first(
    education: tuple[Answers, ...], record: Answers | None, position: Position
) -> None:
    person = replace(KNOWN, education=education, record=record)
    field = FORM.fields["education"]
    assert question_due(field, person, make_context("qinghai", *education)) == position
    assert due(Records(person, answering("education")), EXAM, OPEN) == position


def test_any_other_question_is_asked_by_the_form() -> None:
    writing = replace(KNOWN, education=(), record={"degree": "college"})
    for key in FORM.fields.keys() - {"education"}:
        assert question_due(FORM.fields[key], writing, make_context()) == asked(key)


@pytest.mark.row("S2")
@pytest.mark.parametrize("key", KEPT)
def test_a_record_is_asked_for_what_it_lacks_and_then_looked_over(key: str) -> None:
    record = {one: value for one, value in KEPT.items() if one != key}
    assert record_due(record, make_context()) == Position(Education.asking, {"field": key})
    assert record_due(KEPT, make_context()) == Position(Education.confirm)


def test_a_record_that_is_being_written_holds_nothing_up_once_the_form_refers_to_another() -> None:
    writing = replace(PICTURED, record={"degree": "master"})
    assert due(replace(READY, person=writing), EXAM, OPEN) == Position(Form.summary)


# --- where the states lead -----------------------------------------------------------------------


def reached(start: State) -> set[State]:
    """The states that some way leads to."""
    found, ahead = {start}, [start]
    while ahead:
        new = NEXT_STATES[ahead.pop()] - found
        found |= new
        ahead.extend(new)
    return found


def test_every_state_has_its_transitions_and_they_lead_to_states() -> None:
    states = set(ALL.values())
    assert set(NEXT_STATES) == states
    assert set().union(*NEXT_STATES.values()) <= states


def test_every_state_is_reached_from_the_start() -> None:
    assert reached(Welcome.language) == set(ALL.values())


@pytest.mark.parametrize("state", ALL.values(), ids=ALL.keys())
def test_every_state_reaches_the_menu_by_its_own_steps(state: State) -> None:
    assert Home.menu in reached(state)


def test_only_the_menu_is_an_end() -> None:
    assert [state for state, onward in NEXT_STATES.items() if not onward] == [Home.menu]


# --- a walk --------------------------------------------------------------------------------------


def as_person(**changes: str | None) -> Callable[[Person], Person]:
    return lambda person: replace(person, **changes)  # type: ignore[arg-type]


def as_identity(**items: str) -> Callable[[Person], Person]:
    return lambda person: replace(person, identity=replace(person.identity, **items))


def numbered(person: Person) -> Person:
    """With the number of the document, and what that says."""
    if IdType(person.identity.id_type).has_sex_and_birth:
        return as_identity(id_number="99999919900307104X", sex="female", born="1990-03-07")(person)
    return as_identity(id_number="H00000000")(person)


def recorded(person: Person) -> Person:
    """With the record that was being written."""
    assert person.record is not None
    return replace(person, education=(*person.education, person.record), record=None)


OF_PERSON: Mapping[State, Callable[[Person], Person]] = {
    Welcome.language: as_person(locale="zh-CN"),
    Welcome.consent: as_person(consent=CONSENT_VERSION),
    Account.name: as_identity(name="刘玲"),
    Account.id_type: as_identity(id_type="resident_id"),
    Account.number_again: numbered,
    Account.sex: as_identity(sex="female"),
    Account.born: as_identity(born="1990-03-07"),
    Account.confirm: as_person(number_hash="f" * 64),
    Education.confirm: recorded,
}
OF_APPLICATION: Mapping[State, Callable[[Application], Application]] = {
    Choose.area: lambda application: replace(application, area="qinghai"),
    Choose.notice: lambda application: replace(application, agreed=EXAM.terms.version),
    Materials.listing: lambda application: replace(application, materials=PAPERS, uploaded_at=OPEN),
}
BETWEEN = {Account.number: Account.number_again, Photo.waiting: Photo.confirm}
"""The states that ask once more before a due step is done."""


def answered(records: Records, position: Position) -> tuple[State, Records]:
    """The person gives what is due: the state they do it in, and what is known afterwards."""
    state = BETWEEN.get(position.state, position.state)
    person, application = records.person or STRANGER, records.application
    context = AnswerContext.of(records, EXAM, OPEN)
    if state in OF_PERSON:
        return state, Records(OF_PERSON[state](person), application)
    if state is Education.asking:
        record = given_answer(RECORD, person.record or {}, position.data["field"], context)
        return state, Records(replace(person, record=record), application)
    if application is None:
        assert state is Choose.exam
        return state, Records(person, EMPTY)
    if state in OF_APPLICATION:
        return state, Records(person, OF_APPLICATION[state](application))
    if state is Photo.confirm:
        portrait = position.data.get("portrait", PORTRAIT)
        return state, Records(replace(person, photo=portrait), replace(application, photo=portrait))
    assert state is Form.asking
    if position.data["field"] == "education" and not context.education:
        return state, Records(replace(person, record={}), application)
    answers = given_answer(FORM, application.answers, position.data["field"], context)
    return state, Records(person, replace(application, answers=answers))


TYPED: Mapping[str, str] = {
    **{"mobile": "13800138000", "landline": "0971-1234567", "email": "ling@example.com"},
    **{"postcode": "810000", "residency": "yes", "verification": "passed"},
    "category": "medicine",
}
OF_KIND = {
    **{FieldKind.TEXT: "示例市第一人民医院", FieldKind.MONTH: "2019-07", FieldKind.NUMBER: "5"},
    FieldKind.MULTI: "basic skills",
}


def given_answer(
    questionnaire: Questionnaire, answers: Answers, key: str, context: AnswerContext
) -> Answers:
    """Return the answers with the last option, which leads to the most questions."""
    field = questionnaire.fields[key]
    options = field.options(answers, context)
    typed = TYPED.get(key) or OF_KIND.get(field.kind) or options[-1].code
    after = questionnaire.answer(answers, field, typed, context)
    assert isinstance(after, dict), after
    return after


def walk(records: Records) -> list[Position]:
    """Everything that is due, given as it is asked for; each step a transition of the table."""
    way: list[Position] = []
    place = due(records, EXAM, OPEN)
    while place.state is not Form.summary:
        state, records = answered(records, place)
        way.append(place)
        if state is not place.state:
            assert state in NEXT_STATES[place.state]
            way.append(Position(state))
        place = due(records, EXAM, OPEN)
        assert place.state in NEXT_STATES[state], f"{state} -> {place.state}"
        assert len(way) < 80, "the way has no end"
    return [*way, place]


def states(way: list[Position]) -> list[State]:
    """The states of a way, several questions of one matter taken together."""
    return [state for state, _ in groupby(place.state for place in way)]


def questions(way: list[Position], state: State) -> list[str]:
    return [place.data["field"] for place in way if place.state is state]


@pytest.mark.row("S1", "S3", "S10")
def test_a_stranger_is_led_through_everything_once_in_the_guides_order() -> None:
    way = walk(Records())
    assert states(way) == [
        Welcome.language,
        Welcome.consent,
        Account.name,
        Account.id_type,
        Account.number,
        Account.number_again,
        Account.confirm,
        Choose.exam,
        Choose.area,
        Choose.notice,
        Form.asking,
        Education.asking,
        Education.confirm,
        Form.asking,
        Photo.waiting,
        Photo.confirm,
        Form.summary,
    ]
    assert questions(way, Education.asking) == list(KEPT)
    # The area confirms on site, so it has no point; and a doctor has one level.
    asked = [key for key in FORM.fields if key not in ("point", "level")]
    assert questions(way, Form.asking) == asked


@pytest.mark.row("S1")
def test_a_document_that_does_not_say_them_asks_for_sex_and_birth_date() -> None:
    begun = lacking(id_number="", sex="", born="", id_type="hk_macao_permit")
    assert states(walk(Records(begun)))[:5] == [
        Account.number,
        Account.number_again,
        Account.sex,
        Account.born,
        Account.confirm,
    ]


@pytest.mark.row("S11")
def test_where_the_area_confirms_online_point_and_materials_are_asked_for() -> None:
    begun = replace(ONLINE, answers={}, photo=None)
    way = walk(Records(KNOWN, begun))
    assert questions(way, Form.asking)[:2] == ["site", "point"]
    ending = [Form.asking, Photo.waiting, Photo.confirm, Materials.listing, Form.summary]
    assert states(way) == ending


@pytest.mark.row("S2", "S8")
def test_who_has_a_record_that_waits_goes_on_to_the_summary() -> None:
    waiting = replace(KNOWN, education=(UNVERIFIED,))
    way = walk(Records(waiting, answering("education")))
    assert questions(way, Form.asking) == ["education"]
    assert states(way)[-1] is Form.summary


def maybe(value: str) -> st.SearchStrategy[str]:
    return st.sampled_from(["", value])


@st.composite
def partial_answers(draw: st.DrawFn) -> Answers:
    """Return some answers of a complete form, in any area; normalized or not."""
    whole = draw(st.sampled_from([ANSWERS, DOCTORS_ANSWERS, ONLINE_ANSWERS]))
    some = draw(st.sets(st.sampled_from(list(whole))))
    return {key: whole[key] for key in some}


@st.composite
def anybody(draw: st.DrawFn) -> Records:
    """Somebody who may have come in any order, by going back and correcting things."""
    identity = Identity(
        draw(maybe("刘玲")),
        draw(st.sampled_from(["", "resident_id", "hk_macao_permit"])),
        draw(maybe("99999919900307104X")),
        draw(maybe("female")),
        draw(maybe("1990-03-07")),
    )
    person = replace(
        KNOWN,
        consent=draw(st.sampled_from(["", "2025-01-01", CONSENT_VERSION])),
        identity=identity,
        number_hash=None,
        photo=draw(maybe(PORTRAIT)) or None,
        education=draw(st.sampled_from([(), (KEPT,), (UNVERIFIED,), (UNVERIFIED, KEPT)])),
        record=draw(st.sampled_from([None, {}, {"degree": "master"}, KEPT])),
    )
    if account_due(identity) is Account.confirm and draw(st.booleans()):
        person = replace(person, number_hash="f" * 64)
    if person.number_hash is None or draw(st.booleans()):
        return Records(person)
    return Records(
        person,
        replace(
            EMPTY,
            area=draw(st.sampled_from(["", "atlantis", "qinghai", "shanghai"])),
            agreed=draw(st.sampled_from(["", "an older version", EXAM.terms.version])),
            answers=draw(partial_answers()),
            photo=draw(maybe(PORTRAIT)) or None,
            uploaded_at=draw(st.sampled_from([None, OPEN])),
        ),
    )


@given(anybody())
def test_whatever_is_known_the_rest_is_asked_along_the_transitions(records: Records) -> None:
    way = walk(records)
    assert way[-1] == Position(Form.summary)
    asked_ = questions(way, Form.asking)
    again = {key for key in asked_ if asked_.count(key) > 1}
    assert again <= {"education"}, "a question comes back"


@given(anybody())
def test_what_is_due_depends_on_nothing_but_what_is_known(records: Records) -> None:
    assert due(records, EXAM, OPEN) == due(records, EXAM, OPEN + timedelta(days=1))
