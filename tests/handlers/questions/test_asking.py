"""How questions are answered: typed or tapped, listed or found, one or several, or left open."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handlers.callback_data import Action
from handlers.questions.asking import CHOSEN, REST, typed_key
from handlers.questions.doubts import TYPED
from handlers.questions.listing import FIRST_SHOWN, FOUND, SHOWN
from handlers.questions.months import YEAR, YEARS
from states.form.fields import Field, FieldKind
from states.form.pages import CONTACT, FORM
from states.fsm_states import Choose, Form
from states.progress.next_step import EDITED
from states.records import Answers
from states.step_result import EditScreen, ShowScreen
from tests.fakes.router import TRANSLATIONS, OfflineRouter, contact, sticker, voice
from tests.handlers.candidate_driver import CandidateDriver
from tests.handlers.people import (
    EXAM,
    LING,
    LOCALES,
    OPEN,
    answer_context,
)
from tests.handlers.possible_updates import STANDINGS

pytestmark = pytest.mark.asyncio(loop_scope="module")

WRONG = {
    "registered": ["2090-01", "1980-01", "soon", "2019-13"],
    "residency_month": ["2090-01", "soon"],
    "mobile": ["1", "+14155552671", "01012345678"],
    "landline": ["13800138000", "1"],
    "email": ["ling", "ling@", "a b@c"],
    "postcode": ["81000", "abcdef"],
    "address": ["x", "长" * 101],
    "years": ["51", "-1", "soon"],
    "employer_name": ["x", "长" * 61],
    "department": ["x", "长" * 31],
    "practice": ["doctor"],
    "level": ["初级", "教授"],
    "site": ["天涯海角"],
    "specialty": ["天涯海角"],
    "subjects": ["天涯海角", "基础知识、天涯海角"],
    "education": ["99"],
}


def at(name: str, locale: str = "zh-CN") -> str:
    return f"{locale}: {name}"


@pytest.fixture
def ling(router: OfflineRouter) -> CandidateDriver:
    """Nowhere yet."""
    return CandidateDriver(router, STANDINGS["zh-CN: site"])


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("key", WRONG)
async def test_a_wrong_answer_is_explained_and_asked_again(
    ling: CandidateDriver, locale: str, key: str
) -> None:
    for typed in WRONG[key]:
        ling.at = before = STANDINGS[at(key, locale)]
        after = await ling.says(typed)
        assert after.header_lines[0].startswith("problem-"), typed
        assert ling.at.position == replace(
            before.position, data={**before.position.data, "wrong": "1"}
        )
        assert ling.at.records == before.records
        assert TRANSLATIONS.html(after.said[0].header_lines[0], locale)


@pytest.mark.parametrize("key", FORM.fields)
async def test_every_question_says_why_and_only_optional_ones_can_be_skipped(
    ling: CandidateDriver, key: str
) -> None:
    ling.at = before = STANDINGS[at(key)]
    field = FORM.fields[key]
    why = await ling.says("为什么问")
    assert why.header_lines == [f"field-{field.slug}-why"]
    assert ling.at == before
    skipped = await ling.forges(Action.SKIP, "")
    if field.required:
        assert skipped.header_lines == ["problem-required"]
        assert ling.at.records == before.records
    else:
        assert ling.at.answers[key] == ""


# --- options -------------------------------------------------------------------------------------

OFFERED = [
    key for key, one in FORM.fields.items() if one.kind in (FieldKind.CHOICE, FieldKind.SEARCH)
]


def _options(field: Field, standing_answers: Answers, name: str) -> list[str]:
    known = answer_context(STANDINGS[name].records)
    return [option.code for option in field.options(standing_answers, known)]


@pytest.mark.row("B20")
@pytest.mark.parametrize("key", OFFERED)
async def test_an_option_is_typed_in_either_language(ling: CandidateDriver, key: str) -> None:
    name, field = at(key, "en"), FORM.fields[key]
    standing = STANDINGS[name]
    for code in _options(field, standing.answers, name)[: SHOWN + 1]:
        option = field.option(code, standing.answers, answer_context(standing.records))
        assert option is not None
        for locale in LOCALES:
            ling.at = standing
            await ling.says(TRANSLATIONS.label(option.display_name(locale), locale))
            assert ling.at.answers.get(key) == code, (code, locale)


@pytest.mark.row("S7")
@pytest.mark.parametrize(
    ("key", "typed", "code"),
    [
        ("specialty", "303", "303"),
        ("specialty", "内科学", "303"),
        ("specialty", "neikexue", "303"),
        ("site", "西宁", "xining"),
        ("site", "xn", "xining"),
        ("point", "码头", "river-0"),
        ("ethnicity", "回", "03"),
        ("ethnicity", "Tibetan", "04"),
        ("category", "医", "medicine"),
        ("practice", "临床", "clinical"),
        ("employer", "其它", "other"),
        ("employer", "Other", "other"),
    ],
)
async def test_an_option_is_typed_by_name_code_pinyin_or_initials(
    ling: CandidateDriver, key: str, typed: str, code: str
) -> None:
    ling.at = STANDINGS[at(key)]
    await ling.says(typed)
    if FOUND in ling.at.position.data:
        assert code in ling.offered(Action.CHOOSE)
        await ling.taps(Action.CHOOSE, code)
    assert ling.at.answers[key] == code


async def test_of_several_that_are_found_one_is_tapped(ling: CandidateDriver) -> None:
    ling.at = STANDINGS[at("specialty")]
    await ling.says("口腔")
    assert "search-found" in ling.sees
    assert 1 < len(ling.offered(Action.CHOOSE)) <= SHOWN
    found = ling.offered(Action.CHOOSE)[-1]
    await ling.taps(Action.CHOOSE, found)
    assert ling.at.answers["specialty"] == found


async def test_back_from_what_was_found_is_the_whole_list_and_twice_is_once(
    ling: CandidateDriver,
) -> None:
    ling.at = before = STANDINGS[at("specialty")]
    await ling.says("口腔")
    await ling.taps(Action.BACK, "whole", times=2)
    assert ling.at == before


async def test_an_employer_that_is_not_in_the_list_is_taken_as_it_was_typed(
    ling: CandidateDriver,
) -> None:
    ling.at = STANDINGS[at("employer")]
    await ling.says("天涯海角卫生院")
    assert "search-unlisted" in ling.sees
    assert "employer" not in ling.at.answers
    await ling.taps(Action.CHOOSE, TYPED)
    assert ling.at.answers["employer"] == "other"
    assert ling.at.answers["employer_name"] == "天涯海角卫生院"
    assert ling.field == "employer_kind"
    assert typed_key(FORM.fields["employer"]) not in ling.at.answers


# --- long lists ----------------------------------------------------------------------------------


async def test_leafing_shows_every_option_once_and_leads_back(ling: CandidateDriver) -> None:
    ling.at = STANDINGS[at("ethnicity")]
    seen, ways = ling.offered(Action.CHOOSE), 0
    while len(ling.offered(Action.TURN_PAGE)) > (1 if ways else 0):
        after = await ling.taps(Action.TURN_PAGE, ling.offered(Action.TURN_PAGE)[-1], times=2)
        assert isinstance(after.said[0], EditScreen)
        seen, ways = seen + ling.offered(Action.CHOOSE), ways + 1
    assert seen == [one.code for one in EXAM.ethnicities]
    for _ in range(ways):
        await ling.taps(Action.TURN_PAGE, ling.offered(Action.TURN_PAGE)[0])
    assert ling.at.position.data[FIRST_SHOWN] == "0"
    await ling.taps(Action.BACK, "whole", times=2)
    assert ling.at == STANDINGS[at("ethnicity")]


async def test_what_is_typed_is_looked_for_in_the_whole_list(ling: CandidateDriver) -> None:
    ling.at = STANDINGS[at("ethnicity, from 48")]
    await ling.says("汉族")
    assert ling.at.answers["ethnicity"] == "01"


# --- months --------------------------------------------------------------------------------------


async def test_a_month_that_is_tapped_is_one_that_is_typed(ling: CandidateDriver) -> None:
    ling.at = before = STANDINGS[at("registered")]
    await ling.taps(Action.PICK, "", times=2)
    assert ling.at.position.data[YEARS] == str(OPEN.year)
    await ling.taps(Action.PICK, f"-{OPEN.year - 12}")
    await ling.taps(Action.PICK, "=2012", times=2)
    assert ling.at.position.data[YEAR] == "2012"
    await ling.taps(Action.CHOOSE, "2012-07")
    tapped, ling.at = ling.at, before
    await ling.says("二〇一二年七月")
    assert ling.at == tapped
    assert ling.at.answers["registered"] == "2012-07"


async def test_no_month_to_come_is_offered_and_back_is_the_question(ling: CandidateDriver) -> None:
    ling.at = STANDINGS[at("registered, months of this year")]
    assert ling.offered(Action.CHOOSE)[-1] == "2025-12"
    assert "button-later" not in ling.sees
    await ling.taps(Action.BACK, "whole", times=2)
    assert ling.at == STANDINGS[at("registered")]


# --- several -------------------------------------------------------------------------------------

ALL = ["basic", "related", "professional", "skills"]


@pytest.mark.row("S7")
async def test_all_subjects_are_ticked_and_one_tap_takes_them(ling: CandidateDriver) -> None:
    ling.at = STANDINGS[at("subjects")]
    assert ling.offered(Action.TOGGLE) == [f"-{code}" for code in ALL]
    await ling.taps(Action.CONFIRM)
    assert ling.at.answers["subjects"].split() == ALL


async def test_a_double_tap_on_a_subject_is_one(ling: CandidateDriver) -> None:
    ling.at = STANDINGS[at("subjects")]
    once = await ling.taps(Action.TOGGLE, "-basic")
    assert isinstance(once.said[0], EditScreen)
    ling.at = STANDINGS[at("subjects")]
    await ling.taps(Action.TOGGLE, "-basic", times=2)
    assert ling.at.position.data[CHOSEN].split() == ALL[1:]
    await ling.taps(Action.TOGGLE, "+basic", times=3)
    await ling.taps(Action.TOGGLE, "-skills")
    await ling.taps(Action.CONFIRM)
    assert ling.at.answers["subjects"].split() == ALL[:3]


async def test_nothing_ticked_is_refused_and_stays_unticked(ling: CandidateDriver) -> None:
    ling.at = STANDINGS[at("subjects")]
    for code in ALL:
        await ling.taps(Action.TOGGLE, f"-{code}")
    after = await ling.taps(Action.CONFIRM)
    assert after.header_lines == ["problem-several"]
    assert ling.offered(Action.TOGGLE) == [f"+{code}" for code in ALL]


@pytest.mark.parametrize(
    ("locale", "typed"),
    [
        ("zh-CN", "专业知识、基础知识"),
        ("zh-CN", "专业知识 基础知识"),
        ("en", "Professional knowledge, Basic knowledge"),
        ("en", "basic knowledge\nprofessional knowledge"),
    ],
)
async def test_several_are_typed_in_one_message(
    ling: CandidateDriver, locale: str, typed: str
) -> None:
    ling.at = STANDINGS[at("subjects", locale)]
    await ling.says(typed)
    assert ling.at.answers["subjects"] == "basic professional"


@pytest.mark.row("B26")
@pytest.mark.parametrize(
    ("locale", "typed"), [("zh-CN", "专业实践能力"), ("en", "practical professional skills")]
)
async def test_one_that_is_typed_is_wanted_though_its_button_would_take_the_tick_away(
    ling: CandidateDriver, locale: str, typed: str
) -> None:
    ling.at = STANDINGS[at("subjects", locale)]
    await ling.says(typed)
    assert ling.at.answers["subjects"] == "skills"


@pytest.mark.row("B26")
@pytest.mark.parametrize(
    ("locale", "typed"),
    [("zh-CN", "zhuanyezhishi,jczs"), ("en", "basic professional"), ("zh-CN", "基础、专业知识")],
)
async def test_of_several_that_are_not_whole_names_the_ticks_are_offered(
    ling: CandidateDriver, locale: str, typed: str
) -> None:
    ling.at = STANDINGS[at("subjects", locale)]
    await ling.says(typed)
    assert "subjects" not in ling.at.answers
    assert "search-ticked" in ling.sees
    await ling.taps(Action.CONFIRM)
    assert ling.at.answers["subjects"] == "basic professional"


# --- onward and back -----------------------------------------------------------------------------


async def test_the_rest_of_a_page_is_skipped_at_once(ling: CandidateDriver) -> None:
    ling.at = STANDINGS[at("landline")]
    await ling.taps(Action.SKIP, REST)
    rest = [field.key for field in CONTACT.fields if not field.required]
    assert [ling.at.answers[key] for key in rest] == [""] * len(rest)
    assert ling.field == "category"


async def test_what_was_answered_already_is_not_skipped_with_the_rest(
    ling: CandidateDriver,
) -> None:
    before = STANDINGS[at("department")]
    known = {**before.answers, "grade": "third"}
    records = replace(before.records, application=replace(before.application, answers=known))
    ling.at = replace(before, records=records)
    await ling.taps(Action.SKIP, REST)
    assert ling.at.answers["grade"] == "third"
    others = ("department", "ownership", "field_years", "began_work")
    assert [ling.at.answers[key] for key in others] == [""] * 4


@pytest.mark.parametrize("key", FORM.fields)
async def test_back_shows_the_question_before_with_its_answer(
    ling: CandidateDriver, key: str
) -> None:
    ling.at = before = STANDINGS[at(key)]
    await ling.says("/back")
    if key == "site":
        assert ling.state is Choose.area
    else:
        assert ling.state is Form.asking
        assert list(FORM.fields).index(ling.field) < list(FORM.fields).index(key)
        assert {"value-now"} & ling.sees or ling.field == "subjects"
    assert ling.at.records == before.records


@pytest.mark.parametrize("key", [key for key, one in FORM.fields.items() if key != "point"])
async def test_keeping_and_going_back_from_an_edited_answer_lead_to_the_look_over(
    ling: CandidateDriver, key: str
) -> None:
    edited = STANDINGS[at(f"{key}, edited")]
    records = replace(edited.records, application=replace(edited.application, photo="0" * 64))
    for verb in (Action.BACK, Action.CONFIRM):
        ling.at = replace(edited, records=records)
        assert EDITED in ling.at.position.data
        await ling.taps(verb)
        assert ling.state is Form.summary
        assert ling.at.records == records


# --- the mobile number ---------------------------------------------------------------------------


@pytest.mark.row("S6")
@pytest.mark.parametrize("number", ["8613800138000", "+8613800138000", "+85291234567"])
async def test_ones_own_contact_answers_the_mobile_number(
    ling: CandidateDriver, number: str
) -> None:
    ling.at = STANDINGS[at("mobile")]
    await ling.sends(contact(OPEN, number))
    assert ling.at.answers["mobile"] == f"+{number.lstrip('+')}"


@pytest.mark.parametrize("of", [LING + 1, None])
async def test_the_contact_of_somebody_else_is_refused(
    ling: CandidateDriver, of: int | None
) -> None:
    ling.at = STANDINGS[at("mobile")]
    after = await ling.sends(contact(OPEN, of=of))
    assert after.header_lines == ["problem-contact"]
    assert "mobile" not in ling.at.answers


async def test_a_voice_message_is_told_from_other_messages(ling: CandidateDriver) -> None:
    for update, said in ((voice, "unknown-voice"), (sticker, "unknown-kind")):
        ling.at = before = STANDINGS[at("landline")]
        after = await ling.sends(update(OPEN))
        assert after.header_lines == [said]
        assert ling.at == before


async def test_a_contact_answers_nothing_else(ling: CandidateDriver) -> None:
    ling.at = before = STANDINGS[at("landline")]
    after = await ling.sends(contact(OPEN))
    assert after.header_lines == ["unknown-kind"]
    assert ling.at == before
    assert isinstance(after.said[0], ShowScreen)
