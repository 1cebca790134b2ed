"""The form of the guide: the asked fields, and the effects of an answer."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from states.exam import Confirmation
from states.form import pages
from states.form.fields import SKIPPED, AnswerContext, Field, FieldKind
from states.form.pages import FORM, lasting
from states.form.questionnaire import QuestionProgress
from states.records import Answers, Records
from states.texts import Problem, Text
from tests.states.people import (
    ANSWERS,
    BORN,
    DOCTORS_ANSWERS,
    EMPTY,
    EXAM,
    KNOWN,
    ONLINE_ANSWERS,
    OPEN,
    READY,
    RECORD,
    make_context,
)

CONTEXT = make_context("qinghai", RECORD)
ONLINE = make_context("shanghai", RECORD)
NOWHERE = make_context("atlantis", RECORD)
"""Before an area is chosen."""
NO_EMPLOYERS = replace(CONTEXT, exam=EXAM.model_copy(update={"employers": ()}))
"""An area without known employers."""

PLACE = ["site"]
CONTACT = ["mobile", "landline", "email", "address", "postcode"]
APPLYING = ["category", "level", "specialty", "practice", "subjects", "title"]
WORK = ["employer", "department", "ownership", "grade", "field_years", "began_work"]
RESIDENCY = ["residency", "residency_month"]
OF_SOME_PROFESSIONS = {"registered", "residency"}
EVERYBODY = [*PLACE, "ethnicity", *CONTACT, *APPLYING, "file_number", "education", *WORK]


def keys(fields: list[Field]) -> list[str]:
    return [field.key for field in fields]


def key(field: Field | None) -> str | None:
    return field.key if field else None


def taken(answers: Answers | Problem) -> Answers:
    assert not isinstance(answers, Problem), answers
    return answers


def answer(answers: Answers, field: str, typed: str, context: AnswerContext = CONTEXT) -> Answers:
    return taken(FORM.answer(answers, FORM.fields[field], typed, context))


def options(field: str, answers: Answers, context: AnswerContext = CONTEXT) -> list[str]:
    return [one.code for one in FORM.fields[field].options(answers, context)]


def without(answers: Answers, *gone: str) -> Answers:
    return {key: value for key, value in answers.items() if key not in gone}


# --- the pages as the guide has them -------------------------------------------------------------


@pytest.mark.row("S4", "S5", "S6", "S7", "S8", "S9")
def test_the_pages_are_the_guides_in_its_order() -> None:
    guide = ["place", "person", "contact", "applying", "education", "work"]
    assert [page.key for page in FORM.pages] == guide


def test_every_field_has_a_key_of_its_own() -> None:
    fields = [field for page in FORM.pages for field in page.fields]
    assert len({field.key for field in fields}) == len(fields)
    assert list(FORM.fields.values()) == fields


def test_a_doctor_is_asked_what_depends_on_an_answer_right_after_it() -> None:
    assert keys(FORM.asked_fields(DOCTORS_ANSWERS, CONTEXT)) == [
        *(*PLACE, "ethnicity", *CONTACT),
        *("category", "level", "specialty", "practice", "registered"),
        *("residency", "residency_month", "subjects"),
        *("title", "years", "titled", "appointed", "file_number", "education"),
        *("employer", "employer_name", "employer_kind"),
        *("department", "ownership", "grade", "field_years", "began_work"),
    ]


@pytest.mark.row("S4", "S5", "S6", "S7", "S8", "S9")
@pytest.mark.parametrize("answers", [{}, ANSWERS], ids=["nothing", "nurse"])
def test_this_is_asked_of_everybody(answers: Answers) -> None:
    asked = keys(FORM.asked_fields(answers, CONTEXT))
    assert [key for key in asked if key not in OF_SOME_PROFESSIONS] == EVERYBODY


@pytest.mark.row("S7")
@pytest.mark.parametrize(
    ("category", "asked"),
    [
        ("medicine", {"registered", "residency"}),
        ("nursing", {"registered"}),
        ("pharmacy", set()),
        ("technology", set()),
    ],
)
def test_a_profession_is_asked_what_concerns_it(category: str, asked: set[str]) -> None:
    practice = options("practice", {"category": category})[0]
    answers = {"category": category, "practice": practice}
    found = {*keys(FORM.asked_fields(answers, CONTEXT))}
    assert found & OF_SOME_PROFESSIONS == asked
    titles = next(one.titles for one in EXAM.categories if one.code == category)
    assert options("title", answers) == [title.code for title in titles]


@pytest.mark.parametrize(
    ("answers", "context"),
    [(ANSWERS, CONTEXT), (DOCTORS_ANSWERS, CONTEXT), (ONLINE_ANSWERS, ONLINE)],
    ids=["nurse", "doctor", "online"],
)
def test_a_whole_form_is_whole_and_normalized(answers: Answers, context: AnswerContext) -> None:
    assert FORM.first_unanswered(answers, context) is None
    assert FORM.normalize(answers, context) == answers
    assert set(keys(FORM.asked_fields(answers, context))) == answers.keys()


TITLED = {"title": "physician"}
ELSEWHERE = {"employer": "other"}


@pytest.mark.parametrize(
    ("rule", "answers", "context", "asked"),
    [
        # Guide, part 2, page (1): required where the area confirms online.
        ("point", {}, ONLINE, True),
        ("point", {"site": "huangpu"}, ONLINE, True),
        ("point", {"site": "xining"}, CONTEXT, False),
        ("point", {}, NOWHERE, False),
        # Guide (4), note 2: required unless the practice category is 无.
        ("registered", {}, CONTEXT, False),
        ("registered", {"practice": "none"}, CONTEXT, False),
        *(
            ("registered", {"practice": code}, CONTEXT, True)
            for code in ("clinical", "dental", "public", "chinese")
        ),
        # Guide (4), note 3: required of who holds the certificate.
        ("residency_month", {}, CONTEXT, False),
        ("residency_month", {"residency": "no"}, CONTEXT, False),
        ("residency_month", {"residency": "yes"}, CONTEXT, True),
        # Domain §1.5: without a present title its years are 0.
        ("years", {}, CONTEXT, False),
        ("years", {"title": "none"}, CONTEXT, False),
        ("years", TITLED, CONTEXT, True),
        ("titled", {"title": "none"}, CONTEXT, False),
        ("titled", TITLED, CONTEXT, True),
        ("appointed", {"title": "none"}, CONTEXT, False),
        ("appointed", TITLED, CONTEXT, True),
        # Guide (6), note: required if the employer is 其它.
        ("employer_name", {}, CONTEXT, False),
        ("employer_name", {"employer": "qh-first"}, CONTEXT, False),
        ("employer_name", ELSEWHERE, CONTEXT, True),
        ("employer_kind", {"employer": "qh-first"}, CONTEXT, False),
        ("employer_kind", ELSEWHERE, CONTEXT, True),
        ("employer", {}, NOWHERE, False),
        ("site", {}, NOWHERE, False),
    ],
)
@pytest.mark.row("S4", "S7", "S9")
def test_some_things_are_asked_of_some(
    rule: str, answers: Answers, context: AnswerContext, asked: bool
) -> None:
    assert (rule in keys(FORM.asked_fields(answers, context))) is asked
    assert FORM.fields[rule].required is (rule not in ("titled", "appointed"))


@pytest.mark.row("S4")
def test_every_area_asks_for_its_sites_and_for_points_if_it_confirms_online() -> None:
    for area in EXAM.areas:
        context = replace(CONTEXT, area=area)
        confirms_online = area.confirmation is Confirmation.ONLINE
        assert options("site", {}, context) == [site.code for site in area.sites]
        for site in area.sites:
            points = options("point", {"site": site.code}, context)
            assert points == ([one.code for one in site.points] if confirms_online else [])
            assert bool(points) is confirms_online


@pytest.mark.row("S7")
def test_without_a_present_title_nothing_of_it_is_kept() -> None:
    changed = answer(DOCTORS_ANSWERS, "title", "none")
    gone = {"years", "titled", "appointed"}
    assert changed == {**without(DOCTORS_ANSWERS, *gone), "title": "none"}


# --- lists that depend on each other -------------------------------------------------------------


@pytest.mark.row("S7")
@pytest.mark.parametrize(
    ("category", "levels", "practices"),
    [
        ("medicine", ["intermediate"], ["clinical", "dental", "public", "chinese"]),
        ("pharmacy", ["assistant", "junior", "intermediate"], ["none"]),
        ("nursing", ["junior", "intermediate"], ["nursing"]),
        ("technology", ["assistant", "junior", "intermediate"], ["none", "clinical", "public"]),
    ],
)
def test_a_category_has_its_levels_specialties_and_practices(
    category: str, levels: list[str], practices: list[str]
) -> None:
    chosen = {"category": category}
    assert options("level", chosen) == levels
    assert options("practice", chosen) == practices
    for level in levels:
        offered = options("specialty", {**chosen, "level": level})
        assert offered == [one.code for one in EXAM.specialties(category, level)]
        assert offered


def test_before_a_category_is_chosen_its_lists_are_whole() -> None:
    assert options("level", {}) == [one.code for one in EXAM.levels]
    assert options("practice", {}) == [one.code for one in EXAM.practices]


@pytest.mark.row("S7")
def test_a_discontinued_specialty_is_never_offered() -> None:
    gone = {one.code for one in EXAM.catalogue if one.discontinued}
    for answers in (
        {},
        {"category": "medicine"},
        {"category": "medicine", "level": "intermediate"},
    ):
        assert not gone & set(options("specialty", answers))


@pytest.mark.row("S7")
@pytest.mark.parametrize(
    ("answers", "category", "open_fields"),
    [
        # A doctor becomes a nurse: the practice answers itself, two levels are open again.
        (DOCTORS_ANSWERS, "nursing", ["specialty", "title"]),
        (ANSWERS, "pharmacy", ["specialty"]),
        # A nurse of the junior level becomes a doctor: the only level answers itself.
        (ANSWERS, "medicine", ["specialty", "practice", "registered", *RESIDENCY]),
        (DOCTORS_ANSWERS, "technology", ["specialty", "title"]),
        (ANSWERS, "nursing", []),
    ],
    ids=["doctor-nurse", "nurse-pharmacist", "nurse-doctor", "doctor-technician", "same"],
)
def test_another_category_asks_only_what_depended_on_it_again(
    answers: Answers, category: str, open_fields: list[str]
) -> None:
    changed = answer(answers, "category", category)
    depending = {"category", "level", "specialty", "practice", "registered"}
    depending |= {"residency", "residency_month", "title", "years", "titled", "appointed"}
    assert without(changed, *depending) == without(answers, *depending)
    asked = []
    while (field := FORM.first_unanswered(changed, CONTEXT)) is not None:
        asked.append(field.key)
        typed = "2014-07" if field.kind is FieldKind.MONTH else options(field.key, changed)[0]
        changed = answer(changed, field.key, typed)
    assert asked == open_fields
    assert set(keys(FORM.asked_fields(changed, CONTEXT))) == changed.keys()


@pytest.mark.row("S7")
@pytest.mark.parametrize(
    ("field", "typed", "gone"),
    [
        ("level", "intermediate", {"specialty"}),
        ("level", "junior", set()),
        ("specialty", "204", set()),
        ("subjects", "basic skills", set()),
    ],
)
def test_another_level_takes_the_specialty_along_and_nothing_else(
    field: str, typed: str, gone: set[str]
) -> None:
    assert answer(ANSWERS, field, typed) == {**without(ANSWERS, *gone), field: typed}


@pytest.mark.row("S7")
@pytest.mark.parametrize(
    ("category", "itself"),
    [
        ("medicine", {"level": "intermediate"}),
        ("pharmacy", {"practice": "none"}),
        ("nursing", {"practice": "nursing"}),
        ("technology", {}),
    ],
)
def test_a_list_of_one_answers_itself(category: str, itself: Answers) -> None:
    assert answer({}, "category", category) == {"category": category, **itself}


@pytest.mark.row("S7")
def test_all_subjects_can_be_taken_and_some_and_not_none() -> None:
    field = FORM.fields["subjects"]
    assert " ".join(options("subjects", {})) == ANSWERS["subjects"]
    assert answer(ANSWERS, "subjects", "skills basic")["subjects"] == "basic skills"
    assert isinstance(FORM.answer(ANSWERS, field, "", CONTEXT), Problem)
    assert isinstance(FORM.skip(ANSWERS, field, CONTEXT), Problem)


@pytest.mark.row("S4")
def test_another_site_takes_its_point_along() -> None:
    changed = answer(ONLINE_ANSWERS, "site", "xuhui", ONLINE)
    assert changed == {**without(ONLINE_ANSWERS, "point"), "site": "xuhui"}
    assert key(FORM.first_unanswered(changed, ONLINE)) == "point"
    assert options("point", changed, ONLINE) == ["xuhui-1", "xuhui-2"]
    assert isinstance(FORM.answer(changed, FORM.fields["point"], "huangpu-1", ONLINE), Problem)


@pytest.mark.row("S4")
def test_the_only_point_of_a_site_answers_itself() -> None:
    assert ONLINE.area is not None
    first = ONLINE.area.sites[0]
    one = first.model_copy(update={"points": first.points[:1]})
    context = replace(ONLINE, area=ONLINE.area.model_copy(update={"sites": (one,)}))
    assert FORM.normalize({}, context)["site"] == "huangpu"
    assert FORM.normalize({}, context)["point"] == "huangpu-1"
    assert key(FORM.first_unanswered(FORM.normalize({}, context), context)) == "ethnicity"


@pytest.mark.row("S4")
@pytest.mark.parametrize(
    ("answers", "of", "to", "gone"),
    [
        (ANSWERS, "qinghai", "shanxi", {"site", "employer"}),
        (ANSWERS, "qinghai", "shanghai", {"site", "employer"}),
        (ONLINE_ANSWERS, "shanghai", "qinghai", {"site", "point", "employer"}),
        (ANSWERS, "qinghai", "atlantis", {"site", "employer"}),
        (DOCTORS_ANSWERS, "qinghai", "shanxi", {"site"}),
        (
            DOCTORS_ANSWERS,
            "qinghai",
            "atlantis",
            {"site", "employer", "employer_name", "employer_kind"},
        ),
    ],
)
def test_another_area_takes_site_point_and_employer_along(
    answers: Answers, of: str, to: str, gone: set[str]
) -> None:
    assert FORM.normalize(answers, make_context(of, RECORD)) == answers
    assert FORM.normalize(answers, make_context(to, RECORD)) == without(answers, *gone)


@pytest.mark.row("S9")
def test_where_no_employers_are_known_other_answers_itself_and_its_name_and_kind_are_asked() -> (
    None
):
    normalized = FORM.normalize(without(ANSWERS, "employer"), NO_EMPLOYERS)
    assert normalized["employer"] == "other"
    assert key(FORM.first_unanswered(normalized, NO_EMPLOYERS)) == "employer_name"
    named = answer(normalized, "employer_name", "示例镇卫生院", NO_EMPLOYERS)
    assert key(FORM.first_unanswered(named, NO_EMPLOYERS)) == "employer_kind"
    whole = answer(named, "employer_kind", "primary", NO_EMPLOYERS)
    assert FORM.first_unanswered(whole, NO_EMPLOYERS) is None


@pytest.mark.row("S9")
def test_a_known_employer_needs_neither_name_nor_kind() -> None:
    changed = answer(DOCTORS_ANSWERS, "employer", "qh-tcm")
    gone = {"employer_name", "employer_kind"}
    assert changed == {**without(DOCTORS_ANSWERS, *gone), "employer": "qh-tcm"}
    assert options("employer", {})[-1] == "other"


# --- walking through it --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({}, "site"),
        ({"site": "xining"}, "ethnicity"),
        (without(ANSWERS, "landline", "email"), "landline"),
        (without(ANSWERS, "specialty"), "specialty"),
        ({**ANSWERS, "specialty": "303"}, "specialty"),
        ({**ANSWERS, "mobile": ""}, "mobile"),
        ({**ANSWERS, "education": "2"}, "education"),
        ({**without(ANSWERS, "began_work"), "site": ""}, "site"),
        (without(DOCTORS_ANSWERS, "registered"), "registered"),
        (without(DOCTORS_ANSWERS, "residency_month", "years"), "residency_month"),
        (ANSWERS, None),
        (DOCTORS_ANSWERS, None),
    ],
)
def test_the_first_question_without_an_answer_that_holds_is_open(
    answers: Answers, field: str | None
) -> None:
    assert key(FORM.first_unanswered(answers, CONTEXT)) == field


@pytest.mark.parametrize(
    ("answers", "at", "field"),
    [
        (ANSWERS, "site", None),
        (ANSWERS, "ethnicity", "site"),
        (ANSWERS, "mobile", "ethnicity"),
        (ANSWERS, "specialty", "level"),
        # A nurse has one practice category, and a doctor one level.
        (ANSWERS, "registered", "specialty"),
        (DOCTORS_ANSWERS, "specialty", "category"),
        (DOCTORS_ANSWERS, "residency", "registered"),
        (DOCTORS_ANSWERS, "subjects", "residency_month"),
        (ANSWERS, "subjects", "registered"),
        (ANSWERS, "employer", "education"),
        (ANSWERS, "residency", None),
        (ANSWERS, "no such field", None),
    ],
)
def test_back_leads_to_the_question_that_was_asked_before(
    answers: Answers, at: str, field: str | None
) -> None:
    assert key(FORM.previous_field(answers, at, CONTEXT)) == field


@pytest.mark.parametrize(
    ("answers", "at", "place"),
    [
        (ANSWERS, "site", ("place", 1, 1)),
        (ANSWERS, "ethnicity", ("person", 1, 1)),
        (ANSWERS, "postcode", ("contact", 5, 5)),
        ({}, "category", ("applying", 1, 8)),
        (ANSWERS, "specialty", ("applying", 3, 7)),
        (ANSWERS, "registered", ("applying", 4, 7)),
        (DOCTORS_ANSWERS, "residency", ("applying", 5, 12)),
        (DOCTORS_ANSWERS, "file_number", ("applying", 12, 12)),
        (ANSWERS, "education", ("education", 1, 1)),
        (ANSWERS, "department", ("work", 2, 6)),
        (DOCTORS_ANSWERS, "department", ("work", 4, 8)),
        # Not asked, or answered by itself: it counts while one looks at it.
        (ANSWERS, "practice", ("applying", 4, 8)),
        (ANSWERS, "residency", ("applying", 5, 8)),
    ],
)
def test_every_prompt_says_where_it_stands(
    answers: Answers, at: str, place: tuple[str, int, int]
) -> None:
    page, number, count = place
    assert FORM.page_of(at).key == page
    assert FORM.progress(answers, FORM.fields[at], CONTEXT) == QuestionProgress(number, count)


@pytest.mark.parametrize(
    ("answers", "at", "rest"),
    [
        ({}, "mobile", ["landline", "email", "address", "postcode"]),
        ({}, "landline", ["email", "address", "postcode"]),
        (ANSWERS, "landline", []),
        ({}, "postcode", []),
        ({}, "category", []),
        ({"title": "physician"}, "titled", ["appointed", "file_number"]),
        ({"title": "none"}, "title", ["file_number"]),
        ({"title": "physician"}, "title", []),
        (
            {"employer": "qh-first"},
            "department",
            ["ownership", "grade", "field_years", "began_work"],
        ),
    ],
)
def test_what_stands_at_the_end_of_a_page_can_be_left_open_at_once(
    answers: Answers, at: str, rest: list[str]
) -> None:
    field = FORM.fields[at]
    assert keys(FORM.optional_rest(answers, field, CONTEXT)) == rest
    if not field.required:
        left = taken(FORM.skip_rest(answers, field, CONTEXT))
        assert {key: left[key] for key in (at, *rest)} == dict.fromkeys((at, *rest), SKIPPED)


def test_only_what_may_be_left_open_can_be_skipped() -> None:
    assert FORM.skip(ANSWERS, FORM.fields["department"], CONTEXT) == {**ANSWERS, "department": ""}
    said = FORM.skip(DOCTORS_ANSWERS, FORM.fields["registered"], CONTEXT)
    assert said == Problem("problem-required", {"field": Text("field-registered")})


def test_an_answer_changes_nothing_of_what_was_given() -> None:
    before = dict(DOCTORS_ANSWERS)
    FORM.answer(before, FORM.fields["category"], "nursing", CONTEXT)
    FORM.skip(before, FORM.fields["department"], CONTEXT)
    assert before == DOCTORS_ANSWERS


# --- whatever was kept ---------------------------------------------------------------------------

CODES = sorted(
    {one.code for lists in (EXAM.categories, EXAM.levels, EXAM.practices) for one in lists}
    | {*ANSWERS.values(), *DOCTORS_ANSWERS.values(), *ONLINE_ANSWERS.values(), "311", "2"}
)
KEYS = st.sampled_from([*FORM.fields, "phone", "county"])
WILD = st.dictionaries(KEYS | st.text(max_size=5), st.sampled_from(CODES) | st.text(max_size=9))
"""Answers of any form that ever was, and of none."""
CONTEXTS = {
    "on site": CONTEXT,
    "online": ONLINE,
    "no area": NOWHERE,
    "no employers": NO_EMPLOYERS,
    "no records": make_context("guizhou"),
}
"""By name, since an example that failed is printed, and an exam is long."""
PLACES = st.sampled_from(list(CONTEXTS))


@pytest.mark.row("B17")
@given(WILD, PLACES)
def test_stored_answers_are_normalized_once_and_to_what_is_asked(
    answers: dict[str, str], place: str
) -> None:
    context = CONTEXTS[place]
    normalized = FORM.normalize(answers, context)
    assert FORM.normalize(normalized, context) == normalized
    assert normalized.keys() <= set(keys(FORM.asked_fields(normalized, context)))
    for field in FORM.asked_fields(normalized, context):
        value = answers.get(field.key)
        if value is not None and field.is_valid(value, normalized, context):
            assert normalized[field.key] == value
        else:
            assert normalized.get(field.key) == field.only_value(normalized, context)


@given(WILD, PLACES)
def test_a_question_depends_on_those_before_it_only(answers: dict[str, str], place: str) -> None:
    context = CONTEXTS[place]
    earlier: dict[str, str] = {}
    for field in FORM.fields.values():
        assert field.is_asked(earlier, context) is field.is_asked(answers, context)
        assert list(field.options(earlier, context)) == list(field.options(answers, context))
        if field.key in answers:
            earlier[field.key] = answers[field.key]


GIVEN: dict[str, str] = {
    **{
        FieldKind.MONTH: "2014-07",
        FieldKind.NUMBER: "5",
        FieldKind.RECORD: "1",
        FieldKind.MULTI: "basic skills",
    },
    **{"mobile": "13800138000", "landline": "0971-1234567", "email": "ling@example.com"},
    **{"postcode": "810000"},
}


@pytest.mark.row("B17")
@given(WILD, st.sampled_from(["on site", "online", "no employers"]), st.data())
def test_from_whatever_was_kept_the_form_is_completed_without_asking_twice(
    wild: dict[str, str], place: str, data: st.DataObject
) -> None:
    context = CONTEXTS[place]
    answers = FORM.normalize(wild, context)
    asked = []
    while (field := FORM.first_unanswered(answers, context)) is not None:
        if field.kind in (FieldKind.CHOICE, FieldKind.SEARCH):
            typed = data.draw(st.sampled_from(options(field.key, answers, context)))
        else:
            typed = GIVEN.get(field.key, GIVEN.get(field.kind, "示例市第一人民医院"))
        answers = answer(answers, field.key, typed, context)
        asked.append(field.key)
    assert len(set(asked)) == len(asked), "a question comes back"
    assert set(keys(FORM.asked_fields(answers, context))) == answers.keys()
    assert FORM.normalize(answers, context) == answers


FIRST_FORM = {
    "practice": "clinical",
    "registered": "2019-07",
    "residency": "2022-08",
    "employer": "示例医院",
    "department": "",
}
"""A draft of the form's first version: a month for the residency, the employer as it was typed."""


@pytest.mark.row("B17")
@pytest.mark.parametrize(
    ("draft", "kept"),
    [
        (FIRST_FORM, {"practice": "clinical", "registered": "2019-07", "department": ""}),
        (
            {**FIRST_FORM, "practice": "none", "residency": "", "department": "内科"},
            {"practice": "none", "department": "内科"},
        ),
        ({**FIRST_FORM, "practice": "surgeon"}, {"department": ""}),
        ({"practice": "dental"}, {"practice": "dental"}),
        ({"phone": "+8613800138000", "site": "xining", "county": ""}, {"site": "xining"}),
        ({}, {}),
    ],
)
def test_a_draft_of_the_first_form_survives(draft: Answers, kept: Answers) -> None:
    assert FORM.normalize(draft, CONTEXT) == kept
    assert key(FORM.first_unanswered(draft, CONTEXT)) == ("ethnicity" if "site" in kept else "site")


@pytest.mark.row("B17")
def test_what_a_draft_of_the_first_form_said_is_not_asked_again() -> None:
    answers = FORM.normalize(FIRST_FORM, CONTEXT)
    asked = set()
    while (field := FORM.first_unanswered(answers, CONTEXT)) is not None:
        asked.add(field.key)
        if value := DOCTORS_ANSWERS[field.key]:
            answers = answer(answers, field.key, value)
        else:
            answers = taken(FORM.skip(answers, field, CONTEXT))
    assert not asked & {"practice", "registered", "department"}
    assert {"residency", "residency_month", "employer"} <= asked
    assert answers["registered"] == "2019-07"


@pytest.mark.row("B17")
def test_codes_that_the_exam_file_dropped_are_asked_again() -> None:
    smaller = EXAM.model_copy(
        update={
            "catalogue": tuple(one for one in EXAM.catalogue if one.code != "303"),
            "ethnicities": EXAM.ethnicities[1:],
            "subjects": EXAM.subjects[1:],
            "employers": tuple(one for one in EXAM.employers if one.code != "qh-first"),
        }
    )
    answers = {**without(DOCTORS_ANSWERS, "employer_name", "employer_kind"), "employer": "qh-first"}
    gone = ("ethnicity", "specialty", "subjects", "employer")
    assert FORM.normalize(answers, CONTEXT) == answers
    assert FORM.normalize(answers, replace(CONTEXT, exam=smaller)) == without(answers, *gone)


# --- another year --------------------------------------------------------------------------------

OF_THE_YEAR = {"category", "level", "specialty", "subjects", "years", "field_years"}
"""Codes that another year gives to other things (domain §4), and what grows with the years."""


@pytest.mark.row("S2")
@pytest.mark.parametrize("answers", [ANSWERS, DOCTORS_ANSWERS, ONLINE_ANSWERS])
def test_what_is_still_true_is_carried_into_another_year(answers: Answers) -> None:
    assert lasting(answers) == without(answers, *OF_THE_YEAR)


@pytest.mark.row("S2")
def test_what_is_of_one_year_is_no_more_than_this() -> None:
    assert {key for key, field in FORM.fields.items() if not field.lasting} == OF_THE_YEAR


def test_what_no_form_asks_any_more_is_not_carried() -> None:
    assert lasting({"phone": "+8613800138000", "county": "x", "mobile": "+8613800138000"}) == {
        "mobile": "+8613800138000"
    }


def test_what_was_carried_asks_for_the_rest() -> None:
    answers = FORM.normalize(lasting(DOCTORS_ANSWERS), CONTEXT)
    assert answers == lasting(DOCTORS_ANSWERS)
    assert key(FORM.first_unanswered(answers, CONTEXT)) == "category"


# --- what surrounds the answers ------------------------------------------------------------------


def test_what_surrounds_the_answers_is_read_off_the_records() -> None:
    assert AnswerContext.of(READY, EXAM, OPEN) == CONTEXT
    assert AnswerContext.of(Records(KNOWN, EMPTY), EXAM, OPEN) == replace(CONTEXT, area=None)
    unborn = replace(KNOWN, identity=replace(KNOWN.identity, born=""), education=())
    assert AnswerContext.of(Records(unborn), EXAM, OPEN) == AnswerContext(EXAM, EXAM.today(OPEN))
    assert AnswerContext.of(Records(), EXAM, OPEN) == AnswerContext(EXAM, EXAM.today(OPEN))
    assert CONTEXT.born == BORN


def test_the_words_that_rules_look_for_are_codes_of_the_exam() -> None:
    assert pages.NONE in [one.code for one in EXAM.practices]
    assert pages.YES in options("residency", {})
    assert pages.NONE in options("title", {})
    assert pages.OTHER in options("employer", {})
